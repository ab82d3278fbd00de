"""Cells of workbooks as text: xlsx in any spelling, xls, open documents, pages, XML of 2003."""

from __future__ import annotations

import datetime
import struct
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loaders.parsers import stored_values, xlsx
from loaders.parsers.spool import Spool, one_line, stored
from loaders.reading import sheets
from loaders.reading.sheets import Sheet
from tests.loaders import files

ISO = datetime.datetime.fromisoformat


def read(path: Path) -> list[list[str]]:
    """The rows of a file's only sheet."""
    return only_sheet(path).head(999)


def only_sheet(path: Path) -> Sheet:
    reading = sheets.read(path)
    assert reading.refusal is None
    (sheet,) = reading.sheets
    return sheet


def cell(text: str, name: str = "A1") -> str:
    """XML of a row with one cell that holds the XML given."""
    return f'<row r="1"><c r="{name}"{text}</c></row>'


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (ISO("2020-01-02"), "2020-01-02"),
        (ISO("2020-01-02 03:04"), "2020-01-02 03:04:00"),
        (datetime.date(2020, 1, 2), "2020-01-02"),
        (123456789012345.0, "123456789012345"),
        (1e15, "1000000000000000.0"),
        (0.1, "0.1"),
        (True, "TRUE"),
        ("a\r\n\tb", "a b"),
        ("", ""),
    ],
)
def test_text_of_a_value(value: object, text: str) -> None:
    assert stored_values.text_of(value) == text


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("><v>3</v>", "3"),
        ("><v>3.0</v>", "3"),
        ("><v>1.5</v>", "1.5"),
        ("><v>0.10000000000000001</v>", "0.1"),
        ("><v>2019.1</v>", "2019.1"),
        ("><v>-0.00001</v>", "-1e-05"),
        ("><v>13812345678</v>", "13812345678"),
        ("><v>1.3812345678E10</v>", "13812345678"),
        ("><v>619925198001010017</v>", "6.1992519800101e+17"),
        ("><v>6.1992519800101E+17</v>", "6.1992519800101e+17"),
        ("><v>1E+400</v>", "1E+400"),
        ("><v>None</v>", "None"),
        (' t="n"><v>7</v>', "7"),
        (' t="b"><v>1</v>', "TRUE"),
        (' t="b"><v>0</v>', "FALSE"),
        (' t="e"><v>#DIV/0!</v>', "#DIV/0!"),
        (' t="str"><f>A2</f><v>甲</v>', "甲"),
        ("><f>1+1</f><v>2</v>", "2"),
        ("><f>A2</f>", "#FORMULA!"),
        ("><f>A2</f><v/>", "#FORMULA!"),
        ("><f>A2</f><v></v>", "#FORMULA!"),
        ('><f t="shared" si="0"/>', "#FORMULA!"),
        (' t="d"><v>2019-10-01T00:00:00</v>', "2019-10-01"),
        (' t="inlineStr"><is><t>&lt;b&gt; &amp;amp; &#25143; &#x6237;</t></is>', "<b> &amp; 户 户"),
        (' t="inlineStr"><is><t xml:space="preserve"> x </t></is>', " x "),
        (' t="inlineStr"><is><r><rPr><b/></rPr><t>永</t></r><r><t>乐</t></r></is>', "永乐"),
        (' t="inlineStr"><is><t>户</t><rPh sb="0" eb="1"><t>hù</t></rPh></is>', "户"),
        (' t="inlineStr"><is><t>a_x000D_\nb_x005F_</t></is>', "a b_"),
        (' t="inlineStr"><is><t>=HYPERLINK("x")</t></is>', '=HYPERLINK("x")'),
        (' t="inlineStr"><is><t>&apos;007</t></is>', "'007"),
        (' s="0" cm="1" vm="2"><v>4</v>', "4"),
    ],
)
def test_a_cell_of_xlsx(tmp_path: Path, xml: str, text: str) -> None:
    """Beside a second one, so that the row is not blank."""
    row = cell(xml).replace("</row>", '<c r="B1"><v>1</v></c></row>')
    assert read(files.xlsx(tmp_path / "a.xlsx", row)) == [[text, "1"]]


@pytest.mark.parametrize(
    ("code", "number", "text"),
    [
        (14, "43831", "2020-01-01"),
        (57, "43831", "2020-01-01"),
        (22, "43831.5", "2020-01-01 12:00:00"),
        (20, "0.5", "12:00:00"),
        ('yyyy"年"m"月"', "43739", "2019-10-01"),
        ("[$-804]yyyy\\-mm\\-dd;@", "43739", "2019-10-01"),
        ("[h]:mm", "0.25", "06:00:00"),
        (14, "1", "1900-01-01"),
        (14, "59", "1900-02-28"),
        (14, "60", "60"),
        (14, "61", "1900-03-01"),
        (14, "-1", "-1"),
        (14, "2958466", "2958466"),
        (14, "43831.999999999", "2020-01-02"),
        (0, "43831", "43831"),
        ("General", "43831", "43831"),
        ("0.00_);[Red]\\(0.00\\)", "43831", "43831"),
        ('0"日"', "5", "5"),
        ("@", "5", "5"),
    ],
)
def test_dates_are_known_by_their_format(
    tmp_path: Path, code: str | int, number: str, text: str
) -> None:
    row = cell(f' s="1"><v>{number}</v>')
    path = files.xlsx(tmp_path / "a.xlsx", row, styles=files.styles(0, code))
    assert read(path) == [[text]]


@pytest.mark.parametrize(("number", "text"), [("0", "00:00:00"), ("42369", "2020-01-01")])
def test_the_epoch_of_1904(tmp_path: Path, number: str, text: str) -> None:
    path = files.xlsx(
        tmp_path / "a.xlsx",
        cell(f' s="0"><v>{number}</v>'),
        properties='<workbookPr date1904="1"/>',
        styles=files.styles(14),
    )
    assert read(path) == [[text]]


def test_shared_strings(tmp_path: Path) -> None:
    shared = files.strings(
        "<t>户</t>",
        "<t/>",
        "",
        '<t xml:space="preserve"> x</t>',
        "<r><t>永</t></r><r><rPr><sz val='9'/></rPr><t>乐</t></r><rPh sb='0' eb='1'><t>y</t></rPh>",
        "<t>a&amp;b</t>",
    )
    cells = "".join(f'<c r="{c}1" t="s"><v>{i}</v></c>' for i, c in enumerate("ABCDEF"))
    path = files.xlsx(tmp_path / "a.xlsx", f'<row r="1">{cells}</row>', sharedStrings=shared)
    assert read(path) == [["户", "", "", " x", "永乐", "a&b"]]


def test_a_hundred_thousand_shared_strings(tmp_path: Path) -> None:
    shared = files.strings(*(f"<t>户{i}</t>" for i in range(100_000)))
    rows = "".join(
        f'<row r="{r}"><c r="A{r}" t="s"><v>{100_000 - r}</v></c></row>' for r in range(1, 100_001)
    )
    sheet = only_sheet(files.xlsx(tmp_path / "a.xlsx", rows, sharedStrings=shared))
    found = [text for batch in sheet.batches() for text in batch["0"].to_pylist()]
    assert found == [f"户{i}" for i in reversed(range(100_000))]


def test_a_shared_string_that_there_is_not(tmp_path: Path) -> None:
    path = files.xlsx(tmp_path / "a.xlsx", cell(' t="s"><v>9</v>'), sharedStrings=files.strings())
    assert read(path) == [["\ufffd"]]


# The same two rows as different programs may write them.
PLAIN = (
    '<row r="2"><c r="A2" t="inlineStr"><is><t>户</t></is></c><c r="C2"><v>1.5</v></c></row>'
    '<row r="4"><c r="B4" t="s"><v>0</v></c></row>'
)
SPELLINGS = {
    "no references": PLAIN.replace(' r="A2"', "").replace('<row r="4">', '<row/><row spans="1:2">'),
    "attributes in another order": '<row spans="1:3" r="2"><c t="inlineStr" r="A2"><is><t>户</t>'
    '</is></c><c s="0" r="C2"><v>1.5</v></c></row><row r="4"><c t="s" r="B4"><v>0</v></c></row>',
    "single quotes": PLAIN.replace('"', "'"),
    "spaces between": PLAIN.replace("><", ">\n  <"),
    "comments": PLAIN.replace("<v>", "<!-- <c r='Z9'> --><v>"),
    "raw sections": PLAIN.replace("户", "<![CDATA[户]]>"),
    "instructions": PLAIN.replace("<row", "<?x y?><row"),
    "values that keep spaces": PLAIN.replace("<v>", '<v xml:space="preserve">'),
    "attributes behind": PLAIN.replace('<row r="2">', '<row r="2" spans="1:3" ht="15" hidden="1">'),
    "styles": PLAIN.replace('r="C2"', 'r="C2" s="0"'),
    "empty cells": PLAIN.replace('<c r="C2">', '<c r="B2" s="1"/><c r="C2">'),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_spellings_of_one_sheet(tmp_path: Path, spelling: str) -> None:
    """The first row is row 2, and B4 is the shared string."""
    path = files.xlsx(
        tmp_path / "a.xlsx",
        SPELLINGS[spelling],
        sharedStrings=files.strings("<t>永乐</t>"),
        styles=files.styles(0),
    )
    sheet = only_sheet(path)
    assert sheet.head_rows(9) == [2, 4]
    assert sheet.head(9) == [["户", "", "1.5"], ["", "永乐", ""]]


def respelt(parts: dict[str, bytes], part: str, change: Any) -> dict[str, bytes]:
    return parts | {part: change(parts[part])}


def test_prefixes_other_encodings_and_paths(tmp_path: Path) -> None:
    parts = files.xlsx_parts(PLAIN, more={"xl/sharedStrings.xml": files.strings("<t>永乐</t>")})
    sheet = "xl/worksheets/sheet1.xml"
    wide = respelt(
        parts,
        sheet,
        lambda x: ('<?xml version="1.0" encoding="UTF-16"?>' + x.decode()).encode("utf-16"),
    )
    prefixed = {
        name: data.replace(b"<", b"<x:").replace(b"<x:/", b"</x:").replace(b"xmlns=", b"xmlns:x=")
        for name, data in parts.items()
    }
    slashed = {name.replace("/", "\\"): data for name, data in parts.items()}
    capital = {name.replace("xl/", "XL/"): data for name, data in parts.items()}
    absolute = respelt(
        parts, "xl/_rels/workbook.xml.rels", lambda x: x.replace(b'"work', b'"/xl/work')
    )
    for number, changed in enumerate((parts, wide, prefixed, slashed, capital, absolute)):
        path = files.archive(tmp_path / f"{number}.xlsx", changed)
        assert read(path) == [["户", "", "1.5"], ["", "永乐", ""]], number


def test_sheets_hidden_ones_too_and_no_charts(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("见").write(0, 0, "x")
        book.add_chartsheet("图").set_chart(book.add_chart({"type": "line"}))
        for name, hide in (("藏", "hide"), ("深藏", "very_hidden")):
            sheet = book.add_worksheet(name)
            sheet.write(0, 0, "y")
            getattr(sheet, hide)()
        book.add_worksheet("空")
        book.charts[0].add_series({"values": "=见!$A$1"})
    with sheets.read(path) as reading:
        found = [(sheet.name, sheet.hidden, sheet.rows_count) for sheet in reading.sheets]
    assert found == [("见", False, 1), ("藏", True, 1), ("深藏", True, 1), ("空", False, 0)]


def test_hidden_rows_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row in range(3):
            sheet.write(row, 0, row)
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.autofilter(0, 0, 2, 0)
    assert read(path) == [["0"], ["1"], ["2"]]


def test_merges_are_told_and_filled_down(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 2, "标题")
        sheet.merge_range(1, 0, 2, 0, "户编号")
        sheet.merge_range(1, 1, 1, 2, "原因")
        sheet.write_row(2, 1, ["一", "二"])
        sheet.merge_range(3, 0, 4, 1, "0001")
        sheet.write_column(3, 2, ["x", "y", "z"])
        sheet.merge_range(6, 0, 9, 0, "0002")
        sheet.write_column(7, 1, ["u", "v"])
        sheet.merge_range(30, 0, 31, 0, "末")
    sheet = only_sheet(path)
    assert sheet.head(99) == [
        ["标题", "", ""],
        ["户编号", "原因", ""],
        ["户编号", "一", "二"],
        ["0001", "", "x"],
        ["0001", "", "y"],
        ["", "", "z"],
        ["0002", "", ""],
        ["0002", "u", ""],
        ["0002", "v", ""],
        ["末", "", ""],
    ]
    assert sheet.head_rows(99) == [1, 2, 3, 4, 5, 6, 7, 8, 9, 31]
    assert sorted(sheet.merges) == [
        *((1, 0, 1, 2), (2, 0, 3, 0), (2, 1, 2, 2), (4, 0, 5, 1), (7, 0, 10, 0))
    ]


def test_a_merge_over_several_batches(tmp_path: Path) -> None:
    count = 150_000
    rows = '<row r="1"><c r="A1"><v>5</v></c><c r="B1"><v>1</v></c></row>' + "".join(
        f'<row r="{r}"><c r="B{r}"><v>{r}</v></c></row>' for r in range(2, count + 1)
    )
    merge = f'<mergeCells count="1"><mergeCell ref="A1:A{count - 1}"/></mergeCells>'
    sheet = only_sheet(files.xlsx(tmp_path / "a.xlsx", rows, tail=merge))
    batches = list(sheet.batches())
    assert len(batches) > 2
    first = [text for batch in batches for text in batch["0"].to_pylist()]
    assert first == ["5"] * (count - 1) + [""]


def test_a_table_that_grows_wider_further_down(tmp_path: Path) -> None:
    """By a second table, wider than the first; both are whole."""
    rows = "".join(f'<row r="{r}"><c r="A{r}"><v>{r}</v></c></row>' for r in range(1, 90_001))
    wide = '<row r="90001"><c r="A90001"><v>1</v></c><c r="D90001"><v>4</v></c></row>'
    sheet = only_sheet(files.xlsx(tmp_path / "a.xlsx", rows + wide))
    batches = list(sheet.batches())
    assert {batch.num_columns for batch in batches} == {6}
    assert sheet.head(1) == [["1", "", "", ""]]
    assert [column[-1].as_py() for column in batches[-1].columns] == [90_001, 4, "1", "", "", "4"]


def test_an_old_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    book = xlwt.Workbook()
    sheet = book.add_sheet("一")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for column, value in enumerate(("户\n编号", 3, 1.5, True, 13812345678.0, 6.1992519800101e17)):
        sheet.write(3, column + 2, value)
    sheet.write(5, 2, datetime.date(2020, 1, 2), day)
    sheet.write_merge(6, 8, 2, 2, "并")
    sheet.write(8, 3, "x")
    hidden = book.add_sheet("藏")
    hidden.write(0, 0, "y")
    hidden.visibility = 2
    book.save(str(path))
    with sheets.read(path) as reading:
        first, second = reading.sheets
        assert first.head_rows(9) == [4, 6, 7, 9]
        assert first.head(1) == [
            ["", "", "户 编号", "3", "1.5", "TRUE", "13812345678", "6.1992519800101e+17"]
        ]
        assert [row[2:4] for row in first.head(9)[1:]] == [
            *(["2020-01-02", ""], ["并", ""], ["并", "x"])
        ]
        assert first.merges == ((7, 2, 9, 2),)
        assert (second.name, second.hidden, second.head(9)) == ("藏", True, [["y"]])


def test_an_error_of_a_binary_workbook(tmp_path: Path) -> None:
    (sheet,) = sheets.read(files.xlsb(tmp_path / "a.xlsb", [["甲"], ["乙"]], error=1)).sheets
    assert [row[:2] for row in sheet.head(9)] == [["甲", ""], ["乙", "#DIV/0!"]]


def test_errors_of_an_old_workbook(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    book.add_sheet("一").write(0, 0, "x")
    sheet = book.add_sheet("二")
    for row in range(2_000):
        sheet.write(row, 1, f"甲{row}")
    sheet.row(7).set_cell_error(2, "#DIV/0!")
    sheet.row(2_100).set_cell_error(1, "#REF!")
    sheet.write(3, 3, xlwt.Formula("1/B1"))
    path = tmp_path / "a.xls"
    book.save(str(path))
    place = struct.pack("<HH", 3, 3)  # of the formula, whose result was never stored
    result, content = path.read_bytes().index(place) + 6, bytearray(path.read_bytes())
    content[result : result + 8] = b"\x02\0\x07\0\0\0\xff\xff"
    path.write_bytes(content)
    first, second = sheets.read(path).sheets
    assert first.head(9) == [["x"]]
    assert second.head(4)[3] == ["", "甲3", "", "#DIV/0!"]
    assert second.head(8)[7] == ["", "甲7", "#DIV/0!", ""]
    assert (second.head(2_001)[-1], second.head_rows(2_001)[-1]) == (["", "#REF!", "", ""], 2_101)


def test_an_open_document(tmp_path: Path) -> None:
    text = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    cells = "".join(
        (
            '<table:table-cell office:value-type="string" table:number-rows-spanned="2">'
            "<text:p>并</text:p></table:table-cell>",
            '<table:table-cell office:value-type="float" office:value="3.0"/>',
            '<table:table-cell table:formula="of:=1/0" office:value-type="string" '
            'office:string-value=""><text:p>#DIV/0!</text:p></table:table-cell>',
            '<table:table-cell table:formula="of:=A9"/>',
            '<table:table-cell table:number-columns-repeated="2"/>',
            '<table:table-cell office:value-type="date" office:date-value="2020-01-02"/>',
            '<table:table-cell office:value-type="time" office:time-value="PT7H05M00S"/>',
            '<table:table-cell office:value-type="boolean" office:boolean-value="true"/>',
            '<table:table-cell office:value-type="string"><office:annotation><text:p>批注</text:p>'
            "</office:annotation><text:p>a<text:s/>b</text:p><text:p>c</text:p></table:table-cell>",
        )
    )
    path = files.ods(
        tmp_path / "a.ods",
        f"<table:table-row>{cells}</table:table-row>\n"
        f"<table:table-row><table:covered-table-cell/>{text.format('下')}</table:table-row>"
        '<table:table-row table:number-rows-repeated="3"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>'
        f'<table:table-row table:number-rows-repeated="2">{text.format("末")}</table:table-row>',
    )
    sheet = only_sheet(path)
    assert sheet.head_rows(9) == [1, 2, 6, 7]
    assert sheet.head(1) == [
        [*("并", "3", "#DIV/0!", "#FORMULA!", "", ""), "2020-01-02", "07:05:00", "TRUE", "a b c"]
    ]
    assert [row[:3] for row in sheet.head(9)[1:]] == [
        *(["并", "下", ""], ["末", "", ""], ["末", "", ""])
    ]
    assert (sheet.name, sheet.hidden, sheet.merges) == ("一", False, ((1, 0, 2, 0),))


def test_an_open_document_with_a_hidden_sheet(tmp_path: Path) -> None:
    parts = files.ods_parts('<table:table table:name="藏" table:style-name="ta1"/>')
    style = (
        b'<office:automatic-styles><style:style xmlns:style="s" style:name="ta1">'
        b'<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
    )
    content = parts["content.xml"].replace(b"<office:body>", style + b"<office:body>")
    sheet = only_sheet(files.archive(tmp_path / "a.ods", parts | {"content.xml": content}))
    assert (sheet.name, sheet.hidden) == ("藏", True)


def test_an_encrypted_open_document(tmp_path: Path) -> None:
    manifest = b"<manifest><encryption-data/></manifest>"
    parts = files.ods_parts("") | {"META-INF/manifest.xml": manifest, "content.xml": b"\x01\x02"}
    assert sheets.read(files.archive(tmp_path / "a.ods", parts)).refusal == "password"


def test_a_page_named_as_a_workbook(tmp_path: Path) -> None:
    page = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>
      <meta http-equiv="Content-Type" content="text/html; charset=gb2312">
      <style>td {mso-number-format:"\\@"} table > tr {}</style>
      <!--[if gte mso 9]><xml><x:Name><td>不见</td></x:Name></xml><![endif]-->
      <title>户信息</title></head><body><table border=1>
      <tr><th colspan="3">户&nbsp;信息</th></tr>
      <TR><TD ROWSPAN=2>镇安县<TD>a &lt;b&gt;<br/>c</TD><td style='x'><b>0</b>1</td></TR>
      <tr><td>  两
        行  </td><td></td></tr>
      <tr><td colspan=2 rowspan=2>甲</td><td>1</td></tr><tr><td>2</td></tr>
      <tr></tr></table><table><tr><td>单位</td><td>元</td></tr></table></body></html>"""
    path = tmp_path / "户.xls"
    path.write_bytes(page.encode("gb18030"))
    sheet = only_sheet(path)
    assert sheet.head(9) == [
        ["户\xa0信息", "", ""],
        ["镇安县", "a <b> c", "01"],
        ["镇安县", "两 行", ""],
        ["甲", "", "1"],
        ["甲", "", "2"],
        ["单位", "元", ""],
    ]
    assert sheet.head_rows(9) == [1, 2, 3, 4, 5, 7]
    assert sheet.merges == ((1, 0, 1, 2), (2, 0, 3, 0), (4, 0, 5, 1))


def test_a_table_inside_a_cell_begins_rows_of_its_own(tmp_path: Path) -> None:
    page = "<table><tr><td>外<table><tr><td>a</td><td>b</td></tr></table></td></tr></table>"
    path = tmp_path / "a.xls"
    path.write_text(page, "utf-16")
    assert read(path) == [["外", ""], ["a", "b"]]


def test_a_page_without_a_table(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_text("<html><body>登录超时,请重新登录</body></html>", "utf-8")
    assert sheets.read(path).refusal == "empty_file"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_an_xml_workbook_of_2003(tmp_path: Path, encoding: str) -> None:
    book = f"""<?xml version="1.0" encoding="{encoding}"?><?mso-application progid="Excel.Sheet"?>
      <Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
        xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:h="http://www.w3.org/TR">
      <Worksheet ss:Name="户"><Table>
      <Row><Cell ss:MergeAcross="1"><Data ss:Type="String">标题 &amp; 一</Data></Cell></Row>
      <Row ss:Index="3"><Cell ss:MergeDown="1"><Data ss:Type="Number">3.0</Data></Cell>
        <Cell ss:Index="3"><Data ss:Type="DateTime">2019-10-01T00:00:00.000</Data></Cell></Row>
      <Row><Cell><ss:Data ss:Type="String"><h:B>粗</h:B>体</ss:Data>
        <Comment><ss:Data>批注</ss:Data></Comment></Cell>
        <Cell><Data ss:Type="Boolean">1</Data></Cell><Cell ss:Formula="=R1C1"/>
        <Cell ss:Formula="=1/0"><Data ss:Type="Error">#DIV/0!</Data></Cell></Row>
      </Table></Worksheet><Worksheet ss:Name="藏"><Table/><WorksheetOptions>
      <Visible>SheetHidden</Visible></WorksheetOptions></Worksheet></Workbook>"""
    path = tmp_path / "a.xls"
    path.write_bytes(book.encode(encoding))
    with sheets.read(path) as reading:
        first, second = reading.sheets
        assert first.head_rows(9) == [1, 3, 4]
        assert first.head(9) == [
            ["标题 & 一", "", "", "", ""],
            ["3", "", "2019-10-01", "", ""],
            ["3", "粗体", "TRUE", "#FORMULA!", "#DIV/0!"],
        ]
        assert first.merges == ((1, 0, 1, 1), (3, 0, 4, 0))
        assert (second.name, second.hidden, second.rows_count) == ("藏", True, 0)


CELL = st.one_of(
    st.text(
        st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("<&>\"'_x\t\n户"),
        max_size=6,
    ),
    st.integers(-(10**15), 10**15).map(float),
    st.floats(-1e300, 1e300),
    st.booleans(),
    st.datetimes(ISO("1900-03-01"), ISO("9999-12-30")).map(lambda d: d.replace(microsecond=0)),
)


def as_stored(value: Any) -> Any:
    """A number as a workbook keeps it, with 16 digits."""
    return float(f"{value:.16G}") if isinstance(value, float) else value


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(CELL, max_size=4), min_size=1, max_size=8), st.booleans(), st.booleans())
def test_what_a_workbook_writer_writes_is_read(
    tmp_path: Path, rows: list[list[Any]], inline: bool, regular: bool
) -> None:
    """With shared or inline strings, in its own spelling and in the regular one."""
    data = BytesIO()
    with xlsxwriter.Workbook(data, {"constant_memory": inline, "in_memory": not inline}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, datetime.datetime):
                    sheet.write_datetime(number, column, value, day)
                elif isinstance(value, str):
                    sheet.write_string(number, column, value)
                else:
                    sheet.write(number, column, value)
    spool = Spool(tmp_path)
    with zipfile.ZipFile(data) as archive:
        if regular:
            workbook = xlsx.Workbook(archive, "xl/workbook.xml")
            with spool.sheet("") as out:
                workbook.extract(workbook.sheets[0], out, regular=True)
        else:
            xlsx.extract(archive, "xl/workbook.xml", spool)
    (about,) = spool.sheets
    width = about["width"]
    found = [
        (row["row"], [*list(row.values())[2:], *[""] * (width - len(row) + 2)])
        for batch in stored(tmp_path / about["path"], about["streams"])
        for row in batch.to_pylist()
    ]
    texts = [[one_line(stored_values.text_of(as_stored(v))) for v in row] for row in rows]
    assert found == [
        (number, [*row, *[""] * width][:width])
        for number, row in enumerate(texts, start=1)
        if any(cell and not cell.isspace() for cell in row)
    ]
