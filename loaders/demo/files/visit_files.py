"""The files of who helps and who came: roster, pairings by township, visits, stays, patrols."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from loaders.demo.files.export_text import (
    coded,
    day,
    filled,
    flag,
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

_QUARTER, _STAYS = 92, 34  # days that the exports of visits and stays go back


def write_visits(folder: Path, rng: Rng, done: Simulation) -> None:
    """Write the roster, a workbook of pairings a township, and the records of the last months."""
    stamp = f"{done.data_date:%Y%m%d}"
    write_workbook(folder / f"帮扶干部花名册_{stamp}.xlsx", [_roster(rng, done)])
    _write_pairings(folder / "结对帮扶", rng, done)
    visits = _since(done.visit, "visited_on", done, _QUARTER)
    title = title_of(done, "帮扶走访记录")
    write_lines(folder / f"帮扶走访记录_{stamp}.txt", title, _visits(rng, done, visits))
    stays = _stays(rng, done, _since(done.stay, "arrived_on", done, _STAYS))
    title = title_of(done, "驻村签到记录")
    write_lines(folder / f"驻村签到记录_{stamp}.csv", title, stays, ",", "utf-8-sig")
    write_workbook(folder / "巡查督查记录_2025.xlsx", [_patrols(rng, done)])


def _since(frame: pd.DataFrame, column: str, done: Simulation, days: int) -> pd.DataFrame:
    first = np.datetime64(done.data_date) - days
    return frame[frame[column].to_numpy() >= first].reset_index(drop=True)


def _names(done: Simulation, ids: pd.Series) -> np.ndarray:
    return text(ids.map(done.cadre.set_index("cadre_id")["cadre_name"]))


def _roster(rng: Rng, done: Simulation) -> Sheet:
    frame = done.cadre
    place = place_columns(rng, done, frame["village_code"])
    columns: Columns = {
        "序号": whole(np.arange(1, len(frame) + 1)),
        "干部编号": text(frame["cadre_id"]),
        "姓名": text(frame["cadre_name"]),
        "工作单位": text(frame["cadre_unit"]),
        "干部类别": coded(rng, frame["cadre_role"], "cadre_role"),
        "乡镇": place["township"],
        "驻点村": place["village"],
        "联系电话": text(frame["cadre_phone"]),
        "派驻时间": month(frame["since_on"]),
    }
    return Sheet("花名册", titled(done, "帮扶干部花名册"), columns)


def _write_pairings(folder: Path, rng: Rng, done: Simulation) -> None:
    """结对帮扶: one workbook a township, every other with a header of two rows."""
    folder.mkdir()
    frame = done.pairing
    heads = done.household.set_index("household_id")["head_name"]
    people = done.cadre.set_index("cadre_id")
    place = place_columns(rng, done, frame["village_code"])
    cells: Columns = {
        "村": place["village"],
        "户编号": text(frame["household_id"]),
        "户主姓名": text(frame["household_id"].map(heads)),
        "帮扶人编号": text(frame["cadre_id"]),
        "帮扶人姓名": text(frame["cadre_id"].map(people["cadre_name"])),
        "帮扶单位": text(frame["cadre_id"].map(people["cadre_unit"])),
        "联系电话": text(frame["cadre_id"].map(people["cadre_phone"])),
        "结对时间": month(frame["paired_on"]),
        "解除时间": day(frame["unpaired_on"]),
    }
    township = frame["village_code"].str[:9].to_numpy(dtype=object)
    towns = done.village.drop_duplicates("township_code")[["township_code", "township"]]
    for number, (code, name) in enumerate(towns.itertuples(index=False)):
        mine = township == code
        columns = {
            "序号": whole(np.arange(1, int(mine.sum()) + 1)),
            "乡镇": filled(int(mine.sum()), name),
            **{header: each[mine] for header, each in cells.items()},
        }
        above = [[marked(f"{name}结对帮扶花名册")], [f"填报单位:{name}"]]
        groups = {
            "帮扶对象": ["户编号", "户主姓名"],
            "帮扶责任人": ["帮扶人编号", "帮扶人姓名", "帮扶单位", "联系电话"],
        }
        sheet = Sheet(
            "结对帮扶",
            above,
            columns,
            [["填表人:", "", "", "审核人:"]],
            groups=groups if number % 2 else {},
        )
        write_workbook(folder / f"{name}结对帮扶花名册.xlsx", [sheet])


def _visits(rng: Rng, done: Simulation, frame: pd.DataFrame) -> Columns:
    place = place_columns(rng, done, frame["village_code"])
    return {
        "乡镇": place["township"],
        "行政村": place["village"],
        "户编号": text(frame["household_id"]),
        "走访人编号": text(frame["cadre_id"]),
        "走访人": _names(done, frame["cadre_id"]),
        "走访日期": day(frame["visited_on"]),
        "录入日期": day(frame["entered_on"]),
        "谈一次心": flag(frame["talked"]),
        "梳理一遍帮扶措施": flag(frame["measures_reviewed"]),
        "核实一遍基础数据": flag(frame["data_verified"]),
        "整治一次人居环境": flag(frame["home_tidied"]),
    }


def _stays(rng: Rng, done: Simulation, frame: pd.DataFrame) -> Columns:
    place = place_columns(rng, done, frame["village_code"])
    return {
        "乡镇": place["township"],
        "行政村": place["village"],
        "干部编号": text(frame["cadre_id"]),
        "干部姓名": _names(done, frame["cadre_id"]),
        "到村日期": day(frame["arrived_on"], "%Y/%m/%d"),
        "离村日期": day(frame["left_on"], "%Y/%m/%d"),
    }


def _patrols(rng: Rng, done: Simulation) -> Sheet:
    frame = done.patrol
    place = place_columns(rng, done, frame["village_code"])
    columns: Columns = {
        "序号": whole(np.arange(1, len(frame) + 1)),
        "乡镇": place["township"],
        "被查村": place["village"],
        "巡查类别": coded(rng, frame["patrol_kind"], "patrol_kind"),
        "巡查日期": day(frame["patrolled_on"]),
        "巡查人": text(frame["patroller"]),
        "不在岗人数(人)": whole(frame["absent_people"]),
        "发现问题": text(frame["finding"]),
    }
    return Sheet("巡查督查", titled(done, "巡查督查记录"), columns)
