"""The files of zones and grids: one workbook, the division into zones and the ledger of grids."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from loaders.demo.files.export_text import coded, day, text, whole
from loaders.demo.files.register_files import Columns, place_columns, titled
from loaders.demo.files.xlsx_writer import Sheet, write_workbook
from loaders.demo.model.sampling import Rng
from loaders.demo.model.simulate import Simulation


def write_zones(folder: Path, seed: int, done: Simulation) -> None:
    """Write both sheets; what is a zone's or a grid's own is one cell over its villages."""
    rng = np.random.default_rng([seed, int(done.county.code), done.data_date.toordinal(), 14])
    path = folder / "战区划分和三级网格台账.xlsx"
    frame = done.zone_member
    zones = frame[frame["zone_level"].eq("zone")]
    grids = frame[frame["zone_level"].ne("zone")]
    write_workbook(path, [_division(rng, done, zones), _ledger(rng, done, grids)])


def _division(rng: Rng, done: Simulation, frame: pd.DataFrame) -> Sheet:
    place = place_columns(rng, done, frame["village_code"])
    columns: Columns = {
        "战区编号": text(frame["zone_code"]),
        "战区名称": text(frame["zone_name"]),
        "指挥长": text(frame["zone_leader"]),
        "职务": text(frame["zone_leader_post"]),
        "联系电话": text(frame["zone_leader_phone"]),
        "牵头单位": text(frame["zone_unit"]),
        "划分时间": day(frame["zone_set_on"]),
        "序号": whole(np.arange(1, len(frame) + 1)),
        "乡镇": place["township"],
        "村(社区)": place["village"],
    }
    merged = tuple(columns)[:7]
    title = titled(done, "脱贫攻坚战区划分表")
    return Sheet(
        "战区划分", title, columns, [["注:战区按村划分,不受乡镇界限限制。"]], merged=merged
    )


def _ledger(rng: Rng, done: Simulation, frame: pd.DataFrame) -> Sheet:
    place = place_columns(rng, done, frame["village_code"])
    columns: Columns = {
        "网格编号": text(frame["zone_code"]),
        "网格级别": coded(rng, frame["zone_level"], "zone_level"),
        "网格名称": text(frame["zone_name"]),
        "上级编号": text(frame["parent_zone"]),
        "网格长": text(frame["zone_leader"]),
        "职务": text(frame["zone_leader_post"]),
        "联系电话": text(frame["zone_leader_phone"]),
        "设立时间": day(frame["zone_set_on"]),
        "乡镇": place["township"],
        "村(社区)": place["village"],
        "村民小组": text(frame["village_groups"]),
    }
    groups = {"网格负责人": ["网格长", "职务", "联系电话"]}
    return Sheet(
        "三级网格", titled(done, "三级网格台账"), columns, groups=groups, merged=tuple(columns)[:8]
    )
