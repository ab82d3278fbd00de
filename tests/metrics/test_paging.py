"""A page holds the rows that counting past all before it would give, however one comes to it."""

from __future__ import annotations

from itertools import permutations

import pytest

from metrics import paging
from metrics.county import County, open_county
from metrics.paging import Order
from store.reader import Reader
from store.scope import Scope
from store.snapshots import Home
from tests.small_county import COUNTY, WEST

_QUERY = (
    "SELECT household_id, year, village_code, income_change_percent, exit_year, head_name "
    "FROM {household_fact} WHERE year >= $from_year"
)
_GIVEN = {"from_year": 2000}
ORDERS = (
    Order.by("household_id", "year"),
    Order.by("-household_id", "year"),
    Order.by("income_change_percent", "-year", "household_id"),
    Order.by("-income_change_percent", "exit_year", "household_id", "year"),
    Order.by("-exit_year", "-income_change_percent", "-household_id", "-year"),
)


@pytest.fixture
def county(small_home: Home) -> County:
    """Opened for the test: nothing is remembered of its lists."""
    return open_county(small_home)


@pytest.fixture
def reader(county: County) -> Reader:
    return county.reader(Scope.of([COUNTY]))


def _counted_past(reader: Reader, order: Order, offset: int, limit: int) -> list[dict[str, object]]:
    sql = f"{_QUERY} ORDER BY {order.sql()} LIMIT {limit} OFFSET {offset}"
    return reader.rows(sql, **_GIVEN)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("limit", [1, 4, 7])
def test_each_page_by_itself_onwards_and_backwards(
    county: County, small_home: Home, order: Order, limit: int
) -> None:
    everything = county.reader(Scope.of([COUNTY])).rows(_QUERY, **_GIVEN)
    assert len(everything) > 15 and any(row["income_change_percent"] is None for row in everything)
    offsets = list(range(0, len(everything) + 2 * limit, limit))
    for way in (offsets, offsets[::-1], [*offsets[::2], *offsets[1::2]]):
        reader = open_county(small_home).reader(Scope.of([COUNTY]))
        for offset in way:
            rows = paging.rows(reader, _QUERY, order, offset, limit, _GIVEN).to_pylist()
            assert rows == _counted_past(reader, order, offset, limit), (offset, way)


def test_all_rows_are_in_the_same_order(reader: Reader) -> None:
    for order in ORDERS:
        rows = paging.rows(reader, _QUERY, order, given=_GIVEN).to_pylist()
        assert rows == _counted_past(reader, order, 0, 1000)


def test_what_is_remembered_of_one_viewer_and_filter_is_no_others(county: County) -> None:
    order, west = ORDERS[0], {"from_year": 2025}
    asked = [
        (county.reader(Scope.of([code]), reveal=reveal), given)
        for code in (COUNTY, WEST)
        for reveal in (False, True)
        for given in (_GIVEN, west)
    ]
    for each in permutations(range(len(asked)), 2):
        for reader, given in (asked[at] for at in each):
            for offset in (0, 2, 4):
                rows = paging.rows(reader, _QUERY, order, offset, 2, given).to_pylist()
                sql = f"{_QUERY} ORDER BY {order.sql()} LIMIT 2 OFFSET {offset}"
                assert rows == reader.rows(sql, **given)


def test_the_next_page_sorts_no_row_before_it(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    ask = Reader.arrow
    monkeypatch.setattr(
        Reader,
        "arrow",
        lambda self, sql, /, **given: (asked.append(sql), ask(self, sql, **given))[1],
    )
    for page in range(1, 4):
        paging.rows(reader, _QUERY, ORDERS[2], (page - 1) * 3, 3, _GIVEN)
    assert len(asked) == 3, "one query a page"
    assert not any("OFFSET" in sql for sql in asked)
    paging.rows(reader, _QUERY, ORDERS[2], 12, 3, _GIVEN)
    assert any("OFFSET 2" in sql for sql in asked[3:]), "from the nearest page that is known"
