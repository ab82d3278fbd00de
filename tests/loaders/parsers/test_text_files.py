"""Delimited text in every encoding, quoting and state of repair."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loaders.parsers import delimited
from loaders.parsers import quoting as extract_quoting
from loaders.parsers.delimited import DELIMITERS, Dialect
from loaders.parsers.encoding import Decoder
from loaders.parsers.quoting import LINES, Quoting, proper
from loaders.parsers.spool import Spool, one_line, stored, without_breaks
from loaders.reading import sheets

TABLE = [["年度", "户编号", "姓名"], ["2018", "0001", "赵某"], ["2019", "0002", "钱某"]]


def text_of(rows: Sequence[Sequence[str]], delimiter: str = "\t", end: str = "\r\n") -> str:
    return end.join(delimiter.join(row) for row in rows)


def read(path: Path, content: bytes) -> tuple[list[int], list[list[str]]]:
    """Numbers and cells of a text file's rows, read as an import reads them."""
    path.write_bytes(content)
    with sheets.read(path) as reading:
        (sheet,) = reading.sheets
        assert sheet.name == ""
        return sheet.head_rows(999), sheet.head(999)


def rows_of(tmp_path: Path, content: bytes | str) -> list[list[str]]:
    return read(tmp_path / "a.txt", content.encode() if isinstance(content, str) else content)[1]


@pytest.mark.parametrize("delimiter", ["\t", ",", ";", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_encodings_and_delimiters(tmp_path: Path, encoding: str, delimiter: str) -> None:
    content = text_of([*TABLE, *[["2020", "0003", "abcdefghij"]] * 9], delimiter).encode(encoding)
    assert rows_of(tmp_path, content)[:3] == TABLE


def test_utf16_of_the_other_order_with_its_mark(tmp_path: Path) -> None:
    assert rows_of(tmp_path, b"\xfe\xff" + text_of(TABLE).encode("utf-16-be")) == TABLE


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-16"])
def test_rare_characters(tmp_path: Path, encoding: str) -> None:
    rows = [["姓名", "村"], ["𠮷某", "㐂家村"], ["㙍某", "䶮溪"]]
    assert rows_of(tmp_path, text_of(rows).encode(encoding)) == rows


def test_a_name_in_gb18030_that_is_valid_utf8(tmp_path: Path) -> None:
    """The last line alone would be read as UTF-8 and say Ǯĳ."""
    content = text_of(TABLE).encode("gb18030")
    assert content.rsplit(b"\n", 1)[1].decode("utf-8")
    assert rows_of(tmp_path, content) == TABLE


@pytest.mark.parametrize(("main", "other"), [("utf-8", "gb18030"), ("gb18030", "utf-8")])
def test_mixed_encodings_line_by_line(tmp_path: Path, main: str, other: str) -> None:
    rows = [["镇安县", "永乐街道", f"安山村{i}"] for i in range(20)]
    lines = [
        f"{text_of([row])}\n".encode(other if i % 7 == 3 else main) for i, row in enumerate(rows)
    ]
    assert rows_of(tmp_path, b"".join(lines)) == rows


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_broken_byte_is_marked_in_its_row_only(tmp_path: Path, encoding: str) -> None:
    lines = [f"永乐街道{i}\t安山村\n".encode(encoding) for i in range(5)]
    lines[2] = lines[2].replace("安".encode(encoding), "安".encode(encoding)[:-1] + b"\xff")
    rows = rows_of(tmp_path, b"".join(lines))
    assert [i for i, row in enumerate(rows) if "\ufffd" in "".join(row)] == [2]
    assert rows[3] == ["永乐街道3", "安山村"]
    assert rows[2][0] == "永乐街道2"


def test_nul_characters_stay_in_their_cell(tmp_path: Path) -> None:
    assert rows_of(tmp_path, "a\tb\nx\0y\t\0\n1\t2\n")[1] == ["x\0y", "\0"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(tmp_path: Path, end: str) -> None:
    assert rows_of(tmp_path, text_of(TABLE, end=end) + end) == TABLE


def test_a_title_with_commas_over_a_table_of_tabs(tmp_path: Path) -> None:
    title = "说明:甲,乙,丙,丁,戊,己,庚,辛,壬,癸"
    rows = rows_of(tmp_path, title + "\n" + text_of(TABLE) + "\n")
    assert rows == [[title, "", ""], *TABLE]


def test_rows_keep_their_number_and_their_length(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("题\n\na\tb\tc\n1\t2\n\t \t\n1\t2\t3\t4\n1\t2\t3\t\t\n", "utf-8")
    with sheets.read(path) as reading:
        (sheet,) = reading.sheets
        (batch,) = sheet.batches()
        assert batch["row"].to_pylist() == [1, 3, 4, 6, 7]
        assert batch["cells"].to_pylist() == [1, 3, 2, 4, 5]
        assert sheet.head(9)[2] == ["1", "2", "", "", ""]


def test_a_row_longer_than_all_before_counts_its_cells(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n" * 20 + "1,2,3\n1,2,\n1\n", "utf-8")
    with sheets.read(path) as reading:
        (batch,) = reading.sheets[0].batches()
        assert batch.num_columns == 4
        assert batch["cells"].to_pylist()[-3:] == [3, 2, 1]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_quoted_line_break_does_not_count_twice(tmp_path: Path, delimiter: str) -> None:
    content = 'a,b\n"1;5,6\t7","x\r\ny"\n2,z\n'.replace(",", delimiter)
    numbers, rows = read(tmp_path / "a.csv", content.encode())
    assert numbers == [1, 2, 3]
    assert rows[2] == ["2", "z"]
    assert rows[1][1] == "x y"


def test_doubled_quotes(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, 'a,b\n"say ""yes""","""\n"""\n"",x\n')
    assert rows == [["a", "b"], ['say "yes"', '" "'], ["", "x"]]


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ('"1,2', ['"1', "2"]),
        ('1,"2', ["1", '"2']),
        ('1,2"', ["1", '2"']),
        ('5"钢管,2', ['5"钢管', "2"]),
        ('"a"b,2', ['"a"b', "2"]),
        ('"a "b" c",2', ['"a "b" c"', "2"]),
        ('"""a",2', ['"a', "2"]),
        ('"a"""b,2', ['"a"""b', "2"]),
    ],
)
def test_a_stray_quote_is_a_character_and_swallows_nothing(
    tmp_path: Path, line: str, cells: list[str]
) -> None:
    before, after = [["a", "b"], ["1", "2"]], [["3", "4"]] * (LINES + 5)
    content = "\n".join([*map(",".join, before), line, *map(",".join, after)])
    numbers, rows = read(tmp_path / "a.csv", content.encode())
    assert rows == [*before, cells, *after]
    assert numbers == list(range(1, len(rows) + 1))


def test_two_stray_quotes_many_lines_apart(tmp_path: Path) -> None:
    lines = ['"a,b', *["1,2"] * (LINES + 1), 'c,d"', "3,4"]
    rows = rows_of(tmp_path, "\n".join(lines))
    assert len(rows) == LINES + 4
    assert (rows[0], rows[-2]) == (['"a', "b"], ["c", 'd"'])


def test_a_quote_that_opens_at_the_end_of_a_file(tmp_path: Path) -> None:
    assert rows_of(tmp_path, 'a,b\n1,2\n3,"') == [["a", "b"], ["1", "2"], ["3", '"']]
    assert rows_of(tmp_path, 'a,b\n1,2\n3,"x\n4,5') == [
        *(["a", "b"], ["1", "2"], ["3", '"x'], ["4", "5"])
    ]


# Cells of a table: no control characters, of which csv does not quote them all.
CELL = st.text(
    st.sampled_from("\",;\t|\n'年户0A ") | st.characters(exclude_categories=["Cs", "Cc"]),
    max_size=5,
)


# Of which text with quotes in every place is made, properly and not.
PIECES = ['"', '"', ",", "\n", "\r\n", "\r", '","', '"\n"', '"\r\n"', "a", "é"]


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """Rows of cells, all of one length."""
    width = draw(st.integers(2, 4))
    row = st.lists(CELL, min_size=width, max_size=width)
    return draw(st.lists(row, min_size=1, max_size=12))


def written(rows: list[list[str]], delimiter: str, *, all_quoted: bool) -> bytes:
    out = io.StringIO(newline="")
    quoting: Literal[0, 1] = csv.QUOTE_ALL if all_quoted else csv.QUOTE_MINIMAL
    csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def in_blocks(content: bytes, lines: int) -> list[bytes]:
    """Content in blocks of so many lines, as the decoder gives them."""
    all_lines = re.findall(b"[^\n]*\n|[^\n]+$", content)
    return [b"".join(all_lines[i : i + lines]) for i in range(0, len(all_lines), lines)]


def parsed(blocks: Iterable[bytes], dialect: Dialect) -> tuple[list[list[str]], int]:
    """Cells of the rows in blocks of properly quoted text, and how many records there are."""
    found, count = [], 0
    for block in blocks:
        rows, records = delimited.parse(block, dialect)
        count += records
        found += [list(row.values())[2:] for row in without_breaks(rows).to_pylist()]
    return found, count


@settings(max_examples=200)
@given(tables(), st.sampled_from(DELIMITERS), st.booleans(), st.integers(1, 9))
def test_what_is_written_with_quotes_is_read(
    rows: list[list[str]], delimiter: str, all_quoted: bool, lines: int
) -> None:
    """In blocks of any number of lines, record for record as the csv module reads it."""
    content = written(rows, delimiter, all_quoted=all_quoted)
    blocks = proper(in_blocks(content, lines), delimiter)
    expected = [[one_line(cell) for cell in row] for row in rows]
    assert parsed(blocks, Dialect(delimiter, len(rows[0]))) == (expected, len(rows))


@settings(max_examples=300)
@given(
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.integers(1, 9),
    st.integers(1, 9),
    st.integers(1, 9),
)
def test_stray_quotes_are_the_same_on_either_path(
    content: str, lines: int, limit: int, piece: int
) -> None:
    """Whole blocks at once, blocks of few lines, and record by record."""
    with mock.patch.multiple(extract_quoting, LINES=limit, _PIECE=piece):
        assert_same_on_either_path(content, lines)


@settings(max_examples=300)
@given(
    st.lists(st.sampled_from(PIECES), max_size=14).map("".join),
    st.sampled_from(['"\n', '"\r\n']),
    st.integers(1, 9),
)
def test_a_quick_look_takes_nothing_for_quoted_that_is_not(
    content: str, end: str, piece: int
) -> None:
    """What it says yes to is properly quoted to who looks at each quote."""
    data, quoting = f'"{content}{end}'.encode(), Quoting(",")
    with mock.patch.multiple(extract_quoting, LINES=1, _PIECE=piece):
        if quoting._all_quoted(data):
            with mock.patch.object(Quoting, "_all_quoted", return_value=False):
                assert quoting._proper_length(data) == len(data)


@settings(max_examples=200)
@given(
    st.lists(st.lists(st.sampled_from(["", "a", "年", "a,b", "c\nd"]), min_size=1), min_size=1),
    st.sampled_from(["\n", "\r\n"]),
    st.integers(1, 9),
)
def test_a_quick_look_knows_what_is_quoted_cell_by_cell(
    rows: list[list[str]], end: str, piece: int
) -> None:
    data = "".join('"' + '","'.join(row) + '"' + end for row in rows).encode()
    breaks = sum(cell.count("\n") for row in rows for cell in row)
    with mock.patch.multiple(extract_quoting, LINES=breaks, _PIECE=piece):
        assert Quoting(",")._all_quoted(data)
    with mock.patch.multiple(extract_quoting, LINES=breaks - 1, _PIECE=piece):
        assert not Quoting(",")._all_quoted(data)


def test_a_line_that_ends_in_a_later_block_is_put_together() -> None:
    content = ("ab\n" * 1500 + "c" * 50 + "\nd\n" * 5 + "e").encode()
    blocks = list(Decoder(io.BytesIO(content), 7).blocks())
    assert b"".join(blocks) == content
    assert all(block.endswith(b"\n") for block in blocks[:-1]) and len(blocks) > 2


def assert_same_on_either_path(content: str, lines: int) -> None:
    data, dialect = content.encode(), Dialect(",", 3)
    whole = parsed(proper([data], ","), dialect)
    assert parsed(proper(in_blocks(data, lines), ","), dialect) == whole
    quoting, records, start = Quoting(","), [], 0
    while start < len(data):
        record = quoting.record(data, start, final=True)
        assert record is not None
        records.append(record[0])
        start = record[1]
    assert parsed([b"".join(records)], dialect) == whole


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tables(), st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]))
def test_what_is_written_is_read_through_every_encoding(
    tmp_path: Path, rows: list[list[str]], encoding: str
) -> None:
    rows = [["户编号,", *row, "完"] for row in rows]
    content = written(rows, ",", all_quoted=True).decode().encode(encoding)
    spool = Spool(tmp_path)
    delimited.extract(io.BytesIO(content), spool)
    (sheet,) = spool.sheets
    stream = stored(tmp_path / sheet["path"], sheet["streams"])
    found = [list(row.values())[2:] for batch in stream for row in batch.to_pylist()]
    assert found == [[one_line(cell) for cell in row] for row in rows]
