"""The view is the address: one codec between the query string and what a page shows.

Codes, not labels; defaults left out; what has one meaning only is mended by ``mending``. All else
that cannot be used is told to the viewer, and never shows more than was asked for: without a place,
or with a key given twice, there is no view.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from findings import texts
from findings.asking import MINE
from findings.texts import OTHER, SOURCES
from findings.units import UNIT_CODE
from glossary import LANGUAGES
from metrics.quality import CHANGES
from metrics.selections import Selection, selection
from metrics.subjects import SUBJECTS
from rules.checks import SEVERITIES
from rules.stress import SHOCKS
from state.links import code_of
from views.context import mending, searching, versions
from views.context.view import Amount, Bounds, Draft, Fallen, View

MOST_COMPARED = 6
# What the data page lists: rows that were refused, or cells that were mended.
KINDS = ("refused", "mended")
# ``group=only.a.b``: in exactly these groups and no other; ``group=a.b``: in both at least.
ONLY = "only"


# The classes of a map's colours: the same over all years, or the year's own.
SCALES = ("years", "year")

# Judged by the thresholds in force in the year shown, or by those of the data date.
AS_OF = ("year", "today")
_MOST = 9_999_999


def _one_of(given: str, allowed: Collection[str]) -> str:
    if given not in allowed:
        raise ValueError(given)
    return given


def is_whole(given: str) -> bool:
    """Whether a text is a whole number as addresses write it."""
    return given.isascii() and given.isdigit() and len(given) <= 9 and str(int(given)) == given


def _whole(given: str, allowed: Collection[int] | None = None) -> int:
    if not is_whole(given):
        raise ValueError(given)
    if allowed is not None and int(given) not in allowed:
        raise ValueError(given)
    return int(given)


def _page(given: str) -> int:
    number = _whole(given)
    if number < 1:
        raise ValueError(given)
    return number


def _sort(given: str, bounds: Bounds) -> str:
    _one_of(given.removeprefix("-"), bounds.sorts)
    return given


def _household(given: str) -> str:
    if not (given.isascii() and given.isalnum() and len(given) <= 32):
        raise ValueError(given)
    return given


def _reason(given: str) -> str:
    if not (given.isascii() and given.replace("_", "").isalnum() and len(given) <= 40):
        raise ValueError(given)
    return given


def _unit(given: str) -> str:
    if len(given) != UNIT_CODE or set(given) - set("0123456789abcdef"):
        raise ValueError(given)
    return given


def _draft(given: str) -> Draft:
    kind, _, subject = given.partition(".")
    if kind != OTHER:
        key, _, subject = subject.partition(".")
        kind = f"{kind}.{key}"
    household, _, member = subject.partition(".")
    found = Draft(texts.kind(kind), _household(household), _page(member) if member else None)
    if str(found) != given or not household:
        raise ValueError(given)
    return found


def _file(given: str) -> str:
    if not given or len(given) > 160 or not given.isprintable():
        raise ValueError(given)
    return given


def _fingerprint(given: str) -> str:
    if len(given) != 12 or set(given) - set("0123456789abcdef"):
        raise ValueError(given)
    return given


def _link(given: str) -> str:
    if code_of(given) != given:
        raise ValueError(given)
    return given


def _places(given: str, bounds: Bounds) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(given.split(".")))
    if len(codes) > MOST_COMPARED:
        raise ValueError(given)
    return tuple(_one_of(code, bounds.places) for code in codes)


def _group(given: str, bounds: Bounds) -> str:
    first, *keys = given.split(".")
    if first != ONLY:
        keys = [first, *keys]
    if not keys or keys != [key for key in bounds.groups if key in keys]:
        raise ValueError(given)
    return given


def _beside(given: str, bounds: Bounds) -> tuple[str, int]:
    place, _, year = given.partition(".")
    return _one_of(place, bounds.places), _whole(year, bounds.years)


def _amount(given: str, allowed: Collection[str]) -> Amount:
    key, _, digits = given.partition(".")
    if not (digits.isascii() and digits.replace(".", "", 1).isdigit()):
        raise ValueError(given)
    amount = Amount(_one_of(key, allowed), float(digits))
    if str(amount) != given or amount.size > _MOST:
        raise ValueError(given)
    if amount.key.endswith("percent") and amount.size > 100:
        raise ValueError(given)
    return amount


def _select(given: str, bounds: Bounds) -> Selection:
    chosen = selection(given)
    if chosen.year is not None and chosen.year not in bounds.years:
        raise ValueError(given)
    return chosen


def _first_year(bounds: Bounds) -> int:
    year = bounds.year
    return year if year is not None and year in bounds.years else max(bounds.years)


@dataclass(frozen=True, slots=True)
class _Key:
    parse: Callable[[str, Bounds], Any]
    default: Callable[[Bounds], Any]
    text: Callable[[Any, Bounds], str] = lambda value, _: str(value)


_KEYS: dict[str, _Key] = {
    "region": _Key(lambda t, b: _one_of(t, b.places), lambda b: b.root),
    "year": _Key(lambda t, b: _whole(t, b.years), _first_year),
    "snapshot": _Key(lambda t, b: _whole(t, b.snapshots), lambda b: b.current),
    "indicator": _Key(lambda t, b: _one_of(t, b.indicators), lambda b: b.indicator),
    "level": _Key(lambda t, b: _one_of(t, ("township", "village")), lambda b: b.level),
    "scale": _Key(lambda t, b: _one_of(t, SCALES), lambda b: SCALES[0]),
    "compare": _Key(_places, lambda b: (), lambda codes, _: ".".join(codes)),
    "group": _Key(_group, lambda b: None),
    "select": _Key(_select, lambda b: None),
    "state": _Key(lambda t, b: _one_of(t, b.states), lambda b: None),
    "ledger": _Key(lambda t, b: _one_of(t, b.groups), lambda b: None),
    "by": _Key(lambda t, b: _one_of(t, SUBJECTS), lambda b: SUBJECTS[0]),
    "q": _Key(
        lambda t, b: searching.parse(t, b.searches),
        lambda b: "",
        lambda text, b: searching.format(text, b.searches),
    ),
    "page": _Key(lambda t, b: _page(t), lambda b: 1),
    "sort": _Key(_sort, lambda b: b.sorts[0]),
    "id": _Key(lambda t, b: _household(t), lambda b: None),
    "kind": _Key(lambda t, b: _one_of(t, KINDS), lambda b: KINDS[0]),
    "reason": _Key(lambda t, b: _reason(t), lambda b: None),
    "file": _Key(lambda t, b: _file(t), lambda b: None),
    "check": _Key(lambda t, b: _one_of(t, b.checks), lambda b: None),
    "severity": _Key(lambda t, b: _one_of(t, SEVERITIES), lambda b: None),
    "change": _Key(lambda t, b: _one_of(t, CHANGES), lambda b: None),
    "against": _Key(lambda t, b: _whole(t, b.snapshots), lambda b: None),
    "since": _Key(lambda t, b: _whole(t, b.years), lambda b: None),
    "beside": _Key(_beside, lambda b: None, lambda pair, _: f"{pair[0]}.{pair[1]}"),
    "part": _Key(lambda t, b: _one_of(t, b.parts), lambda b: None),
    "rule": _Key(lambda t, b: _one_of(t, b.rules), lambda b: None),
    "asof": _Key(lambda t, b: _one_of(t, AS_OF), lambda b: AS_OF[0]),
    "what": _Key(lambda t, b: _amount(t, b.thresholds), lambda b: None),
    "shock": _Key(lambda t, b: _amount(t, SHOCKS), lambda b: None),
    "unit": _Key(lambda t, b: _unit(t), lambda b: None),
    "source": _Key(lambda t, b: _one_of(t, SOURCES), lambda b: None),
    "about": _Key(lambda t, b: texts.kind(t), lambda b: None),
    "mine": _Key(lambda t, b: _one_of(t, MINE), lambda b: None),
    "finding": _Key(lambda t, b: _page(t), lambda b: None),
    "draft": _Key(lambda t, b: _draft(t), lambda b: None),
    "rules": _Key(lambda t, b: _fingerprint(t), lambda b: b.rulebook),
    "link": _Key(lambda t, b: _link(t), lambda b: None),
    "v": _Key(lambda t, b: _whole(t, (versions.VERSION,)), lambda b: versions.VERSION),
    "lang": _Key(lambda t, b: _one_of(t, LANGUAGES), lambda b: "zh"),
}
assert tuple(_KEYS) == tuple(f.name for f in fields(View))


KEYS: tuple[str, ...] = tuple(_KEYS)
Query = Mapping[str, str | Sequence[str]]


def parse(given: Query, bounds: Bounds, keys: Collection[str] = KEYS) -> tuple[View, list[Fallen]]:
    """View of a query with the keys that a page follows, and what could not be used. Never raises.

    An address as ``query`` writes it is read as it stands; any other is mended first.
    """
    plain = [(key, value) for key, values in given.items() for value in _each(values)]
    view, fallen = _read(plain, bounds, keys)
    if fallen:
        view, fallen = _read(mending.pairs(plain), bounds, keys, mended=True)
    return view, fallen


def _each(values: str | Sequence[str]) -> Sequence[str]:
    return [values] if isinstance(values, str) else values


def _read(
    pairs: Iterable[tuple[str, str]], bounds: Bounds, keys: Collection[str], mended: bool = False
) -> tuple[View, list[Fallen]]:
    values = {name: key.default(bounds) for name, key in _KEYS.items()}
    fallen: list[Fallen] = []
    usable: dict[str, dict[str, Any]] = {}
    for name, text in pairs:
        if name not in keys:
            fallen.append(Fallen(name, text, "foreign" if name in _KEYS else "unknown"))
        else:
            try:
                read = _value(name, text, bounds, mended)
                usable.setdefault(name, {}).setdefault(_KEYS[name].text(read, bounds), read)
            except searching.LeftOut:
                fallen.append(Fallen(name, "", "left_out"))
            except ValueError:
                fallen.append(Fallen(name, text))
    for name, found in usable.items():
        if len(found) > 1:
            fallen.append(Fallen(name, " · ".join(found), "twice", choices=tuple(found)))
        else:
            values[name] = next(iter(found.values()))
    return View(**values), fallen


def one(key: str, text: str, bounds: Bounds) -> dict[str, Any]:
    """The change of a view that a usable value of a key stands for."""
    return {key: _KEYS[key].parse(text, bounds)}


def meant(given: Query, key: str, is_value: Callable[[str], bool]) -> list[str]:
    """The values that a key may have been given, each once, before it is known what is possible."""
    plain = [(name, value) for name, values in given.items() for value in _each(values)]
    found = (
        next(filter(is_value, mending.readings(value)), None)
        for name, value in mending.pairs(plain)
        if name == key
    )
    return list(dict.fromkeys(value for value in found if value is not None))


def _value(name: str, text: str, bounds: Bounds, mended: bool) -> Any:
    """The value of a text, or of the first reading of it that means something."""
    refused: ValueError | None = None
    for reading in mending.readings(text) if mended else (text,):
        try:
            return _KEYS[name].parse(reading, bounds)
        except ValueError as error:
            refused = error
    raise refused or ValueError(text)


def query(
    view: View, bounds: Bounds, keys: Collection[str], *, pinned: bool = False
) -> dict[str, str]:
    """The canonical query of a view: the page's keys in one order, defaults left out.

    ``pinned`` keeps the place, the year, the snapshot, what numbers are judged by and the version
    of addresses even where they are the defaults, so that the link opens the same view for somebody
    who begins elsewhere and after newer data have come, and tells whether rules or thresholds have
    changed. Of a household's own file the place makes no difference.
    """
    fixed = {"year", "snapshot", "rules", "v"} | (set() if "id" in keys else {"region"})
    found: dict[str, str] = {}
    for name, key in _KEYS.items():
        value = getattr(view, name)
        kept = pinned and name in fixed
        if name in keys and value is not None and (kept or value != key.default(bounds)):
            text = key.text(value, bounds)
            if text:
                found[name] = text
    return found


def base() -> str:
    """The path that the program is served below, without its last slash; mostly empty."""
    inner = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{inner}" if inner else ""


def href(path: str, found: Mapping[str, str]) -> str:
    """Address of a page with a query, percent-encoded: the only place where one is made."""
    return f"{base()}/{path}?{urlencode(found)}" if found else f"{base()}/{path}"
