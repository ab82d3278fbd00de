"""What a workbook stores of a cell as the text that everything behind the reader takes."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from loaders.parsers.spool import one_line

FORMULA = "#FORMULA!"  # a formula that was never computed
ERROR = "#VALUE!"  # a formula that failed, where the file has no word of its own

# Numbers that are written as a program would write them: most are.
_PLAIN = r"^(?:0|-?[1-9][0-9]{0,14}|-?(?:0|[1-9][0-9]{0,9})\.[0-9]{0,3}[1-9])$"
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_CONTROL = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', re.IGNORECASE)
_DATE_IDS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})

_ZERO = datetime.datetime.fromisoformat("1899-12-30")
_ZERO_1904 = datetime.datetime.fromisoformat("1904-01-01")


def text_of(cell: Any) -> str:
    """A cell as text: whole numbers without a point, dates in ISO form.

    A number too long for a double keeps its exponent, the sign that digits are lost.
    """
    if isinstance(cell, str):
        return one_line(cell)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    return one_line(str(cell))


def numbers(texts: pa.Array) -> pa.Array:
    """Numbers as a workbook stores them to numbers as ``text_of`` gives them."""
    other = pc.invert(pc.match_substring_regex(texts, _PLAIN))
    if not pc.any(other).as_py():
        return texts
    return pc.replace_with_mask(texts, other, _each(texts.filter(other), number))


def number(text: str) -> str:
    """One number, or the text as it is if it is none."""
    value = float(text) if _NUMBER.fullmatch(text) else math.inf
    return text_of(value) if math.isfinite(value) else text


def flags(texts: pa.Array) -> pa.Array:
    """1 and 0 as TRUE and FALSE."""
    return _each(texts, lambda text: {"1": "TRUE", "0": "FALSE"}.get(text, text))


def dates(texts: pa.Array, *, epoch_1904: bool) -> pa.Array:
    """Day numbers as dates, times or both."""
    return _each(texts, lambda text: date(text, epoch_1904=epoch_1904))


def date(text: str, *, epoch_1904: bool) -> str:
    """One day number; a number that is no day stays a number."""
    if not _NUMBER.fullmatch(text):
        return text
    serial = float(text)
    # Day 60 is 29 February 1900 to a spreadsheet; there was none.
    if serial < 0 or serial >= 2_958_466 or (not epoch_1904 and 60 <= serial < 61):
        return text_of(serial)
    zero = _ZERO_1904 if epoch_1904 else _ZERO + datetime.timedelta(serial < 60)
    try:
        moment = zero + datetime.timedelta(seconds=round(serial * 86_400))
    except OverflowError:
        return text_of(serial)
    return str(moment.time()) if serial < 1 else text_of(moment)


def iso_dates(texts: pa.Array) -> pa.Array:
    """Dates that are stored in ISO form."""
    return _each(texts, iso_date)


def iso_date(text: str) -> str:
    """One date in ISO form, without a time of midnight and parts of seconds that are none.

    A time in world time keeps its Z: the day in China may be the next.
    """
    text = re.sub(r"\.0+(?=Z?$)", "", text)
    for midnight in ("T00:00:00", "T00:00:00Z"):
        text = text.removesuffix(midnight)
    return text.replace("T", " ")


def is_date(identifier: int, code: str | None) -> bool:
    """Whether a number format, built in or of its own code, shows a number as a date or time."""
    if code is None:
        return identifier in _DATE_IDS
    shown = _LITERAL.sub("", code.split(";")[0])
    return "general" not in shown.lower() and bool(re.search("[ymdhs]", shown, re.IGNORECASE))


def unescaped(texts: pa.Array, *, references: bool, controls: bool) -> pa.Array:
    """Texts of XML without its references and without the escapes of control characters."""
    if references:
        texts = _where(texts, "&", lambda text: _REFERENCE.sub(_referred, text))
    if controls:
        texts = _where(texts, "_x", lambda text: _CONTROL.sub(_control, text))
    return texts


def _referred(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if name:
        return _NAMED[name]
    return _character(int(decimal) if decimal else int(hexadecimal, 16), match[0])


def _control(match: re.Match[str]) -> str:
    return _character(int(match[1], 16), match[0])


def _character(code: int, otherwise: str) -> str:
    return chr(code) if code < 0xD800 or 0xDFFF < code < 0x110000 else otherwise


def _where(texts: pa.Array, part: str, change: Callable[[str], str]) -> pa.Array:
    """Texts with those changed that have a part."""
    having = pc.match_substring(texts, part)
    if not pc.any(having).as_py():
        return texts
    return pc.replace_with_mask(texts, having, _each(texts.filter(having), change))


def _each(texts: pa.Array, change: Callable[[str], str]) -> pa.Array:
    """Every text changed, each different one once."""
    encoded = texts.dictionary_encode()
    changed = [change(text) for text in encoded.dictionary.to_pylist()]
    return pa.array(changed, pa.string()).take(encoded.indices)
