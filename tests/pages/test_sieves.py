"""过筛子 over the small county: two screenings, three findings, one mended."""

from __future__ import annotations

import pytest

from tests.pages.conftest import Open, notices, shown
from tests.pages.tables import read
from tests.small_county import EAST, HILL, MILL, WEST


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_says_what_was_found_and_mended(open_page: Open, lang: str) -> None:
    app = open_page("sieves", **({"lang": lang} if lang == "en" else {}))
    assert not app.exception
    told = {
        "zh": "试验县2项筛查发现问题3个,已整改1个(33.3%),整改逾期1个",
        "en": "试验县: 2 screenings found 3 problems; 1 mended",
    }
    assert told[lang] in shown(app)


def test_screenings_stand_under_their_unit(open_page: Open) -> None:
    text = shown(open_page("sieves"))
    assert "筛查问题整改逾期率最高的是社会事务中心(50.0%,1/2,基数小),1个责任单位为0" in text
    assert "50.0%" in text  # three of six households
    [table] = [t for t in read(open_page("sieves")).tables if "整改率" in t.head]
    offices = [table.row(one)["责任单位"].text for one in ("住房安全", "动态管理")]
    assert offices == ["社会事务中心", "尚无筛查记录"]
    assert 'href="/ledgers?select=sieve.housing.screened"' in text
    assert 'href="/sieves?state=overdue&amp;part=housing"' in text


def test_shares_are_of_those_a_screening_is_about_and_of_what_it_found(open_page: Open) -> None:
    """Housing: six households, three looked at, two findings, one mended."""
    [table] = [t for t in read(open_page("sieves")).tables if "整改率" in t.head]
    row = table.row("住房安全")
    assert (row["应筛"].text.strip(), row["应筛"].small) == ("6", "全部户")
    assert (row["占应筛"].text, row["整改率"].text) == ("50.0%", "50.0%")
    road = table.row("通村道路")
    assert (road["应筛"].text.strip(), road["应筛"].small) == ("3", "全部村")
    assert (road["占应筛"].text, road["整改率"].text) == ("66.7%", "0%")


def test_units_in_charge_are_named_in_english_beside_the_chinese(open_page: Open) -> None:
    text = shown(open_page("sieves", lang="en"))
    assert "Social affairs centre · 社会事务中心" in text


def test_a_screening_never_done_is_unknown_not_none(open_page: Open) -> None:
    assert 'class="missing"' in shown(open_page("sieves"))
    assert "heat-missing" in shown(open_page("sieves", part="places"))


def test_a_cell_of_the_matrix_opens_its_findings(open_page: Open) -> None:
    text = shown(open_page("sieves", part="places"))
    assert f'href="/sieves?region={WEST}&amp;part=housing"' in text
    assert "1/1" in text and "0/1" in text
    app = open_page("sieves", region=WEST, part="housing")
    assert "屋面漏雨" in shown(app) and "边沟堵塞" not in shown(app)


def test_findings_are_listed_with_their_clock(open_page: Open) -> None:
    text = shown(open_page("sieves", part="list"))
    assert "问题清单:3个" in text
    assert 'href="/household?id=H06"' in text and "周*八" in text and "周试八" not in text
    assert "(全村)" in text
    assert ">183<" in text  # from 1 July to the data date


def test_a_state_narrows_the_list(open_page: Open) -> None:
    text = shown(open_page("sieves", state="closed"))
    assert "问题清单:1个" in text and "标识牌缺失" in text and "屋面漏雨" not in text


def test_a_screening_is_chosen_in_the_bar(open_page: Open) -> None:
    app = open_page("sieves", part="list")
    app.selectbox(key="bar_part").select("village_road").run()
    assert app.query_params["part"] == "village_road"
    assert "边沟堵塞" in shown(app) and "屋面漏雨" not in shown(app)


def test_a_bad_screening_falls_back_and_is_told(open_page: Open) -> None:
    app = open_page("sieves", part="gold")
    assert len(notices(app)) == 1 and "gold" in notices(app)[0]
    assert "2项筛查发现问题3个" in shown(app)


def test_a_village_where_nothing_was_found(open_page: Open) -> None:
    app = open_page("sieves", region=HILL)
    assert not app.exception
    assert "没有符合条件的记录" in shown(open_page("sieves", region=HILL, part="list"))
    assert "没有整改逾期的问题" in shown(app)


@pytest.mark.usefixtures("only_west")
def test_a_township_viewer_sees_their_own_only(open_page: Open) -> None:
    text = "".join(
        shown(open_page("sieves", **part)) for part in ({}, {"part": "places"}, {"part": "list"})
    )
    assert "西川镇2项筛查发现问题2个" in text and MILL in text
    assert EAST not in text and "标识牌缺失" not in text


def test_the_gaps_stand_beside_the_screenings(open_page: Open) -> None:
    app = open_page("sieves", part="gaps")
    assert not app.exception
    page = read(app)
    table = page.table("要补什么")
    assert len(table.rows) == 15, "fourteen, and what none is told for"
    assert table.row("住房安全")["问题"].number == 2
    assert table.row("东西部协作和定点帮扶")["问题"].text == "0"
    assert table.row("未归类")["台账未销号"].text == "—"
    cell = read(open_page("sieves", part="matrix")).tables[-1].row("住房安全")["住房安全"]
    listed = read(open_page("sieves", **cell.query)).tables[-1]
    assert len(listed.rows) == cell.number == 2


def test_a_gap_narrows_the_list_of_findings(open_page: Open) -> None:
    every = read(open_page("sieves", part="list")).tables[-1]
    housing = read(open_page("sieves", part="list", about="gap.housing")).tables[-1]
    assert 0 < len(housing.rows) < len(every.rows)
    assert not open_page("sieves", part="list", about="gap.none").exception
