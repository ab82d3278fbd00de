"""Lines that are no records, and whether totals add up."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.cleaning.totals import Line, Totals, agrees
from loaders.layouts import non_records


def compared(marks: list[tuple[str | None, float | None]]) -> list[tuple[int, float | None, float]]:
    """(row, declared, added) of lines given as what they are (None: a record) and their amount."""
    totals = Totals()
    for row, (kind, amount) in enumerate(marks):
        if kind is None:
            totals.add({"x": amount or 0.0})
        else:
            totals.line(Line(row, kind, {"x": amount}))
    return [(row, declared, added) for row, _, declared, added in totals.compared()]


@pytest.mark.parametrize("cell", ["合计", "小 计", "总　计", " 合计:", "合计（万元）", "共计"])
def test_total_words(cell: str) -> None:
    assert non_records.kind_of(cell) in ("total", "subtotal")


@pytest.mark.parametrize("cell", ["永乐街道小计", "全县合计", "以上合计："])
def test_named_totals(cell: str) -> None:
    assert non_records.kind_of(cell) == "named_total"
    assert non_records.is_named_total([cell, "", "3", "1,200.5", "12%", "-"])
    assert not non_records.is_named_total([cell, "", "赵某", "3"])


@pytest.mark.parametrize("cell", ["合计村", "会计", "计", "统计员", "", "小计划"])
def test_words_that_only_look_like_totals(cell: str) -> None:
    assert non_records.kind_of(cell) is None


@pytest.mark.parametrize(
    ("cell", "footer"),
    [
        ("填表人:", True),
        ("审核人：某某", True),
        ("注: 另行通知", True),
        ("单位(盖章)", True),
        ("负责人（签字）：", True),
        ("注家沟村", False),
        ("说明书", False),
    ],
)
def test_signatures_and_notes(cell: str, footer: bool) -> None:
    assert (non_records.kind_of(cell) == "footer") == footer
    assert non_records.is_footer(["", cell, "2025年12月31日"]) == footer


def test_the_first_filled_cell_of_a_line_says_what_it_is() -> None:
    columns = [
        pa.array(cells, pa.string())
        for cells in (
            ["", "1", " ", "填表人:", "6110"],
            ["合计", "合计", "小计", "", ""],
            ["", "", "", "", "总计"],
        )
    ]
    assert non_records.leading(columns, non_records.kind_of) == [
        (0, "total"),
        (2, "subtotal"),
        (3, "footer"),
    ]
    assert non_records.leading([], non_records.kind_of) == []


def test_cells_that_begin_with_a_letter_are_looked_at_only_where_they_are_known() -> None:
    column = pa.array(["P0001", "A1户编号", "合计", "12"])
    seen: list[str] = []

    def kind(cell: str) -> str | None:
        seen.append(cell)
        return "header" if cell.startswith("A1") else non_records.kind_of(cell)

    assert non_records.leading([column], kind, {"A1户编号", "姓名"}) == [
        (1, "header"),
        (2, "total"),
    ]
    assert seen == ["A1户编号", "合计"]


@pytest.mark.parametrize(
    ("cells", "numbering"),
    [
        (["1", "2", "3", "4"], True),
        (["甲", "乙", "1", "2"], True),
        (["1", "2", "3", "5"], False),
        (["1", "2", "3"], False),
        (["甲", "乙", "丙", "丁"], False),
    ],
)
def test_a_line_that_numbers_the_columns(cells: list[str], numbering: bool) -> None:
    assert non_records.is_numbering(cells) == numbering


def test_a_header_again_is_mostly_the_same_cells() -> None:
    assert non_records.is_repeated(["户编号", "姓 名", "x"], ["户编号", "姓名", "年龄"])
    assert not non_records.is_repeated(["户编号", "3", "x"], ["户编号", "姓名", "年龄"])
    assert not non_records.is_repeated(["", ""], ["户编号", "姓名"])


def test_subtotals_below_and_a_total_of_all() -> None:
    marks = [(None, 20.0), (None, 30.0), ("subtotal", 50.0), (None, 40.0)]
    assert compared([*marks, ("subtotal", 41.0), (None, 12.0), ("total", 102.0)]) == [
        (2, 50.0, 50.0),
        (4, 41.0, 40.0),
        (6, 102.0, 102.0),
    ]


def test_a_named_total_is_of_its_group_or_of_all() -> None:
    marks = [(None, 20.0), ("named_total", 20.0), (None, 30.0), ("named_total", 50.0)]
    assert compared(marks) == [(1, 20.0, 20.0), (3, 50.0, 50.0)]
    assert compared([*marks[:3], ("named_total", 31.0)])[1] == (3, 31.0, 30.0)


def test_a_total_without_an_amount_is_reported_with_what_it_should_be() -> None:
    assert compared([(None, 5.0), ("total", None)]) == [(1, None, 5.0)]
    assert not agrees(None, 5.0) and agrees(5.004, 5.0) and not agrees(5.006, 5.0)


@given(st.lists(st.lists(st.integers(0, 10**6), min_size=1), max_size=5), st.booleans())
def test_true_subtotals_always_agree(groups: list[list[int]], at_head: bool) -> None:
    marks: list[tuple[str | None, float | None]] = []
    for group in groups:
        block = [(None, float(x)) for x in group]
        subtotal = ("subtotal", float(sum(group)))
        marks += [subtotal, *block] if at_head else [*block, subtotal]
    whole = ("total", float(sum(map(sum, groups))))
    for _, declared, added in compared([whole, *marks] if at_head else [*marks, whole]):
        assert agrees(declared, added)
