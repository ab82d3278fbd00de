"""Pages as blocks: read from a view and a county, with no page, browser or session."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from metrics.county import County, open_county
from store import shapes
from store.snapshots import Home
from tests import once, small_county, viewers
from tests.small_county import BROOK, EAST, HILL, MILL, WEST
from views.context import address, possible
from views.context.sitemap import BY_KEY
from views.context.stage import Stage, staged
from views.scenes import showing, wire
from views.scenes.bar import bar
from views.scenes.block import Scene
from views.sections.map import page as map_page
from views.sections.overview import screen


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    folder = once.made(once.folder(tmp_path_factory), "scenes", small_county.publish)
    return open_county(Home(folder))


def stage_of(county: County, place: str = "", page: str = "overview", **query: str) -> Stage:
    """A page's stage, for somebody who sees the county or one place of it."""
    viewer = viewers.role("county_leader" if not place else "township_leader", place or county.code)
    spec = BY_KEY[page]
    bounds = possible.bounds(county, viewer, spec)
    return staged(spec, {k: [v] for k, v in query.items()}, county, viewer, bounds)


def scene(stage: Stage) -> Scene:
    return showing.scene_of(stage, screen.blocks)


def test_the_overview_is_blocks_with_keys_that_stay(county: County) -> None:
    keys = [list(scene(stage_of(county, **query)).held) for query in ({}, {"region": EAST})]
    assert keys[0] == keys[1]
    assert keys[0][:4] == ["title", "menu", "masthead", "bar"]
    ideas = ["figures", "changed", "decide", "late", "ranking"]
    assert keys[0][4:] == ["screen", "opening", "ideas", *ideas, "about"]


@pytest.fixture(scope="module")
def drawn(county: County) -> County:
    """The county with shapes: their codes are all that the server reads of them."""
    folder = shapes.shapes_folder(county.home.path)
    bounds = dict.fromkeys
    index = {
        "county": bounds([county.code], (109.0, 33.0, 110.0, 34.0)),
        "township": bounds([WEST, EAST], (109.0, 33.0, 109.5, 33.5)),
        "village": bounds([MILL, BROOK, HILL], (109.1, 33.1, 109.2, 33.2)),
    }
    (folder / "v1").mkdir(parents=True, exist_ok=True)
    (folder / "v1" / shapes.INDEX).write_text(json.dumps(index), "utf8")
    shapes.make_current(county.home.path, county.code, "v1")
    return county


def mapped(stage: Stage) -> dict[str, Any]:
    """What is told of the map of a view."""
    (found,) = (b for b in showing.scene_of(stage, map_page.blocks).every() if b.kind == "deck")
    return dict(json.loads(found.data))


@pytest.fixture(autouse=True)
def any_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser of the usual size that draws maps."""
    monkeypatch.setattr(showing.components, "screen_size", lambda: "page")
    monkeypatch.setattr(showing.components, "draws_maps", lambda: True)


def test_another_year_of_the_map_is_the_same_layers_and_other_colours(drawn: County) -> None:
    now, then = (
        mapped(stage_of(drawn, page="map", indicator="per_capita_income", year=year))
        for year in ("2025", "2023")
    )
    layers = [[{**one, "getFillColor": 0, "updateTriggers": 0} for one in told["deck"]["layers"]]
              for told in (now, then)]  # fmt: skip
    assert layers[0] == layers[1], "what stands is not loaded again"
    assert now["labels"] != then["labels"]


def test_a_map_opens_each_place_that_its_viewer_may_see_and_no_other(drawn: County) -> None:
    whole, one = (mapped(stage_of(drawn, place, page="map")) for place in ("", WEST))
    assert whole["known"] is None
    assert one["known"] and {*one["known"]} <= {
        code for code in (MILL, BROOK, HILL) if code.startswith(WEST)
    }
    assert whole["region"].replace("{code}", HILL) == stage_of(drawn).href("village", region=HILL)
    town = mapped(stage_of(drawn, page="map", level="township"))
    wanted = stage_of(drawn, page="map", level="township").href("map", region=EAST, level="village")
    assert town["region"].replace("{code}", EAST) == wanted


def test_a_view_is_the_same_scene_whenever_it_is_made(county: County) -> None:
    first = scene(stage_of(county, region=WEST, year="2024"))
    scene(stage_of(county))
    assert scene(stage_of(county, region=WEST, year="2024")) == first


def test_the_years_are_figures_with_their_numbers_as_a_table(county: County) -> None:
    drawn = {block.key: block for block in scene(stage_of(county, part="progress")).every()}
    assert drawn["trend"].kind == "plot" and '"alt":"' in drawn["trend"].data
    assert '<table class="data">' in drawn["trend_table"].data


def test_each_choice_of_the_bar_leads_to_its_own_view(county: County) -> None:
    here = stage_of(county, region=EAST, year="2024", part="board")
    options = re.findall(r'<option value="([^"]*)"( selected)?>([^<]*)<', bar(here))
    found = {words: _query(href) for href, _, words in options}
    assert found["西川"] == {"region": WEST, "year": "2024", "part": "board"}
    assert found["全县"] == {"year": "2024", "part": "board"}
    assert [words for _, chosen, words in options if chosen] == ["东岭", "全部村"]
    years = re.findall(r'<input type="radio"[^>]* value="([^"]*)"( checked)?', bar(here))
    assert {_query(href).get("year", "2025") for href, _ in years} == set(map(str, county.years))
    assert [_query(href)["year"] for href, chosen in years if chosen] == ["2024"]


def test_the_bar_offers_what_its_viewer_may_see(county: County) -> None:
    text = bar(stage_of(county, WEST))
    assert "东岭" not in text and EAST not in text and 'data-choice="bar_township"' not in text
    assert MILL in text


def test_nothing_of_a_scene_is_of_a_place_that_its_viewer_does_not_see(county: County) -> None:
    held = "".join(scene(stage_of(county, WEST)).held.values())
    assert EAST not in held and "东岭" not in held


def _query(href: str) -> dict[str, str]:
    assert href.startswith(address.base() or "/")
    return {key: values[0] for key, values in parse_qs(urlsplit(unescape(href)).query).items()}


@pytest.mark.parametrize(("page", "make"), [("overview", screen.blocks), ("map", map_page.blocks)])
def test_what_is_made_ahead_is_what_would_be_sent_and_nothing_else(
    drawn: County, page: str, make: showing.Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = stage_of(drawn, WEST, page)
    guest = SimpleNamespace(may_look=True)
    monkeypatch.setattr(showing.st, "session_state", {})
    monkeypatch.setattr(showing.visitor, "asked_anew", lambda **_: guest)
    monkeypatch.setattr(showing.visitor, "viewer", lambda *_: stage.viewer)
    sent = showing._sent()
    sent.begin(showing._of(stage))
    sent.shown = showing.scene_of(stage, make)

    def ahead(query: str) -> bytes:
        return showing._made_ahead(stage, make, query)

    _, made = wire.read(ahead(f"region={MILL}&year=2024"), sent.shown)
    there = stage_of(drawn, WEST, page, region=MILL, year="2024")
    assert made == showing.scene_of(there, make)
    refused = (f"region={EAST}", "lang=en", "year=1800", "snapshot=9", "colour=red", "region=1")
    assert [query for query in refused if ahead(query)] == []
    monkeypatch.setattr(showing.visitor, "viewer", lambda *_: viewers.role("inspector", MILL))
    assert ahead("year=2024") == b"", "their rights are others than those of the scene shown"
    guest.may_look = False
    assert ahead("year=2024") == b""


def test_pages_of_persons_make_nothing_ready(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(showing, "_shown", lambda *_: drawn.append("shown"))
    monkeypatch.setattr(showing, "_ahead", lambda *_: drawn.append("ahead"))
    stage = stage_of(county)
    showing.draw(stage, screen.blocks)
    showing.draw(replace(stage, spec=replace(stage.spec, personal=True)), screen.blocks)
    assert drawn == ["shown", "ahead", "shown"]
