"""The view is the address: one codec between the query string and what a page shows.

Codes, not labels; defaults left out; what has one meaning only is mended by ``mending``. All else
that cannot be used is told to the viewer, and never shows more than was asked for: without a place,
or with a key given twice, there is no view.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from findings import texts
from findings.asking import MINE
from findings.texts import SOURCES
from glossary import LANGUAGES
from metrics.conditions import joined
from metrics.funds import PROBLEMS, which
from metrics.quality import CHANGES
from metrics.subjects import SUBJECTS
from rules.checks import SEVERITIES
from rules.stress import SHOCKS
from sampling import designs
from views.context import filtering, mending, sample_keys, searching, values, versions
from views.context.view import Bounds, Fallen, View

# What the data page lists: rows that were refused, or cells that were mended.
KINDS = ("refused", "mended")


# The classes of a map's colours: the same over all years, or the year's own.
SCALES = ("years", "year")

# Judged by the thresholds in force in the year shown, or by those of the data date.
AS_OF = ("year", "today")


@dataclass(frozen=True, slots=True)
class _Key:
    parse: Callable[[str, Bounds], Any]
    default: Callable[[Bounds], Any]
    text: Callable[[Any, Bounds], str] = lambda value, _: str(value)


_KEYS: dict[str, _Key] = {
    "region": _Key(lambda t, b: values.one_of(t, b.places), lambda b: b.root),
    "zone": _Key(lambda t, b: values.one_of(t, b.zones), lambda b: None),
    "year": _Key(lambda t, b: values.whole(t, b.years), values.first_year),
    "snapshot": _Key(lambda t, b: values.whole(t, b.snapshots), lambda b: b.current),
    "indicator": _Key(lambda t, b: values.one_of(t, b.indicators), lambda b: b.indicator),
    "level": _Key(lambda t, b: values.one_of(t, ("township", "village")), lambda b: b.level),
    "scale": _Key(lambda t, b: values.one_of(t, SCALES), lambda b: SCALES[0]),
    "compare": _Key(values.places, lambda b: (), lambda codes, _: ".".join(codes)),
    "group": _Key(values.group, lambda b: None),
    "select": _Key(values.select, lambda b: None),
    "where": _Key(filtering.where, lambda b: (), lambda conditions, _: joined(conditions)),
    "state": _Key(lambda t, b: values.one_of(t, b.states), lambda b: None),
    "ledger": _Key(lambda t, b: values.one_of(t, b.groups), lambda b: None),
    "by": _Key(lambda t, b: values.one_of(t, SUBJECTS), lambda b: SUBJECTS[0]),
    "q": _Key(
        lambda t, b: searching.parse(t, b.searches),
        lambda b: "",
        lambda text, b: searching.format(text, b.searches),
    ),
    "page": _Key(lambda t, b: values.page(t), lambda b: 1),
    "sort": _Key(values.sort, lambda b: b.sorts[0]),
    "facet": _Key(lambda t, b: values.one_of(t, b.fields), lambda b: None),
    "cols": _Key(filtering.columns, lambda b: (), lambda keys, _: ".".join(keys)),
    "pick": _Key(filtering.picked, lambda b: (), lambda keys, _: ".".join(keys)),
    "id": _Key(lambda t, b: values.household(t), lambda b: None),
    "fund": _Key(lambda t, b: which(t), lambda b: None),
    "kind": _Key(lambda t, b: values.one_of(t, KINDS), lambda b: KINDS[0]),
    "reason": _Key(lambda t, b: values.reason(t), lambda b: None),
    "file": _Key(lambda t, b: values.file(t), lambda b: None),
    "check": _Key(lambda t, b: values.one_of(t, b.checks), lambda b: None),
    "severity": _Key(lambda t, b: values.one_of(t, SEVERITIES), lambda b: None),
    "change": _Key(lambda t, b: values.one_of(t, CHANGES), lambda b: None),
    "against": _Key(lambda t, b: values.whole(t, b.snapshots), lambda b: None),
    "since": _Key(lambda t, b: values.whole(t, b.years), lambda b: None),
    "beside": _Key(values.beside, lambda b: None, lambda pair, _: f"{pair[0]}.{pair[1]}"),
    "part": _Key(lambda t, b: values.one_of(t, b.parts), lambda b: None),
    "rule": _Key(lambda t, b: values.one_of(t, b.rules), lambda b: None),
    "asof": _Key(lambda t, b: values.one_of(t, AS_OF), lambda b: AS_OF[0]),
    "what": _Key(lambda t, b: values.amount(t, b.thresholds), lambda b: None),
    "shock": _Key(lambda t, b: values.amount(t, SHOCKS), lambda b: None),
    "unit": _Key(lambda t, b: values.unit(t), lambda b: None),
    "source": _Key(lambda t, b: values.one_of(t, SOURCES), lambda b: None),
    "about": _Key(lambda t, b: t if t == PROBLEMS else texts.kind(t), lambda b: None),
    "mine": _Key(lambda t, b: values.one_of(t, MINE), lambda b: None),
    "finding": _Key(lambda t, b: values.page(t), lambda b: None),
    "draft": _Key(lambda t, b: values.draft(t), lambda b: None),
    "design": _Key(lambda t, b: values.one_of(t, designs.KINDS), lambda b: designs.KINDS[0]),
    "share": _Key(lambda t, b: values.one_of(t, designs.SHARES), lambda b: designs.SHARES[0]),
    "size": _Key(lambda t, b: values.whole(t, sample_keys.SIZES), lambda b: sample_keys.SIZE),
    "villages": _Key(
        lambda t, b: values.whole(t, sample_keys.VILLAGE_COUNTS), lambda b: sample_keys.VILLAGES
    ),
    "asks": _Key(
        lambda t, b: sample_keys.asks(t, b.rules),
        lambda b: sample_keys.usual_asks(),
        lambda keys, _: sample_keys.asks_text(keys),
    ),
    "sample": _Key(lambda t, b: values.page(t), lambda b: None),
    "seed": _Key(lambda t, b: sample_keys.seed(t), lambda b: None),
    "project": _Key(lambda t, b: values.household(t), lambda b: None),
    "meeting": _Key(lambda t, b: values.page(t), lambda b: None),
    "item": _Key(lambda t, b: values.whole(t), lambda b: None),
    "rules": _Key(lambda t, b: values.fingerprint(t), lambda b: b.rulebook),
    "link": _Key(lambda t, b: values.link(t), lambda b: None),
    "v": _Key(lambda t, b: values.whole(t, (versions.VERSION,)), lambda b: versions.VERSION),
    "lang": _Key(lambda t, b: values.one_of(t, LANGUAGES), lambda b: "zh"),
}
assert tuple(_KEYS) == tuple(f.name for f in fields(View))


KEYS: tuple[str, ...] = tuple(_KEYS)


def is_file(keys: Collection[str]) -> bool:
    """Whether a page with these keys is the file of the one household that ``id`` names, which is
    judged by the thresholds of a day (``asof``); elsewhere ``id`` names a line of a fund."""
    return "id" in keys and "asof" in keys


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
    fixed = {"year", "snapshot", "rules", "v"} | (set() if is_file(keys) else {"region"})
    found: dict[str, str] = {}
    for name, key in _KEYS.items():
        value = getattr(view, name)
        kept = pinned and name in fixed
        if name in keys and value is not None and (kept or value != key.default(bounds)):
            text = key.text(value, bounds)
            if text:
                found[name] = text
    return found


def altered(
    found: Mapping[str, str], changes: Mapping[str, Any], bounds: Bounds, keys: Collection[str]
) -> dict[str, str]:
    """The query of a view with some fields changed, from ``found``, that of the view itself."""
    told = dict(found)
    for name in changes:
        told.pop(name, None)
        value, key = changes[name], _KEYS[name]
        if name in keys and value is not None and value != key.default(bounds):
            text = key.text(value, bounds)
            if text:
                told[name] = text
    return {name: told[name] for name in _KEYS if name in told}


def base() -> str:
    """The path that the program is served below, without its last slash; mostly empty."""
    inner = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{inner}" if inner else ""


def href(path: str, found: Mapping[str, str]) -> str:
    """Address of a page with a query, percent-encoded: the only place where one is made."""
    told = "&".join(map(_encoded, found.items()))  # the same pairs stand in most of a page's links
    return f"{base()}/{path}?{told}" if told else f"{base()}/{path}"


@lru_cache(maxsize=4096)
def _encoded(pair: tuple[str, str]) -> str:
    return urlencode([pair])
