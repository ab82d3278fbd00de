"""目标 over the small county: what is behind, the chart of one, who is ahead and who is tied."""

from __future__ import annotations

import re

import pytest

from tests.pages.conftest import Open, shown
from tests.small_county import COUNTY, EAST, HILL, MILL, WEST

_INCOME = "per_capita_income"


def _rows(text: str) -> dict[str, str]:
    """The rows of the page's tables by what their first link or head says."""
    rows = re.findall(r"<tr><th[^>]*>(.*?)</tr>", text, re.DOTALL)
    return {re.sub(r"<[^>]*>", "", row.partition("</th>")[0]): row for row in rows}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("part", ["", "places", "all"])
def test_it_opens_in_both_languages(open_page: Open, lang: str, part: str) -> None:
    asked = {"part": part, "lang": lang if lang == "en" else ""}
    app = open_page("targets", **{key: value for key, value in asked.items() if value})
    assert not app.exception
    told = {"zh": "项落后", "en": "targets are behind"}[lang]
    assert told in shown(app)


def test_a_loaded_target_is_the_one_shown_with_its_year_and_office(open_page: Open) -> None:
    """The county set 0.8 万元 for 2026, which are 8,000 yuan."""
    text = shown(open_page("targets", indicator=_INCOME, part="all"))
    row = _rows(text)["建档立卡户人均纯收入"]
    assert "≥8,000元" in row and 'title="2026年目标(县农业农村局)"' in row


def test_a_township_has_its_own_target(open_page: Open) -> None:
    text = shown(open_page("targets", indicator=_INCOME, part="all", region=EAST))
    row = _rows(text)["建档立卡户人均纯收入"]
    assert "≥9,000元" in row and 'title="2026年目标"' in row


def test_an_amount_of_the_county_is_no_target_of_a_township(open_page: Open) -> None:
    assert "监测户" in _rows(shown(open_page("targets", part="all")))
    assert "监测户" not in _rows(shown(open_page("targets", part="all", region=EAST)))


def test_a_row_that_names_no_indicator_is_told(open_page: Open) -> None:
    text = shown(open_page("targets", part="all"))
    assert "目标表有1行没有用上" in text and "没有叫这个名字的指标" in text
    assert "没有的指标" not in shown(open_page("targets", part="all", region=WEST))


def test_numbers_open_their_households(open_page: Open) -> None:
    text = shown(open_page("targets", part="all"))
    assert f'href="/ledgers?indicator={_INCOME}"' in _rows(text)["建档立卡户人均纯收入"]


def test_the_chart_draws_target_and_forecast(open_page: Open) -> None:
    text = shown(open_page("targets", indicator=_INCOME))
    assert "目标≥8,000元" in text and "2026年末" in text
    assert '"y0":8000.0,"y1":8000.0' in text


def test_places_are_ranked_with_whom_they_have(open_page: Open) -> None:
    text = shown(open_page("targets", indicator="collective_100k_share", part="places"))
    assert "两地区间有重叠就分不出先后" in text
    assert "≈ " in text, "three villages cannot be told apart"
    assert f"region={EAST}" in text and "where=labour_class.weak.no_labour" in text


def test_amounts_are_not_ranked(open_page: Open) -> None:
    text = shown(open_page("targets", indicator="monitored_households", part="places"))
    assert "数量不排名次" in text and "≈ " not in text


def test_villages_of_a_township_lead_to_their_own_page(open_page: Open) -> None:
    text = shown(open_page("targets", indicator=_INCOME, part="places", region=EAST))
    assert f'href="/village?region={HILL}' in text and MILL not in text


@pytest.mark.usefixtures("only_west")
@pytest.mark.parametrize("part", ["", "places", "all"])
def test_a_township_viewer_sees_their_own_only(open_page: Open, part: str) -> None:
    text = shown(open_page("targets", **({"part": part} if part else {})))
    assert EAST not in text and HILL not in text and "没有的指标" not in text
    assert f'"{COUNTY}"' not in text


def test_the_overview_is_held_to_the_loaded_target(open_page: Open) -> None:
    """No general target holds the monitored households to one; the county's of 2025 does."""
    text = shown(open_page("overview"))
    assert re.search(r'class="light (good|bad)" title="2025年目标"', text)
    assert "2025年目标" not in shown(open_page("overview", region=EAST)), "it is the whole county's"


def test_trends_draw_the_loaded_target_of_the_year_shown(open_page: Open) -> None:
    asked = {"indicator": "collective_100k_share"}
    assert "2025年目标 45%" in shown(open_page("trends", **asked))
    earlier = shown(open_page("trends", **asked, year="2024"))
    assert "2020年目标 50%" in earlier and "45%" not in earlier
