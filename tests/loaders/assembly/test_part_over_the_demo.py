"""A register of eight households over a whole county: eight change, and nobody is gone."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from loaders import __main__ as command
from loaders.accounts.report import PUBLISHED_IN_PART
from store.snapshots import Home, Snapshot

FILE = Path(__file__).with_name("data") / "eight_households_only.xlsx"
NUMBERS = [f"611025000000{n:02d}" for n in range(1, 9)]


def rows(snapshot: Snapshot, name: str) -> int:
    return int(snapshot.manifest["tables"][name]["rows"])


def test_a_county_stays_whole_and_eight_households_change(demo: Home, tmp_path: Path) -> None:
    for name in ("snapshots", "county", "shapes"):
        shutil.copytree(demo.path / name, tmp_path / name)
    for name in ("CURRENT", "LAST"):
        shutil.copy(demo.path / name, tmp_path / name)
    home = Home(tmp_path)
    before = home.current()
    words = ["import", str(FILE), "--home", str(tmp_path), "--date", before.data_date.isoformat()]
    assert command.main(words) in (0, PUBLISHED_IN_PART)
    after = home.current()
    assert after.number == before.number + 1 and rows(before, "household") > 20_000
    assert {n: rows(after, n) for n in after.tables} == {n: rows(before, n) for n in before.tables}
    told = after.manifest["report"]["changes"]["household"]
    assert (told["before"], told["added"], told["changed"], told["gone"]) == (
        *(rows(before, "household"), 0, 8, 0),
    )
    households = f"FROM '{after.path('household')}'"
    old = f"FROM '{before.path('household')}'"
    columns = "household_id, head_name, phone, village_code"
    differ = duckdb.sql(f"SELECT {columns} {households} EXCEPT SELECT {columns} {old}").fetchall()
    assert sorted(number for number, *_ in differ) == NUMBERS
    assert {name[0] for _, name, *_ in differ} == {"周"} and len({v for *_, v in differ}) == 1
