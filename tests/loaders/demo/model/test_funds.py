"""The books of funds of both counties: published figures as margins, and sums that hold."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from loaders.demo.files.fund_files import yuan
from loaders.demo.model.fund_lines import FEN
from loaders.demo.model.funds import Funds
from rules.checks import checks
from tests.loaders.demo.test_demo import DECEMBER, NOVEMBER, at, simulated

# What is published of a fund, in yuan, and of its parts with the villages that they went to.
ZHENAN = {"脱贫产业发展基金": 100_000_000, "农村公共基础设施管护资金": 10_790_000}
BAOJING = {
    "村级集体经济加工车间": (24_480_000, 110),
    "光伏发电项目": (4_250_000, 8),
    "生态猪庄": (10_000_000, 5),
    "购置门面": (7_995_000, 37),
}


def _by(frame: pd.DataFrame, column: str) -> Mapping[str, int]:
    return frame.groupby(column)["fen"].sum().to_dict()


@pytest.fixture(scope="module")
def books() -> Funds:
    return simulated().funds


def test_zhenans_published_funds_are_exact_margins(books: Funds) -> None:
    assert _by(books.fund_source, "name") | {k: v * FEN for k, v in ZHENAN.items()} == _by(
        books.fund_source, "name"
    )
    lines = books.allotment
    for name, whole in ZHENAN.items():
        funds = books.fund_source.loc[books.fund_source["name"].eq(name), "fund_id"]
        assert lines.loc[lines["fund_id"].isin(funds), "fen"].sum() == whole * FEN


def test_baojings_published_funds_are_exact_margins() -> None:
    books = simulated("433125").funds
    whole = books.fund_source[books.fund_source["name"].eq("统筹整合财政涉农资金")]
    assert whole.loc[whole["year"].eq(2017), "fen"].sum() == 590_000_000 * FEN
    for content, (amount, villages) in BAOJING.items():
        mine = books.allotment[books.allotment["content"].eq(content)]
        assert (mine["fen"].sum(), mine["region_code"].nunique()) == (amount * FEN, villages)


def test_lines_of_projects_add_up_to_the_projects_money(books: Funds) -> None:
    """But for what is planned to be wrong: the same line twice."""
    lines = books.allotment[~books.allotment["line_id"].str.endswith("B")]
    project = simulated().project.set_index("project_id")
    sources = ["central_yuan", "province_yuan", "city_yuan", "county_yuan", "other_yuan"]
    found = lines.dropna(subset=["project_code"]).groupby("project_code")["fen"].sum()
    wanted = (project.loc[found.index, sources].sum(axis=1) * FEN).round().astype(np.int64)
    assert len(found) > 350 and (found == wanted).all()


def test_lists_of_households_are_what_was_paid_to_them(books: Funds) -> None:
    """To the fen, of every line but those whose list is planned to be short."""
    paid = books.payment[books.payment["payee_kind"].eq("households")]
    lists = books.fund_receipt.groupby("line_id")["fen"].sum()
    gap = paid.groupby("line_id")["fen"].sum().sub(lists, fill_value=0)
    assert set(gap.index[gap.ne(0)]) == set(books.expected["allotment_list_differs"])
    assert len(lists) > 1000 and (gap >= 0).all()


def test_nothing_is_paid_of_a_line_that_is_not_there_or_after_the_data_date() -> None:
    for date in (NOVEMBER, DECEMBER):
        books = at(date).funds
        day = pd.Timestamp(date)
        assert books.payment["line_id"].isin(books.allotment["line_id"]).all() or date == NOVEMBER
        assert pd.to_datetime(books.payment["paid_on"]).le(day).all()
        assert pd.to_datetime(books.allotment["allotted_on"]).le(day).all()
        assert books.fund_receipt["line_id"].isin(books.allotment["line_id"]).all()
    assert len(at(NOVEMBER).funds.payment) < len(at(DECEMBER).funds.payment)


def test_every_irregularity_is_of_a_check_and_of_a_line_of_its_own(books: Funds) -> None:
    expected = books.expected
    assert set(expected) <= set(checks())
    assert all(expected.values())
    alone = [key for key in expected if key not in _OVERLAPPING]
    every = [each for key in alone for each in expected[key]]
    assert len(every) == len(set(every))


# A line that lies too long may have another fault; a township's book is wrong for the village too.
_OVERLAPPING = ("allotment_idle_one_year", "allotment_idle_two_years",
                "allotment_village_book_differs")  # fmt: skip


@pytest.mark.parametrize(
    ("fen", "wan", "text"),
    [
        (1, False, "0.01"),
        (1, True, "0.000001"),
        (123456789, True, "123.456789"),
        (0, False, "0.00"),
    ],
)
def test_amounts_are_written_as_exact_decimals(fen: int, wan: bool, text: str) -> None:
    assert yuan(pd.Series([fen]), wan=wan).tolist() == [text]
