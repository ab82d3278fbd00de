"""剩余贫困画像 over the small county: two households of four people are left in 2025."""

from __future__ import annotations

import pytest

from metrics import remaining
from tests.pages.conftest import Open, notices, shown
from tests.pages.tables import read
from tests.small_county import BROOK, COUNTY, EAST, HILL, MILL, WEST


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_says_how_many_are_left(open_page: Open, lang: str) -> None:
    app = open_page("remaining", **({"lang": lang} if lang == "en" else {}))
    assert not app.exception
    told = {
        "zh": "2025年试验县有剩余贫困和监测对象2户4人",
        "en": "试验县, 2025: 2 households with 4 people",
    }
    assert told[lang] in shown(app)


def test_every_share_opens_its_households(open_page: Open) -> None:
    text = shown(open_page("remaining"))
    for trait in ("any", "elderly", "ill_cause", "without_labour", "cause_illness"):
        assert f'href="/ledgers?select=left.all.{trait}&amp;by=member"' in text, trait
    assert "left.all.causes.illness.labour" in text
    assert f'href="/ledgers?region={EAST}&amp;select=left.all.any' in text


def test_the_opened_list_says_what_it_holds(open_page: Open) -> None:
    text = shown(open_page("ledgers", select="left.all.ill_cause"))
    assert "剩余贫困和监测对象:因病或因残" in text and "共2户4人" in text


def test_the_county_stands_beside_its_year_before(open_page: Open) -> None:
    text = shown(open_page("remaining"))
    # In 2024 H05 with five people was poor too.
    assert "试验2024年 3户" in text and "试验2024年 9人" in text
    assert "year=2024&amp;select=left.all.elderly" in text


def test_a_township_stands_beside_the_county(open_page: Open) -> None:
    app = open_page("remaining", region=WEST)
    assert app.selectbox(key="bar_beside").value == (COUNTY, 2025)
    assert "试验2025年 2户" in shown(app)


def test_any_other_township_or_year_can_be_chosen(open_page: Open) -> None:
    app = open_page("remaining", region=WEST, beside=f"{EAST}.2025")
    assert "东岭2025年 1户" in shown(app)
    app.selectbox(key="bar_beside").select((WEST, 2023)).run()
    assert app.query_params["beside"] == f"{WEST}.2023"
    assert "西川2023年 2户" in shown(app)


def test_the_poor_or_the_monitored_alone(open_page: Open) -> None:
    app = open_page("remaining", part="monitored")
    assert "监测对象1户2人" in shown(app)
    app.selectbox(key="bar_part").select("poor").run()
    assert app.query_params["part"] == "poor"
    assert "未脱贫对象1户2人" in shown(app)


def test_an_earlier_year_says_how_it_is_reckoned(open_page: Open) -> None:
    text = shown(open_page("remaining", year="2023"))
    assert "年龄按今天还在名册、当年已在户的成员推算" in text
    assert "labour" in text  # the cause is known, labour and health are not
    assert 'class="missing"' in text


def test_where_nobody_is_left_it_says_so(open_page: Open) -> None:
    app = open_page("remaining", region=HILL)
    assert not app.exception
    assert "没有剩余贫困和监测对象" in shown(app)


def test_a_village_has_no_places_inside(open_page: Open) -> None:
    app = open_page("remaining", region=BROOK)
    assert not app.exception
    assert "最多" not in shown(app)


@pytest.mark.usefixtures("only_west")
def test_a_township_viewer_sees_their_own_only(open_page: Open) -> None:
    app = open_page("remaining")
    text = shown(app)
    assert "西川镇有剩余贫困和监测对象1户2人" in text
    assert EAST not in text and "东岭" not in text
    # Not beside another place either: the bad choice is told.
    app = open_page("remaining", beside=f"{EAST}.2025")
    assert len(notices(app)) == 1 and "东岭" not in shown(app)
    assert MILL in text


def test_the_headline_of_causes_has_the_share_of_those_with_several(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = [(("illness", "labour"), 30), (("illness",), 90)]
    found = remaining.Causes(together, {"illness": 120, "labour": 30}, known=120, several=30)
    monkeypatch.setattr(remaining, "causes", lambda *_: found)
    [title] = [t for t in read(open_page("remaining")).titles if "原因" in t and "30户" in t]
    assert "25.0%" in title and "75.0%" not in title
