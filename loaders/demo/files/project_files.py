"""Files of projects after the library: way, half-months, households, assets, upkeep, points."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from loaders.demo.files.export_text import (
    coded,
    day,
    decimal,
    month,
    text,
    whole,
    write_lines,
)
from loaders.demo.files.register_files import Columns, place_columns, title_of, titled
from loaders.demo.files.xlsx_writer import Sheet, write_workbook
from loaders.demo.model.sampling import Rng
from loaders.demo.model.simulate import Simulation
from loaders.reading.simulated_mark import marked

_WAN = 10_000.0
_FUNDS = {
    "财政预算": "upkeep_budget_yuan",
    "部门整合": "upkeep_department_yuan",
    "镇办补助": "upkeep_township_yuan",
    "村集体列支": "upkeep_collective_yuan",
    "资产收益": "upkeep_asset_yuan",
    "受益户缴纳": "upkeep_users_yuan",
    "帮扶单位支持": "upkeep_helpers_yuan",
    "社会捐助": "upkeep_donated_yuan",
}
Maker = Callable[[Rng, Simulation], Sheet]


def write_projects(folder: Path, rng: Rng, done: Simulation) -> None:
    """Write every file of what projects came to into a folder of its own."""
    folder.mkdir()
    stamp = f"{done.data_date:%Y%m%d}"
    books: dict[str, Maker] = {
        f"项目推进台账_{stamp}": _path_sheet,
        f"项目受益户台账_{stamp}": _beneficiary_sheet,
        f"公共基础设施管护台账_{stamp}": _facility_sheet,
        "管护资金筹集表_2019-2025": _fund_sheet,
    }
    for name, sheet in books.items():
        write_workbook(folder / f"{name}.xlsx", [sheet(rng, done)])
    write_workbook(folder / "爱心超市积分统计表.xlsx", _points_sheets(rng, done))
    write_dividends(folder / "收益分红台账.txt", rng, done)
    _write_by_township(folder / "项目调度", "项目半月调度表", rng, done, _schedule_sheets)
    _write_by_township(folder / "资产台账", "扶贫项目资产台账", rng, done, _asset_sheets)


def _write_by_township(
    folder: Path,
    title: str,
    rng: Rng,
    done: Simulation,
    sheets: Callable[[Rng, Simulation, str, str], list[Sheet]],
) -> None:
    """A workbook a township that has any row."""
    folder.mkdir()
    towns = done.village.drop_duplicates("township_code")[["township_code", "township"]]
    for code, name in towns.itertuples(index=False):
        if written := sheets(rng, done, code, name):
            write_workbook(folder / f"{name}{title}.xlsx", written)


def _begin(rng: Rng, done: Simulation, rows: pd.DataFrame, village: str = "行政村") -> Columns:
    place = place_columns(rng, done, rows["village_code"])
    return {"乡镇": place["township"], village: place["village"]}


def _numbered(rows: pd.DataFrame) -> Columns:
    return {"序号": whole(np.arange(1, len(rows) + 1))}


def _named(done: Simulation, ids: pd.Series, frame: str, key: str) -> np.ndarray:
    """Names of projects or assets by their numbers."""
    return text(ids.map(getattr(done, frame).set_index(key)["name"]))


def _path_sheet(rng: Rng, done: Simulation) -> Sheet:
    """项目推进台账: a header of two rows, what was planned beside what was done."""
    rows = done.project_path
    columns = {
        **_numbered(rows),
        "项目编号": text(rows["project_id"]),
        "项目名称": _named(done, rows["project_id"], "project", "project_id"),
        **_begin(rng, done, rows, "实施地点"),
        "入库时间": day(rows["listed_on"]),
        "批复时间": day(rows["approved_on"]),
        "批复文号": text(rows["approval_document"]),
        "招标方式": coded(rng, rows["tender_way"], "tender_way"),
        "中标时间": day(rows["tendered_on"]),
        "投标单位数": whole(rows["bidders"]),
        "中标单位": text(rows["contractor"]),
        "合同金额(万元)": decimal(rows["contract_yuan"], 2, _WAN),
        "计划开工": day(rows["planned_start_on"]),
        "计划完工": day(rows["planned_built_on"]),
        "实际开工": day(rows["started_on"]),
        "实际完工": day(rows["built_on"]),
        "验收时间": day(rows["accepted_on"]),
        "资金付清时间": day(rows["paid_off_on"]),
        "资产移交时间": day(rows["handed_over_on"]),
    }
    groups = {
        "招标": ["招标方式", "中标时间", "投标单位数", "中标单位", "合同金额(万元)"],
        "计划时间": ["计划开工", "计划完工"],
        "实际时间": ["实际开工", "实际完工"],
    }
    total = ["合计", *[""] * 11, f"{rows['contract_yuan'].sum() / _WAN:.2f}"]
    return Sheet("推进台账", titled(done, "项目推进台账"), columns, [total], groups)


def _schedule_sheets(rng: Rng, done: Simulation, code: str, name: str) -> list[Sheet]:
    """项目调度表: a sheet a half-month, amounts in 10,000 yuan as the title line says."""
    mine = done.project_schedule[done.project_schedule["village_code"].str[:9].eq(code)]
    planned = done.project.set_index("project_id")["planned_yuan"]
    sheets = []
    for stamp, rows in mine.groupby("sheet_on", sort=True):
        rows = rows.reset_index(drop=True)
        columns = {
            **_numbered(rows),
            "项目编号": text(rows["project_id"]),
            "项目名称": _named(done, rows["project_id"], "project", "project_id"),
            **_begin(rng, done, rows),
            "计划总投资": decimal(rows["project_id"].map(planned), 2, _WAN),
            "工程进度(%)": whole(rows["progress_percent"]),
            "形象进度": text(rows["progress_note"]),
            "完成投资": decimal(rows["invested_yuan"], 2, _WAN),
            "拨付资金": decimal(rows["paid_yuan"], 2, _WAN),
            "存在问题": text(rows["difficulty"]),
        }
        above = [
            [marked(f"{name}项目半月调度表(单位:万元)")],
            [f"截至{pd.Timestamp(stamp):%Y年%m月%d日}"],
        ]
        sheets.append(Sheet(f"{pd.Timestamp(stamp):%Y-%m-%d}", above, columns))
    return sheets


def _beneficiary_sheet(rng: Rng, done: Simulation) -> Sheet:
    """项目受益户台账: promised beside had, under a header of two rows."""
    rows = done.project_beneficiary
    home = done.household.set_index("household_id")["head_name"]
    columns = {
        **_numbered(rows),
        "项目编号": text(rows["project_id"]),
        "项目名称": _named(done, rows["project_id"], "project", "project_id"),
        **_begin(rng, done, rows),
        "户编号": text(rows["household_id"]),
        "户主姓名": text(rows["household_id"].map(home)),
        "承诺就业(人)": whole(rows["promised_jobs"]),
        "承诺增收(元)": whole(rows["promised_income_yuan"]),
        "承诺分红(元)": whole(rows["promised_dividend_yuan"]),
        "实现就业(人)": whole(rows["jobs"]),
        "实现增收(元)": whole(rows["income_yuan"]),
        "实现分红(元)": whole(rows["dividend_yuan"]),
    }
    headers = list(columns)
    groups = {"承诺": headers[-6:-3], "实现": headers[-3:]}
    return Sheet("受益户", titled(done, "项目受益户台账"), columns, groups=groups)


def _asset_sheets(rng: Rng, done: Simulation, code: str, name: str) -> list[Sheet]:
    """项目资产台账: an asset a row, what it yielded a year in columns by year."""
    rows = done.asset[done.asset["village_code"].str[:9].eq(code)].reset_index(drop=True)
    if rows.empty:
        return []
    got = done.asset_year.pivot(index="asset_id", columns="year", values="yield_yuan")
    got = got.reindex(rows["asset_id"])
    columns = {
        **_numbered(rows),
        "资产编号": text(rows["asset_id"]),
        "资产名称": text(rows["name"]),
        "资产类别": coded(rng, rows["asset_class"], "asset_class"),
        "资产类型": coded(rng, rows["asset_kind"], "asset_kind"),
        **_begin(rng, done, rows),
        "来源项目编号": text(rows["project_id"]),
        "资产原值(万元)": decimal(rows["value_yuan"], 2, _WAN),
        "产权层级": coded(rng, rows["owner_level"], "owner_level"),
        "产权单位": text(rows["owner"]),
        "管护单位": text(rows["custodian"]),
        "资产状态": coded(rng, rows["asset_state"], "asset_state"),
        "经营主体": text(rows["operator"]),
        "合同编号": text(rows["contract_number"]),
        "合同起": day(rows["contract_on"]),
        "合同止": day(rows["contract_until"]),
        "约定年收益(元)": decimal(rows["agreed_yield_yuan"]),
        "约定分红比例(%)": decimal(rows["dividend_rate_percent"], 1),
        **{f"{year}年收益(元)": decimal(got[year]) for year in got},
    }
    total = ["合计", *[""] * 7, f"{rows['value_yuan'].sum() / _WAN:.2f}"]
    above = [[marked(f"{name}扶贫项目资产台账")], [f"填报单位:{name}", "", f"{done.data_date}"]]
    return [Sheet("资产台账", above, columns, [total])]


def write_dividends(path: Path, rng: Rng, done: Simulation) -> None:
    """收益分红台账: tab-separated lines in GB18030, one a payment."""
    rows = done.dividend
    home = done.household.set_index("household_id")["head_name"]
    columns = {
        "凭证编号": text(rows["dividend_id"]),
        "分红年度": whole(rows["year"]),
        "资产编号": text(rows["asset_id"]),
        "资产名称": _named(done, rows["asset_id"], "asset", "asset_id"),
        **_begin(rng, done, rows),
        "分红对象": coded(rng, rows["dividend_payee"], "dividend_payee"),
        "户编号": text(rows["household_id"]),
        "户主姓名": text(rows["household_id"].map(home)),
        "分红金额(元)": decimal(rows["amount_yuan"]),
        "发放时间": day(rows["paid_on"], "%Y%m%d"),
    }
    write_lines(path, title_of(done, "收益分红台账"), columns)


def _facility_sheet(rng: Rng, done: Simulation) -> Sheet:
    """公共基础设施管护台账: one row a facility."""
    rows = done.facility
    columns = {
        **_numbered(rows),
        "设施编号": text(rows["facility_id"]),
        "设施名称": text(rows["name"]),
        "设施类别": coded(rng, rows["facility_kind"], "facility_kind"),
        **_begin(rng, done, rows),
        "权属单位": text(rows["owner"]),
        "管护途径": coded(rng, rows["upkeep_route"], "upkeep_route"),
        "管护责任人": text(rows["caretaker"]),
        "设施状况": coded(rng, rows["facility_state"], "facility_state"),
        "最近巡查时间": day(rows["patrolled_on"]),
        "年管护经费(元)": whole(rows["upkeep_yuan"]),
    }
    return Sheet("管护台账", titled(done, "公共基础设施管护台账"), columns)


def _fund_sheet(rng: Rng, done: Simulation) -> Sheet:
    """管护资金筹集表: the eight sources under a common header, in 10,000 yuan as a line says."""
    rows = done.facility_fund
    columns = {
        **_numbered(rows),
        "年度": whole(rows["year"]),
        **_begin(rng, done, rows),
        **{header: decimal(rows[field], 2, _WAN) for header, field in _FUNDS.items()},
    }
    above = [*titled(done, "公共基础设施管护资金筹集表"), ["", "", "", "", "单位:万元"]]
    return Sheet("资金筹集", above, columns, groups={"八个一点": list(_FUNDS)})


def _points_sheets(rng: Rng, done: Simulation) -> list[Sheet]:
    """爱心超市积分统计表: a sheet a year, one row a village and month."""
    return list(_points_by_year(rng, done))


def _points_by_year(rng: Rng, done: Simulation) -> Iterator[Sheet]:
    for year, rows in done.points_month.groupby(done.points_month["month_on"].dt.year):
        rows = rows.reset_index(drop=True)
        columns = {
            **_numbered(rows),
            "月份": month(rows["month_on"]),
            **_begin(rng, done, rows),
            "参与户数(户)": whole(rows["points_households"]),
            "发放积分(分)": whole(rows["points_earned"]),
            "兑换积分(分)": whole(rows["points_redeemed"]),
            "补货金额(元)": whole(rows["goods_yuan"]),
        }
        yield Sheet(f"{year}年", titled(done, f"爱心超市积分统计表({year}年)"), columns)
