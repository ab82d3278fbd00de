"""Publishing: whole or not at all, numbered for ever, and a reader keeps what it began with."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from metrics.county import open_county
from store.scope import Scope
from store.snapshots import CURRENT, Home, NoSnapshot, PublishBusy, PublishError, SnapshotDamaged
from tests import small_county

ROOT = Path(__file__).parents[2]


def _publish(home: Home, tables: dict[str, pa.Table], who: str = "test") -> int:
    return home.publish(
        tables,
        data_date=date(2025, 12, 31),
        county_code=small_county.COUNTY,
        loaded_by=who,
        sources=[],
        report={},
    ).number


def test_an_empty_home_has_no_snapshot(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert home.numbers() == []
    with pytest.raises(NoSnapshot):
        home.current()


def test_a_published_snapshot_is_current_and_counts_its_rows(tmp_path: Path) -> None:
    snapshot = small_county.publish(tmp_path)
    home = Home(tmp_path)
    assert home.current() == snapshot
    assert snapshot.manifest["tables"]["household"]["rows"] == len(small_county.HOUSEHOLDS)
    assert snapshot.data_date == small_county.DATA_DATE


def test_numbers_are_never_used_twice(tmp_path: Path) -> None:
    home = Home(tmp_path)
    first = small_county.publish(tmp_path)
    second = small_county.publish(tmp_path)
    for path in second.folder.iterdir():
        path.unlink()
    second.folder.rmdir()
    third = small_county.publish(tmp_path)
    assert [first.number, third.number] == [1, 3]
    assert home.numbers() == [1, 3]


def test_in_place_of_a_current_one_that_is_gone_the_newest_is_taken(tmp_path: Path) -> None:
    for _ in range(3):
        small_county.publish(tmp_path)
    home = Home(tmp_path)
    shutil.rmtree(home.open(3).folder)
    assert home.current_number() == 2


def test_going_back_to_an_earlier_snapshot(tmp_path: Path) -> None:
    small_county.publish(tmp_path)
    small_county.publish(tmp_path)
    home = Home(tmp_path)
    home.make_current(1)
    assert home.current().number == 1
    with pytest.raises(NoSnapshot):
        home.make_current(7)
    assert home.current().number == 1


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda t: t | {"nonsense": t["region"]}, "no table"),
        (lambda t: t | {"household": t["household"].drop_columns(["exit_year"])}, "missing"),
        (lambda t: t | {"household": pa.concat_tables([t["household"]] * 2)}, "not unique"),
        (
            lambda t: (
                t
                | {
                    "village_year": t["village_year"].set_column(
                        0, "village_code", pa.nulls(t["village_year"].num_rows, pa.string())
                    )
                }
            ),
            "null values",
        ),
    ],
)
def test_tables_that_do_not_fit_publish_nothing(tmp_path: Path, spoil, says: str) -> None:
    with pytest.raises(PublishError, match=says):
        _publish(Home(tmp_path), spoil(small_county.tables()))
    assert Home(tmp_path).numbers() == []


def test_a_flipped_bit_is_found(tmp_path: Path) -> None:
    snapshot = small_county.publish(tmp_path)
    path = snapshot.path("household_year")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(SnapshotDamaged, match="household_year"):
        Home(tmp_path).current()


def test_a_missing_file_and_a_broken_manifest_are_found(tmp_path: Path) -> None:
    snapshot = small_county.publish(tmp_path)
    snapshot.path("measure").unlink()
    with pytest.raises(SnapshotDamaged, match="missing"):
        Home(tmp_path).current()
    (snapshot.folder / "manifest.json").write_text("{")
    with pytest.raises(SnapshotDamaged, match="unreadable"):
        Home(tmp_path).current()


def test_a_second_import_is_refused_by_name_of_the_first(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with home.lock("clerk one"), pytest.raises(PublishBusy, match="clerk one"):
        _publish(Home(tmp_path), small_county.tables())
    assert home.numbers() == []


def test_a_reader_keeps_its_snapshot_while_another_is_published(tmp_path: Path) -> None:
    small_county.publish(tmp_path)
    before = open_county(Home(tmp_path))
    reader = before.reader(Scope.of([small_county.COUNTY]))
    fewer = small_county.tables()
    for name in ("household", "household_year"):
        keep = [v != "H06" for v in fewer[name]["household_id"].to_pylist()]
        fewer[name] = fewer[name].filter(pa.array(keep))
    _publish(Home(tmp_path), fewer)
    count = "SELECT COUNT(*) AS n FROM {household}"
    assert reader.one(count) == {"n": 6}
    after = open_county(Home(tmp_path)).reader(Scope.of([small_county.COUNTY]))
    assert after.one(count) == {"n": 5}
    assert reader.one(count) == {"n": 6}


_PUBLISH_AND_HANG = """
import os, sys
from pathlib import Path
from store import snapshots
from tests import small_county

stage = sys.argv[2]
real_write, real_rename = snapshots._write, Path.rename

def hang(*args):
    print("here", flush=True)
    import time
    time.sleep(60)

if stage == "tables":
    done = []
    def write(folder, name, table):
        done.append(name)
        return hang() if len(done) == 5 else real_write(folder, name, table)
    snapshots._write = write
elif stage == "manifest":
    Path.rename = hang
elif stage == "current":
    snapshots.Home._point = hang
small_county.publish(Path(sys.argv[1]))
"""


@pytest.mark.parametrize("moment", ["tables", "manifest", "current"])
def test_a_process_killed_while_publishing_leaves_the_old_one_whole(
    tmp_path: Path, moment: str
) -> None:
    first = small_county.publish(tmp_path)
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(_PUBLISH_AND_HANG), str(tmp_path), moment],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert child.stdout and child.stdout.readline().strip() == b"here"
    child.send_signal(signal.SIGKILL)
    child.wait()
    home = Home(tmp_path)
    assert home.current() == first
    assert (tmp_path / CURRENT).read_text() == "1\n"
    again = small_county.publish(tmp_path)
    assert again.number in (2, 3)
    assert home.current() == again
    assert not list((tmp_path / "snapshots").glob(".*")), "what the killed one left is cleared"


def test_the_manifest_says_who_loaded_what(tmp_path: Path) -> None:
    snapshot = small_county.publish(tmp_path)
    told = json.loads((snapshot.folder / "manifest.json").read_text(encoding="utf8"))
    assert told["loaded_by"] == "test"
    assert told["county_code"] == small_county.COUNTY
    assert time.strptime(told["loaded_at"][:19], "%Y-%m-%dT%H:%M:%S")
