"""Header rows to layouts: one, two or three rows, joined through merged cells.

A header is compared folded, from the strictest spelling to one without brackets and item numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from loaders.cells import values
from loaders.cells.converters import code_list
from loaders.cells.quantities import MONEY
from loaders.layouts import units
from loaders.layouts.declarations import Column, Layout, flat
from loaders.layouts.header_texts import (
    Merge,
    Texts,
    candidates,
    columns_of,
    may_stand,
    spelled_in,
    spellings,
    variants,
    year_in,
)
from loaders.layouts.units import fold

DEEPEST = 3  # rows that a header may have
ORIGIN = ("来源文件", "来源工作表", "来源行号")
CONTEXT = "来源标题"  # the title of the sheet that a refused row stood in
REASON = "隔离原因"
END = 2**31 - 1

_NOT_A_TITLE = re.compile("^(单位|金额单位|日期|#|来源|填报|制表|附件)")
_DATA = re.compile(r"[-+]?[\d.,]+[Xx]?$")


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

    The rows may be read as more than one: ``further`` are the matches of the other tables and years
    that are filled from them, ``year`` the one that the columns of this match are of, and
    ``whole`` the columns of all of them together.
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
    year: int | None = None
    further: tuple[Match, ...] = ()
    is_further: bool = False
    whole: Mapping[int, Column] = field(default_factory=dict)

    @property
    def unknown(self) -> list[str]:
        """Headers that the layout does not know; told of the first of several readings."""
        if self.is_further:
            return []
        known = {*self.at, *self.whole, *self.spread, *(self.origin or ())}
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


@dataclass(frozen=True, slots=True)
class _Known:
    """A column of a layout and the text it is known by; ``low`` if the lowest row is part of it.

    ``year`` is the one in the text, of a column that stands there once a year.
    """

    column: Column
    text: str
    low: bool
    year: int | None


def positions(
    layout: Layout, columns: Sequence[Texts]
) -> tuple[dict[int, _Known], dict[int, Column]]:
    """Known columns by position, and those known once more.

    A column of the layout stands at its strictest match, of equal ones at the first; one with a
    year in its header once a year.
    """
    known, by_year = spellings(layout), layout.yearly
    found: dict[int, _Known] = {}
    again: dict[int, Column] = {}
    taken: set[tuple[int, int | None]] = set()
    for rank, ranked in enumerate(candidates(columns)):
        for strictness in range(3):
            for position, text in ranked:
                index, year = None, None
                if position not in found:
                    index = known.get(variants(text)[strictness])
                    if index is None and by_year and (yearly := year_in(text)):
                        index, year = known.get(variants(yearly[0])[strictness]), yearly[1]
                if index is None or not units.fits(layout, layout.columns[index], text, known):
                    continue
                if (index, year) in taken:
                    again.setdefault(position, layout.columns[index])
                    continue
                low = rank == 1 or (rank == 0 and len(columns[position]) > 1)
                found[position] = _Known(layout.columns[index], text, low, year)
                taken.add((index, year))
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

    Of the ways to read these rows the one with most headers wins, then the one that takes a row of
    units for what it is, then the one with fewest rows, then the layout that is known first.
    """
    found: Match | None = None
    score = 0.0
    for first, depth in _starts(rows, numbers, firsts, window):
        if found and first > found.header:
            break
        columns = columns_of(rows, first, depth, merges, numbers[first])
        inside = [t if window[0] <= i < window[1] else () for i, t in enumerate(columns)]
        has_units = depth > 1 and _is_unit_row(rows[first + depth - 1], rows[first + depth - 2])
        spelled = spelled_in(inside)
        for layout in known:
            if not may_stand(layout, spelled):
                continue
            match = _reading(layout, rows, first, depth, inside)
            if match is None:
                continue
            at = match.whole or match.at
            anchored = any(len(inside[i]) == 1 and rows[first][i].strip() for i in at)
            worth = len(at) + len(match.spread) + (0.5 if depth > 1 and anchored else -depth / 10)
            worth += 0.25 if has_units else 0
            if worth > score:
                score = worth
                found = _placed(match, rows[:first], window, numbers)
    return found


def _placed(
    match: Match,
    above: Sequence[Sequence[str]],
    window: tuple[int, int],
    numbers: Sequence[int],
) -> Match:
    """A match, and its further ones, with where its section begins and what stands over it."""
    return replace(
        match,
        further=tuple(_placed(part, above, window, numbers) for part in match.further),
        window=window,
        top=numbers[0],
        first_row=numbers[match.header] + 1,
        titles=_titles(above, numbers, window),
    )


def _titles(
    above: Sequence[Sequence[str]], numbers: Sequence[int], window: tuple[int, int]
) -> tuple[tuple[int, str], ...]:
    """Row and text of the filled cells over a header."""
    cells = ((numbers[i], cell) for i, row in enumerate(above) for cell in row[slice(*window)])
    return tuple((number, cell) for number, cell in cells if cell.strip())


def _loaded(match: Match) -> set[int]:
    """Positions of the columns that a match does not leave out."""
    return {position for position, column in match.at.items() if not column.ignore}


def _is_unit_row(cells: Sequence[str], above: Sequence[str]) -> bool:
    """Whether a row says units, and nothing else that does not stand above it too."""
    own = [cell for cell, upper in zip(cells, above, strict=True) if cell.strip() and cell != upper]
    return bool(own) and all(map(units.alone, own))


def _reading(
    layout: Layout, rows: Sequence[Sequence[str]], first: int, depth: int, columns: Sequence[Texts]
) -> Match | None:
    """The match of a layout with header rows, and of the further tables and years that it fills.

    None where a required header is not there.
    """
    found: list[Match] = []
    for block in flat([layout]):
        at, again = positions(block, columns)
        if not block.required <= {each.column.header for each in at.values()}:
            return None
        years = sorted({each.year for each in at.values() if each.year})
        if block is layout:
            if (block.yearly and not years) or (
                depth > 1 and sum(each.low for each in at.values()) < 2
            ):
                return None
        elif (block.yearly and not years) or at.keys() <= _loaded(found[0]):
            continue  # the sheet has no column of this table
        for year in years or (None,):
            part = {p: each for p, each in at.items() if each.year in (None, year)}
            match = _matched(block, rows, first, depth, columns, part, {} if found else again)
            found.append(replace(match, year=year, is_further=bool(found)))
    if len(found) == 1:
        return found[0]
    whole: dict[int, Column] = {}
    for match in found:
        for position, column in match.at.items():
            if position not in whole or whole[position].ignore:
                whole[position] = column
    found = [replace(match, whole=whole) for match in found]
    return replace(found[0], further=tuple(found[1:]))


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
