"""What of a binary workbook (xlsb) its parser does not give: error cells, rows hidden or struck."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BufferedReader
from typing import IO, cast

from loaders.parsers.biff_errors import ERRORS, Marks
from loaders.parsers.spool import Refused
from loaders.parsers.xlsx import targets

_ROW, _ERROR, _FORMULA_ERROR = 0, 3, 11
_FILLED = range(2, 12)  # kinds of cells that say something
_SHEET, _FONT, _STYLE, _CELL_STYLES, _END_CELL_STYLES = 156, 43, 47, 617, 618
_HIDDEN = 0x10  # in the twelfth byte of a row
_BOOK, _RELATIONS, _STYLES = "xl/workbook.bin", "xl/_rels/workbook.bin.rels", "xl/styles.bin"
# What a hidden row and an error look like; only a sheet that has one, or a book with a style that
# strikes through, is read record by record.
_SEEN = re.compile(
    rb"\x00[\x11-\xff]\x01?..[\x00-\x0f]\x00.{3}\x00.{3}"
    rb"[\x10-\x1f\x30-\x3f\x50-\x5f\x70-\x7f\x90-\x9f\xb0-\xbf\xd0-\xdf\xf0-\xff]"
    rb"|[\x03\x0b][\x09-\xff]\x01?..\x00\x00.{4}[\x00\x07\x0f\x17\x1d\x24\x2a]",
    re.DOTALL,
)
_LONGEST = 16  # bytes of what is looked for
_CHUNK = 1 << 20


def marks(archive: zipfile.ZipFile) -> list[Marks]:
    """Marks of each sheet of a workbook, in its order; none where it cannot be read so."""
    names = {name.replace("\\", "/").lower(): name for name in archive.namelist()}
    try:
        struck = _struck_styles(archive, names.get(_STYLES))
        with archive.open(names[_RELATIONS]) as source:
            parts = {i: part for pairs in targets(source, "xl").values() for i, part in pairs}
        with archive.open(names[_BOOK]) as source:
            asked = [parts[_relation(d)].lower() for kind, d in _records(source) if kind == _SHEET]
        return [_of_sheet(archive, names[part], struck) for part in asked]
    except (
        Refused,
        KeyError,
        struct.error,
        IndexError,
        ValueError,
        zipfile.BadZipFile,
        zlib.error,
    ):
        return []


def _relation(data: bytes) -> str:
    """The name by which a sheet's part is related to the workbook."""
    (length,) = struct.unpack_from("<I", data, 8)
    return data[12 : 12 + 2 * length].decode("utf-16-le")


def _struck_styles(archive: zipfile.ZipFile, part: str | None) -> frozenset[int]:
    """Numbers of the cell styles whose font strikes through."""
    if part is None:
        return frozenset()
    fonts: list[bool] = []
    styles: list[int] = []
    of_cells = False
    with archive.open(part) as source:
        for kind, data in _records(source):
            if kind == _FONT:
                fonts.append(bool(data[2] & 8))
            elif kind in (_CELL_STYLES, _END_CELL_STYLES):
                of_cells = kind == _CELL_STYLES
            elif kind == _STYLE and of_cells:
                styles.append(struct.unpack_from("<H", data, 4)[0])
    return frozenset(i for i, font in enumerate(styles) if font < len(fonts) and fonts[font])


def _of_sheet(archive: zipfile.ZipFile, part: str, struck: frozenset[int]) -> Marks:
    found, row = Marks(), 0
    if not struck and not _seen(archive, part):
        return found
    with archive.open(part) as source:
        for kind, data in _records(source):
            if kind == _ROW:
                (row,) = struct.unpack_from("<I", data)
                if data[11] & _HIDDEN:
                    found.hidden.append(row + 1)
            elif kind in _FILLED:
                column, style = struct.unpack_from("<II", data)
                if style & 0xFF_FFFF in struck:
                    found.struck.append(row + 1)
                if kind in (_ERROR, _FORMULA_ERROR):
                    found.errors.setdefault(row, {})[column] = ERRORS.get(data[8], "#N/A")
    return found


def _seen(archive: zipfile.ZipFile, part: str) -> bool:
    """Whether a sheet may hold what only its records tell."""
    before = b""
    with archive.open(part) as source:
        while chunk := source.read(_CHUNK):
            if _SEEN.search(before + chunk):
                return True
            before = chunk[-_LONGEST:]
    return False


def _records(source: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Kind and data of the records of a part: both numbers before them in groups of seven bits."""
    read = BufferedReader(cast("BufferedReader", source), _CHUNK).read
    while first := read(1):
        kind = first[0]
        if kind > 127:
            kind = (kind & 127) | read(1)[0] << 7
        length = shift = 0
        while True:
            byte = read(1)[0]
            length |= (byte & 127) << shift
            shift += 7
            if byte < 128 or shift > 21:
                break
        yield kind, read(length)
