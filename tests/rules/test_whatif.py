"""Judging again by other thresholds, over the small county."""

from __future__ import annotations

from datetime import date

import pytest

from metrics.county import County
from metrics.filters import HouseholdFilter
from metrics.selections import selection
from rules.parameters import defaults
from rules.registry import Rule, RuleError, rules
from rules.tally import Tally, tally
from rules.whatif import Moves, adjustable, as_of, rejudge
from store.scope import Scope
from tests.small_county import BROOK, COUNTY, EAST, HILL, MILL

_LINE = {"monitoring_line_yuan": 7100.0}


def _reader(small: County, *codes: str):  # type: ignore[no-untyped-def]
    return small.reader(Scope.of(codes or [COUNTY]))


def test_who_enters_under_a_line_where_none_was_known(small: County) -> None:
    found = rejudge(_reader(small), ["monitor_unstable"], 2025, _LINE)
    # H02 (7000 yuan) and H05 (4100 yuan) have exited; H06 is poor, H04 never was registered.
    assert found.entering["monitor_unstable"] == [("H02", HILL), ("H05", MILL)]
    assert found.leaving["monitor_unstable"] == []
    assert found.total("monitor_unstable") == Moves(0, 2, 2, 0, 0)
    assert found.total("monitor_unstable", EAST) == Moves(0, 1, 1, 0, 0)


def test_who_leaves_when_less_of_a_fall_counts(small: County) -> None:
    reader = _reader(small)
    assert rejudge(reader, ["income_drop"], 2025, {"income_drop_percent": 30.0}).leaving == {
        "income_drop": [("H02", HILL)]
    }
    entering = rejudge(reader, ["income_drop"], 2025, {"income_drop_percent": 5.0}).entering
    assert entering == {"income_drop": [("H03", BROOK)]}


def test_who_enters_and_who_leaves_both_move() -> None:
    assert Moves(before=5, after=4, entering=2, leaving=3, unknown=0).moving == 5


def test_the_threshold_in_force_moves_nobody(small: County) -> None:
    found = rejudge(_reader(small), ["income_drop"], 2025, {"income_drop_percent": 10.0})
    moves = found.total("income_drop")
    assert (moves.entering, moves.leaving, moves.before) == (0, 0, moves.after)


def test_a_threshold_taken_away_leaves_everybody_unknown(small: County) -> None:
    moves = rejudge(_reader(small), ["income_drop"], 2025, {"income_drop_percent": None})
    assert moves.total("income_drop") == Moves(1, 0, 0, 0, 6)


def test_rules_that_ask_others_follow(small: County) -> None:
    found = rejudge(_reader(small), ["monitor_unstable", "monitor_missed"], 2025, _LINE)
    # H04 is borderline and monitored already.
    assert found.entering["monitor_missed"] == [("H02", HILL), ("H05", MILL)]


def test_a_viewer_sees_only_the_own_places_move(small: County) -> None:
    found = rejudge(_reader(small, HILL), ["monitor_unstable"], 2025, _LINE)
    assert found.entering["monitor_unstable"] == [("H02", HILL)]
    assert set(found.places["monitor_unstable"]) == {HILL}


def test_villages_and_the_county_are_judged_again_too(small: County) -> None:
    income = {"village_collective_income_yuan": 100000.0}
    found = rejudge(_reader(small), ["village_income"], 2025, income)
    assert found.leaving["village_income"] == [(HILL, HILL)]
    rate = rejudge(_reader(small), ["county_rate"], 2025, {"county_poverty_rate_percent": 0.1})
    assert rate.leaving["county_rate"] == [(COUNTY, COUNTY)]


def test_another_day_gives_its_thresholds() -> None:
    rule = rules()["monitor_unstable"]
    assert as_of(rule, defaults(), date(2021, 7, 1)) == {"monitoring_line_yuan": 6000}
    assert as_of(rule, defaults(), date(2025, 7, 1)) == {"monitoring_line_yuan": None}


@pytest.mark.parametrize(
    "rule", [pytest.param(r, id=r.key) for r in rules().values() if adjustable(r)]
)
def test_what_is_now_equals_what_its_page_counts(small: County, rule: Rule) -> None:
    """Before, and after by the thresholds in force: those asked who meet the rule."""
    reader = _reader(small)
    for year in small.years:
        moves = rejudge(reader, [rule.key], year, as_of(rule, small.parameters, date(year, 12, 31)))
        counted = tally(reader, [rule.key], year, "county")[rule.key]
        known = sum(counted.values(), Tally())
        total = moves.total(rule.key)
        assert (total.before, total.after, total.unknown) == (known.met, known.met, known.unknown)
        assert (total.entering, total.leaving) == (0, 0)


def test_households_that_a_rule_is_not_asked_of_do_not_move(small: County) -> None:
    """H04 was never registered: by no line does it enter or leave the standards of exit."""
    found = rejudge(_reader(small), ["exit_income"], 2025, {"poverty_line_yuan": 100.0})
    assert [subject for subject, _ in found.entering["exit_income"]] == [
        "H01", "H02", "H03", "H05", "H06",
    ]  # fmt: skip
    listed = selection("what.exit_income.in.poverty_line_yuan.100")
    condition, given = HouseholdFilter(COUNTY, 2025, select=listed).condition()
    rows = _reader(small).rows(
        f"SELECT f.household_id AS id FROM {{household_fact}} AS f WHERE {condition} ORDER BY 1",
        **given,
    )
    assert [row["id"] for row in rows] == ["H01", "H02", "H03", "H05", "H06"]


def test_what_can_be_adjusted() -> None:
    assert adjustable(rules()["monitor_missed"]) == [
        "monitoring_line_yuan",
        "own_payment_limit_yuan",
        "sudden_drop_percent",
    ]
    assert adjustable(rules()["elderly_living_alone"]) == ["members_at_home_max"]


@pytest.mark.parametrize(
    ("keys", "overrides", "says"),
    [
        (["income_drop"], _LINE, "not thresholds of income_drop: monitoring_line_yuan"),
        (["elderly_living_alone"], {"elderly_age_years": 65.0}, "not thresholds"),
        (["income_drop", "village_rate"], {}, "one relation"),
    ],
)
def test_what_cannot_be_judged_again_is_refused(
    small: County, keys: list[str], overrides: dict[str, float], says: str
) -> None:
    with pytest.raises(RuleError, match=says):
        rejudge(_reader(small), keys, 2025, overrides)
