"""Files that are not what they say, are broken, or were made to break who opens them."""

from __future__ import annotations

import os
import signal
import struct
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loaders.accounts.audit import labels
from loaders.parsers import dispatch, server
from loaders.parsers.xml_events import column_letters
from loaders.reading import sheets as readers
from loaders.reading.parser_client import PARSER
from loaders.reading.sheets import Unread
from tests.loaders import files, sheets

ROWS = [["户编号", "姓名"], ["0001", "赵某"], ["0002", "钱某"]]
ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)
CELL = '<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>'


def old_workbook(path: Path) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("一")
    for number, row in enumerate(ROWS):
        for column, cell in enumerate(row):
            sheet.write(number, column, cell)
    book.save(str(path))
    return path


def stored_workbook(path: Path) -> Path:
    """A workbook whose parts are not compressed, so that damage reaches the XML."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as out:
        for name, data in files.xlsx_parts(CELL).items():
            out.writestr(name, data)
    return path


SAMPLES: dict[str, Callable[[Path], Path]] = {
    "a.xls": old_workbook,
    "a.xlsx": stored_workbook,
    "b.xlsx": lambda path: sheets.workbook(path.with_suffix(".xlsx"), {"一": ROWS}),
    "a.xlsb": lambda path: files.xlsb(path, ROWS),
    "a.ods": lambda path: files.ods(path, ROWS),
}


def read(path: Path) -> list[list[str]] | str:
    """The rows of a file's only sheet, or the reason why there are none."""
    with readers.read(path) as reading:
        if reading.refusal:
            return reading.refusal
        (sheet,) = reading.sheets
        return sheet.head(99)


@pytest.mark.parametrize("content", [b"", b"\n\r\n  \n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_nothing_in_a_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "户.csv"
    path.write_bytes(content)
    assert read(path) == "empty_file"


def test_a_truncated_workbook(tmp_path: Path) -> None:
    path = sheets.workbook(tmp_path / "a.xlsx", {"一": ROWS})
    path.write_bytes(path.read_bytes()[:-200])
    assert read(path) == "unreadable_file"


def test_a_part_that_fails_its_checksum(tmp_path: Path) -> None:
    parts = files.xlsx_parts(CELL)
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as out:
        for name, data in parts.items():
            out.writestr(name, data)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"<t>x</t>", b"<t>y</t>"))
    assert path.read_bytes() != content
    assert read(path) == "unreadable_file"


def test_a_damaged_deflate_stream(tmp_path: Path) -> None:
    path = sheets.workbook(tmp_path / "a.xlsx", {"一": [["甲"] * 9] * 99})
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("xl/worksheets/sheet1.xml").header_offset + 80
    content = bytearray(path.read_bytes())
    content[start : start + 20] = bytes(20)
    path.write_bytes(content)
    assert read(path) == "unreadable_file"


@pytest.mark.parametrize("name", ["a.xls", "a.csv", "a.ods", "a"])
def test_a_workbook_under_another_name(tmp_path: Path, name: str) -> None:
    path = sheets.workbook(tmp_path / "a.xlsx", {"一": ROWS}).rename(tmp_path / name)
    assert read(path) == ROWS


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_text_under_a_workbooks_name(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "户.xlsx"
    path.write_text("\n".join(map(",".join, ROWS)), encoding)
    assert read(path) == ROWS


def test_binary_and_open_workbooks(tmp_path: Path) -> None:
    assert read(files.xlsb(tmp_path / "a.xlsb", ROWS)) == ROWS
    assert read(files.ods(tmp_path / "a.ods", ROWS)) == ROWS
    assert read(sheets.workbook(tmp_path / "a.xlsm", {"一": ROWS})) == ROWS


@pytest.mark.parametrize(
    "beginning",
    [
        b"%PDF-1.7",
        b"\x89PNG\r\n",
        b"Rar!\x1a",
        b"7z\xbc\xaf'",
        b"\x1f\x8b\x08",
        b"\x09\x08\x10\x00",
    ],
)
def test_formats_that_hold_no_table(tmp_path: Path, beginning: bytes) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(beginning + bytes(range(256)) * 9)
    assert read(path) == "unsupported_format"


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(bytes(b for b in range(256) if b not in (9, 10, 13)) * 20)
    assert read(path) == "unsupported_format"


def test_a_document_that_is_no_workbook(tmp_path: Path) -> None:
    assert read(files.archive(tmp_path / "a.xlsx", {"word/document.xml": b""})) == (
        "unsupported_format"
    )


def test_encrypted_workbooks(tmp_path: Path) -> None:
    assert read(files.encrypted(tmp_path / "a.xlsx")) == "password"
    path = files.archive(tmp_path / "b.xlsx", files.xlsx_parts(CELL))
    content = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := content.find(mark, at + 1)) >= 0:
            content[at + offset] |= 1
    path.write_bytes(content)
    assert read(path) == "password"


def test_an_archive_that_unpacks_without_end(tmp_path: Path) -> None:
    """It says so itself; what it says is also what is unpacked at most."""
    parts = files.xlsx_parts(CELL)
    path = files.archive(tmp_path / "bomb.xlsx", parts)
    content = path.read_bytes()
    at = content.rindex(b"PK\x01\x02")
    claimed = struct.pack("<I", 0xFFFF_FFF0)
    path.write_bytes(content[: at + 24] + claimed + content[at + 28 :])
    assert read(path) == "too_large"


def test_a_row_without_end(tmp_path: Path) -> None:
    """A small archive with a part of 100 MB that never closes its row."""
    cells = '<c r="A1"><v>1</v></c>' * 5_000_000
    path = files.xlsx(tmp_path / "a.xlsx", f'<row r="1">{cells}')
    assert path.stat().st_size < 1 << 20
    assert read(path) == "too_large"


def test_text_cells_that_share_one_long_string(tmp_path: Path) -> None:
    """A hundred megabytes of text from a kilobyte: written once, taken a hundred thousand times."""
    shared = files.strings("<t>" + "x" * 32_000 + "</t>")
    cells = "".join(f'<row r="{r}"><c r="A{r}" t="s"><v>0</v></c></row>' for r in range(1, 200_000))
    path = files.xlsx(tmp_path / "a.xlsx", cells, sharedStrings=shared)
    assert read(path) == "too_large"


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    book = files.xlsx_parts("")["xl/workbook.xml"].decode()
    sheet = f'<worksheet xmlns="{files.MAIN}"><sheetData>{CELL.replace("x", "&i;")}</sheetData>'
    for part, text in (
        ("xl/workbook.xml", ENTITIES + book),
        ("xl/worksheets/sheet1.xml", ENTITIES + sheet + "</worksheet>"),
        ("xl/sharedStrings.xml", ENTITIES + files.strings("<t>&i;</t>")),
        ("xl/styles.xml", ENTITIES + files.styles(14)),
    ):
        path = files.archive(tmp_path / "a.xlsx", files.xlsx_parts(CELL, more={part: text}))
        assert read(path) == "unsafe_markup", part


def test_an_entity_of_the_files_system_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table><Row>'
        '<Cell><Data Type="String">&a;</Data></Cell></Row></Table></Worksheet></Workbook>'
    )
    assert read(path) == "unsafe_markup"


def test_a_member_outside_the_archive(tmp_path: Path) -> None:
    for name in ("../../户.csv", "xl/../../x", "..\\户.csv"):
        path = files.archive(tmp_path / "a.zip", {name: b"a,b\n", "b.csv": b"a,b\n"})
        assert read(path) == "unsafe_archive", name


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_twice(tmp_path: Path) -> None:
    parts = [*files.xlsx_parts(CELL).items(), ("xl/worksheets/sheet1.xml", b"<worksheet/>")]
    assert read(files.archive(tmp_path / "a.xlsx", parts)) == "unsafe_archive"
    other = [*files.xlsx_parts(CELL).items(), ("XL/Worksheets\\Sheet1.xml", b"<worksheet/>")]
    assert read(files.archive(tmp_path / "b.xlsx", other)) == "unsafe_archive"


def test_an_archive_of_exports(tmp_path: Path) -> None:
    inner = sheets.workbook(tmp_path / "户.xlsx", {"一": ROWS})
    members = {
        "导出/户.xlsx": inner.read_bytes(),
        "导出/人.csv": b"a,b\n1,2\n",
        "导出/说明.docx": b"",
        "__MACOSX/._人.csv": b"x",
        "坏.xlsx": b"PK\x03\x04",
        "内.zip": files.archive(tmp_path / "x.zip", {"a.csv": b"a,b"}).read_bytes(),
    }
    with readers.read(files.archive(tmp_path / "六月.zip", members)) as reading:
        assert [(s.file, s.name, s.head(1)) for s in reading.sheets] == [
            ("六月.zip/导出/户.xlsx", "一", ROWS[:1]),
            ("六月.zip/导出/人.csv", "", [["a", "b"]]),
        ]
        assert reading.refused == (
            Unread("六月.zip/坏.xlsx", "unreadable_file"),
            Unread("六月.zip/内.zip", "nested_archive"),
        )


def test_an_archives_names_in_the_systems_own_encoding(tmp_path: Path) -> None:
    path = files.archive(tmp_path / "a.zip", {"XXXX.csv": b"a,b\n1,2\n"})
    path.write_bytes(path.read_bytes().replace(b"XXXX", "户表".encode("gb18030")))
    with readers.read(path) as reading:
        assert reading.sheets[0].file == "a.zip/户表.csv"


def test_a_sheet_that_cannot_be_read_leaves_the_others(tmp_path: Path) -> None:
    """And is named, with the file, also in an archive."""
    book = _second_sheet(tmp_path, b"")
    path = files.archive(tmp_path / "a.zip", {"a.xlsx": book.read_bytes(), "b.csv": b"a,b\n1,2\n"})
    with readers.read(book) as reading:
        assert [sheet.name for sheet in reading.sheets] == ["一"]
        assert reading.refused == (Unread("a.xlsx", "unreadable_file", "二"),)
    with readers.read(path) as reading:
        assert [sheet.file for sheet in reading.sheets] == ["a.zip/a.xlsx", "a.zip/b.csv"]
        assert reading.refused == (Unread("a.zip/a.xlsx", "unreadable_file", "二"),)


def test_a_refusal_names_the_sheet_and_the_cell_where_reading_stopped(tmp_path: Path) -> None:
    """Also where no other sheet is left; a comment makes the sheet be read element by element."""
    broken = f'<worksheet xmlns="{files.MAIN}"><!-- --><sheetData>{CELL}<row r="7"><c r="C7"><v>'
    book = _second_sheet(tmp_path, broken.encode())
    with readers.read(book) as reading:
        assert reading.refused == (Unread("a.xlsx", "unreadable_file", "二", "C7"),)
    alone = files.xlsx_parts("") | {"xl/worksheets/sheet1.xml": broken.encode()}
    reading = readers.read(files.archive(tmp_path / "b.xlsx", alone))
    assert reading.refusal == "unreadable_file"
    assert reading.refused == (Unread("b.xlsx", "unreadable_file", "一", "C7"),)


def _second_sheet(tmp_path: Path, content: bytes) -> Path:
    """A workbook of a sheet 一 and a sheet 二 of that content, which is missing if it is empty."""
    parts = files.xlsx_parts(
        CELL,
        more={
            "xl/workbook.xml": files.xlsx_parts("")["xl/workbook.xml"]
            .decode()
            .replace("</sheets>", '<sheet name="二" sheetId="2" r:id="rId2"/></sheets>'),
            "xl/_rels/workbook.xml.rels": files.xlsx_parts("")["xl/_rels/workbook.xml.rels"]
            .decode()
            .replace("</R", '<Relationship Id="rId2" Type="/worksheet" Target="none.xml"/></R'),
        },
    )
    added = {"xl/none.xml": content} if content else {}
    return files.archive(tmp_path / "a.xlsx", parts | added)


def test_an_archive_without_exports(tmp_path: Path) -> None:
    assert read(files.archive(tmp_path / "a.zip", {"说明.docx": b"x"})) == "unsupported_format"
    assert read(files.archive(tmp_path / "b.zip", {})) == "unsupported_format"


def test_cells_at_the_far_corner(tmp_path: Path) -> None:
    far = '<row r="1048576"><c r="B1048576"><v>7</v></c><c r="XFD1048576"><v>9</v></c></row>'
    path = files.xlsx(tmp_path / "a.xlsx", CELL + far)
    with readers.read(path) as reading:
        (sheet,) = reading.sheets
        assert (sheet.head(9), sheet.head_rows(9)) == ([["x", ""], ["", "7"]], [1, 1_048_576])
        assert (sheet.width, sheet.strays) == (2, 1)


def test_the_tallest_sheet(tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{r}"><c r="A{r}"><v>{r}</v></c><c r="B{r}"><v>{r % 7}.5</v></c></row>'
        for r in range(1, 1_048_577)
    )
    with readers.read(files.xlsx(tmp_path / "a.xlsx", rows)) as reading:
        (sheet,) = reading.sheets
        assert sheet.rows_count == 1_048_576
        assert max(batch.num_rows for batch in sheet.batches()) <= 65_536
        *_, last = sheet.batches()
        assert [column[-1].as_py() for column in last.columns] == [1_048_576, 2, "1048576", "4.5"]


def test_the_widest_sheet(tmp_path: Path) -> None:
    names = [column_letters(n) for n in range(1, 16_385)]
    cells = "".join(f'<c r="{name}%d"><v>7</v></c>' for name in names)
    rows = "".join(f'<row r="{r}">{cells.replace("%d", str(r))}</row>' for r in (1, 2, 3))
    with readers.read(files.xlsx(tmp_path / "a.xlsx", rows)) as reading:
        (sheet,) = reading.sheets
        assert (names[-1], sheet.width, sheet.rows_count) == ("XFD", 16_384, 3)
        assert {len(row) for row in sheet.head(3)} == {16_384}
        assert sheet.head(3)[2][16_383] == "7"


def test_a_hundred_thousand_styles(tmp_path: Path) -> None:
    cells = "".join(f'<c r="{c}1" s="{s}"><v>43831</v></c>' for c, s in (("A", 9), ("B", 100_000)))
    styles = files.styles(*[0] * 100_000, 14)
    path = files.xlsx(tmp_path / "a.xlsx", f'<row r="1">{cells}</row>', styles=styles)
    assert read(path) == [["43831", "2020-01-01"]]


def test_external_links_are_not_followed(tmp_path: Path) -> None:
    link = '<externalLink xmlns="x"><externalBook r:id="rId1" xmlns:r="y"/></externalLink>'
    target = (
        '<Relationships><Relationship Id="rId1" Type="x/externalLinkPath" TargetMode="External"'
    )
    parts = files.xlsx_parts(
        '<row r="1"><c r="A1"><f>[1]一!A1</f><v>5</v></c></row>',
        more={
            "xl/externalLinks/externalLink1.xml": link,
            "xl/externalLinks/_rels/externalLink1.xml.rels": target
            + ' Target="http://127.0.0.1:9/x.xlsx"/></Relationships>',
        },
    )
    assert read(files.archive(tmp_path / "a.xlsx", parts)) == [["5"]]


NUMBER = "619925198001010017"  # of nobody: there is no such division


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (" 户 信息 .csv", " 户 信息 .csv".strip()),
        ("户😀.csv", "户😀.csv"),
        ("-rf.csv", "-rf.csv"),
        ("户\n信息\t.csv", "户 信息 .csv"),
        ("户" * 80 + ".csv", "户" * 80 + ".csv"),
        (f"{NUMBER}赵某.csv", "6*****************赵某.csv"),
        (".csv", ".csv"),
        ("a'b\"c;$(x).csv", "a'b\"c;$(x).csv"),
    ],
)
def test_odd_file_names(tmp_path: Path, name: str, shown: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"a,b\n1,2\n")
    with readers.read(path, tmp_path) as reading:
        assert (reading.file, reading.sheets[0].file) == (shown, shown)
        assert reading.sheets[0].head(2) == [["a", "b"], ["1", "2"]]


def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xbb\xa7.csv"))
    path.write_bytes(b"a,b\n1,2\n")
    with readers.read(path) as reading:
        reading.file.encode()
        assert reading.sheets[0].head(1) == [["a", "b"]]


def test_a_number_in_a_name_reaches_no_process_and_no_folder(tmp_path: Path) -> None:
    path = files.archive(tmp_path / f"{NUMBER}.zip", {f"{NUMBER}.csv": b"a,b\n1,2\n"})
    spool = tmp_path / "spool"
    spool.mkdir()
    with readers.read(path, spool) as reading:
        assert reading.sheets[0].file == "6*****************.zip/6*****************.csv"
        assert not any(NUMBER in str(made) for made in spool.rglob("*"))
        assert PARSER.pid is not None
        command = Path(f"/proc/{PARSER.pid}/cmdline").read_bytes()
    assert NUMBER.encode() not in command
    assert server.__file__.encode() in command


def test_what_is_no_file(tmp_path: Path) -> None:
    pipe = tmp_path / "a.csv"
    os.mkfifo(pipe)
    assert readers.read(pipe).refusal == "unreadable_file"
    assert readers.read(tmp_path).refusal == "unreadable_file"
    assert readers.read(tmp_path / "none.csv").refusal == "missing_file"


def test_a_parser_that_ends_ends_alone(tmp_path: Path) -> None:
    """A server that was killed is replaced; the next file is read."""
    path = files.ods(tmp_path / "a.ods", ROWS)
    assert read(path) == ROWS
    assert PARSER.pid is not None
    os.kill(PARSER.pid, signal.SIGKILL)
    time.sleep(0.2)
    assert read(path) == ROWS


def test_more_memory_than_allowed(tmp_path: Path) -> None:
    """A binary workbook whose only cells are at two corners: its parser lays out all between."""
    path = files.xlsb(tmp_path / "a.xlsb", [["x"]], corner=(1_048_575, 16_383))
    assert read(path) == "too_large"
    assert read(files.ods(tmp_path / "a.ods", ROWS)) == ROWS


def test_a_panic_is_a_refusal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Panic(BaseException):
        """As the workbook parser raises it."""

    def panic(*_: object) -> None:
        raise Panic

    monkeypatch.setattr(dispatch.binary_books, "extract", panic)
    with files.xlsb(tmp_path / "a.xlsb", ROWS).open("rb") as source:
        assert dispatch.outcome(source, tmp_path) == {"refusal": "unreadable_file"}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(sorted(SAMPLES)),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=4)), max_size=5),
)
def test_a_damaged_file_is_read_or_refused_for_a_known_reason(
    tmp_path: Path, sample: str, damage: list[tuple[float, bytes]]
) -> None:
    path = tmp_path / sample
    content = bytearray(SAMPLES[sample](tmp_path / "whole").read_bytes())
    for place, noise in damage:
        at = int(place * len(content))
        content[at : at + len(noise)] = noise
    path.write_bytes(content)
    with readers.read(path) as reading:
        assert reading.refusal is None or reading.refusal in labels()
        for sheet in reading.sheets:
            assert sum(batch.num_rows for batch in sheet.batches()) == sheet.rows_count


def test_a_folder_that_cannot_be_written_is_no_fault_of_the_file(tmp_path: Path) -> None:
    with files.ods(tmp_path / "a.ods", ROWS).open("rb") as source:
        assert dispatch.outcome(source, tmp_path / "none") == {"fault": 2}
    with pytest.raises(FileNotFoundError):
        readers.read(tmp_path / "a.ods", tmp_path / "none")


def test_a_spool_that_is_full(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no device that is always full")
    (tmp_path / "1.arrow").symlink_to("/dev/full")
    with files.ods(tmp_path / "a.ods", ROWS).open("rb") as source:
        assert dispatch.outcome(source, tmp_path) == {"fault": 28}
