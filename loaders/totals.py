"""Rows of a sheet that are no records: totals, signatures below, the header set again."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from loaders import values
from loaders.spellings import FOOTERS, SUBTOTAL, TOTALS

_LEADING = 4  # columns in which the word of a total row may stand
_SPACED = "|".join(r"[\s　]*".join(word) for word in TOTALS)
_TOTAL = rf"^[\s　]*({_SPACED})[\s　]*([:：(（].*)?$"
_FOOTER = rf"^[\s　]*({'|'.join(FOOTERS)})[\s　]*[:：].*$"


def leading(columns: Sequence[pa.Array]) -> pa.Array:
    """The first filled cell of each row among the leading columns."""
    first = columns[0]
    for cells in columns[1:_LEADING]:
        first = pc.if_else(pc.equal(pc.utf8_trim_whitespace(first), ""), cells, first)
    return first


def is_total(first: pa.Array) -> pa.Array:
    """Where the leading cell is the word of a total row."""
    return pc.match_substring_regex(first, _TOTAL)


def is_footer(first: pa.Array) -> pa.Array:
    """Where the leading cell begins a signature or note below the records."""
    return pc.match_substring_regex(first, _FOOTER)


def labels(first: pa.Array) -> list[str | None]:
    """The total word of each row, None for a record."""
    where = is_total(first).to_pylist()
    return [
        values.compact(cell)[:2] if total else None
        for cell, total in zip(first.to_pylist(), where, strict=True)
    ]


def check_totals(
    labels: Sequence[str | None], amounts: Sequence[float | None]
) -> list[tuple[int, float | None, float]]:
    """Total rows as (index, amount declared, amount that the rows add up to).

    A 小计 adds up the rows since the total before it or, standing at their head, up to the next;
    any other total adds up all rows.
    """
    at = [i for i, label in enumerate(labels) if label]
    plain = [0.0 if label else amount or 0.0 for label, amount in zip(labels, amounts, strict=True)]
    bounds = [-1, *at, len(labels)]
    found = []
    for place, index in enumerate(at, start=1):
        before = sum(plain[bounds[place - 1] + 1 : index])
        after = sum(plain[index + 1 : bounds[place + 1]])
        added = sum(plain)
        if labels[index] == SUBTOTAL:
            added = after if amounts[index] == after else before
        found.append((index, amounts[index], added))
    return found
