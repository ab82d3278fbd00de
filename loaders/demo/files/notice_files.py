"""公示台账: one workbook a township, of the sheets that hung and of what was objected to them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from loaders.demo.files.export_text import coded, day, filled, flag, text, whole
from loaders.demo.files.register_files import Columns, place_columns
from loaders.demo.files.xlsx_writer import Sheet, write_workbook
from loaders.demo.model.public_notices import on_sheet
from loaders.demo.model.sampling import Rng
from loaders.demo.model.simulate import Simulation
from loaders.reading.simulated_mark import marked


def write_notices(folder: Path, rng: Rng, done: Simulation) -> None:
    """Write the books of notices and objections, a workbook a township."""
    folder.mkdir()
    notices, objections = _notices(rng, done), _objections(rng, done)
    of_notice = done.public_notice["region_code"].str[:9].to_numpy(dtype=object)
    of_objection = done.notice_objection["region_code"].str[:9].to_numpy(dtype=object)
    towns = done.village.drop_duplicates("township_code")[["township_code", "township"]]
    for code, name in towns.itertuples(index=False):
        mine = of_notice == code
        if not mine.any():
            continue
        sheets = [_sheet(name, "公示台账", notices, mine,
                         {"公示情况": ["公示地点", "公示起始日期", "公示截止日期",
                                   "公示数量(户、项)", "影像编号"]})]  # fmt: skip
        asked = of_objection == code
        if asked.any():
            groups = {"办理情况": ["答复单位", "答复日期", "答复意见", "异议是否成立"]}
            sheets.append(_sheet(name, "公示异议登记表", objections, asked, groups))
        write_workbook(folder / f"{name}公示台账.xlsx", sheets)


def _sheet(
    town: str, title: str, cells: Columns, mine: np.ndarray, groups: dict[str, list[str]]
) -> Sheet:
    count = int(mine.sum())
    columns = {"序号": whole(np.arange(1, count + 1))}
    columns |= {header: each[mine] for header, each in cells.items()}
    columns |= {"乡镇": filled(count, town)}
    above = [[marked(f"{town}{title}")], [f"填报单位:{town}"]]
    return Sheet(title, above, columns, [["填表人:", "", "", "审核人:"]], groups=groups)


def _notices(rng: Rng, done: Simulation) -> Columns:
    frame = done.public_notice
    place = place_columns(rng, done, frame["region_code"])
    return {
        "公示编号": text(frame["notice_id"]),
        "乡镇": place["township"],
        "行政村": place["village"],
        "公示名单": coded(rng, frame["notice_list"], "notice_list"),
        "名单年度": whole(frame["year"]),
        "公示单位": text(frame["unit_in_charge"]),
        "公示地点": coded(rng, frame["posted_at"], "notice_board"),
        "公示起始日期": day(frame["posted_on"]),
        "公示截止日期": day(frame["withdrawn_on"]),
        "公示数量(户、项)": whole(on_sheet(done) - frame["shortfall"]),
        "影像编号": text(frame["photo_reference"]),
    }


def _objections(rng: Rng, done: Simulation) -> Columns:
    frame = done.notice_objection
    place = place_columns(rng, done, frame["region_code"])
    return {
        "异议编号": text(frame["objection_id"]),
        "乡镇": place["township"],
        "行政村": place["village"],
        "公示名单": coded(rng, frame["notice_list"], "notice_list"),
        "公示编号": text(frame["notice_id"]),
        "异议日期": day(frame["objected_on"]),
        "异议事项": text(frame["content"]),
        "答复单位": text(frame["unit_in_charge"]),
        "答复日期": day(frame["answered_on"]),
        "答复意见": text(frame["answer"]),
        "异议是否成立": flag(frame["upheld"]),
    }
