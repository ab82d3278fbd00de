"""Facts computed a part of the households after the other are those computed at once."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rules import facts, parts
from rules.parameters import defaults
from rules.registry import groups
from store.snapshots import Home, Snapshot


def _written(snapshot: Snapshot, folder: Path, most: int) -> Path:
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "MOST", most)
        facts.write_facts(snapshot, groups(), defaults(), folder).close()
    return folder


@pytest.fixture(scope="module")
def whole(small_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _written(small_home.current(), tmp_path_factory.mktemp("facts") / "whole", 10**9)


def _differing(whole: Path, parted: Path) -> list[str]:
    """Relations of which any row differs, one file made at once and one by so many households."""
    found = []
    for path in whole.iterdir():
        one, other = f"FROM '{path}'", f"FROM '{parted / path.name}'"
        rows = f"(({one}) EXCEPT ALL ({other})) UNION ALL (({other}) EXCEPT ALL ({one}))"
        kinds = [duckdb.execute(f"DESCRIBE {each}").fetchall() for each in (one, other)]
        if kinds[0] != kinds[1] or duckdb.execute(rows).fetchall():
            found.append(path.stem)
    assert sorted(p.name for p in parted.iterdir()) == sorted(p.name for p in whole.iterdir())
    return found


@pytest.mark.parametrize("most", [1, 2, 4])
def test_parts_of_the_small_county(
    small_home: Home, whole: Path, tmp_path: Path, most: int
) -> None:
    assert _differing(whole, _written(small_home.current(), tmp_path / "parts", most)) == []


def test_the_file_goes_year_by_year(small_home: Home, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "MOST", 2)
        facts.write_facts(small_home.current(), groups(), defaults(), tmp_path).close()
    years = pq.read_table(tmp_path / "household_fact.parquet")["year"].to_pylist()
    assert years == sorted(years) and len(set(years)) > 1


def test_what_rows_of_an_unknown_household_alone_tell_is_told_in_every_part(
    small_home: Home, tmp_path: Path
) -> None:
    """That benefits are loaded at all: who has none then receives nothing, rather than unknown."""
    before = small_home.current()
    found = {name: pq.read_table(before.path(name)) for name in before.tables}
    rows = found["benefit"]
    at = rows.schema.get_field_index("household_id")
    nobody = pa.array(["H99"] * rows.num_rows, pa.string())
    found["benefit"] = rows.set_column(at, rows.schema.field(at), nobody)
    home = Home(tmp_path / "home")
    home.publish(
        found, data_date=before.data_date, county_code=before.county_code, loaded_by="t",
        sources=[], report={},
    )  # fmt: skip
    made = [_written(home.current(), tmp_path / str(most), most) for most in (10**9, 2)]
    assert rows.num_rows and _differing(*made) == []
