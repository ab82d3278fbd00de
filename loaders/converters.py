"""Text columns to the schema's types.

Plain spellings are converted as whole columns, the rest once for each different spelling.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import yaml

from loaders import values
from loaders.spellings import EMPTY
from loaders.values import Scalar, spelling
from store.schema import Column

CODES = Path(__file__).parent.parent / "data" / "reference" / "codes.yaml"

# What needs no tidying: printable ASCII but quotes, apostrophes and spaces, Han and its marks.
_TIDY = r"^[!#-&(-~\x{3400}-\x{9FFF}、。《》“”]+$"
_PLAIN_NUMBER = r"^-?\d{1,12}(\.\d{1,8})?$"
_PLAIN_IDENTIFIER = "^[0-9A-Z]{5,}$"
_NOTED = re.compile(r"^\s*([^(（]+?)\s*[(（](.+?)[)）]?\s*$")

Converter = Callable[[pa.Array], "Converted"]


@dataclass(frozen=True, slots=True)
class Converted:
    """Values of the schema's type and, row by row, a note (string) or null."""

    values: pa.Array
    notes: pa.Array


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
    # BaseLoader: to the others a bare `no` is the word for false.
    return yaml.load(CODES.read_text("utf-8"), yaml.BaseLoader)


def converter(
    column: Column, *, factor: int = 1, spellings: Mapping[str, Any] | None = None
) -> Converter:
    """The converter of a schema column; ``spellings`` takes the place of its code list.

    ``factor`` is what numbers without a unit of their own are multiplied by.
    """
    kind = column.type
    if spellings is not None:
        known = {spelling(text): value for text, value in spellings.items()}
        return _distinct(values.coded(known), kind)
    if column.codes:
        return _distinct(values.coded(code_list(column.codes)), kind)
    if pa.types.is_floating(kind):
        if factor == 1:
            return _plain_first(_PLAIN_NUMBER, values.number, kind)
        return _distinct(lambda cell: values.number(cell, factor), kind)
    if pa.types.is_string(kind):
        return _text_converter(column)
    return _distinct(_scalar(column), kind)


def _scalar(column: Column) -> Scalar:
    if pa.types.is_date(column.type):
        return values.date
    if pa.types.is_boolean(column.type):
        return values.flag
    return values.year if re.search("(^|_)year$", column.name) else values.count


def _text_converter(column: Column) -> Converter:
    if column.mask == "identity":
        return _distinct(values.identity, column.type)
    if column.mask == "phone" or column.name.endswith("_id"):
        return _plain_first(_PLAIN_IDENTIFIER, values.identifier, column.type)
    return _plain_first(_TIDY, values.text, column.type)


def split_note(column: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Cells such as 10(其中,灾情因素6万元) as what stands before the brackets and inside them."""

    def scalar(cell: str) -> tuple[str, str | None]:
        match = _NOTED.match(cell)
        return (match[1], match[2]) if match else (cell, None)

    both = _distinct(scalar, pa.string())(column)
    return both.values, both.notes


def birth_date(identities: pa.Array) -> pa.Array:
    """Birth dates in identity numbers; null where the number is a stand-in."""
    digits = pc.utf8_slice_codeunits(identities, 6, 14)
    return pc.strptime(digits, format="%Y%m%d", unit="s", error_is_null=True).cast(pa.date32())


def sex(identities: pa.Array) -> pa.Array:
    """Codes of the sex list; the 17th digit is odd for men. Null for a stand-in number."""
    odd = pc.is_in(pc.utf8_slice_codeunits(identities, 16, 17), pa.array(list("13579")))
    known = pc.invert(pc.starts_with(identities, "999999"))
    return pc.if_else(known, pc.if_else(odd, "male", "female"), pa.scalar(None, pa.string()))


def _distinct(scalar: Scalar, kind: pa.DataType) -> Converter:
    """Converter that calls ``scalar`` once for each different text."""

    def convert(column: pa.Array) -> Converted:
        encoded = column.dictionary_encode()
        results: Iterable[tuple[Any, str | None]] = map(scalar, encoded.dictionary.to_pylist())
        found, notes = zip(*results, strict=True) if len(encoded.dictionary) else ((), ())
        return Converted(
            pa.array(found, kind).take(encoded.indices),
            pa.array(notes, pa.string()).take(encoded.indices),
        )

    return convert


def _plain_first(plain: str, scalar: Scalar, kind: pa.DataType) -> Converter:
    """Converter that casts the cells matching ``plain`` at once and sends the others to scalar."""
    slow = _distinct(scalar, kind)
    empty = pa.array(sorted(EMPTY))

    def convert(column: pa.Array) -> Converted:
        easy = pc.and_(
            pc.match_substring_regex(column, plain),
            pc.invert(pc.is_in(pc.utf8_upper(column), empty)),
        )
        hard = pc.invert(easy)
        rest = slow(column.filter(hard))
        plainly = pc.if_else(easy, column, pa.scalar(None, pa.string())).cast(kind)
        notes = pa.nulls(len(column), pa.string())
        return Converted(
            pc.replace_with_mask(plainly, hard, rest.values),
            pc.replace_with_mask(notes, hard, rest.notes),
        )

    return convert
