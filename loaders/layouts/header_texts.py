"""The texts of header rows: of each column, and the spellings that they are compared by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import cache, lru_cache
from itertools import pairwise

from loaders.layouts import units
from loaders.layouts.declarations import Layout
from loaders.layouts.name_checks import YEAR
from loaders.layouts.units import fold

_NUMBERED = re.compile(r"^[A-Z]\d+[a-z]?(-\d+)*")  # item numbers of the paper forms: A54类别
_BRACKETS = re.compile(r"\([^()]*\)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")

Merge = tuple[int, int, int, int]
Texts = tuple[str, ...]  # of a column from the top header row down, no text twice


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
                spelled = variants(header)[strictness]
                if (YEAR in header) == (YEAR in spelled):  # it may stand in the brackets left out
                    found.setdefault(spelled, index)
    found.pop("", None)
    return found


def spellings(layout: Layout) -> Mapping[str, int]:
    """Every spelling of a layout's headers, folded, to the index of the column."""
    return _spellings(layout.headers)


@cache
def _required(columns: tuple[Texts, ...], required: frozenset[str]) -> tuple[frozenset[str], ...]:
    """The spellings of each required header, of columns that are first called by it."""
    found: dict[str, set[str]] = {header: set() for header in required}
    for spelled, index in _spellings(columns).items():
        if columns[index][0] in found:
            found[columns[index][0]].add(spelled)
    return tuple(map(frozenset, found.values()))


def may_stand(layout: Layout, spelled: Set[str]) -> bool:
    """Whether each header that a layout requires is among what header rows can be read as
    (``spelled_in``): else it need not be asked where its columns stand."""
    wanted = _required(layout.headers, layout.required)
    return not any(spellings.isdisjoint(spelled) for spellings in wanted)


def spelled_in(columns: Sequence[Texts]) -> set[str]:
    """Every spelling by which a header of these columns may be known, its year left open too."""
    texts = {text for ranked in candidates(columns) for _, text in ranked}
    texts |= {yearly[0] for text in texts if (yearly := year_in(text))}
    return {spelled for text in texts for spelled in variants(text)}


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
        texts = list(dict.fromkeys(cell.strip() for cell in column_cells if cell.strip()))
        if len(texts) > 1 and (unit := units.alone(texts[-1])):
            texts[-1] = unit
        found.append(tuple(texts))
    return found


def candidates(columns: Sequence[Texts]) -> Iterator[list[tuple[int, str]]]:
    """(position, text) of each column by rank: whole, the lowest alone, the highest alone.

    The lowest is a name with the unit that may stand below it. The highest stands for a column
    only where no other column is below it.
    """
    yield [(i, "".join(texts)) for i, texts in enumerate(columns) if texts]
    deep = [(i, texts) for i, texts in enumerate(columns) if len(texts) > 1]
    yield [(i, lowest(texts)) for i, texts in deep]
    alone = [columns[i][0] for i, _ in deep]
    yield [(i, texts[0]) for i, texts in deep if alone.count(texts[0]) == 1]


def lowest(texts: Texts) -> str:
    """The last header text of a column, of a unit row the name that the unit is of too."""
    return "".join(texts[-2:] if units.alone(texts[-1]) else texts[-1:])


def year_in(text: str) -> tuple[str, int] | None:
    """A header with its year left open, and the year; None where it names none or several."""
    years = _YEAR.findall(text)
    return (_YEAR.sub(YEAR, text), int(years[0])) if len(years) == 1 else None
