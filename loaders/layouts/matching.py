"""Which layouts a sheet has, and where in it: one match a table that stands on the sheet.

A sheet is known by its header rows, wherever they stand; ``headers`` compares one, this module
looks for them all: near the top, in mid-sheet below a first table, and side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import pyarrow as pa

from glossary import Lang, term
from loaders.cells.converters import converter
from loaders.layouts import non_records
from loaders.layouts.declarations import Column, Layout, LayoutError, Unpivot, flat, load, parse
from loaders.layouts.header_texts import Merge, columns_of, spellings
from loaders.layouts.headers import DEEPEST, END, Match, best, positions
from loaders.layouts.units import fold
from store import schema

if TYPE_CHECKING:
    from loaders.reading.sheets import Sheet

__all__ = [
    "Column",
    "Layout",
    "LayoutError",
    "Match",
    "Unpivot",
    "flat",
    "fold",
    "lacking",
    "load",
    "match",
    "matches",
    "parse",
    "positions",
    "table_names",
]

HEAD = 10  # rows among which the first header row is looked for
_SAMPLE = 200  # rows by which one of two equal headers is chosen
_TITLES = 3  # lines that may stand over a table in mid-sheet
_ALIKE = 0.5  # share of a layout's required headers at which a sheet is said to lack the others


@cache
def table_names(lang: Lang = "zh") -> dict[str, str]:
    """What each table is called that files may change."""
    made = {"measure"}  # of columns of another table
    names = (table.name for table in schema.TABLES if table.arrives or table.name in made)
    return {name: term(f"table_{name}", lang) for name in names}


def match(
    head: Sequence[Sequence[str]],
    known: Sequence[Layout] | None = None,
    merges: Sequence[Merge] = (),
    numbers: Sequence[int] | None = None,
) -> Match | None:
    """The layout of a sheet's first rows, by all columns at once; None where there is none."""
    width = max(map(len, head), default=0)
    rows = [[*row, *[""] * (width - len(row))] for row in head[: HEAD + DEEPEST - 1]]
    lines_of = list(range(1, len(rows) + 1)) if numbers is None else numbers
    return best(rows, lines_of, merges, load() if known is None else known, range(HEAD))


def matches(sheet: Sheet, known: Sequence[Layout] | None = None) -> list[Match]:
    """Every table of known layout on a sheet, from top to bottom; empty where there is none."""
    layouts = load() if known is None else known
    depth = HEAD + DEEPEST - 1
    rows, numbers = sheet.head(depth), sheet.head_rows(depth)
    first = match(rows, layouts, sheet.merges, numbers)
    found = _beside(rows, numbers, sheet, layouts, first)
    if not found:
        return []
    for later in _below(sheet, layouts, found):
        found = [m if m.last_row < END else replace(m, last_row=later.top - 1) for m in found]
        found.append(later)
    return [_chosen(sheet, part) for each in found for part in _readings(each)]


def _readings(found: Match) -> list[Match]:
    """A match and its further ones, which end where it does."""
    return [found, *(replace(part, last_row=found.last_row) for part in found.further)]


def _beside(
    rows: Sequence[Sequence[str]],
    numbers: Sequence[int],
    sheet: Sheet,
    layouts: Sequence[Layout],
    whole: Match | None,
) -> list[Match]:
    """The tables that begin in the first rows: several where blank columns part them."""
    blank = [not any(row[i].strip() for row in rows) for i in range(sheet.width)]
    edges = [-1, *(i for i, empty in enumerate(blank) if empty), sheet.width]
    windows = [(a + 1, b) for a, b in pairwise(edges) if b - a > 2]
    if len(windows) > 1:
        parts = (
            best(rows, numbers, sheet.merges, layouts, range(HEAD), window) for window in windows
        )
        found = [part for part in parts if part]
        if len(found) > 1:
            return found
    return [whole] if whole else []


def _below(sheet: Sheet, layouts: Sequence[Layout], first: Sequence[Match]) -> Iterator[Match]:
    """Tables of which the header stands below the first rows, other than a header repeated."""
    words = {word for layout in layouts for word in spellings(layout)}
    current = first[-1]
    for batch in sheet.batches():
        numbers = batch["row"].to_numpy()
        for index in non_records.header_like(batch, words, current.first_row):
            start = max(index - _TITLES, 0)
            rows = non_records.cells_of(batch, start, index + DEEPEST)
            at = index - start
            above = _titles_over(rows[:at])
            part, part_numbers = rows[at - above :], numbers[start + at - above :].tolist()
            found = best(part, part_numbers, sheet.merges, layouts, range(above, above + 1))
            if found is None or numbers[index] < current.first_row:
                continue
            if found.layout is current.layout and dict(found.at) == dict(current.at):
                continue
            current = found
            yield found


def _titles_over(rows: Sequence[Sequence[str]]) -> int:
    """How many of the last rows are titles or unit lines: one or two filled cells, no total."""
    count = 0
    for row in reversed(rows):
        filled = [cell for cell in row if cell.strip()]
        if len(filled) > 2 or non_records.kind_of(filled[0]) is not None:
            break
        count += 1
    return count


def _chosen(sheet: Sheet, found: Match) -> Match:
    """The match with each of two equal headers at the column that has values that convert."""
    if not found.doubled:
        return found
    depth = len(found.lines)
    columns = columns_of(found.lines, 0, depth, sheet.merges, found.first_row - depth)
    inside = [t if found.window[0] <= i < found.window[1] else () for i, t in enumerate(columns)]
    _, again = positions(found.layout, inside)
    sample = _sample(sheet, found)
    at = dict(found.at)
    for column in again.values():
        places = [p for p, c in {**at, **again}.items() if c is column]
        chosen = next((p for p in sorted(places) if _converts(found, column, sample, p)), None)
        if chosen is not None and chosen not in at:
            at = {p: c for p, c in at.items() if c is not column} | {chosen: column}
    left = [p for p in {*found.at, *again} if p not in at]
    at = dict(sorted(at.items()))
    return replace(found, at=at, doubled=tuple(found.headers[p] for p in sorted(left)))


def _sample(sheet: Sheet, found: Match) -> pa.Table:
    batch = next(sheet.batches())
    start = int((batch["row"].to_numpy() < found.first_row).sum())
    return batch.slice(start, _SAMPLE)


def _converts(found: Match, column: Column, sample: pa.Table, position: int) -> bool:
    """Whether at least half of a column's filled cells are values of the field, and some are."""
    cells = sample[str(position)].combine_chunks()
    filled = sum(1 for cell in cells.to_pylist() if cell.strip())
    if column.field is None or not filled:
        return bool(filled)
    done = converter(found.layout.column_of(column), spellings=column.values)(cells)
    return len(cells) - done.values.null_count >= filled / 2


def lacking(
    sheet: Sheet, known: Sequence[Layout] | None = None
) -> tuple[Layout, tuple[str, ...]] | None:
    """The layout that a sheet of no known layout comes nearest to, and the headers it lacks."""
    nearest: tuple[float, int, Layout, tuple[str, ...]] | None = None
    for row in sheet.head(HEAD):
        texts = [(cell.strip(),) if cell.strip() else () for cell in row]
        for layout in load() if known is None else known:
            held = {each.column.header for each in positions(layout, texts)[0].values()}
            share = len(held & layout.required) / len(layout.required)
            if share >= _ALIKE and len(held) > 2 and (share, len(held)) > (nearest or (0, 0))[:2]:
                lacks = [c.header for c in layout.columns if c.required and c.header not in held]
                nearest = (share, len(held), layout, tuple(lacks))
    return nearest and (nearest[2], nearest[3])
