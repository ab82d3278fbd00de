"""Files to columns of text, in every encoding and format, and what does not get through."""

from __future__ import annotations

import codecs
import datetime
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loaders import extract, extract_spool, extract_values, readers
from tests.loaders import sheets

TABLE = [["年度", "户编号", "姓名"], ["2018", "0001", "赵某"], ["2019", "0002", "钱某"]]


def text_file(path: Path, rows: list[list[str]], delimiter: str, encoding: str) -> Path:
    path.write_bytes("\r\n".join(delimiter.join(row) for row in rows).encode(encoding))
    return path


def extracted(path: Path, folder: Path) -> dict[str, Any]:
    """What comes of a file, in this process."""
    with path.open("rb") as source:
        return extract.outcome(source, folder)


@pytest.mark.parametrize("delimiter", ["\t", ",", ";", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_in_every_encoding_and_delimiter(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    reading = readers.read(text_file(tmp_path / "a.txt", TABLE, delimiter, encoding))
    (sheet,) = reading.sheets
    assert sheet.head(9) == TABLE
    assert (sheet.file, sheet.name) == ("a.txt", "")
    assert sheet.rows["row"].to_pylist() == [1, 2, 3]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark(tmp_path: Path, encoding: str) -> None:
    path = text_file(tmp_path / "a.txt", [["year", "id"], ["2018", "0001"]], "\t", encoding)
    assert readers.read(path).sheets[0].head(2) == [["year", "id"], ["2018", "0001"]]


def test_a_broken_byte_is_marked_and_does_not_end_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("年度\t姓名\r\n2018\t赵".encode("gb18030") + b"\xff\r\n" + b"2019\tx\r\n")
    rows = readers.read(path).sheets[0].head(3)
    assert rows[0] == ["年度", "姓名"] and rows[2] == ["2019", "x"]
    assert "\ufffd" in rows[1][1]


def test_rows_keep_their_line_and_their_length(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("题\n\na\tb\tc\n1\t2\n\t\t\n1\t2\t3\t4\n1\t2\t3\t\t\n", "utf-8")
    (sheet,) = readers.read(path).sheets
    assert sheet.rows["row"].to_pylist() == [1, 3, 4, 6, 7]
    assert sheet.rows["cells"].to_pylist() == [1, 3, 2, 4, 5]
    assert sheet.head(9)[2] == ["1", "2", "", "", ""]


def test_quoted_cells_of_comma_files(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('a,b\n"1,5","x\ny"\n2,z\n', "utf-8")
    (sheet,) = readers.read(path).sheets
    assert sheet.head(9) == [["a", "b"], ["1,5", "x y"], ["2", "z"]]
    assert sheet.rows["row"].to_pylist() == [1, 2, 3]


def test_a_stray_quote_in_a_tab_file_is_a_character(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text('a\tb\n"1\t2\n3\t4\n', "utf-8")
    assert readers.read(path).sheets[0].head(3) == [["a", "b"], ['"1', "2"], ["3", "4"]]


def test_cells_of_a_workbook_as_text(tmp_path: Path) -> None:
    rows = [["标题"], [], ["户\n编号", "b"], [3, 1.5], [6.1102519800101e17, True], ["007", "a\tb"]]
    path = sheets.workbook(tmp_path / "a.xlsx", {"一": rows, "空": []})
    first, empty = readers.read(path).sheets
    assert (first.name, empty.name, empty.rows.num_rows) == ("一", "空", 0)
    assert first.rows["row"].to_pylist() == [1, 3, 4, 5, 6]
    assert first.head(9) == [
        ["标题", ""],
        ["户 编号", "b"],
        ["3", "1.5"],
        ["6.1102519800101e+17", "TRUE"],
        ["007", "a b"],
    ]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (datetime.datetime.fromisoformat("2020-01-02"), "2020-01-02"),
        (datetime.datetime.fromisoformat("2020-01-02 03:04"), "2020-01-02 03:04:00"),
        (datetime.date(2020, 1, 2), "2020-01-02"),
        (123456789012345.0, "123456789012345"),
        (1e15, "1000000000000000.0"),
        (0.1, "0.1"),
        ("", ""),
    ],
)
def test_text_of_a_cell(cell: object, text: str) -> None:
    assert extract_values.text_of(cell) == text


def test_an_open_document(tmp_path: Path) -> None:
    office = "urn:oasis:names:tc:opendocument:xmlns:"
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p>'
            "</table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in TABLE
    )
    content = (
        f'<office:document-content xmlns:office="{office}office:1.0" '
        f'xmlns:table="{office}table:1.0" xmlns:text="{office}text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="表">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    (sheet,) = readers.read(path).sheets
    assert (sheet.name, sheet.head(9)) == ("表", TABLE)


def test_hidden_sheets_are_read_and_said_to_be_hidden(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("见").write(0, 0, "x")
        hidden = book.add_worksheet("藏")
        hidden.write(0, 0, "y")
        hidden.hide()
    found = readers.read(path).sheets
    assert [(sheet.name, sheet.hidden) for sheet in found] == [("见", False), ("藏", True)]


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6),
            min_size=2,
            max_size=2,
        ),
        min_size=1,
        max_size=6,
    )
)
def test_what_is_written_is_read(tmp_path: Path, rows: list[list[str]]) -> None:
    """Through a tab file, but for blank rows and the marks that lines are split at."""
    breaks = dict.fromkeys(map(ord, "\u2028\u2029\x85\ufeff"), "-")
    rows = [[cell.translate(breaks) for cell in row] for row in rows]
    path = text_file(tmp_path / "a.txt", rows, "\t", "utf-8-sig")
    reading = readers.read(path)
    filled = [row for row in rows if any(row)]
    assert [row for sheet in reading.sheets for row in sheet.head(9)] == filled


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.xlsx", b"PK\x03\x04 not a zip", "unreadable_file"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "unreadable_file"),
    ],
)
def test_broken_workbooks_are_refused(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert readers.read(path).refusal == reason


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    assert readers.read(tmp_path / "none.xlsx").refusal == "missing_file"


def test_a_workbook_that_unpacks_without_end_is_not_unpacked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(extract, "UNPACKED", 1 << 20)
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes((1 << 20) + 1))
    assert path.stat().st_size < 1 << 12
    assert extracted(path, tmp_path) == {"refusal": "too_large"}


def test_reading_takes_no_longer_than_allowed(tmp_path: Path) -> None:
    path = text_file(tmp_path / "a.txt", TABLE, "\t", "utf-8")
    assert readers.read(path, seconds=0.001).refusal == "timeout"


def test_more_text_than_allowed_is_refused(tmp_path: Path) -> None:
    path = text_file(tmp_path / "a.txt", TABLE, "\t", "utf-8")
    spool = extract_spool.Spool(tmp_path, room=30)
    with path.open("rb") as source, pytest.raises(extract.Refused, match="too_large"):
        extract.extract(source, spool)


def test_files_come_in_the_order_given(tmp_path: Path) -> None:
    paths = [text_file(tmp_path / f"{i}.txt", TABLE, "\t", "utf-8") for i in range(7)]
    assert [reading.path for reading in readers.read_all(paths)] == paths
    assert list(readers.read_all([])) == []


def test_folders_are_searched_for_exports_only(tmp_path: Path) -> None:
    for name in ("b/户.xlsx", "a.TXT", "~$户.xlsx", ".a.csv", "说明.docx", "c.ods"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(codecs.BOM_UTF8)
    given = tmp_path / "说明.docx"
    found = readers.find([tmp_path, given, tmp_path / "a.TXT"])
    assert [path.name for path in found] == ["a.TXT", "户.xlsx", "c.ods", "说明.docx"]
