"""Pages show what a county declares for itself, and say what of it is left out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import server
from store.county_folder import use
from store.snapshots import Home
from tests import own_county, small_county
from tests.pages.conftest import Open, shown


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    small_county.publish(tmp_path)
    yield Home(tmp_path)
    use(None)


def test_pages_show_them_and_say_what_is_left_out(
    home: Home, open_page: Open, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own_county.write(home.path, parameters="luck: []\n")
    monkeypatch.setenv("TAIZHANG_HOME", str(home.path))
    server.warm()
    assert "county/parameters.yaml 第 7 行: luck" in capsys.readouterr().err
    for page in ("data", "definitions"):
        said = shown(open_page(page))
        assert "有 1 处不能用" in said and "luck" in said, page
    parts = ("own", "indicators", "checks")
    definitions = "".join(shown(open_page("definitions", part=part)) for part in parts)
    assert (
        "关注的人多户" in definitions and "人多户占比" in definitions and "人数过多" in definitions
    )
    for query in ({}, {"lang": "en"}):
        page = open_page("household", id="H03", **query)
        assert not page.exception
        assert ("Crowded" if query else "关注的人多户") in shown(page)
    for page, asked in (
        ("map", {"indicator": "crowded_share"}),
        ("quality", {"check": "household_crowded"}),
        ("ledgers", {"select": "rule.crowded.met"}),
        ("overview", {}),
        ("risk-groups", {}),
        ("exit", {}),
    ):
        key = "risk_groups" if page == "risk-groups" else page
        assert not open_page(key, **asked).exception, page
