"""帮扶走访 over the small county: who is visited, who helps, who was in the village."""

from __future__ import annotations

import pytest

from tests.pages.conftest import Open, shown
from tests.small_county import EAST, MILL


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("zh", "试验县3名干部结对帮扶4户"),
        ("en", "3 cadres help 4 households"),
    ],
)
def test_it_says_who_helps_whom(open_page: Open, lang: str, told: str) -> None:
    app = open_page("visits", **({"lang": lang} if lang == "en" else {}))
    assert not app.exception
    assert told in shown(app)


def test_every_number_opens_a_list(open_page: Open) -> None:
    text = shown(open_page("visits"))
    assert 'href="/visits?part=cadre_nights"' in text
    assert 'href="/visits?part=station_patrolled"' in text


def test_those_whom_nobody_visited_for_a_month(open_page: Open) -> None:
    """H04 is monitored and H06 poor; both are owed a visit a month."""
    text = shown(open_page("visits", part="visit_month_missed"))
    assert "一个月无人走访:2户" in text
    assert 'href="/household?id=H04"' in text and 'href="/household?id=H06"' in text
    assert "郑*一" in text and "郑试一" not in text


def test_the_tasks_that_nobody_did_are_named(open_page: Open) -> None:
    text = shown(open_page("visits", part="visit_four_tasks"))
    assert "整治一次人居环境" in text and 'href="/household?id=H01"' not in text


def test_a_visit_by_another_than_the_helper_does_not_count(open_page: Open) -> None:
    assert 'href="/household?id=H02"' in shown(open_page("visits", part="visit_by_helper"))


def test_cadres_who_were_not_in_the_village(open_page: Open) -> None:
    """C1 was; C2 half the weeks, C3 and C4 never."""
    text = shown(open_page("visits", part="cadre_nights"))
    assert "3名干部" in text and "郑*二" in text and "郑试二" not in text
    assert "select=cadre.C2" in text and "select=cadre.C1" not in text


def test_villages_that_nobody_patrolled(open_page: Open) -> None:
    text = shown(open_page("visits", part="station_patrolled"))
    assert "2个村" in text


def test_places_add_up(open_page: Open) -> None:
    app = open_page("visits", part="places")
    assert not app.exception
    assert "select=rule.visits_kept.missed" in shown(app)


@pytest.mark.usefixtures("only_west")
@pytest.mark.parametrize("part", ["", "places", "visit_quarter", "cadre_nights"])
def test_a_township_viewer_sees_their_own_only(open_page: Open, part: str) -> None:
    text = shown(open_page("visits", **({"part": part} if part else {})))
    assert EAST not in text and "H01" not in text and "郑*二" not in text
    assert MILL
