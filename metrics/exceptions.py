"""What needs a decision: exceptions found by declared rules, the longest late first.

``exceptions.yaml`` declares the rules; each is of a kind, which says how places are found by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import fmean, linear_regression, pstdev
from typing import Any, Literal

from metrics import intake, pace
from metrics.county import County
from metrics.late import Late
from metrics.months import Months
from metrics.registry import indicators
from store.reader import Reader
from store.yamls import DeclarationError, only_keys, read_yaml

_FILE = Path(__file__).with_name("exceptions.yaml")
MOST = 7
_FEWEST_MONTHS = 6  # from which a trend is drawn
_FEWEST_PEERS = 5

Of = Literal["cases", "entries"]


@dataclass(frozen=True, slots=True)
class ExceptionRule:
    """One declared rule. What a kind does not ask stays at its default."""

    key: str
    kind: str
    zh: str
    en: str
    definition_zh: str
    definition_en: str
    most: int = 1
    indicator: str = ""
    of: Of = "cases"
    over_days: int = 0
    deviations: float = 2.0
    at_least: float = 0.0
    within_days: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """An exception: its rule, the place, and the number that its list has.

    ``late`` are days overdue, ``left`` days that remain, each None where no clock runs.
    ``expected`` is what the number should have been about and ``target`` what it is to reach, as
    far as the kind says so.
    """

    rule: ExceptionRule
    place: str
    value: float
    late: int | None = None
    left: int | None = None
    expected: float | None = None
    target: float | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """What rules look at: the county now and at the last data date (None: there is none), the place
    and those below it, what is late there and which clocks run out, and the places' months."""

    county: County
    before: County | None
    reader: Reader
    region: str
    places: Sequence[str]
    late: Mapping[str, Late]
    soon: Mapping[str, tuple[int, int]]
    months: Months

    @property
    def year(self) -> int:
        return self.county.data_date.year


@cache
def rules() -> dict[str, ExceptionRule]:
    """Every declared rule by key. Raises DeclarationError for one that means nothing."""
    return declared(read_yaml(_FILE)["exceptions"])


def declared(entries: Mapping[str, Any]) -> dict[str, ExceptionRule]:
    """Rules of a mapping as the file has it. Raises DeclarationError for one that means nothing."""
    allowed = [name for name in ExceptionRule.__slots__ if name != "key"]
    found = {}
    for key, entry in entries.items():
        only_keys(entry, allowed, key)
        try:
            rule = ExceptionRule(key, **entry)
        except TypeError as error:
            raise DeclarationError(f"{key}: {error}") from None
        if rule.kind not in KINDS:
            raise DeclarationError(f"{key}: no kind {rule.kind!r}, only {', '.join(KINDS)}")
        if rule.kind in _OF_INDICATOR and rule.indicator not in indicators():
            raise DeclarationError(f"{key}: no indicator {rule.indicator!r}")
        found[key] = rule
    return found


def exceptions(ground: Ground) -> tuple[list[Found], int]:
    """At most seven exceptions, the longest late first, then by the clock that runs out first; and
    how many more there are."""
    every = [
        one
        for rule in rules().values()
        for one in list(KINDS[rule.kind](rule, ground))[: rule.most]
    ]
    every.sort(key=_urgency)
    return every[:MOST], max(len(every) - MOST, 0)


def _urgency(one: Found) -> tuple[int, int]:
    if one.late is not None:
        return 0, -one.late
    return (1, one.left) if one.left is not None else (2, 0)


def _late(rule: ExceptionRule, ground: Ground) -> Iterator[Found]:
    """Places with cases or entries later than so many days, the longest late first."""
    of_cases = rule.of == "cases"

    def told(one: Late) -> tuple[int, int]:
        return (one.cases, one.case_days) if of_cases else (one.entries, one.entry_days)

    for one in sorted(ground.late.values(), key=lambda one: (-told(one)[1], -told(one)[0])):
        count, days = told(one)
        if count and days > rule.over_days:
            yield Found(rule, one.place, count, late=days)


def _clock(rule: ExceptionRule, ground: Ground) -> Iterator[Found]:
    """The whole place, where a clock runs out soon."""
    if ground.soon:
        counts = [count for count, _ in ground.soon.values()]
        days = [left for _, left in ground.soon.values()]
        yield Found(rule, ground.region, sum(counts), left=min(days))


def off_trend(series: Sequence[float | None]) -> tuple[float, float] | None:
    """What the last of a series should have been by the straight line through those before it, and
    how far those lie from it (standard deviation); None of fewer than seven known."""
    *before, _ = [value for value in series if value is not None] or [0.0]
    if len(before) < _FEWEST_MONTHS or series[-1] is None:
        return None
    steps = range(len(before))
    slope, start = linear_regression(steps, before)
    rest = [value - (start + slope * step) for step, value in zip(steps, before, strict=True)]
    return start + slope * len(before), pstdev(rest)


def _trend(rule: ExceptionRule, ground: Ground) -> Iterator[Found]:
    """Places whose number is worse than its own trend, the farthest off first."""
    found = []
    for place in ground.places:
        series = ground.months.series(rule.indicator, place)
        told = off_trend(series)
        now = series[-1] if series else None
        if told is None or now is None:
            continue
        expected, spread = told
        over = (now - expected) * _worse(rule)
        if over >= rule.at_least and over >= rule.deviations * spread:
            found.append((over, Found(rule, place, now, expected=max(expected, 0.0))))
    yield from (one for _, one in sorted(found, key=lambda each: -each[0]))


def _peers(rule: ExceptionRule, ground: Ground) -> Iterator[Found]:
    """Places whose rate is worse than those beside it, the farthest off first."""
    cells = ground.county.cube.across(
        rule.indicator, ground.places, ground.year, ground.reader.scope
    )
    values = {place: cell.value for place, cell in cells.items() if cell.value is not None}
    if len(values) < _FEWEST_PEERS:
        return
    mean, spread = fmean(values.values()), pstdev(values.values())
    off = {place: (value - mean) * _worse(rule) for place, value in values.items()}
    for place in sorted(off, key=lambda place: -off[place]):
        if spread and off[place] >= rule.deviations * spread:
            yield Found(rule, place, values[place], expected=mean)


def _target(rule: ExceptionRule, ground: Ground) -> Iterator[Found]:
    """The whole place, where a target is missed and will be at the pace since the last date."""
    before, scope = ground.before, ground.reader.scope
    indicator = ground.county.targets.aimed(rule.indicator, ground.region, ground.year, scope)
    now = ground.county.cube.cell(rule.indicator, ground.region, ground.year, scope).value
    if indicator.target is None or before is None or now is None or indicator.meets_target(now):
        return
    then = before.cube.cell(rule.indicator, ground.region, before.data_date.year, scope).value
    if then is None:
        return
    days = (ground.county.data_date - before.data_date).days
    coming = pace.onward(then, now, days, rule.within_days)
    if not indicator.meets_target(coming):
        yield Found(rule, ground.region, now, target=indicator.target.value)


def _import(rule: ExceptionRule, ground: Ground) -> Iterator[Found]:
    """The county, where its data lack rows; nothing for a reader of less than all of it."""
    if ground.region != ground.county.code:
        return
    lost = intake.found(intake.counts(ground.reader, "refused"))
    if lost >= rule.at_least:
        yield Found(rule, ground.region, lost)


def _worse(rule: ExceptionRule) -> int:
    """1 where more of the indicator is worse, -1 where less is."""
    return -1 if indicators()[rule.indicator].better == "higher" else 1


KINDS: dict[str, Callable[[ExceptionRule, Ground], Iterator[Found]]] = {
    "late": _late,
    "clock": _clock,
    "trend": _trend,
    "peers": _peers,
    "target": _target,
    "import": _import,
}
_OF_INDICATOR = ("trend", "peers", "target")
