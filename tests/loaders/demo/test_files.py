"""The export files of one township: real layouts, all text, and mess that the loaders can take."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections import Counter
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import python_calamine

from loaders import demo, importing
from loaders.demo.files import ledger_files, write_folder
from loaders.demo.model import planted_errors, planted_findings
from loaders.demo.model.config import DATA
from loaders.demo.model.funds import Funds
from loaders.layouts import matching
from loaders.reading import sheets as readers
from loaders.reading import simulated_mark
from store.snapshots import Home
from tests.loaders.demo.test_demo import DECEMBER, NOVEMBER, TABLES, at, simulated

COUNTY = "611025"
TOWNSHIP = "611025107"  # 高峰镇: its 渔坪村 was 鱼坪村, its 青山社区 a village

# Exact wording and order of the real list's header row (2022).
PERSON_HEADER = (
    "序号 数据日期 县(市、区、旗) 乡(镇) 行政村 自然村 户编号 人编号 姓名 证件号码 人数 "
    "与户主关系 民族 文化程度 在校生状况 健康状况 劳动技能 务工时间\uff08月\uff09 "
    "是否参加大病保险 致贫原因1 危房户 是否解决安全饮用水 人均纯收入 户联系电话 人联系电话 "
    "首次识别时间 人员识别时间 户类型 易返贫致贫户(监测对象)类型 风险是否消除 风险识别时间 "
    "风险消除时间"
)
TEXT = {".txt": ("gb18030", "\t"), ".csv": ("utf-8-sig", ",")}
# Townships whose ledgers are kept less tidily, in the order of their codes.
GROUPED, MONTHS_ONLY, MERGED, OLD_SHEET, UNITS = 3, 5, 6, 8, 10


def of_township(done: demo.Simulation) -> demo.Simulation:
    """The simulation with the rows of one township; projects, sites and funds too."""
    frames = {}
    for name in (*TABLES, "village"):
        frame = getattr(done, name)
        kept = frame["village_code"].str.startswith(TOWNSHIP)
        frames[name] = frame[kept].reset_index(drop=True)
    entries = done.list_entry
    mine = entries["village_code"].str.startswith(TOWNSHIP)
    frames["list_entry"] = entries[mine].reset_index(drop=True)
    given = done.target["region_code"]
    mine = given.str.startswith(TOWNSHIP) | given.eq(COUNTY)
    frames["target"] = done.target[mine].reset_index(drop=True)
    # A household may have moved to a site of another township, whose row is then not there.
    move = frames["relocation"]
    here = move["site_id"].isin(frames["settlement_site"]["site_id"])
    frames["relocation"] = move.assign(site_id=move["site_id"].where(here, None))
    return replace(done, **frames, funds=_funds_of_township(done.funds))


def _funds_of_township(books: Funds) -> Funds:
    """The books with the rows of one township and of the county itself."""
    frames = {}
    for each in fields(books):
        frame = getattr(books, each.name)
        if each.name == "fund_receipt":
            kept = frame["village_code"].str.startswith(TOWNSHIP)
        elif each.name != "expected":
            kept = frame["region_code"].str.startswith(TOWNSHIP) | frame["region_code"].eq(COUNTY)
        else:
            continue
        frames[each.name] = frame[kept].reset_index(drop=True)
    return replace(books, **frames)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders of both dates, of one township."""
    found = {}
    for date in (NOVEMBER, DECEMBER):
        folder = tmp_path_factory.mktemp(date.isoformat())
        write_folder.write_files(folder, of_township(at(date)), 1, lambda stage, share: None)
        found[date.isoformat()] = folder
    return found


@pytest.fixture(scope="module")
def folder(written: dict[str, Path]) -> Path:
    return written["2025-12-31"]


@pytest.fixture(scope="module")
def township() -> demo.Simulation:
    return planted_findings.cast(of_township(at(DECEMBER)))


def rows(path: Path, sheet: int = 0) -> list[list[str]]:
    return python_calamine.load_workbook(str(path)).get_sheet_by_index(sheet).to_python()


def table(path: Path) -> pd.DataFrame:
    """A workbook's rows below the header in the third row, without the total."""
    found = rows(path)
    body = [row for row in found[3:] if row[0] != "合计"]
    return pd.DataFrame(body, columns=found[2])


def mine(ids: list[str], known: pd.Series) -> set[str]:
    return set(ids) & set(known)


_FUNDS = ("资金来源台账", "资金下达明细表", "资金支付明细表", "资金公开公示台账", "社会监督台账",
          "咨询服务台账", "三级三账_乡镇", "三级三账_村")  # fmt: skip


_LISTS = ("残疾人持证名册", "住院费用清单", "死亡人口名单", "机动车登记名单", "市场主体登记名单",
          "不动产登记名单", "财政供养人员名册")  # fmt: skip


def test_the_files_are_those_of_the_systems(folder: Path) -> None:
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.*"))
    assert names == sorted(
        [
            "六类台账/高峰镇六类重点人群台账.xlsx",
            "结对帮扶/高峰镇结对帮扶花名册.xlsx",
            "帮扶干部花名册_20251231.xlsx",
            "帮扶走访记录_20251231.txt",
            "驻村签到记录_20251231.csv",
            "巡查督查记录_2025.xlsx",
            "边缘易致贫人口名单_20251231.xlsx",
            "家庭收入_2014-2025.txt",
            "已脱贫人口名单_20251231.xlsx",
            "易地搬迁花名册_20251231.xlsx",
            "户信息_20251231.xlsx",
            "监测对象信息_20251231.xlsx",
            "已外出务工信息_20251231.xlsx",
            "计划外出务工信息_20251231.xlsx",
            "行政村信息_2014-2025.xlsx",
            "集中安置点.xlsx",
            "项目库.xlsx",
            "九核核查_20251231.txt",
            "六项排查结果_20251231.csv",
            "过筛子台账_20251231.xlsx",
            "农村居民收入_2014-2025.xlsx",
            "目标任务分解表.xlsx",
            "农村低保保障花名册_20251231.xlsx",
            "特困人员供养花名册_20251231.xlsx",
            "残疾人两项补贴发放表_20251231.xlsx",
            "临时救助台账_2025.xlsx",
            "城乡居民养老待遇发放_20251231.csv",
            "动态管理变更_2014-2025.txt",
            *(f"资金/{name}.xlsx" for name in _FUNDS),
            "资金/资金到户花名册.txt",
            *(f"部门比对/{name}_20251231.xlsx" for name in _LISTS),
            "部门比对/在籍学生名册_20251231.txt",
            "幸福院/幸福院基本情况表.xlsx",
            "幸福院/幸福院摸底选人台账_20251231.xlsx",
            "幸福院/“211130”落实台账_20251231.xlsx",
            "幸福院/入住花名册/高峰镇幸福院入住花名册.xlsx",
            "产业就业/公益性岗位/高峰镇公益性岗位台账.xlsx",
            "产业就业/就业帮扶车间和基地台账_20251231.xlsx",
            "产业就业/吸纳就业花名册_20251231.csv",
            "产业就业/技能培训台账_20251231.txt",
            "产业就业/创业致富带头人台账_20251231.xlsx",
            "产业就业/带头人带动户花名册_20251231.txt",
            "项目/项目推进台账_20251231.xlsx",
            "项目/项目受益户台账_20251231.xlsx",
            "项目/公共基础设施管护台账_20251231.xlsx",
            "项目/管护资金筹集表_2019-2025.xlsx",
            "项目/爱心超市积分统计表.xlsx",
            "项目/收益分红台账.txt",
            "项目/项目调度/高峰镇项目半月调度表.xlsx",
            "项目/资产台账/高峰镇扶贫项目资产台账.xlsx",
            "公示/高峰镇公示台账.xlsx",
            "台历/高峰镇台历发放登记表.xlsx",
            "战区划分和三级网格台账.xlsx",
            "村集体经济/收支统计表/高峰镇村集体经济收支统计表.xlsx",
            "村集体经济/村集体经济委托经营合同台账_20251231.xlsx",
            "村集体经济/村集体经济收入明细账.txt",
            "资金/2019年醴陵市本级财政专项扶贫资金分配表.xlsx",
            "资金/北塔区2020年第一批中央财政扶贫专项资金安排表.xlsx",
            "资金/海东市市级财政扶贫专项资金分配表.xlsx",
        ]
    )


# Rows of headers that do not stand in the third row alone: grouped, or below a line of units.
HEADER_ROWS = {"推进台账": (2, 3), "受益户": (2, 3), "资金筹集": (3, 4), "公益性岗位": (2, 3),
               "带头人": (2, 3), "住院费用清单": (2, 3), "机动车登记名单": (2, 3),
               "幸福院": (2, 3), "摸底选人": (2, 3), "入住花名册": (2, 3),
               "目标任务分解表": (2, 3), "三级网格": (2, 3), "委托合同": (2, 3),
               "公示台账": (2, 3), "公示异议登记表": (2, 3), "台历": (2, 3),
               **{f"{year}年": (2, 3) for year in range(2018, 2026)}}  # fmt: skip


def test_every_sheet_is_text_says_simulated_and_has_its_header_below_its_title(
    folder: Path,
) -> None:
    for path in folder.rglob("*.xlsx"):
        if path.parent.name == "资金":
            continue
        book = python_calamine.load_workbook(str(path))
        for name in book.sheet_names:
            found = book.get_sheet_by_name(name).to_python()
            assert all(isinstance(cell, str) for row in found for cell in row), path.name
            assert found[0][0].endswith("(模拟数据)"), path.name
            header = zip(*(found[row] for row in HEADER_ROWS.get(name, (2,))), strict=True)
            assert all(map(any, header)), path.name


def test_every_file_says_in_itself_that_it_is_simulated(
    written: dict[str, Path], tmp_path: Path
) -> None:
    """Also under another name and in another folder; and without the mark it is real."""
    for order, path in enumerate(p for each in written.values() for p in each.rglob("*.*")):
        alone = tmp_path / f"{order}{path.suffix}"
        shutil.copyfile(path, alone)
        assert set(_said(alone)) == {"all"}, path.name
        if path.suffix in TEXT:
            coding, _ = TEXT[path.suffix]
            text = alone.read_bytes().decode(coding)
            alone.write_bytes(text.replace("(模拟数据)", "", 1).encode(coding))
        else:
            _without_mark(alone)
        assert set(_said(alone)) == {"none"}, path.name


def _said(path: Path) -> list[str]:
    """What every section of a file says of itself."""
    with readers.read(path) as reading:
        sheets = [sheet for sheet in reading.sheets if not sheet.hidden]
        found = [simulated_mark.states_of(sheet, matching.matches(sheet)) for sheet in sheets]
    assert found and all(found)
    return [state for states in found for state in states]


def _without_mark(path: Path) -> None:
    old = path.with_suffix(".old")
    path.rename(old)
    with zipfile.ZipFile(old) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace("(模拟数据)".encode(), b"", 1))


def test_every_header_is_known_to_its_layout(written: dict[str, Path]) -> None:
    seen: Counter[str] = Counter()
    for path in (p for each in written.values() for p in each.rglob("*.xlsx")):
        for number, _ in enumerate(python_calamine.load_workbook(str(path)).sheet_names):
            match = matching.match(rows(path, number)[:10])
            assert match is not None, path.name
            assert match.unknown == [], path.name
            seen[match.layout.key] += 1
    for path in (p for each in written.values() for p in each.rglob("*.*") if p.suffix in TEXT):
        coding, separator = TEXT[path.suffix]
        title, header = path.read_bytes().decode(coding).split("\r\n")[:2]
        assert title.endswith("(模拟数据)"), path.name
        match = matching.match([header.split(separator)])
        assert match is not None and match.unknown == [], path.name
        seen[match.layout.key] += 1
    assert set(seen) == {layout.key for layout in matching.load()}


def test_the_person_lists_begin_with_the_real_header_row(folder: Path) -> None:
    wanted = PERSON_HEADER.split()
    for name in ("已脱贫人口名单", "边缘易致贫人口名单"):
        header = rows(folder / f"{name}_20251231.xlsx")[2]
        assert header[: len(wanted)] == wanted
        assert "是否参加城乡居民基本医疗保险" in header[len(wanted) :]


def test_the_header_row_of_2022_alone_is_a_person_list_too() -> None:
    match = matching.match([["已脱贫人口名单"], PERSON_HEADER.split()])
    assert match is not None and match.layout.key == "person_list"
    assert match.unknown == []


def test_the_registered_stand_in_one_list_and_the_others_in_the_other(
    folder: Path, township: demo.Simulation
) -> None:
    home = township.household.set_index("household_id")["registered"]
    for name, registered in (("已脱贫人口名单", True), ("边缘易致贫人口名单", False)):
        found = table(folder / f"{name}_20251231.xlsx")
        known = home.reindex(found["户编号"]).dropna()
        assert known.eq(registered).all()
        wanted = township.member["household_id"].map(home).eq(registered).sum()
        listed = found[found["户编号"].isin(home.index)]
        assert listed["人编号"].nunique() == wanted


def test_months_are_six_digits(folder: Path) -> None:
    found = table(folder / "户信息_20251231.xlsx")
    assert found["识别时间"].str.fullmatch(r"20\d\d(0[1-9]|1[0-2])").all()
    watched = table(folder / "监测对象信息_20251231.xlsx")
    decided = watched["识别监测时间"].ne("")
    assert watched["识别监测时间"].str.fullmatch(r"20\d\d(0[1-9]|1[0-2])")[decided].all()
    assert not watched["帮扶措施落实时间"].ne("")[~decided].any()
    assert watched["出生日期"].str.fullmatch(r"(19|20)\d{6}").all()


def test_the_total_at_the_foot_is_the_registers(folder: Path, township: demo.Simulation) -> None:
    last = rows(folder / "户信息_20251231.xlsx")[-1]
    header = rows(folder / "户信息_20251231.xlsx")[2]
    assert last[0] == "合计"
    assert int(last[header.index("家庭人口")]) == township.household["member_count"].sum()


def test_the_province_puts_a_stray_0_behind_a_header_in_november(
    written: dict[str, Path],
) -> None:
    heads = [rows(next(each.glob("监测对象信息*")))[2] for each in written.values()]
    assert ["风险是否已消除0" in head for head in heads] == [True, False]


def test_income_is_gb18030_with_tabs(folder: Path, township: demo.Simulation) -> None:
    data = (folder / "家庭收入_2014-2025.txt").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")
    lines = data.decode("gb18030").split("\r\n")
    assert lines[1].startswith("年度\t县\t乡镇\t行政村\t户编号")
    assert lines[-1] == ""
    assert len(lines) == len(township.household_year) + 3
    assert {line.count("\t") for line in lines[1:-1]} == {25}


def test_fund_notices_have_the_very_cells_of_the_published_tables(folder: Path) -> None:
    for source in (DATA / "reference" / "fund_tables").glob("*.txt"):
        lines = source.read_text("utf-8").splitlines()[1:]
        wanted = [line.split("|") for line in lines if line]
        title = wanted[0][0].split()[0].split("(")[0]
        found = rows(folder / "资金" / f"{title}.xlsx")
        found = [row for row in found if row[0] != "示例(模拟数据)"]
        assert [row[: len(w)] for row, w in zip(found, wanted, strict=True)] == wanted


def test_some_rows_write_an_old_name_or_leave_out_the_committee() -> None:
    done = simulated()
    codes = done.household["village_code"].to_numpy()
    texts = planted_errors.village_texts(np.random.default_rng(1), done.village, codes)
    keyed = done.village.set_index("village_code").loc[codes]
    old = np.array([t in names for t, names in zip(texts, keyed["old_names"], strict=True)])
    assert old.mean() == pytest.approx(planted_errors.OLD_NAME_SHARE, abs=0.003)
    full = texts == keyed["name"].to_numpy()
    short = texts == keyed["short"].to_numpy()
    assert (old | full | short).all()
    assert 0.6 < short.mean() < 0.85


def test_old_names_are_those_of_older_editions() -> None:
    village = simulated().village.set_index("village_code")
    assert village.loc["611025107204", ["short", "old_names"]].to_list() == ["渔坪村", ("鱼坪村",)]
    assert village.loc["611025001007", "old_names"] == ("太坪村", "太平村")
    assert village["old_names"].map(len).gt(0).sum() == 9
    other = simulated("433125").village.set_index("village_code")
    assert other.loc["433125104209", "old_names"] == ("糯梯村",)


def test_spoilt_rows_are_as_many_as_announced() -> None:
    expected = simulated().expected_mess
    counts = {kind: len(ids) for kind, ids in expected.items()}
    assert counts["unknown_village"] == 5
    assert counts["cut_identity"] + counts["wrong_check_digit"] == 20
    assert counts["lowercase_x"] == 30
    assert counts["orphan_member"] == 6
    members = len(simulated().member)
    assert counts["duplicate_member"] == pytest.approx(0.002 * members, abs=1)
    for kind, ids in expected.items():
        assert len(set(ids)) == len(ids), kind


def test_identity_numbers_are_broken_as_announced() -> None:
    ids = np.array(["a", "b", "c", "d"])
    numbers = np.array(
        ["619925198405203258", "61992519840520325X", "619925198405203258", "619925198405203258"],
        dtype=object,
    )
    kinds = {"cut_identity": ["a"], "lowercase_x": ["b"], "wrong_check_digit": ["c"]}
    planted_errors.break_identities(numbers, ids, kinds)
    assert list(numbers) == [
        "6.19925E+17",
        "61992519840520325x",
        "619925198405203259",
        "619925198405203258",
    ]


def test_full_width_digits_and_repeated_rows() -> None:
    assert planted_errors.full_width(np.array(["12.5"], dtype=object)) == ["\uff11\uff12.\uff15"]
    columns = {"甲": np.array(["1", "2", "3"], dtype=object)}
    found = planted_errors.repeat_rows(columns, np.array(["x", "y", "z"]), ["y"])
    assert list(found["甲"]) == ["1", "2", "2", "3"]


def test_optional_cells_are_empty_now_and_then(folder: Path) -> None:
    found = table(folder / "已脱贫人口名单_20251231.xlsx")
    assert 0.005 < found["民族"].eq("").mean() < 0.03
    assert not found["姓名"].eq("").any()


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The ledgers of all townships, four entries a group, in the order of the townships' codes."""
    done = simulated()
    few = done.ledger_entry.groupby(["group_key", done.ledger_entry["village_code"].str[:9]])
    small = replace(done, ledger_entry=few.head(4).reset_index(drop=True))
    folder = tmp_path_factory.mktemp("ledgers") / "six"
    ledger_files.write_ledgers(folder, np.random.default_rng(1), small)
    names = done.village.drop_duplicates("township_code")["township"]
    return [folder / f"{name}六类重点人群台账.xlsx" for name in names]


def test_ledgers_differ_from_township_to_township(ledgers: list[Path]) -> None:
    assert len(ledgers) == 15
    tidy = [p for number, p in enumerate(ledgers) if number not in (GROUPED, UNITS)]
    assert len({tuple(rows(path)[2]) for path in tidy}) == 6
    sheets = [tuple(python_calamine.load_workbook(str(path)).sheet_names) for path in ledgers]
    assert len(set(sheets)) > 2
    forms = {re.sub(r"\d+", "9", rows(path)[3][9]) for path in tidy}
    assert forms == {"9-9-9", "9.9.9", "9年9月9日", "9/9/9"}
    foot = rows(ledgers[0])[-2:]
    assert foot[0][0] == "合计"
    assert (foot[1][0], foot[1][3]) == ("填表人:", "审核人:")


def test_one_ledger_has_a_header_of_two_rows(ledgers: list[Path]) -> None:
    upper, lower = rows(ledgers[GROUPED])[2:4]
    at = upper.index("户情")
    assert upper[at + 1 : at + 3] == ["", ""] and all(lower[at : at + 3])
    assert all(one != "" for one in np.where(np.array(upper) == "", lower, upper))
    merges = python_calamine.load_workbook(str(ledgers[GROUPED])).get_sheet_by_index(0)
    assert ((2, at), (2, at + 2)) in merges.merged_cell_ranges
    assert ((2, 0), (3, 0)) in merges.merged_cell_ranges


def test_one_ledger_has_a_village_as_one_cell_for_several_rows(ledgers: list[Path]) -> None:
    book = python_calamine.load_workbook(str(ledgers[MERGED]))
    found = [book.get_sheet_by_index(i) for i in range(len(book.sheet_names))]
    ranges = [each for sheet in found for each in sheet.merged_cell_ranges]
    assert ranges and {(first[1], last[1]) for first, last in ranges} == {(2, 2)}
    sheet = next(each for each in found if each.merged_cell_ranges)
    (first, column), (last, _) = sheet.merged_cell_ranges[0]
    cells = [row[column] for row in sheet.to_python()[first : last + 1]]
    assert cells[0].endswith(("村", "社区", "委会")) and not any(cells[1:])


def test_one_ledger_has_a_hidden_old_sheet_one_a_unit_line_one_months_only(
    ledgers: list[Path],
) -> None:
    hidden = [
        [s.name for s in python_calamine.load_workbook(str(path)).sheets_metadata if _hidden(s)]
        for path in ledgers
    ]
    assert [names for names in hidden if names] == [["2024年旧表"]] and hidden[OLD_SHEET]
    assert "单位:户、人" in rows(ledgers[UNITS])[2]
    closed = [row[11] for i in range(6) for row in rows(ledgers[MONTHS_ONLY], i)[3:]]
    forms = {re.sub(r"\d+", "9", cell) for cell in closed}
    assert {"9.9", "9.9.9"} <= forms


def _hidden(sheet: python_calamine.SheetMetadata) -> bool:
    return sheet.visible != python_calamine.SheetVisibleEnum.Visible


def test_a_phone_becomes_a_float_and_a_person_stands_in_two_households() -> None:
    phones = np.array(["10001234567", "10007654321", ""], dtype=object)
    planted_errors.float_phones(phones, np.array(["a", "b", "c"]), ["a", "c"])
    assert list(phones) == ["1.0001234567E+10", "10007654321", ""]
    member = simulated().member
    ids = simulated().expected_mess["two_households"]
    again = planted_errors.listed_again(member, ids)
    assert set(again["identity_number"]) == set(
        member.loc[member["member_id"].isin(ids), "identity_number"]
    )
    homes = member.set_index("member_id").loc[ids, "household_id"]
    assert set(again["household_id"]) == set(homes)
    assert not (again["household_id"].to_numpy() == homes.sort_values().to_numpy()).any()
    assert planted_errors.listed_again(member, ids[:1]).empty


@pytest.fixture(scope="module")
def loaded(folder: Path, tmp_path_factory: pytest.TempPathFactory):
    """What the ordinary loaders make of the folder: the report and the snapshot's folder."""
    home = tmp_path_factory.mktemp("home")
    report = importing.run([folder], Home(home), DECEMBER, loaded_by="test", county_code="611025")
    return report, Home(home)


def quarantined(report, layout: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for sheet in report.sheets:
        if sheet["layout"] == layout:
            found.update(sheet["quarantined"])
    return found


def test_the_loaders_refuse_just_the_rows_that_were_broken(loaded, township) -> None:
    report, _ = loaded
    expected, member = township.expected_mess, township.member
    home = township.household["household_id"]
    lost = mine(expected["unknown_village"], home)
    assert quarantined(report, "household_register") == Counter(
        {"unknown_village": len(lost)} if lost else {}
    )
    persons = quarantined(report, "person_list")
    homeless = member["household_id"].isin(lost).sum() + len(expected["orphan_member"])
    assert persons["unknown_household"] == homeless
    assert persons["digits_lost"] == len(mine(expected["cut_identity"], member["member_id"]))
    wrong = mine(expected["wrong_check_digit"], member["member_id"])
    assert persons["identity_check"] == len(wrong)
    for layout in ("relocation_list", "monitored_persons", "village_year", "project_list"):
        assert not quarantined(report, layout), layout


def test_the_loaders_get_back_what_was_simulated(loaded, township) -> None:
    _, home = loaded
    lost = township.expected_mess["unknown_village"]
    stored = pq.read_table(next(home.path.rglob("household.parquet"))).to_pandas()
    stored = stored.set_index("household_id")
    wanted = township.household.set_index("household_id")
    wanted = wanted[~wanted.index.isin(lost)].loc[stored.index]
    for column in ("village_code", "registered", "member_count", "head_name", "dangerous_house"):
        assert (stored[column] == wanted[column]).all(), column
    watched = township.monitored_household.set_index("household_id")
    # The loaders take the kind of a case that is still open into the register.
    begun = watched.index[watched["identified_on"].isna()]
    wanted.loc[begun, "monitor_kind"] = watched.loc[begun, "monitor_kind"]
    for column in ("exit_year", "cause_1", "monitor_kind", "poverty_attribute"):
        assert stored[column].isna().eq(wanted[column].isna()).all(), column
        both = stored[column].notna()
        assert (stored.loc[both, column] == wanted.loc[both, column]).all(), column
    income = pq.read_table(next(home.path.rglob("household_year.parquet"))).to_pandas()
    total = township.household_year[~township.household_year["household_id"].isin(lost)]
    assert income["net_income_yuan"].sum() == pytest.approx(total["net_income_yuan"].sum())
    for name in ("benefit", "change_event", "monitored_household"):
        found = pq.read_table(next(home.path.rglob(f"{name}.parquet"))).num_rows
        frame = getattr(township, name)
        assert found == (~frame["household_id"].isin(lost)).sum(), name
    poor = income["poverty_state"].isin(["poor", "fell_back"]).sum()
    assert poor == total["poverty_state"].isin(["poor", "fell_back"]).sum()
