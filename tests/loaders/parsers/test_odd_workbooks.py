"""Workbooks of odd programs: one cell or row that is strange condemns nothing and is told."""

from __future__ import annotations

import base64
import quopri
import shutil
import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
import xlsxwriter
import xlwt
from hypothesis import given
from hypothesis import strategies as st

from loaders import importing
from loaders.accounts.audit import Audit, labels
from loaders.cleaning.section import clean
from loaders.layouts.matching import matches
from loaders.parsers import dispatch
from loaders.parsers.spool import spans
from loaders.reading import sheets as readers
from loaders.reading.sheets import SUFFIXES, Sheet
from loaders.regions.divisions import Divisions
from store.snapshots import Home
from tests.loaders import files, sheets
from tests.loaders.sheets import HOUSEHOLD, household
from tests.loaders.test_importing import DAY

FILTERED = ' table:visibility="filter"'
HIDDEN_2003, STRUCK_2003 = ' ss:Hidden="1"', ' ss:StyleID="s1"'
ROWS = [[str(cell) for cell in row] for row in (HOUSEHOLD, *map(household, (1, 2, 3)))]


def only_sheet(path: Path) -> Sheet:
    reading = readers.read(path)
    assert reading.refusal is None and reading.refused == ()
    (sheet,) = reading.sheets
    return sheet


def table(rows: list[list[str]]) -> str:
    lines = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in rows)
    return f"<table>{lines}</table>"


# Cells


@pytest.mark.parametrize("value", ["<v/>", "<v></v>", ""])
def test_a_shared_string_of_no_number_is_an_empty_cell(tmp_path: Path, value: str) -> None:
    row = f'<row r="1"><c r="A1" t="s">{value}</c><c r="B1" t="s"><v>0</v></c></row>'
    path = files.xlsx(tmp_path / "a.xlsx", row, sharedStrings=files.strings("<t>户</t>"))
    assert only_sheet(path).head(9) == [["", "户"]]


def test_a_shared_string_beyond_the_last_is_told_in_its_row_alone(tmp_path: Path) -> None:
    broken = '<row r="{}"><c r="A{}" t="s"><v>{}</v></c><c r="B{}"><v>1</v></c></row>'
    rows = "".join(broken.format(r, r, number, r) for r, number in ((1, 0), (2, 7), (3, "x")))
    path = files.xlsx(tmp_path / "a.xlsx", rows, sharedStrings=files.strings("<t>户</t>"))
    assert only_sheet(path).head(9) == [["户", "1"], ["\ufffd", "1"], ["\ufffd", "1"]]


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="x"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>',
        '<row r="1"><c r="?"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="AAAA1"><v>1</v></c></row><row r="2"><c r="A2" t="odd"><v>2</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c t="s"/><c r="A2"><v>2</v></c></row>',
    ],
)
def test_a_place_or_kind_that_cannot_be_is_read_all_the_same(tmp_path: Path, rows: str) -> None:
    path = files.xlsx(tmp_path / "a.xlsx", rows)
    assert [[c for c in row if c] for row in only_sheet(path).head(9)] == [["1"], ["2"]]


# Rows that a spreadsheet hides or strikes through


def marked_xlsx(path: Path) -> Path:
    """Row 3 is filtered out, row 4 struck through but for its empty cells."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("户")
        struck = book.add_format({"font_strikeout": True})
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row, struck if number == 3 else None)
        sheet.write_blank(1, 20, None, struck)
        sheet.autofilter(0, 0, 3, 0)
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(1, 1, None, None, {"hidden": True})
    return path


def marked_xls(path: Path) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("户")
    struck = xlwt.easyxf("font: struck_out true")
    for number, row in enumerate(ROWS):
        for column, cell in enumerate(row):
            sheet.write(number, column, cell, *([struck] if number == 3 else []))
    sheet.row(2).hidden = True
    book.save(str(path))
    return path


def marked_ods(path: Path) -> Path:
    cell = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'
    lines = [
        "".join(cell.format(' table:style-name="ce1"' if n == 3 else "", text) for text in row)
        for n, row in enumerate(ROWS)
    ]
    rows = "".join(
        f"<table:table-row{FILTERED if n == 2 else ''}>{line}</table:table-row>"
        for n, line in enumerate(lines)
    )
    parts = files.ods_parts(f'<table:table table:name="户">{rows}</table:table>')
    style = (
        '<office:automatic-styles xmlns:style="s" ><style:style style:name="ce1">'
        '<style:text-properties style:text-line-through-style="solid"/></style:style>'
        "</office:automatic-styles><office:body>"
    )
    content = parts["content.xml"].decode().replace("<office:body>", style)
    return files.archive(path, parts | {"content.xml": content.encode()})


def marked_page(path: Path) -> Path:
    style = "<style>.xl7 {color:red; text-decoration:line-through;}</style>"
    lines = [f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in ROWS]
    lines[2] = lines[2].replace("<tr>", "<tr height=0 style='display:none'>")
    lines[3] = lines[3].replace("<td>", "<td class=xl7>", 1)
    path.write_text(f"<html>{style}<body><table>{''.join(lines)}</table></body></html>", "utf-8")
    return path


def marked_page_by_tags(path: Path) -> Path:
    lines = [f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in ROWS]
    lines[2] = lines[2].replace("<tr>", '<tr style="display: none">')
    lines[3] = lines[3].replace("<td>", "<td><s>", 1).replace("</td>", "</s></td>", 1)
    path.write_text(f"<html><body><table>{''.join(lines)}</table></body></html>", "utf-8")
    return path


def marked_xml_2003(path: Path) -> Path:
    rows = "".join(
        f"<Row{HIDDEN_2003 if n == 2 else ''}>"
        + "".join(
            f'<Cell{STRUCK_2003 if n == 3 else ""}><Data ss:Type="String">{cell}</Data></Cell>'
            for cell in row
        )
        + "</Row>"
        for n, row in enumerate(ROWS)
    )
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    path.write_text(
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}"><Styles>'
        '<Style ss:ID="Default"/><Style ss:ID="s1"><Font ss:StrikeThrough="1"/></Style></Styles>'
        f'<Worksheet ss:Name="户"><Table>{rows}</Table></Worksheet></Workbook>',
        "utf-8",
    )
    return path


def marked_xlsb(path: Path) -> Path:
    return files.xlsb(path, ROWS, hidden=2, struck=3)


MARKED = {
    "a.xlsx": marked_xlsx,
    "a.xlsb": marked_xlsb,
    "a.xls": marked_xls,
    "a.et": marked_xls,
    "a.ods": marked_ods,
    "b.xls": marked_page,
    "c.xls": marked_page_by_tags,
    "d.xls": marked_xml_2003,
}


@pytest.mark.parametrize("name", MARKED)
def test_hidden_and_struck_rows_are_read_and_counted(tmp_path: Path, name: str) -> None:
    sheet = only_sheet(MARKED[name](tmp_path / name))
    assert sheet.head(9) == ROWS
    assert (sheet.hidden_rows, sheet.struck_rows) == (((3, 3),), ((4, 4),))
    audit = Audit()
    (match,) = matches(sheet)
    clean(sheet, match, Divisions.load("611025"), audit)
    (account,) = audit.sheets
    assert (account.rows, account.hidden_rows, account.struck_rows) == (3, 1, 1)


@pytest.mark.parametrize("name", ["a.xlsx", "a.xlsb", "a.xls"])
def test_a_workbook_without_such_rows_has_none(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == "a.xlsx":
        sheets.workbook(path, {"户": ROWS})
    elif name == "a.xlsb":
        files.xlsb(path, ROWS)
    else:
        book = xlwt.Workbook()
        book.add_sheet("户").write(0, 0, "x")
        book.save(str(path))
    sheet = only_sheet(path)
    assert (sheet.hidden_rows, sheet.struck_rows) == ((), ())


def test_a_heading_that_is_hidden_is_no_hidden_record(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("户")
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row)
        sheet.set_row(0, None, None, {"hidden": True})
    audit, read = Audit(), only_sheet(path)
    (match,) = matches(read)
    clean(read, match, Divisions.load("611025"), audit)
    assert (read.hidden_rows, audit.sheets[0].hidden_rows) == (((1, 1),), 0)


def test_what_is_hidden_or_struck_is_said_in_words(tmp_path: Path) -> None:
    path = marked_xlsx(tmp_path / "户.xlsx")
    home = Home(tmp_path / "home")
    report = importing.run([path], home, DAY, loaded_by="王某", county_code="611025")
    lines = list(report.lines())
    assert "户.xlsx 户 有 1 行被隐藏或筛选掉, 已照常读入, 请核对" in lines
    assert "户.xlsx 户 有 1 行带删除线, 已照常读入, 请核对" in lines
    assert report.exit_code == 0 and report.totals["accepted"] == 3


@given(st.lists(st.integers(1, 60)))
def test_runs_of_numbers_hold_exactly_these(numbers: list[int]) -> None:
    runs = spans(numbers)
    assert sorted(set(numbers)) == [n for first, last in runs for n in range(first, last + 1)]
    assert all(a[1] + 1 < b[0] for a, b in pairwise(runs))


# Files under other names and in other wrappings


def test_a_workbook_under_another_name_is_found_through_its_relations(tmp_path: Path) -> None:
    """As some programs write it: xl/workbook2.xml with its strings and styles elsewhere too."""
    shared = files.strings("<t>户</t>")
    row = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="0"><v>43831</v></c></row>'
    parts = files.xlsx_parts(
        row, more={"xl/sharedStrings.xml": shared, "xl/styles.xml": files.styles(14)}
    )
    rels = parts.pop("xl/_rels/workbook.xml.rels").decode()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    related = "".join(
        f'<Relationship Id="{name}" Type="{kind}/{name}" Target="{name}9.xml"/>'
        for name in ("sharedStrings", "styles")
    )
    parts["xl/_rels/workbook2.xml.rels"] = rels.replace("</R", f"{related}</R").encode()
    parts["xl/workbook2.xml"] = parts.pop("xl/workbook.xml")
    for name in ("sharedStrings", "styles"):
        parts[f"xl/{name}9.xml"] = parts.pop(f"xl/{name}.xml")
    parts["_rels/.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r" Type="{kind}/officeDocument" Target="/xl/workbook2.xml"/>'
        "</Relationships>"
    ).encode()
    path = files.archive(tmp_path / "a.xlsx", parts)
    assert only_sheet(path).head(9) == [["户", "2020-01-01"]]


def message(body: bytes, encoding: str, *, boundary: str = "----=_NextPart_01") -> bytes:
    """A page with a part before and one behind it that hold no table."""
    parts = [
        (b"text/html", b"7bit", b"<html><frameset></frameset></html>"),
        (b'text/html; charset="utf-8"', encoding.encode(), body),
        (b"image/png", b"base64", b"iVBORw0KGgo="),
    ]
    lines = [
        b"MIME-Version: 1.0",
        f'Content-Type: multipart/related;\r\n\tboundary="{boundary}"'.encode(),
        b"",
        b"This document is a page of one file.",
    ]
    for kind, how, content in parts:
        lines += [
            f"--{boundary}".encode(),
            b"Content-Location: file:///C:/x.htm",
            b"Content-Transfer-Encoding: " + how,
            b"Content-Type: " + kind,
            b"",
            content,
        ]
    return b"\r\n".join([*lines, f"--{boundary}--".encode(), b""])


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_a_page_of_one_file_that_is_called_xls(tmp_path: Path, encoding: str, charset: str) -> None:
    page = f"<html><body>{table(ROWS)}</body></html>".encode(charset)
    encoded = {
        "quoted-printable": quopri.encodestring(page),
        "base64": base64.encodebytes(page),
        "8bit": page,
    }
    path = tmp_path / "a.xls"
    path.write_bytes(message(encoded[encoding], encoding))
    assert only_sheet(path).head(9) == ROWS


def test_a_page_of_one_file_without_a_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.mht"
    path.write_bytes(message(b"<html>x</html>", "8bit"))
    assert readers.read(path).refusal == "unsupported_format"
    path.write_bytes(b"MIME-Version: 1.0\nContent-Type: multipart/related")
    assert readers.read(path).refusal == "unsupported_format"


@given(st.binary(max_size=200), st.sampled_from(["quoted-printable", "base64", "8bit", "x"]))
def test_no_such_page_fails(noise: bytes, encoding: str) -> None:
    """Run in this process: whatever stands in it, it is read or refused."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as file:
        file.write(message(b"<table>" + noise, encoding))
        file.seek(0)
        found = dispatch.outcome(file, Path(folder))
    assert "sheets" in found or found["refusal"] in labels()


@pytest.mark.parametrize("suffix", [".et", ".zip"])
def test_files_of_every_suffix_in_a_folder_are_found(tmp_path: Path, suffix: str) -> None:
    assert suffix in SUFFIXES
    whole = marked_xls(tmp_path / "a.xls")
    path = tmp_path / "raw" / f"a{suffix}"
    path.parent.mkdir()
    if suffix == ".zip":
        files.archive(path, {"镇/户.et": whole.read_bytes()})
    else:
        shutil.copy(whole, path)
    (found,) = readers.find([path.parent])
    assert only_sheet(found).head(9) == ROWS
