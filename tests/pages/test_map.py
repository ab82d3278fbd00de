"""The map's legend: one scale over the years unless the address asks for the year's own."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from store.snapshots import Home
from tests.pages.conftest import Open, opener, shown
from views.context.address import SCALES


@pytest.fixture
def open_demo(demo: Home, monkeypatch: pytest.MonkeyPatch) -> Open:
    return opener(demo, monkeypatch)


def legend(app: AppTest) -> dict[str, int]:
    """Each class's bounds and its count of places, in their order."""
    rows = re.findall(r'class="bounds">(.*?)<.*?class="count">(\d+)', shown(app))
    return {bounds.replace("&gt;", ">"): int(count) for bounds, count in rows}


def test_the_classes_are_the_same_in_every_year(open_demo: Open) -> None:
    by_year = [legend(open_demo("map", year=year)) for year in ("2021", "2023", "2025")]
    assert len({tuple(found) for found in by_year}) == 1
    assert [sum(found.values()) for found in by_year] == [156, 156, 156]
    assert by_year[-1] == {"0": 23, "1–2": 76, "3": 28, "4": 14, "5–10": 15}


def test_a_year_of_its_own_is_a_choice_in_the_address(open_demo: Open) -> None:
    query = {"indicator": "poverty_rate", "region": "611025102", "year": "2018"}
    app = open_demo("map", **query)
    assert len(legend(app)) == 6 and next(iter(legend(app))) == "0"
    offered = re.findall(r'name="bar_scale" value="([^"]*)"', shown(app))
    chosen = dict(parse_qsl(urlsplit(unescape(offered[1])).query))
    assert chosen == {**query, "scale": SCALES[1]}
    own = legend(open_demo("map", **chosen))
    assert own["0"] == 3 and sum(own.values()) == 8
    assert list(own)[-1] == "2.0"


def test_sites_stand_in_the_legend(open_demo: Open) -> None:
    assert "集中安置点(2处)" in shown(open_demo("map", region="611025102"))
