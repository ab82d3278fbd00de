"""Sheets of every declared layout, made from its declaration: one row a household or the like."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import cycle, islice
from typing import Any

from glossary import codes
from loaders.regions.divisions import Divisions
from store import schema
from tests.loaders.sheets import identity

ROWS = 60
_TEXTS = [
    "改造道路三公里",
    "已安排专人跟进落实",
    "家中缺少劳力,收入不稳",
    "新建蓄水池一座",
]
_SURNAMES = "赵钱孙李周吴郑王冯陈"


def sample(layout: dict[str, Any]) -> tuple[list[list[str]], list[str | None]]:
    """Rows with the header row first, and what each column is: its field or place, or None."""
    columns = layout["columns"]
    cells = [_cells(layout["table"], column) for column in columns]
    truth = [column.get("field") or column.get("place") for column in columns]
    unpivot = layout.get("unpivot", {}).get("columns", [])
    header = [column["header"].replace("{year}", "2026") for column in columns] + unpivot
    body = zip(*cells, *([["是", ""] * (ROWS // 2)] * len(unpivot)), strict=True)
    return [header, *map(list, body)], truth + ["spread"] * len(unpivot)


def _cells(table: str, column: dict[str, Any]) -> list[str]:
    if place := column.get("place"):
        return _around(_places(place))
    name = column.get("field") or _meant(column["header"])
    if column.get("values"):
        return _around([str(text) for text in column["values"]])
    if name is None:
        return [str(i) for i in range(1, ROWS + 1)] if "序号" in column["header"] else [""] * ROWS
    declared = _declared("household" if column.get("check") else table, name)
    return _around(_values(declared)) if declared else [""] * ROWS


def _values(column: schema.Column) -> Sequence[str]:
    if column.codes:
        return [entry["zh"] for entry in codes()[column.codes].values()]
    masked = {
        "name": [f"{a}某{b}" for a, b in zip(_SURNAMES, "一二三四五六七八九十", strict=True)],
        "identity": [identity(order=i) for i in range(1, ROWS + 1)],
        "phone": [f"1000000{i:04d}" for i in range(ROWS)],
    }
    if column.mask:
        return masked[column.mask]
    if column.name.endswith("_id"):
        length = 6 if column.name == "member_id" else 4
        return [f"61992500{i:0{length}d}" for i in range(1, ROWS + 1)]
    if column.name == "longitude":
        return [f"109.{i}" for i in range(10, 70)]
    if column.name.endswith("year"):
        return ["2023", "2024", "2025"]
    kinds = {
        "string": _TEXTS,
        "int32": ["3", "4", "2", "5", "1"],
        "double": ["1234.5", "880", "20456.78", "0"],
        str(schema.MONEY): ["1234.56", "880", "20456.78", "0"],
        "bool": ["是", "否", "否"],
        "date32[day]": ["2019-10-01", "2021-03-15", "2023-12-31"],
    }
    return kinds[str(column.type)]


@cache
def _places(level: str) -> list[str]:
    divisions = Divisions.load("611025")
    if level == "county":
        return [divisions.county_name]
    return list((divisions.towns if level == "township" else divisions.villages).values())


def _meant(header: str) -> str | None:
    """The field of another layout with this header, for a column that this one leaves out."""
    return _fields().get(header)


@cache
def _fields() -> dict[str, str]:
    from loaders.proposals import propose

    return {
        header: column["field"]
        for layout in propose.declared(propose.FOLDER)
        for column in layout["columns"]
        if column.get("field")
        for header in (column["header"], *column.get("also", ()))
    }


def _declared(table: str, name: str) -> schema.Column | None:
    for each in (schema.BY_NAME[table], *schema.TABLES):
        for column in each.columns:
            if column.name == name:
                return column
    return None


def _around(values: Sequence[str]) -> list[str]:
    return list(islice(cycle(values), ROWS))
