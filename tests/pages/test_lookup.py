"""What a few letters lead to, for whom; and that the page is there."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

import pytest

from access.identity import OPEN
from access.viewer import Viewer
from state import saved_views
from state.database import kept_open
from state.saved_views import Words
from store.snapshots import Home
from tests import viewers
from tests.pages.conftest import Open, shown
from tests.small_county import EAST, HILL, MILL, WEST
from views.context import lookup, sitemap

Look = Callable[[Viewer], None]
PATHS = {page.path: page.key for page in sitemap.PAGES}


@pytest.fixture(autouse=True)
def inspector(home: Home, monkeypatch: pytest.MonkeyPatch, look: Look) -> None:
    monkeypatch.setenv("TAIZHANG_HOME", str(home.path))
    look(viewers.role("inspector"))


def found(text: str, path: str = "/", query: str = "") -> list[tuple[str, str, str]]:
    return [
        (one["label"], one["note"], one["href"]) for one in lookup.found(OPEN, text, path, query)
    ]


def labels(text: str) -> list[str]:
    return [label for label, _, _ in found(text)]


@pytest.mark.parametrize(
    ("text", "label", "note", "href"),
    [
        ("高坡", "高坡", "东岭", f"/village?region={HILL}"),
        ("高坡村村民委员会", "高坡", "东岭", f"/village?region={HILL}"),  # in any of its forms
        ("gpc", "高坡", "东岭", f"/village?region={HILL}"),
        ("GaoPo", "高坡", "东岭", f"/village?region={HILL}"),
        (MILL, "磨坊", f"西川 {MILL}", f"/village?region={MILL}"),
        ("xc", "西川", "", f"/?region={WEST}"),
        ("地图", "地图", "", "/map"),
        ("dt", "地图", "", "/map"),
        ("map", "地图", "", "/map"),
        ("poverty_rate", "贫困发生率", "", "/trends"),
        ("exit_income", "收入超过标准", "", "/definitions?rule=exit_income"),
        ("第一战区", "第一战区", "战区 Z1", "/?zone=Z1"),
        ("dyzq", "第一战区", "战区 Z1", "/?zone=Z1"),
        ("z1-01", "东岭片", "一级网格 Z1-01", "/?zone=Z1-01"),
        ("h05", "H05", "磨坊", "/household?id=H05"),
    ],
)
def test_the_first_answer_is_what_was_meant(text: str, label: str, note: str, href: str) -> None:
    assert found(text)[0] == (label, note, href)


@pytest.mark.parametrize("text", ["", " ", "~", "孙试七", "610000199001011234", "查无此村", "h0"])
def test_nobody_is_found_by_name_or_number_and_nothing_by_nothing(text: str) -> None:
    assert not [label for label, _, href in found(text) if "household" in href]
    assert found(text) == [] or text == "h0"


def test_it_keeps_to_the_view_that_it_was_opened_over() -> None:
    over = ("/trends", "?indicator=poor_people&year=2024&snapshot=1&lang=en")
    assert found("xc", *over)[0][2] == (
        f"/trends?region={WEST}&year=2024&snapshot=1&indicator=poor_people&lang=en"
    ), "a wider place is shown on the page that is open"
    assert found("monitored households", *over)[0][:2] == ("Monitored households", "")
    assert found("gpc", *over)[0][2] == f"/village?region={HILL}&year=2024&snapshot=1&lang=en"


def test_of_another_place_nothing_is_found(look: Look) -> None:
    look(viewers.role("township_leader", WEST))
    assert "西川" in labels("xc") and "H05" in labels("H05")
    for text in ("高坡", "gpc", HILL, EAST, "东岭", "H01"):
        assert labels(text) == [], text


def test_who_sees_nobody_finds_no_household_and_only_their_pages(look: Look) -> None:
    look(viewers.role("administrator"))
    assert labels("H05") == [] and "台账" not in labels("台账") and "权限" in labels("权限")
    look(viewers.viewer())
    assert labels("map") == [] and labels("高坡") == []


def test_saved_views_are_found_by_their_titles(home: Home, look: Look) -> None:
    state = kept_open(home.path)
    for owner, title in (("li.si", "周一例会"), ("wang", "别人的画面")):
        saved_views.save(state, "map", f"region={WEST}", Words(title), owner=owner)
    assert found("例会")[0][:2] == ("周一例会", "") and found("zylh")[0][0] == "周一例会"
    assert labels("别人") == [], "of another owner, who does not share it"


def test_all_that_is_found_opens(open_page: Open) -> None:
    """One of each kind."""
    for text in ("gpc", "xc", "map", "poverty_rate", "exit_income", "H05"):
        parts = urlsplit(found(text)[0][2])
        app = open_page(PATHS[parts.path.strip("/")], **dict(parse_qsl(parts.query)))
        assert not app.exception and "refused" not in shown(app)
