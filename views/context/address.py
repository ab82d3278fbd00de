"""The view is the address: one codec between the query string and what a page shows.

Codes, not labels; defaults left out; unknown keys kept out; a bad value falls back to its default,
is told to the viewer, and never shows more than the viewer's own place.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from glossary import LANGUAGES, Lang
from metrics.filters import STATES
from metrics.quality import CHANGES
from metrics.selections import Selection, selection
from metrics.subjects import SUBJECTS
from rules.checks import SEVERITIES
from rules.stress import SHOCKS

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


@dataclass(frozen=True, slots=True)
class Amount:
    """A size of something named: a threshold moved, a shock. ``what=monitoring_line_yuan.8000``."""

    key: str
    size: float

    def __str__(self) -> str:
        digits = f"{self.size:.0f}" if self.size.is_integer() else repr(self.size)
        return f"{self.key}.{digits}"


@dataclass(frozen=True, slots=True)
class View:
    """What a page shows. Every field is a query key of the same name."""

    region: str
    year: int
    snapshot: int
    indicator: str
    level: str
    scale: str
    compare: tuple[str, ...]
    group: str | None
    select: Selection | None
    state: str | None
    ledger: str | None
    by: str
    q: str
    page: int
    sort: str
    id: str | None
    kind: str
    reason: str | None
    file: str | None
    check: str | None
    severity: str | None
    change: str | None
    against: int | None
    since: int | None
    beside: tuple[str, int] | None
    part: str | None
    rule: str | None
    asof: str
    what: Amount | None
    shock: Amount | None
    lang: Lang

    def but(self, **changes: Any) -> View:
        """This view with some fields changed; any change of filter goes back to page 1.

        Another end of a comparison leaves the part of it that was listed.
        """
        if "page" not in changes and set(changes) - {"id", "lang", "sort"}:
            changes["page"] = 1
        if "against" in changes:
            changes = {"part": None, **changes}
        return replace(self, **changes)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What values are possible here: for this viewer, this county, this page.

    ``year`` is the year that the page opens with, the last one if it is not held. ``current`` is
    the snapshot that addresses leave out: the home's current one when the session began.
    """

    root: str
    places: Collection[str]
    years: Collection[int]
    snapshots: Collection[int]
    current: int
    indicators: Collection[str]
    groups: tuple[str, ...]
    checks: Collection[str] = ()
    rules: Collection[str] = ()
    thresholds: Collection[str] = ()
    parts: Collection[str] = ()
    sorts: tuple[str, ...] = ("household_id",)
    indicator: str = "poverty_rate"
    year: int | None = None
    level: str = "village"


@dataclass(frozen=True, slots=True)
class Fallen:
    """A key whose value was not usable and fell back to its default."""

    key: str
    given: str


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


def _search(given: str) -> str:
    text = given.strip()
    if len(text) > 40 or not text.isprintable():
        raise ValueError(given)
    return text


def _household(given: str) -> str:
    if not (given.isascii() and given.isalnum() and len(given) <= 32):
        raise ValueError(given)
    return given


def _reason(given: str) -> str:
    if not (given.isascii() and given.replace("_", "").isalnum() and len(given) <= 40):
        raise ValueError(given)
    return given


def _file(given: str) -> str:
    if not given or len(given) > 160 or not given.isprintable():
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


def _first_year(bounds: Bounds) -> int:
    year = bounds.year
    return year if year is not None and year in bounds.years else max(bounds.years)


@dataclass(frozen=True, slots=True)
class _Key:
    parse: Callable[[str, Bounds], Any]
    default: Callable[[Bounds], Any]
    text: Callable[[Any], str] = str


_KEYS: dict[str, _Key] = {
    "region": _Key(lambda t, b: _one_of(t, b.places), lambda b: b.root),
    "year": _Key(lambda t, b: _whole(t, b.years), _first_year),
    "snapshot": _Key(lambda t, b: _whole(t, b.snapshots), lambda b: b.current),
    "indicator": _Key(lambda t, b: _one_of(t, b.indicators), lambda b: b.indicator),
    "level": _Key(lambda t, b: _one_of(t, ("township", "village")), lambda b: b.level),
    "scale": _Key(lambda t, b: _one_of(t, SCALES), lambda b: SCALES[0]),
    "compare": _Key(_places, lambda b: (), ".".join),
    "group": _Key(_group, lambda b: None),
    "select": _Key(lambda t, b: selection(t), lambda b: None),
    "state": _Key(lambda t, b: _one_of(t, STATES), lambda b: None),
    "ledger": _Key(lambda t, b: _one_of(t, b.groups), lambda b: None),
    "by": _Key(lambda t, b: _one_of(t, SUBJECTS), lambda b: SUBJECTS[0]),
    "q": _Key(lambda t, b: _search(t), lambda b: ""),
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
    "beside": _Key(_beside, lambda b: None, lambda pair: f"{pair[0]}.{pair[1]}"),
    "part": _Key(lambda t, b: _one_of(t, b.parts), lambda b: None),
    "rule": _Key(lambda t, b: _one_of(t, b.rules), lambda b: None),
    "asof": _Key(lambda t, b: _one_of(t, AS_OF), lambda b: AS_OF[0]),
    "what": _Key(lambda t, b: _amount(t, b.thresholds), lambda b: None),
    "shock": _Key(lambda t, b: _amount(t, SHOCKS), lambda b: None),
    "lang": _Key(lambda t, b: _one_of(t, LANGUAGES), lambda b: "zh"),
}
assert tuple(_KEYS) == tuple(f.name for f in fields(View))


def parse(query: Mapping[str, str], bounds: Bounds) -> tuple[View, list[Fallen]]:
    """View of a query string, and the keys whose values were bad. Never raises."""
    values: dict[str, Any] = {}
    fallen: list[Fallen] = []
    for name, key in _KEYS.items():
        values[name] = key.default(bounds)
        if name in query:
            try:
                values[name] = key.parse(query[name], bounds)
            except ValueError:
                fallen.append(Fallen(name, query[name]))
    return View(**values), fallen


def query(
    view: View, bounds: Bounds, keys: Collection[str], *, pinned: bool = False
) -> dict[str, str]:
    """The canonical query of a view: the page's keys in one order, defaults left out.

    ``pinned`` keeps the year and the snapshot even where they are the defaults, so that the link
    opens the same view after newer data have come.
    """
    found: dict[str, str] = {}
    for name, key in _KEYS.items():
        value = getattr(view, name)
        kept = pinned and name in ("year", "snapshot")
        if name in keys and value is not None and (kept or value != key.default(bounds)):
            text = key.text(value)
            if text:
                found[name] = text
    return found


def href(path: str, found: Mapping[str, str]) -> str:
    """Address of a page with a query, percent-encoded."""
    return f"/{path}?{urlencode(found)}" if found else f"/{path}"
