"""易地搬迁 over the small county: H05 alone was relocated, to S1, and lives in two places."""

from __future__ import annotations

import pytest

from tests.pages.conftest import Open, shown
from tests.small_county import EAST, HILL, WEST


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("zh", "试验县易地搬迁1户5人,稳定搬迁0户"),
        ("en", "1 household, 5 people relocated; 0 settled"),
    ],
)
def test_it_says_how_many_are_settled(open_page: Open, lang: str, told: str) -> None:
    app = open_page("relocation", **({"lang": lang} if lang == "en" else {}))
    assert not app.exception
    assert told in shown(app)


def test_every_number_opens_its_households(open_page: Open) -> None:
    text = shown(open_page("relocation"))
    assert 'href="/relocation?part=relocation_both_ways"' in text
    assert 'href="/ledgers?select=site.S1"' in text
    assert 'href="/ledgers?select=site.S1.relocation_land.missed"' in text


def test_the_site_says_what_it_has(open_page: Open) -> None:
    text = shown(open_page("relocation", part="sites"))
    assert "磨坊安置点" in text and "安置点1个" in text
    assert text.count('class="light bad"') == 1, "the clinic alone is far"


def test_what_blocks_a_household_is_said(open_page: Open) -> None:
    text = shown(open_page("relocation", part="blocked"))
    assert "未稳定搬迁户:1户" in text
    assert 'href="/household?id=H05"' in text and "孙*七" in text and "孙试七" not in text
    assert "在新房常年居住" in text and "宅基地已复垦或旧房保留" in text


@pytest.mark.parametrize("part", ["relocation_land", "relocation_both_ways", "site_clinic"])
def test_a_list_has_the_household_that_its_number_counts(open_page: Open, part: str) -> None:
    assert 'href="/household?id=H05"' in shown(open_page("relocation", part=part))


def test_a_list_without_anybody_says_so(open_page: Open) -> None:
    app = open_page("relocation", part="relocation_certificate")
    assert not app.exception
    assert "没有符合条件的记录" in shown(app)


@pytest.mark.parametrize("part", ["origins", "sites", "blocked"])
def test_a_place_without_relocation_says_so(open_page: Open, part: str) -> None:
    app = open_page("relocation", region=HILL, part=part)
    assert not app.exception
    assert "没有易地搬迁户" in shown(app)


def test_flows_open_their_households(open_page: Open) -> None:
    app = open_page("relocation", part="origins")
    assert not app.exception
    assert "各村的搬迁户都安置在本村" in shown(app)
    assert "select=site.S1" in shown(app)


@pytest.mark.usefixtures("only_west")
def test_a_township_viewer_sees_their_own_only(open_page: Open) -> None:
    text = shown(open_page("relocation", part="sites"))
    assert WEST and EAST not in text and "H01" not in text
