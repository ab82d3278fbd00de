"""Files to sheets: what a sheet gives, where its rows lie meanwhile, in what order files come."""

from __future__ import annotations

import codecs
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from unittest import mock

import psutil
import pyarrow as pa
import pytest

from loaders.parsers import spool as extract_spool
from loaders.parsers.spool import Spool, SpoolFault, listed
from loaders.reading import sheets as readers
from loaders.reading.parser_client import PARSER
from loaders.reading.sheets import Reading, Sheet
from tests.loaders import files, sheets

TABLE = [["年度", "户编号", "姓名"], ["2018", "0001", "赵某"], ["2019", "0002", "钱某"]]


def text_file(path: Path, rows: list[list[str]] = TABLE) -> Path:
    path.write_text("\n".join(map(",".join, rows)), "utf-8")
    return path


def test_what_a_sheet_gives(tmp_path: Path) -> None:
    path = sheets.workbook(tmp_path / "户.xlsx", {"一": [["题"], [], *TABLE], "空": []})
    first, empty = readers.read(path).sheets
    assert (first.file, first.name, first.width, first.rows_count) == ("户.xlsx", "一", 3, 4)
    assert (first.hidden, first.merges, first.strays) == (False, (), 0)
    assert first.head(2) == [["题", "", ""], TABLE[0]]
    assert first.head_rows(9) == [1, 3, 4, 5]
    (batch,) = first.batches()
    assert batch.schema == extract_spool.schema(3)
    assert batch["cells"].to_pylist() == [1, 3, 3, 3]
    assert (empty.name, empty.width, empty.rows_count) == ("空", 0, 0)
    assert (list(empty.batches()), empty.head(9), empty.head_rows(9)) == ([], [], [])


def test_batches_are_given_again(tmp_path: Path) -> None:
    rows = [[str(i), "x"] for i in range(150_000)]
    (sheet,) = readers.read(text_file(tmp_path / "a.csv", rows)).sheets
    for _ in range(2):
        batches = list(sheet.batches())
        assert len(batches) > 2
        assert max(batch.num_rows for batch in batches) <= 65_536
        assert [row for batch in batches for row in batch["row"].to_pylist()] == [
            *range(1, 150_001)
        ]
        assert batches[-1]["0"][-1].as_py() == "149999"


def test_the_first_rows_are_read_once_and_as_many_as_are_asked_for(tmp_path: Path) -> None:
    rows = [[str(i), "x"] for i in range(readers._HEAD + 20)]
    (sheet,) = readers.read(text_file(tmp_path / "a.csv", rows)).sheets
    for count in (3, readers._HEAD, readers._HEAD + 1, 999, 2):
        assert sheet.head(count) == rows[:count]
        assert sheet.head_rows(count) == list(range(1, min(count, len(rows)) + 1))
    other = replace(sheet, _open=lambda: iter(sheet.batches()))
    with mock.patch.object(readers, "stored", side_effect=AssertionError):
        assert sheet.head(5) == rows[:5]
        with pytest.raises(AssertionError):  # rows that are others are not those kept
            other.head(5)


def test_a_sheet_in_memory_gives_the_same(tmp_path: Path) -> None:
    (read,) = readers.read(text_file(tmp_path / "a.csv")).sheets
    made = Sheet.of(
        "a.csv", "", pa.concat_tables(read.batches()), hidden=True, merges=[(1, 0, 2, 0)]
    )
    assert (made.width, made.rows_count, made.hidden) == (3, 3, True)
    assert made.merges == ((1, 0, 2, 0),)
    assert made.head(9) == read.head(9)
    assert list(made.batches()) == list(read.batches())


def test_rows_lie_in_the_folder_given_until_the_reading_is_closed(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    path = text_file(tmp_path / "a.csv")
    with readers.read(path, spool) as reading:
        assert len(list(spool.iterdir())) == 1
        assert reading.sheets[0].head(9) == TABLE
    assert not list(spool.iterdir())
    reading.close()
    (sheet,) = readers.read(path, spool).sheets  # alive as long as one of its sheets
    assert sheet.head(9) == TABLE
    del sheet
    assert not list(spool.iterdir())


def test_a_refused_file_leaves_nothing(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x03\x04")
    with readers.read(path, spool) as reading:
        assert (reading.refusal, reading.sheets) == ("unreadable_file", ())
    assert not list(spool.iterdir())


def test_reading_takes_no_longer_than_allowed(tmp_path: Path) -> None:
    path = text_file(tmp_path / "a.csv", TABLE * 100_000)
    began = time.monotonic()
    assert readers.read(path, seconds=0.01).refusal == "timeout"
    assert time.monotonic() - began < 10
    assert readers.read(text_file(path)).refusal is None


def test_the_server_ends_with_its_parent(tmp_path: Path) -> None:
    readers.read(text_file(tmp_path / "a.csv"))
    process = PARSER.pid
    PARSER.close()
    assert PARSER.pid is None
    assert not Path(f"/proc/{process}").exists()
    assert readers.read(tmp_path / "a.csv").sheets[0].head(9) == TABLE


def test_the_server_ends_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    """So does a process that it has forked."""
    path = text_file(tmp_path / "a.csv", TABLE * 500_000)
    code = f"""
import threading, time, pathlib
from loaders.reading import sheets as readers
threading.Thread(target=readers.read, args=[pathlib.Path({str(path)!r})], daemon=True).start()
while readers.PARSER.pid is None: time.sleep(0.01)
print(readers.PARSER.pid, flush=True)
time.sleep(60)
"""
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        server = psutil.Process(int(parent.stdout.readline()))
        while not server.children():
            time.sleep(0.01)
        processes = [server, *server.children()]
        parent.kill()
    gone, alive = psutil.wait_procs(processes, timeout=20)
    assert (len(gone), alive) == (2, [])


def test_more_text_than_allowed_is_refused(tmp_path: Path) -> None:
    spool = Spool(tmp_path, room=30)
    with pytest.raises(extract_spool.Refused, match="too_large"), spool.sheet("") as out:
        out.write(listed([1, 2, 3], TABLE))
    assert not spool.sheets
    assert not list(tmp_path.iterdir())


def test_a_fault_of_the_folder_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(SpoolFault), Spool(tmp_path / "none").sheet(""):
        pass


def test_a_wider_row_widens_all_batches(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    with spool.sheet("") as out:
        out.write(listed([1], [["a"]]))
        out.write(listed([2, 3], [["b", "c"], ["", " "]]))
    (about,) = spool.sheets
    assert (about["width"], about["rows"], len(about["streams"])) == (2, 2, 2)
    stream = extract_spool.stored(tmp_path / about["path"], about["streams"])
    wide = [extract_spool.widened(batch, 2)["1"].to_pylist() for batch in stream]
    assert wide == [[""], ["c"]]


def test_files_come_in_the_order_given(tmp_path: Path) -> None:
    paths = [text_file(tmp_path / f"{i}.csv") for i in range(7)]
    assert [reading.path for reading in readers.read_all(paths)] == paths
    assert list(readers.read_all([])) == []


def test_files_that_nobody_takes_leave_nothing(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    reading = readers.read_all([text_file(tmp_path / f"{i}.csv") for i in range(9)], spool)
    with next(reading) as first:
        assert isinstance(first, Reading)
    reading.close()
    assert not list(spool.iterdir())


def test_folders_are_searched_for_exports_only(tmp_path: Path) -> None:
    for name in ("b/户.xlsx", "a.TXT", "~$户.xlsx", ".a.csv", "说明.docx", "c.ods", "d.zip"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(codecs.BOM_UTF8)
    given = tmp_path / "说明.docx"
    found = readers.find([tmp_path, given, tmp_path / "a.TXT"])
    assert [path.name for path in found] == ["a.TXT", "户.xlsx", "c.ods", "d.zip", "说明.docx"]


def test_two_processes_at_once(tmp_path: Path) -> None:
    """Each is answered by its own, and a crash of one leaves the other."""
    crash = files.xlsb(tmp_path / "a.xlsb", [["x"]], corner=(1_048_575, 16_383))
    paths = [crash, text_file(tmp_path / "b.csv"), crash, text_file(tmp_path / "c.csv")]
    found = [(r.refusal, [s.head(9) for s in r.sheets]) for r in readers.read_all(paths)]
    assert found == [("too_large", []), (None, [TABLE])] * 2
