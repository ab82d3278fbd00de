"""Whole columns of text at once: which cells are plain, and plain digits to numbers and days.

The kernels look at the bytes that a column's cells lie in, one after another, so that a cell costs
a few nanoseconds and only the odd ones are looked at as text. They let go of the interpreter's
lock.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.lib.stride_tricks import sliding_window_view

Mask = np.ndarray  # of bool, one a row

FIRST_YEAR, LAST_YEAR = 1900, 2100
_IDENTITY = 18
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], np.uint8)
_CHECK = np.frombuffer(b"10X98765432", np.uint8)
_ZERO, _NINE = b"09"
_FIRST_DAY = np.array([0, 1], np.uint8)


@dataclass(frozen=True, slots=True)
class Cells:
    """A text column's bytes: ``data`` from the first cell's to the last's, ``ends`` in it."""

    data: np.ndarray
    starts: np.ndarray
    ends: np.ndarray

    @property
    def lengths(self) -> np.ndarray:
        return self.ends - self.starts

    def rows_of(self, found: np.ndarray) -> Mask:
        """Rows that hold a byte found; ``found`` is a mask of the bytes."""
        rows = np.zeros(len(self.ends), bool)
        at = np.flatnonzero(found)
        if len(at):
            rows[np.searchsorted(self.ends, at, side="right")] = True
        return rows

    def matrix(self, rows: np.ndarray, width: int) -> np.ndarray:
        """(rows, width) bytes of rows that are all ``width`` bytes long."""
        if len(rows) == len(self.ends):
            return self.data.reshape(-1, width)
        if len(rows) == 0:
            return np.empty((0, width), np.uint8)
        return sliding_window_view(self.data, width)[self.starts[rows]]


def cells(column: pa.Array) -> Cells:
    """The bytes of a text column; a null is an empty cell."""
    _, offsets, data = column.buffers()
    ends = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    if len(ends) == 0:
        ends = np.zeros(1, np.int32)
    whole = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    return Cells(whole[ends[0] : ends[-1]], ends[:-1] - ends[0], ends[1:] - ends[0])


def only(column: pa.Array, rows: Mask) -> pa.Array:
    """The text column with null outside of ``rows``, on the same bytes."""
    if rows.all() and not column.null_count:
        return column
    _, offsets, data = column.buffers()
    ends = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    valid = pa.py_buffer(np.packbits(rows, bitorder="little"))
    return pa.Array.from_buffers(column.type, len(column), [valid, pa.py_buffer(ends), data])


def between(data: np.ndarray, low: int, high: int) -> np.ndarray:
    """Where bytes lie from ``low`` to ``high``."""
    return (data - np.uint8(low)) <= np.uint8(high - low)


def odd_text(text: Cells) -> Mask:
    """Rows with a character that tidying may change, or one that a spreadsheet error begins with.

    Plain are printable ASCII from the brackets on but for _ (of a formula's own functions), and
    Han: no spaces, quotes or #, nothing invisible, no full-width form, no look-alike.
    """
    data = text.data
    plain = between(data, 0x28, 0x5E) | between(data, 0x60, 0x7E) | _han(data)
    return text.rows_of(~plain)


def odd_name(text: Cells) -> Mask:
    """Rows with anything but Han."""
    return text.rows_of(~_han(text.data))


def _han(data: np.ndarray) -> np.ndarray:
    """Bytes of Han, and of the few scripts that lie between them in UTF-8."""
    return between(data, 0x80, 0xBF) | between(data, 0xE4, 0xED)


def odd_identifier(text: Cells) -> Mask:
    """Rows with anything but digits and Latin capitals."""
    plain = between(text.data, _ZERO, _NINE) | between(text.data, 0x41, 0x5A)
    return text.rows_of(~plain)


def odd_number(text: Cells) -> Mask:
    """Rows with anything but digits and points."""
    return text.rows_of(~(between(text.data, _ZERO, _NINE) | (text.data == 0x2E)))


def odd_digits(text: Cells) -> Mask:
    """Rows with anything but digits."""
    return text.rows_of(~between(text.data, _ZERO, _NINE))


def _days() -> np.ndarray:
    """(years, 13, 32) days since 1970 of every day from FIRST_YEAR on; the smallest for none."""
    found = np.full((LAST_YEAR - FIRST_YEAR + 1, 13, 32), np.iinfo(np.int32).min, np.int32)
    first = np.datetime64(f"{FIRST_YEAR}-01-01")
    days = np.arange(first, np.datetime64(f"{LAST_YEAR + 1}-01-01"))
    months = days.astype("datetime64[M]")
    year = days.astype("datetime64[Y]").astype(int) + 1970 - FIRST_YEAR
    month = months.astype(int) % 12 + 1
    found[year, month, (days - months).astype(int) + 1] = days.astype(int)
    return found


_DAYS = _days()
NO_DAY = int(_DAYS.min())


def _number(digits: np.ndarray) -> np.ndarray:
    """(n, k) digits as (n,) whole numbers."""
    found = digits[:, 0].astype(np.int32)
    for column in digits.T[1:]:
        found = found * 10 + column
    return found


def days_of(digits: np.ndarray) -> np.ndarray:
    """(n, 8) digits YYYYMMDD as (n,) days since 1970; NO_DAY for no day from 1900 to 2100.

    What is no digit counts as a number up to 255, and makes no day or one to be left out.
    """
    year, month, day = (_number(digits[:, part]) for part in _PARTS)
    fits = (year >= FIRST_YEAR) & (year <= LAST_YEAR) & (month <= 12) & (day <= 31)
    found = _DAYS[np.where(fits, year - FIRST_YEAR, 0), np.where(fits, month, 0), day % 32]
    return np.where(fits, found, NO_DAY)


_PARTS = (slice(0, 4), slice(4, 6), slice(6, 8))


def plain_days(text: Cells) -> tuple[np.ndarray, Mask]:
    """Cells such as 20191001, 201910 and 2019-10-01 as days since 1970, and which rows they are."""
    lengths = text.lengths
    days, plain = np.zeros(len(lengths), np.int32), np.zeros(len(lengths), bool)
    for width in (6, 8, 10):
        rows = np.flatnonzero(lengths == width)
        if len(rows) == 0:
            continue
        written = text.matrix(rows, width)
        marks = np.ones(len(rows), bool)
        if width == 10:
            marks = (written[:, 4] == written[:, 7]) & between(written[:, 4], 0x2D, 0x2F)
            written = written[:, [0, 1, 2, 3, 5, 6, 8, 9]]
        digits = written - np.uint8(_ZERO)
        if width == 6:
            digits = np.hstack([digits, np.tile(_FIRST_DAY, (len(rows), 1))])
        found = days_of(digits)
        good = marks & (digits <= 9).all(axis=1) & (found != NO_DAY)
        days[rows], plain[rows] = np.where(good, found, 0), good
    return days, plain


def whole_identities(text: Cells) -> Mask:
    """Rows with a whole and valid identity number: digits, day of birth and check digit.

    A number that ends as one does that went through a spreadsheet (…000…) is not among them, nor
    one of six 9s, which stand for a number that is not known.
    """
    rows = np.flatnonzero(text.lengths == _IDENTITY)
    written = np.ascontiguousarray(text.matrix(rows, _IDENTITY).T)  # a place a line
    digits = written[:17] - np.uint8(_ZERO)
    good = (digits <= 9).all(axis=0)
    total = np.zeros(len(rows), np.uint16)
    for weight, digit in zip(_WEIGHTS, digits, strict=True):
        total += weight * digit  # of a digit at most 90; what is none is not good
    good &= _CHECK[total % np.uint16(len(_CHECK))] == written[17]
    good &= (digits[14] | digits[15] | digits[16]) != 0
    good &= ~_stand_in(digits)
    good &= days_of(digits[6:14].T) != NO_DAY
    found = np.zeros(len(text.ends), bool)
    found[rows[good]] = True
    return found


def _stand_in(digits: np.ndarray) -> np.ndarray:
    """Of digits by their place, which numbers begin with six 9s: none else has all bits of a 9."""
    stands: np.ndarray = np.bitwise_and.reduce(digits[:6]) == 9
    return stands


@dataclass(frozen=True, slots=True)
class Births:
    """What whole identity numbers tell: the rows they stand in, days of birth, who is a man."""

    rows: np.ndarray
    days: np.ndarray
    male: np.ndarray


def births(text: Cells) -> Births:
    """Births and sexes of a column that has valid identity numbers, stand-ins and empty cells."""
    rows = np.flatnonzero(text.lengths == _IDENTITY)
    digits = text.matrix(rows, _IDENTITY)[:, :17] - np.uint8(_ZERO)
    known = ~_stand_in(digits.T)
    rows, digits = (rows, digits) if known.all() else (rows[known], digits[known])
    return Births(rows, days_of(digits[:, 6:14]), (digits[:, 16] & 1).astype(bool))


def last_digits(text: Cells, rows: np.ndarray, width: int, first: int) -> np.ndarray:
    """(rows, width - first) digits at the end of rows of ``width`` bytes; above 9 for no digit."""
    return text.matrix(rows, width)[:, first:] - np.uint8(_ZERO)
