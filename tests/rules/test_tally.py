"""Counts of met, missed and unknown by place, over the small county."""

from __future__ import annotations

import pytest

from metrics.county import County
from rules.registry import RuleError
from rules.tally import Tally, known_count, tally
from store.scope import Scope
from tests.small_county import BROOK, COUNTY, EAST, HILL, MILL, WEST


def test_each_place_has_its_counts(small: County) -> None:
    reader = small.reader(Scope.of([COUNTY]))
    found = tally(reader, ["exit_housing", "exit_food"], 2025, "village")
    # H04 (溪口村) was never registered: the standards of exit do not ask it.
    assert found["exit_housing"] == {
        HILL: Tally(2, 0, 0),
        BROOK: Tally(1, 0, 0),
        MILL: Tally(1, 1, 0),
    }
    assert found["exit_food"][MILL] == Tally(0, 0, 2)
    assert found["exit_food"][MILL].asked == 2


def test_levels_add_up(small: County) -> None:
    reader = small.reader(Scope.of([COUNTY]))
    townships = tally(reader, ["exit_housing"], 2025, "township")["exit_housing"]
    assert townships == {EAST: Tally(3, 0, 0), WEST: Tally(1, 1, 0)}
    county = tally(reader, ["exit_housing"], 2025, "county")["exit_housing"]
    assert county == {COUNTY: sum(townships.values(), Tally())}
    only = tally(reader, ["exit_housing"], 2025, "township", region=EAST)["exit_housing"]
    assert set(only) == {EAST}


def test_a_scope_holds_and_the_county_rules_need_the_county(small: County) -> None:
    township = small.reader(Scope.of([EAST]))
    assert set(tally(township, ["village_rate"], 2025, "village")["village_rate"]) == {HILL, BROOK}
    assert tally(township, ["county_rate"], 2025, "county")["county_rate"] == {}
    whole = small.reader(Scope.of([COUNTY]))
    assert tally(whole, ["county_rate"], 2025, "county")["county_rate"] == {COUNTY: Tally(1, 0, 0)}


def test_a_year_before_the_rule_counts_nobody(small: County) -> None:
    reader = small.reader(Scope.of([COUNTY]))
    assert tally(reader, ["village_rate"], 2015, "village") == {"village_rate": {}}


def test_no_case_is_unknown_where_most_could_not_be_told() -> None:
    assert known_count(0, 6, 10) is None
    assert (known_count(0, 5, 10), known_count(1, 9, 10), known_count(0, 0, 0)) == (0, 1, 0)
    mostly = Tally(0, 1, 2)
    assert (mostly.known_met, mostly.known_missed) == (None, 1)


def test_rules_of_two_relations_are_refused(small: County) -> None:
    with pytest.raises(RuleError, match="one relation"):
        tally(small.reader(Scope.of([COUNTY])), ["village_rate", "exit_food"], 2025, "village")
