"""Pages divided into parts: which part an address means, and where links of a part lead."""

from __future__ import annotations

import re

import pytest

from glossary import term
from metrics.county import County
from tests import viewers
from views.context import possible, sitemap
from views.context.page_spec import PageSpec
from views.context.stage import Stage, staged
from views.parts import tabs

DIVIDED = [spec for spec in sitemap.PAGES if spec.tabs]


def _staged(county: County, page: str, /, **query: str) -> Stage:
    viewer, spec = viewers.role("county_leader"), sitemap.BY_KEY[page]
    return staged(spec, query, county, viewer, possible.bounds(county, viewer, spec))


def _links(stage: Stage) -> list[tuple[str, str, bool]]:
    """Address, words and whether it is marked, of each link of the nav."""
    pattern = r'<a href="([^"]*)" data-go( aria-current="true")?>([^<]*)</a>'
    return [(href, words, bool(mark)) for href, mark, words in re.findall(pattern, tabs.nav(stage))]


@pytest.mark.parametrize("spec", DIVIDED, ids=lambda spec: spec.key)
def test_every_part_is_named_once_and_found_again(spec: PageSpec) -> None:
    parts = [part for tab in spec.tabs for part in tab.parts]
    assert len(parts) == len(set(parts)) and set(parts) == set(spec.parts)
    assert spec.tabs[0].key == "" and all(tab.key for tab in spec.tabs[1:])
    for tab in spec.tabs:
        assert term(tab.title, "zh") and term(tab.title, "en")
        assert all(spec.tab(part) is tab for part in tab.parts)
        assert set(tab.asked_by) <= set(spec.keys)
    assert spec.tab(None) is spec.tabs[0] and "part" in spec.keys


@pytest.mark.parametrize("spec", DIVIDED, ids=lambda spec: spec.key)
def test_the_part_shown_is_marked_and_no_other(small: County, spec: PageSpec) -> None:
    for tab in spec.tabs:
        query = {"part": tab.key} if tab.key else {}
        links = _links(_staged(small, spec.key, **query))
        assert [words for _, words, _ in links] == [term(t.title, "zh") for t in spec.tabs]
        assert [words for _, words, marked in links if marked] == [term(tab.title, "zh")]


@pytest.mark.parametrize(
    ("page", "query", "part"),
    [
        ("exit", {"what": "poverty_line_yuan.4000"}, "what"),
        ("exit", {"page": "2"}, "villages"),
        ("exit", {"part": "village_road", "what": "poverty_line_yuan.4000"}, "village_road"),
        ("exit", {"asof": "today"}, None),
        ("sieves", {"state": "overdue"}, "list"),
        ("quality", {"check": "village_road"}, "list"),
        ("quality", {"against": "1"}, None),
        ("data", {"kind": "mended"}, "rows"),
        ("classes", {"since": "2023"}, "moves"),
        ("monitoring", {"page": "3"}, "open"),
        ("stress", {"what": "monitoring_line_yuan.6500"}, None),
    ],
)
def test_an_address_from_before_there_were_parts_means_the_part_that_shows_it(
    small: County,
    page: str,
    query: dict[str, str],
    part: str | None,
) -> None:
    stage = _staged(small, page, **query)
    assert stage.view.part == part and not stage.stop


def test_the_first_part_is_left_with_nothing_that_leads_to_another(small: County) -> None:
    stage = _staged(small, "quality", check="village_road", page="2", against="1")
    first, *_ = _links(stage)
    assert first[0] == "/quality?against=1", "what the first part shows too is kept"
    moved = _staged(small, "classes", since="2023")
    assert _links(moved)[0][0] == "/classes"


def test_what_belongs_to_another_part_leaves_the_one_shown(small: County) -> None:
    checks = _staged(small, "quality", part="checks")
    assert checks.href("quality", check="village_road") == "/quality?check=village_road"
    assert checks.href("quality", region="611025101").endswith("part=checks")
    listed = _staged(small, "sieves", part="housing")
    assert listed.href("sieves", state="overdue") == "/sieves?state=overdue&part=housing"
    assert listed.href("sieves", state=None) == "/sieves?part=housing"
