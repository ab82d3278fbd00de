"""A database over a home keeps to its limit, spills into the home, and leaves nothing there."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pytest

from metrics.county import open_county
from store import spilling
from store.scope import Scope
from store.snapshots import Home
from tests.small_county import COUNTY
from tests.store.test_leftovers import gone

_LARGE = (
    "CREATE TEMP TABLE large AS SELECT i, hash(i) AS h, i::VARCHAR AS t FROM range(4000000) r(i)"
)


def test_what_does_not_fit_lies_in_the_home_until_the_database_is_closed(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        folder = spilling.limit(connection, tmp_path, megabytes=64)
        connection.execute(_LARGE)
        assert folder.parent == tmp_path and list(folder.iterdir())
    assert list(tmp_path.iterdir()) == []


def test_two_databases_of_a_process_do_not_share_a_folder(tmp_path: Path) -> None:
    with duckdb.connect() as one, duckdb.connect() as other:
        assert spilling.limit(one, tmp_path) != spilling.limit(other, tmp_path)


def test_what_a_killed_process_has_left_is_swept_and_no_other(tmp_path: Path) -> None:
    left, others = tmp_path / f".spill-3-{gone()}", tmp_path / f".spill-3-{os.getppid()}"
    for folder in (left, others):
        folder.mkdir()
        (folder / "block.tmp").write_bytes(b"1")
    with duckdb.connect() as connection:
        spilling.limit(connection, tmp_path)
    assert list(tmp_path.iterdir()) == [others]


def test_a_county_is_open_under_the_limit_that_is_set(
    small_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAIZHANG_MEMORY_MB", "200")
    county = open_county(small_home)
    with county.engine.cursor() as cursor:
        [(limit, folder)] = cursor.execute(
            "SELECT current_setting('memory_limit'), current_setting('temp_directory')"
        ).fetchall()
    assert limit == "200.0 MiB" and Path(folder).parent == small_home.path
    reader = county.reader(Scope.of([COUNTY]))
    apart = reader.rows(
        "SELECT count(*) AS n FROM (SELECT i, region_code, repeat('x', 60) || i AS t "
        "FROM range(500000) AS r(i) CROSS JOIN {region} GROUP BY ALL)"
    )
    assert apart == [{"n": 3_000_000}], "groups that do not fit go through the home"
    county.engine.retire()


def test_small_relations_lie_in_memory_and_large_ones_where_they_are(
    small_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.tables.SMALL", 6)  # the households; not their years
    county = open_county(small_home)
    with county.engine.cursor() as cursor:
        views = {
            name for (name,) in cursor.execute("FROM duckdb_views() SELECT view_name").fetchall()
        }
        tables = {
            name for (name,) in cursor.execute("FROM duckdb_tables() SELECT table_name").fetchall()
        }
    assert "household" in tables and {"household_year", "household_fact"} <= views
    county.engine.retire()
