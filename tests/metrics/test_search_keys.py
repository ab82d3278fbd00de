"""Search keys find whom the tables hold, within the scope, and hold no value themselves."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow.parquet as pq
import pytest

from metrics.county import County
from metrics.search_keys import RELATION, condition
from store.scope import Scope
from store.snapshots import Home
from tests.small_county import COUNTY, EAST, WEST


def _found(small: County, scope: str, text: str) -> set[str]:
    sql = f"SELECT f.household_id FROM {{household_fact}} AS f WHERE {condition('$q')}"
    return {row["household_id"] for row in small.reader(Scope.of([scope])).rows(sql, q=text)}


def _people(small: County) -> Iterable[tuple[str, str]]:
    """Every name and number with the household that it is of."""
    members = pq.read_table(small.snapshot.path("member")).to_pylist()
    heads = pq.read_table(small.snapshot.path("household")).to_pylist()
    yield from ((row["household_id"], row["head_name"]) for row in heads)
    for row in members:
        yield from ((row["household_id"], row[key]) for key in ("name", "identity_number"))


def test_everybody_is_found_by_name_and_number_with_all_who_share_it(small: County) -> None:
    people = [(home, text) for home, text in _people(small) if text]
    assert len(people) > 20
    for text in {text for _, text in people}:
        assert _found(small, COUNTY, text) == {home for home, other in people if other == text}


def test_another_township_is_not_searched(small: County) -> None:
    heads = pq.read_table(small.snapshot.path("household")).to_pylist()
    for row in heads:
        here, there = (EAST, WEST) if row["village_code"].startswith(EAST) else (WEST, EAST)
        assert _found(small, here, row["head_name"]) == {row["household_id"]}
        assert _found(small, there, row["head_name"]) == set()


@pytest.mark.parametrize("part", ["", "张", "张试", "6"])
def test_a_part_of_a_name_or_number_finds_nobody(small: County, part: str) -> None:
    assert _found(small, COUNTY, part) == set()


def test_no_value_stands_in_the_file(small: County, small_home: Home) -> None:
    path = small.engine.relations[RELATION].path
    assert path is not None
    rows = pq.read_table(path)
    assert all(len(text) == 32 for text in rows["found"].to_pylist())
    values = {text for _, text in _people(small) if text}
    assert not values & {text for name in rows.column_names for text in rows[name].to_pylist()}
    assert rows["found"].to_pylist() == sorted(rows["found"].to_pylist())
