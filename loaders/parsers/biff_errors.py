"""What of an old workbook its parser does not give: error cells, rows hidden or struck through."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import IO

_CODES = (0x00, 0x07, 0x0F, 0x17, 0x1D, 0x24, 0x2A)
_NAMES = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")
ERRORS = dict(zip(_CODES, _NAMES, strict=True))
_SHEET, _BEGIN, _END, _FORMULA, _BOOL_OR_ERROR = 0x85, 0x809, 0x0A, 0x06, 0x205
_FONT, _STYLE, _ROW, _MANY = 0x31, 0xE0, 0x208, 0xBD
_CELLS = frozenset({_FORMULA, _BOOL_OR_ERROR, 0x203, 0x204, 0xD6, 0x27E, 0xFD})
# What records of an error and of a hidden row look like; only a book that has one, or a style that
# strikes through, is read record by record.
_SEEN = re.compile(
    rb"\x05\x02\x08\x00.{7}\x01|\x06\x00..{7}\x02.[\x00-\x2a].{3}\xff\xff"
    rb"|\x08\x02\x10\x00.{12}[\x20-\x3f\x60-\x7f\xa0-\xbf\xe0-\xff]",
    re.DOTALL,
)
_FREE = 0xFFFF_FFFA  # numbers of sectors from here on mean an end


@dataclass(slots=True)
class Marks:
    """Error cells by row and column from 0; rows not shown or struck through, by number from 1."""

    errors: dict[int, dict[int, str]] = field(default_factory=dict)
    hidden: list[int] = field(default_factory=list)
    struck: list[int] = field(default_factory=list)


def marks(source: IO[bytes]) -> list[Marks]:
    """Marks of each sheet of a workbook, in its order; none where it cannot be read so."""
    try:
        book = _stream(source.read())
        globals_ = list(_records(book, 0))
        struck = _struck_styles(globals_)
        if not struck and not _SEEN.search(book):
            return []
        starts = [struct.unpack_from("<I", data)[0] for kind, data in globals_ if kind == _SHEET]
        return [_of_sheet(book, start, struck) for start in starts]
    except (struct.error, IndexError, ValueError):
        return []


def _struck_styles(records: list[tuple[int, bytes]]) -> frozenset[int]:
    """Numbers of the cell styles whose font strikes through; no font has the number 4."""
    fonts = [bool(data[2] & 8) for kind, data in records if kind == _FONT]
    fonts[4:4] = [False]
    styles = [struct.unpack_from("<H", data)[0] for kind, data in records if kind == _STYLE]
    return frozenset(i for i, font in enumerate(styles) if font < len(fonts) and fonts[font])


def _of_sheet(book: bytes, start: int, struck: frozenset[int]) -> Marks:
    found = Marks()
    for kind, data in _records(book, start):
        if kind == _ROW and data[12] & 0x20:
            found.hidden.append(struct.unpack_from("<H", data)[0] + 1)
        elif struck and not struck.isdisjoint(_styles(kind, data)):
            found.struck.append(struct.unpack_from("<H", data)[0] + 1)
        code = None
        if kind == _BOOL_OR_ERROR and data[7]:
            code = data[6]
        elif kind == _FORMULA and data[6] == 2 and data[12:14] == b"\xff\xff":
            code = data[8]
        if code is not None:
            row, column = struct.unpack_from("<HH", data)
            found.errors.setdefault(row, {})[column] = ERRORS.get(code, "#N/A")
    return found


def _styles(kind: int, data: bytes) -> list[int]:
    """Styles of the filled cells that a record holds."""
    if kind in _CELLS:
        return [struct.unpack_from("<H", data, 4)[0]]
    if kind == _MANY:
        return [struct.unpack_from("<H", data, at)[0] for at in range(4, len(data) - 2, 6)]
    return []


def _records(book: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Records of a part of a book up to its end; those of charts inside it are left out."""
    depth = 0
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        depth += (kind == _BEGIN) - (kind == _END)
        if depth == 0:
            return
        if depth == 1:
            yield kind, book[at + 4 : at + 4 + length]
        at += 4 + length


def _stream(file: bytes) -> bytes:
    """The book's stream in its container."""
    size = 1 << struct.unpack_from("<H", file, 30)[0]
    tables, directory = struct.unpack_from("<I", file, 44)[0], struct.unpack_from("<I", file, 48)[0]

    def sector(number: int) -> bytes:
        return file[(number + 1) * size : (number + 2) * size]

    listed = [n for n in struct.unpack_from("<109I", file, 76) if n < _FREE]
    more, count = struct.unpack_from("<II", file, 68)
    for _ in range(count):
        numbers = struct.unpack(f"<{size // 4}I", sector(more))
        listed += [n for n in numbers[:-1] if n < _FREE]
        more = numbers[-1]
    table = b"".join(map(sector, listed[:tables]))

    def chain(first: int) -> Iterator[bytes]:
        while first < _FREE:
            yield sector(first)
            first = struct.unpack_from("<I", table, first * 4)[0]

    entries = b"".join(islice(chain(directory), 1 << 16))
    for at in range(0, len(entries), 128):
        name = entries[at : at + struct.unpack_from("<H", entries, at + 64)[0]]
        if name.decode("utf-16-le").rstrip("\0") in ("Workbook", "Book"):
            first, length = struct.unpack_from("<II", entries, at + 116)
            return b"".join(islice(chain(first), length // size + 1))[:length]
    raise ValueError("no book")
