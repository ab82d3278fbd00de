"""What is proposed for a sheet, put into the home's layouts as it is, loads that sheet whole."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
import yaml

from loaders import importing
from loaders.__main__ import main
from loaders.accounts.report import Report
from loaders.layouts import matching
from loaders.proposals import propose
from loaders.reading import sheets as readers
from loaders.reference import counties
from loaders.regions.divisions import Divisions
from store.snapshots import Home
from tests.loaders import sheets
from tests.loaders.layout_cases import (
    HOME,
    KNOWN,
    PERSON_LEVEL,
    PERSON_LEVEL_LAYOUT,
    ROSTER,
    ROSTER_LAYOUT,
    YEARS,
    YEARS_LAYOUT,
    person_level,
    register,
    roster,
)
from tests.loaders.sheets import HOUSEHOLD, PERSON, Rows, household, identity, person

DAY = date(2025, 12, 31)
PLACES = [Divisions.load(code) for code in counties()]
HOMES = range(1, 9)
SECONDS = 1.0  # that a proposal may take


def three_row_header(path: Path) -> Path:
    """Groups, names and units, merged as a form has them."""
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("户信息")
        page.merge_range(0, 0, 0, 8, "基本情况一览表")
        page.write_row(1, 0, ["填报单位:某局(章)", "", "", "", "", "填报时间:2025年11月30日"])
        for column, name in enumerate(["户编号", "乡镇", "行政村", "户类型", "家庭人口"]):
            page.merge_range(2, column, 4, column, name)
        page.merge_range(2, 5, 2, 7, "土地和住房")
        for column, (name, unit) in enumerate(
            [("耕地面积", "(亩)"), ("林地面积", "(公顷)"), ("住房面积", "(平方米)")], start=5
        ):
            page.write_string(3, column, name)
            page.write_string(4, column, unit)
        for line, number in enumerate(HOMES, start=5):
            page.write_row(line, 0, [f"61102500{number:04d}", "永乐街道", "安山村", "脱贫户", 3])
            page.write_row(line, 5, [3.5, 2, 80 + number])
    return path


def proposed(path: Path, home: Path, sheet: int = 0) -> dict[str, Any]:
    """Propose a layout for a sheet and put it where the home has its own."""
    with readers.read(path) as reading:
        looked = propose.looked(reading.sheets[sheet])
        began = time.process_time()
        found = propose.propose(looked, KNOWN, PLACES)
        assert time.process_time() - began < SECONDS
        text = propose.text(found, looked.file, looked.sheet)
    (home / "layouts").mkdir(parents=True, exist_ok=True)
    (home / "layouts" / f"{found.key}.yaml").write_text(text, "utf-8")
    declared: dict[str, Any] = yaml.safe_load(text)
    return declared


def run(paths: list[Path], home: Path) -> Report:
    return importing.run(paths, Home(home), DAY, loaded_by="test", county_code="611025")


def table(home: Path, number: int | None, name: str) -> pa.Table:
    return pq.read_table(home / "snapshots" / f"{number:06d}" / f"{name}.parquet")


Load = Callable[[Rows | dict[str, Rows]], tuple[dict[str, Any], Report]]


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a register and its people loaded."""
    folder = tmp_path_factory.mktemp("before")
    known: dict[str, Rows] = {"户": register(*HOMES)}
    known["人"] = [PERSON, *(person(10 * n + 1, n) for n in HOMES)]
    run([sheets.workbook(folder / "先.xlsx", known)], folder / "home")
    return folder / "home"


@pytest.fixture
def load(tmp_path: Path, before: Path) -> Load:
    """Write a workbook and load it by what is proposed for it."""
    home = tmp_path / "home"
    shutil.copytree(before, home)

    def loaded(rows: Rows | dict[str, Rows]) -> tuple[dict[str, Any], Report]:
        pages = rows if isinstance(rows, dict) else {"一": rows}
        path = sheets.workbook(tmp_path / "本县的表.xlsx", pages)
        return proposed(path, home), run([path], home)

    return loaded


def whole(report: Report) -> list[int]:
    """Rows of each account, of which none may be refused and no sheet left out."""
    assert not report.skipped and not report.totals["quarantined"], list(report.lines())
    return [sheet["rows"] for sheet in report.sheets]


def test_a_header_of_groups_names_and_units(tmp_path: Path) -> None:
    path = three_row_header(tmp_path / "甲.xlsx")
    declared = proposed(path, tmp_path / "home")
    assert declared["key"] == "household_register_own" and "units" not in declared
    report = run([path], tmp_path / "home")
    assert whole(report) == [8]
    assert report.sheets[0]["layout"] == "household_register_own"
    rows = table(tmp_path / "home", report.snapshot, "household")
    names = ["farmland_mu", "woodland_mu", "floor_area_m2"]
    assert rows.select(names).to_pylist()[0] == dict(zip(names, (3.5, 30, 81), strict=True))


def test_a_sheet_a_township(tmp_path: Path, load: Load) -> None:
    left_out = HOUSEHOLD.index("乡镇")

    def page(number: int, village: str) -> Rows:
        rows = [HOUSEHOLD, *(household(n, 行政村=village) for n in range(number, number + 6))]
        return [["户信息"], *([*row[:left_out], *row[left_out + 1 :]] for row in rows)]

    declared, report = load({"永乐街道": page(1, "安山村"), "回龙镇": page(7, "枣园村")})
    assert declared["place_from"] == {"township": "sheet"}
    assert whole(report) == [6, 6]
    codes = table(tmp_path / "home", report.snapshot, "household")["village_code"].to_pylist()
    assert codes.count("611025001200") == 6 and len(set(codes)) == 2


def test_blank_cells_below_a_household(tmp_path: Path, load: Load) -> None:
    blank = {"乡(镇)": "", "行政村": "", "户编号": ""}
    rows = [
        person(10 * n + k, n, 与户主关系="户主" if k == 1 else "配偶", **({} if k == 1 else blank))
        for n in HOMES
        for k in (1, 2, 3)
    ]
    declared, report = load([["人口名单"], PERSON, *rows])
    filled = [column["header"] for column in declared["columns"] if column.get("fill_down")]
    assert filled == ["乡(镇)", "行政村", "户编号"]
    assert whole(report) == [24]
    assert report.sheets[0]["filled"] == dict.fromkeys(filled, 16)
    homes = table(tmp_path / "home", report.snapshot, "member")["household_id"].to_pylist()
    assert sorted(homes) == sorted([f"61102500{n:04d}" for n in HOMES] * 3)


def test_the_same_as_text_with_commas(tmp_path: Path, before: Path) -> None:
    head = "户编号,人编号,姓名,证件号码,与户主关系\n"
    lines = [
        f"{f'61102500{n:04d}' if k == 1 else ''},{n}{k},赵某,{identity(order=10 * n + k)},"
        f"{'户主' if k == 1 else '配偶'}\n"
        for n in HOMES
        for k in (1, 2)
    ]
    path = tmp_path / "人口.csv"
    path.write_text(head + "".join(lines), "utf-8")
    shutil.copytree(before, tmp_path / "home")
    proposed(path, tmp_path / "home")
    report = run([path], tmp_path / "home")
    assert whole(report) == [16] and report.sheets[0]["filled"] == {"户编号": 8}


def test_households_known_by_identity_numbers_only(tmp_path: Path, load: Load) -> None:
    rows = [roster(n, k) for n in HOMES for k in (1, 2)]
    declared, report = load([["花名册"], ["序号", *ROSTER], *([i, *r] for i, r in enumerate(rows))])
    assert declared["household_by"] == ["head_identity_number"]
    assert declared["hash"] == {"member_id": ["identity_number"]}
    fields = {c["header"]: c.get("field") for c in declared["columns"]}
    assert fields["家庭成员姓名"] == "name" and fields["户主姓名"] == "head_name"
    assert whole(report) == [16]
    people = table(tmp_path / "home", report.snapshot, "member").to_pylist()
    assert {row["household_id"] for row in people} == {f"61102500{n:04d}" for n in HOMES}
    assert {row["village_code"] for row in people} == {"611025001200"}
    numbers = [row["identity_number"] for row in people]
    assert len(numbers) == len(set(numbers)) == 16  # the heads, who were known, stand once
    mine = next(row for row in people if row["identity_number"] == identity(order=11))
    assert mine["member_id"] == f"{HOME}11"


def test_a_households_facts_in_every_persons_row(tmp_path: Path, load: Load) -> None:
    rows = [person_level(n, k) for n in HOMES for k in (1, 2)]
    declared, report = load([["脱贫户信息"], PERSON_LEVEL, *rows])
    (also,) = declared["also_fills"]
    assert declared["table"] == "member" and also["table"] == "household"
    assert whole(report) == [16, 16]
    homes = table(tmp_path / "home", report.snapshot, "household")
    assert homes.num_rows == 8 and set(homes["farmland_mu"].to_pylist()) == {3.5}
    people = table(tmp_path / "home", report.snapshot, "member")["source_file"].to_pylist()
    assert people.count("本县的表.xlsx") == 16


def test_facts_of_the_household_in_its_first_row_only(tmp_path: Path, load: Load) -> None:
    rows = [
        person_level(n, k, **({} if k == 1 else {"户主姓名": "", "户类型": "", "家庭人口": "",
                                                 "耕地面积(亩)": ""}))
        for n in HOMES
        for k in (1, 2)
    ]  # fmt: skip
    declared, report = load([PERSON_LEVEL, *rows])
    (also,) = declared["also_fills"]
    assert all(column.get("fill_down") for column in also["columns"])
    assert whole(report) == [16, 16]
    assert table(tmp_path / "home", report.snapshot, "household").num_rows == 8


def test_a_column_a_year(tmp_path: Path, load: Load) -> None:
    rows = [[f"61102500{n:04d}", 3, 5000 + n, 6000 + n, 0.7] for n in HOMES]
    declared, report = load([["各年收入"], YEARS, *rows])
    assert declared["table"] == "household_year" and "also_fills" not in declared
    assert sum(whole(report)) == 24
    found = table(tmp_path / "home", report.snapshot, "household_year").to_pylist()
    mine = {r["year"]: r["per_capita_net_income_yuan"] for r in found if r["household_id"] == HOME}
    assert mine == {2019: 5001, 2020: 6001, 2021: 7000}


def test_a_register_with_a_column_a_year(tmp_path: Path, load: Load) -> None:
    head = [*HOUSEHOLD, "2019年家庭纯收入(万元)", "2020年家庭纯收入(万元)"]
    rows = [[*household(n), 0.5, "" if n > 4 else 0.6] for n in HOMES]
    declared, report = load([head, *rows])
    assert [part["table"] for part in declared["also_fills"]] == ["household_year"]
    assert whole(report) == [8, 8, 4]
    years = table(tmp_path / "home", report.snapshot, "household_year")
    assert sorted(years["net_income_yuan"].to_pylist()) == [5000.0] * 8 + [6000.0] * 4


def test_villages_that_end_in_a_group(tmp_path: Path, load: Load) -> None:
    head = [name.replace("行政村", "所在村组") for name in HOUSEHOLD]
    _, report = load([head, *(household(n, 行政村=f"安山村{n}组") for n in HOMES)])
    assert whole(report) == [8]
    found = table(tmp_path / "home", report.snapshot, "household")
    assert set(found["village_group"].to_pylist()) == {f"{n}组" for n in HOMES}
    assert set(found["village_code"].to_pylist()) == {"611025001200"}


def test_english_headers(tmp_path: Path, load: Load) -> None:
    head = ["Household ID", "Member ID", "Name", "Identity number", "Relation to head", "Sex"]
    head += ["Education", "Health", "Phone"]
    rows = [
        [f"61102500{n:04d}", f"61102500{n:04d}01", "赵某", identity(order=n), "户主", "男",
         "小学", "健康", "10000000001"]
        for n in HOMES
    ]  # fmt: skip
    declared, report = load([head, *rows])
    assert [column["field"] for column in declared["columns"]] == [
        "household_id", "member_id", "name", "identity_number", "relation", "sex", "education",
        "health", "phone",
    ]  # fmt: skip
    assert whole(report) == [8]


def test_english_headers_of_the_register(tmp_path: Path, load: Load) -> None:
    head = ["Household number", "Township", "Village", "Head", "Registered", "Members"]
    head += ["farmland_mu", "Floor area (m2)"]
    rows = [[f"61102500{n:04d}", "永乐街道", "安山村", "赵某", "脱贫户", 3, 3.5, 80] for n in HOMES]
    declared, report = load([head, *rows])
    assert [c.get("field") or c["place"] for c in declared["columns"]] == [
        "household_id", "township", "village", "head_name", "registered", "member_count",
        "farmland_mu", "floor_area_m2",
    ]  # fmt: skip
    assert whole(report) == [8]


def test_a_key_is_given_once_and_units_are_only_what_is_needed() -> None:
    head = [
        "项目编号",
        "项目名称",
        "乡镇",
        "实施地点",
        "计划总投资",
        "已支付(万元)",
        "中央资金投入(元)",
    ]
    rows = [head] + [[f"P{n:08d}", f"改造{n}", "永乐街道", "安山村", "3", "2", "1"] for n in HOMES]
    found = propose.propose(rows, KNOWN, PLACES)
    assert found.settings["units"] == {"wan": ["planned_yuan"]}
    own = yaml.safe_load(propose.text(found, "甲.xlsx", "一"))
    again = propose.propose(rows, [*KNOWN, own], PLACES)
    assert (found.key, again.key) == ("project_list_own", "project_list_own2")
    titled = propose.propose([["项目库"], ["单位:万元"], *rows], KNOWN, PLACES)
    assert "units" not in titled.settings
    assert matching.parse(own).wan == {"planned_yuan"}


def test_layouts_of_the_county_lend_themselves_too() -> None:
    own = [*map(yaml.safe_load, (PERSON_LEVEL_LAYOUT, ROSTER_LAYOUT, YEARS_LAYOUT))]
    rows = [["序号", *ROSTER], *([i, *roster(n, 1)] for i, n in enumerate(HOMES))]
    texts = [[str(cell) for cell in row] for row in rows]
    found = propose.propose(texts, [*KNOWN, *own], PLACES)
    again = matching.parse(yaml.safe_load(propose.text(found, "甲.xlsx", "一")))
    assert again.household_by == ("head_identity_number",)
    assert again.key not in {layout["key"] for layout in [*KNOWN, *own]}


def test_a_layout_that_cannot_be_used_is_told_and_an_empty_one_waits_to_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = sheets.workbook(tmp_path / "甲.xlsx", {"一": [YEARS, [HOME, 3, 1, 2, 3]] * 3})
    (tmp_path / "layouts").mkdir()
    (tmp_path / "layouts" / "空.yaml").touch()  # by the shell, for what the command prints
    assert main(["layout", str(book), "--home", str(tmp_path)]) == 0
    said = capsys.readouterr()
    assert not said.err and yaml.safe_load(said.out)["table"] == "household_year"
    (tmp_path / "layouts" / "a.yaml").write_text("key: a\nzh: [", "utf-8")
    assert main(["layout", str(book), "--home", str(tmp_path)]) == 0
    assert "a.yaml 第 2 行" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("rows", "name", "reason", "key"),
    [
        ([[h for h in HOUSEHOLD if h != "乡镇"]], "永乐街道", "place_not_a_column", "place_from"),
        ([YEARS], "一", "years_in_headers", "{year}"),
        ([["序号", *ROSTER]], "一", "household_not_numbered", "household_by"),
        ([[h for h in HOUSEHOLD if h != "乡镇"]], "一", "missing_columns", ""),
    ],
)
def test_a_sheet_that_needs_a_key_says_which(
    tmp_path: Path, rows: Rows, name: str, reason: str, key: str
) -> None:
    body = [["1"] * len(rows[0])] * 3
    path = sheets.workbook(tmp_path / "甲.xlsx", {name: [*rows, *body]})
    report = run([path], tmp_path / "home")
    (left,) = report.skipped
    assert left["reason"] == reason
    line = next(line for line in report.lines() if line.startswith("未入库"))
    assert key in line and (not key or "docs/layouts.md" in line)


def test_facts_of_households_in_rows_of_people_are_told(tmp_path: Path) -> None:
    head = [*PERSON, "户主姓名", "户类型", "家庭人口"]
    rows = [[*person(n, n), "赵某", "脱贫户", 3] for n in HOMES]
    path = sheets.workbook(tmp_path / "甲.xlsx", {"一": [head, *rows]})
    report = run([path], tmp_path / "home")
    (entry,) = report.sheets[0]["unused"]
    assert entry == {"reason": "register_in_rows", "headers": ["户主姓名", "户类型", "家庭人口"]}
    assert any("also_fills" in line for line in report.lines())
    homes = sheets.workbook(tmp_path / "户.xlsx", {"一": register(*HOMES)})
    assert not run([path, homes], tmp_path / "home").sheets[0]["unused"]
