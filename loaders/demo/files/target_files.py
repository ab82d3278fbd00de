"""目标任务分解表: what the county set itself and its townships, a column a year."""

from __future__ import annotations

import numpy as np

from loaders.demo.files.export_text import text, whole
from loaders.demo.files.register_files import Columns, titled
from loaders.demo.files.xlsx_writer import Sheet
from loaders.demo.model.simulate import Simulation

_SAID = ["indicator", "region_code", "target_unit", "unit_in_charge"]


def target_sheet(done: Simulation) -> Sheet:
    """A row an indicator and place, in the order in which they were set; years without one blank.

    The years stand under a common head.
    """
    frame = done.target
    towns = done.village.drop_duplicates("township_code").set_index("township_code")["township"]
    places = {done.county.code: "全县", **towns}
    rows = frame[_SAID].drop_duplicates().reset_index(drop=True)
    columns: Columns = {
        "序号": whole(np.arange(1, len(rows) + 1)),
        "指标名称": text(rows["indicator"]),
        "乡镇": text(rows["region_code"].map(places)),
        "计量单位": text(rows["target_unit"]),
        "责任单位": text(rows["unit_in_charge"]),
    }
    years: Columns = {}
    for year in sorted(frame["year"].unique()):
        of_year = frame[frame["year"] == year]
        found = rows.merge(of_year, how="left", on=_SAID)["target_value"]
        years[f"{year}年目标值"] = text(found.map("{:g}".format, na_action="ignore"))
    return Sheet(
        "目标任务分解表",
        titled(done, "目标任务分解表"),
        columns | years,
        [["填表人:", "", "", "审核人:"]],
        groups={"年度目标": list(years)},
    )
