"""The one schema, read from ``schema.yaml``: every table a snapshot holds, its columns and units.

A column's ``mask`` says how a value shows to a viewer without the right to see it whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

import pyarrow as pa

from store.yamls import only_keys, read_yaml

Mask = Literal["name", "identity", "phone"]

MONEY = pa.decimal128(18, 2)  # yuan of the books of funds, to the fen

_DECLARED = Path(__file__).with_suffix(".yaml")
_TYPES: dict[str, pa.DataType] = {
    "text": pa.string(),
    "texts": pa.list_(pa.string()),
    "count": pa.int32(),
    "number": pa.float64(),
    "yuan": pa.float64(),
    "money": MONEY,
    "flag": pa.bool_(),
    "date": pa.date32(),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its Arrow type, whether empty is allowed, its code list and what shows of it."""

    name: str
    type: pa.DataType
    nullable: bool = True
    codes: str | None = None
    unit: str | None = None
    mask: Mask | None = None
    year_alone: bool = False  # a date of a person: its year shows to whom masks are put on


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a table's files come (``schema.yaml`` says what each word means).

    ``shrink`` is the share of a place's rows that may go without anybody being asked.
    """

    kind: Literal["whole", "unit", "additions"]
    within: tuple[str, ...] = ()
    by: str | None = None
    shrink: float = 0.1


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns, its key, and the column that a scope is applied to.

    A table without a region column is open to every viewer if ``public`` (names of places), else
    only to one who may see the whole county, but for rows whose ``place`` is known: these are open
    to who sees that place. Of a ``public`` table with one, rows whose region is empty are of no
    place of the county and open to every viewer. A ``secret`` one needs the right to see whole
    values.
    """

    name: str
    key: tuple[str, ...]
    region: str | None
    columns: tuple[Column, ...]
    public: bool = False
    secret: bool = False
    place: str | None = None
    arrives: Arrival | None = None

    @property
    def arrow(self) -> pa.Schema:
        return pa.schema([pa.field(c.name, c.type, c.nullable) for c in self.columns])

    def column(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name}.{name}")


def until(name: str) -> str:
    """The column beside a date that files may give by its month: the last day that it can be."""
    return f"{name}_until"


def _columns(declared: dict[str, str | None]) -> Iterator[Column]:
    for name, words in declared.items():
        if name == "source":
            yield Column("source_file", _TYPES["text"])
            yield Column("source_row", _TYPES["count"])
            continue
        kind, *rest = (words or "").split()
        options = dict(word.partition("=")[::2] for word in rest)
        or_month = "or_month" in options and options.pop("or_month") == ""
        if unknown := options.keys() - {"required", "codes", "unit", "mask", "year_alone"}:
            raise ValueError(f"column {name}: no such word as {', '.join(sorted(unknown))}")
        if kind in ("yuan", "money"):
            options["unit"] = "yuan"
        yield Column(
            name,
            _TYPES[kind],
            "required" not in options,
            options.get("codes"),
            options.get("unit"),
            cast("Mask | None", options.get("mask")),
            "year_alone" in options,
        )
        if or_month:
            yield Column(until(name), _TYPES[kind])


def _arrival(declared: dict[str, Any] | None) -> Arrival | None:
    if declared is None:
        return None
    kind, within = declared["as"], tuple(declared.get("within", ()))
    rest = {k: v for k, v in declared.items() if k not in ("as", "within")}
    return Arrival(kind, within, **rest)


_TABLE = ("key", "region", "columns", "public", "secret", "place", "arrives")


def read(declared: dict[str, dict[str, Any]]) -> tuple[Table, ...]:
    """Tables from their declarations; KeyError or ValueError for a word that there is not."""
    for name, table in declared.items():
        only_keys(table, _TABLE, f"table {name}")
    return tuple(
        Table(
            name,
            tuple(table.get("key", ())),
            table.get("region"),
            tuple(_columns(table["columns"])),
            table.get("public", False),
            table.get("secret", False),
            table.get("place"),
            _arrival(table.get("arrives")),
        )
        for name, table in declared.items()
    )


TABLES: tuple[Table, ...] = read(read_yaml(_DECLARED))
BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}
