"""Zones and grids as their sheets come: one workbook, what is a zone's own is one merged cell."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from loaders.demo.files.xlsx_writer import Sheet, write_workbook
from loaders.importing import run
from metrics.county import open_county
from store.scope import Scope
from store.snapshots import Home
from tests.loaders.imports import DAY, load, people, register, stored

_TOWN = "永乐街道"


def _columns(**columns: list[str]) -> dict[str, np.ndarray]:
    return {name: np.array(texts, dtype=object) for name, texts in columns.items()}


def _workbook(path: Path, villages: list[str]) -> Path:
    n = len(villages)
    zone = _columns(
        战区编号=["Z1"] * (n - 1) + ["Z2"],
        战区名称=["第一战区"] * (n - 1) + ["第二战区"],
        指挥长=["郑试一"] * (n - 1) + [""],
        职务=["县委副书记"] * n,
        联系电话=["10000000001"] * n,
        牵头单位=["县水利局"] * n,
        划分时间=["2020-03-12"] * n,
        乡镇=[_TOWN] * n,
    )
    zone["村(社区)"] = np.array(villages, dtype=object)
    grid = _columns(
        网格编号=["Z1-01", "Z1-01", "Z1-01-01"],
        网格级别=["一级网格", "一级", "三级网格"],
        网格名称=["永乐片", "永乐片", "安山一格"],
        上级编号=["Z1", "Z1", "Z1-01"],
        网格长=["吴试二", "吴试二", ""],
        职务=["镇党委书记", "镇党委书记", "网格员"],
        联系电话=["10000000002", "10000000002", ""],
        乡镇=[_TOWN] * 3,
        村民小组=["", "", "1组、2组"],
    )
    grid["村(社区)"] = np.array([villages[0], villages[1], villages[0]], dtype=object)
    write_workbook(
        path,
        [
            Sheet("战区划分", [["脱贫攻坚战区划分表"]], zone, merged=tuple(zone)[:7]),
            Sheet("三级网格", [["三级网格台账"]], grid, merged=tuple(grid)[:7],
                  groups={"网格负责人": ["网格长", "职务", "联系电话"]}),
        ],
    )  # fmt: skip
    return path


def test_zones_and_grids_come_with_merged_cells(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    load(home, register({1: "安山村"}), people([(1, 1), (1, 2)]))
    known = [
        row["name"] for row in pq.read_table(home.current().path("region")).to_pylist()
        if row["level"] == "village" and row["parent_code"] == "611025001"
    ]  # fmt: skip
    villages = ["安山村", *[name for name in known if name != "安山村"][:2]]
    run(
        [_workbook(tmp_path / "战区划分和三级网格台账.xlsx", villages)],
        home,
        DAY,
        loaded_by="test",
        county_code="611025",
    )
    assert not stored(home, "quarantine")
    rows = pq.read_table(home.current().path("zone_member")).to_pylist()
    assert len(rows) == 6, "neither sheet takes the other's rows away"
    zones = open_county(home).zones
    assert len(zones["Z1"].codes) == 2 and len(zones["Z2"].codes) == 1
    assert zones["Z1-01-01"].groups == {"611025001200": ("1组", "2组")}
    assert {row["zone_leader"] for row in rows if row["zone_code"] == "Z1"} == {"郑试一"}
    assert {row["zone_level"] for row in rows if row["zone_code"] == "Z1-01"} == {"grid_1"}
    found = (
        open_county(home)
        .reader(Scope.of(["611025"]))
        .rows("SELECT check_key, subject_id FROM {finding} WHERE check_key LIKE 'zone%'")
    )
    leaderless = {one["subject_id"] for one in found if one["check_key"] == "zone_without_leader"}
    assert leaderless == {"Z2", "Z1-01-01"}
    missing = [one for one in found if one["check_key"] == "zone_village_without_zone"]
    assert len(missing) == len(open_county(home).level("village", Scope.of(["611025"]))) - 3
