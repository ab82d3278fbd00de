"""Cells out of a sheet's XML, many at a time.

The XML is not parsed element by element: every "<" begins a tag, so the places of all tags in a
chunk are one array, and tags, references and texts are picked from it by arithmetic. That holds for
the spelling that spreadsheet programs write; for any other ``Irregular`` is raised, and the part is
read again through ``extract_xml.Regular``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loaders.parsers import stored_values as values

_KIND = re.compile(rb' t="(\w+)"')
_STYLE = re.compile(rb' s="(\d+)"')
_HIDDEN = r"""[ \t\r\n]hidden=["'](?:1|true)["']"""
_SPACED = len('<t xml:space="preserve">')

_ENDS_NAME = np.zeros(256, bool)
_ENDS_NAME[list(b" />")] = True

NUMBER, SHARED, TEXT, FLAG, DATE, ISO = range(6)
BROKEN = "\ufffd"  # what behind the reader is told as broken text
_KINDS = {b"s": SHARED, b"inlineStr": TEXT, b"str": TEXT, b"e": TEXT, b"b": FLAG, b"d": ISO}


class Irregular(Exception):
    """The XML is spelt in a way that cannot be picked apart."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells of a chunk in the order of the file.

    ``numbers`` are the rows' numbers, ``hidden`` and ``struck`` those of rows that are not shown
    and that have a cell struck through; of each cell ``row`` is the index of its row, ``column``
    its column from 0 and ``text`` where its text stands in ``pool``, of which the first is empty.
    """

    numbers: np.ndarray
    row: np.ndarray
    column: np.ndarray
    text: np.ndarray
    pool: pa.Array
    hidden: np.ndarray
    struck: np.ndarray


class Tags:
    """The tags of a piece of XML that ends with a tag."""

    def __init__(self, data: bytes):
        self.raw = data
        self.escaped, self.controls = b"&" in data, b"_x" in data
        self.data = np.frombuffer(data + bytes(_SPACED), np.uint8)
        self.at = np.flatnonzero(self.data == ord("<"))
        self.end = np.append(self.at[1:], len(data))  # where the text behind each tag ends
        self.first, self.second = self.data[self.at + 1], self.data[self.at + 2]
        if (self.first == ord("!")).any() or (self.first == ord("?")).any():
            raise Irregular

    def named(self, letter: str) -> np.ndarray:
        """Indexes of the tags of a name of one letter."""
        found = np.flatnonzero(self.first == ord(letter))
        return found[_ENDS_NAME[self.second[found]]]

    def spelt(self, tags: np.ndarray, beginning: bytes) -> None:
        """Raise Irregular unless all tags begin so."""
        at = self.at[tags]
        for offset, byte in enumerate(beginning):
            if (self.data[at + offset] != byte).any():
                raise Irregular

    def spans(self, starts: np.ndarray, ends: np.ndarray) -> pa.Array:
        """Pieces of the XML as text, in its order."""
        bounds = np.empty(2 * len(starts), np.int32)
        bounds[0::2], bounds[1::2] = starts, ends
        if len(starts) == 0:
            return pa.array([], pa.string())
        buffers = [None, pa.py_buffer(bounds), pa.py_buffer(self.raw)]
        between = pa.Array.from_buffers(pa.binary(), len(bounds) - 1, buffers)
        try:
            return between.take(pa.array(np.arange(0, len(bounds) - 1, 2))).cast(pa.string())
        except pa.ArrowInvalid:
            raise Irregular from None

    def texts(self, tags: np.ndarray) -> pa.Array:
        """What stands behind <v> or <t> tags."""
        at, second = self.at[tags], self.second[tags]
        starts = np.where(second == ord(">"), at + 3, at + _SPACED)
        starts = np.where(second == ord("/"), self.end[tags], starts)
        if (self.data[starts - 1] != ord(">")).any():
            raise Irregular
        texts = self.spans(starts, self.end[tags])
        return values.unescaped(texts, references=self.escaped, controls=self.controls)

    def joined(self, tags: np.ndarray, owners: np.ndarray) -> tuple[np.ndarray, pa.Array]:
        """Texts of each owner's <t> tags as one, in ascending order of the owners that have any."""
        texts = self.texts(tags)
        owner = np.searchsorted(owners, tags) - 1
        having, starts = np.unique(owner, return_index=True)
        if len(having) == len(tags):
            return having, texts
        offsets = pa.array(np.append(starts, len(tags)), pa.int32())
        return having, pc.binary_join(pa.ListArray.from_arrays(offsets, texts), "")

    def spoken(self, tags: np.ndarray) -> np.ndarray:
        """Those of the tags that are not inside a phonetic reading."""
        if b"<rPh" not in self.raw:
            return tags
        opened = (self.first == ord("r")) & (self.second == ord("P"))
        closed = (self.first == ord("/")) & (self.second == ord("r"))
        closed &= self.data[self.at + 3] == ord("P")
        return tags[np.cumsum(opened.astype(int) - closed)[tags] == 0]


def strings(data: bytes) -> pa.Array:
    """Shared strings of a piece of their part that ends behind </si>."""
    tags = Tags(data)
    items = np.flatnonzero(
        (tags.first == ord("s")) & (tags.second == ord("i")) & (tags.data[tags.at + 3] != ord("s"))
    )
    having, texts = tags.joined(tags.spoken(tags.named("t")), items)
    index = np.zeros(len(items), np.int64)
    index[having] = np.arange(1, len(having) + 1)
    return pa.concat_arrays([pa.array([""]), texts]).take(pa.array(index))


class CellReader:
    """Reads chunks of a sheet, with what the workbook says once for all sheets.

    ``dates`` tells of each cell style whether it shows a number as a date, ``struck`` whether it
    strikes it through; ``epoch_1904`` which day is day 0.
    """

    def __init__(
        self,
        shared: pa.Array,
        dates: Sequence[bool],
        struck: Sequence[bool] = (),
        *,
        epoch_1904: bool,
    ):
        self.shared, self.dates, self.epoch_1904 = shared, dates, epoch_1904
        self.struck = struck if any(struck) else ()

    def __call__(self, data: bytes) -> Cells:
        """The cells of whole rows; raises Irregular."""
        tags = Tags(data)
        rows = np.flatnonzero((tags.first == ord("r")) & (tags.second == ord("o")))
        cells = tags.named("c")
        numbers, digits = _numbers(tags, rows)
        row = np.searchsorted(rows, cells) - 1
        if len(cells) and row[0] < 0:
            raise Irregular
        column, ends = _columns(tags, cells, digits[row])
        words = tags.spans(ends, tags.end[cells]).dictionary_encode()
        about = [each.encode() for each in words.dictionary.to_pylist()]
        at = words.indices.to_numpy()
        text, pool = self._texts(tags, cells, np.array([*map(self._kind, about)], np.int8)[at])
        struck = np.array([self._shows(each, self.struck) for each in about], bool)[at] & (text > 0)
        struck = numbers[np.unique(row[struck])]
        return Cells(numbers, row, column, text, pool, numbers[_hidden(tags, rows)], struck)

    def _kind(self, words: bytes) -> int:
        """What a cell holds, by the attributes behind its reference."""
        kind = _KIND.search(words)
        if kind and kind[1] != b"n":
            return _KINDS.get(kind[1], TEXT)
        return DATE if self._shows(words, self.dates) else NUMBER

    def _shows(self, words: bytes, styles: Sequence[bool]) -> bool:
        """What is told of the style among a cell's attributes."""
        style = _STYLE.search(words)
        index = int(style[1]) if style else 0
        return index < len(styles) and styles[index]

    def _texts(
        self, tags: Tags, cells: np.ndarray, kinds: np.ndarray
    ) -> tuple[np.ndarray, pa.Array]:
        """Of each cell where its text stands in the pool, and the pool."""
        pool = [pa.array(["", values.FORMULA])]
        text = np.zeros(len(cells), np.int64)
        valued = tags.named("v")
        owner = np.searchsorted(cells, valued) - 1
        given = tags.texts(valued)
        filled = np.zeros(len(cells), bool)
        filled[owner] = pc.not_equal(given, "").to_numpy(zero_copy_only=False)
        filled |= (kinds == TEXT) & np.isin(np.arange(len(cells)), owner)
        computed = np.searchsorted(cells, tags.named("f")) - 1
        text[computed[~filled[computed]]] = 1
        count = 2
        for kind, convert in self._conversions():
            of_kind = np.flatnonzero((kinds[owner] == kind) & filled[owner])
            pool.append(convert(given.take(pa.array(of_kind))))
            text[owner[of_kind]] = np.arange(count, count + len(of_kind))
            count += len(of_kind)
        inline, texts = tags.joined(tags.spoken(tags.named("t")), cells)
        text[inline] = np.arange(count, count + len(inline))
        return text, pa.concat_arrays([*pool, texts])

    def _conversions(self) -> list[tuple[int, Callable[[pa.Array], pa.Array]]]:
        return [
            (NUMBER, values.numbers),
            (SHARED, self._shared),
            (TEXT, lambda texts: texts),
            (FLAG, values.flags),
            (DATE, lambda texts: values.dates(texts, epoch_1904=self.epoch_1904)),
            (ISO, values.iso_dates),
        ]

    def _shared(self, texts: pa.Array) -> pa.Array:
        """Shared strings by their numbers; one that there is not is a broken character."""
        try:
            return self.shared.take(texts.cast(pa.int32()))
        except (pa.ArrowInvalid, pa.ArrowIndexError):
            found = [int(t) if t.isdecimal() and len(t) < 10 else -1 for t in texts.to_pylist()]
        known = [index if index < len(self.shared) else -1 for index in found]
        places = pa.array([None if index < 0 else index for index in known], pa.int32())
        return self.shared.take(places).fill_null(BROKEN)


def _hidden(tags: Tags, rows: np.ndarray) -> np.ndarray:
    """Indexes of rows that are not shown."""
    if b"hidden=" not in tags.raw:
        return np.empty(0, np.int64)
    words = tags.spans(tags.at[rows], tags.end[rows])
    shown = pc.match_substring_regex(words, _HIDDEN).to_numpy(zero_copy_only=False)
    return np.flatnonzero(shown)


def _numbers(tags: Tags, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of the rows and how many digits each has."""
    tags.spelt(rows, b'<row r="')
    at = tags.at[rows] + 8
    numbers, digits = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
    going = np.ones(len(rows), bool)
    for offset in range(8):
        byte = tags.data[at + offset].astype(np.int64) - ord("0")
        going &= (byte >= 0) & (byte <= 9)
        numbers, digits = np.where(going, numbers * 10 + byte, numbers), digits + going
    if (tags.data[at + digits] != ord('"')).any() or (np.diff(numbers) <= 0).any():
        raise Irregular
    return numbers, digits


def _columns(tags: Tags, cells: np.ndarray, digits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Columns of the cells from 0, and where the quote behind each reference stands."""
    tags.spelt(cells, b'<c r="')
    at = tags.at[cells] + 6
    column, letters = np.zeros(len(cells), np.int64), np.zeros(len(cells), np.int64)
    going = np.ones(len(cells), bool)
    for offset in range(3):
        byte = tags.data[at + offset].astype(np.int64) - ord("A") + 1
        going &= (byte >= 1) & (byte <= 26)
        column, letters = np.where(going, column * 26 + byte, column), letters + going
    ends = at + letters + digits
    if (column == 0).any() or (tags.data[ends] != ord('"')).any():
        raise Irregular
    return column - 1, ends
