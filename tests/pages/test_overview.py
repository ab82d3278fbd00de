"""The overview: a sentence, figures, what changed, what is late, what to decide, the board."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from charts.leads import LONGEST
from metrics.board import COLUMNS
from metrics.county import open_county
from store.snapshots import Home
from tests import once
from tests.metrics.test_turns import _NOW, _THEN, _case, _publish
from tests.pages import claims
from tests.pages.behind import Behind
from tests.pages.conftest import Open, opener, shown
from tests.pages.tables import Page, Table, read
from tests.small_county import BROOK, EAST, HILL, MILL, WEST


@pytest.fixture(scope="session")
def moved_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Two data dates: H04 is monitored no more, H05 newly and 31 days over its limit, H02 at both;
    H03 lives in another village."""

    def make(path: Path) -> None:
        _publish(
            path,
            _THEN,
            [_case(h, v, measures_on=_THEN) for h, v in (("H04", BROOK), ("H02", HILL))],
        )
        late = _case("H05", MILL, clue_on=date(2025, 9, 30), identified_on=date(2025, 10, 31))
        _publish(path, _NOW, [_case("H02", HILL, measures_on=_THEN), late], H03=HILL)
        for number in Home(path).numbers():
            open_county(Home(path), number)

    return Home(once.made(once.folder(tmp_path_factory), "moved", make))


@pytest.fixture
def page(moved_home: Home, monkeypatch: pytest.MonkeyPatch) -> Open:
    return opener(moved_home, monkeypatch)


def _cards(page: Page) -> dict[str, str]:
    return {link.text: link.href for link in page.links if link.cls == "kpi"}


def _headed(page: Page, head: str) -> Table:
    [found] = [table for table in page.tables if head in table.head]
    return found


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("region", ["", EAST, WEST, MILL])
def test_the_page_opens_with_one_short_sentence(page: Open, lang: str, region: str) -> None:
    query = {"lang": "en"} if lang == "en" else {}
    query |= {"region": region} if region else {}
    first = read(page("overview", **query)).headings[0]
    assert 0 < len(first) <= LONGEST[lang]  # type: ignore[index]


def test_the_sentence_says_what_became_worse(page: Open) -> None:
    assert read(page()).headings[0] == "11月30日以来环节逾期由0升至1户"


def test_a_figure_says_its_change_since_either_and_whether_its_target_is_met(page: Open) -> None:
    cards = _cards(read(page()))
    [late] = [text for text in cards if text.startswith("监测环节逾期户")]
    assert late == "监测环节逾期户1户未达标 · ≤0比上次 ▲ 1比上年 ▲ 1"
    assert cards[late] == "/monitoring?part=overdue"
    [watched] = [text for text in cards if text.startswith("监测户2户")]
    assert watched.endswith("比上次持平比上年 ▲ 2")


def test_what_is_not_known_is_a_dash_and_no_zero(page: Open) -> None:
    text = shown(page("overview", year="2023"))
    assert (
        '<span class="name">监测环节逾期户</span><span class="value"><span>—</span></span>' in text
    )


def test_who_came_left_and_moved_opens_them(page: Open) -> None:
    first = read(page())
    facets = {facet.text: facet for facet in first.facets}
    assert {name: facet.number for name, facet in facets.items()} == {
        "新增监测": 1, "退出监测": 1, "换村": 1,
    }  # fmt: skip
    for name, facet in facets.items():
        assert facet.query == {"against": "1", "part": facet.query["part"]}
        listed = read(page("dynamics", **facet.query))
        assert f"{name}:1户" in listed.headings
    assert "11月30日以来监测新增1户、退出1户" in first.headings


def test_a_list_of_turns_between_two_years_says_what_it_needs(page: Open) -> None:
    app = page("dynamics", part="came_monitored_households")
    assert not app.exception and "这份名单比较两个数据日期" in shown(app)


def test_what_is_late_is_ranked_and_opens_its_lists(page: Open) -> None:
    table = _headed(read(page()), "环节(户)")
    assert table.row("西川")["环节(户)"].query == {"region": WEST, "part": "overdue"}
    assert table.row("西川")["最久(天)"].number == 31, "decided in October, a month is allowed"
    entries = [cell.number for cell in table.column("台账(条)")]
    assert entries == sorted(entries, reverse=True)


def test_what_to_decide_stands_by_the_days_late(page: Open) -> None:
    table = _headed(read(page()), "事项")
    said = [[cell.text for cell in row] for row in table.rows]
    assert ["逾31天", "西川监测环节逾期", "1户"] in said
    assert ["无时限", "环节逾期按此进度90天后仍高于目标0", "1户"] in said
    days = [int(row[0][1:-1].replace(",", "")) for row in said if row[0].startswith("逾")]
    assert days == sorted(days, reverse=True)
    assert said[-1][0] == "无时限"


def test_the_board_sorts_by_any_column_and_has_rates_with_their_counts(page: Open) -> None:
    worst = _headed(read(page("overview", sort="income_growth")), "位次")
    best = _headed(read(page("overview", sort="-income_growth")), "位次")
    assert [row[0].text for row in worst.rows] == ["东岭", "西川"], "in East incomes fell"
    assert [row[0].text for row in best.rows] == ["西川", "东岭"]
    assert "靠后 2" in worst.rows[0][1].text and "前列 1" in best.rows[0][1].text
    assert len(worst.head) == len(COLUMNS) + 2
    entries = worst.row("东岭")["台账逾期率"]
    assert entries.small.startswith("1/3"), "a rate stands with its counts"
    assert entries.small.endswith("少"), "and says that they are few"


@pytest.mark.parametrize("query", [{}, {"region": EAST}, {"region": MILL}, {"part": "board"}])
def test_every_number_is_that_of_its_list(
    page: Open, moved_home: Home, query: dict[str, str]
) -> None:
    shown_now = read(page("overview", **query))
    behind = Behind(moved_home)
    found = list(claims.linked(shown_now))
    assert found and not [told for one in found if (told := claims.disagrees(one, behind))]


def test_a_viewer_of_one_township_sees_it_alone(page: Open, only_west: None) -> None:
    text = shown(page())
    assert "东岭" not in text and "溪口" not in text and "高坡" not in text
    facets = {facet.text: facet.number for facet in read(page()).facets}
    assert facets == {"新增监测": 1}
    assert "导入时有内容没有收入" not in text, "what an import lost is the whole county's"


def test_the_first_data_date_has_nothing_to_compare_with(page: Open) -> None:
    app = page("overview", snapshot="1")
    text = shown(app)
    assert not app.exception
    assert "无上次数" in text and "没有更早的数据日期可以比较" in text


def test_the_poverty_rate_is_the_long_view(page: Open) -> None:
    headings = read(page("overview", part="progress")).headings
    assert any("贫困发生率" in heading for heading in headings)
    assert any("监测户" in heading for heading in headings[1:])
