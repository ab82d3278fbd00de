"""Header rows to layouts: one, two or three rows, joined through merged cells.

A header is compared folded, from the strictest spelling to one without brackets and item numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, lru_cache
from itertools import pairwise

from loaders import units, values
from loaders.converters import code_list
from loaders.declarations import Column, Layout
from loaders.quantities import MONEY
from loaders.units import fold

DEEPEST = 3  # rows that a header may have
ORIGIN = ("来源文件", "来源工作表", "来源行号")
CONTEXT = "来源标题"  # the title of the sheet that a refused row stood in
REASON = "隔离原因"
END = 2**31 - 1

_NUMBERED = re.compile(r"^[A-Z]\d+[a-z]?(-\d+)*")  # item numbers of the paper forms: A54类别
_BRACKETS = re.compile(r"\([^()]*\)")
_NOT_A_TITLE = re.compile("^(单位|金额单位|日期|#|来源|填报|制表|附件)")
_DATA = re.compile(r"[-+]?[\d.,]+[Xx]?$")

Merge = tuple[int, int, int, int]
Texts = tuple[str, ...]  # of a column from the top header row down, no text twice


@dataclass(frozen=True, slots=True)
class Match:
    """A layout found in a section of a sheet.

    ``header`` is the index of the (last) header row among the rows looked at, ``at`` maps the
    positions of known columns to them, ``spread`` those of unpivoted columns to codes, ``factors``
    fields to what their numbers are multiplied by. ``headers`` are the header cells as written,
    of several rows the one that is known, with the unit that a line above them gives.
    ``doubled`` are headers that stand twice and were left. The section begins at row ``top`` (as
    the sheet numbers them) with ``above`` titles, of which ``titles`` has row and text of every
    filled cell, then its header ``lines``; its records stand from
    ``first_row`` to ``last_row`` in the columns of ``window``. Of an amendment, ``origin`` are the
    columns of file, sheet and row that its rows came from, ``context`` the one of the title that
    they stood under, ``reason`` the one that says why they were refused.
    """

    layout: Layout
    header: int
    headers: tuple[str, ...]
    at: Mapping[int, Column]
    spread: Mapping[int, str]
    factors: Mapping[str, Fraction]
    title: str
    doubled: tuple[str, ...] = ()
    top: int = 1
    first_row: int = 1
    titles: tuple[tuple[int, str], ...] = ()
    last_row: int = END
    window: tuple[int, int] = (0, END)
    lines: tuple[tuple[str, ...], ...] = ()
    above: int = 0
    origin: tuple[int, int, int] | None = None
    context: int | None = None
    reason: int | None = None

    @property
    def unknown(self) -> list[str]:
        """Headers that the layout does not know."""
        known = {*self.at, *self.spread, *(self.origin or ())}
        left = {*self.doubled} | ({REASON, CONTEXT} if self.origin else set())
        inside = range(self.window[0], min(self.window[1], len(self.headers)))
        return [
            h for i in inside if i not in known and (h := self.headers[i]).strip() and h not in left
        ]

    @property
    def missing(self) -> list[str]:
        """Headers that the layout knows and the sheet lacks, but for those that it leaves out."""
        held = {column.header for column in self.at.values()}
        return [c.header for c in self.layout.columns if not c.ignore and c.header not in held]


@lru_cache(65_536)
def variants(header: str) -> tuple[str, str, str]:
    """Spellings to try, strictest first."""
    folded = fold(header)
    plain = _NUMBERED.sub("", folded)
    return folded, plain, _BRACKETS.sub("", plain)


@cache
def _spellings(columns: tuple[Texts, ...]) -> dict[str, int]:
    """Every spelling of columns' headers to the column's index; the strictest spelling wins."""
    found: dict[str, int] = {}
    for strictness in range(3):
        for index, headers in enumerate(columns):
            for header in headers:
                found.setdefault(variants(header)[strictness], index)
    found.pop("", None)
    return found


def spellings(layout: Layout) -> Mapping[str, int]:
    """Every spelling of a layout's headers, folded, to the index of the column."""
    return _spellings(tuple((c.header, *c.also) for c in layout.columns))


def columns_of(
    rows: Sequence[Sequence[str]], first: int, depth: int, merges: Sequence[Merge], line: int
) -> list[Texts]:
    """Header texts of each column in ``depth`` rows from index ``first``, whose number is ``line``.

    A merged cell's text stands in all its columns, and without merges a text stands also over the
    filled cells of the next row that follow it.
    """
    filled = [list(row) for row in rows[first : first + depth]]
    for top, left, bottom, right in merges:
        for number in range(max(top, line), min(bottom, line + depth - 1) + 1):
            cells = filled[number - line]
            text = rows[first + top - line][left] if line <= top else cells[left]
            cells[left : right + 1] = [text] * (min(right + 1, len(cells)) - left)
    for above, below in pairwise(filled):
        for column in range(1, len(above)):
            if not above[column].strip() and below[column].strip():
                above[column] = above[column - 1]
    found = []
    for column_cells in zip(*filled, strict=True):
        texts = dict.fromkeys(cell.strip() for cell in column_cells if cell.strip())
        found.append(tuple(texts))
    return found


def _candidates(columns: Sequence[Texts]) -> Iterator[list[tuple[int, str]]]:
    """(position, text) of each column by rank: whole, the lowest alone, the highest alone.

    The highest stands for a column only where no other column is below it.
    """
    yield [(i, "".join(texts)) for i, texts in enumerate(columns) if texts]
    deep = [(i, texts) for i, texts in enumerate(columns) if len(texts) > 1]
    yield [(i, texts[-1]) for i, texts in deep]
    alone = [columns[i][0] for i, _ in deep]
    yield [(i, texts[0]) for i, texts in deep if alone.count(texts[0]) == 1]


@dataclass(frozen=True, slots=True)
class _Known:
    """A column of a layout and the text it is known by; ``low`` if the lowest row is part of it."""

    column: Column
    text: str
    low: bool


def positions(
    layout: Layout, columns: Sequence[Texts]
) -> tuple[dict[int, _Known], dict[int, Column]]:
    """Known columns by position, and those known once more.

    A column of the layout stands at its strictest match, of equal ones at the first.
    """
    known = spellings(layout)
    found: dict[int, _Known] = {}
    again: dict[int, Column] = {}
    taken: set[int] = set()
    for rank, candidates in enumerate(_candidates(columns)):
        for strictness in range(3):
            for position, text in candidates:
                index = None if position in found else known.get(variants(text)[strictness])
                if index is None or not units.fits(layout, layout.columns[index], text, known):
                    continue
                if index in taken:
                    again.setdefault(position, layout.columns[index])
                    continue
                low = rank == 1 or (rank == 0 and len(columns[position]) > 1)
                found[position] = _Known(layout.columns[index], text, low)
                taken.add(index)
    return found, {p: column for p, column in again.items() if p not in found}


def best(
    rows: Sequence[Sequence[str]],
    numbers: Sequence[int],
    merges: Sequence[Merge],
    known: Sequence[Layout],
    firsts: range,
    window: tuple[int, int] = (0, END),
) -> Match | None:
    """The layout whose required headers stand in the first rows that have some, of ``firsts``.

    Of the ways to read these rows the one with most headers wins, then the one with fewest rows.
    """
    found: Match | None = None
    score = 0.0
    for first, depth in _starts(rows, numbers, firsts, window):
        if found and first > found.header:
            break
        columns = columns_of(rows, first, depth, merges, numbers[first])
        inside = [t if window[0] <= i < window[1] else () for i, t in enumerate(columns)]
        for layout in known:
            if sum(map(bool, inside)) < len(layout.required):
                continue
            at, again = positions(layout, inside)
            if not layout.required <= {each.column.header for each in at.values()}:
                continue
            if depth > 1 and sum(each.low for each in at.values()) < 2:
                continue
            match = _matched(layout, rows, first, depth, inside, at, again)
            anchored = any(len(inside[i]) == 1 and rows[first][i].strip() for i in at)
            worth = len(at) + len(match.spread) + (0.5 if depth > 1 and anchored else -depth / 10)
            if worth > score:
                score = worth
                first_row = numbers[match.header] + 1
                found = replace(
                    match,
                    window=window,
                    top=numbers[0],
                    first_row=first_row,
                    titles=_titles(rows[:first], numbers, window),
                )
    return found


def _titles(
    above: Sequence[Sequence[str]], numbers: Sequence[int], window: tuple[int, int]
) -> tuple[tuple[int, str], ...]:
    """Row and text of the filled cells over a header."""
    cells = ((numbers[i], cell) for i, row in enumerate(above) for cell in row[slice(*window)])
    return tuple((number, cell) for number, cell in cells if cell.strip())


def _starts(
    rows: Sequence[Sequence[str]],
    numbers: Sequence[int],
    firsts: range,
    window: tuple[int, int],
) -> Iterator[tuple[int, int]]:
    """First rows and depths that may be a header: hardly data in it, no blank row between."""
    for first in firsts:
        if first >= len(rows) or _data_in(rows[first][slice(*window)]) > 1:
            continue
        yield first, 1
        for depth in range(2, DEEPEST + 1):
            last = first + depth - 1
            if last >= len(rows) or numbers[last] != numbers[first] + depth - 1:
                break
            if _data_in(rows[last]):
                break
            yield first, depth


def _data_in(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if _DATA.match(cell.strip()))


def _matched(
    layout: Layout,
    rows: Sequence[Sequence[str]],
    first: int,
    depth: int,
    columns: Sequence[Texts],
    at: Mapping[int, _Known],
    again: Mapping[int, Column],
) -> Match:
    above = [cell for row in rows[:first] for cell in row if cell.strip()]
    title = next((t for cell in above if not _NOT_A_TITLE.match(t := values.tidy(cell))), "")
    known = {position: each.column for position, each in at.items()}
    factors = {
        column.field: units.factor(layout, column, columns[position], above)
        for position, column in known.items()
        if column.field and not column.check
    }
    headers = _headers(layout, rows[first] if depth == 1 else None, columns, at, factors)
    origin = _origin(headers)
    return Match(
        layout=layout,
        header=first + depth - 1,
        headers=headers,
        at=known,
        spread=_spread(layout, headers, known),
        factors={name: factor for name, factor in factors.items() if factor is not None},
        title=title,
        doubled=tuple(headers[position] for position in sorted(again)),
        lines=tuple(tuple(row) for row in rows[first : first + depth]),
        above=first,
        origin=origin,
        context=headers.index(CONTEXT) if origin and CONTEXT in headers else None,
        reason=headers.index(REASON) if origin and REASON in headers else None,
    )


def _headers(
    layout: Layout,
    written: Sequence[str] | None,
    columns: Sequence[Texts],
    at: Mapping[int, _Known],
    factors: Mapping[str, Fraction | None],
) -> tuple[str, ...]:
    """What each column is called by; amounts whose unit stands elsewhere are given theirs."""
    found = [written[i] if written and t else "".join(t) for i, t in enumerate(columns)]
    for position, each in at.items():
        if written is None:
            found[position] = each.text
        factor = factors.get(each.column.field or "")
        if factor and factor != (units.money(each.text) or units.declared(layout, each.column)):
            word = next((word for word, yuan in MONEY.items() if yuan == factor), None)
            found[position] = f"{each.text}({word})" if word else found[position]
    return tuple(found)


def _origin(headers: Sequence[str]) -> tuple[int, int, int] | None:
    folded = [fold(header) for header in headers]
    if not set(ORIGIN) <= set(folded):
        return None
    file, sheet, row = (folded.index(name) for name in ORIGIN)
    return file, sheet, row


def _spread(layout: Layout, headers: Sequence[str], at: Mapping[int, Column]) -> dict[int, str]:
    """Positions of unpivoted columns, by the code list of the field that they become."""
    if layout.unpivot is None:
        return {}
    listed = code_list(f"{layout.unpivot.table}_{layout.unpivot.field}")
    wanted = {listed[values.spelling(name)] for name in layout.unpivot.columns}
    codes = {i: listed.get(variants(h)[1]) for i, h in enumerate(headers) if i not in at}
    return {i: code for i, code in codes.items() if code in wanted}
