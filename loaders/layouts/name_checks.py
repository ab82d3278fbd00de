"""The names in a layout's declaration: tables, fields and places that there are and that fit.

Works on a declaration as it was read, of the right shape; what is wrong with it is a LayoutError.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, NoReturn

import pyarrow as pa

from loaders.cells.converters import code_list
from loaders.layouts.declared_keys import LayoutError, Where, is_number, is_text
from store import schema

PLACES = ("county", "township", "village")
SOURCES = ("sheet", "file", "title")  # that a place may be read from
# What a household may be found by; a name is nobody's alone.
HEAD_IDENTITY, IDENTITY = FINDERS = ("head_identity_number", "identity_number")
YEAR = "{year}"  # in a header: a column for each year

_OWN_TABLES = ("region", "declared_total", "quarantine", "quarantine_row", "mend")
_OWN_FIELDS = {"source_file": "", "source_row": "", "village_code": "village", "region_code": ""}
_BRACES = re.compile(r"\{[^{}]*\}")


def column_of(table: str, field: str, *, check: bool = False) -> schema.Column:
    """The schema's column that a layout's field is converted as; KeyError where there is none."""
    if check:
        return schema.BY_NAME["household"].column(field)
    if field in FINDERS and field not in schema.BY_NAME[table].arrow.names:
        return schema.BY_NAME["member"].column(IDENTITY)
    return schema.BY_NAME[table].column(field)


def check_names(declared: Mapping[str, Any]) -> None:
    """Raise LayoutError for a name that there is not, or that cannot be what it is named as."""
    finders = _finders(declared)
    block = _Block(declared, (), finders)
    block.check()
    block.check_settings()
    for index, part in enumerate(declared.get("also_fills") or []):
        _Block(part, ("also_fills", index), finders).check()
    if not any(column.get("required") for column in declared["columns"]):
        raise LayoutError("至少一列要有 required: true,否则认不出表头", ("columns",))
    for level, source in (declared.get("place_from") or {}).items():
        if level not in PLACES[1:] or source not in SOURCES:
            words = f"要写成 {{township: sheet}} 的样子;来源只能是 {'、'.join(SOURCES)}"
            raise LayoutError(f"place_from {words}", ("place_from", level))
        if any(column.get("place") == level for column in declared["columns"]):
            raise LayoutError(f"{level} 已有一列,不能再从 {source} 取", ("place_from", level))


def _finders(declared: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields by which the layout finds households, checked."""
    finders = tuple(declared.get("household_by") or ())
    for index, name in enumerate(finders):
        if name not in FINDERS:
            words = "只能用证件号码找户(可用: {});姓名会重名,不能单独用来找户"
            raise LayoutError(words.format("、".join(FINDERS)), ("household_by", index))
        if not any(column.get("field") == name for column in declared["columns"]):
            raise LayoutError(f"没有一列的 field 是 {name},请补上这一列", ("household_by", index))
    table = schema.BY_NAME.get(declared["table"])
    if finders and table and (table.name == "household" or "household_id" not in table.arrow.names):
        raise LayoutError(f"{table.name} 表的行不归到户,去掉 household_by", ("household_by",))
    return finders


class _Block:
    """One table's part of a declaration, looked at name by name."""

    def __init__(self, declared: Mapping[str, Any], where: Where, finders: tuple[str, ...]):
        self.declared, self.where, self.finders = declared, where, finders
        name = declared["table"]
        if name not in schema.BY_NAME or name in _OWN_TABLES:
            raise LayoutError(f"没有 {name} 这张表,请改成已有的表名", (*where, "table"))
        self.table = schema.BY_NAME[name]
        self.names = set(self.table.arrow.names)

    def _fail(self, problem: str, *steps: str | int) -> NoReturn:
        raise LayoutError(problem, (*self.where, *steps))

    def _own(self, name: str, *steps: str | int) -> schema.Column:
        """The table's column of a name that a layout may fill."""
        if name not in self.names:
            self._fail(f"{self.table.name} 表没有 {name} 这一列,请改名", *steps)
        if name in _OWN_FIELDS and name in (self.table.region, "source_file", "source_row"):
            place = _OWN_FIELDS[name]
            words = f"由 place 得出,请改成 place: {place or 'county'}" if place else "由程序填写"
            self._fail(f"{name} {words}", *steps)
        return self.table.column(name)

    def check(self) -> None:
        for index, column in enumerate(self.declared["columns"]):
            self._check_column(column, index)
        self._check_twice()
        for name, value in (self.declared.get("fixed") or {}).items():
            self._check_value(self._own(name, "fixed", name), value, "fixed", name)
            if any(c.get("field") == name for c in self.declared["columns"]):
                self._fail(f"{name} 已有一列,不能再写定", "fixed", name)
        for name, parts in (self.declared.get("hash") or {}).items():
            self._check_hash(name, parts)
        for index, name in enumerate((self.declared.get("units") or {}).get("wan") or ()):
            if self._own(name, "units", "wan", index).unit != "yuan":
                self._fail(f"{name} 不是金额,不能按万元计", "units", "wan", index)

    def _check_column(self, column: Mapping[str, Any], index: int) -> None:
        at = ("columns", index)
        kinds = [column.get("field"), column.get("place"), column.get("ignore") or None]
        if sum(each is not None for each in kinds) != 1:
            self._fail("field、place、ignore 要有且只有一个", *at)
        if column.get("place") is not None and column["place"] not in PLACES:
            self._fail(f"place 只能是 {'、'.join(PLACES)}", *at, "place")
        filled = None
        if (name := column.get("field")) is not None:
            filled = self._filled(column, name, *at, "field")
        if (name := column.get("note_to")) is not None:
            note = self._own(name, *at, "note_to")
            if note.type != pa.string() or note.codes:
                self._fail(f"{name} 不是文字列,放不下说明", *at, "note_to")
        if column.get("minimum") is not None and not (filled and _is_number(filled.type)):
            self._fail("minimum 只用于数字列", *at, "minimum")
        self._check_values(column, filled, *at, "values")
        self._check_years(column, *at)

    def _check_values(
        self, column: Mapping[str, Any], filled: schema.Column | None, *at: str | int
    ) -> None:
        if (values := column.get("values")) is None:
            return
        if filled is None:
            self._fail("values 只用于有 field 的列", *at)
        if filled.mask or filled.name.endswith("_id") or not values:
            words = "values 把文字对成代码或是否,不能为空,也不用于姓名和编号"
            self._fail(words, *at)
        for text, value in values.items():
            self._check_value(filled, value, *at, text)

    def _filled(self, column: Mapping[str, Any], name: str, *at: str | int) -> schema.Column:
        """The schema's column that a column of the layout is read as."""
        if column.get("check"):
            if "household_id" not in self.names:
                self._fail(f"{self.table.name} 表的行不归到户,不能 check", *at)
            if name not in schema.BY_NAME["household"].arrow.names:
                self._fail(f"household 表没有 {name} 这一列,请改名", *at)
            return column_of(self.table.name, name, check=True)
        if name in FINDERS and name not in self.names:
            hashed = (self.declared.get("hash") or {}).values()
            if name not in self.finders and not any(name in parts for parts in hashed):
                self._fail(f"{name} 只用来找户: 请写 household_by: [{name}]", *at)
            return column_of(self.table.name, name)
        return self._own(name, *at)

    def _check_years(self, column: Mapping[str, Any], *at: str | int) -> None:
        for text in _headers(column):
            braces = _BRACES.findall(text)
            if not braces:
                continue
            if braces != [YEAR]:
                self._fail(f"header 中的花括号只能是一个 {YEAR}", *at, "header")
            if "year" not in self.table.key or not column.get("field") or column.get("check"):
                self._fail(f"{YEAR} 只用于按年度存的表的 field 列", *at, "header")
            if column["field"] == "year" or "year" in self._said():
                self._fail(f"年度已另有来源,表头不能再写 {YEAR}", *at, "header")

    def _said(self) -> set[str]:
        """Fields that columns, fixed values and names fill."""
        said = {c.get("field") for c in self.declared["columns"] if not c.get("check")}
        said |= (self.declared.get("fixed") or {}).keys()
        return {name for name in (*said, *map(self.declared.get, ("sheet_as", "title_as"))) if name}

    def _check_twice(self) -> None:
        """No field or place has two columns, and no header stands for two."""
        seen: dict[tuple[str, str], int] = {}
        for index, column in enumerate(self.declared["columns"]):
            kind = "check" if column.get("check") else "field"
            targets = [(kind, column.get("field")), ("place", column.get("place"))]
            targets += [("header", text) for text in _headers(column)]
            for what, name in targets:
                if name and seen.setdefault((what, name), index) != index:
                    self._fail(f"{name} 写了两列,请合为一列(别的写法放进 also)", "columns", index)

    def _check_hash(self, name: str, parts: list[str]) -> None:
        if self._own(name, "hash", name).type != pa.string() or not name.endswith("_id"):
            self._fail(f"{name} 不是编号列,不能由别的列算出", "hash", name)
        if not parts:
            self._fail("要写明由哪些列算出", "hash", name)
        said = {*self._said(), *self.finders, "household_id", "village_code", "region_code"}
        for part in parts:
            if part == name or (part not in self.names and part not in FINDERS):
                self._fail(f"{self.table.name} 表没有 {part} 这一列,请改名", "hash", name)
            if part not in said or part in (self.declared.get("hash") or {}):
                self._fail(f"没有一列填 {part},算不出 {name}", "hash", name)

    def _check_value(self, column: schema.Column, value: Any, *at: str | int) -> None:
        """A value written in a declaration is one that the column can hold."""
        kind = column.type
        if column.codes:
            codes = sorted(set(code_list(column.codes).values()))
            if value not in codes:
                listed = "、".join(codes)
                self._fail(f"{column.name} 只能是: {listed}", *at)
            return
        tests: dict[pa.DataType, Callable[[Any], bool]] = {
            pa.string(): is_text,
            pa.bool_(): lambda v: isinstance(v, bool),
            pa.int32(): lambda v: isinstance(v, int) and not isinstance(v, bool) and abs(v) < 2**31,
            pa.float64(): is_number,
            schema.MONEY: is_number,
            pa.date32(): lambda v: type(v) is date,
        }
        if value is None or not tests[kind](value):
            self._fail(f"{column.name} 不能是 {value}", *at)

    def check_settings(self) -> None:
        """The names in the settings that only a whole layout has."""
        for key in ("sheet_as", "title_as", "once_per", "number_rows", "check_total"):
            if (name := self.declared.get(key)) is None:
                continue
            column = self._own(name, key)
            kinds: dict[str, tuple[bool, str]] = {
                "title_as": (column.type == pa.string() and not column.codes, "不是文字列"),
                "once_per": (name in self.table.key, f"不是 {self.table.name} 表的主键"),
                "number_rows": (column.type == pa.int32(), "不是整数列"),
                "check_total": (
                    _is_number(column.type) and not pa.types.is_integer(column.type),
                    "不是数字列",
                ),
            }
            fits, words = kinds.get(key, (True, ""))
            if not fits:
                self._fail(f"{name} {words}", key)
        if self.declared.get("unpivot"):
            self._check_unpivot(self.declared["unpivot"])

    def _check_unpivot(self, unpivot: Mapping[str, Any]) -> None:
        target = schema.BY_NAME.get(unpivot["table"])
        if target is None or target.name in _OWN_TABLES or target is self.table:
            self._fail(f"没有 {unpivot['table']} 这张表,请改名", "unpivot", "table")
        names = set(target.arrow.names)
        for key in ("field", "value"):
            if unpivot[key] not in names:
                self._fail(f"{target.name} 表没有 {unpivot[key]} 这一列", "unpivot", key)
        field, value = (target.column(unpivot[key]) for key in ("field", "value"))
        listed = f"{target.name}_{field.name}"
        if field.codes != listed or value.type != pa.string() or value.codes:
            self._fail(f"{target.name} 表不能由列转成行", "unpivot", "table")
        if names - {field.name, value.name} - self.names or set(self.table.key) - names:
            self._fail(f"{self.table.name} 的列不能转成 {target.name} 的行", "unpivot", "table")
        if unknown := [name for name in unpivot["columns"] if name not in code_list(listed)]:
            self._fail(f"代码表中没有 {'、'.join(unknown)}", "unpivot", "columns")


def _is_number(kind: pa.DataType) -> bool:
    return any(
        test(kind) for test in (pa.types.is_floating, pa.types.is_integer, pa.types.is_decimal)
    )


def _headers(column: Mapping[str, Any]) -> Iterator[str]:
    yield column["header"]
    yield from dict.fromkeys(text for text in column.get("also") or () if text != column["header"])
