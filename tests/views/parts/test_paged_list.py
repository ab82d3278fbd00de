"""A list on the page itself: cells and links, and the workbook of every row."""

from __future__ import annotations

from io import BytesIO

import pyarrow as pa
import pytest
from python_calamine import CalamineWorkbook

from metrics.county import County
from store.reader import Reader
from tests.small_county import HILL
from tests.views.parts.test_pieces import _stage
from views.browser.markup import h
from views.parts.paged_list import Column, Wanted, village, workbook

MARK = "李四 · 12:ab"
_ROWS = pa.table({"name": ["甲", "=1+1", None], "count": [3, None, 1200]})


def _wanted() -> Wanted:
    def rows(_reader: Reader, offset: int, limit: int | None) -> pa.Table:
        return _ROWS.slice(offset, limit) if limit else _ROWS.slice(offset)

    return Wanted("三户", "试验县 · 2025", _ROWS.num_rows, rows)


_COLUMNS = [
    Column("head_name", lambda row: row["name"]),
    Column("people_now", lambda row: row["count"], numeric=True),
]


def _sheet(county: County) -> list[list[object]]:
    book = workbook(_stage(county), _wanted(), _COLUMNS, MARK)
    return CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_index(0).to_python()


def test_the_workbook_says_what_was_filtered_and_when(small: County) -> None:
    title, words, day, heads, *_ = _sheet(small)
    assert "试验县" in str(title[0]) and "模拟数据" in str(title[0])
    assert str(words[0]).endswith("三户 试验县 · 2025")
    assert str(day[0]).endswith(f"2025-12-31 · {MARK}")
    assert heads == ["户主", "期末人数"]


def test_every_row_is_written_numbers_as_numbers(small: County) -> None:
    rows = _sheet(small)[4:]
    assert [row[1] for row in rows] == [3.0, "", 1200.0]
    assert rows[2][0] == "", "a name that is not known stays empty"


def test_no_text_is_taken_for_a_formula(small: County) -> None:
    assert _sheet(small)[5][0] == "'=1+1"


def test_a_village_is_written_by_its_official_name_and_shown_as_people_say(small: County) -> None:
    stage, rows = _stage(small), pa.table({"village_code": [HILL]})
    column = village(stage)
    wanted = Wanted("一村", "试验县", 1, lambda reader, offset, limit: rows)
    book = CalamineWorkbook.from_filelike(BytesIO(workbook(stage, wanted, [column], MARK)))
    assert book.get_sheet_by_index(0).to_python()[4] == ["高坡村村民委员会"]
    assert column.says({"village_code": HILL}) == "高坡"


def test_markup_has_no_place_in_a_workbook(small: County) -> None:
    columns = [Column("head_name", lambda row: h("b", row["name"]))]
    with pytest.raises(TypeError, match="text or a number"):
        workbook(_stage(small), _wanted(), columns, MARK)
