"""The dynamics page: what it compares, how it adds up, what each number opens, who sees what."""

from __future__ import annotations

import pytest

from tests.pages.conftest import Open, notices, shown
from tests.pages.tables import read
from tests.small_county import EAST, MILL


def test_the_year_is_compared_with_the_one_before(open_page: Open) -> None:
    app = open_page("dynamics")
    text = shown(app)
    assert "试验县2024年末至2025年末:信息更正1户" in text
    assert "1户变了状态,5户没有变" in text
    assert "未脱贫:2户加0户减1户,等于1户" in text
    assert 'href="/dynamics?part=poor_out"' in text
    assert app.selectbox(key="bar_since").value == 2024


def test_an_earlier_start_is_followed(open_page: Open) -> None:
    text = shown(open_page("dynamics", since="2023"))
    assert "2023年末至2025年末:识别不精准剔除1户、信息更正1户" in text
    assert 'href="/dynamics?since=2023&amp;part=listed_outside"' in text


def test_the_matrix_adds_up_by_row_and_by_column(open_page: Open) -> None:
    shown_there = read(open_page("dynamics", since="2023", part="records")).tables
    [table] = [t for t in shown_there if t.head[-1:] == ["合计"]]
    numbers = [[cell.number or 0 for cell in row[1:]] for row in table.rows]
    *parts, whole = numbers
    assert whole == [sum(column) for column in zip(*parts, strict=True)]
    assert all(row[-1] == sum(row[:-1]) for row in numbers) and whole[-1] == 6


def test_a_start_that_is_not_earlier_falls_back_to_the_year_before(open_page: Open) -> None:
    text = shown(open_page("dynamics", since="2025", year="2024"))
    assert "2023年末至2024年末" in text


def test_the_first_year_has_nothing_to_compare_with(open_page: Open) -> None:
    text = shown(open_page("dynamics", year="2023"))
    assert "没有更早的年度或快照可以比较" in text


def test_two_snapshots_are_compared_by_household_and_member(open_page: Open) -> None:
    app = open_page("dynamics", against="1")
    text = shown(app)
    assert "2025-11-30至2025-12-31:没有户的变更" in text
    assert "0户变了状态,6户没有变" in text
    assert "人口由17人到17人" in text
    assert [box.key for box in app.selectbox if box.key == "bar_since"] == []


def test_the_ends_are_chosen_in_the_bar(open_page: Open) -> None:
    app = open_page("dynamics")
    app.selectbox(key="bar_since").select(2023).run()
    assert app.query_params["since"] == "2023"
    app.selectbox(key="bar_against").select(1).run()
    assert app.query_params["against"] == "1"
    app.selectbox(key="bar_against").select(0).run()
    assert "against" not in app.query_params


def test_the_start_shown_follows_the_year_until_it_is_chosen(open_page: Open) -> None:
    app = open_page("dynamics")
    assert app.selectbox(key="bar_since").value == 2024
    app.segmented_control(key="bar_year").set_value(2024).run()
    assert app.selectbox(key="bar_since-1").value == 2023, "another box, which begins with its year"
    assert "since" not in app.query_params


def test_two_snapshots_have_no_year_to_choose(open_page: Open) -> None:
    app = open_page("dynamics", against="1")
    assert [one.key for one in app.segmented_control if one.key == "bar_year"] == []


@pytest.mark.parametrize(
    ("part", "says", "home"),
    [
        ("poor_out", "未脱贫(含返贫) → 已脱贫:1户", "H05"),
        ("event_corrected", "信息更正:1条记录,1户", "H02"),
        ("unrecorded", "变了状态而没有变更记录:1户", "H05"),
        ("rest_fewer", "人数减少而没有记录:1户", "H01"),
    ],
)
def test_every_number_opens_its_list(open_page: Open, part: str, says: str, home: str) -> None:
    app = open_page("dynamics", part=part)
    text = shown(app)
    assert says in text and f"id={home}" in text
    assert 'href="/dynamics"' in text, "the way back to the whole"
    assert "户变了状态," not in text, "the list stands alone"


def test_a_list_that_the_ends_do_not_have_is_empty(open_page: Open) -> None:
    assert "没有符合条件的记录" in shown(open_page("dynamics", part="member_born"))
    assert "没有符合条件的记录" in shown(open_page("dynamics", part="rest_more", against="1"))
    assert "没有符合条件的记录" in shown(open_page("dynamics", part="member_born", against="1"))


def test_an_unknown_part_is_told_and_left_out(open_page: Open) -> None:
    app = open_page("dynamics", part="absent_absent")
    assert "absent_absent" in notices(app)[0]
    assert "1户变了状态" in shown(app)


def test_a_township_viewer_sees_moves_of_their_own_only(open_page: Open, only_west: None) -> None:
    text = shown(open_page("dynamics"))
    assert "1户变了状态,1户没有变" in text and EAST not in text
    listed = shown(open_page("dynamics", part="out_out"))
    assert "H01" not in listed and "没有符合条件的记录" in listed
    assert "H05" in shown(open_page("dynamics", part="poor_out", region=MILL))


def test_a_page_in_english_says_the_same(open_page: Open) -> None:
    text = shown(open_page("dynamics", lang="en"))
    assert "1 household moved, 5 stayed" in text
