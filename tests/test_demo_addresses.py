"""Addresses live for ever: each that was ever printed or sent leads to the view that was meant."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest

from access.viewer import demo_viewer
from metrics.county import County, open_county
from store.snapshots import Home
from store.yamls import read_yaml
from tests.test_walls import ROOT
from views.browser.documents import belongs
from views.context import address, mending, possible
from views.context.address import KEYS
from views.context.refusal import refusal_of
from views.context.sitemap import BY_KEY, BY_PATH
from views.context.stage import Stage, staged

CORPUS: list[dict[str, Any]] = read_yaml(ROOT / "tests" / "addresses.yaml")
# A page's path with what may follow it, in a document.
_PRINTED = re.compile(r"[`(\"]/([a-z][a-z-]*)?(\?[^`)\" ]*)?(?=[`)\"])")


@pytest.fixture(scope="module")
def county(demo: Home) -> County:
    return open_county(demo)


def opened(county: County, written: str) -> Stage:
    """The view that an address leads to, for who sees all, as the server and the page read it."""
    parts = urlsplit(written)
    path, _, query = (belongs(parts.path[1:], parts.query) or written[1:]).partition("?")
    spec = BY_PATH[path]
    given: dict[str, list[str]] = {}
    for key, value in mending.split(query):
        given.setdefault(key, []).append(value)
    viewer = demo_viewer(county.code, invented=True)
    return staged(spec, given, county, viewer, possible.bounds(county, viewer, spec))


@pytest.mark.parametrize("entry", CORPUS, ids=lambda entry: entry["address"])
def test_an_address_leads_to_the_view_that_was_meant(county: County, entry: dict[str, Any]) -> None:
    stage = opened(county, entry["address"])
    assert stage.spec.key == entry["page"]
    assert not stage.fallen and refusal_of(stage) is None
    said = address.query(stage.view, stage.bounds, KEYS)
    defaults = address.query(opened(county, f"/{stage.spec.path}").view, stage.bounds, KEYS)
    wanted = {key: str(value) for key, value in entry.get("view", {}).items()}
    for key, value in wanted.items():
        read = address.one(key, value, stage.bounds)[key]
        assert getattr(stage.view, key) == read, key
    others = {key: value for key, value in said.items() if key not in wanted}
    assert others == {key: value for key, value in defaults.items() if key not in wanted}


def test_every_address_that_a_document_prints_is_among_them() -> None:
    listed = {entry["address"] for entry in CORPUS}
    documents = [ROOT / "CHANGELOG.md", *ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md")]
    printed = {
        f"/{found[1] or ''}{found[2] or ''}"
        for path in documents
        for found in _PRINTED.finditer(path.read_text("utf-8"))
        if (found[1] or "") in BY_PATH
    }
    # Of a household's and a village's file documents name the key alone.
    lacking = {one for one in printed - listed if not one.endswith("=")}
    assert not lacking - {f"/{BY_KEY[key].path}" for key in ("household", "village")}


def test_none_was_ever_given_twice() -> None:
    assert len({entry["address"] for entry in CORPUS}) == len(CORPUS)
