"""Units in headers and in the lines above a table, and what numbers under them are worth."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Sequence
from fractions import Fraction
from functools import lru_cache

from loaders.cells import quantities, values
from loaders.cells.quantities import MONEY
from loaders.layouts.declarations import Column, Layout

_BRACKETED = re.compile(r"\((?:单位:?)?([^()]*)\)")
_MONEY = "|".join(sorted(MONEY, key=len, reverse=True))
_UNIT = re.compile(rf"\((?:单位:?)?({_MONEY})\)|^\(?(?:金额)?单位:?[^元]*?({_MONEY})")
_BARE = re.compile(r"\(?(?:单位:?)?([^()]+)\)?")


@lru_cache(65_536)
def fold(header: str) -> str:
    """A header as it is compared: no full-width forms, spaces, line breaks or marks."""
    text = unicodedata.normalize("NFKC", values.tidy(header))
    return re.sub(r"\s+", "", text).strip("*:").replace("[", "(").replace("]", ")")


def money(cell: str) -> int | None:
    """Yuan of the unit that a header or a unit line names; None where it names none."""
    match = _UNIT.search(fold(cell))
    return MONEY[match[1] or match[2]] if match else None


@lru_cache(65_536)
def alone(cell: str) -> str | None:
    """A cell that says a unit and nothing else, in brackets as units stand behind a header."""
    match = _BARE.fullmatch(fold(cell))
    word = match[1] if match else ""
    return f"({word})" if quantities.is_unit(word) else None


def declared(layout: Layout, column: Column) -> int:
    """Yuan that an amount is worth where nothing in the sheet says it."""
    return 10_000 if column.field in layout.wan else 1


def factor(
    layout: Layout, column: Column, texts: Sequence[str], above: Sequence[str]
) -> Fraction | None:
    """What numbers are multiplied by: the header's unit, else the unit line's, else declared.

    ``texts`` are the column's header cells, ``above`` the cells over the header. None for a field
    without a unit that could be written otherwise.
    """
    unit = layout.column_of(column).unit
    if unit == "yuan":
        own = [found for text in texts if (found := money(text)) is not None]
        lines = [found for cell in above if (found := money(cell)) is not None]
        return Fraction([declared(layout, column), *lines[-1:], *own[-1:]][-1])
    written = _BRACKETED.search(fold(texts[-1])) if texts else None
    return quantities.worth(written[1], unit) if written and unit else None


def fits(layout: Layout, column: Column, header: str, known: Container[str]) -> bool:
    """False for a header with the unit of another quantity: 耕地面积(万元)."""
    written = _BRACKETED.search(fold(header))
    if column.field is None or column.check or written is None or fold(header) in known:
        return True
    word, unit = written[1], layout.column_of(column).unit
    if unit is None:
        return word not in MONEY
    return not quantities.is_unit(word) or quantities.worth(word, unit) is not None
