"""Files of villages' collective income: accounts by township, lines, entrusted contracts."""

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
_KINDS = {
    "经营收入": "operating_income_yuan",
    "发包及上交收入": "contracting_income_yuan",
    "投资收益": "investment_income_yuan",
    "补助收入": "grant_income_yuan",
    "其他收入": "other_collective_yuan",
    "收入合计": "account_total_yuan",
}
_AGREEMENTS = {
    "委托管理协议": "agreement_management",
    "联保协议": "agreement_guarantee",
    "借款协议": "agreement_loan",
}


def write_incomes(folder: Path, rng: Rng, done: Simulation) -> None:
    """Write the accounts, a workbook a township, the book of lines and the ledger of contracts."""
    folder.mkdir()
    _write_accounts(folder / "收支统计表", rng, done)
    title = title_of(done, "村集体经济收入明细账")
    write_lines(folder / "村集体经济收入明细账.txt", title, _lines(rng, done))
    name = f"村集体经济委托经营合同台账_{done.data_date:%Y%m%d}.xlsx"
    write_workbook(folder / name, [_contracts(rng, done)])


def _write_accounts(folder: Path, rng: Rng, done: Simulation) -> None:
    """收支统计表: a sheet a year under a header of two rows, in 10,000 yuan as the title says."""
    folder.mkdir()
    frame = done.village_account
    towns = done.village.drop_duplicates("township_code")[["township_code", "township"]]
    for code, name in towns.itertuples(index=False):
        mine = frame[frame["village_code"].str[:9].eq(code)]
        sheets = [
            _account(rng, done, name, year, rows.reset_index(drop=True))
            for year, rows in mine.groupby("year", sort=True)
        ]
        write_workbook(folder / f"{name}村集体经济收支统计表.xlsx", sheets)


def _account(rng: Rng, done: Simulation, name: str, year: int, rows: pd.DataFrame) -> Sheet:
    columns: Columns = {
        "序号": whole(np.arange(1, len(rows) + 1)),
        "年度": whole(rows["year"]),
        "乡镇": filled(len(rows), name),
        "行政村": place_columns(rng, done, rows["village_code"])["village"],
        **{header: decimal(rows[field], 2, _WAN) for header, field in _KINDS.items()},
        "支出合计": decimal(rows["account_expense_yuan"], 2, _WAN),
    }
    above = [
        [marked(f"{name}村集体经济收支统计表({year}年)(单位:万元)")],
        [f"填报单位:{name}"],
    ]
    total = ["合计", "", "", "", *(f"{rows[field].sum() / _WAN:.2f}" for field in _KINDS.values())]
    total.append(f"{rows['account_expense_yuan'].sum() / _WAN:.2f}")
    groups = {"收入来源": list(_KINDS)[:-1]}
    return Sheet(f"{year}年", above, columns, [total], groups=groups)


def _lines(rng: Rng, done: Simulation) -> Columns:
    rows = done.village_receipt
    place = place_columns(rng, done, rows["village_code"])
    return {
        "凭证号": text(rows["village_receipt_id"]),
        "年度": whole(rows["year"]),
        "入账日期": day(rows["booked_on"]),
        "乡镇": place["township"],
        "行政村": place["village"],
        "收入类别": coded(rng, rows["collective_source"], "collective_source"),
        "付款单位": text(rows["payer"]),
        "是否一次性": flag(rows["one_off"]),
        "委托合同编号": text(rows["entrust_id"]),
        "金额(元)": decimal(rows["amount_yuan"]),
    }


def _contracts(rng: Rng, done: Simulation) -> Sheet:
    """委托经营合同台账: under a header of two rows, what was paid of a year in columns by year."""
    rows = done.entrust_contract
    paid = done.entrust_year.pivot(index="entrust_id", columns="year", values="entrust_paid_yuan")
    paid = paid.reindex(rows["entrust_id"])
    place = place_columns(rng, done, rows["village_code"])
    years = {f"{year}年上交收益(元)": decimal(paid[year]) for year in paid}
    columns: Columns = {
        "序号": whole(np.arange(1, len(rows) + 1)),
        "委托合同编号": text(rows["entrust_id"]),
        "委托标的": text(rows["name"]),
        "标的类别": coded(rng, rows["entrust_kind"], "entrust_kind"),
        "乡镇": place["township"],
        "行政村": place["village"],
        "委托金额(万元)": decimal(rows["entrusted_yuan"], 2, _WAN),
        "受托方": text(rows["operator"]),
        "受托方类别": coded(rng, rows["operator_kind"], "operator_kind"),
        "约定年收益(元)": decimal(rows["agreed_yield_yuan"]),
        "委托起": day(rows["entrusted_on"]),
        "委托止": day(rows["entrusted_until"]),
        "履行状态": coded(rng, rows["entrust_state"], "entrust_state"),
        **{header: _signed(rows[field]) for header, field in _AGREEMENTS.items()},
        **years,
    }
    groups = {
        "合同": ["约定年收益(元)", "委托起", "委托止", "履行状态"],
        "协议": list(_AGREEMENTS),
        "上交收益": list(years),
    }
    title = titled(done, "村集体经济委托经营(“双委”)合同台账")
    return Sheet("委托合同", title, columns, groups=groups)


def _signed(values: pd.Series) -> np.ndarray:
    """已签 or 未签, the empty text where the contract needs none."""
    said = values.map({True: "已签", False: "未签"})
    return text(said)
