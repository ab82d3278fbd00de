"""Meetings on their pages: begun of saved views, presented, decided, copied at newer data."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date

from streamlit.testing.v1 import AppTest

from glossary import term
from state import links, meetings, saved_views
from state.database import opened
from state.meetings import Called, Decided
from state.saved_views import Words
from state.tables import ShortLink
from store.snapshots import Home
from tests import viewers
from tests.pages.conftest import Open, notices, shown
from tests.pages.test_links import publish_later
from tests.small_county import COUNTY, EAST, WEST
from views.sections.meeting import presenting
from views.sections.meeting.plan import moved

DAY = date(2026, 1, 5)


def saved(home: Home, *, owner: str = "demo", shared: bool = False) -> list[int]:
    with opened(home.path) as state:
        return [
            saved_views.save(state, path, query, Words(title, "", shared), owner=owner).number
            for path, query, title in (
                ("ledgers", f"region={COUNTY}&indicator=monitored_households&v=1", "监测户名单"),
                ("map", f"region={COUNTY}&indicator=monitored_households&v=1", "监测户分布"),
            )
        ]


def begin(open_own: Open, home: Home, title: str = "一月调度会") -> int:
    """A meeting of two saved views, made as on its page."""
    numbers = saved(home)
    app = open_own("meeting")
    app.multiselect(key="meeting_pick").set_value(numbers).run()
    app.text_input(key="meeting_title_new").set_value(title).run()
    app.button(key="meeting_make").click().run()
    assert not app.exception
    with opened(home.path) as state:
        return meetings.listed(state, "demo")[0].number


def told(app: AppTest) -> dict[str, object]:
    """What the browser is told to present."""
    (one,) = [e.proto for e in app.get("bidi_component")
              if e.proto.component_name == "taizhang_present"]  # fmt: skip
    return json.loads(one.bytes.decode())


def test_a_meeting_is_begun_of_saved_views_in_their_order(open_own: Open, home: Home) -> None:
    number = begin(open_own, home)
    with opened(home.path) as state:
        found = meetings.find(state, number, "demo")
        assert found is not None
        assert [(one.title, one.path) for one in found.items] == [
            ("监测户名单", "ledgers"), ("监测户分布", "map"),
        ]  # fmt: skip
        kept = [links.find(state, one.code) for one in found.items]
    numbers = [json.loads(one.shown)["numbers"] for one in kept if isinstance(one, ShortLink)]
    listed = open_own("ledgers", indicator="monitored_households")
    count = int(
        re.search(r"(\d+)户", re.search(r'<h1 class="sentence">(.*?)</h1>', shown(listed))[1])[1]
    )  # type: ignore[index]
    assert numbers == [{"list": count}, {"monitored_households": count}] and count
    assert f'meeting={number}" data-go>一月调度会</a>' in shown(open_own("meeting"))


def test_slides_begin_with_decisions_and_hold_each_view_with_its_code(
    open_own: Open, home: Home
) -> None:
    number = begin(open_own, home)
    show = told(open_own("meeting", meeting=str(number), item="1"))
    first, lists, areas, last = show["slides"]  # type: ignore[misc]
    assert show["at"] == 1
    assert first["href"] == last["href"] == ""
    assert term("decisions_none_before", "zh") in first["html"]
    assert lists["href"].startswith("/ledgers?") and "snapshot" not in lists["href"]
    assert areas["href"].startswith("/map?")
    assert 'class="qr"' in lists["code"] and lists["code"] != areas["code"]
    assert "2025-12-31" in show["about"] and term("simulated", "zh") in show["about"]


def test_the_next_meeting_shows_the_last_ones_numbers_beside_todays(
    open_own: Open, home: Home
) -> None:
    number = begin(open_own, home)
    with opened(home.path) as state:
        done = meetings.decide(state, number, Decided("补监测", "县民政局"), by="demo")
    publish_later(home)
    app = open_own("meeting", meeting=str(number))
    app.text_input(key="meeting_title_new").set_value("二月调度会").run()
    app.button(key="meeting_copy").click().run()
    assert not app.exception
    with opened(home.path) as state:
        copy = next(one for one in meetings.listed(state, "demo") if one.title == "二月调度会")
        old = meetings.find(state, number, "demo")
        assert old is not None and copy.previous == number
        assert [one.before for one in copy.items] == [one.code for one in old.items]
        then = links.find(state, old.items[1].code)
        now = links.find(state, copy.items[1].code)
        assert then is not None and now is not None
        assert (then.data_date, now.data_date) == (date(2025, 12, 31), date(2026, 1, 31))
    show = told(open_own("meeting", meeting=str(copy.number), item="2"))
    before = json.loads(then.shown)["numbers"]["monitored_households"]
    today = json.loads(now.shown)["numbers"]["monitored_households"]
    slide = show["slides"][2]  # type: ignore[index]
    assert f"<b>{today:.0f}户</b>" in slide["numbers"]
    assert f'class="then">{term("meeting_then", "zh", then=f"{before:.0f}户")}<' in slide["numbers"]
    assert "补监测" in show["slides"][0]["html"] and "县民政局" in show["slides"][0]["html"]  # type: ignore[index]
    assert done.number


def test_whoever_presents_sees_by_their_own_rights(
    open_own: Open, home: Home, look: Callable[..., None]
) -> None:
    number = begin(open_own, home)
    with opened(home.path) as state:
        meetings.change(state, number, Called("共享会", DAY, shared=True), owner="demo")
    look(viewers.role("township_leader", WEST))
    show = told(open_own("meeting", meeting=str(number), item="1"))
    for slide in show["slides"][1:3]:  # type: ignore[index]
        assert slide["href"] == "" and term("view_unseen", "zh") in slide["html"]
        assert "numbers" not in slide and "code" not in slide
    app = open_own("meeting", meeting=str(number))
    assert "meeting_save" not in [one.key for one in app.button], "it is another's"


def test_nobody_opens_a_meeting_that_is_not_theirs(
    open_own: Open, home: Home, look: Callable[..., None]
) -> None:
    number = begin(open_own, home)
    look(viewers.role("county_leader", COUNTY))
    for query in ({}, {"item": "1"}):
        app = open_own("meeting", meeting=str(number), **query)
        assert notices(app) == [term("refused_hint", "zh")]
        assert "一月调度会" not in shown(app) and "taizhang_present" not in shown(app)
    assert notices(open_own("meeting", meeting="99999")) == [term("refused_hint", "zh")]


def test_items_are_moved_reworded_and_taken_out(open_own: Open, home: Home) -> None:
    number = begin(open_own, home)
    app = open_own("meeting", meeting=str(number))
    app.button(key="item_down").click().run()

    def items() -> list[tuple[str, str]]:
        with opened(home.path) as state:
            found = meetings.find(state, number, "demo")
            assert found is not None
            return [(one.title, one.question) for one in found.items]

    assert [title for title, _ in items()] == ["监测户分布", "监测户名单"]
    key = next(one.key for one in app.text_input if one.key.startswith(f"item_question_{number}"))
    app.text_input(key=key).set_value("谁来包?")
    app.button(key="item_save").click().run()
    assert "谁来包?" in [question for _, question in items()]
    order = next(one for one in app.multiselect if one.key.startswith("order_"))
    order.set_value(order.value[:1]).run()
    app.button(key="reorder").click().run()
    assert len(items()) == 1 and not app.exception


def test_a_page_is_added_from_share(open_own: Open, home: Home) -> None:
    number = begin(open_own, home)
    app = open_own("trends", region=EAST, indicator="per_capita_income")
    app.button(key="meeting_add").click().run()
    assert not app.exception and term("meeting_added", "zh") in notices(app)
    with opened(home.path) as state:
        found = meetings.find(state, number, "demo")
        assert found is not None and len(found.items) == 3
        last = found.items[-1]
        assert (last.path, "region=" + EAST in last.query, "snapshot" in last.query) == (
            "trends", True, False,
        )  # fmt: skip


def test_a_decision_is_settled_on_the_meetings_page(open_own: Open, home: Home) -> None:
    number = begin(open_own, home)
    with opened(home.path) as state:
        meetings.decide(state, number, Decided("修路", "县交通局", date(2020, 1, 1)), by="demo")
    app = open_own("meeting", meeting=str(number))
    assert term("decision_late", "zh") in shown(app), "its day is past"
    app.button(key="settle_yes").click().run()
    with opened(home.path) as state:
        (one,) = meetings.decisions(state, [number])
    assert (one.state, one.settled_by) == ("done", "demo")


def test_what_the_browser_sends_is_a_decision_or_none() -> None:
    said = {"text": " 修路 ", "unit": "县交通局", "due": "2026-01-31", "item": 2, "number": 1}
    assert presenting.read(said) == Decided("修路", "县交通局", date(2026, 1, 31), 2)
    assert presenting.read({**said, "due": "", "item": None}) == Decided("修路", "县交通局")
    for odd in ({"text": "  "}, {"text": 3}, {"unit": None}, {"due": "soon"}):
        assert presenting.read({**said, **odd}) is None


def test_an_item_moves_a_place_and_stays_at_the_ends() -> None:
    assert moved([1, 2, 3], 1, 1) == [2, 1, 3]
    assert moved([1, 2, 3], 3, -1) == [1, 3, 2]
    assert moved([1, 2, 3], 1, -1) == moved([1, 2, 3], 3, 1) == [1, 2, 3]
