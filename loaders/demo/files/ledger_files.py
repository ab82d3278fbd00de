"""The smaller files: ledgers of the townships, relocation, sites, projects, fund notices."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from loaders.demo.files.export_text import (
    coded,
    day,
    decimal,
    filled,
    flag,
    month,
    spellings,
    text,
    whole,
)
from loaders.demo.files.register_files import place_columns, titled
from loaders.demo.files.xlsx_writer import Sheet, write_workbook
from loaders.demo.model.config import DATA
from loaders.demo.model.member_details import SURNAMES
from loaders.demo.model.sampling import Rng
from loaders.demo.model.simulate import Simulation
from loaders.reading.simulated_mark import marked

# What each township calls the columns, one after another by the township's number.
_WORDING: dict[str, tuple[str, ...]] = {
    "序号": ("序号",),
    "township": ("镇(街道)", "乡镇", "镇办"),
    "village": ("村(社区)", "行政村", "村"),
    "户编号": ("户编号", "户编码"),
    "户主姓名": ("户主姓名", "户主"),
    "人口": ("家庭人口", "人口", "人数"),
    "reason": ("纳入原因", "风险原因", "纳入台账原因"),
    "measure": ("巩固提升措施", "帮扶措施", "巩固措施"),
    "responsible": ("责任人", "包抓责任人", "帮扶责任人"),
    "opened_on": ("建账时间", "建账日期", "纳入时间"),
    "due_on": ("完成时限", "整改时限", "计划完成时间"),
    "closed_on": ("销号时间", "销号日期"),
    "closed_how": ("销号方式", "销号依据"),
    "note": ("备注",),
}
# Over which columns the one township with a header of two rows writes a common one.
_GROUPS = {"户情": ("户编号", "户主姓名", "人口"), "销号": ("closed_on", "closed_how")}
_DATE_FORMS = ("%Y-%m-%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y/%m/%d")
_WAN = 10_000.0
# Townships, by number, that keep their ledgers less tidily than the others.
_GROUPED, _MERGED, _OLD_SHEET, _MONTHS_ONLY, _UNITS = 3, 6, 8, 5, 10


def write_ledgers(folder: Path, rng: Rng, done: Simulation) -> None:
    """六类台账: one workbook a township, one sheet a group, each township with its own wording."""
    folder.mkdir()
    towns = done.village.drop_duplicates("township_code")[["township_code", "township"]]
    home = done.household.set_index("household_id")[["head_name", "member_count"]]
    entries = done.ledger_entry.join(home, on="household_id")
    township = entries["village_code"].str[:9].to_numpy(dtype=object)
    for number, (code, name) in enumerate(towns.itertuples(index=False)):
        mine = entries[township == code]
        cells = _ledger_cells(rng, done, mine, number)
        groups = mine["group_key"].to_numpy(dtype=object)
        sheets = [
            _ledger_sheet(done, cells, groups == group, group, name, number)
            for group in spellings("risk_group")
        ]
        if number == _OLD_SHEET:
            sheets.append(_last_years(sheets[0]))
        write_workbook(folder / f"{name}六类重点人群台账.xlsx", sheets)


def _ledger_cells(
    rng: Rng, done: Simulation, entries: pd.DataFrame, number: int
) -> dict[str, np.ndarray]:
    """The texts of all entries of a township, by the key of ``_WORDING``."""
    form = _DATE_FORMS[number % len(_DATE_FORMS)]
    place = place_columns(rng, done, entries["village_code"])
    head = text(entries["head_name"])
    wrong = entries["household_id"].isin(done.expected_mess["wrong_head_name"])
    wrong = (wrong & entries["group_key"].eq("exited_2014_2015")).to_numpy()
    head[wrong] = [_renamed(name) for name in head[wrong]]
    # Some only remember the month: 2025.10 is October.
    closed = day(entries["closed_on"], form)
    if number == _MONTHS_ONLY:
        closed[::4] = day(entries["closed_on"].iloc[::4], "%Y.%m")
    return {
        "序号": whole(entries.groupby("group_key").cumcount() + 1),
        "township": place["township"],
        "village": place["village"],
        "户编号": text(entries["household_id"]),
        "户主姓名": head,
        "人口": whole(entries["member_count"]),
        "reason": text(entries["reason"]),
        "measure": text(entries["measure"]),
        "responsible": text(entries["responsible"]),
        "opened_on": day(entries["opened_on"], form),
        "due_on": day(entries["due_on"], form),
        "closed_on": closed,
        "closed_how": text(entries["closed_how"]),
        "note": filled(len(entries), ""),
    }


def _ledger_sheet(
    done: Simulation,
    cells: dict[str, np.ndarray],
    kept: np.ndarray,
    group: str,
    town: str,
    number: int,
) -> Sheet:
    names = spellings("risk_group")[group]
    said = {key: words[number % len(words)] for key, words in _WORDING.items()}
    columns = {said[key]: cells[key][kept] for key in _WORDING}
    people = sum(map(int, cells["人口"][kept]))
    return Sheet(
        names[number % len(names)],
        [
            [marked(f"{town}{names[0]}台账")],
            [f"填报单位:{town}", "", "", f"{done.data_date:%Y-%m-%d}"],
            *([["", "", "", "", "单位:户、人"]] if number == _UNITS else []),
        ],
        columns,
        [["合计", *[""] * 4, str(people)], ["填表人:", "", "", "审核人:"]],
        groups={title: [said[key] for key in keys] for title, keys in _GROUPS.items()}
        if number == _GROUPED
        else {},
        merged=(said["village"],) if number == _MERGED else (),
    )


def _last_years(sheet: Sheet) -> Sheet:
    """The sheet of the year before, hidden and forgotten."""
    columns = {name: cells[:40] for name, cells in sheet.columns.items()}
    return Sheet("2024年旧表", sheet.above, columns, hidden=True)


def _renamed(name: str) -> str:
    """The same given name under another surname, as when a list was copied by hand."""
    return next(s for s in SURNAMES if s != name[0]) + name[1:]


def relocation_sheet(rng: Rng, done: Simulation) -> Sheet:
    """易地搬迁花名册: one row a relocated household."""
    frame = done.relocation.join(
        done.household.set_index("household_id")[["head_name"]], on="household_id"
    )
    frame = frame.join(done.settlement_site.set_index("site_id")["name"], on="site_id")
    place = place_columns(rng, done, frame["village_code"])
    columns = {
        "序号": whole(np.arange(1, len(frame) + 1)),
        "乡镇": place["township"],
        "行政村": place["village"],
        "户编号": text(frame["household_id"]),
        "户主": text(frame["head_name"]),
        "人口": whole(frame["people"]),
        "安置方式": coded(rng, frame["approach"], "resettlement"),
        "安置点编号": text(frame["site_id"]),
        "迁入地": text(frame["name"]),
        "入住时间": month(frame["moved_in_on"]),
        "近一年居住新房月数": whole(frame["months_in_new_home"]),
        "安置住房面积(㎡)": whole(frame["house_m2"]),
        "是否办理不动产权证": flag(frame["certificate"]),
        "旧房是否拆除": flag(frame["old_house_demolished"]),
        "未拆除原因": coded(rng, frame["kept_reason"], "kept_reason"),
        "宅基地是否复垦": flag(frame["land_restored"]),
        "后续帮扶": text(frame["follow_up"]),
    }
    total = ["合计", *[""] * 4, str(int(frame["people"].sum()))]
    return Sheet("花名册", titled(done, "易地扶贫搬迁花名册"), columns, [total])


def site_sheet(rng: Rng, done: Simulation) -> Sheet:
    """集中安置点: one row a settlement site."""
    frame = done.settlement_site
    place = place_columns(rng, done, frame["village_code"])
    columns = {
        "安置点编号": text(frame["site_id"]),
        "安置点名称": text(frame["name"]),
        "乡镇": place["township"],
        "行政村": place["village"],
        "经度": decimal(frame["longitude"], 5),
        "纬度": decimal(frame["latitude"], 5),
        "是否规模安置点": flag(frame["large"]),
        "规划户数(户)": whole(frame["planned_households"]),
        "最近学校(公里)": decimal(frame["school_km"], 1),
        "最近卫生室(公里)": decimal(frame["clinic_km"], 1),
        "最近社区工厂(公里)": decimal(frame["workshop_km"], 1),
        "社区工厂(个)": whole(frame["workshops"]),
        "产业园区(个)": whole(frame["industry_parks"]),
        "提供岗位(个)": whole(frame["jobs"]),
        "后续扶持资金(万元)": decimal(frame["follow_up_yuan"], 2, _WAN),
        "验收时间": month(frame["accepted_on"]),
    }
    return Sheet("集中安置点", titled(done, "易地扶贫搬迁集中安置点"), columns)


def project_sheet(rng: Rng, done: Simulation) -> Sheet:
    """项目库: one row a project, amounts in 10,000 yuan."""
    frame = done.project
    place = place_columns(rng, done, frame["village_code"])
    money = {
        "计划总投资(万元)": "planned_yuan",
        "中央资金投入(万元)": "central_yuan",
        "省级资金投入(万元)": "province_yuan",
        "市级资金投入(万元)": "city_yuan",
        "县级资金投入(万元)": "county_yuan",
        "其他资金(万元)": "other_yuan",
        "已支付(万元)": "paid_yuan",
    }
    columns = {
        "项目编号": text(frame["project_id"]),
        "项目名称": text(frame["name"]),
        "项目类别": coded(rng, frame["category"], "project_category"),
        "计划实施年度": whole(frame["year"]),
        "乡镇": place["township"],
        "实施地点": place["village"],
        "建设内容": text(frame["content"]),
        "监管单位": text(frame["unit_in_charge"]),
        **{header: decimal(frame[field], 2, _WAN) for header, field in money.items()},
        "项目建设状态": coded(rng, frame["state"], "project_state"),
        "开工日期": day(frame["started_on"]),
        "验收日期": day(frame["accepted_on"]),
        "受益贫困户": whole(frame["beneficiary_households"]),
        "受益贫困人口": whole(frame["beneficiary_people"]),
    }
    planned = f"{frame['planned_yuan'].sum() / _WAN:.2f}"
    return Sheet("项目库", titled(done, "项目库"), columns, [["合计", *[""] * 7, planned]])


def write_fund_notices(folder: Path) -> None:
    """资金: the three published notices of other counties, cell by cell below a line of ours."""
    folder.mkdir()
    for source in sorted((DATA / "reference" / "fund_tables").glob("*.txt")):
        lines = source.read_text("utf-8").splitlines()
        rows = [line.split("|") for line in lines if line and not line.startswith("#")]
        at = next(i for i, row in enumerate(rows) if len(row) > 1)
        above, header, body = rows[:at], rows[at], rows[at + 1 :]
        # The source's rows are kept whole, also those with fewer cells than the header.
        sheet = Sheet(
            "Sheet1",
            [*above, [marked("示例")]],
            {name: np.array([], dtype=object) for name in header},
            body,
        )
        write_workbook(folder / f"{above[0][0].split()[0].split('(')[0]}.xlsx", [sheet])
