"""Staged rows come back by position, in any order, and only those that were not taken out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.assembly.staging import Staging
from loaders.assembly.table_writing import Writer, in_chunks
from loaders.layouts import matching
from store import schema

HOUSEHOLD = schema.BY_NAME["household"]


@pytest.fixture
def staging(tmp_path: Path) -> Iterator[Staging]:
    made = Staging(tmp_path / "staging", matching.load())
    yield made
    made.close()


def homes(*numbers: int, sheet: int = 0) -> pa.Table:
    """Rows of the register with these numbers, odd ones in one village, even ones in another."""
    rows: list[dict[str, Any]] = [
        {
            "household_id": f"H{n}",
            "village_code": f"61992510120{n % 2}",
            "registered": True,
            "member_count": n,
            "source_file": "a.csv",
            "source_row": n,
        }
        for n in numbers
    ]
    full = [{c: row.get(c) for c in HOUSEHOLD.arrow.names} for row in rows]
    table = pa.Table.from_pylist(full, HOUSEHOLD.arrow)
    for name, value, kind in (("_sheet", sheet, "int32"), ("_mends", 0, "int64")):
        table = table.append_column(name, pa.array([value] * len(rows), kind))
    return table


def kinds(**by_row: str) -> pa.Table:
    """Measures by the index of their row: _0="养蜂" is an industry measure of the first."""
    rows = [(int(key.strip("_")), detail) for key, detail in by_row.items()]
    return pa.table(
        {
            "_row": pa.array([row for row, _ in rows], pa.int32()),
            "kind": ["industry"] * len(rows),
            "detail": [detail for _, detail in rows],
        }
    )


def asked(pairs: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([p for p, _ in pairs], np.int32), np.array([i for _, i in pairs], np.int32)


@given(st.lists(st.integers(1, 6), min_size=1, max_size=4), st.data())
@settings(max_examples=25)
def test_rows_come_back_in_the_order_asked_for(sizes: list[int], data: Any) -> None:
    places = [(part, i) for part, size in enumerate(sizes) for i in range(size)]
    wanted = data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=12))
    with TemporaryDirectory() as folder:
        staging = Staging(Path(folder) / "staging", matching.load())
        for part, size in enumerate(sizes):
            staging.add("household", homes(*(10 * part + i for i in range(size))))
        found = staging.gather("household", *asked(wanted))
        staging.close()
    assert found["member_count"].to_pylist() == [10 * part + i for part, i in wanted]
    assert found["household_id"].to_pylist() == [f"H{10 * part + i}" for part, i in wanted]


def test_unpivoted_rows_come_back_with_the_row_that_they_stand_in(staging: Staging) -> None:
    staging.add("household", homes(1, 2, 3), kinds(_0="养蜂", _2="种茶"))
    staging.add("household", homes(4), kinds())
    staging.add("household", homes(5, 6), kinds(_1="养鱼"))
    rows, owners = staging.gather_spread("household", *asked([(2, 1), (1, 0), (0, 2), (0, 0)]))
    assert rows["detail"].to_pylist() == ["养鱼", "种茶", "养蜂"]
    assert owners.tolist() == [0, 2, 3]


def test_of_one_kind_in_one_row_the_first_is_kept(staging: Staging) -> None:
    twice = pa.concat_tables([kinds(_0="保洁"), kinds(_0="护林"), kinds(_1="种茶")])
    staging.add("household", homes(1, 2), twice)
    rows, owners = staging.gather_spread("household", *asked([(0, 0), (0, 1)]))
    assert rows["detail"].to_pylist() == ["保洁", "种茶"] and owners.tolist() == [0, 1]


def test_keys_leave_out_what_is_gone_and_take_whole_numbers(staging: Staging) -> None:
    staging.add("household", homes(1, 2))
    staging.add("household", homes(3, sheet=4))
    staging.index("household")
    staging.sql.execute("INSERT INTO gone_household VALUES (0, 1)")
    staging.sql.execute("INSERT INTO whole_household VALUES (1, 0, '003', 'leading_zero')")
    found = staging.sql.execute(
        "SELECT part, pos, sheet, household_id FROM keys_household ORDER BY ALL"
    ).fetchall()
    assert found == [(0, 0, 0, "H1"), (1, 0, 4, "003")]
    assert staging.count("household") == 2


@pytest.mark.parametrize("held", [True, False])
def test_what_rows_say_is_hashed_where_they_are_held_against_others(
    tmp_path: Path, held: bool
) -> None:
    staging = Staging(tmp_path / "staging", matching.load(), held=held)
    staging.add("household", homes(1, 2, 3))
    staging.index("household")
    query = "SELECT count(DISTINCT content), bool_or(content = 0) FROM keys_household"
    assert staging.sql.execute(query).fetchall() == [(3, False) if held else (1, True)]
    staging.close()


def test_a_table_that_nobody_gave_has_no_keys(staging: Staging) -> None:
    staging.index("member")
    staging.add("member", homes().select(["_sheet", "_mends"]))
    assert staging.count("member") == 0 and staging.parts == []


def test_nothing_is_left_when_it_is_closed(tmp_path: Path) -> None:
    staging = Staging(tmp_path / "staging", matching.load())
    staging.add("household", homes(1), kinds(_0="养蜂"))
    staging.close()
    assert list(tmp_path.iterdir()) == []


def test_a_finished_file_has_the_schemas_types_and_no_trace_of_dictionaries(tmp_path: Path) -> None:
    with Writer(tmp_path, HOUSEHOLD) as writer:
        writer.write(homes(1, 3))
        writer.write(homes(2))
    found = pq.read_table(writer.path)
    assert found.schema.equals(HOUSEHOLD.arrow)
    assert found["village_code"].to_pylist() == ["619925101201", "619925101201", "619925101200"]


@pytest.mark.parametrize("rows", [0, 3, 8, 10])
def test_a_query_comes_in_chunks_of_one_size(staging: Staging, rows: int) -> None:
    query = staging.sql.sql("SELECT i FROM range($n) AS r(i)", params={"n": rows})
    chunks = [chunk["i"].to_pylist() for chunk in in_chunks(query, 4)]
    assert [i for chunk in chunks for i in chunk] == list(range(rows))
    assert all(len(chunk) == 4 for chunk in chunks[:-1])
