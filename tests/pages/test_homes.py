"""幸福院 over the small county: H02 lives in X1, H06 in X2 with less, H03 may and waits."""

from __future__ import annotations

import pytest

from tests.pages.conftest import Open, shown
from tests.small_county import EAST, WEST


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("zh", "试验县幸福院2处,住2户3人;应住未住1户"),
        ("en", "2 happiness homes, 2 households, 3 people; eligible and not housed: 1"),
    ],
)
def test_it_says_who_lives_in_homes(open_page: Open, lang: str, told: str) -> None:
    app = open_page("homes", **({"lang": lang} if lang == "en" else {}))
    assert not app.exception
    assert told in shown(app)


def test_every_number_opens_its_rows(open_page: Open) -> None:
    text = shown(open_page("homes"))
    assert 'href="/homes?part=home_unhoused"' in text
    assert 'href="/homes?part=package_lacks_one"' in text
    assert 'href="/ledgers?select=home.X2"' in text
    assert 'href="/ledgers?select=home.X2.home_area.missed"' in text


def test_a_home_says_what_it_lacks(open_page: Open) -> None:
    text = shown(open_page("homes", part="homes"))
    assert "磨坊幸福院" in text and "郑*一" in text and "郑试一" not in text
    assert "设施不全" in text


def test_the_package_says_how_much_is_lacking(open_page: Open) -> None:
    """H06 lacks 2 m² of its 40 and H03 80 of its 80; trees 1 mu, income 1 yuan."""
    text = shown(open_page("homes", part="package"))
    assert "1户只差一项" in text and "82" in text
    assert 'href="/homes?part=last_package_house"' in text
    assert 'href="/ledgers?select=rule.package_trees.missed"' in text


@pytest.mark.parametrize(
    ("part", "home"),
    [
        ("home_unhoused", "H03"),
        ("home_area", "H06"),
        ("home_reviewed", "H06"),
        ("last_package_house", "H06"),
        ("package_trees", "H03"),
    ],
)
def test_a_list_has_the_household_that_its_number_counts(
    open_page: Open, part: str, home: str
) -> None:
    assert f'href="/household?id={home}"' in shown(open_page("homes", part=part))


@pytest.mark.parametrize("part", ["home_size", "left_home", "package_lacks_one"])
def test_a_list_of_each_shape_opens(open_page: Open, part: str) -> None:
    assert not open_page("homes", part=part).exception


def test_the_household_shows_its_part(open_page: Open) -> None:
    text = shown(open_page("household", id="H06", lang="en"))
    assert "磨坊幸福院" in text and "Missing: Notice in the village" in text
    assert "Happiness home and the 211130 package" not in shown(
        open_page("household", id="H01", lang="en")
    )


@pytest.mark.usefixtures("only_west")
def test_a_township_viewer_sees_their_own_only(open_page: Open) -> None:
    text = shown(open_page("homes", part="homes"))
    assert "磨坊幸福院" in text and "高坡幸福院" not in text
    assert WEST and EAST not in text and "H02" not in text
