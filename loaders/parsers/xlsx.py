"""Sheets of an xlsx or xlsm workbook, chunk by chunk: memory does not grow with the sheet."""

from __future__ import annotations

import contextlib
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

import numpy as np
import pyarrow as pa

from loaders.parsers.spool import GAP, Merge, Refused, SheetSpool, Spool, table
from loaders.parsers.stored_values import is_date
from loaders.parsers.xlsx_cells import CellReader, Cells, Irregular, strings
from loaders.parsers.xml_events import CHUNK, Regular, column_number, elements

_ROOT = "_rels/.rels"
_WORKBOOK = "xl/workbook.xml"  # where it stands unless the relations say otherwise
ROW = 1 << 26  # bytes that one row may take
UNREADABLE = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, UnicodeDecodeError)
_CELLS = 1 << 22  # cells, empty ones too, that are laid out at once
_MERGE = re.compile(rb'<mergeCell ref="\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)"')
_STYLE_LISTS = frozenset(
    {"numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"}
)
_TRUE = frozenset({"1", "true", "on"})


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    part: str
    hidden: bool


def book_part(archive: zipfile.ZipFile) -> str:
    """The part that is the workbook, in lower case; empty where the archive holds none.

    The archive's relations name it: most programs call it xl/workbook.xml, not all.
    """
    names = {n.replace("\\", "/").lower(): n for n in archive.namelist()}
    found = ""
    if _ROOT in names:
        with archive.open(names[_ROOT]) as source, contextlib.suppress(Refused):
            found = targets(source, "").get("officedocument", [("", "")])[0][1].lower()
    if found in names and "workbook" in found:
        return found
    return _WORKBOOK if _WORKBOOK in names else ""


def targets(source: IO[bytes], folder: str) -> dict[str, list[tuple[str, str]]]:
    """Identifier and path of the parts that a part is related to, by the kind of relation."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, given in elements(source):
        if name == "Relationship":
            kind = given.get("Type", "").rpartition("/")[2].lower()
            target = posixpath.join(f"/{folder}", given.get("Target", "").replace("\\", "/"))
            part = posixpath.normpath(target).lstrip("/")
            found.setdefault(kind, []).append((given.get("Id", ""), part))
    return found


class Workbook:
    """The parts of a workbook's archive, of which ``part`` is the workbook itself."""

    def __init__(self, archive: zipfile.ZipFile, part: str):
        self.archive, self.part = archive, part
        self.names = {n.replace("\\", "/").lower(): n for n in archive.namelist()}
        self.epoch_1904 = False
        folder, name = posixpath.split(part)
        with self.open(posixpath.join(folder, "_rels", f"{name}.rels")) as source:
            self.related = targets(source, folder)
        self.sheets = self._sheets()
        dates, struck = self._styles()
        shared = self._shared()
        self.reader = CellReader(shared, dates, struck, epoch_1904=self.epoch_1904)

    def open(self, part: str) -> IO[bytes]:
        """A part by its path; raises Refused if it is missing."""
        name = self.names.get(part.lower())
        if name is None:
            raise Refused("unreadable_file")
        return self.archive.open(name)

    def _sheets(self) -> list[_Sheet]:
        """The worksheets in the workbook's order."""
        parts = dict(self.related.get("worksheet", ()))
        found = []
        with self.open(self.part) as source:
            for name, given in elements(source):
                if name == "workbookPr":
                    self.epoch_1904 = given.get("date1904", "") in _TRUE
                elif name == "sheet" and given.get("id") in parts:
                    hidden = given.get("state", "visible") != "visible"
                    found.append(_Sheet(given.get("name", ""), parts[given["id"]], hidden))
        return found

    def _beside(self, kind: str, usual: str) -> str:
        """The part of a kind that the workbook has one of; empty where it has none."""
        found = [part for _, part in self.related.get(kind, ())] or [usual]
        return found[0] if found[0].lower() in self.names else ""

    def _styles(self) -> tuple[list[bool], list[bool]]:
        """Of each cell style whether it shows dates, and whether it strikes through."""
        part = self._beside("styles", "xl/styles.xml")
        if not part:
            return [], []
        codes, formats, fonts, inside = {}, [], [], ""
        with self.open(part) as source:
            for name, given in elements(source):
                if name == "numFmt":
                    codes[given.get("numFmtId")] = given.get("formatCode", "")
                elif name in _STYLE_LISTS:
                    inside = name
                elif name == "font" and inside == "fonts":
                    fonts.append(False)
                elif name == "strike" and inside == "fonts" and fonts:
                    fonts[-1] = given.get("val", "1") in _TRUE
                elif name == "xf" and inside == "cellXfs":
                    formats.append((given.get("numFmtId", "0"), given.get("fontId", "0")))
        dates = {key: is_date(int(key), codes.get(key)) for key, _ in formats if key.isdecimal()}
        struck = {str(index) for index, font in enumerate(fonts) if font}
        return [dates.get(key, False) for key, _ in formats], [
            font in struck for _, font in formats
        ]

    def _shared(self) -> pa.Array:
        """The shared strings."""
        part = self._beside("sharedstrings", "xl/sharedStrings.xml")
        if not part:
            return pa.array([], pa.string())
        try:
            with self.open(part) as source:
                return self._strings(source)
        except Irregular:
            with self.open(part) as source:
                return self._strings(Regular(source))

    def _strings(self, source: IO[bytes] | Regular) -> pa.Array:
        parts = [strings(data) for data in pieces(source, b"<si", b"</si>", b"</sst>")]
        return pa.concat_arrays([pa.array([], pa.string()), *parts])

    def extract(self, sheet: _Sheet, out: SheetSpool, *, regular: bool) -> None:
        """Write a sheet's rows; raises Irregular if it must be read in its regular spelling."""
        with self.open(sheet.part) as part:
            source = Regular(part) if regular else part
            try:
                tail = self._rows(source, out)
                out.merges, out.epoch_1904 = _merges(source, tail), self.epoch_1904
            except Refused as refusal:
                cell = source.cell if isinstance(source, Regular) else ""
                raise Refused(refusal.reason, sheet=sheet.name, cell=cell) from None

    def _rows(self, source: IO[bytes] | Regular, out: SheetSpool) -> list[bytes]:
        """Write the rows of a sheet; gives what was read behind them."""
        tail: list[bytes] = []
        for data in pieces(source, b"<row", b"</row>", b"</sheetData>", tail):
            cells = self.reader(data)
            out.hidden_rows += cells.hidden.tolist()
            out.struck_rows += cells.struck.tolist()
            for rows in _laid_out(cells, out):
                out.write(rows)
        return tail


def extract(archive: zipfile.ZipFile, part: str, spool: Spool) -> None:
    """Write every worksheet of the workbook that a part of an archive is.

    A sheet that cannot be read is told and the others are written; raises Refused where none can.
    """
    book = Workbook(archive, part)
    refused: list[Refused] = []
    finished = len(spool.sheets)
    for sheet in book.sheets:
        try:
            _sheet(book, sheet, spool)
        except Refused as refusal:
            if refusal.reason != "unreadable_file":
                raise
            refused.append(Refused(refusal.reason, sheet=sheet.name, cell=refusal.cell))
        except UNREADABLE:
            refused.append(Refused("unreadable_file", sheet=sheet.name))
    if refused and len(spool.sheets) == finished:
        raise refused[0]
    spool.refused += [refusal.as_dict(spool.member) for refusal in refused]


def _sheet(book: Workbook, sheet: _Sheet, spool: Spool) -> None:
    """Write one worksheet, in a second reading if its XML is spelt otherwise than most."""
    for regular in (False, True):
        with contextlib.suppress(Irregular), spool.sheet(sheet.name, hidden=sheet.hidden) as out:
            book.extract(sheet, out, regular=regular)
            return
    raise Refused("unreadable_file", sheet=sheet.name)


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
