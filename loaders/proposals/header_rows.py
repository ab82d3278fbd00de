"""Where the header of a sheet that nobody has declared stands, and what each column is called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from loaders.cells import values
from loaders.layouts import units
from loaders.layouts.header_texts import Merge, columns_of, lowest, year_in
from loaders.layouts.headers import DEEPEST

_HEAD = 20  # rows among which the header is looked for
_LONGEST = 40  # characters of a header
_NUMBER = re.compile(r"[-+.\d/:%Xx]+")
_BRACKET = re.compile(r"[(（][^()（）]*[)）]$")
_NOT_A_GROUP = re.compile("[:：]")  # in a line over the header: 填报单位:某局


@dataclass(frozen=True, slots=True)
class HeaderRows:
    """The rows of a header, the name of each column by position and the titles above.

    ``first`` and ``depth`` are an index and a number of rows.
    """

    first: int
    depth: int
    names: tuple[str, ...]
    titles: tuple[str, ...]


def header_row(rows: Sequence[Sequence[str]]) -> int:
    """Index of the row that looks most like a header: many different short words, no values."""

    def score(index: int) -> float:
        cells = [values.compact(cell) for cell in rows[index] if cell.strip()]
        words = {c for c in cells if not _NUMBER.fullmatch(c) and len(c) <= _LONGEST}
        below = [sum(bool(cell.strip()) for cell in row) for row in rows[index + 1 : index + 6]]
        filled = min(1.0, sum(below) / len(below) / len(cells)) if below and cells else 0.0
        return len(words) * (2 * len(words) / len(cells) - 1) * filled if cells else 0.0

    best = max(range(min(_HEAD, len(rows))), key=score, default=0)
    if not rows or score(best) < 2:
        raise ValueError("没有找到表头: 前 20 行里没有哪一行像列名")
    return best


def header_rows(
    rows: Sequence[Sequence[str]], numbers: Sequence[int], merges: Sequence[Merge] = ()
) -> HeaderRows:
    """The header of a sheet's first rows, with groups above its names and units below them.

    ``numbers`` are the rows' as the sheet has them, by which ``merges`` name them. Raises
    ValueError where no row could be one.
    """
    width = max(map(len, rows), default=0)
    padded = [[*row, *[""] * (width - len(row))] for row in rows]
    first = last = header_row(rows)
    while last - first + 1 < DEEPEST and first and _is_below(padded, numbers, first - 1):
        first -= 1
    while last - first + 1 < DEEPEST and _is_below(padded, numbers, last):
        last += 1
    depth = last - first + 1
    texts = columns_of(padded, first, depth, merges, numbers[first])
    names = [lowest(each) if each else "" for each in texts]
    names = [
        "".join(each) if names.count(name) > 1 else name
        for each, name in zip(texts, names, strict=True)
    ]
    titles = tuple(cell.strip() for row in rows[:first] for cell in row if cell.strip())
    return HeaderRows(first, depth, tuple(names), titles)


def _is_below(rows: Sequence[Sequence[str]], numbers: Sequence[int], index: int) -> bool:
    """Whether the row below one says parts or units of what stands there, and no values."""
    if index + 1 >= len(rows) or numbers[index + 1] != numbers[index] + 1:
        return False
    upper = ["" if i and c == rows[index][i - 1] else c.strip() for i, c in enumerate(rows[index])]
    own = {
        i: cell.strip()
        for i, cell in enumerate(rows[index + 1])
        if cell.strip() and cell != rows[index][i]
    }
    named = [cell for cell in upper if cell]
    if not own or len(named) < 2 or any(_NOT_A_GROUP.search(cell) for cell in named):
        return False
    if any(_NUMBER.fullmatch(values.compact(cell)) for cell in own.values()):
        return False
    if all(map(units.alone, own.values())):
        return True
    return all(not upper[i] or (i + 1 < len(upper) and not upper[i + 1]) for i in own)


def years_of(names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Headers that stand there once a year: by their common text with ``{year}`` for the year."""
    found: dict[str, dict[str, str]] = {}
    for name in names:
        if yearly := year_in(name):
            text = yearly[0]
            found.setdefault(_without_unit(text), {})[name] = text
    groups = (each for each in found.values() if len(each) > 1)
    return {next(iter(each.values())): tuple(each) for each in groups}


def _without_unit(text: str) -> str:
    match = _BRACKET.search(text)
    return text[: match.start()] if match and units.alone(match[0]) else text
