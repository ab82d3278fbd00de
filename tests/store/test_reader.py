"""Every query is held to the scope and masked inside the query."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from metrics.county import County
from store import schema
from store.reader import Engine, relation_of
from store.scope import Scope
from store.snapshots import Home
from tests.small_county import BROOK, COUNTY, EAST, HILL, MILL, WEST

_ALL = Scope.of([COUNTY])


@pytest.mark.parametrize(
    ("codes", "villages"),
    [
        ([COUNTY], {COUNTY, HILL, BROOK, MILL}),  # a zone may be of no smaller place
        ([EAST], {HILL, BROOK}),
        ([MILL], {MILL}),
        ([HILL, WEST], {HILL, MILL}),
        ([], set()),
    ],
)
def test_every_relation_with_a_place_is_held_to_the_scope(
    small: County, codes: list[str], villages: set[str]
) -> None:
    reader = small.reader(Scope.of(codes))
    for name, relation in small.engine.relations.items():
        if relation.region != "village_code":
            continue
        rows = reader.rows(f"SELECT DISTINCT village_code FROM {{{name}}}")
        assert {row["village_code"] for row in rows} <= villages, name
    seen = reader.rows("SELECT DISTINCT village_code FROM {household}")
    assert {row["village_code"] for row in seen} == villages - {COUNTY}


def test_a_join_is_held_to_the_scope_on_both_sides(small: County) -> None:
    rows = small.reader(Scope.of([WEST])).rows(
        "SELECT m.name FROM {household} AS h JOIN {member} AS m USING (household_id)"
    )
    assert len(rows) == 7


def test_personal_columns_are_masked(small: County) -> None:
    reader = small.reader(_ALL)
    household = reader.one("SELECT head_name, phone FROM {household} WHERE household_id = 'H01'")
    assert household == {"head_name": "张*三", "phone": "100****0000"}
    member = reader.one("SELECT name, identity_number FROM {member} WHERE member_id = 'H02-3'")
    assert member == {"name": "李*", "identity_number": "6*****************"}
    entry = reader.one("SELECT responsible FROM {ledger_entry} LIMIT 1")
    assert entry == {"responsible": "吴*十"}
    fact = reader.one("SELECT head_name FROM {household_fact} WHERE household_id = 'H04'")
    assert fact == {"head_name": "赵*六"}


def test_the_right_to_see_whole_values_shows_them(small: County) -> None:
    reader = small.reader(_ALL, reveal=True)
    assert reader.one("SELECT head_name FROM {household} WHERE household_id = 'H01'") == {
        "head_name": "张试三"
    }


def test_a_value_is_never_pasted_into_the_text(small: County) -> None:
    reader = small.reader(_ALL)
    rows = reader.rows(
        "SELECT household_id FROM {household} WHERE household_id = $id", id="x' OR 1=1 --"
    )
    assert rows == []


def test_refused_rows_are_of_their_place_and_those_of_none_of_the_whole_county() -> None:
    relation = relation_of(schema.BY_NAME["quarantine"])
    text, given = relation.selection(Scope.of([EAST]), False)
    assert "WHERE (region_code LIKE $scope_0)" in text and given == {"scope_0": f"{EAST}%"}
    assert "WHERE TRUE" in relation.selection(_ALL, False)[0]
    assert "WHERE FALSE" in relation.selection(Scope(()), False)[0]
    mended = relation_of(schema.BY_NAME["mend"]).selection(Scope.of([EAST]), False)
    assert "WHERE FALSE" in mended[0]


def test_an_unknown_relation_and_files_outside_are_refused(small: County) -> None:
    reader = small.reader(_ALL)
    with pytest.raises(KeyError):
        reader.rows("SELECT * FROM {nowhere}")
    with pytest.raises(duckdb.Error):
        reader.rows("SELECT * FROM read_csv('/etc/passwd')")


def test_whole_refused_rows_open_only_to_who_may_see_whole_values(small: County) -> None:
    sql = "SELECT count(*) AS rows FROM {quarantine_row}"
    assert small.reader(_ALL).one(sql) == {"rows": 0}
    assert small.reader(_ALL, reveal=True).one(sql) == {"rows": 1}
    assert small.reader(Scope.of([WEST]), reveal=True).one(sql) == {"rows": 0}
    assert small.reader(Scope.of([EAST]), reveal=True).one(sql) == {"rows": 1}
    assert small.reader(Scope.of([EAST])).one(sql) == {"rows": 0}
    assert small.reader(Scope.of([EAST]), reveal="H01").one(sql) == {"rows": 0}


def test_a_snapshot_of_an_older_schema_opens_with_nulls(small: County, tmp_path: Path) -> None:
    newer = small.snapshot
    older = Home(tmp_path / "older")
    tables = {name: pq.read_table(newer.path(name)) for name in newer.tables}
    older.publish(
        tables, data_date=newer.data_date, county_code=COUNTY, loaded_by="t", sources=[], report={}
    )
    snapshot = older.current()
    snapshot.manifest["tables"].pop("employment")
    path = snapshot.path("member")
    pq.write_table(tables["member"].drop_columns(["work_place", "disability_grade"]), path)
    reader = Engine(snapshot).reader(_ALL)
    kinds = "SELECT DISTINCT typeof(work_place) AS a, typeof(disability_grade) AS b FROM {member}"
    assert reader.rows(kinds) == [{"a": "VARCHAR", "b": "INTEGER"}]
    assert reader.one("SELECT count(work_place) AS n, count(name) > 0 AS ok FROM {member}") == {
        "n": 0,
        "ok": True,
    }
    assert reader.one("SELECT count(*) AS n FROM {employment}") == {"n": 0}
