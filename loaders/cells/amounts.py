"""The text of one cell to a number: units behind it, notes in brackets, marks of money.

As in ``values``, a note beside no value says why there is none; beside a value, how it was mended.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from itertools import pairwise

from loaders.cells.masks import is_personal
from loaders.cells.quantities import (
    MARKS,
    MULTIPLIERS,
    WORDS,
    Quantity,
    is_money,
    is_unit,
    of_unit,
    worth,
)
from loaders.cells.spellings import EMPTY
from loaders.cells.values import EXPONENT, checked, compact

MOST = 10**15  # what an amount stays below

_FIGURES = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+"
_PLAIN = re.compile(rf"[+-]?(?:{_FIGURES})", re.ASCII)


def _longest_first(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_PIECE = re.compile(
    rf"({_FIGURES})({_longest_first(MULTIPLIERS)})?({_longest_first(WORDS)})?", re.ASCII
)
_SIGN = re.compile(r"[+-]?")
_NOTED = re.compile(r"([^(]+)\((.+)\)")
_MARKED = re.compile(
    rf"([+-]?)({_longest_first(MARKS)})?([+-]?.*?)({_longest_first(MARKS)})?", re.DOTALL
)

Piece = tuple[Fraction, int, str]  # a number, what multiplies it, the word of its unit


def number(
    cell: str, factor: float | Fraction = 1, unit: str | None = None
) -> tuple[float | None, str | None]:
    """A number in a schema unit: times ``factor``, or by the units that stand behind it.

    ``factor`` is what a number alone is worth. A unit that changes the number is other_unit, one
    of another quantity other_quantity.
    """
    found, note = _exact(cell, factor, unit)
    return None if found is None else float(found), note


def money(
    cell: str, factor: float | Fraction = 1, unit: str | None = None
) -> tuple[Decimal | None, str | None]:
    """The same as a decimal to the fen; what a cell says beyond it is rounded_to_fen."""
    found, note = _exact(cell, factor, unit)
    if found is None:
        return None, note
    fen = found * 100
    rounded = round(fen)
    return Decimal(rounded).scaleb(-2), note if rounded == fen else "rounded_to_fen"


def _exact(
    cell: str, factor: float | Fraction, unit: str | None
) -> tuple[Fraction | None, str | None]:
    value = compact(cell)
    if value.upper() in EMPTY:
        return None, None
    noted = _NOTED.fullmatch(value)
    if noted and is_unit(noted[2].removeprefix("单位:")):  # 160(平方米)
        value, noted = noted[1] + noted[2].removeprefix("单位:"), None
    found, note = _amount(noted[1] if noted else value, Fraction(factor), unit)
    if found is None:
        return None, note
    result: Fraction | None
    result, stray = checked(cell, found)
    return result, note or ("bracket_note" if noted and stray is None else stray)


def count(cell: str, unit: str | None = None) -> tuple[int | None, str | None]:
    """A whole number from 0."""
    value, note = number(cell, 1, unit)
    if value is None:
        return None, note
    fits = value.is_integer() and 0 <= value < 2**31
    return (int(value), note) if fits else (None, "unreadable")


def _amount(text: str, factor: Fraction, unit: str | None) -> tuple[Fraction | None, str | None]:
    """The amount that a text says, below ``MOST``; None with the reason.

    A bare figure that is a phone or identity number stands in the wrong column: it is no amount,
    and no total or report may show it as one.
    """
    quantity = of_unit(unit)
    text, foreign = _without_marks(text, quantity)
    note = None
    found: Fraction | None = None
    if _PLAIN.fullmatch(text):
        found = _bare(Fraction(text.replace(",", "")), factor)
    elif EXPONENT.fullmatch(text):
        found = _scientific(text, factor)
    elif pieces := _pieces(text):
        found, note = _measured(pieces, factor, unit)
        if found is not None and text.startswith("-"):
            found = -found
    if foreign and found is not None:
        return None, "other_quantity"
    if found is None or abs(found) >= MOST:
        return None, note if found is None and note else "unreadable"
    return found, note


def _without_marks(text: str, quantity: Quantity) -> tuple[str, bool]:
    """A text without the marks of its quantity, and whether it has those of another."""
    match = _MARKED.fullmatch(text)
    if match is None or not (match[2] or match[4]):
        return text, False
    own = (not match[2] or match[2] in quantity.before) and (
        not match[4] or match[4] in quantity.behind
    )
    return match[1] + match[3], not own


def _scientific(text: str, factor: Fraction) -> Fraction | None:
    """1.5E+3 times a factor; None where it is none or beyond every amount."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    if abs(value.adjusted()) > 30:  # as a fraction it would have that many digits
        return Fraction() if value.adjusted() < 0 else None
    return _bare(Fraction(value), factor)


def _bare(figure: Fraction, factor: Fraction) -> Fraction | None:
    """A figure without a unit times a factor; None for a person's number."""
    return None if is_personal(str(abs(figure))) else figure * factor


def _pieces(text: str) -> list[Piece]:
    """3亩2分 as its pieces; none where something else stands between or behind them."""
    at = len(_SIGN.match(text)[0])  # type: ignore[index]
    found = []
    while at < len(text):
        match = _PIECE.match(text, at)
        if match is None:
            return []
        figures, multiplier, word = match.groups()
        times = MULTIPLIERS[multiplier] if multiplier else 1
        found.append((Fraction(figures.replace(",", "")), times, word or ""))
        at = match.end()
    return found


def _measured(
    pieces: Sequence[Piece], factor: Fraction, unit: str | None
) -> tuple[Fraction | None, str | None]:
    """The sum of pieces in a schema unit, and its note; a piece without a word has the next's."""
    last = pieces[-1][2]
    if len(pieces) > 1 and not last:
        return None, "unreadable"  # 3万5: of what?
    sizes: list[Fraction] = []
    word = last
    for _, times, own in reversed(pieces):
        word = own or word
        size = _size(word, factor, unit, bare=not own and times > 1)
        if size is None:
            return None, "other_quantity"
        sizes.insert(0, times * size)
    if any(a <= b for a, b in pairwise(sizes)):
        return None, "unreadable"  # 4分2亩
    found = sum((value * size for (value, *_), size in zip(pieces, sizes, strict=True)), Fraction())
    return found, None if sizes == [factor] else "other_unit"


def _size(word: str, factor: Fraction, unit: str | None, *, bare: bool) -> Fraction | None:
    """What 1 is worth with a word behind it, or with none; None for another quantity's word."""
    if word:
        return worth(word, unit)
    if bare and is_money(of_unit(unit)):
        return Fraction(1)
    return factor
