"""Lists of other departments as they come: rows without a number, units, and lists that replace."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from metrics.county import open_county
from store.scope import Scope
from store.snapshots import Home
from tests.loaders.imports import load, people, register, stored

_CARS = ["序号", "乡镇", "行政村", "机动车所有人", "身份证号码", "出生日期", "号牌号码",
         "车辆类型", "注册登记日期", "购车价款(万元)"]  # fmt: skip


def _car(
    name: str, number: str, born: str, kind: str = "小型汽车", wan: float = 6.8
) -> list[object]:
    return [1, "永乐街道", "安山村", name, number, born, "模A00001", kind, "2023-05-06", wan]


def _home(tmp_path: Path) -> tuple[Home, list[dict[str, object]]]:
    home = Home(tmp_path / "home")
    load(home, register({1: "安山村"}), people([(1, 1), (1, 2)]))
    return home, pq.read_table(home.current().path("member")).to_pylist()


def _entries(home: Home) -> list[dict[str, object]]:
    rows = pq.read_table(home.current().path("list_entry")).to_pylist()
    return sorted(rows, key=lambda row: str(row["person_name"]))


def test_rows_without_a_number_and_of_strangers_are_taken(tmp_path: Path) -> None:
    home, [one, two] = _home(tmp_path)
    born = f"{two['birth_date']:%Y%m%d}"
    report = load(
        home,
        [
            _CARS,
            _car(str(one["name"]), str(one["identity_number"]), ""),
            _car(str(two["name"]), "", born),
            _car("外试人", "", "19700101", "农用三轮车"),
        ],
    )
    assert report.snapshot is not None and not stored(home, "quarantine")
    entries = _entries(home)
    assert len(entries) == 3
    assert {row["list_amount_yuan"] for row in entries} == {68000.0}
    assert sorted(str(row["entry_kind"]) for row in entries) == ["car", "car", "farm_tricycle"]
    assert {row["region_code"] for row in entries} == {"611025001200"}
    rows = open_county(home).reader(Scope.of(["611025"])).rows("SELECT * FROM {list_match}")
    found = {row["member_id"]: row["found_by"] for row in rows}
    assert found == {one["member_id"]: "number", two["member_id"]: "name"}


def test_a_list_comes_whole_and_leaves_other_lists_alone(tmp_path: Path) -> None:
    """Who is on it no more is gone; a list that lacks most is a part and takes nothing away."""
    home, [one, _] = _home(tmp_path)
    name, number = str(one["name"]), str(one["identity_number"])
    cars = [
        _car("外试人", "", f"1970{month:02d}{day}") for month in range(1, 13) for day in (11, 12)
    ]
    dead = ["乡镇", "行政村", "死者姓名", "身份证号码", "死亡日期"]
    load(home, [_CARS, *cars])
    load(home, [dead, ["永乐街道", "安山村", name, number, "2025.09.01"]])
    assert len(_entries(home)) == 25
    load(home, [_CARS, *cars[:2]])
    assert len(_entries(home)) == 25
    load(home, [_CARS, *cars[1:], _car("新试人", "", "19710101")])
    born = {str(row["birth_date"]) for row in _entries(home) if row["department_list"] == "vehicle"}
    assert len(born) == 24 and "1970-01-11" not in born and "1971-01-01" in born
    assert [row["person_name"] for row in _entries(home) if row["department_list"] == "death"] == [
        name
    ]
