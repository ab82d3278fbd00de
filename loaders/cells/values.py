"""The text of one cell to a value.

Every function gives a value and a note. A note beside no value says why the text could not be
taken; beside a value, how it was mended. No text makes them raise.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from operator import mul
from typing import Any

from loaders.cells.spellings import EMPTY, ERRORS, FORMULA, NO, YES
from store.folding import INVISIBLE, WIDE_WORD, running
from store.folding import compact as compact
from store.folding import tidy as tidy
from store.lookalikes import folded, has_private

Scalar = Callable[[str], tuple[Any, str | None]]

# Notes that refuse the whole row wherever they stand: the value is someone else's or nobody's.
FATAL = frozenset(
    {
        "digits_lost",
        "broken_text",
        "identity_length",
        "identity_old",
        "identity_check",
        "below_minimum",
        "formula_without_value",
    }
)

EXPONENT = re.compile(r"[+-]?\d+(\.\d*)?[eE][+-]?\d+", re.ASCII)
_SCIENTIFIC = re.compile(r"([1-9])\.?(\d*)[eE]\+?(\d+)", re.ASCII)
_EXACT = 15  # digits of a whole number that a spreadsheet keeps
_REPLACEMENT = "\ufffd"

_OF_WHOLE = re.compile(r"(?<=\d)\.0$")
_FLAG_NUMBER = re.compile(r"^0?[12][.、]?(?=\D)")
_CODE_NUMBER = re.compile(r"^(\d{1,2})[.、:-]?")
_BRACKET = re.compile(r"\(.*\)$")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_IDENTITY = re.compile(r"\d{17}[\dX](\d{2}(\d{2})?)?", re.ASCII)
_UNKNOWN_FUNCTION = re.compile(r"\b_xl(fn|ws|udf)\.", re.IGNORECASE)


def guarded(cell: str, scalar: Scalar) -> tuple[Any, str | None]:
    """The scalar's answer, but for what a spreadsheet writes where it has no value."""
    if "#" in cell:
        word = compact(cell).upper()
        if word == FORMULA:
            return None, "formula_without_value"
        if word in ERRORS:
            return None, "error_cell"
    if "_" in cell and _UNKNOWN_FUNCTION.search(cell):
        return None, "formula_without_value"
    return scalar(cell)


def text(cell: str) -> tuple[str | None, str | None]:
    """Running text or a name; a space between two Han characters is padding."""
    value = running(cell)
    return checked(cell, None if value.upper() in EMPTY else value)


def identifier(cell: str) -> tuple[str | None, str | None]:
    """A number that is a name: digits_lost if a spreadsheet made it a float.

    Scientific text that still shows every digit of a number that a float holds is mended.
    """
    value = compact(cell)
    if value.isdecimal():
        return checked(cell, value)
    if match := _SCIENTIFIC.fullmatch(value):
        digits = match[1] + match[2]
        if len(digits) == int(match[3]) + 1 <= _EXACT:
            return digits, "scientific_text"
    if EXPONENT.fullmatch(value):
        return None, "digits_lost"
    value = re.sub(r"^(\d+)\.0$", r"\1", value)
    return checked(cell, None if value.upper() in EMPTY else value)


def identity(cell: str) -> tuple[str | None, str | None]:
    """An identity number of 18 characters, or the one that a disability certificate begins with.

    Six 9s in front stand for a number that is not known yet; they have no check digit.
    """
    value, note = identifier(cell)
    if value is None:
        return None, note
    number = value.upper()
    if len(number) == 15 and number.isdecimal():  # lifting it to 18 would guess the century
        return None, "identity_old"
    if not _IDENTITY.fullmatch(number):
        return None, "identity_length"
    note = "identity_case" if number != value else note
    number = number[:18]
    if number.startswith("999999"):
        return number, note
    if number[14:17] == "000":  # a spreadsheet keeps 15 digits and makes zeros of the others
        return None, "digits_lost"
    if (
        day_of(number[6:10], number[10:12], number[12:14]) is None
        or check_digit(number) != number[17]
    ):
        return None, "identity_check"
    return number, note


def check_digit(number: str) -> str:
    """The 18th character that belongs to the first 17 digits (GB 11643)."""
    total = sum(map(mul, _WEIGHTS, number.encode("ascii"))) - ord("0") * sum(_WEIGHTS)
    return "10X98765432"[total % 11]


def flag(cell: str) -> tuple[bool | None, str | None]:
    """Yes or no in the spellings of the exports."""
    value = _FLAG_NUMBER.sub("", whole(compact(cell).upper()))
    if value in YES:
        return checked(cell, True)
    if value in NO:
        return checked(cell, False)
    return (None, None) if compact(cell).upper() in EMPTY else (None, "unknown_code")


def coded(spellings: Mapping[str, Any]) -> Scalar:
    """Scalar for a code list; ``spellings`` maps names and two-digit numbers to values."""

    def scalar(cell: str) -> tuple[Any, str | None]:
        value = spelling(cell)
        number = _CODE_NUMBER.match(value)
        bare = value[number.end() :] if number else value
        tries = [value, bare, _BRACKET.sub("", bare)]
        if number and not bare:
            tries.append(number[1].zfill(2))
        for attempt in tries:
            if attempt in spellings:
                return checked(cell, spellings[attempt])
        return (None, None) if value.upper() in EMPTY else (None, "unknown_code")

    return scalar


def whole(value: str) -> str:
    """A text without the ``.0`` that spreadsheets write after a whole number; ``.0`` itself is no
    empty cell."""
    return _OF_WHOLE.sub("", value)


def spelling(cell: str) -> str:
    """A code's name as it is compared: compact, one kind of quotation mark."""
    return whole(compact(cell.replace("“", '"').replace("”", '"')))


def checked(cell: str, value: Any) -> tuple[Any, str | None]:
    """The value with the note that its text was broken or had strange characters, if it had."""
    if _REPLACEMENT in cell:
        return None, "broken_text"
    if value is None:
        return None, None
    if cell.isascii():
        strange = INVISIBLE.search(cell) or cell.lstrip().startswith("'")
        return value, "stray_characters" if strange else None
    if has_private(cell):
        return value, "private_characters"
    if folded(cell) != cell:
        return value, "lookalike_characters"
    strange = INVISIBLE.search(cell) or any(
        ord(c) in WIDE_WORD or (c != " " and c.isspace()) for c in cell.strip()
    )
    return value, "stray_characters" if strange else None


def day_of(year: str, month: str, day: str) -> datetime.date | None:
    """The day from 1900 to 2100 of digits; None where there is none."""
    try:
        found = datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2100 else None
