"""The shape of a layout's declaration: the keys that there are, and what kind of value each has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

GUIDE = "docs/layouts.md"

Where = tuple[str | int, ...]  # keys and indexes that lead to a part of a declaration


class LayoutError(ValueError):
    """A declaration that cannot be used; the message says where, why and what to do."""

    def __init__(self, problem: str, where: Where = (), *, place: str = "", line: int = 1):
        super().__init__(place + problem)
        self.problem, self.where, self.line = problem, where, line


def is_text(value: Any) -> bool:
    """Whether a value is text, and not blank."""
    return isinstance(value, str) and bool(value.strip())


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(is_text, value))


def is_number(value: Any) -> bool:
    """Whether a value is a number that a cell of a table can hold."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15


def _by_name(inside: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: (
        isinstance(value, dict)
        and all(is_text(name) and inside(each) for name, each in value.items())
    )


_KINDS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "label": ("文字(纯数字请加引号)", lambda value: isinstance(value, str)),
    "text": ("文字(纯数字请加引号)", is_text),
    "texts": ("[文字, 文字] 的清单", _texts),
    "flag": ("true 或 false", lambda value: isinstance(value, bool)),
    "number": ("数字", is_number),
    "list": ("清单,每项以“- ”开头", lambda value: isinstance(value, list)),
    "mapping": ("“键: 值”的清单(键要是文字,数字请加引号)", _by_name(lambda _: True)),
    "names": ("“键: 名称”的清单", _by_name(is_text)),
    "lists": ("“键: [名称, 名称]”的清单", _by_name(_texts)),
}
COLUMN = {
    "header": "text",
    "also": "texts",
    "field": "text",
    "place": "text",
    "required": "flag",
    "ignore": "flag",
    "check": "flag",
    "values": "mapping",
    "note_to": "text",
    "minimum": "number",
    "fill_down": "flag",
}
UNPIVOT = {"table": "text", "field": "text", "value": "text", "columns": "texts"}
UNITS = {"wan": "texts"}
ALSO_FILLS = {
    "table": "text",
    "columns": "list",
    "units": "mapping",
    "hash": "lists",
    "fixed": "mapping",
}
LAYOUT = {
    "key": "text",
    "zh": "label",
    **ALSO_FILLS,
    "sheet_as": "text",
    "title_as": "text",
    "once_per": "text",
    "number_rows": "text",
    "check_total": "text",
    "place_from": "names",
    "household_by": "texts",
    "unpivot": "mapping",
    "also_fills": "list",
}
_NEEDED = {"layout": ("key", "zh", "table", "columns"), "also": ("table", "columns")}


def check_shape(declared: Any) -> None:
    """Raise LayoutError where a declaration is not made of the keys and kinds that there are."""
    if not isinstance(declared, dict):
        raise LayoutError("应是“键: 值”的清单,请参照 data/layouts 中的文件")
    _shaped(declared, LAYOUT, ())
    _block(declared, "layout", ())
    _shaped(declared.get("unpivot") or {}, UNPIVOT, ("unpivot",))
    if (unpivot := declared.get("unpivot")) and (lacks := UNPIVOT.keys() - unpivot.keys()):
        raise LayoutError(f"unpivot 缺少 {'、'.join(sorted(lacks))},请补上", ("unpivot",))
    for index, block in enumerate(declared.get("also_fills") or []):
        where: Where = ("also_fills", index)
        if not isinstance(block, dict):
            raise LayoutError("also_fills 的每一项要有 table 和 columns", where)
        _shaped(block, ALSO_FILLS, where)
        _block(block, "also", where)


def _block(declared: Mapping[str, Any], kind: str, where: Where) -> None:
    """The shape of one table's part: the columns one by one, and the units."""
    for name in _NEEDED[kind]:
        if declared.get(name) is None:
            raise LayoutError(f"缺少 {name},请补上", where)
    _shaped(declared.get("units") or {}, UNITS, (*where, "units"))
    for index, column in enumerate(declared["columns"]):
        at = (*where, "columns", index)
        if not isinstance(column, dict) or column.get("header") is None:
            raise LayoutError("每一列都要有 header,请补上", at)
        _shaped(column, COLUMN, at)


def _shaped(declared: Mapping[Any, Any], kinds: Mapping[str, str], where: Where) -> None:
    for key, value in declared.items():
        if key not in kinds:
            listed = "、".join(sorted(kinds))
            raise LayoutError(f"没有 {key} 这个键,可用的键: {listed}", (*where, key))
        words, fits = _KINDS[kinds[key]]
        if value is not None and not fits(value):
            raise LayoutError(f"{key} 要写成{words}", (*where, key))
