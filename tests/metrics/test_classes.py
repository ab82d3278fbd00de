"""Classes of labour: counted by place, moved between years, with and without the main measure."""

from __future__ import annotations

import pytest

from metrics import classes, lists
from metrics.classes import Move
from metrics.county import County
from metrics.filters import HouseholdFilter
from metrics.selections import SelectionError, selection
from rules.registry import rules
from store.reader import Reader
from store.scope import Scope
from tests.small_county import BROOK, COUNTY, EAST, HILL, MILL, WEST

_YEAR = 2025


@pytest.fixture
def reader(small: County) -> Reader:
    return small.reader(Scope.of([COUNTY]))


def _count(small: County, text: str, year: int = _YEAR) -> int:
    wanted = HouseholdFilter(COUNTY, year, select=selection(text))
    return lists.counted(small.reader(Scope.of([COUNTY])), wanted)[0]


def test_every_registered_household_is_in_one_class(reader: Reader) -> None:
    found = classes.counts(reader, COUNTY, _YEAR, 9)
    assert found.keys() == {EAST, WEST}
    [registered] = reader.rows(
        "SELECT COUNT(*) AS n FROM {household_fact} WHERE year = $year AND registered", year=_YEAR
    )
    assert sum(n for place in found.values() for n in place.values()) == registered["n"] == 5


def test_the_classes_of_a_village_are_its_own(reader: Reader) -> None:
    # H01 has one of three able and a weak one, H02 nobody.
    assert classes.counts(reader, HILL, _YEAR, 12).keys() == {HILL}
    found = classes.counts(reader, HILL, _YEAR, 12)[HILL]
    assert sum(n for (key, _), n in found.items() if key == "no_labour") == 1


def test_moves_add_up_to_the_year(reader: Reader) -> None:
    found = classes.moves(reader, COUNTY, "labour_class", 2024, _YEAR)
    now = [move for move in found if move.now != classes.ABSENT]
    assert sum(move.households for move in now) == 5
    assert {move.then for move in found} == {"unknown"}, "labour is known of the newest year only"


def test_each_move_opens_as_many_as_it_counts(small: County, reader: Reader) -> None:
    for column in classes.COLUMNS:
        for move in classes.moves(reader, COUNTY, column, 2024, _YEAR):
            text = f"class.{column}.{move.now}.2024.{move.then}"
            assert _count(small, text) == move.households, text


def test_one_who_was_not_there_comes_from_nowhere(small: County) -> None:
    found = classes.moves(small.reader(Scope.of([COUNTY])), COUNTY, "labour_class", 2010, _YEAR)
    assert {move.then for move in found} == {classes.ABSENT}
    assert sum(_count(small, f"class.labour_class.{m.now}.2010.absent") for m in found) == 5
    gone = classes.moves(small.reader(Scope.of([COUNTY])), COUNTY, "labour_class", _YEAR, 2010)
    assert {move.now for move in gone} == {classes.ABSENT}


def test_a_column_that_is_no_class_is_refused(reader: Reader) -> None:
    with pytest.raises(ValueError, match="head_name"):
        classes.moves(reader, COUNTY, "head_name", 2024, _YEAR)


@pytest.mark.parametrize(
    "text",
    [
        "class.labour_class.weak.2024",
        "class.labour_class.weak.2024.sunk",
        "class.labour_class.weak.24.able",
        "class.labour_class.absent",
        "class.labour_class.weak.2024.able.more",
        "class.labour_class.weak.2O24.able",
    ],
)
def test_a_move_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(SelectionError):
        selection(text)


def test_mismatches_are_those_of_the_rules_and_open_them(small: County, reader: Reader) -> None:
    found = classes.mismatches(reader, COUNTY, _YEAR, 6)[COUNTY]
    for key, rule in classes.MISMATCHES.items():
        assert found[key]["all"] == _count(small, f"class.labour_class.{key}")
        assert found[key]["without"] == _count(small, f"rule.{rule}.met")
        assert found[key]["unknown"] == _count(small, f"rule.{rule}.unknown")
    both = found[classes.MISMATCH]
    assert both["without"] == sum(found[key]["without"] for key in classes.MISMATCHES) > 0
    assert both["without"] == _count(small, "rule.measure_mismatch.met")
    assert both["unknown"] == _count(small, "rule.measure_mismatch.unknown")


def test_mismatches_of_the_places_add_up(reader: Reader) -> None:
    whole = classes.mismatches(reader, COUNTY, _YEAR, 6)[COUNTY]
    each = classes.mismatches(reader, COUNTY, _YEAR, 12)
    assert each.keys() == {HILL, BROOK, MILL}
    for key in classes.MISMATCHES:
        assert sum(place[key]["without"] for place in each.values()) == whole[key]["without"]


def test_the_names_of_classes_are_rules() -> None:
    named = {*classes.MISMATCHES, *classes.MISMATCHES.values()}
    named |= {key for pair in classes.SUBCLASSES.values() for key in pair}
    assert named <= rules().keys()
    subclasses = {key for pair in classes.SUBCLASSES.values() for key in pair}
    assert subclasses == set(classes.system().classes["labour_subclass"])


def test_who_stayed_or_is_not_known_has_not_moved() -> None:
    stayed, moved = Move("able", "able", 5), Move("able", "weak", 3)
    unknown = [Move(classes.UNKNOWN, "weak", 2), Move("weak", classes.ABSENT, 1)]
    assert classes.changed([stayed, moved, *unknown]) == [moved]
    assert classes.households_of([stayed, moved]) == 8


def test_a_class_is_a_share_of_all_that_are_asked() -> None:
    row = classes.Row(asked=10, classes={"able": 6}, subclasses={}, unknown=3)
    assert row.share("able") == 60
