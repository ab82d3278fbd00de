"""Text columns to the schema's types.

Plain spellings are converted as whole columns, the rest once for each different spelling.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import yaml

from loaders.cells import amounts, dates, kernels, person_names, values
from loaders.cells.arrow_columns import taken
from loaders.cells.kernels import Cells, Mask
from loaders.cells.spellings import EMPTY, NO_NAMES
from loaders.cells.values import Scalar, spelling
from store.schema import Column

CODES = Path(__file__).parents[2] / "data" / "reference" / "codes.yaml"

_NOTED = re.compile(r"^\s*([^(（]+?)\s*[(（](.+?)[)）]?\s*$")
_SHORT = 5  # bytes; a word for nothing is not longer, or has a character that is not plain
_PLAIN_DIGITS = 9  # that a whole number of 32 bits always holds
_PLAIN_NUMBER = 10  # characters of a number that nobody's phone or identity number can be
_OLD = "birth_date"
_KNOWN = 200_000  # spellings remembered before all are forgotten

Converter = Callable[[pa.Array], "Converted"]
Noted = tuple[str, np.ndarray]  # a reason and the rows (ascending) that it was found in


@dataclass(frozen=True, slots=True)
class Converted:
    """Values of the schema's type (codes as a dictionary), and the notes of rows that have one."""

    values: pa.Array
    notes: tuple[Noted, ...] = ()


@cache
def code_list(name: str) -> dict[str, str]:
    """Spellings of one list of data/reference/codes.yaml to keys; KeyError for no such list."""
    found: dict[str, str] = {}
    for key, entry in _code_lists()[name].items():
        spellings = [entry["zh"], *entry.get("also", []), *filter(None, [entry.get("no")])]
        found |= {spelling(each): key for each in spellings}
    return found


@cache
def _code_lists() -> dict[str, dict[str, Any]]:
    # CBaseLoader: to the others a bare `no` is the word for false.
    return yaml.load(CODES.read_text("utf-8"), yaml.CBaseLoader)  # nosec B506


def converter(
    column: Column,
    *,
    factor: float | Fraction = 1,
    spellings: Mapping[str, Any] | None = None,
    day_zero: datetime.date = dates.DAY_ZERO,
) -> Converter:
    """The converter of a schema column; ``spellings`` takes the place of its code list.

    ``factor`` is what numbers without a unit of their own are multiplied by, ``day_zero`` what day
    numbers count from. A converter may be used by several threads at once.
    """
    kind, unit = column.type, column.unit
    if spellings is not None:
        known = {spelling(text): value for text, value in spellings.items()}
        return _distinct(values.coded(known), kind, coded=pa.types.is_string(kind))
    if column.codes:
        return _distinct(values.coded(code_list(column.codes)), kind, coded=True)
    if pa.types.is_floating(kind):
        slow = _distinct(lambda cell: amounts.number(cell, factor, unit), kind)
        return slow if factor != 1 else _numbers(slow, kernels.odd_number, _PLAIN_NUMBER)
    if pa.types.is_decimal(kind):
        return _distinct(lambda cell: amounts.money(cell, factor, unit), kind)
    if pa.types.is_string(kind):
        return _text_converter(column)
    if pa.types.is_date(kind):
        short = column.name != _OLD  # two digits of a birth may be of either century
        return _dates(_distinct(lambda cell: dates.date(cell, day_zero, short_years=short), kind))
    if pa.types.is_boolean(kind):
        return _distinct(values.flag, kind)
    if re.search("(^|_)year$", column.name):
        return _distinct(dates.year, kind)
    whole = _distinct(lambda cell: amounts.count(cell, unit), kind)
    return _numbers(whole, kernels.odd_digits, _PLAIN_DIGITS)


def _text_converter(column: Column) -> Converter:
    if column.mask == "identity":
        return _identities(_distinct(values.identity, column.type))
    if column.mask == "name":
        return _names(_distinct(person_names.name, column.type))
    if column.mask == "phone" or column.name.endswith("_id"):
        return _texts(_distinct(values.identifier, column.type), kernels.odd_identifier)
    return _texts(_distinct(values.text, column.type), kernels.odd_text)


def split_note(column: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Cells such as 10(其中,灾情因素6万元) as what stands before the brackets and inside them."""
    encoded = column.dictionary_encode()
    texts = encoded.dictionary.to_pylist()
    found = [(m[1], m[2]) if (m := _NOTED.match(text)) else (text, None) for text in texts]
    before, inside = (pa.array([pair[i] for pair in found], pa.string()) for i in (0, 1))
    return before.take(encoded.indices), inside.take(encoded.indices)


def last_days(column: pa.Array, days: pa.Array) -> pa.Array:
    """The last days that cells may mean which were read as ``days``, which may be of months alone.

    Each different text is looked at once.
    """
    encoded = column.dictionary_encode()
    texts = encoded.dictionary.to_pylist()
    at = np.zeros(len(texts), np.int64)  # a row with each text
    at[encoded.indices.to_numpy()] = np.arange(len(column))
    first = days.take(pa.array(at)).to_pylist()
    last = [day and dates.last_day(text, day) for text, day in zip(texts, first, strict=True)]
    return pa.array(last, pa.date32()).take(encoded.indices)


def bounded(
    done: Converted, *, minimum: float | None = None, latest: datetime.date | None = None
) -> Converted:
    """Without the numbers below a minimum and the days after the latest; each has its note."""
    beyond: list[tuple[str, pa.Array]] = []
    if minimum is not None:
        least = pa.scalar(float(minimum)).cast(done.values.type)
        beyond.append(("below_minimum", pc.less(done.values, least)))
    if latest is not None:
        beyond.append(("future_date", pc.greater(done.values, pa.scalar(latest))))
    for reason, where in beyond:
        rows = np.flatnonzero(pc.fill_null(where, False).to_numpy(zero_copy_only=False))
        if len(rows):
            left = pc.if_else(where, pa.scalar(None, done.values.type), done.values)
            done = Converted(left, (*_without(done.notes, rows), (reason, rows)))
    return done


def _without(notes: tuple[Noted, ...], rows: np.ndarray) -> tuple[Noted, ...]:
    left = [(reason, np.setdiff1d(at, rows, assume_unique=True)) for reason, at in notes]
    return tuple((reason, at) for reason, at in left if len(at))


def _distinct(scalar: Scalar, kind: pa.DataType, *, coded: bool = False) -> Converter:
    """Converter that calls ``scalar`` once for each different text, and remembers them.

    Codes come as a dictionary array.
    """
    known: dict[str, tuple[Any, str | None]] = {}

    def one(text: str) -> tuple[Any, str | None]:
        found = known.get(text)
        if found is None:
            if len(known) >= _KNOWN:
                known.clear()
            found = known[text] = values.guarded(text, scalar)
        return found

    def convert(column: pa.Array) -> Converted:
        encoded = column.dictionary_encode()
        results = [one(text) for text in encoded.dictionary.to_pylist()]
        found = taken([value for value, _ in results], kind, encoded.indices, coded=coded)
        reasons = {note for _, note in results if note}
        if not reasons:
            return Converted(found)
        indices = encoded.indices.to_numpy()
        notes = []
        for reason in sorted(reasons):
            hit = np.array([note == reason for _, note in results])
            notes.append((reason, np.flatnonzero(hit[indices])))
        return Converted(found, tuple(notes))

    return convert


def _with(slow: Converter, column: pa.Array, hard: Mask, easy: pa.Array) -> Converted:
    """The easy values, and those of the hard rows from the slow converter."""
    if not hard.any():
        return Converted(easy)
    rest = slow(column.filter(pa.array(hard)))
    rows = np.flatnonzero(hard)
    merged = pc.replace_with_mask(easy, pa.array(hard), rest.values)
    return Converted(merged, tuple((reason, rows[at]) for reason, at in rest.notes))


def _texts(slow: Converter, odd: Callable[[Cells], Mask]) -> Converter:
    """Converter of texts that are values as they stand, where no byte of them is odd."""

    def convert(column: pa.Array) -> Converted:
        text = kernels.cells(column)
        lengths = text.lengths
        hard = (odd(text) | (lengths <= _SHORT)) & (lengths > 0)
        return _with(slow, column, hard, kernels.only(column, ~hard & (lengths > 0)))

    return convert


def _names(slow: Converter) -> Converter:
    """Converter of names: those of Han alone that are no word for nobody as they stand."""
    words = pa.array(sorted(NO_NAMES | EMPTY))

    def convert(column: pa.Array) -> Converted:
        text = kernels.cells(column)
        filled = text.lengths > 0
        hard = kernels.odd_name(text) | pc.is_in(column, words).to_numpy(zero_copy_only=False)
        hard &= filled
        return _with(slow, column, hard, kernels.only(column, ~hard & filled))

    return convert


def _numbers(slow: Converter, odd: Callable[[Cells], Mask], longest: int) -> Converter:
    """Converter of short plain numbers by one cast."""

    def convert(column: pa.Array) -> Converted:
        text = kernels.cells(column)
        lengths = text.lengths
        easy = ~odd(text) & (lengths > 0) & (lengths <= longest)
        kind = pa.float64() if odd is kernels.odd_number else pa.int32()
        try:
            plain = kernels.only(column, easy).cast(kind)
        except pa.ArrowInvalid:  # a second point
            return slow(column)
        return _with(slow, column, ~easy & (lengths > 0), plain)

    return convert


def _dates(slow: Converter) -> Converter:
    """Converter of days written 20191001, 201910 and 2019-10-01 without looking at each."""

    def convert(column: pa.Array) -> Converted:
        text = kernels.cells(column)
        days, plain = kernels.plain_days(text)
        easy = pa.array(days, mask=~plain).cast(pa.date32())
        return _with(slow, column, ~plain & (text.lengths > 0), easy)

    return convert


def _identities(slow: Converter) -> Converter:
    """Converter of whole and valid identity numbers; the others one by one."""

    def convert(column: pa.Array) -> Converted:
        text = kernels.cells(column)
        numbers = _cut(column, text)
        valid = kernels.whole_identities(kernels.cells(numbers))
        return _with(slow, column, ~valid & (text.lengths > 0), kernels.only(numbers, valid))

    return convert


def _cut(column: pa.Array, text: Cells) -> pa.Array:
    """The column with the identity numbers that certificates of plain digits begin with."""
    found = np.zeros(len(column), bool)
    for width in (20, 22):
        rows = np.flatnonzero(text.lengths == width)
        found[rows[(kernels.last_digits(text, rows, width, 18) <= 9).all(axis=1)]] = True
    if not found.any():
        return column
    where = pa.array(found)
    numbers = pc.utf8_slice_codeunits(column.filter(where), 0, 18)
    return pc.replace_with_mask(column, where, numbers)
