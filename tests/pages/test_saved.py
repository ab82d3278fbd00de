"""Saved views and the page of one's own links: saved anywhere, in the menu, changed, given up."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from glossary import term
from state import links, saved_views
from state.database import State, opened
from state.saved_views import Words
from state.tables import SavedView
from store.snapshots import Home
from tests import viewers
from tests.pages.conftest import Open, notices, shown
from tests.pages.test_links import publish_later
from tests.small_county import COUNTY, EAST, WEST


def kept(home: Home, who: str = "demo") -> list[SavedView]:
    with opened(home.path) as state:
        return saved_views.listed(state, who)


def menu(app: AppTest) -> dict[str, str]:
    """The links of the menu by their words."""
    nav = next(line for line in shown(app).splitlines() if 'class="menu"' in line)
    found = re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', nav)
    return {unescape(words): unescape(href) for href, words in found}


def save(app: AppTest, title: str, *boxes: str) -> AppTest:
    key = next(one.key for one in app.text_input if (one.key or "").startswith("share_title"))
    app.text_input(key=key).set_value(title)
    for box in boxes:
        app.checkbox(key=box).check()
    app.button(key="view_save").click().run()
    assert not app.exception
    return app


def test_a_saved_view_is_in_the_menu_and_opens_the_newest_data(open_own: Open, home: Home) -> None:
    app = save(open_own("ledgers", region=EAST, year="2024", group="borderline"), "东岭边缘户")
    href = menu(app)["东岭边缘户"]
    wanted = {"region": EAST, "year": "2024", "group": "borderline", "v": "1"}
    assert (urlsplit(href).path, dict(parse_qsl(urlsplit(href).query))) == ("/ledgers", wanted)
    publish_later(home)
    again = open_own("ledgers", **wanted)
    assert "2026-01-31" in shown(again) and not notices(again)


def test_a_year_that_nobody_chose_is_that_of_the_day(open_own: Open, home: Home) -> None:
    save(open_own("map"), "地图")
    save(open_own("exit"), "退出")
    assert [dict(parse_qsl(view.query)).get("year") for view in kept(home)] == [None, None]
    assert {dict(parse_qsl(view.query))["region"] for view in kept(home)} == {COUNTY}


def test_a_shared_view_is_listed_to_those_who_may_see_it(
    open_own: Open, home: Home, look: Callable
) -> None:
    look(viewers.role("county_leader", subject="wang.shi"))
    save(open_own("ledgers", region=EAST), "东岭名单", "view_shared")
    save(open_own("ledgers", region=WEST), "西川名单", "view_shared")
    save(open_own("ledgers", region=WEST), "我的名单")
    look(viewers.role("township_leader", WEST))
    for page in ("overview", "saved"):
        app = open_own(page)
        assert "西川名单" in menu(app)
        assert "东岭名单" not in shown(app) and "我的名单" not in shown(app)
    assert "wang.shi" in shown(open_own("saved"))
    look(viewers.role("administrator"))
    admin = open_own("admin")
    assert not {"西川名单", term("page_saved", "zh")} & menu(admin).keys()


def test_visits_begin_with_the_start_page_and_go_on_from_there(open_own: Open, home: Home) -> None:
    app = save(open_own("ledgers", region=EAST), "东岭名单", "view_start")
    href = menu(app)["东岭名单"]
    begun = open_own("overview")
    assert href in shown(begun) and "taizhang_goto" in [
        one.proto.component_name for one in begun.get("bidi_component")
    ]
    assert "kpis" not in shown(begun)
    begun.run()  # who then goes to the first page is there
    assert "kpis" in shown(begun)
    asked_for = open_own("overview", year="2024")
    assert "kpis" in shown(asked_for), "who asks for a view gets it"


def test_a_start_page_that_may_not_be_seen_any_more_is_none(
    open_own: Open, home: Home, look: Callable
) -> None:
    with opened(home.path) as state:
        words = Words("东岭", start=True)
        saved_views.save(state, "ledgers", f"region={EAST}", words, owner="li.si")
    look(viewers.role("township_leader", WEST))
    assert "kpis" in shown(open_own("overview"))
    page = shown(open_own("saved"))
    assert term("view_unseen", "zh") in page and f"region={EAST}" not in page


def test_an_owner_changes_and_gives_up_a_view(open_own: Open, home: Home) -> None:
    save(open_own("map", level="township"), "旧名")
    (view,) = kept(home)
    app = open_own("saved")
    app.text_input(key=f"view_title_{view.number}").set_value("新名")
    app.checkbox(key=f"view_shared_{view.number}").check()
    app.button(key="view_rename").click().run()
    assert notices(app) == [term("view_changed", "zh")]
    (view,) = kept(home)
    assert (view.title, view.shared) == ("新名", True) and "新名" in menu(app)
    app.button(key="view_withdraw").click().run()
    assert notices(app) == [term("view_withdrawn", "zh")] and kept(home) == []
    assert "新名" not in menu(app)


def test_an_owner_renames_and_withdraws_a_link(open_own: Open, home: Home) -> None:
    open_own("map").button(key="share_make").click().run()
    with opened(home.path) as state:
        (link,) = links.of_owner(state, "demo")
    app = open_own("saved")
    assert f"/s/{link.code}" in shown(app) and link.title in shown(app)
    app.text_input(key=f"link_title_{link.code}").set_value("会上用")
    app.button(key="link_rename").click().run()
    assert notices(app) == [term("link_renamed", "zh")] and "会上用" in shown(app)
    app.button(key="link_withdraw").click().run()
    assert notices(app) == [term("link_withdrawn_done", "zh")]
    assert term("link_withdrawn", "zh") in shown(app)
    with opened(home.path) as state:
        assert links.find(state, link.code) is None


def test_what_was_withdrawn_meanwhile_is_said(
    open_own: Open, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_own("map").button(key="share_make").click().run()
    app = open_own("saved")
    with opened(home.path) as state:
        (link,) = links.of_owner(state, "demo")
    withdraw = links.withdraw

    def twice(state: State, code: str, *, owner: str) -> None:  # in another tab, just before
        withdraw(state, code, owner=owner)
        withdraw(state, code, owner=owner)

    monkeypatch.setattr(links, "withdraw", twice)
    app.button(key="link_withdraw").click().run()
    assert notices(app) == [term("kept_gone", "zh")]
    assert f'href="/s/{link.code}"' not in shown(app)


def test_nobody_sees_the_links_of_another(open_own: Open, home: Home, look: Callable) -> None:
    look(viewers.role("county_leader", subject="wang.shi"))
    open_own("map").button(key="share_make").click().run()
    with opened(home.path) as state:
        (link,) = links.of_owner(state, "wang.shi")
    look(viewers.role("county_leader"))
    assert link.code not in shown(open_own("saved"))
