"""Short links: made on a page, opened as sent, held against today, and refused alike."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from access.identity import OPEN, Guest
from access.rights import Rights
from access.roles import Act
from glossary import term
from metrics.county import open_county
from state import audit, links
from state.audit import Filter
from state.database import StateError, opened
from state.tables import ShortLink
from store.scope import Scope
from store.snapshots import Home
from tests import small_county, viewers
from tests.pages.conftest import Open, notices, shown
from tests.small_county import COUNTY, EAST, HILL, MILL, WEST
from views.context import opening
from views.context.sitemap import BY_KEY, BY_PATH

LATER = date(2026, 1, 31)
_WRITTEN = ("link_made", "link_renamed", "link_withdrawn")


def publish_later(home: Home) -> None:
    """A newer data date on which the household H04 is monitored no more, and H02 is."""
    tables = small_county.tables()
    watched = tables["monitored_household"].to_pylist()
    rows = [{**row, "household_id": "H02", "village_code": HILL} for row in watched]
    schema = tables["monitored_household"].schema
    tables["monitored_household"] = pa.Table.from_pylist(rows, schema)
    home.publish(tables, data_date=LATER, county_code=COUNTY, loaded_by="test", sources=[],
                 report={}, simulated=home.current().manifest["simulated"])  # fmt: skip
    open_county(home)


def made(app: AppTest, home: Home) -> ShortLink:
    """The link that a click on the page makes."""
    app.button(key="share_make").click().run()
    with opened(home.path) as state:
        every = links.of_owner(state, "li.si") + links.of_owner(state, "demo")
    assert not app.exception and every
    return max(every, key=lambda link: link.made_at)


def follow(open_page: Open, code: str, guest: Guest = OPEN) -> AppTest:
    """The page that the address of a link leads to."""
    return at(open_page, opening.lead(guest, code))


def at(open_page: Open, href: str) -> AppTest:
    parts = urlsplit(href)
    return open_page(BY_PATH[parts.path.strip("/")].key, **dict(parse_qsl(parts.query)))


def told(app: AppTest) -> str:
    """What stands over the page of what became of the link's numbers."""
    found = re.search(r'<section class="banner sent".*?</section>', shown(app))
    return unescape(re.sub("<[^>]*>", "", found[0])) if found else ""


def leads(app: AppTest, words: str) -> str:
    """Where the link with some words over the page leads."""
    section = re.search(r'<section class="banner sent".*?</section>', shown(app))
    assert section
    found = re.search(rf'<a href="([^"]*)"[^>]*>{re.escape(words)}</a>', section[0])
    assert found, told(app)
    return unescape(found[1])


def households(app: AppTest) -> set[str]:
    return set(re.findall(r'/household\?[^"]*id=(H\d\d)"', shown(app)))


def test_a_link_opens_the_very_view_and_its_snapshot(open_own: Open, home: Home) -> None:
    link = made(open_own("ledgers", region=EAST, year="2024", group="borderline"), home)
    publish_later(home)
    href = opening.lead(OPEN, link.code)
    query = dict(parse_qsl(urlsplit(href).query))
    assert urlsplit(href).path == "/ledgers"
    wanted = {"region": EAST, "year": "2024", "snapshot": "2", "group": "borderline", "v": "1"}
    assert wanted.items() <= query.items() and query["link"] == link.code
    assert opening.lead(OPEN, link.code.upper() + "。") == href, "as chat programs change it"
    app = follow(open_own, link.code)
    assert not notices(app) and "2025-12-31" in shown(app)


def test_a_link_says_what_its_numbers_are_now_and_who_makes_the_difference(
    open_own: Open, home: Home
) -> None:
    """One household was watched and another is: the number is the same county-wide, not in HILL."""
    whole = made(open_own("map", indicator="monitored_households"), home)
    hill = made(open_own("map", indicator="monitored_households", region=HILL), home)
    assert term("link_same", "zh") in told(follow(open_own, hill.code))
    publish_later(home)
    assert term("link_same", "zh") in told(follow(open_own, whole.code))
    app = follow(open_own, hill.code)
    assert "会上为0户,现为1户" in told(app)
    listed = at(open_own, leads(app, "现在多出的1户"))
    assert households(listed) == {"H02"} and not notices(listed)
    now = at(open_own, leads(app, term("link_now", "zh")))
    assert "2026-01-31" in shown(now) and "会上为0户,现为1户" in told(now)
    then = at(open_own, leads(now, term("link_then", "zh")))
    assert "2025-12-31" in shown(then) and told(then) == told(app)


def test_a_list_is_held_against_itself(open_own: Open, home: Home) -> None:
    link = made(open_own("ledgers", indicator="monitored_households", year="2025"), home)
    hill = made(open_own("ledgers", indicator="monitored_households", region=EAST), home)
    publish_later(home)
    assert term("link_same", "zh") in told(follow(open_own, link.code)), "one went and one came"
    assert term("link_same", "zh") in told(follow(open_own, hill.code))
    gone = open_own("ledgers", snapshot="2", indicator="monitored_households", against="3")
    came = open_own("ledgers", snapshot="3", indicator="monitored_households", against="2")
    assert (households(gone), households(came)) == ({"H04"}, {"H02"})
    assert "2026-01-31数据中没有或较少的" in shown(gone)


def test_nothing_but_a_links_own_view_is_opened_by_it(open_own: Open, home: Home) -> None:
    """Unknown, withdrawn, tampered with, of no form, of elsewhere: one page, and not a word."""
    link = made(open_own("ledgers", region=EAST), home)
    gone = made(open_own("map", region=EAST), home)
    with opened(home.path) as state:
        links.withdraw(state, gone.code, owner="demo")
    good = dict(parse_qsl(urlsplit(opening.lead(OPEN, link.code)).query))
    asked = [
        follow(open_own, "abcdefgh23"),
        follow(open_own, gone.code),
        follow(open_own, "<script>"),
        open_own("ledgers", **{**good, "region": WEST}),
        open_own("ledgers", **{**good, "year": "2023"}),
        open_own("map", region=EAST, link=link.code),
    ]
    assert {tuple(notices(app)) for app in asked} == {(term("refused_hint", "zh"),)}
    assert len({shown(app) for app in asked}) == 1
    assert urlsplit(opening.lead(OPEN, gone.code)).query == f"link={gone.code}"


def test_a_link_gives_no_rights(open_own: Open, home: Home, look: Callable) -> None:
    look(viewers.role("county_leader"))
    east = made(open_own("ledgers", region=EAST), home)
    county = made(open_own("ledgers", indicator="monitored_households"), home)
    data = made(open_own("household", id="H05"), home)
    look(viewers.role("township_leader", WEST))
    refused = follow(open_own, east.code)
    assert notices(refused) == [term("refused_hint", "zh")]
    assert urlsplit(opening.lead(OPEN, east.code)).query == f"link={east.code}", "nor its address"
    part = follow(open_own, county.code)
    assert "西川镇" in shown(part) and "东岭镇" not in shown(part)
    assert term("link_narrowed", "zh") in told(part) and "会上为" not in told(part)
    assert not notices(follow(open_own, data.code)), "a household of theirs is theirs to see"
    look(viewers.role("township_leader", EAST))
    assert notices(follow(open_own, data.code)) == [term("refused_hint", "zh")]


def test_a_part_that_was_sent_is_held_against_that_part(
    open_own: Open, home: Home, look: Callable
) -> None:
    """Who sees more than the sender is not told that the rest is new."""
    look(viewers.role("township_leader", HILL, MILL))
    link = made(open_own("ledgers"), home)
    assert dict(parse_qsl(link.query))["region"] == COUNTY
    look(viewers.role("county_leader"))
    app = follow(open_own, link.code)
    assert term("link_same", "zh") in told(app) and not notices(app)


def test_who_may_not_share_makes_no_short_link(open_own: Open, look: Callable) -> None:
    leader = viewers.role("county_leader")
    without = {act: scope for act, scope in leader.scopes.items() if act != "share"}
    look(replace(leader, scopes=without))
    app = open_own("overview")
    assert not [b for b in app.button if b.key in ("share_make", "view_save")]
    assert 'class="qr"' in shown(app) and "data-copy" in shown(app)


def test_a_right_that_was_taken_meanwhile_makes_no_link(
    open_own: Open, home: Home, look: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(viewers.role("county_leader"))
    app = open_own("overview")
    monkeypatch.setattr("views.context.visitor.viewer_now", lambda *_, **__: viewers.viewer())
    app.button(key="share_make").click().run()
    assert notices(app) == [term("refused_hint", "zh")]
    with opened(home.path) as state:
        assert links.of_owner(state, "li.si") == []


def test_a_link_that_cannot_be_written_down_is_not_made(
    open_own: Open, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_own("overview")

    def full(*_: object, **__: object) -> None:
        raise StateError("full")

    with monkeypatch.context() as patch:
        patch.setattr(audit, "append", full)
        app.button(key="share_make").click().run()
    assert notices(app) == [term("not_recorded", "zh")] and "/s/" not in shown(app)


def test_a_snapshot_that_was_removed_is_said_and_todays_offered(open_own: Open, home: Home) -> None:
    link = made(open_own("map", snapshot="1"), home)
    (home.snapshots / "000001").rename(home.path / "elsewhere")
    href = opening.lead(OPEN, link.code)
    assert "snapshot=1" in href
    now = at(open_own, href.replace("snapshot=1", "snapshot=2"))
    assert term("link_snapshot_gone", "zh") in shown(now)


def test_what_is_done_with_links_is_in_the_audit(open_own: Open, home: Home) -> None:
    link = made(open_own("map", region=EAST), home)
    with opened(home.path) as state, state.reading() as session:
        (entry,) = audit.entries(session, home.path, Filter(kinds=_WRITTEN))
    assert (entry.actor, entry.about["link"], entry.about["path"]) == ("demo", link.code, "map")


@pytest.mark.parametrize("page", [p.key for p in BY_KEY.values() if "id" not in p.keys])
def test_every_page_can_be_sent_and_opened(open_own: Open, home: Home, page: str) -> None:
    link = made(open_own(page), home)
    app = follow(open_own, link.code)
    assert not app.exception and not notices(app)
    assert app.query_params["link"] == link.code and link.title in shown(app)


def test_a_search_for_a_person_stays_out_of_links(open_own: Open, home: Home) -> None:
    app = open_own("ledgers")
    app.text_input(key="bar_q").set_value("张试三").run()
    link = made(app, home)
    assert "%" not in link.query and "q=" not in link.query
    assert term("link_same", "zh") in told(follow(open_own, link.code)), "its number is the list's"


_ACTS: tuple[Act, ...] = ("see", "share")


def test_the_route_asks_who_is_there(open_own: Open, home: Home) -> None:
    link = made(open_own("ledgers", region=EAST), home)
    west = Rights("li.si", "李四", dict.fromkeys(_ACTS, Scope.of([WEST])))
    assert opening.lead(Guest("in", "key", west), link.code) == f"/?link={link.code}"
    east = Rights("li.si", "李四", dict.fromkeys(_ACTS, Scope.of([EAST])))
    assert opening.lead(Guest("in", "key", east), link.code).startswith("/ledgers?")
