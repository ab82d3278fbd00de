"""Rows that are no records, and whether totals add up."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders import totals


@pytest.mark.parametrize("cell", ["合计", "小 计", "总　计", " 合计:", "合计（万元）", "共计"])
def test_total_words(cell: str) -> None:
    assert totals.is_total(pa.array([cell])).to_pylist() == [True]


@pytest.mark.parametrize("cell", ["合计村", "会计", "计", "统计员", "", "小计划"])
def test_words_that_only_look_like_totals(cell: str) -> None:
    assert totals.is_total(pa.array([cell])).to_pylist() == [False]


@pytest.mark.parametrize(
    ("cell", "footer"),
    [("填表人:", True), ("审核人：某某", True), ("注: 另行通知", True), ("注家沟村", False)],
)
def test_signatures_and_notes(cell: str, footer: bool) -> None:
    assert totals.is_footer(pa.array([cell])).to_pylist() == [footer]


def test_the_leading_cell_is_the_first_filled_of_four() -> None:
    columns = [
        pa.array(cells)
        for cells in (
            ["", "", "1"],
            [" ", "", "2"],
            ["合计", "", ""],
            ["", "", ""],
            ["x", "合计", ""],
        )
    ]
    assert totals.leading(columns).to_pylist() == ["合计", "", "1"]


def test_subtotals_below_and_a_total_of_all() -> None:
    labels = [None, None, "小计", None, "小计", None, "合计"]
    amounts = [20.0, 30.0, 50.0, 40.0, 41.0, 12.0, 102.0]
    assert totals.check_totals(labels, amounts) == [
        (2, 50.0, 50.0),
        (4, 41.0, 40.0),
        (6, 102.0, 102.0),
    ]


def test_totals_at_the_head() -> None:
    labels = ["合计", "小计", None, None, "小计", None]
    amounts = [60.0, 50.0, 20.0, 30.0, 10.0, 10.0]
    assert all(said == added for _, said, added in totals.check_totals(labels, amounts))


def test_a_total_without_an_amount_is_reported_with_what_it_should_be() -> None:
    assert totals.check_totals([None, "合计"], [5.0, None]) == [(1, None, 5.0)]


@given(st.lists(st.lists(st.integers(0, 10**6), min_size=1), max_size=5), st.booleans())
def test_true_subtotals_always_agree(groups: list[list[int]], at_head: bool) -> None:
    labels: list[str | None] = []
    amounts: list[float | None] = []
    for group in groups:
        block = [(None, float(x)) for x in group]
        subtotal = ("小计", float(sum(group)))
        for label, amount in [subtotal, *block] if at_head else [*block, subtotal]:
            labels.append(label)
            amounts.append(amount)
    labels.append("合计")
    amounts.append(float(sum(map(sum, groups))))
    if at_head:  # the total of all stands above everything, as in the notices
        labels, amounts = [labels.pop(), *labels], [amounts.pop(), *amounts]
    for _, said, added in totals.check_totals(labels, amounts):
        assert said == added
