"""The declared layouts of export files: data/layouts/*.yaml and those of a county's own folder.

The keys that a declaration may have are the fields of ``Layout`` and ``Column`` below.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from loaders.converters import code_list
from store import schema
from store.yamls import load_yaml

FOLDER = Path(__file__).parent.parent / "data" / "layouts"
PLACES = ("county", "township", "village")

Where = tuple[str | int, ...]  # keys and indexes that lead to a part of a declaration


class LayoutError(ValueError):
    """A declaration that cannot be used; the message says where, why and what to do."""

    def __init__(self, problem: str, where: Where = (), *, place: str = "", line: int = 1):
        super().__init__(place + problem)
        self.problem, self.where, self.line = problem, where, line


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a layout: what it fills and how its header may be written.

    ``field`` names a schema column, ``place`` a level of the place that the row is about; a column
    with neither is known and left out. ``check`` fields are compared with the register, not
    loaded. ``values`` maps texts to values; ``note_to`` takes what stands in brackets; ``minimum``
    is the smallest number that the file may hold.
    """

    header: str
    also: tuple[str, ...] = ()
    field: str | None = None
    place: str | None = None
    required: bool = False
    ignore: bool = False
    check: bool = False
    values: Mapping[str, Any] | None = None
    note_to: str | None = None
    minimum: float | None = None


@dataclass(frozen=True, slots=True)
class Unpivot:
    """Columns that become rows of another table: one a filled cell."""

    table: str
    field: str
    value: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of export sheet and the table that its rows go to.

    ``sheet_as`` and ``title_as`` name fields filled from the sheet's name and title, ``wan`` those
    in 10,000 yuan where neither header nor unit line says otherwise, ``hash`` a field made from
    others, ``number_rows`` a field numbered by order, ``check_total`` the field that every total
    row has, ``fixed`` fields that have one value in every row. Rows of one ``once_per`` value are
    one row.
    """

    key: str
    zh: str
    table: str
    columns: tuple[Column, ...]
    sheet_as: str | None = None
    title_as: str | None = None
    once_per: str | None = None
    number_rows: str | None = None
    check_total: str | None = None
    wan: frozenset[str] = frozenset()
    hash: Mapping[str, Sequence[str]] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    unpivot: Unpivot | None = None

    @property
    def required(self) -> frozenset[str]:
        """Headers without which a sheet is not of this layout."""
        return frozenset(column.header for column in self.columns if column.required)


def load(extra: Path | None = None) -> tuple[Layout, ...]:
    """Every declared layout; one of the folder ``extra`` takes the place of that of its key.

    Raises LayoutError with file and line.
    """
    if extra is None or not extra.is_dir():
        return _own()
    found = {layout.key: layout for layout in _own()}
    found |= {layout.key: layout for layout in map(read, sorted(extra.glob("*.yaml")))}
    return tuple(found.values())


@cache
def _own() -> tuple[Layout, ...]:
    return tuple(map(read, sorted(FOLDER.glob("*.yaml"))))


def read(path: Path) -> Layout:
    """The layout that a file declares; raises LayoutError with file and line."""
    try:
        text = path.read_text("utf-8")
        return parse(load_yaml(text))
    except UnicodeDecodeError:
        raise LayoutError("不是UTF-8编码,请用UTF-8另存", place=f"{path.name}: ") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problem = "不是YAML格式,请检查缩进、冒号和括号"
        raise LayoutError(problem, place=f"{path.name} 第 {line} 行: ", line=line) from None
    except LayoutError as error:
        line = _line(yaml.compose(text), error.where)
        place = f"{path.name} 第 {line} 行: "
        raise LayoutError(error.problem, error.where, place=place, line=line) from None


def _line(node: yaml.Node | None, where: Where) -> int:
    """Line on which the part of a document stands, or the nearest part around it."""
    line = 1 if node is None else node.start_mark.line + 1
    for step in where:
        if isinstance(node, yaml.MappingNode):
            pairs = {key.value: (key, value) for key, value in node.value}
            if step not in pairs:
                return line
            key, node = pairs[step]
            line = key.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line + 1
    return line


def parse(declared: Any) -> Layout:
    """A layout from its declaration; raises LayoutError that says where in it."""
    if not isinstance(declared, dict):
        raise LayoutError("应是“键: 值”的清单,请参照 data/layouts 中的文件")
    _known(declared, {f.name for f in fields(Layout)} - {"wan"} | {"units"}, ())
    for name in ("key", "zh", "table", "columns"):
        if name not in declared:
            raise LayoutError(f"缺少 {name},请补上")
    if declared["table"] not in schema.BY_NAME:
        raise LayoutError(f"没有 {declared['table']} 这张表,请改成已有的表名", ("table",))
    columns = [_column(c, ("columns", i)) for i, c in enumerate(declared["columns"] or [])]
    unpivot = declared.get("unpivot")
    rest = {k: v for k, v in declared.items() if k not in ("columns", "units", "unpivot")}
    layout = Layout(
        **rest,
        columns=tuple(columns),
        wan=frozenset((declared.get("units") or {}).get("wan", ())),
        unpivot=Unpivot(**{**unpivot, "columns": tuple(unpivot["columns"])}) if unpivot else None,
    )
    _check(layout)
    return layout


def _column(declared: Any, where: Where) -> Column:
    if not isinstance(declared, dict) or "header" not in declared:
        raise LayoutError("每一列都要有 header,请补上", where)
    _known(declared, {f.name for f in fields(Column)}, where)
    return Column(**{**declared, "also": tuple(declared.get("also") or ())})


def _known(declared: Mapping[Any, Any], names: set[str], where: Where) -> None:
    for key in declared:
        if key not in names:
            listed = "、".join(sorted(names))
            raise LayoutError(f"没有 {key} 这个键,可用的键: {listed}", (*where, key))


def _check(layout: Layout) -> None:
    """Raise LayoutError for a name that the schema does not have."""
    table = schema.BY_NAME[layout.table]
    names = set(table.arrow.names)
    for index, column in enumerate(layout.columns):
        where: Where = ("columns", index)
        if sum([column.field is not None, column.place is not None, column.ignore]) != 1:
            raise LayoutError("field、place、ignore 要有且只有一个", where)
        held = set(schema.BY_NAME["household"].arrow.names) if column.check else names
        for key, name in (("field", column.field), ("note_to", column.note_to)):
            if name is not None and name not in held:
                raise LayoutError(f"{layout.table} 表没有 {name} 这一列,请改名", (*where, key))
        if column.place is not None and column.place not in PLACES:
            raise LayoutError(f"place 只能是 {'、'.join(PLACES)}", (*where, "place"))
    if not layout.required:
        raise LayoutError("至少一列要有 required: true,否则认不出表头", ("columns",))
    for key in ("sheet_as", "title_as", "once_per", "number_rows", "check_total"):
        if (name := getattr(layout, key)) is not None and name not in names:
            raise LayoutError(f"{layout.table} 表没有 {name} 这一列,请改名", (key,))
    if layout.unpivot:
        listed = code_list(f"{layout.unpivot.table}_{layout.unpivot.field}")
        if unknown := [name for name in layout.unpivot.columns if name not in listed]:
            raise LayoutError(f"代码表中没有 {'、'.join(unknown)}", ("unpivot", "columns"))
