"""The rolls of who is paid what, and the list of changes of the register."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from loaders.demo.files.export_text import (
    coded,
    day,
    decimal,
    month,
    spellings,
    text,
    whole,
    write_lines,
)
from loaders.demo.files.register_files import Columns, place_columns, title_of, titled
from loaders.demo.files.xlsx_writer import Sheet, write_workbook
from loaders.demo.model import planted_errors
from loaders.demo.model.sampling import Rng
from loaders.demo.model.simulate import Simulation

_SUBSIDIES = ("disability_living", "disability_care")
_REPEATED = 0.002  # people of the support's roll who stand in it twice
_MANNERS = np.array(["分散供养", "分散供养", "分散供养", "集中供养"], dtype=object)


def write_rolls(folder: Path, rng: Rng, done: Simulation) -> None:
    """Write the five rolls of the bureaus for civil affairs and pensions, and the changes."""
    stamp = f"{done.data_date:%Y%m%d}"
    for name, sheet in (
        (f"农村低保保障花名册_{stamp}", _allowance_sheet),
        (f"特困人员供养花名册_{stamp}", _support_sheet),
        (f"残疾人两项补贴发放表_{stamp}", _subsidy_sheet),
        ("临时救助台账_2025", _aid_sheet),
    ):
        write_workbook(folder / f"{name}.xlsx", [sheet(rng, done)])
    write_pensions(folder / f"城乡居民养老待遇发放_{stamp}.csv", rng, done)
    write_changes(folder / "动态管理变更_2014-2025.txt", rng, done)


def _of_kind(done: Simulation, *kinds: str) -> pd.DataFrame:
    frame = done.benefit[done.benefit["benefit_kind"].isin(kinds)]
    keys = ["village_code", "household_id", "member_id"]
    return frame.sort_values(keys, kind="stable", ignore_index=True)


def _begin(rng: Rng, done: Simulation, rows: pd.DataFrame) -> Columns:
    """The columns that every roll begins with."""
    place = place_columns(rng, done, rows["village_code"])
    return {
        "序号": whole(np.arange(1, len(rows) + 1)),
        "乡镇": place["township"],
        "行政村": place["village"],
        "户编号": text(rows["household_id"]),
    }


def _person(done: Simulation, rows: pd.DataFrame) -> Columns:
    names = done.member.set_index("member_id")["name"]
    return {"人编号": text(rows["member_id"]), "姓名": text(rows["member_id"].map(names))}


def _allowance_sheet(rng: Rng, done: Simulation) -> Sheet:
    """农村低保保障花名册: one row a household that has the allowance or had it."""
    rows = _of_kind(done, "minimum_allowance")
    home = done.household.set_index("household_id")
    people = rows["household_id"].map(home["member_count"])
    columns = {
        **_begin(rng, done, rows),
        "户主姓名": text(rows["household_id"].map(home["head_name"])),
        "保障人口": whole(people),
        "月保障金额(元)": decimal(rows["month_yuan"]),
        "保障起始年月": month(rows["started_on"]),
        "停保日期": day(rows["ended_on"], "%Y.%m.%d"),
    }
    total = ["合计", *[""] * 4, str(int(people.sum()))]
    return Sheet("低保", titled(done, "农村低保保障花名册"), columns, [total])


def _support_sheet(rng: Rng, done: Simulation) -> Sheet:
    """特困人员供养花名册: one row a person."""
    rows = _of_kind(done, "extreme_poverty")
    ids = rows["member_id"].to_numpy(dtype=object)
    columns = {
        **_begin(rng, done, rows),
        **_person(done, rows),
        "供养方式": rng.choice(_MANNERS, len(rows)),
        "月供养金(元)": decimal(rows["month_yuan"], 0),
        "供养起始时间": day(rows["started_on"]),
        "终止供养时间": day(rows["ended_on"]),
    }
    again = list(rng.choice(ids, round(_REPEATED * len(ids)), replace=False))
    columns = planted_errors.repeat_rows(columns, ids, again)
    return Sheet("特困", titled(done, "特困人员救助供养花名册"), columns)


def _subsidy_sheet(rng: Rng, done: Simulation) -> Sheet:
    """残疾人两项补贴发放表: one row a person and subsidy."""
    rows = _of_kind(done, *_SUBSIDIES)
    columns = {
        **_begin(rng, done, rows),
        **_person(done, rows),
        "补贴类别": coded(rng, rows["benefit_kind"], "benefit_kind"),
        "补贴标准(元/月)": whole(rows["month_yuan"]),
        "补贴起始年月": month(rows["started_on"]),
        "停发年月": month(rows["ended_on"]),
    }
    return Sheet("两项补贴", titled(done, "残疾人两项补贴发放表"), columns)


def _aid_sheet(rng: Rng, done: Simulation) -> Sheet:
    """临时救助台账: one row a payment, which is no monthly one."""
    rows = _of_kind(done, "temporary_aid")
    amount = rng.choice([1000, 2000, 3000, 5000, 8000], len(rows))
    columns = {
        **_begin(rng, done, rows),
        "救助时间": day(rows["started_on"], "%Y年%m月%d日"),
        "救助金额(元)": whole(amount),
        "有效期至": day(rows["ended_on"], "%Y年%m月%d日"),
    }
    total = ["合计", *[""] * 4, str(int(amount.sum()))]
    return Sheet("临时救助", titled(done, "临时救助台账"), columns, [total])


def write_pensions(path: Path, rng: Rng, done: Simulation) -> None:
    """城乡居民养老待遇发放: comma-separated lines in UTF-8, one a person."""
    rows = _of_kind(done, "pension")
    columns = {
        **_begin(rng, done, rows),
        **_person(done, rows),
        "月养老金(元)": decimal(rows["month_yuan"]),
        "领取起始年月": month(rows["started_on"]),
        "停发年月": month(rows["ended_on"]),
    }
    planted_errors.empty_some(rng, columns, ["月养老金(元)"])
    title = title_of(done, "城乡居民养老待遇发放表")
    write_lines(path, title, columns, ",", "utf-8-sig")


def write_changes(path: Path, rng: Rng, done: Simulation) -> None:
    """动态管理变更: tab-separated lines in GB18030, one a change, oldest first."""
    rows = done.change_event
    place = place_columns(rng, done, rows["village_code"])
    usual = {key: names[0] for key, names in spellings("change_kind").items()}
    columns = {
        "变更编号": text(rows["event_id"]),
        "变更日期": day(rows["changed_on"], "%Y%m%d"),
        "乡镇": place["township"],
        "行政村": place["village"],
        "户编号": text(rows["household_id"]),
        "人编号": text(rows["member_id"]),
        "变更类型": text(rows["change_kind"].map(usual)),
        "变更人数": whole(rows["people"]),
        "支出或损失(元)": whole(rows["cost_yuan"]),
        "备注": text(rows["note"]),
    }
    write_lines(path, title_of(done, "动态管理变更"), columns)
