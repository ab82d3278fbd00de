"""兜底保障 over the small county: who is without a benefit, who is beyond it, and why."""

from __future__ import annotations

import pytest

from tests.pages.conftest import Open, shown
from tests.small_county import EAST, HILL, WEST


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_says_how_many_go_without(open_page: Open, lang: str) -> None:
    app = open_page("safety_net", **({"lang": lang} if lang == "en" else {}))
    assert not app.exception
    told = {
        "zh": ("试验县应享未享:生活补贴1人、养老1人,待核实", "享受而已不符合:养老1人"),
        "en": (
            "without: Living subsidy 1 person, Resident pension 1 person",
            "no longer entitled: Resident pension",
        ),
    }
    for words in told[lang]:
        assert words in shown(app)


def test_every_number_opens_its_households(open_page: Open) -> None:
    text = shown(open_page("safety_net"))
    assert 'href="/ledgers?select=rule.pension_entitled.met&amp;by=member"' in text
    assert 'href="/ledgers?select=rule.pension_entitled.unknown&amp;by=member"' in text
    assert 'href="/ledgers?select=paid.allowance"' in text
    assert 'href="/safety-net?part=living_without"' in text
    text = shown(open_page("safety_net", part="places"))
    assert f'href="/safety-net?region={WEST}&amp;part=pension_beyond"' in text


def test_what_cannot_be_told_is_no_zero(open_page: Open) -> None:
    text = shown(open_page("safety_net"))
    assert "/safety-net?part=allowance_without" not in text
    assert "heat-missing" in shown(open_page("safety_net", part="places"))
    assert "农村最低生活保障标准" in text and "未填" in text


def test_each_case_is_explained_by_its_values(open_page: Open) -> None:
    text = shown(open_page("safety_net", part="pension_beyond"))
    assert "领取养老待遇:是" in text and "实际40岁" in text and "不符合" in text
    assert 'href="/household?id=H05"' in text and "孙*七" in text and "孙试七" not in text


def test_in_english_too(open_page: Open) -> None:
    text = shown(open_page("safety_net", part="living_without", lang="en"))
    assert "Disabled: Yes; On minimum allowance: Yes" in text


def test_cases_of_households(open_page: Open) -> None:
    text = shown(open_page("safety_net", part="allowance_no_labour"))
    assert "整户无劳动力而无低保:1户" in text
    assert 'href="/household?id=H02"' in text


def test_without_a_choice_the_most_frequent_is_listed(open_page: Open) -> None:
    app = open_page("safety_net", part="list")
    assert app.selectbox(key="bar_part").value == "living_without"
    app.selectbox(key="bar_part").select("pension_without").run()
    assert app.query_params["part"] == "pension_without"
    assert 'href="/household?id=H06"' in shown(app)


def test_a_village_without_cases_says_so(open_page: Open) -> None:
    app = open_page("safety_net", region=HILL, part="pension_beyond")
    assert not app.exception
    assert "没有符合条件的记录" in shown(app)


@pytest.mark.usefixtures("only_west")
def test_a_township_viewer_sees_their_own_only(open_page: Open) -> None:
    parts = ({}, {"part": "places"}, {"part": "living_without"})
    text = "".join(shown(open_page("safety_net", **part)) for part in parts)
    assert "西川镇" in text and "H04" not in text
    assert EAST not in text and "东岭" not in text
