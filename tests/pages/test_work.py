"""产业就业 over the small county: who works, posts, workshops, leaders."""

from __future__ import annotations

import pytest

from tests.pages.conftest import Open, shown
from tests.small_county import EAST, MILL


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("zh", "试验县有劳动力5人,在就业3人;有劳动力而无人就业2户,其中产业就业两头空2户"),
        ("en", "3 of 5 people who can work are at work"),
    ],
)
def test_it_says_who_works(open_page: Open, lang: str, told: str) -> None:
    app = open_page("work", **({"lang": lang} if lang == "en" else {}))
    assert not app.exception
    assert told in shown(app)


def test_every_number_opens_a_list(open_page: Open) -> None:
    text = shown(open_page("work"))
    assert 'href="/work?part=post_one_each"' in text
    assert 'href="/work?part=leader_brings"' in text
    assert 'href="/work?part=vacant_relief"' in text
    assert "select=rule.work_one.missed" in text


def test_posts_held_against_the_rules(open_page: Open) -> None:
    text = shown(open_page("work", part="posts_against"))
    assert "3个岗位" in text and "李*" in text and "李试<" not in text
    assert 'href="/household?id=H02"' in text and 'href="/household?id=H01"' not in text


def test_the_one_of_whose_training_nothing_came(open_page: Open) -> None:
    text = shown(open_page("work", part="worker_trained_vain"))
    assert "1人" in text and 'href="/household?id=H06"' in text


def test_workshops_open_their_people(open_page: Open) -> None:
    text = shown(open_page("work", part="workplaces"))
    assert "高坡车间" in text and "select=workplace.K1" in text
    assert "select=workplace.K2" not in text


def test_leaders_open_their_households(open_page: Open) -> None:
    text = shown(open_page("work", part="leaders"))
    assert "冯*一" in text and "冯试一" not in text and "select=leader.L1" in text


def test_months_open_who_was_away(open_page: Open) -> None:
    text = shown(open_page("work", part="months"))
    assert "2025-10-31" in text and "select=works.outside.20251031" in text


def test_places_add_up(open_page: Open) -> None:
    app = open_page("work", part="places")
    assert not app.exception
    assert "select=rule.work_one.missed" in shown(app)


def test_without_a_date_before_nothing_is_said_to_be_lost(open_page: Open) -> None:
    app = open_page("work", part="lost_since")
    assert not app.exception
    assert "上次数据以来失去就业" in shown(app)


@pytest.mark.usefixtures("only_west")
@pytest.mark.parametrize("part", ["", "places", "months", "posts", "leaders", "workplaces"])
def test_a_township_viewer_sees_their_own_only(open_page: Open, part: str) -> None:
    text = shown(open_page("work", **({"part": part} if part else {})))
    assert EAST not in text and "H01" not in text and "冯*一" not in text
    assert "高坡" not in text and MILL
