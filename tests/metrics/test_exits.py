"""Exits reconciled: records less those who fell back later are the last exits of the register."""

from __future__ import annotations

from metrics.county import County
from metrics.exits import Exits, by_year
from store.scope import Scope
from tests.small_county import COUNTY, MILL


def test_without_records_only_the_register_is_told(small: County) -> None:
    """H05 exited in 2025; the change records know of no exit, and that is a gap of five people."""
    reader = small.reader(Scope.of([COUNTY]))
    assert by_year(reader, COUNTY) == [Exits(2025, 0, 0, 5, 13)]
    assert by_year(reader, COUNTY)[0].rest == -5
    assert by_year(reader, MILL) == [Exits(2025, 0, 0, 5, 5)]


def test_what_no_file_gave_is_not_known() -> None:
    assert Exits(2025, None, None, 5, 12).rest is None


def test_who_exited_again_later_is_no_gap() -> None:
    assert Exits(2025, gross=10, again=3, last_exit=5, stock=12).rest == 2
