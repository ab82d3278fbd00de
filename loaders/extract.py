"""The parser's process: one export file in, its sheets as plain text out.

Run as a script by ``loaders.readers``, with nothing but the standard library and the workbook
parser in it: a file that unpacks without end, hangs or panics the parser ends this process alone.

Output: a line ``\\x1f{json of name and width}`` a sheet, then a line a row that is not blank: row
number (from 1), number of cells, and ``width`` cells, all separated by tabs. Exit status 3 and a
reason key as the last line of the error output for a file that is refused.
"""

from __future__ import annotations

import csv
import datetime
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any

MEMORY = 1 << 30  # bytes of address space
UNPACKED = 1 << 30  # bytes that a zipped workbook may declare
OUTPUT = 1 << 29  # bytes of text handed back
REFUSED = 3  # exit status

DELIMITERS = "\t,;|"
_HEAD = 12  # lines looked at to find the delimiter and the width
_BATCH = 2_000  # rows written at once
_BREAKS = re.compile(r"[\t\r\n]+")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


class Refused(Exception):
    """The file is not taken; the message is a reason key."""


def workbook(path: Path) -> Iterator[tuple[str, Iterator[tuple[int, Sequence[Any]]]]]:
    """Visible sheets of an xlsx, xls, xlsb or ods file, rows numbered from 1."""
    import python_calamine as calamine

    try:
        book = calamine.load_workbook(str(path))
        for sheet in book.sheets_metadata:
            if sheet.visible is not calamine.SheetVisibleEnum.Visible:
                continue
            if sheet.typ is calamine.SheetTypeEnum.WorkSheet:
                rows = book.get_sheet_by_name(sheet.name).iter_rows()
                yield sheet.name, enumerate(rows, start=1)
    except calamine.PasswordError:
        raise Refused("password") from None
    except calamine.CalamineError:
        raise Refused("unreadable_file") from None


def encoding_of(path: Path) -> str:
    """The encoding that decodes the whole file; GB18030 where none does."""
    with path.open("rb") as handle:
        head = handle.read(4096)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if head.count(b"\0") > len(head) // 8:  # UTF-16 without a mark: ASCII leaves every other 0
        return "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            with path.open(encoding=encoding) as text:
                while text.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    return "gb18030"


def delimited(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Rows of a delimited text file and the line each begins at."""
    encoding = encoding_of(path)
    with path.open(encoding=encoding, errors="replace") as text:
        head = list(islice(text, _HEAD))
    delimiter = max(DELIMITERS, key=lambda d: max((line.count(d) for line in head), default=0))
    # Systems that write tabs do not quote, and a stray quote would swallow the lines after it.
    with path.open(encoding=encoding, errors="replace", newline="") as text:
        if delimiter in "\t|":
            reader = csv.reader(text, delimiter=delimiter, quoting=csv.QUOTE_NONE)
        else:
            reader = csv.reader(text, delimiter=delimiter)
        line = 1
        for row in reader:
            yield line, row
            line = reader.line_num + 1


def text_of(cell: Any) -> str:
    """A cell as text: whole numbers without a point, dates in ISO form.

    A number too long for a double keeps its exponent, the sign that digits are lost.
    """
    if isinstance(cell, str):
        return _BREAKS.sub(" ", cell)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    return _BREAKS.sub(" ", str(cell))


def _line(row: Sequence[Any]) -> str:
    """A row's cells joined by tabs; most rows are clean text and joined at once."""
    try:
        line = "\t".join(row)
    except TypeError:
        return "\t".join(map(text_of, row))
    if line.count("\t") == len(row) - 1 and "\n" not in line and "\r" not in line:
        return line
    return "\t".join(map(text_of, row))


class _Output:
    """Writes sheets to a stream of bytes and refuses to write more than OUTPUT."""

    def __init__(self, stream: IO[bytes]):
        self.stream, self.written = stream, 0

    def write(self, text: str) -> None:
        data = text.encode("utf-8", "replace")
        self.written += len(data)
        if self.written > OUTPUT:
            raise Refused("too_large")
        self.stream.write(data)

    def sheet(self, name: str, rows: Iterator[tuple[int, Sequence[Any]]]) -> None:
        """Write a sheet; it is as wide as the widest of its first rows that are not blank."""
        filled = (pair for pair in rows if any(pair[1]) or any(cell != "" for cell in pair[1]))
        head = list(islice(filled, _HEAD))
        width = max((len(row) for _, row in head), default=0)
        self.write(f"\x1f{json.dumps({'name': name, 'width': width})}\n")
        lines = (_numbered(number, row, width) for number, row in chain(head, filled))
        while batch := "".join(islice(lines, _BATCH)):
            self.write(batch)


def _numbered(number: int, row: Sequence[Any], width: int) -> str:
    """The line of a row; cells beyond the width are left out but counted if they are filled."""
    count = len(row)
    if count != width:
        if "".join(map(str, row[width:])) == "":
            count = min(count, width)
        row = [*row, *[""] * width][:width]
    return f"{number}\t{count}\t{_line(row)}\n"


def extract(path: Path, stream: IO[bytes]) -> None:
    """Write every sheet of a file to a stream; raises Refused."""
    with path.open("rb") as handle:
        magic = handle.read(4)
    output = _Output(stream)
    if magic == _ZIP:
        try:
            with zipfile.ZipFile(path) as archive:
                size = sum(entry.file_size for entry in archive.infolist())
        except zipfile.BadZipFile:
            raise Refused("unreadable_file") from None
        if size > UNPACKED:
            raise Refused("too_large")
    if magic in (_ZIP, _OLE):
        for name, rows in workbook(path):
            output.sheet(name, rows)
    else:
        output.sheet("", delimited(path))


def main(path: str) -> int:
    """Extract a file to standard output under the memory limit; gives the exit status."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        extract(Path(path), sys.stdout.buffer)
    except Refused as refusal:
        reason = str(refusal)
    except MemoryError:
        reason = "too_large"
    except csv.Error:
        reason = "unreadable_file"
    else:
        return 0
    print(reason, file=sys.stderr)
    return REFUSED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
