"""What differs between two relations, and which queries say something else for it."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.changed import Changed, differing, with_read

CELLS = st.sampled_from([None, 0, 1, 2])
ROWS = st.dictionaries(st.integers(0, 5), st.tuples(CELLS, CELLS), max_size=6)


def told(was: list[dict[str, object]], now: list[dict[str, object]], key: list[str]) -> object:
    kinds = pa.schema([("key", pa.int32()), ("a", pa.int32()), ("b", pa.int32())])
    with duckdb.connect(":memory:") as connection:
        connection.register("was", pa.Table.from_pylist(was, kinds))
        connection.register("now", pa.Table.from_pylist(now, kinds))
        return differing(connection, "was", "now", ["a", "b"], key)


def rows(given: dict[int, tuple[int | None, int | None]]) -> list[dict[str, object]]:
    return [{"key": key, "a": a, "b": b} for key, (a, b) in given.items()]


@given(ROWS, ROWS)
def test_the_columns_that_differ_are_those_with_another_value_in_a_row(
    was: dict[int, tuple[int | None, int | None]], now: dict[int, tuple[int | None, int | None]]
) -> None:
    found = told(rows(was), rows(now), ["key"])
    if was.keys() != now.keys():
        assert found is None
    else:
        other = {name for key in was for i, name in enumerate("ab") if was[key][i] != now[key][i]}
        assert found == other


@pytest.mark.parametrize("key", [["key"], []])
def test_rows_that_have_a_key_twice_are_compared_whole(key: list[str]) -> None:
    was: list[dict[str, object]] = [{"key": 1, "a": 1, "b": 1}, {"key": 1, "a": 2, "b": 2}]
    now: list[dict[str, object]] = [{"key": 1, "a": 1, "b": 2}, {"key": 1, "a": 2, "b": 1}]
    assert told(was, now, key) is None
    assert told(was, was[::-1], key) == frozenset()


def test_a_query_is_stale_by_a_column_that_it_names_of_a_relation_that_it_names() -> None:
    changed = Changed()
    changed.note("member", frozenset({"age"}))
    changed.note("household", frozenset())
    assert changed.stale("SELECT age FROM member")
    assert not changed.stale("SELECT sex FROM member -- age is another matter")
    assert not changed.stale("SELECT age FROM person")
    changed.note("member", None)
    assert changed.stale("SELECT COUNT(*) FROM member")
    assert not changed.stale("SELECT COUNT(*) FROM household")


def test_what_builds_on_a_stale_query_is_stale_and_what_it_reads_is_computed() -> None:
    queries = {
        "a": "SELECT x FROM one",
        "b": "SELECT y FROM two",
        "c": "SELECT * FROM a JOIN b",
        "d": "SELECT * FROM b",
    }
    changed = Changed()
    changed.note("one", frozenset({"x"}))
    stale = changed.through(queries)
    assert stale == {"a", "c"}
    assert list(with_read(stale, queries)) == ["a", "b", "c"]
