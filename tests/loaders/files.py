"""Files as counties have them and as nobody should make them, written part by part."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OPEN = "urn:oasis:names:tc:opendocument:xmlns:"

Parts = dict[str, bytes]


def xlsx_parts(
    rows: str, *, tail: str = "", properties: str = "", more: Mapping[str, str | bytes] = {}
) -> Parts:
    """Parts of a workbook of one sheet 一 with the XML of its rows; ``more`` adds or replaces."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}">{properties}'
        '<sheets><sheet name="一" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship '
        f'Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>'
        f"{tail}</worksheet>",
    }
    return {
        name: text.encode() if isinstance(text, str) else text
        for name, text in (parts | dict(more)).items()
    }


def archive(path: Path, parts: Mapping[str, bytes] | Iterable[tuple[str, bytes]]) -> Path:
    """Write parts as a zip archive."""
    pairs = parts.items() if isinstance(parts, Mapping) else parts
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in pairs:
            out.writestr(name, data)
    return path


def xlsx(path: Path, rows: str, *, tail: str = "", properties: str = "", **more: str) -> Path:
    """Write a workbook of one sheet; keywords are parts of it: ``styles`` is xl/styles.xml."""
    added = {f"xl/{name}.xml": text for name, text in more.items()}
    return archive(path, xlsx_parts(rows, tail=tail, properties=properties, more=added))


def strings(*items: str) -> str:
    """The part of shared strings, of the XML of each."""
    return f'<sst xmlns="{MAIN}">{"".join(f"<si>{item}</si>" for item in items)}</sst>'


def styles(*codes: str | int) -> str:
    """A part of cell styles, each with a number format: a built-in one's number or a code."""
    own = {code: 164 + i for i, code in enumerate(codes) if isinstance(code, str)}
    formats = "".join(
        f'<numFmt numFmtId="{number}" formatCode="{code.replace(chr(34), "&quot;")}"/>'
        for code, number in own.items()
    )
    cells = "".join(
        f'<xf numFmtId="{own[code] if isinstance(code, str) else code}"/>' for code in codes
    )
    return (
        f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts><cellStyleXfs><xf numFmtId="14"/>'
        f"</cellStyleXfs><cellXfs>{cells}</cellXfs></styleSheet>"
    )


def ods_parts(tables: str) -> Parts:
    """Parts of an open document of the XML of its tables."""
    return {
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": b"<manifest/>",
        "content.xml": (
            f'<office:document-content xmlns:office="{_OPEN}office:1.0" '
            f'xmlns:table="{_OPEN}table:1.0" xmlns:text="{_OPEN}text:1.0"><office:body>'
            f"<office:spreadsheet>{tables}</office:spreadsheet></office:body>"
            "</office:document-content>"
        ).encode(),
    }


def ods(path: Path, rows: Sequence[Sequence[str]] | str) -> Path:
    """Write an open document of one table 一, of text or of the XML of its rows."""
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    if not isinstance(rows, str):
        lines = ("".join(map(cell.format, row)) for row in rows)
        rows = "".join(f"<table:table-row>{line}</table:table-row>" for line in lines)
    return archive(path, ods_parts(f'<table:table table:name="一">{rows}</table:table>'))


def xlsb(
    path: Path,
    rows: Sequence[Sequence[str]],
    *,
    corner: tuple[int, int] | None = None,
    hidden: int | None = None,
    struck: int | None = None,
    error: int | None = None,
) -> Path:
    """Write a binary workbook of one sheet 一 of text, with a cell x more at a corner.

    ``hidden`` and ``struck`` are rows from 0 that are not shown and struck through; ``error`` is
    one with #DIV/0! behind its last cell.
    """
    cells = b""
    for number, row in enumerate(rows):
        shown = 0x1000 if number == hidden else 0
        cells += _record(0, struct.pack("<IIHHBI", number, 0, 300, shown, 0, 0))
        style = int(number == struck)
        for column, text in enumerate(row):
            cells += _record(6, struct.pack("<II", column, style) + _wide(text))
        if number == error:
            cells += _record(3, struct.pack("<IIB", len(row), 0, 7))
        cells += _record(1, struct.pack("<II", len(row) + 1, 1))  # blank, and in the struck style
    if corner:
        cells += _record(0, struct.pack("<IIHHBI", corner[0], 0, 0, 0, 0, 0))
        cells += _record(6, struct.pack("<II", corner[1], 0) + _wide("x"))
    size = struct.pack("<IIII", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)
    sheet = _record(129) + _record(148, size) + _record(145) + cells + _record(146) + _record(130)
    about = struct.pack("<II", 0, 1) + _wide("rId1") + _wide("一")
    book = _record(131) + _record(143) + _record(156, about) + _record(144) + _record(132)
    parts = xlsx_parts("")
    rels = parts["xl/_rels/workbook.xml.rels"].replace(b"sheet1.xml", b"sheet1.bin")
    return archive(
        path,
        {
            "[Content_Types].xml": b"<Types/>",
            "xl/workbook.bin": book,
            "xl/styles.bin": _xlsb_styles(),
            "xl/_rels/workbook.bin.rels": rels,
            "xl/worksheets/sheet1.bin": sheet,
        },
    )


def _xlsb_styles() -> bytes:
    """Two cell styles, the second struck through; those that they stand on are the other way."""
    fonts = b"".join(
        _record(43, struct.pack("<HHHHBBBB", 220, flags, 400, 0, 0, 0, 0, 0)) for flags in (0, 8)
    )
    one, two = (_record(47, struct.pack("<HHH10x", 0, 0, font)) for font in (0, 1))
    of_named = _record(626, struct.pack("<I", 1)) + two + _record(627)
    of_cells = _record(617, struct.pack("<I", 2)) + one + two + _record(618)
    fonts = _record(611, struct.pack("<I", 2)) + fonts + _record(612)
    return _record(278) + fonts + of_named + of_cells + _record(279)


def _record(kind: int, data: bytes = b"") -> bytes:
    """A record of a binary workbook: its kind and length in groups of seven bits."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
    length = len(data)
    while length > 127:
        head += bytes([length & 127 | 128])
        length >>= 7
    return head + bytes([length]) + data


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def encrypted(path: Path) -> Path:
    """Write the container in which a spreadsheet program keeps an encrypted workbook."""
    directory = b"".join(
        name.encode("utf-16-le").ljust(128, b"\0")
        for name in ("Root Entry", "EncryptedPackage", "EncryptionInfo")
    )
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + directory)
    return path
