"""Workbooks on paper: across, heads and page numbers on every sheet, names that say what is in."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest

from glossary import Lang
from metrics import lists
from metrics.county import County
from metrics.quality import FindingFilter, Findings
from store.scope import Scope
from tests.small_county import COUNTY, WEST
from tests.views.parts.test_pieces import _stage
from views.browser.markup import Markup
from views.parts import pieces
from views.parts.workbook import file_name, households_workbook, on_paper
from views.sections.quality import field_workbook

MARK = "李四 · 2026-01-05 09:30 · 第2号快照 · 操作记录 12:ab"


def books(county: County) -> list[bytes]:
    stage = _stage(county)
    rows = lists.all_households(stage.reader, stage.households(), county.rules, "household_id")
    found = Findings(county.reader(Scope.of([COUNTY])), county.checks, None)
    listed = field_workbook.workbook(
        _stage(county, on="quality"), found.all(FindingFilter(COUNTY)), "", MARK
    )
    return [households_workbook(stage, rows, "", MARK), listed]


def test_every_sheet_is_printed_across_with_its_heads_and_page_numbers(small: County) -> None:
    sheets = [sheet for book in books(small) for sheet in openpyxl.load_workbook(BytesIO(book))]
    assert len(sheets) >= 3
    for sheet in sheets:
        assert sheet.page_setup.orientation == "landscape"
        assert str(sheet.page_setup.paperSize) == sheet.PAPERSIZE_A4
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0
        assert sheet.print_title_rows == "$4:$4"
        assert sheet.oddFooter.right.text == "&P / &N"
        assert sheet.oddFooter.left.text in str(sheet["A1"].value)
        assert sheet.oddHeader.right.text == MARK and str(sheet["A3"].value).endswith(MARK)


def test_a_mark_on_paper_is_never_longer_than_a_header_may_be() -> None:
    assert len(on_paper("&" * 500)) <= 255 and on_paper("a&b") == "&R&8a&&b"


@pytest.mark.parametrize(
    ("lang", "words", "name"),
    [
        (
            "zh",
            " · 2025年 · 收入下降户",
            "西川乡_六类风险_2025年 收入下降户_模拟数据_2025-12-31.xlsx",
        ),
        ("en", 'a/b:c*"d"', "西川乡_六类风险_a b c d_Simulated data_2025-12-31.xlsx"),
        ("zh", "", "西川乡_六类风险_模拟数据_2025-12-31.xlsx"),
    ],
)
def test_a_name_says_place_contents_filter_and_date(
    small: County, lang: Lang, words: str, name: str
) -> None:
    place = small.places[WEST].name
    found = file_name(_stage(small, region=WEST, lang=lang), "六类风险", words)
    assert found == name.replace("西川乡", place)
    assert len(file_name(_stage(small), "长" * 200, "长" * 200).encode()) < 255


def test_what_is_empty_names_the_tables_that_were_never_loaded(small: County) -> None:
    stage = _stage(small, on="safety_net")
    absent = stage.absent_tables
    told = pieces.empty(stage, "空", Markup())
    assert ("尚未导入的表" in told) == bool(absent)
    small_tables = {name for name in small.snapshot.tables if not small.snapshot.rows(name)}
    for page, table in (("monitoring", "measure"), ("sieves", "sieve_result")):
        named = stage.t(f"table_{table}") in pieces.empty(_stage(small, on=page), "空", Markup())
        assert named == (table in small_tables or table not in small.snapshot.tables)
