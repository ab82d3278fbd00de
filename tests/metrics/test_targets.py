"""Which target holds: a place's own before a wider one's, a loaded one before the declared one."""

from __future__ import annotations

from typing import Any

import pytest

from metrics.registry import Target, indicators
from metrics.targets import NO_DIRECTION, NO_INDICATOR, NO_UNIT, Targets, worth_of

_COUNTY, _EAST, _HILL = "619925", "619925101", "619925101201"
_SHARE, _COUNT, _MEAN = "collective_50k_share", "monitored_households", "per_capita_income"


def _row(indicator: str, place: str, value: float, **more: Any) -> dict[str, Any]:
    return {
        "indicator": indicator,
        "region_code": place,
        "year": 2026,
        "target_value": value,
        "target_unit": None,
        "unit_in_charge": None,
        **more,
    }


def _targets(*rows: dict[str, Any]) -> Targets:
    return Targets(rows, indicators())


def _value(targets: Targets, key: str, place: str, year: int = 2026) -> float | None:
    found = targets.aimed(key, place, year).target
    return None if found is None else found.value


def test_the_declared_target_holds_where_none_is_loaded() -> None:
    targets = _targets(_row(_SHARE, _EAST, 90))
    assert _value(targets, _SHARE, _COUNTY) == 80, "another place's is not the county's"
    assert _value(targets, _SHARE, _EAST, 2025) == 80, "nor is that of another year"
    assert _value(targets, _COUNT, _COUNTY) is None


def test_a_places_own_is_nearer_than_a_wider_ones() -> None:
    targets = _targets(_row(_SHARE, _COUNTY, 85), _row(_SHARE, _EAST, 90))
    assert [_value(targets, _SHARE, p) for p in (_COUNTY, _EAST, _HILL)] == [85, 90, 90]
    assert _value(targets, _SHARE, "619925102") == 85


@pytest.mark.parametrize(
    ("key", "value", "inherited"),
    [(_SHARE, 85.0, 85.0), (_MEAN, 9000.0, 9000.0), (_COUNT, 300.0, None), (_COUNT, 0.0, 0.0)],
)
def test_an_amount_says_nothing_of_a_part_but_none_at_all_does(
    key: str, value: float, inherited: float | None
) -> None:
    assert _value(_targets(_row(key, _COUNTY, value)), key, _EAST) == inherited


@pytest.mark.parametrize(
    "written", ["集体收入5万元以上村占比", " 集体收入5万元以上 村占比", _SHARE]
)
def test_an_indicator_goes_by_its_name_or_its_key(written: str) -> None:
    assert _value(_targets(_row(written, _COUNTY, 85)), _SHARE, _COUNTY) == 85


def test_the_target_says_its_year_and_office() -> None:
    targets = _targets(_row(_SHARE, _COUNTY, 85, unit_in_charge="县委组织部"))
    assert targets.loaded(_SHARE, _EAST, 2026) == Target(85, "", "", False, 2026, "县委组织部")


def test_a_strict_target_stays_strict() -> None:
    """Of the poverty rate the value itself is not enough, whoever set it."""
    aimed = _targets(_row("poverty_rate", _COUNTY, 2)).aimed("poverty_rate", _COUNTY, 2026)
    assert aimed.target_sign == "<" and not aimed.meets_target(2.0) and aimed.meets_target(1.99)


@pytest.mark.parametrize(
    ("word", "unit", "worth"),
    [
        ("", "yuan", 1),
        ("元", "yuan", 1),
        ("万元", "yuan", 10_000),
        ("亿元", "yuan", 100_000_000),
        ("%", "percent", 1),
        ("户", "households", 1),
        ("万人", "people", 10_000),
        ("项", "entries", 1),
        ("元", "percent", None),
        ("%", "yuan", None),
        ("亩", "households", None),
    ],
)
def test_units_are_those_of_the_program(word: str, unit: str, worth: float | None) -> None:
    assert worth_of(word, unit) == worth


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (_row("没有的指标", _COUNTY, 5), NO_INDICATOR),
        (_row(_SHARE, _COUNTY, 5, target_unit="元"), NO_UNIT),
        (_row("registered_households", _COUNTY, 5), NO_DIRECTION),
    ],
)
def test_a_row_that_no_number_can_be_held_to_is_told(row: dict[str, Any], why: str) -> None:
    targets = _targets(row, _row(_SHARE, _EAST, 90))
    assert [(one.indicator, one.why) for one in targets.unused] == [(row["indicator"], why)]
    assert _value(targets, _SHARE, _EAST) == 90


def test_ten_thousand_yuan_are_yuan() -> None:
    targets = _targets(_row("collective_income", _COUNTY, 4500, target_unit="万元"))
    assert _value(targets, "collective_income", _COUNTY) == 45_000_000
