"""A county's folder from raw files to a published snapshot, and the commands around it."""

from __future__ import annotations

import datetime
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow.parquet as pq
import pytest

from loaders import __main__ as command
from loaders import importing
from loaders.accounts.report import Report
from loaders.demo.model import thresholds
from loaders.reading import data_dates
from store import schema
from store.snapshots import Home, NoSnapshot
from tests.loaders import sheets
from tests.loaders.imports import derived_by
from tests.loaders.sheets import HOUSEHOLD, LEDGER, PERSON, household, identity, person

DAY = datetime.date(2025, 12, 31)
INCOME = ["年度", "户编号", "家庭人口", "脱贫状态", "家庭纯收入", "家庭人均纯收入"]


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """Two households, three people, two years of income, a ledger, a notice: nothing broken."""
    folder = tmp_path / "raw" / "2025-12-31"
    homes = [household(1), household(2, 行政村="太平村", 户类型="一般农户")]
    total = ["合计", "", "", "", "", "", "6"]
    register = [["户信息(模拟数据)"], [], HOUSEHOLD, *homes, total]
    sheets.workbook(folder / "户信息_20251231.xlsx", {"户信息": register, "说明": [["填报说明"]]})
    people = [person(1, 1), person(2, 1, 与户主关系="02"), person(3, 2, 行政村="太坪社区")]
    sheets.workbook(folder / "人口名单.xlsx", {"名单": [["名单"], PERSON, *people]})
    years = [
        [year, home, 3, "03", 9000.5, 3000.17] for year in (2024, 2025) for home in (611025000001,)
    ]
    lines = ["\t".join(map(str, row)) for row in [INCOME, *years]]
    (folder / "家庭收入.txt").write_bytes("\r\n".join(lines).encode("gb18030"))
    opened = ["永乐街道", "安山村", "611025000001", "赵某某", "因病", "2021年3月1日", ""]
    sheets.workbook(folder / "六类台账" / "永乐街道.xlsx", {"边缘户": [["台账"], LEDGER, opened]})
    notice = [["某市资金分配表"], ["县区名称", "金额"], ["合计", "3.5"], ["甲区", "3.5"]]
    sheets.workbook(folder / "资金" / "通知.xlsx", {"Sheet1": notice})
    return folder


def run(paths: Sequence[Path], home: Path, **options: Any) -> Report:
    return importing.run(paths, Home(home), DAY, loaded_by="test", county_code="611025", **options)


@pytest.fixture(autouse=True)
def underived(monkeypatch: pytest.MonkeyPatch) -> None:
    """What pages read is made by a process of its own, which takes its time."""
    derived_by(monkeypatch, lambda home, number: "")


def import_command(*arguments: object) -> int:
    return command.main(["import", "--county", "611025", *map(str, arguments)])


def test_a_folder_becomes_a_snapshot(raw: Path, tmp_path: Path) -> None:
    report = run([raw], tmp_path / "home")
    snapshot = Home(tmp_path / "home").current()
    assert (report.snapshot, report.exit_code) == (snapshot.number, 3) == (1, 3)
    assert (snapshot.data_date, snapshot.county_code) == (DAY, "611025")
    assert set(snapshot.tables) == {table.name for table in schema.TABLES}
    rows = {name: snapshot.manifest["tables"][name]["rows"] for name in snapshot.tables}
    assert {name: n for name, n in rows.items() if n} == {
        "region": 172,
        "household": 2,
        "member": 3,
        "household_year": 2,
        "ledger_entry": 1,
        "fund_item": 1,
        "declared_total": 2,
        "mend": 1,
    }
    income = pq.read_table(snapshot.path("household_year")).to_pylist()
    assert {row["village_code"] for row in income} == {"611025001200"}
    assert income[0]["per_capita_net_income_yuan"] == 3000.17
    assert {row["poverty_state"] for row in income} == {"exited_before"}
    (skipped,) = report.skipped
    assert (skipped["sheet"], skipped["rows"], skipped["reason"]) == ("说明", 1, "unknown_layout")


def test_the_manifest_names_sources_and_keeps_the_report(raw: Path, tmp_path: Path) -> None:
    report = run([raw], tmp_path / "home")
    manifest = Home(tmp_path / "home").current().manifest
    assert [source["file"] for source in manifest["sources"]] == [
        "人口名单.xlsx",
        "永乐街道.xlsx",
        "家庭收入.txt",
        "户信息_20251231.xlsx",
        "通知.xlsx",
    ]
    assert all(len(source["sha256"]) == 64 for source in manifest["sources"])
    assert {source["state"] for source in manifest["sources"]} == {"new"}
    assert manifest["report"]["totals"] == report.totals
    assert report.totals == {
        "rows": 9,
        "accepted": 8,
        "mended": 1,
        "quarantined": 0,
        "aside": 11,
    }


def test_progress_tells_every_file_and_stage(raw: Path, tmp_path: Path) -> None:
    told: list[tuple[str, str, int, int]] = []
    run([raw], tmp_path / "home", progress=lambda *step: told.append(step))
    cleaned = [(file, of) for stage, file, done, of in told if stage == "clean" and done == of]
    assert dict(cleaned) == {
        "人口名单.xlsx": 5,
        "永乐街道.xlsx": 3,
        "家庭收入.txt": 3,
        "户信息_20251231.xlsx": 6,
        "通知.xlsx": 4,
    }
    assert [stage for stage, *_ in told][:5] == ["read"] * 5
    assert told[-3:] == [("assemble", "", 9, 9), ("publish", "", 0, 1), ("publish", "", 1, 1)]


def test_without_a_household_nothing_is_published(raw: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    report = run([raw / "人口名单.xlsx", raw / "缺.xlsx"], home)
    assert (report.snapshot, report.exit_code) == (None, 2)
    (unread,) = report.unread
    assert (unread["file"], unread["reason"], unread["rows"]) == ("缺.xlsx", "missing_file", 0)
    with pytest.raises(NoSnapshot):
        Home(home).current()
    run([raw], home)
    run([raw / "人口名单.xlsx"], home, fresh=True)
    assert Home(home).current().number == 1
    assert not list(home.glob(".staging*"))


def test_rows_in_quarantine_do_not_stop_the_others(raw: Path, tmp_path: Path) -> None:
    broken = [household(3), household(4, 行政村="无此村"), household(3, 户主姓名="孙某")]
    sheets.workbook(raw / "户信息补.xlsx", {"a": [HOUSEHOLD, *broken]})
    (raw / "坏.xlsx").write_bytes(b"PK\x03\x04")
    report = run([raw], tmp_path / "home")
    assert report.exit_code == 3
    (line,) = (line for line in report.lines() if line.startswith("户信息补.xlsx"))
    assert line.split()[2:6] == ["3", "1", "0", "2"]
    assert line.split()[-3:] == ["查无此村", "1、编号重复而内容不同", "1"]
    snapshot = Home(tmp_path / "home").current()
    found = pq.read_table(snapshot.path("quarantine")).to_pylist()
    assert {(q["file"], q["row"], q["reason"]) for q in found} == {
        ("户信息补.xlsx", 3, "unknown_village"),
        ("户信息补.xlsx", 4, "duplicate_key"),
        ("坏.xlsx", None, "unreadable_file"),
    }
    whole = pq.read_table(snapshot.path("quarantine_row")).to_pylist()
    assert [(row["file"], row["row"], row["layout"]) for row in whole] == [
        ("户信息补.xlsx", 3, "household_register"),
        ("户信息补.xlsx", 4, "household_register"),
    ]
    assert whole[0]["headers"] == HOUSEHOLD and whole[0]["cells"] == broken[1]
    # Of an unknown village the township is known, of a file that could not be read nothing.
    of = {3: "611025001", 4: "611025001200", None: None}
    assert {q["row"]: q["region_code"] for q in found} == of
    assert [row["region_code"] for row in whole] == [of[3], of[4]]
    assert snapshot.manifest["tables"]["household"]["rows"] == 3


def test_a_refused_row_is_of_the_place_that_it_names_and_stays_so(
    raw: Path, tmp_path: Path
) -> None:
    """Of another county it is of no place here; one that waits for its household is of its own."""
    rows = [
        household(5, 行政村="无此村", 乡镇="无此镇"),
        household(6, 县="别县"),
        household(7, 乡镇=""),
    ]
    sheets.workbook(raw / "户信息补.xlsx", {"a": [HOUSEHOLD, *rows]})
    sheets.workbook(raw / "名单补.xlsx", {"b": [["名单"], PERSON, person(9, 9)]})
    home = Home(tmp_path / "home")
    run([raw], home.path)

    def told(name: str) -> dict[tuple[str, int], str | None]:
        rows = pq.read_table(home.current().path(name)).to_pylist()
        return {(row["file"], row["row"]): row["region_code"] for row in rows}

    first = told("quarantine")
    assert first == told("quarantine_row")
    assert first["名单补.xlsx", 3] == "611025001200"
    assert first["户信息补.xlsx", 2] is None, "neither village nor township is known"
    assert first["户信息补.xlsx", 3] is None, "its village's name is one of ours by chance"
    run([raw / "人口名单.xlsx"], home.path)
    assert told("quarantine") == told("quarantine_row") == first, "carried with the rows"


def test_no_whole_number_of_a_person_leaves_the_tables(
    raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not in a printed line, the report file, the manifest or the quarantine."""
    number = identity("19700101", 77)
    wrong = number[:-1] + ("1" if number[-1] != "1" else "2")
    rows = [
        person(7, 1, 证件号码=wrong),
        person(8, 1, 人编号=number, 户编号=number),
        person(9, 1, 行政村=number),
        person(10, 1, 证件号码=wrong + "9"),
    ]
    sheets.workbook(raw / f"{number}.xlsx", {number: [["名单"], [*PERSON, number], *rows]})
    report = tmp_path / "report.json"
    assert import_command(raw, "--home", tmp_path / "home", "--report", report) == 3
    snapshot = Home(tmp_path / "home").current()
    entries = pq.read_table(snapshot.path("quarantine")).to_pylist()
    assert len(entries) == 4
    printed = capsys.readouterr()
    texts = [printed.out, printed.err, report.read_text("utf-8"), json.dumps(entries)]
    texts.append((snapshot.folder / "manifest.json").read_text("utf-8"))
    for text in texts:
        assert number not in text and wrong not in text
        assert not re.search(r"6199\d{13}[\dX]", text)


def test_the_import_command_prints_an_account(
    raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = import_command(raw, "--home", tmp_path / "home")
    lines = capsys.readouterr().out.splitlines()
    assert code == 3
    assert lines[0].split()[2:] == ["行数", "入库", "修正", "隔离", "非数据行", "隔离原因"]
    register = next(line for line in lines if line.startswith("户信息_20251231.xlsx"))
    assert register.split()[1:] == ["户信息", "2", "1", "1", "0", "3"]
    assert lines[-1] == "数据日期 2025-12-31, 第 1 号快照"
    assert any("旧村名已对应现名 1" in line for line in lines)


def test_an_earlier_data_date_is_loaded_and_not_made_current(
    raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, report = tmp_path / "home", tmp_path / "report.json"
    words = [raw / "户信息_20251231.xlsx", "--home", home, "--report", report]
    import_command(raw, "--home", home)
    assert "--make-current" not in capsys.readouterr().out
    assert import_command(*words, "--date", "2025-11-30") in (0, 3)
    out = capsys.readouterr().out
    assert "未设为当前" in out and "--make-current" in out
    assert json.loads(report.read_text("utf-8"))["current"] is False
    assert Home(home).numbers() == [1, 2] and Home(home).current_number() == 1
    assert import_command(*words, "--date", "2025-11-30", "--make-current") in (0, 3)
    assert "--make-current" not in capsys.readouterr().out
    assert Home(home).current_number() == 3
    assert json.loads(report.read_text("utf-8"))["current"] is True


def test_nothing_usable_is_said_and_leaves_status_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_text("甲\t乙\n1\t2\n", "utf-8")
    assert import_command(tmp_path, "--home", tmp_path / "home", "--date", "2025-01-01") == 2
    out = capsys.readouterr().out
    assert "未入库 a.txt, 2 行: 表头不是已知的格式" in out and "没有可用数据" in out


def test_an_unknown_county_is_an_error_in_words(
    raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert import_command(raw, "--home", tmp_path / "home", "--county", "110101") == 2
    assert "未入库" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["户信息_20251231.xlsx", "收入_2014-2025.txt"], datetime.date(2025, 12, 31)),
        (["2025-11-30/a.xlsx", "a_20251030.xlsx"], datetime.date(2025, 11, 30)),
        (["2025年11月30日.xlsx"], datetime.date(2025, 11, 30)),
        (["20250230.xlsx", "619925198001010011.xlsx"], None),
    ],
)
def test_the_date_in_names(names: list[str], expected: datetime.date | None) -> None:
    assert data_dates.date_of(map(Path, names)) == expected


def test_the_demo_imports_what_the_home_does_not_hold(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    assert thresholds
    earlier = raw.with_name("2025-11-30")
    sheets.workbook(earlier / "户信息.xlsx", {"a": [HOUSEHOLD, household(1)]})
    demo = ModuleType("loaders.demo")

    def write(county: str, folder: Path, progress: Any) -> list[tuple[datetime.date, Path]]:
        progress("模拟", 0.5)
        assert (county, folder) == ("611025", raw.parent)
        return [(DAY, raw), (datetime.date(2025, 11, 30), earlier)]

    monkeypatch.setattr(demo, "write", write, raising=False)
    monkeypatch.setattr(demo, "COUNTY", "611025", raising=False)
    monkeypatch.setitem(sys.modules, "loaders.demo", demo)
    monkeypatch.setattr("loaders.demo", demo, raising=False)
    home = Home(tmp_path / "home")
    arguments = ["demo", "--home", str(home.path), "--raw", str(raw.parent)]
    assert command.main(arguments) == 0
    assert [home.open(n).data_date for n in home.numbers()] == [earlier_date(), DAY]
    assert home.current_number() == 2
    assert command.main(arguments) == 0
    assert home.numbers() == [1, 2]


def earlier_date() -> datetime.date:
    return datetime.date(2025, 11, 30)
