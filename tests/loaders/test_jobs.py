"""Imports started from a page: a process each, its folder, and what becomes of both."""

from __future__ import annotations

import json
import os
import signal
import time
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from loaders import __main__ as command
from loaders import jobs
from loaders.jobs import Job, Upload
from loaders.reading import data_dates
from store.snapshots import Home, NoSnapshot
from tests import small_county
from tests.loaders import sheets

DAY = date(2025, 12, 31)


def upload(path: Path, name: str) -> Upload:
    rows = [sheets.HOUSEHOLD, *(sheets.household(i) for i in range(1, 4))]
    rows.append(sheets.household(9, 行政村="没有的村"))
    book = sheets.workbook(path / "book.xlsx", {"户信息": rows})
    return Upload(name, BytesIO(book.read_bytes()))


def waited(job: Job, seconds: float = 120) -> str:
    end = time.monotonic() + seconds
    while job.state == "running" and time.monotonic() < end:
        time.sleep(0.2)
    return job.state


def prepared(home: Path, number: int = 1, **asked: Any) -> Job:
    """A job's folder as it is before its process begins."""
    folder = home / "imports" / f"{number:06d}"
    (folder / "files" / "001").mkdir(parents=True)
    (folder / "files" / "001" / "甲.xlsx").write_bytes(b"x")
    usual = {"who": "王某", "data_date": "2025-12-31", "county_code": "611025",
             "dry_run": False, "fresh": False, "files": ["甲.xlsx"]}  # fmt: skip
    (folder / "asked.json").write_text(json.dumps(usual | asked))
    return Job(folder)


def run(job: Job, home: Path) -> int:
    return jobs.main([str(home), str(job.folder)])


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Commands that jobs ran, none of them for real; all end with 3."""
    ran: list[list[str]] = []
    monkeypatch.setattr(jobs, "give_way", lambda: None)
    monkeypatch.setattr(command, "main", lambda words: ran.append(words) or 3)
    return ran


def test_an_upload_becomes_a_snapshot_in_a_process_of_its_own(tmp_path: Path) -> None:
    number = sheets.identity()
    job = jobs.start(
        tmp_path, [upload(tmp_path, f"../{number}户信息.xlsx")], DAY, "王某", county_code="611025"
    )
    assert jobs.running(tmp_path) == job
    assert waited(job) == "partly"
    report = job.report()
    assert report is not None and report["snapshot"] == 1
    assert sum(sheet["rows"] for sheet in report["sheets"]) == 4
    assert Home(tmp_path).current().manifest["loaded_by"] == "王某"
    assert [step.file for step in job.progress()][-1] == ""
    assert jobs.running(tmp_path) is None and jobs.latest(tmp_path) == job
    left = [path for path in job.folder.rglob("*") if path.is_file()]
    assert {path.name for path in left} == {
        "asked.json", "ended.json", "lock", "progress.jsonl", "report.json", "said.txt"
    }  # fmt: skip
    assert not [path for path in left if number in path.read_text("utf-8")]


def test_a_killed_job_says_so_and_its_uploads_go_with_the_next(
    tmp_path: Path, commands: list[list[str]]
) -> None:
    job = jobs.start(tmp_path, [upload(tmp_path, "户信息.xlsx")], DAY, "王某", county_code="611025")
    os.kill(int((job.folder / "lock").read_text()), signal.SIGKILL)
    assert waited(job) == "killed"
    assert job.report() is None and (job.folder / "files").is_dir()
    with pytest.raises(NoSnapshot):
        Home(tmp_path).current_number()
    jobs._sweep(tmp_path / "imports")
    assert not (job.folder / "files").exists() and job.state == "killed"


@pytest.mark.parametrize(
    ("code", "dry_run", "state"),
    [(0, False, "published"), (3, False, "partly"), (2, False, "failed"), (3, True, "checked"),
     (0, True, "checked"), (2, True, "failed")],
)  # fmt: skip
def test_the_exit_code_says_what_became_of_it(
    tmp_path: Path,
    commands: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    code: int,
    dry_run: bool,
    state: str,
) -> None:
    monkeypatch.setattr(command, "main", lambda words: code)
    job = prepared(tmp_path, dry_run=dry_run)
    assert run(job, tmp_path) == code
    assert job.state == state
    assert not (job.folder / "files").exists()


def test_the_command_gets_what_was_asked(tmp_path: Path, commands: list[list[str]]) -> None:
    run(prepared(tmp_path, dry_run=True, fresh=True, answers={"make-current": []}), tmp_path)
    (words,) = commands
    assert words[0] == "import" and words[1].endswith("甲.xlsx")
    assert words[words.index("--date") + 1] == "2025-12-31"
    assert words[words.index("--home") + 1] == str(tmp_path)
    assert {"--dry-run", "--fresh", "--make-current"} <= set(words)
    run(prepared(tmp_path, 2), tmp_path)
    assert not {"--dry-run", "--fresh", "--make-current"} & set(commands[1])


def test_a_fault_of_the_program_ends_in_a_sentence_without_its_values(
    tmp_path: Path,
    commands: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken(words: list[str]) -> int:
        raise ValueError(sheets.identity())

    monkeypatch.setattr(command, "main", broken)
    job = prepared(tmp_path)
    assert run(job, tmp_path) == 2
    said = capsys.readouterr()
    assert sheets.identity() not in said.out + said.err
    (job.folder / "said.txt").write_text(said.out)
    assert "程序出错" in job.message() and job.state == "failed"


def test_the_last_sentence_of_a_failure_is_its_message(tmp_path: Path) -> None:
    job = prepared(tmp_path)
    assert job.message() == ""
    (job.folder / "said.txt").write_text("读取 10%\r100%\n未入库: 磁盘已满,请清理;原快照未动。\n\n")
    assert job.message() == "磁盘已满,请清理。"


def test_progress_is_the_last_step_of_each_file_and_survives_half_a_line(tmp_path: Path) -> None:
    job = prepared(tmp_path)
    told = [("read", "甲", 1, 9), ("", "", 0, 1), ("clean", "甲", 5, 9), ("read", "乙", 0, 0)]
    names = ("stage", "file", "done", "of")
    lines = [json.dumps(dict(zip(names, step, strict=True))) for step in told]
    (job.folder / "progress.jsonl").write_text("\n".join(lines) + '\n{"stage": "cl')
    steps = [(step.stage, step.file, step.done) for step in job.progress()]
    assert steps == [("clean", "甲", 5), ("read", "乙", 0), ("", "", 0)]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("户信息_20251231.xlsx", "户信息_20251231.xlsx"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("~$锁.xlsx", "锁.xlsx"),
        ("没有后缀", "没有后缀"),
        ("长" * 300 + ".csv", "长" * 60 + ".csv"),
        ("a\nb\x00.txt", "a_b_.txt"),
        (".xlsx", "_.xlsx"),
    ],
)
def test_names_on_disk_lead_nowhere(tmp_path: Path, given: str, kept: str) -> None:
    name = jobs._keep(Upload(given, BytesIO(b"x")), tmp_path, 1)
    assert (tmp_path / "files" / "001" / name).read_bytes() == b"x"
    assert name == kept


def test_two_files_of_one_name_are_both_kept(tmp_path: Path) -> None:
    for order in (1, 2):
        jobs._keep(Upload("甲.xlsx", BytesIO(str(order).encode())), tmp_path, order)
    kept = sorted(path.read_text() for path in (tmp_path / "files").glob("*/甲.xlsx"))
    assert kept == ["1", "2"]


def test_where_files_cannot_be_kept_nothing_is_left(tmp_path: Path) -> None:
    class Full(BytesIO):
        def read(self, *_size: Any) -> bytes:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        jobs.start(tmp_path, [Upload("甲.xlsx", Full())], DAY, "王某", county_code="611025")
    assert not list((tmp_path / "imports").glob("[0-9]*"))
    assert jobs.latest(tmp_path) is None


def test_old_folders_go_and_running_ones_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "KEPT", 2)
    for number in range(1, 6):
        prepared(tmp_path, number)
    with jobs._holding(tmp_path / "imports" / "000001"):
        jobs._sweep(tmp_path / "imports")
    assert [job.number for job in jobs.jobs(tmp_path)] == [5, 4, 1]


def test_the_date_is_read_from_the_names() -> None:
    names = ["户信息_20251130.xlsx", "收入2025-12-31.txt", "x.csv"]
    assert data_dates.date_of(map(Path, names)) == DAY
    assert data_dates.date_of([Path("家庭收入_2014-2025.txt")]) is None


def test_going_back_is_written_down(tmp_path: Path) -> None:
    for _ in range(2):
        small_county.publish(tmp_path)
    home = Home(tmp_path)
    jobs.roll_back(home, 1, f" 王某{sheets.identity()} ")
    jobs.roll_back(home, 2, "李某")
    assert home.current_number() == 2
    last, first = jobs.rolled_back(tmp_path)
    assert (last["who"], last["from"], last["to"]) == ("李某", 1, 2)
    assert sheets.identity() not in first["who"]
    with pytest.raises(NoSnapshot):
        jobs.roll_back(home, 9, "王某")
    assert len(jobs.rolled_back(tmp_path)) == 2


def test_a_job_that_asks_keeps_its_files_for_the_answer(
    tmp_path: Path, commands: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "main", lambda words: 4)
    job = prepared(tmp_path)
    run(job, tmp_path)
    assert job.state == "asked" and job.awaits
    jobs._sweep(tmp_path / "imports")
    assert job.awaits
    spawned: list[Path] = []
    monkeypatch.setattr(jobs, "_spawn", lambda home, folder, lock, who: spawned.append(folder))
    answers = {"as-part": ["household"], "allow-refused": []}
    after = jobs.start(tmp_path, [], DAY, "王某", county_code="611025", answers=answers, of=job)
    assert spawned == [after.folder] and not job.awaits
    monkeypatch.setattr(command, "main", lambda words: commands.append(words) or 0)
    run(after, tmp_path)
    (words,) = commands
    assert words[1].endswith("甲.xlsx") and after.asked["files"] == ["甲.xlsx"]
    assert words[-3:] == ["--as-part", "household", "--allow-refused"]


def test_what_waits_for_an_answer_can_be_given_up(
    tmp_path: Path, commands: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "main", lambda words: 4)
    job = prepared(tmp_path)
    run(job, tmp_path)
    job.dismiss()
    assert job.state == "asked" and not job.awaits
    assert not (job.folder / "files").exists()
