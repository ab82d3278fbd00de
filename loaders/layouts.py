"""The declared layouts of export files, and which of them a sheet has.

A layout is data (data/layouts/*.yaml); the keys it may have are the fields of ``Layout`` and
``Column`` below. A sheet is known by its header row, wherever that stands near the top.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from loaders import values
from loaders.converters import code_list
from loaders.spellings import MONEY

FOLDER = Path(__file__).parent.parent / "data" / "layouts"
HEAD = 10  # rows among which the header row is looked for

_NUMBERED = re.compile(r"^[A-Z]\d+[a-z]?(-\d+)*")  # item numbers of the paper forms: A54类别
_BRACKETS = re.compile(r"\([^()]*\)")
_UNIT = re.compile(r"\((?:单位:?)?(元|千元|万元|亿元)\)|^单位:?(元|千元|万元|亿元)$")
_NOT_A_TITLE = re.compile("^(单位|日期|#|来源|填报|制表|附件)")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a layout: what it fills and how its header may be written.

    ``field`` names a schema column, ``place`` a level of the place that the row is about; a column
    with neither is known and left out. ``check`` fields are compared with the register, not
    loaded. ``values`` maps texts to values; ``note_to`` takes what stands in brackets.
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
    others, ``number_rows`` a field numbered by order, ``check_total`` the field that total rows
    add up, ``fixed`` fields that have one value in every row. Rows of one ``once_per`` value are
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


@dataclass(frozen=True, slots=True)
class Match:
    """A layout found in a sheet.

    ``header`` is the index of the header row, ``at`` maps the positions of known columns to them,
    ``spread`` those of unpivoted columns to codes, ``factors`` fields to what their numbers are
    multiplied by. ``headers`` are the header cells as written.
    """

    layout: Layout
    header: int
    headers: tuple[str, ...]
    at: Mapping[int, Column]
    spread: Mapping[int, str]
    factors: Mapping[str, int]
    title: str

    @property
    def unknown(self) -> list[str]:
        """Headers that the layout does not know."""
        known = {*self.at, *self.spread}
        return [h for i, h in enumerate(self.headers) if h.strip() and i not in known]


@cache
def load() -> tuple[Layout, ...]:
    """Every declared layout; TypeError for a key that there is not."""
    return tuple(
        parse(yaml.safe_load(path.read_text("utf-8"))) for path in sorted(FOLDER.glob("*.yaml"))
    )


def parse(declared: dict[str, Any]) -> Layout:
    """A layout from its declaration."""
    columns = tuple(Column(**{**c, "also": tuple(c.get("also", ()))}) for c in declared["columns"])
    unpivot = declared.get("unpivot")
    units = declared.pop("units", {})
    return Layout(
        **{
            **declared,
            "columns": columns,
            "wan": frozenset(units.get("wan", ())),
            "unpivot": Unpivot(**{**unpivot, "columns": tuple(unpivot["columns"])})
            if unpivot
            else None,
        }
    )


def fold(header: str) -> str:
    """A header as it is compared: no full-width forms, spaces, line breaks or marks."""
    text = unicodedata.normalize("NFKC", values.tidy(header))
    return re.sub(r"\s+", "", text).strip("*:").replace("[", "(").replace("]", ")")


def match(head: Sequence[Sequence[str]], known: Sequence[Layout] | None = None) -> Match | None:
    """The layout whose required headers stand in one of the first rows; most headers win."""
    found: list[Match] = []
    for layout in load() if known is None else known:
        for index in range(min(HEAD, len(head))):
            at = _positions(layout, head[index])
            if {c.header for c in layout.columns if c.required} <= {c.header for c in at.values()}:
                found.append(_matched(layout, head, index, at))
    return max(found, key=lambda m: len(m.at) + len(m.spread), default=None)


@lru_cache(4096)
def _variants(header: str) -> tuple[str, ...]:
    """Spellings to try, strictest first."""
    folded = fold(header)
    plain = _NUMBERED.sub("", folded)
    return folded, plain, _BRACKETS.sub("", plain)


@cache
def _spellings(columns: tuple[tuple[str, ...], ...]) -> dict[str, int]:
    """Every spelling of columns' headers to the column's index; the strictest spelling wins."""
    found: dict[str, int] = {}
    for strictness in range(3):
        for index, headers in enumerate(columns):
            for header in headers:
                found.setdefault(_variants(header)[strictness], index)
    return found


def _positions(layout: Layout, row: Sequence[str]) -> dict[int, Column]:
    """Positions of the layout's columns in a row; a column stands at its strictest match."""
    spellings = _spellings(tuple((c.header, *c.also) for c in layout.columns))
    found: dict[int, Column] = {}
    taken: set[int] = set()
    for strictness in range(3):
        for position, cell in enumerate(row):
            if not cell or position in found:
                continue
            index = spellings.get(_variants(cell)[strictness])
            if index is not None and index not in taken:
                found[position] = layout.columns[index]
                taken.add(index)
    return found


def _matched(
    layout: Layout, head: Sequence[Sequence[str]], index: int, at: dict[int, Column]
) -> Match:
    headers = tuple(head[index])
    above = [cell for row in head[:index] for cell in row if cell.strip()]
    title = next((t for cell in above if not _NOT_A_TITLE.match(t := values.tidy(cell))), "")
    return Match(
        layout=layout,
        header=index,
        headers=headers,
        at=at,
        spread=_spread(layout, headers, at),
        factors=_factors(layout, headers, at, above),
        title=title,
    )


def _spread(layout: Layout, headers: Sequence[str], at: Mapping[int, Column]) -> dict[int, str]:
    """Positions of unpivoted columns, by the code list of the field that they become."""
    if layout.unpivot is None:
        return {}
    listed = code_list(f"{layout.unpivot.table}_{layout.unpivot.field}")
    wanted = {listed[values.spelling(name)] for name in layout.unpivot.columns}
    codes = {i: listed.get(_variants(h)[1]) for i, h in enumerate(headers) if i not in at}
    return {i: code for i, code in codes.items() if code in wanted}


def _factors(
    layout: Layout, headers: Sequence[str], at: Mapping[int, Column], above: Sequence[str]
) -> dict[str, int]:
    """What amounts are multiplied by: the header's unit, else the unit line's, else declared."""
    lines = [unit for cell in above if (unit := _unit(cell)) is not None]
    found: dict[str, int] = {}
    for position, column in at.items():
        if column.field and column.field.endswith("_yuan"):
            declared = 10_000 if column.field in layout.wan else 1
            line = lines[-1] if lines and column.field in layout.wan else declared
            found[column.field] = _unit(headers[position]) or line
    return found


def _unit(cell: str) -> int | None:
    match = _UNIT.search(fold(cell))
    return MONEY[match[1] or match[2]] if match else None
