"""Sheets of an xlsx or xlsm workbook, chunk by chunk: memory does not grow with the sheet."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

import numpy as np
import pyarrow as pa

from loaders.extract_cells import CellReader, Cells, Irregular, strings
from loaders.extract_spool import GAP, Merge, Refused, SheetSpool, Spool, table
from loaders.extract_values import is_date
from loaders.extract_xml import CHUNK, Regular, column_number, elements

WORKBOOK = "xl/workbook.xml"
ROW = 1 << 26  # bytes that one row may take
_CELLS = 1 << 22  # cells, empty ones too, that are laid out at once
_MERGE = re.compile(rb'<mergeCell ref="\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)"')
_TRUE = frozenset({"1", "true", "on"})


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    part: str
    hidden: bool


class Workbook:
    """The parts of a workbook's archive."""

    def __init__(self, archive: zipfile.ZipFile):
        self.archive = archive
        self.names = {n.replace("\\", "/").lower(): n for n in archive.namelist()}
        self.epoch_1904 = False
        self.sheets = self._sheets()
        self.reader = CellReader(self._shared(), self._dates(), epoch_1904=self.epoch_1904)

    def open(self, part: str) -> IO[bytes]:
        """A part by its path; raises Refused if it is missing."""
        name = self.names.get(part.lower())
        if name is None:
            raise Refused("unreadable_file")
        return self.archive.open(name)

    def _sheets(self) -> list[_Sheet]:
        """The worksheets in the workbook's order."""
        parts = {}
        with self.open("xl/_rels/workbook.xml.rels") as source:
            for name, given in elements(source):
                if name == "Relationship" and given.get("Type", "").endswith("/worksheet"):
                    parts[given.get("Id")] = posixpath.normpath(
                        posixpath.join("/xl", given.get("Target", "").replace("\\", "/"))
                    )[1:]
        found = []
        with self.open(WORKBOOK) as source:
            for name, given in elements(source):
                if name == "workbookPr":
                    self.epoch_1904 = given.get("date1904", "") in _TRUE
                elif name == "sheet" and given.get("id") in parts:
                    hidden = given.get("state", "visible") != "visible"
                    found.append(_Sheet(given.get("name", ""), parts[given["id"]], hidden))
        return found

    def _dates(self) -> list[bool]:
        """Of each cell style whether it shows dates."""
        if "xl/styles.xml" not in self.names:
            return []
        codes, formats, inside = {}, [], False
        with self.open("xl/styles.xml") as source:
            for name, given in elements(source):
                if name == "numFmt":
                    codes[given.get("numFmtId")] = given.get("formatCode", "")
                elif name == "xf" and inside:
                    formats.append(given.get("numFmtId", "0"))
                elif name.startswith("cellS") or name == "cellXfs":
                    inside = name == "cellXfs"
        known = {key: is_date(int(key), codes.get(key)) for key in {*formats} if key.isdecimal()}
        return [known.get(key, False) for key in formats]

    def _shared(self) -> pa.Array:
        """The shared strings."""
        if "xl/sharedstrings.xml" not in self.names:
            return pa.array([], pa.string())
        try:
            with self.open("xl/sharedStrings.xml") as source:
                return self._strings(source)
        except Irregular:
            with self.open("xl/sharedStrings.xml") as source:
                return self._strings(Regular(source))

    def _strings(self, source: IO[bytes] | Regular) -> pa.Array:
        parts = [strings(data) for data in pieces(source, b"<si", b"</si>", b"</sst>")]
        return pa.concat_arrays([pa.array([], pa.string()), *parts])

    def extract(self, sheet: _Sheet, out: SheetSpool, *, regular: bool) -> None:
        """Write a sheet's rows; raises Irregular if it must be read in its regular spelling."""
        with self.open(sheet.part) as part:
            source = Regular(part) if regular else part
            tail: list[bytes] = []
            for data in pieces(source, b"<row", b"</row>", b"</sheetData>", tail):
                for rows in _laid_out(self.reader(data), out):
                    out.write(rows)
            out.merges, out.epoch_1904 = _merges(source, tail), self.epoch_1904


def extract(archive: zipfile.ZipFile, spool: Spool) -> None:
    """Write every worksheet of a workbook; raises Refused."""
    book = Workbook(archive)
    for sheet in book.sheets:
        try:
            with spool.sheet(sheet.name, hidden=sheet.hidden) as out:
                book.extract(sheet, out, regular=False)
        except Irregular:
            try:
                with spool.sheet(sheet.name, hidden=sheet.hidden) as out:
                    book.extract(sheet, out, regular=True)
            except Irregular:
                raise Refused("unreadable_file") from None


def pieces(
    source: IO[bytes] | Regular,
    first: bytes,
    last: bytes,
    end: bytes,
    tail: list[bytes] | None = None,
) -> Iterator[bytes]:
    """Runs of whole elements from the first that begins so, each ending with ``last``.

    What was read behind ``end`` goes to ``tail``. Raises Irregular for XML without these tags and
    Refused for an element larger than memory.
    """
    waiting = _prolog(source, first, end)
    while True:
        close = waiting.find(end)
        cut = close if close >= 0 else waiting.rfind(last) + len(last)
        if cut >= len(last):
            yield waiting[:cut]
            waiting = waiting[cut:]
        if close >= 0:
            if tail is not None:
                tail.append(waiting)
            return
        if len(waiting) > ROW:
            raise Refused("too_large")
        more = source.read(CHUNK)
        if not more:
            raise Irregular
        waiting += more


def _prolog(source: IO[bytes] | Regular, first: bytes, end: bytes) -> bytes:
    """What was read from the first element on, or from the end tag if there is none."""
    waiting = b""
    while more := source.read(CHUNK):
        waiting += more
        found = [at for at in (waiting.find(first), waiting.find(end)) if at >= 0]
        if found:
            if b"<!" in waiting[: min(found)]:
                raise Irregular
            return waiting[min(found) :]
    raise Irregular


def _laid_out(cells: Cells, out: SheetSpool) -> Iterator[pa.Table]:
    """Rows with a column for each of the sheet's up to the last that is no stray."""
    width = _width(np.unique(cells.column[cells.text > 0]), out.width)
    near = (cells.column < width) & (cells.text > 0)
    out.strays += int((cells.text > 0).sum() - near.sum())
    count = np.zeros(len(cells.numbers), np.int64)
    np.maximum.at(count, cells.row[near], cells.column[near] + 1)
    step = max(1, _CELLS // max(width, 1))
    for start in range(0, len(cells.numbers), step):
        rows = slice(start, min(start + step, len(cells.numbers)))
        here = near & (cells.row >= rows.start) & (cells.row < rows.stop)
        grid = np.zeros((width, rows.stop - rows.start), np.int64)
        grid[cells.column[here], cells.row[here] - rows.start] = cells.text[here]
        columns = [cells.pool.take(pa.array(column)) for column in grid]
        yield table(cells.numbers[rows], count[rows], columns)


def _width(used: np.ndarray, reach: int) -> int:
    """How wide a sheet is that was ``reach`` wide before more columns were used."""
    used = used[used >= reach]
    near = np.diff(used, prepend=reach - 1) <= GAP
    count = len(used) if near.all() else int(near.argmin())
    return int(used[count - 1]) + 1 if count else reach


def _merges(source: IO[bytes] | Regular, tail: list[bytes]) -> list[Merge]:
    """Merged ranges, which stand behind the cells."""
    found: list[Merge] = []
    waiting = b"".join(tail)
    while waiting:
        for match in _MERGE.finditer(waiting):
            left, top, right, bottom = match.groups()
            columns = [column_number(letters.decode()) - 1 for letters in (left, right)]
            found.append((int(top), columns[0], int(bottom), columns[1]))
        more = source.read(CHUNK)
        begun = waiting.rfind(b"<")
        waiting = waiting[begun:] + more if more else b""
    return found
