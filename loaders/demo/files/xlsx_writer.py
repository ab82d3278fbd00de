"""A bare writer of text workbooks.

A county's folder has about four million cells. XlsxWriter takes some 40 seconds over them, this
one about six, because Arrow joins whole columns. Cells are inline text, as in the real exports.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_ROWS_AT_ONCE = 10_000
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_BEFORE = '" t="inlineStr"><is><t xml:space="preserve">'
_BEHIND = "</t></is></c>"
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(slots=True)
class Sheet:
    """One sheet: rows above the header, columns of equally many texts by header, rows below.

    ``groups`` gives some columns' headers a common one above them, which is left out of each below;
    ``merged`` names columns that are one cell wherever the first of them has equal neighbours.
    """

    name: str
    above: Sequence[Sequence[str]]
    columns: dict[str, np.ndarray]
    below: Sequence[Sequence[str]] = field(default_factory=list)
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)
    merged: tuple[str, ...] = ()
    hidden: bool = False


def write_workbook(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write the sheets, every cell as text, the same bytes for the same content."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in _frame(sheets).items():
            archive.writestr(_entry(name), _XML + text)
        for number, sheet in enumerate(sheets, start=1):
            with archive.open(_entry(f"xl/worksheets/sheet{number}.xml"), "w") as stream:
                for rows in _sheet(sheet):
                    stream.write(rows)


def _entry(name: str) -> zipfile.ZipInfo:
    """An archive member with a fixed date, compressed."""
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _sheet(sheet: Sheet) -> Iterator[bytes]:
    yield f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>'.encode()
    header, merges = _header(sheet)
    head = [*sheet.above, *header]
    yield _few_rows(head, 1)
    cells = dict(sheet.columns)
    if sheet.merged:
        starts = _starts(cells[sheet.merged[0]])
        ranges = _ranges(starts, len(cells[sheet.merged[0]]), len(head) + 1)
        for name in sheet.merged:
            letter = _letters(list(cells).index(name))
            kept = np.full(len(cells[name]), "", dtype=object)
            kept[starts] = cells[name][starts]
            cells[name] = kept
            merges += [f"{letter}{first}:{letter}{last}" for first, last in ranges]
    columns = [pa.array(each, pa.string()) for each in cells.values()]
    count = len(columns[0])
    for start in range(0, count, _ROWS_AT_ONCE):
        part = [column.slice(start, _ROWS_AT_ONCE) for column in columns]
        yield _many_rows(part, len(head) + 1 + start)
    yield _few_rows(sheet.below, len(head) + 1 + count)
    refs = "".join(f'<mergeCell ref="{each}"/>' for each in merges)
    yield f"</sheetData>{f'<mergeCells>{refs}</mergeCells>' if refs else ''}</worksheet>".encode()


def _header(sheet: Sheet) -> tuple[list[list[str]], list[str]]:
    """The header's one row or two, and the ranges that are one cell in it."""
    names = list(sheet.columns)
    if not sheet.groups:
        return [names], []
    row = len(sheet.above) + 1
    upper, lower = list(names), [""] * len(names)
    grouped = {name: group for group, members in sheet.groups.items() for name in members}
    merges = [
        f"{_letters(i)}{row}:{_letters(i)}{row + 1}"
        for i, name in enumerate(names)
        if name not in grouped
    ]
    for group, members in sheet.groups.items():
        at = [names.index(name) for name in members]
        merges.append(f"{_letters(at[0])}{row}:{_letters(at[-1])}{row}")
        for i in at:
            upper[i], lower[i] = group if i == at[0] else "", names[i].removeprefix(group)
    return [upper, lower], merges


def _starts(cells: np.ndarray) -> np.ndarray:
    """Where in a column blocks of equal neighbours begin."""
    return np.flatnonzero(np.r_[True, cells[1:] != cells[:-1]]) if len(cells) else np.array([0])


def _ranges(starts: np.ndarray, count: int, row: int) -> list[tuple[int, int]]:
    """The first and last row of each such block of several."""
    ends = np.r_[starts[1:], count]
    blocks = zip(starts.tolist(), ends.tolist(), strict=True)
    return [(row + a, row + b - 1) for a, b in blocks if b - a > 1]


def _few_rows(rows: Sequence[Sequence[str]], first: int) -> bytes:
    """Rows of any lengths, numbered from ``first``."""
    lines = []
    for number, row in enumerate(rows, start=first):
        cells = (
            f'<c r="{_letters(i)}{number}{_BEFORE}{escape(cell)}{_BEHIND}'
            for i, cell in enumerate(row)
        )
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    return "".join(lines).encode()


def _many_rows(columns: Sequence[pa.Array], first: int) -> bytes:
    """The rows of equally long text columns, numbered from ``first``."""
    numbers = pa.array(range(first, first + len(columns[0]))).cast(pa.string())
    parts = ['<row r="', numbers, '">']
    for index, column in enumerate(columns):
        for plain, escaped in _ESCAPES.items():
            column = pc.replace_substring(column, plain, escaped)
        parts += [f'<c r="{_letters(index)}', numbers, _BEFORE, column, _BEHIND]
    parts.append("</row>")
    rows = pc.binary_join_element_wise(*parts, "")
    # The buffer of a text array is all its texts, one behind the other.
    ends = np.frombuffer(rows.buffers()[1], dtype=np.int32)
    return memoryview(rows.buffers()[2])[ends[0] : ends[len(rows)]].tobytes()


def _letters(index: int) -> str:
    """A for 0, Z for 25, AA for 26."""
    return (_letters(index // 26 - 1) if index >= 26 else "") + chr(65 + index % 26)


def _frame(written: Sequence[Sheet]) -> dict[str, str]:
    """The small parts that a workbook has besides its sheets."""
    numbers = range(1, len(written) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{i}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for i in numbers
    )
    sheets = "".join(
        f'<sheet name={quoteattr(each.name)} sheetId="{i}"'
        f'{" state=" + quoteattr("hidden") if each.hidden else ""} r:id="rId{i}"/>'
        for i, each in zip(numbers, written, strict=True)
    )
    targets = "".join(
        f'<Relationship Id="rId{i}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i in numbers
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f"{overrides}</Types>",
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f"<sheets>{sheets}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f"{targets}</Relationships>",
    }
