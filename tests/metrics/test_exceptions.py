"""Rules of exceptions by written cases: what each finds, what it lets be, and in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from metrics import exceptions, intake
from metrics.cube import Cell
from metrics.exceptions import KINDS, ExceptionRule, Found, Ground, declared, off_trend, rules
from metrics.late import Late
from metrics.registry import indicators
from metrics.targets import Targets
from store.scope import Scope
from store.yamls import DeclarationError

_COUNTY = "619925"
_PLACES = [f"61992510{n}" for n in range(1, 7)]
_LEVEL = [10.0, 11, 10, 11, 10, 11, 10, 11, 10, 11, 10, 11]


def _county(
    values: Mapping[str, float | None],
    day: date = date(2025, 12, 31),
    loaded: Sequence[Mapping[str, Any]] = (),
) -> Any:
    def cell(_: str, place: str, __: int, ___: Scope) -> Cell:
        value = values.get(place)
        return Cell(value, value or 0.0, None, 0)

    def across(key: str, places: Sequence[str], year: int, scope: Scope) -> dict[str, Cell]:
        return {place: cell(key, place, year, scope) for place in places}

    cube = SimpleNamespace(cell=cell, across=across)
    targets = Targets(loaded, indicators())
    return SimpleNamespace(
        code=_COUNTY, cube=cube, data_date=day, indicators=indicators(), targets=targets
    )


def _ground(
    *,
    now: Mapping[str, float | None] | None = None,
    then: Mapping[str, float | None] | None = None,
    late: Sequence[Late] = (),
    soon: Mapping[str, tuple[int, int]] | None = None,
    months: Mapping[str, Sequence[float | None]] | None = None,
    region: str = _COUNTY,
    loaded: Sequence[Mapping[str, Any]] = (),
) -> Ground:
    series = SimpleNamespace(series=lambda _, place: list((months or {}).get(place, ())))
    return Ground(
        county=_county(now or {}, loaded=loaded),
        before=None if then is None else _county(then, date(2025, 11, 30)),
        reader=SimpleNamespace(scope=Scope.of([_COUNTY])),  # type: ignore[arg-type]
        region=region,
        places=_PLACES,
        late={one.place: one for one in late},
        soon=soon or {},
        months=series,  # type: ignore[arg-type]
    )


def _found(key: str, ground: Ground) -> list[Found]:
    return list(KINDS[rules()[key].kind](rules()[key], ground))


def test_cases_are_late_from_the_first_day_entries_from_half_a_year() -> None:
    a, b, c = _PLACES[:3]
    ground = _ground(late=[Late(a, 3, 1, 180, 1), Late(b, 2, 2, 181, 9), Late(c, 4, 0, 0, 0)])
    assert [(f.place, f.value, f.late) for f in _found("case_late", ground)] == [
        (b, 2, 9),
        (a, 1, 1),
    ]
    assert [(f.place, f.value, f.late) for f in _found("entry_late", ground)] == [(b, 2, 181)]


def test_a_clock_that_runs_out_is_told_once_with_the_first_day() -> None:
    a, b = _PLACES[:2]
    [one] = _found("clock_soon", _ground(soon={a: (2, 5), b: (1, 0)}))
    assert (one.place, one.value, one.left, one.late) == (_COUNTY, 3, 0, None)
    assert not _found("clock_soon", _ground())


@pytest.mark.parametrize(
    ("series", "off"),
    [
        ([*_LEVEL, 11.0], False),
        ([*_LEVEL, 14.0], True),  # three above, and far beyond the spread
        ([*_LEVEL, 13.0], False),  # beyond the spread, but two entries only
        ([*_LEVEL, 7.0], False),  # off the trend to the better
        ([0.0, 40, 0, 40, 0, 40, 0, 40, 0, 40, 0, 40, 60.0], False),  # within its own spread
        ([*(5.0 * n for n in range(12)), 60.0], False),  # it grows as it has grown
        ([None] * 7 + [10.0] * 5 + [30.0], False),  # too short a time to tell
        ([*_LEVEL, None], False),
    ],
)
def test_a_place_is_off_its_own_trend(series: list[float | None], off: bool) -> None:
    found = _found("off_trend", _ground(months={_PLACES[0]: series}))
    assert [(one.place, one.value) for one in found] == ([(_PLACES[0], series[-1])] if off else [])


def test_a_trend_is_carried_on_by_one_step() -> None:
    told = off_trend([2.0, 4, 6, 8, 10, 12, 99])
    assert told is not None and told == (pytest.approx(14), pytest.approx(0))


def test_a_place_far_below_its_peers_is_found() -> None:
    rates: dict[str, float | None] = dict(zip(_PLACES, (20, 21, 22, 21, 20, 5), strict=True))
    [one] = _found("off_peers", _ground(now=rates))
    assert (one.place, one.value) == (_PLACES[5], 5) and one.expected == pytest.approx(109 / 6)


@pytest.mark.parametrize(
    "rates", [(20, 21, 22, 21, 20, 40), (20,) * 6, (20, 21, 5, None, None, None)]
)
def test_peers_above_alike_or_too_few_find_nobody(rates: Sequence[float | None]) -> None:
    assert not _found("off_peers", _ground(now=dict(zip(_PLACES, rates, strict=True))))


@pytest.mark.parametrize(
    ("then", "now", "missed"),
    [
        (12, 28, True),
        (28, 28, True),  # at no pace at all
        (40, 28, False),  # at twelve a month it is reached in time
        (5, 0, False),  # reached
        (None, 28, False),  # no pace is known
        (12, None, False),
    ],
)
def test_a_target_is_missed_at_the_pace_kept(
    then: float | None, now: float | None, missed: bool
) -> None:
    found = _found("target_missed", _ground(now={_COUNTY: now}, then={_COUNTY: then}))
    assert [(one.value, one.target) for one in found] == ([(now, 0)] if missed else [])


def test_without_an_earlier_date_no_pace_is_told() -> None:
    assert not _found("target_missed", _ground(now={_COUNTY: 28.0}))


def test_a_target_that_the_county_loaded_is_the_one_that_is_missed() -> None:
    """28 of at most 30 is enough; 28 of at most 20 is not, and says so."""
    row = {
        "indicator": "step_overdue_households",
        "region_code": _COUNTY,
        "year": 2025,
        "target_unit": "户",
        "unit_in_charge": None,
    }
    both: dict[str, Any] = {"now": {_COUNTY: 28.0}, "then": {_COUNTY: 28.0}}
    assert not _found("target_missed", _ground(**both, loaded=[{**row, "target_value": 30.0}]))
    (one,) = _found("target_missed", _ground(**both, loaded=[{**row, "target_value": 20.0}]))
    assert one.target == 20


def test_an_import_that_lost_rows_is_told_of_the_county_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counts = [{"reason": "bad_date", "file": "a.xlsx", "found": 2}]
    monkeypatch.setattr(intake, "counts", lambda *_: counts)
    assert [one.value for one in _found("import_lost", _ground())] == [2]
    assert not _found("import_lost", _ground(region=_PLACES[0]))
    monkeypatch.setattr(intake, "counts", lambda *_: [])
    assert not _found("import_lost", _ground())


def test_the_longest_late_come_first_then_the_first_clock_and_seven_at_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(intake, "counts", lambda *_: [])
    ten = {f"rule_{n}": ExceptionRule(f"rule_{n}", "clock", "", "", "", "") for n in range(10)}
    told = {"rule_3": {"late": 5}, "rule_5": {"late": 50}, "rule_7": {"left": 1}}

    def one(rule: ExceptionRule, ground: Ground) -> Any:
        return iter([Found(rule, ground.region, 1, **told.get(rule.key, {}))])

    monkeypatch.setattr(exceptions, "rules", lambda: ten)
    monkeypatch.setitem(KINDS, "clock", one)
    shown, more = exceptions.exceptions(_ground())
    assert [f.rule.key for f in shown[:3]] == ["rule_5", "rule_3", "rule_7"]
    assert (len(shown), more) == (7, 3)


_ENTRY = {
    "kind": "clock",
    "zh": "钟",
    "en": "Clock",
    "definition_zh": "钟",
    "definition_en": "Clock",
}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kind": "weather"}, "no kind 'weather'"),
        ({"kind": "trend", "indicator": "rain"}, "no indicator 'rain'"),
        ({"deviation": 3}, "deviation"),
        ({"zh": None}, "zh"),
    ],
)
def test_a_rule_that_means_nothing_is_refused(change: dict[str, Any], says: str) -> None:
    entry = {k: v for k, v in {**_ENTRY, **change}.items() if v is not None}
    with pytest.raises(DeclarationError, match=says):
        declared({"mine": entry})


def test_every_declared_rule_has_its_words() -> None:
    for rule in rules().values():
        blanks = {"place": "某镇", "expected": "1", "target": "0"}
        assert rule.zh.format(**blanks) and rule.en.format(**blanks)
        assert rule.definition_zh and rule.definition_en and 0 < rule.most <= exceptions.MOST
