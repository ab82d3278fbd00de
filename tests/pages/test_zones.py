"""Zones over the small county: Z1 is hill and mill, over the townships' border, Z2 is brook."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest

from access.viewer import Viewer
from state import meetings
from state.database import opened
from state.meetings import Called, Decided
from store.snapshots import Home
from tests import viewers
from tests.pages.conftest import Open, shown
from tests.pages.tables import read
from tests.small_county import BROOK, COUNTY, EAST, MILL, WEST


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("zh", "试验县2个战区五项督战:按户情比较,各战区没有明显高低"),
        ("en", "2; five supervised matters: with like compared to like, none stands out"),
    ],
)
def test_it_says_how_zones_stand(open_page: Open, lang: str, told: str) -> None:
    app = open_page("zones", **({"lang": lang} if lang == "en" else {}))
    assert not app.exception
    assert told in shown(app) and "第一战区" in shown(app) and "郑试十二" in shown(app)


def test_every_number_opens_its_households(open_page: Open) -> None:
    text = shown(open_page("zones"))
    assert 'href="/ledgers?zone=Z1&amp;select=rule.matter_work.met"' in text
    assert "△ 应为2.0,比1.00" in text, "a small number says so"
    listed = shown(open_page("ledgers", zone="Z1", select="rule.matter_work.met"))
    assert "H02" in listed and "H04" not in listed


@pytest.mark.parametrize("part", ["matters", "grids", "members"])
def test_parts_are_told(open_page: Open, part: str) -> None:
    app = open_page("zones", part=part)
    assert not app.exception
    told = {"matters": "就业和兜底未落实", "grids": "Z1-01-01-2", "members": "磨坊"}[part]
    assert told in shown(app)


@pytest.mark.parametrize(("part", "title"), [("grids", "网格"), ("members", "的归属")])
def test_a_list_is_as_long_as_its_heading_says(open_page: Open, part: str, title: str) -> None:
    [table] = [each for each in read(open_page("zones", part=part)).tables if title in each.title]
    [count, *_] = re.findall(r"\d+", table.title)
    assert len(table.rows) == int(count) > 0


@pytest.mark.parametrize(
    "page", ["overview", "ledgers", "monitoring", "sieves", "problems", "zones", "exit", "work",
             "homes", "visits", "relocation", "classes", "risk_groups", "map", "trends", "quality"]
)  # fmt: skip
def test_a_page_narrowed_to_a_zone_is_that_of_who_sees_it_alone(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    """What stands in the address is called by the zone, and no number of elsewhere is shown."""
    app = open_page(page, zone="Z2")
    assert not app.exception, page
    text = shown(app)
    assert "第二战区" in text, page
    assert all(f"region={code}" not in text for code in (WEST, MILL)), page


def test_a_zone_may_stand_where_a_place_does(open_page: Open) -> None:
    as_place, as_zone = open_page("ledgers", region="Z1"), open_page("ledgers", zone="Z1")
    for text in map(shown, (as_place, as_zone)):
        assert "H01" in text and "H06" in text and "H03" not in text


def test_a_township_of_a_zone_is_what_of_it_lies_there(open_page: Open) -> None:
    text = shown(open_page("ledgers", zone="Z1", region=EAST))
    assert "H01" in text and "H03" not in text and "H06" not in text
    assert "第一战区 · 东岭镇" in text


@pytest.mark.parametrize("query", [{"zone": "Z2", "region": MILL}, {"zone": "Z9"}])
def test_what_is_not_of_the_zone_is_refused(open_page: Open, query: dict[str, str]) -> None:
    app = open_page("ledgers", **query)
    assert not app.exception
    assert "H0" not in shown(app), "nothing is shown in its place"


def test_a_grid_of_village_groups_says_why_it_narrows_nothing(open_page: Open) -> None:
    text = shown(open_page("monitoring", zone="Z1-01-01-1"))
    assert "这个网格由村民小组组成" in text and "H0" not in text
    listed = open_page("ledgers", where="zone.Z1-01-01-1")
    assert not listed.exception


@pytest.mark.parametrize("page", ["ledgers", "monitoring", "zones", "quality", "overview"])
def test_a_grant_for_a_zone_is_its_villages(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    viewers.look(monkeypatch, viewers.role("inspector", "Z2"))
    text = shown(open_page(page))
    assert all(hid not in text for hid in ("H01", "H02", "H05", "H06")), page
    viewers.look(monkeypatch, viewers.role("inspector", "Z9"))
    assert "H0" not in shown(open_page(page)), "a zone that is not there gives nothing"


def test_a_grant_and_a_zone_narrow_each_other(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewers.look(monkeypatch, viewers.role("inspector", WEST))
    text = shown(open_page("ledgers", zone="Z1"))
    assert "H06" in text and "H01" not in text
    refused = shown(open_page("ledgers", zone="Z2"))
    assert "H0" not in refused and BROOK not in refused


def test_what_was_promised_stands_by_its_zone(
    home: Home, open_own: Open, look: Callable[[Viewer], None]
) -> None:
    with opened(home.path) as state:
        meeting = meetings.make(state, Called("周例会", date(2025, 12, 1)), owner="li.si")
        for text, unit in (("溪口村饮水月底前接通", "县水利局"), ("全县报表", "县统计局"),
                           ("补录搬迁后续", "县扶贫局")):  # fmt: skip
            meetings.decide(state, meeting.number, Decided(text, unit), by="li.si")
    look(viewers.role("county_leader", COUNTY))
    text = shown(open_own("zones"))
    assert "溪口村饮水月底前接通" in text and "补录搬迁后续" in text and "全县报表" not in text
    assert "周例会" in text
