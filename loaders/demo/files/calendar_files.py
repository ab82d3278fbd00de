"""台历发放登记表: what was due and came month by month, one workbook a township."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from loaders.demo.files.export_text import coded, day, decimal, filled, month, text, whole
from loaders.demo.files.register_files import place_columns
from loaders.demo.files.xlsx_writer import Sheet, write_workbook
from loaders.demo.model.sampling import Rng
from loaders.demo.model.simulate import Simulation
from loaders.reading.simulated_mark import marked


def write_calendars(folder: Path, rng: Rng, done: Simulation) -> None:
    """Write a workbook a township: title, two header rows, total, who filled it in."""
    folder.mkdir()
    frame = done.monthly_payment.sort_values(
        ["month_on", "village_code", "household_id", "payment_kind"],
        kind="stable",
        ignore_index=True,
    )
    heads = done.household.set_index("household_id")["head_name"]
    cells = {
        "所属月份": month(frame["month_on"]),
        "行政村": place_columns(rng, done, frame["village_code"])["village"],
        "户编号": text(frame["household_id"]),
        "户主姓名": text(frame["household_id"].map(heads)),
        "收入项目": coded(rng, frame["payment_kind"], "payment_kind"),
        "应发": decimal(frame["month_due_yuan"]),
        "实发": decimal(frame["month_paid_yuan"]),
        "发放日期": day(frame["paid_on"]),
        "发放单位": text(frame["payer"]),
    }
    township = frame["village_code"].str[:9].to_numpy(dtype=object)
    towns = done.village.drop_duplicates("township_code")[["township_code", "township"]]
    for code, name in towns.itertuples(index=False):
        mine = township == code
        count = int(mine.sum())
        if not count:
            continue
        columns = {header: each[mine] for header, each in cells.items()}
        columns = {
            "序号": whole(np.arange(1, count + 1)),
            "所属月份": columns.pop("所属月份"),
            "乡镇": filled(count, name),
            **columns,
        }
        above = [
            [marked(f"{name}{done.data_date:%Y}年台历发放登记表(单位:元)")],
            [f"填报单位:{name}", "", "", f"截至:{done.data_date:%Y-%m-%d}"],
        ]
        below = [["填表人:", "", "", "审核人:"]]
        groups = {"金额": ["应发", "实发"], "到账": ["发放日期", "发放单位"]}
        sheet = Sheet("台历", above, columns, below, groups=groups)
        write_workbook(folder / f"{name}台历发放登记表.xlsx", [sheet])
