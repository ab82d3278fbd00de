"""The files of happiness homes: what each is, who was chosen, who lives there, what each has."""

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
    text,
    whole,
)
from loaders.demo.files.register_files import Columns, place_columns, titled
from loaders.demo.files.xlsx_writer import Sheet, write_workbook
from loaders.demo.model.sampling import Rng
from loaders.demo.model.simulate import Simulation
from loaders.reading.simulated_mark import marked


def write_homes(folder: Path, rng: Rng, done: Simulation) -> None:
    """Write the list of homes, the survey, a roster a township and the ledger of “211130”."""
    folder.mkdir()
    stamp = f"{done.data_date:%Y%m%d}"
    write_workbook(folder / "幸福院基本情况表.xlsx", [_homes(rng, done)])
    write_workbook(folder / f"幸福院摸底选人台账_{stamp}.xlsx", [_survey(rng, done)])
    write_workbook(folder / f"“211130”落实台账_{stamp}.xlsx", [_package(rng, done)])
    _write_rosters(folder / "入住花名册", rng, done)


def _numbered(columns: Columns) -> Columns:
    """The columns behind one that counts their rows."""
    count = len(next(iter(columns.values())))
    return {"序号": whole(np.arange(1, count + 1)), **columns}


def _who(rng: Rng, done: Simulation, frame: pd.DataFrame, village: str = "行政村") -> Columns:
    """Where a household is from, its number and whose it is."""
    place = place_columns(rng, done, frame["village_code"])
    heads = done.household.set_index("household_id")["head_name"]
    return {
        "乡镇": place["township"],
        village: place["village"],
        "户编号": text(frame["household_id"]),
        "户主姓名": text(frame["household_id"].map(heads)),
    }


def _homes(rng: Rng, done: Simulation) -> Sheet:
    frame = done.happiness_home
    place = place_columns(rng, done, frame["village_code"])
    columns = {
        "幸福院编号": text(frame["home_id"]),
        "幸福院名称": text(frame["name"]),
        "乡镇": place["township"],
        "所在村": place["village"],
        "建成时间": month(frame["home_built_on"]),
        "建设方式": coded(rng, frame["built_from"], "built_from"),
        "设计户数(户)": whole(frame["planned_households"]),
        "资产是否归村集体": flag(frame["collectively_owned"]),
        "院长姓名": text(frame["director_name"]),
        "院长补贴(元/月)": whole(frame["director_month_yuan"]),
        "是否通水": flag(frame["home_water"]),
        "是否通电": flag(frame["home_power"]),
        "是否通路": flag(frame["home_road"]),
        "有无卫生室": flag(frame["home_clinic"]),
        "有无健身房": flag(frame["home_gym"]),
        "有无读书室": flag(frame["home_reading_room"]),
        "有无文化广场": flag(frame["home_square"]),
    }
    groups = {
        "管理": ["院长姓名", "院长补贴(元/月)"],
        "基础设施": ["是否通水", "是否通电", "是否通路"],
        "配套设施": ["有无卫生室", "有无健身房", "有无读书室", "有无文化广场"],
    }
    return Sheet(
        "幸福院", titled(done, "农村互助幸福院基本情况表"), _numbered(columns), groups=groups
    )


def _survey(rng: Rng, done: Simulation) -> Sheet:
    frame = done.home_applicant
    columns = {
        **_who(rng, done, frame),
        "摸底人口(人)": whole(frame["surveyed_people"]),
        "原住房类型": coded(rng, frame["old_dwelling"], "old_dwelling"),
        "是否“三无”户": flag(frame["three_without"]),
        "摸底时间": day(frame["surveyed_on"]),
        "递交申请": day(frame["applied_on"]),
        "村公示": day(frame["village_notice_on"]),
        "镇公示": day(frame["township_notice_on"]),
        "县联合审核": day(frame["reviewed_on"]),
        "审核部门数(个)": whole(frame["review_departments"]),
        "县领导小组会议": day(frame["decided_on"]),
    }
    groups = {
        "选人关口": [
            "递交申请",
            "村公示",
            "镇公示",
            "县联合审核",
            "审核部门数(个)",
            "县领导小组会议",
        ]
    }
    total = ["合计", *[""] * 4, str(int(frame["surveyed_people"].sum()))]
    title = titled(done, "幸福院摸底选人台账")
    return Sheet("摸底选人", title, _numbered(columns), [total], groups=groups)


def _package(rng: Rng, done: Simulation) -> Sheet:
    frame = done.package_holding
    columns = {
        **_who(rng, done, frame),
        "基本口粮田(亩)": decimal(frame["grain_mu"], 1),
        "果菜或经济林(亩)": decimal(frame["trees_mu"], 1),
        "光伏容量(千瓦)": decimal(frame["pv_kw"], 1),
        "户月均收入(元)": whole(frame["month_income_yuan"]),
    }
    return Sheet("211130", titled(done, "“211130”落实台账"), _numbered(columns))


def _write_rosters(folder: Path, rng: Rng, done: Simulation) -> None:
    """入住花名册: one workbook a township that has a home, by the township of the home."""
    folder.mkdir()
    frame = done.home_resident
    homes = done.happiness_home.set_index("home_id")
    cells = {
        "幸福院编号": text(frame["home_id"]),
        "幸福院名称": text(frame["home_id"].map(homes["name"])),
        **_who(rng, done, frame, "原住村"),
        "入住人数(人)": whole(frame["home_people"]),
        "住房面积(㎡)": whole(frame["home_m2"]),
        "入住日期": day(frame["moved_in_on"]),
        "退出日期": day(frame["left_home_on"]),
        "退出原因": coded(rng, frame["home_left_reason"], "home_left_reason"),
    }
    township = frame["village_code"].str[:9].to_numpy(dtype=object)
    towns = done.village.drop_duplicates("township_code")[["township_code", "township"]]
    for code, name in towns.itertuples(index=False):
        mine = township == code
        if not mine.any():
            continue
        count = int(mine.sum())
        columns = {header: each[mine] for header, each in cells.items()}
        columns |= {"乡镇": filled(count, name)}
        above = [[marked(f"{name}幸福院入住花名册")], [f"填报单位:{name}"]]
        below = [["填表人:", "", "", "审核人:"]]
        groups = {"退出": ["退出日期", "退出原因"]}
        sheet = Sheet("入住花名册", above, _numbered(columns), below, groups=groups)
        write_workbook(folder / f"{name}幸福院入住花名册.xlsx", [sheet])
