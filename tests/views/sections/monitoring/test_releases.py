"""Why a released case should not have been, how a clock reads, what a list is called."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from metrics.county import County
from metrics.monitoring import OPEN_PARTS, RELEASED_PARTS
from tests.views.parts.test_pieces import _stage
from views.context.stage import Stage
from views.sections.monitoring import releases

_RELEASED = {
    "year": 2021,
    "release_per_capita_yuan": 7000.0,
    "monitored_months": 11,
    "release_out_of_school": False,
    "release_uninsured_member": False,
    "release_housing_unsafe": False,
    "release_water_unsafe": False,
    "able_members": 1,
    "weak_members": 0,
}
_STEP = {
    "clue_on": date(2025, 12, 13),
    "identified_on": None,
    "decided": False,
    "measures_given": False,
    "monitored_months": None,
    "clock_days": 18,
    "limit_days": 15.0,
}


def _why(stage: Stage, **facts: Any) -> str:
    return releases.why(stage, _RELEASED | facts)


def test_a_case_that_meets_every_condition_has_nothing_to_say(small: County) -> None:
    assert _why(_stage(small)) == ""


def test_each_condition_missed_is_said_with_its_value(small: County) -> None:
    stage = _stage(small)
    told = _why(stage, release_per_capita_yuan=5000.0, monitored_months=2)
    assert "防返贫监测收入参考线6,000元,实际5,000元" in told
    assert "6个月,实际2个月" in told
    assert told.count(";") == 1


def test_a_guarantee_that_is_not_safe_is_said_alone(small: County) -> None:
    told = _why(_stage(small), release_water_unsafe=True)
    assert "饮水" in told and "住房" not in told


def test_what_is_not_known_is_said_too(small: County) -> None:
    assert "实际" not in _why(_stage(small), release_per_capita_yuan=None)
    assert "收入" in _why(_stage(small), release_per_capita_yuan=None)


def test_before_there_were_conditions_none_is_missed(small: County) -> None:
    assert _why(_stage(small), year=2020) == "2020年还没有消除条件"


def test_todays_line_is_missing_where_the_county_has_none(small: County) -> None:
    stage = _stage(small)
    today = replace(stage, view=replace(stage.view, asof="today"))
    assert "未填" in _why(today)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, "2025-12-13起已18天,限15天"),
        (
            {"decided": True, "identified_on": date(2025, 12, 1), "clock_days": 30},
            "2025-12-01起已30天,限15天",
        ),
        ({"limit_days": None}, "已18天,时限未填"),
        ({"clock_days": None}, "无起始日期"),
        ({"measures_given": True, "monitored_months": 7}, "已监测7个月"),
        ({"measures_given": True}, ""),
    ],
)
def test_a_clock_reads_by_what_is_known(small: County, facts: dict[str, Any], said: str) -> None:
    assert releases.clock(_stage(small), _STEP | facts) == said


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_list_has_a_name_of_its_own(small: County, lang: str) -> None:
    stage = _stage(small)
    stage = replace(stage, view=replace(stage.view, lang=lang))
    names = {part: releases.part_name(stage, part) for part in (*OPEN_PARTS, *RELEASED_PARTS)}
    assert all(names.values())
    # Those released against the conditions may be called as they are in the table of years.
    assert len(set(names.values())) == len(names)
