"""The text of one cell to a value.

Every function gives a value and a note. A note beside no value says why the text could not be
taken; beside a value, how it was mended. No text makes them raise.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from operator import mul
from typing import Any

from loaders.spellings import EMPTY, ERRORS, FORMULA, MONEY, NO, UNITS, YES

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

_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_SPACES = re.compile(r"\s+")
_BETWEEN_HAN = re.compile("(?<=[㐀-鿿]) (?=[㐀-鿿])")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_WIDE_WORD = {c: n for c, n in _FULL_WIDTH.items() if chr(n).isalnum()}
_WRAPPED = re.compile(r"""^(?:="(.*)"|"(.*)"|'(.*))$""")
_EXPONENT = re.compile(r"[+-]?\d+(\.\d*)?[eE][+-]?\d+", re.ASCII)
_SCIENTIFIC = re.compile(r"([1-9])\.?(\d*)[eE]\+?(\d+)", re.ASCII)
_EXACT = 15  # digits of a whole number that a spreadsheet keeps
_REPLACEMENT = "\ufffd"

_NUMBER = re.compile(
    r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|[+-]?\.\d+)"
    rf"({'|'.join(sorted(MONEY, key=len, reverse=True))})?(?:{'|'.join(UNITS)})?",
    re.ASCII,
)
_DATE = re.compile(
    r"(\d{4})(?:[-./年](\d{1,2})(?:[-./月](\d{1,2})日?|月)?|(\d{2})(\d{2})?)(?:T?\d\d:\d\d.*)?",
    re.ASCII,
)
_YEAR = re.compile(r"(\d{4})(?:年度?|\.\d{1,2})?", re.ASCII)
_SERIAL = re.compile(r"([2-6]\d{4})(?:\.\d+)?", re.ASCII)
_AMBIGUOUS = re.compile(r"\d{4}\.1", re.ASCII)
_HAN_YEAR = re.compile("[〇零○一二三四五六七八九]{4}年")
_HAN_NUMBER = re.compile("[〇零○一二三四五六七八九十廿]+")
_HAN = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0}
_FLAG_NUMBER = re.compile(r"^0?[12][.、]?(?=\D)")
_CODE_NUMBER = re.compile(r"^(\d{1,2})[.、:-]?")
_BRACKET = re.compile(r"\(.*\)$")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_IDENTITY = re.compile(r"\d{17}[\dX](\d{2}(\d{2})?)?", re.ASCII)
_NOTED = re.compile(r"([^(]+)\(.+\)")
DAY_ZERO = datetime.date(1899, 12, 30)  # of a workbook's day numbers
DAY_ZERO_1904 = datetime.date(1904, 1, 1)


def tidy(text: str) -> str:
    """Text without invisible characters, odd spaces, wrapping quotes or full-width letters."""
    if text.isascii() and text.isalnum():
        return text
    text = _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip()
    if match := _WRAPPED.match(text):
        text = next(part for part in match.groups() if part is not None).strip()
    return text.translate(_WIDE_WORD)


@lru_cache(65_536)
def compact(text: str) -> str:
    """Tidied text with no space and no full-width form at all: for codes, numbers and dates."""
    return tidy(text).translate(_FULL_WIDTH).replace(" ", "")


def guarded(cell: str, scalar: Scalar) -> tuple[Any, str | None]:
    """The scalar's answer, but for what a spreadsheet writes where it has no value."""
    if "#" in cell:
        word = compact(cell).upper()
        if word == FORMULA:
            return None, "formula_without_value"
        if word in ERRORS:
            return None, "error_cell"
    return scalar(cell)


def text(cell: str) -> tuple[str | None, str | None]:
    """Running text or a name; a space between two Han characters is padding."""
    value = _BETWEEN_HAN.sub("", tidy(cell))
    return _checked(cell, None if value.upper() in EMPTY else value)


def identifier(cell: str) -> tuple[str | None, str | None]:
    """A number that is a name: digits_lost if a spreadsheet made it a float.

    Scientific text that still shows every digit of a number that a float holds is mended.
    """
    value = compact(cell)
    if value.isdecimal():
        return _checked(cell, value)
    if match := _SCIENTIFIC.fullmatch(value):
        digits = match[1] + match[2]
        if len(digits) == int(match[3]) + 1 <= _EXACT:
            return digits, "scientific_text"
    if _EXPONENT.fullmatch(value):
        return None, "digits_lost"
    value = re.sub(r"^(\d+)\.0$", r"\1", value)
    return _checked(cell, None if value.upper() in EMPTY else value)


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
        _day(number[6:10], number[10:12], number[12:14]) is None
        or check_digit(number) != number[17]
    ):
        return None, "identity_check"
    return number, note


def check_digit(number: str) -> str:
    """The 18th character that belongs to the first 17 digits (GB 11643)."""
    total = sum(map(mul, _WEIGHTS, number.encode("ascii"))) - ord("0") * sum(_WEIGHTS)
    return "10X98765432"[total % 11]


def date(cell: str, day_zero: datetime.date = DAY_ZERO) -> tuple[datetime.date | None, str | None]:
    """A day; a month alone is its first day. Years 1900 to 2100.

    Numbers alone count the days from ``day_zero``. 2019.1 is ambiguous_month: a spreadsheet makes
    it of October as well as of January.
    """
    value = compact(cell).removesuffix(".0")
    if value.upper() in EMPTY:
        return None, None
    if match := _SERIAL.fullmatch(value):  # the day number of a date cell without its format
        return day_zero + datetime.timedelta(int(match[1])), "serial_date"
    if _AMBIGUOUS.fullmatch(value):
        return None, "ambiguous_month"
    if _HAN_YEAR.match(value):
        value = _HAN_YEAR.sub(lambda m: "".join(str(_HAN.get(c, c)) for c in m[0]), value)
        value = _HAN_NUMBER.sub(lambda m: str(_han_number(m[0])), value)
    if match := _DATE.fullmatch(value):
        year, month, day, month2, day2 = match.groups()
        found = _day(year, month or month2, day or day2 or "1")
        return _checked(cell, found) if found else (None, "no_such_day")
    return None, "unreadable"


def _han_number(word: str) -> int:
    """A day or month in Chinese numerals: 十, 十二, 二十一, 廿一, 三〇."""
    tens, ten, ones = word.replace("廿", "二十").partition("十")
    if not ten:
        return int("".join(str(_HAN[c]) for c in tens))
    return 10 * (_HAN.get(tens, 1) if len(tens) < 2 else 99) + (_HAN.get(ones, 0) if ones else 0)


def year(cell: str) -> tuple[int | None, str | None]:
    """A year, written alone or as part of a date."""
    if match := _YEAR.fullmatch(compact(cell)):
        value = int(match[1])
        return (value, None) if 1900 <= value <= 2100 else (None, "unreadable")
    found, note = date(cell)
    return (found.year if found else None), note


def number(cell: str, factor: float = 1) -> tuple[float | None, str | None]:
    """A number times ``factor``, exact in decimal; a unit written behind it takes its place."""
    value = compact(cell)
    if value.upper() in EMPTY:
        return None, None
    noted = _NOTED.fullmatch(value)
    product = _product(noted[1] if noted else value, factor)
    if product is None or abs(product) >= 10**15:
        return None, "unreadable"
    found, note = _checked(cell, float(product))
    return (found, "bracket_note") if noted and note is None else (found, note)


def _product(value: str, factor: float) -> Decimal | None:
    unit = None
    if match := _NUMBER.fullmatch(value):
        value, unit = match[1].replace(",", ""), match[2]
    elif not _EXPONENT.fullmatch(value):
        return None
    try:
        return Decimal(value) * (MONEY[unit] if unit else Decimal(str(factor)))
    except InvalidOperation:
        return None


def count(cell: str) -> tuple[int | None, str | None]:
    """A whole number from 0."""
    value, note = number(cell)
    if value is None:
        return None, note
    fits = value.is_integer() and 0 <= value < 2**31
    return (int(value), note) if fits else (None, "unreadable")


def flag(cell: str) -> tuple[bool | None, str | None]:
    """Yes or no in the spellings of the exports."""
    value = _FLAG_NUMBER.sub("", compact(cell).upper().removesuffix(".0"))
    if value in YES:
        return _checked(cell, True)
    if value in NO:
        return _checked(cell, False)
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
                return _checked(cell, spellings[attempt])
        return (None, None) if value.upper() in EMPTY else (None, "unknown_code")

    return scalar


def spelling(cell: str) -> str:
    """A code's name as it is compared: compact, one kind of quotation mark."""
    return compact(cell.replace("“", '"').replace("”", '"')).removesuffix(".0")


def _checked(cell: str, value: Any) -> tuple[Any, str | None]:
    """The value with the note that its text was broken or had strange characters, if it had."""
    if _REPLACEMENT in cell:
        return None, "broken_text"
    if value is None:
        return None, None
    if cell.isascii():
        strange = _INVISIBLE.search(cell) or cell.lstrip().startswith("'")
    else:
        strange = _INVISIBLE.search(cell) or any(
            ord(c) in _WIDE_WORD or (c != " " and c.isspace()) for c in cell.strip()
        )
    return value, "stray_characters" if strange else None


def _day(year: str, month: str, day: str) -> datetime.date | None:
    try:
        found = datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2100 else None
