"""A count opens a list of what it counts: entries and people have rows of their own."""

from __future__ import annotations

import pytest

from tests.pages.conftest import Open
from tests.pages.tables import read


def test_a_count_of_entries_opens_entries(open_page: Open) -> None:
    table = read(open_page("risk_groups", part="ledgers")).table("逾期")
    cell = table.row("独居老人户")["逾期"]
    page = read(open_page("ledgers", **cell.query))
    assert page.headings[0] == "试验县 · 2025-12-31 · 独居老人户台账 · 台账逾期 · 共1条(1户)"
    row = page.table("逾期天数").row("H02")
    assert (row["户主"].text, row["责任人"].text) == ("李*", "吴*十")
    assert (row["时限"].text, row["逾期天数"].number) == ("2025-06-30", 184)


@pytest.mark.parametrize(("lang", "says"), [("zh", "共2人(1户)"), ("en", "2 people (1 household)")])
def test_a_count_of_people_opens_people(open_page: Open, lang: str, says: str) -> None:
    card = next(
        link
        for link in read(open_page("village", region="619925102201", lang=lang)).links
        if "indicator=poor_people" in link.href
    )
    assert card.query["by"] == "member"
    page = read(open_page("ledgers", **card.query))
    assert says in page.headings[0]
    [table] = page.tables
    assert [row[1].text for row in table.rows] == ["周*八", "周*远"]


def test_of_an_earlier_year_there_are_households_only(open_page: Open) -> None:
    page = read(open_page("ledgers", indicator="poor_people", by="member", year="2024"))
    assert "共2户7人" in page.headings[0]


def test_the_same_can_be_listed_by_household(open_page: Open) -> None:
    page = read(open_page("ledgers", state="overdue", by="entry"))
    back = page.link("改为按户列出")
    assert back.query == {"state": "overdue"}
    assert "共1户1人" in read(open_page("ledgers", **back.query)).headings[0]


def test_a_count_of_projects_opens_projects(open_page: Open) -> None:
    shown = read(open_page("village", region="619925102201", part="projects"))
    link = shown.link("2025年1个项目,逐个列出 →")
    assert link.query["by"] == "project"
    page = read(open_page("ledgers", **link.query))
    assert page.headings[0].endswith("2025年 · 项目数 · 共1个项目")
    row = page.table("未支付").row("磨坊产业路")
    assert (row["计划投资"].number, row["未支付"].number) == (250_000, 50_000)
    assert (row["支付比例"].number, row["进度"].text) == (80, "—")


@pytest.mark.parametrize("by", ["project", "entry", "member", "household"])
def test_an_indicator_of_projects_never_lists_households(open_page: Open, by: str) -> None:
    page = read(open_page("ledgers", indicator="project_paid_share", by=by))
    assert "共1个项目" in page.headings[0]
    other = read(open_page("ledgers", indicator="poor_households", by="project"))
    assert "户" in other.headings[0] and "个项目" not in other.headings[0]
