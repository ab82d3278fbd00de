"""Lines of a sheet that are no records: totals, signatures, titles and headers set again.

What a line is stands in its first filled cell, if that is a word and not a number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loaders.cells import kernels, values
from loaders.cells.arrow_columns import whole
from loaders.cells.spellings import FOOTERS, SUBTOTAL, TOTALS
from loaders.layouts.header_texts import variants
from loaders.layouts.units import fold

LEADING = 4  # columns in which the first filled cell of a line is looked for
LONGEST = 60  # characters of a header

_WORDS = "|".join(TOTALS)
_TOTAL = re.compile(rf"({_WORDS})([:(].*)?")
_NAMED_TOTAL = re.compile(rf".+({_WORDS})[:]?")
_HAN = "[一二三四五六七八九十]{1,3}"
_CATEGORY = re.compile(rf"{_HAN}(?:[、.:].*)?")
_SUBCATEGORY = re.compile(rf"\({_HAN}\).*")
_FOOTER = re.compile(rf"({'|'.join(FOOTERS)})(\(.*\))?([:(].*)?")
_DAY = re.compile(r"(日期:?)?\d{4}[-./年]\d{1,2}([-./月](\d{1,2}日?)?)?")
_AMOUNT = re.compile(r"[-+]?[\d,]*\.?\d*%?|/|-+")

Kind = Callable[[str], str | None]


@lru_cache(65_536)
def kind_of(cell: str) -> str | None:
    """What a line is that begins with the cell: total, subtotal, named_total, footer or None.

    A named total, such as 永乐街道小计, is one only if the rest of its line are amounts.
    """
    text = values.compact(cell)
    if match := _TOTAL.fullmatch(text):
        return "subtotal" if match[1] == SUBTOTAL else "total"
    if _FOOTER.fullmatch(text):
        return "footer"
    return "named_total" if len(text) < 40 and _NAMED_TOTAL.fullmatch(text) else None


@lru_cache(65_536)
def category_of(cell: str) -> str | None:
    """Whether a line that begins with the cell may head others: 一、 is a category, (一) one below.

    A record may be numbered so too; what stands below a line decides.
    """
    text = values.compact(cell)
    if _CATEGORY.fullmatch(text):
        return "category"
    return "subcategory" if _SUBCATEGORY.fullmatch(text) else None


def leading(
    columns: Sequence[pa.Array], kind: Kind, lettered: Collection[str] = ()
) -> list[tuple[int, str]]:
    """(row, what it is) of the lines that are something by the first filled cell.

    Of the cells that begin with a Latin letter, as numbers of things do, only those in
    ``lettered`` are looked at.
    """
    known = pa.array([text for text in lettered if text[:1].isascii()], pa.string())
    found: list[tuple[int, str]] = []
    left = np.arange(len(columns[0]) if columns else 0)
    for column in columns[:LEADING]:
        if not len(left):
            break
        text = kernels.cells(column)
        filled = left[text.lengths[left] > 0]
        begins = text.data[text.starts[filled]]
        letters = kernels.between(begins & 0xDF, 0x41, 0x5A)
        words = filled[~(kernels.between(begins, 0x30, 0x39) | letters)]
        if len(known) and letters.any():
            coded = filled[letters]
            hit = pc.is_in(column.take(pa.array(coded)), known).to_numpy(zero_copy_only=False)
            words = np.sort(np.concatenate([words, coded[hit]]))
        encoded = column.take(pa.array(words)).dictionary_encode()
        kinds = [kind(cell) if cell.strip() else "" for cell in encoded.dictionary.to_pylist()]
        blank = np.zeros(len(text.ends), bool)
        for what in {each for each in kinds if each is not None}:
            hit = np.array([each == what for each in kinds])
            rows = words[hit[encoded.indices.to_numpy()]]
            found += [(row, what) for row in rows.tolist()] if what else []
            blank[rows] = not what
        left = left[(text.lengths[left] == 0) | blank[left]]
    return sorted(found)


def is_footer(cells: Sequence[str]) -> bool:
    """Whether the filled cells of a line are signatures, notes or a date, and no more."""
    filled = [values.compact(cell) for cell in cells if cell.strip()]
    return bool(filled) and all(_FOOTER.fullmatch(f) or _DAY.fullmatch(f) for f in filled)


def is_named_total(cells: Sequence[str]) -> bool:
    """Whether a line says one word and amounts, and no more."""
    filled = [values.compact(cell) for cell in cells if cell.strip()]
    return len(filled) > 1 and all(_AMOUNT.fullmatch(each) for each in filled[1:])


def is_numbering(cells: Sequence[str]) -> bool:
    """Whether a line numbers the columns: 1, 2, 3 or 甲, 乙, 1, 2."""
    filled = [values.compact(cell) for cell in cells if cell.strip()]
    numbers = [each for each in filled if each not in "甲乙丙丁"]
    counted = [str(n) for n in range(1, len(numbers) + 1)]
    return len(filled) > 3 and len(numbers) > 1 and numbers == counted


def is_repeated(cells: Sequence[str], header: Sequence[str]) -> bool:
    """Whether a line is a header row again: most of its filled cells stand there too."""
    pairs = [(fold(a), fold(b)) for a, b in zip(cells, header, strict=False) if a.strip()]
    return bool(pairs) and sum(a == b for a, b in pairs) * 2 > len(pairs)


def header_like(batch: pa.Table, words: Collection[str], first_row: int) -> list[int]:
    """Indexes of the lines from a row on that begin with a header of any layout."""

    def kind(cell: str) -> str | None:
        return "header" if len(cell) < LONGEST and not words.isdisjoint(variants(cell)) else None  # type: ignore[attr-defined]

    columns = [whole(column) for column in batch.columns[2 : 2 + LEADING]]
    numbers = batch["row"].to_numpy()
    return [row for row, _ in leading(columns, kind) if numbers[row] >= first_row]


def cells_of(batch: pa.Table, start: int, stop: int) -> list[list[str]]:
    """Cells of some lines of a batch, row by row."""
    part = batch.slice(start, stop - start).columns[2:]
    return [list(row) for row in zip(*(column.to_pylist() for column in part), strict=True)]
