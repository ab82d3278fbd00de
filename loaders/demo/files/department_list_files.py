"""The lists of other departments: a workbook each, the school roll as text; some with a header of
two rows, units in brackets, and names where a number is missing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from loaders.demo.files.export_text import (
    coded,
    day,
    decimal,
    filled,
    month,
    text,
    whole,
    write_lines,
)
from loaders.demo.files.register_files import Columns, title_of, titled
from loaders.demo.files.xlsx_writer import Sheet, write_workbook
from loaders.demo.model.sampling import Rng, pick
from loaders.demo.model.simulate import Simulation

_GRADES = {1: "一级", 2: "二级", 3: "三级", 4: "四级"}
_Own = Callable[[Rng, pd.DataFrame], Columns]


def write_lists(folder: Path, rng: Rng, done: Simulation) -> None:
    """Write the seven workbooks and the school roll into a folder of their own."""
    folder.mkdir()
    stamp = f"{done.data_date:%Y%m%d}"
    for key, (name, who, own, groups) in _LISTS.items():
        rows = done.list_entry[done.list_entry["department_list"].eq(key)].reset_index(drop=True)
        columns = _begin(done, rows, who) | own(rng, rows)
        if key == "school":
            write_lines(folder / f"{name}_{stamp}.txt", title_of(done, name), columns)
            continue
        sheet = Sheet(name, titled(done, name), columns, groups=groups)
        write_workbook(folder / f"{name}_{stamp}.xlsx", [sheet])


def _begin(done: Simulation, rows: pd.DataFrame, who: str) -> Columns:
    """What every list begins with: the place, and the person."""
    at = pd.Index(done.village["village_code"]).get_indexer(pd.Index(rows["village_code"]))
    return {
        "序号": whole(np.arange(1, len(rows) + 1)),
        "乡镇": done.village["township"].to_numpy(dtype=object)[at],
        "行政村": done.village["short"].to_numpy(dtype=object)[at],
        who: text(rows["person_name"]),
        "身份证号码": text(rows["identity_number"]),
        "出生日期": day(rows["birth_date"], "%Y%m%d"),
    }


def _disability(rng: Rng, rows: pd.DataFrame) -> Columns:
    return {
        "残疾等级": text(rows["disability_grade"].map(_GRADES)),
        "发证日期": day(rows["list_event_on"]),
    }


def _hospital(rng: Rng, rows: pd.DataFrame) -> Columns:
    own = rows["list_amount_yuan"]
    whole_cost = (own * rng.uniform(1.8, 4.5, len(rows))).round(2)
    return {
        "出院日期": day(rows["list_event_on"], "%Y/%m/%d"),
        "医疗总费用(元)": decimal(whole_cost),
        "统筹支付(元)": decimal(whole_cost - own),
        "个人自付(元)": decimal(own),
    }


def _school(rng: Rng, rows: pd.DataFrame) -> Columns:
    schools = ("镇中心小学", "镇初级中学", "县第二小学", "县城关初级中学")
    return {
        "就读学校": pick(rng, schools, len(rows)),
        "学籍状态": coded(rng, rows["roll_state"], "roll_state"),
    }


def _death(rng: Rng, rows: pd.DataFrame) -> Columns:
    return {
        "死亡日期": day(rows["list_event_on"], "%Y.%m.%d"),
        "户口注销日期": filled(len(rows), ""),
    }


def _vehicle(rng: Rng, rows: pd.DataFrame) -> Columns:
    plates = [f"模A{n:05d}" for n in rng.permutation(100_000)[: len(rows)]]
    return {
        "号牌号码": np.array(plates, dtype=object),
        "车辆类型": coded(rng, rows["entry_kind"], "entry_kind"),
        "注册登记日期": day(rows["list_event_on"]),
        "购车价款(元)": whole(rows["list_amount_yuan"]),
    }


def _company(rng: Rng, rows: pd.DataFrame) -> Columns:
    names = np.array([f"模拟市场主体{n:05d}" for n in range(1, len(rows) + 1)], dtype=object)
    return {
        "市场主体名称": names,
        "市场主体类型": coded(rng, rows["entry_kind"], "entry_kind"),
        "成立日期": day(rows["list_event_on"]),
        "注册资本(万元)": decimal(rows["list_amount_yuan"], 2, 10_000),
    }


def _property(rng: Rng, rows: pd.DataFrame) -> Columns:
    return {
        "坐落": filled(len(rows), "模拟县城区"),
        "房屋性质": coded(rng, rows["entry_kind"], "entry_kind"),
        "登簿日期": day(rows["list_event_on"]),
        "成交价款(万元)": decimal(rows["list_amount_yuan"], 2, 10_000),
    }


def _payroll(rng: Rng, rows: pd.DataFrame) -> Columns:
    return {
        "工作单位": pick(rng, ("县属单位", "镇属单位", "学校", "卫生院"), len(rows)),
        "人员类别": coded(rng, rows["entry_kind"], "entry_kind"),
        "起薪年月": month(rows["list_event_on"]),
        "月应发工资(元)": decimal(rows["list_amount_yuan"]),
    }


# By list: what the file is called, the head of the person's column, the columns of its own, and
# the columns that stand under a common head.
_LISTS: dict[str, tuple[str, str, _Own, dict[str, list[str]]]] = {
    "disability": ("残疾人持证名册", "残疾人姓名", _disability, {}),
    "hospital": ("住院费用清单", "患者姓名", _hospital,
                 {"住院费用": ["医疗总费用(元)", "统筹支付(元)", "个人自付(元)"]}),
    "school": ("在籍学生名册", "学生姓名", _school, {}),
    "death": ("死亡人口名单", "死者姓名", _death, {}),
    "vehicle": ("机动车登记名单", "机动车所有人", _vehicle,
                {"登记信息": ["号牌号码", "车辆类型", "注册登记日期", "购车价款(元)"]}),
    "company": ("市场主体登记名单", "法定代表人(负责人)", _company, {}),
    "property": ("不动产登记名单", "权利人", _property, {}),
    "payroll": ("财政供养人员名册", "职工姓名", _payroll, {}),
}  # fmt: skip
