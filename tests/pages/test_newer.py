"""Newer data, older data, removed data: what a page that is open or linked to shows of them."""

from __future__ import annotations

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from glossary import Lang, term
from metrics.derive import derive
from store import retention
from store.snapshots import Home
from tests import small_county
from tests.pages.conftest import Open, copied, notices, shown
from views.context import stage as stages
from views.context.sitemap import BY_KEY, PAGES
from views.sections.data import snapshots as snapshots_view

NEXT = date(2026, 1, 31)


@pytest.fixture
def opened(open_page: Open, home: Home, monkeypatch: pytest.MonkeyPatch) -> Open:
    monkeypatch.setenv("TAIZHANG_HOME", str(home.path))
    return open_page


def _publish(home: Home, day: date = NEXT) -> int:
    snapshot = small_county.publish(home.path, day)
    derive(home, snapshot)
    return snapshot.number


def _masthead(app: AppTest) -> str:
    return next(line for line in shown(app).splitlines() if "masthead" in line)


def _in(lang: Lang) -> dict[str, str]:
    return {"lang": lang} if lang == "en" else {}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_page_keeps_what_it_began_with_and_says_that_newer_data_have_come(
    opened: Open, home: Home, lang: Lang
) -> None:
    app = opened("ledgers", **_in(lang))
    assert term("use_newer", lang) not in shown(app)
    number = _publish(home)
    app.run()
    words = term("newer_data", lang, number=number, date=NEXT, shown=2)
    assert words in shown(app) and term("use_newer", lang) in shown(app)
    assert "2025-12-31" in _masthead(app)
    app.switch_page(BY_KEY["exit"].file).run()
    assert "2025-12-31" in _masthead(app), "on every page of the session"
    assert f"snapshot={number}" in shown(app)
    app.query_params["snapshot"] = str(number)
    app.run()
    assert str(NEXT) in _masthead(app) and term("use_newer", lang) not in shown(app)
    del app.query_params["snapshot"]
    app.run()
    assert str(NEXT) in _masthead(app), "who has asked goes on with it"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_two_snapshots_of_one_date_are_told_apart_and_none_is_taken_for_the_other(
    opened: Open, home: Home, lang: Lang
) -> None:
    number = _publish(home, home.current().data_date)
    app = opened("monitoring", **_in(lang))
    (box,) = [box for box in app.selectbox if box.key.startswith("bar_snapshot")]
    assert len(set(box.options)) == len(box.options) == number
    assert box.value == number and "snapshot" not in app.query_params
    app.run()
    assert "snapshot" not in app.query_params, "a run changes no choice"
    (box,) = [box for box in app.selectbox if box.key.startswith("bar_snapshot")]
    box.set_value(2).run()
    assert app.query_params["snapshot"] == "2"


def test_who_comes_later_begins_with_the_newer_data(opened: Open, home: Home) -> None:
    _publish(home)
    assert str(NEXT) in _masthead(opened())


def test_links_of_an_open_page_stay_with_its_snapshot(opened: Open, home: Home) -> None:
    app = opened("overview")
    _publish(home)
    app.run()
    assert 'href="/ledgers?indicator=monitored_households"' in shown(app)
    assert "snapshot=2" in copied(app), "the link that is shared pins it"


def test_going_back_is_said_too(opened: Open, home: Home) -> None:
    app = opened()
    home.make_current(1)
    app.run()
    assert term("other_data", "zh", number=1, date="2025-11-30", shown=2) in shown(app)
    assert "2025-12-31" in _masthead(app)


def test_an_address_that_names_a_snapshot_asks_for_no_other(opened: Open, home: Home) -> None:
    app = opened("overview", snapshot="1")
    _publish(home)
    app.run()
    assert "2025-11-30" in _masthead(app)
    assert term("use_newer", "zh") not in shown(app)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("page", [page.key for page in PAGES])
def test_a_link_to_a_removed_snapshot_says_so_and_shows_no_other(
    opened: Open, home: Home, page: str, lang: Lang
) -> None:
    retention.forget(home, 1, "甲", "导错了")
    app = opened(page, snapshot="1", **_in(lang))
    assert not app.exception and len(notices(app)) == 1
    record = retention.removed(home, 1)
    assert record is not None
    for part in ("1", "2025-11-30", record["at"][:7]):
        assert part in notices(app)[0]
    text = shown(app)
    assert "masthead" not in text and "<table" not in text
    assert "snapshot=2" in text and term("use_current", lang, number=2) in text


def test_the_link_from_there_shows_the_current_data(opened: Open, home: Home) -> None:
    retention.forget(home, 1, "甲", "导错了")
    app = opened("ledgers", snapshot="1", group="borderline")
    assert 'href="/ledgers?snapshot=2&amp;group=borderline"' in shown(app)
    app.query_params["snapshot"] = "2"
    app.run()
    assert "2025-12-31" in _masthead(app) and not notices(app)


def test_a_number_that_never_was_is_said_to_be_none(opened: Open) -> None:
    app = opened("overview", snapshot="99")
    assert notices(app)[0] == term("snapshot_unknown", "zh", number=99)
    assert "masthead" not in shown(app)


def test_a_comparison_with_a_removed_snapshot_says_when_it_went(opened: Open, home: Home) -> None:
    _publish(home)
    retention.forget(home, 1, "甲", "导错了")
    app = opened("quality", against="1")
    assert "2025-11-30" in notices(app)[0] and "第1号快照" in notices(app)[0]


def test_a_session_whose_snapshot_was_removed_goes_on_with_the_current_one(
    opened: Open, home: Home
) -> None:
    app = opened()
    _publish(home)
    stages.county(2).engine.retire()
    retention.forget(home, 2, "甲", "导错了")
    app.run()
    assert not app.exception and str(NEXT) in _masthead(app)


def test_an_older_data_date_is_loaded_but_not_shown(opened: Open, home: Home) -> None:
    app = opened()
    assert _publish(home, date(2025, 10, 31)) == 3
    app.run()
    assert home.current_number() == 2
    assert term("use_newer", "zh") not in shown(app) and "2025-12-31" in _masthead(app)
    assert "2025-12-31" in _masthead(opened())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_data_page_says_how_much_room_there_is(
    opened: Open, monkeypatch: pytest.MonkeyPatch, lang: Lang
) -> None:
    room = retention.Room(5_000_000_000, 3_000_000, 2_000_000, 1_000_000)
    monkeypatch.setattr(snapshots_view.retention, "room", lambda _: room)
    text = shown(opened("data", **_in(lang)))
    words = {"home": "6 MB", "snapshots": "3 MB", "derived": "2 MB", "free": "5.0 GB"}
    assert term("home_room", lang, **words) in text and term("home_room_low", lang) not in text
    low = retention.Room(900_000_000, 3_000_000, 2_000_000, 1_000_000)
    monkeypatch.setattr(snapshots_view.retention, "room", lambda _: low)
    text = shown(opened("data", **_in(lang)))
    assert "900 MB" in text and term("home_room_low", lang) in text


def test_room_is_counted(home: Home) -> None:
    room = retention.room(home)
    assert room.free > 0 and room.snapshots > 0 and room.derived > 0
    (home.path / "file").write_bytes(b"x" * 1000)
    assert retention.room(home).other == room.other + 1000
