"""The declared layouts of export files: data/layouts/*.yaml and those of a county's own folder.

The keys that a declaration may have are the fields of ``Layout`` and ``Column`` below, each with
an example in docs/layouts.md; ``layout_shape`` and ``layout_checks`` say what may stand in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from loaders.layouts.declared_keys import GUIDE, LayoutError, Where, check_shape
from loaders.layouts.name_checks import YEAR, check_names, column_of
from store import schema
from store.yamls import load_yaml

FOLDER = Path(__file__).parents[2] / "data" / "layouts"


@dataclass(frozen=True)
class Column:
    """One column of a layout: what it fills and how its header may be written.

    ``field`` names a schema column, ``place`` a level of the place that the row is about; a column
    with neither is known and left out. ``check`` fields are compared with the register, not
    loaded. ``values`` maps texts to values; ``note_to`` takes what stands in brackets; ``minimum``
    is the smallest number that the file may hold. In a header ``{year}`` stands for any year: the
    column is there once a year. A blank cell of a ``fill_down`` column means what stands above it,
    as long as the household is the same.
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
    fill_down: bool = False

    @cached_property
    def headers(self) -> tuple[str, ...]:
        return self.header, *self.also

    @cached_property
    def yearly(self) -> bool:
        """Whether the column stands in the sheet once a year."""
        return any(YEAR in text for text in self.headers)


@dataclass(frozen=True, slots=True)
class Unpivot:
    """Columns that become rows of another table: one a filled cell."""

    table: str
    field: str
    value: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """One kind of export sheet and the table that its rows go to.

    ``sheet_as`` and ``title_as`` name fields filled from the sheet's name and title, ``wan`` those
    in 10,000 yuan where neither header nor unit line says otherwise, ``hash`` a field made from
    others, ``number_rows`` a field numbered by order, ``check_total`` the field that every total
    row has, ``fixed`` fields that have one value in every row. Rows of one ``once_per`` value are
    one row. ``place_from`` says for a level of the place that it stands in the name of the sheet
    or file or in the title, ``household_by`` which identity numbers find the household where there
    is no household number. ``also_fills`` are further tables that are filled from the same rows,
    one row a key, each with a layout of its own.
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
    place_from: Mapping[str, str] = field(default_factory=dict)
    household_by: tuple[str, ...] = ()
    unpivot: Unpivot | None = None
    also_fills: tuple[Layout, ...] = ()

    @cached_property
    def required(self) -> frozenset[str]:
        """Headers without which a sheet is not of this layout."""
        return frozenset(column.header for column in self.columns if column.required)

    @cached_property
    def headers(self) -> tuple[tuple[str, ...], ...]:
        """How the header of each column may be written."""
        return tuple(column.headers for column in self.columns)

    @cached_property
    def yearly(self) -> bool:
        """Whether the rows come by year from columns that stand in the sheet once a year."""
        return any(column.yearly for column in self.columns)

    @property
    def needs_title(self) -> bool:
        """Whether a row cannot be read without the title that it stands under."""
        return self.title_as is not None or "title" in self.place_from.values()

    def column_of(self, column: Column) -> schema.Column:
        """The schema's column that a column with a field is converted as."""
        return column_of(self.table, column.field or "", check=column.check)


def load(extra: Path | None = None) -> tuple[Layout, ...]:
    """Every declared layout, those of the folder ``extra`` first; they win over equal ones.

    A layout of the folder takes the place of that of its key. Raises LayoutError with file and
    line.
    """
    if extra is None or not extra.is_dir():
        return _own()
    found: dict[str, Layout] = {}
    for path in sorted(extra.glob("*.yaml")):
        layout = read(path)
        if layout.key in found:
            raise _in_file(path, LayoutError(f"key {layout.key} 已有一份格式,请改名", ("key",)))
        found[layout.key] = layout
        _check_made(path, layout)
    return (*found.values(), *(layout for layout in _own() if layout.key not in found))


def flat(layouts: Iterable[Layout]) -> Iterator[Layout]:
    """Layouts, each followed by those of the further tables that it fills."""
    for layout in layouts:
        yield layout
        yield from layout.also_fills


@cache
def _own() -> tuple[Layout, ...]:
    return tuple(map(read, sorted(FOLDER.glob("*.yaml"))))


def _check_made(path: Path, layout: Layout) -> None:
    """A table made of another's columns is filled by nothing else, and in one way."""
    made = {own.table: own.unpivot for own in _own() if own.unpivot}
    filled = {each.table for each in flat(_own())}
    for each in flat([layout]):
        source = next((name for name, way in made.items() if way.table == each.table), None)
        if source:
            problem = f"{each.table} 表由 {source} 表的列转成,写在 unpivot 里"
            raise _in_file(path, LayoutError(problem, ("table",)))
    if own := layout.unpivot:
        way = made.get(layout.table)
        same = way and (way.table, way.field, way.value) == (own.table, own.field, own.value)
        if (way and not same) or (not way and own.table in filled):
            problem = f"{layout.table} 表的列不能转成 {own.table} 的行"
            raise _in_file(path, LayoutError(problem, ("unpivot", "table")))


def read(path: Path) -> Layout:
    """The layout that a file declares; raises LayoutError with file and line."""
    try:
        return parse(load_yaml(path.read_text("utf-8")))
    except UnicodeDecodeError:
        raise LayoutError("不是UTF-8编码,请用UTF-8另存", place=f"{path.name}: ") from None
    except OSError:
        raise LayoutError("不能读取,请检查权限", place=f"{path.name}: ") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        twice = "written twice" in (error.problem or "")
        said = "同一个键写了两次" if twice else "不是YAML格式,请检查缩进、冒号和括号"
        problem = f"{said}(见 {GUIDE})"
        raise LayoutError(problem, place=f"{path.name} 第 {line} 行: ", line=line) from None
    except LayoutError as error:
        raise _in_file(path, error) from None
    except (yaml.YAMLError, ValueError, RecursionError):  # such as a day that there is not
        problem = f"有一个值不能读,请给它加引号(见 {GUIDE})"
        raise LayoutError(problem, place=f"{path.name}: ") from None


def _in_file(path: Path, error: LayoutError) -> LayoutError:
    """The error with its file and line, and where the keys are explained."""
    line = _line(yaml.compose(path.read_text("utf-8"), yaml.CSafeLoader), error.where)
    place = f"{path.name} 第 {line} 行: "
    problem = f"{error.problem}(各键的写法见 {GUIDE})"
    return LayoutError(problem, error.where, place=place, line=line)


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
    check_shape(declared)
    check_names(declared)
    unpivot = declared.get("unpivot")
    parts = [
        _layout({**_inherited(declared, part), **_named(declared)})
        for part in declared.get("also_fills") or ()
    ]
    return _layout(
        declared
        | {
            "unpivot": Unpivot(**{**unpivot, "columns": tuple(unpivot["columns"])})
            if unpivot
            else None,
            "also_fills": tuple(parts),
        }
    )


def _layout(declared: Mapping[str, Any]) -> Layout:
    kept = {name: value for name, value in declared.items() if value is not None}
    wan = (kept.pop("units", None) or {}).get("wan") or ()
    columns = tuple(map(_column, kept.pop("columns")))
    finders = tuple(kept.pop("household_by", ()))
    return Layout(**kept, columns=columns, wan=frozenset(wan), household_by=finders)


def _column(declared: Mapping[str, Any]) -> Column:
    kept = {name: value for name, value in declared.items() if value is not None}
    return Column(**(kept | {"also": tuple(declared.get("also") or ())}))


def _named(declared: Mapping[str, Any]) -> dict[str, Any]:
    """What a further table's layout has of the whole one."""
    return {name: declared.get(name) for name in ("key", "zh", "place_from")}


def _inherited(declared: Mapping[str, Any], part: Mapping[str, Any]) -> dict[str, Any]:
    """A further table's part with the columns that say whose the row is and where.

    Rows of one key are one row.
    """
    table = schema.BY_NAME[part["table"]]
    said = {name for c in part["columns"] for name in (c.get("field"), c.get("place"))}
    said |= {*(part.get("hash") or ()), *(part.get("fixed") or ())}
    whose = {"household_id"} & set(table.arrow.names)
    finders = tuple(declared.get("household_by") or ())
    if table.name == "household" or "household_id" in said or not whose:
        finders = ()
    lent = [
        column
        for column in declared["columns"]
        if (column.get("place") or column.get("field") in {*whose, *finders})
        and not column.get("check")
        and not said & {column.get("field"), column.get("place")} - {None}
    ]
    columns = [*lent, *part["columns"]]
    return {**part, "columns": columns, "household_by": finders, "once_per": table.key[0]}
