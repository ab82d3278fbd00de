"""What each role finds on the pages, what is refused, and what of it all is written down."""

from __future__ import annotations

import errno
import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from access.roles import ROLES, Role
from access.viewer import Viewer
from glossary import term
from state import audit
from state.chain import Entry
from state.database import StateError, opened
from store.handouts import HANDOUTS
from store.snapshots import Home
from tests import viewers
from tests.pages import taking
from tests.pages.conftest import Open, notices, opener, shown
from tests.small_county import BROOK, COUNTY, EAST, HILL, MILL, WEST
from views.context import plain_text, visitor
from views.context.sitemap import BY_KEY, PAGES

# What is whole in the files and masked on pages: of the household H01.
WHOLE = ("张试三", "10000000000", "6199251970010100", "1970-01-01")


@pytest.fixture
def open_own(home: Home, monkeypatch: pytest.MonkeyPatch) -> Open:
    return opener(home, monkeypatch)


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch) -> Callable[[Viewer], None]:
    return lambda who: viewers.look(monkeypatch, who)


def written(home: Home, *kinds: str) -> list[Entry]:
    """Entries of some kinds, all without any."""
    with opened(home.path) as state, state.reading() as session:
        found = list(audit.entries(session, home.path, audit.Filter(kinds=kinds)))
        assert audit.check(session, home.path)[0] is None
    return found


def told(home: Home, *kinds: str) -> list[dict[str, Any]]:
    return [dict(entry.about) for entry in written(home, *kinds)]


def gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the state can be neither written nor read."""

    def fails(_home: Path) -> None:
        raise StateError("full", errno.ENOSPC)

    monkeypatch.setattr(audit, "kept_open", fails)


# Pages


@pytest.mark.parametrize("role", ROLES)
def test_the_menu_has_the_pages_of_the_role_and_no_other(
    open_own: Open, look: Callable, role: Role
) -> None:
    for codes in ((COUNTY,), (WEST,)):
        look(viewers.role(role, *codes))
        page = "definitions" if role != "administrator" else "admin"
        menu = shown(open_own(page)).splitlines()[0]
        whole = codes == (COUNTY,)
        sees, manages = role != "administrator", role == "administrator" and whole
        assert ('href="/ledgers"' in menu) == sees
        own = role == "data_clerk"  # the refused rows of their places
        assert ('href="/data"' in menu) == (sees and (whole or own))
        assert ('href="/admin"' in menu) == manages


@pytest.mark.parametrize("page", [page.key for page in PAGES])
def test_a_page_that_is_not_the_roles_is_refused_and_nothing_else(
    open_own: Open, look: Callable, page: str
) -> None:
    query = {"id": "H05"} if page == "household" else {}
    for role, codes in (("administrator", (COUNTY,)), ("inspector", (WEST,))):
        viewer = viewers.role(role, *codes)  # type: ignore[arg-type]
        look(viewer)
        app = open_own(page, **query)
        refused = notices(app) == [term("refused_hint", "zh")]
        away = page == "overview" and role == "administrator"  # led to what they may
        assert refused == (not BY_KEY[page].opens_to(viewer) and not away), (page, role)
        if refused or away:
            assert "H05" not in shown(app) and not app.selectbox


def test_all_that_is_refused_looks_the_same_and_is_written_down(
    open_own: Open, look: Callable, home: Home
) -> None:
    look(viewers.role("inspector", WEST))
    asked = {
        ("household", "H01"): open_own("household", id="H01"),  # another township's
        ("household", "H99"): open_own("household", id="H99"),  # nobody's
        ("region", EAST): open_own("ledgers", region=EAST),
        ("region", COUNTY): open_own("overview", region=COUNTY),
        ("region", "999999999"): open_own("map", region="999999999"),
        ("page", "admin"): open_own("admin"),
        ("page", "data"): open_own("data"),
    }
    assert len({shown(app) for app in asked.values()}) == 1
    refusals = written(home, "refusal")
    assert [(e.about["what"], e.about["given"]) for e in refusals] == list(asked)
    assert {(e.actor, e.outcome) for e in refusals} == {("li.si", "refused")}


def test_who_has_no_grant_sees_nothing_at_all(open_own: Open, look: Callable) -> None:
    look(viewers.viewer())
    for page in PAGES:
        text = shown(open_own(page.key))
        assert "href=" not in text and "2025-12-31" not in text, page.key


def test_a_township_is_the_whole_to_whoever_sees_no_more(open_own: Open, look: Callable) -> None:
    look(viewers.role("township_leader", WEST))
    app = open_own("overview")
    text = shown(app)
    assert "西川镇" in text and 'data-choice="bar_township"' not in text
    assert f'data-choice="bar_village_{WEST}"' in text and " selected>全部村<" in text
    assert 'href="/ledgers?indicator=per_capita_income"' in text
    village = shown(open_own("village", region=MILL))
    assert "全县" not in village
    indicators = shown(open_own("village", region=MILL, part="indicators"))
    assert ">西川<" in indicators and "全县" not in indicators
    for text in (village, indicators):
        assert "试验县" not in text.split("</header>")[1]


def test_one_village_is_the_whole_to_whoever_sees_no_more(open_own: Open, look: Callable) -> None:
    look(viewers.role("inspector", MILL))
    app = open_own("ledgers")
    assert "磨坊村 · 2025年 · 共2户7人" in shown(app)
    assert 'data-choice="bar_township' not in shown(app)
    assert 'data-choice="bar_village' not in shown(app)
    assert notices(open_own("overview", region=WEST)) == [term("refused_hint", "zh")]
    household = shown(open_own("household", id="H05"))
    assert 'href="/village"' in household and WEST not in household.replace(MILL, "")


def test_of_two_townships_the_county_says_that_it_is_not_whole(
    open_own: Open, look: Callable
) -> None:
    look(viewers.role("inspector", HILL, MILL))
    app = open_own("ledgers")
    text = shown(app)
    assert "共4户" in text and "H03" not in text
    assert term("part_of_place", "zh", name="试验县") in text
    options = re.search(r'<select[^>]*data-choice="bar_township"[^>]*>(.*?)</select>', text)
    assert options and options[1].partition("</option>")[0].endswith(f">{term('all_seen', 'zh')}")
    assert BROOK not in text


# What is written of what is looked at


def test_a_household_and_a_list_are_written_once_a_view_and_again_when_they_are_left(
    open_own: Open, look: Callable, home: Home
) -> None:
    look(viewers.role("inspector"))
    app = open_own("ledgers", group="exited_2014_2015")
    app.run()
    app.query_params["sort"] = "-member_count"
    app.run()
    assert told(home, "list") == [
        {
            "page": "ledgers",
            "filter": {"region": COUNTY, "year": "2025", "group": "exited_2014_2015"},
            "rows": 2,
            "snapshot": 2,
        }
    ]
    for group in ("income_drop", "exited_2014_2015"):
        app.query_params["group"] = group
        app.run()
    assert [each["filter"]["group"] for each in told(home, "list")] == [
        "exited_2014_2015", "income_drop", "exited_2014_2015",
    ]  # fmt: skip
    app = open_own("household", id="H02")
    app.query_params["year"] = "2024"
    app.run()
    assert told(home, "household_seen") == [{"household": "H02", "snapshot": 2}]
    assert {entry.actor for entry in written(home)} == {"li.si"}


def test_who_is_searched_for_by_name_is_written_masked(
    open_own: Open, look: Callable, home: Home
) -> None:
    look(viewers.role("inspector"))
    app = open_own("ledgers")
    app.text_input(key="bar_q").set_value("张试三").run()
    assert told(home, "list")[-1]["filter"]["q"] == "张*三"
    assert "张试三" not in json.dumps(told(home), ensure_ascii=False)


# Each personal page as it opens, and its parts that are lists.
LISTING = [
    (spec.key, part)
    for spec in PAGES
    if spec.personal and spec.key != "household"
    for part in ("", *(tab.key for tab in spec.tabs if tab.listing))
]
SURE_OF_ROWS = (
    ("ledgers", ""),
    ("classes", "list"),
    ("quality", "list"),
    ("stress", "falls"),
    ("sieves", "list"),
    ("monitoring", "open"),
)


@pytest.mark.parametrize(("page", "part"), LISTING)
def test_every_page_that_lists_people_writes_that_it_did(
    open_own: Open, look: Callable, home: Home, page: str, part: str
) -> None:
    look(
        viewers.viewer(viewers.grant("data_clerk", COUNTY), viewers.grant("administrator", COUNTY))
    )
    text = shown(open_own(page, **({"part": part} if part else {})))
    listed = told(home, "list")
    names = any(name in text for name in ("张*三", "李*", "王*五", "赵*六", "孙*七", "周*八"))
    assert bool(listed) or not names, page
    if (page, part) in SURE_OF_ROWS:
        assert listed and listed[0]["rows"] > 0


def test_what_cannot_be_written_is_not_shown(
    open_own: Open, look: Callable, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(viewers.role("inspector"))
    gone(monkeypatch)
    for page, query in (
        ("household", {"id": "H02"}),
        ("ledgers", {}),
        ("stress", {"part": "falls"}),
        ("quality", {"part": "list"}),
    ):
        app = open_own(page, **query)
        assert not app.exception
        assert notices(app)[-1] == term("view_not_recorded", "zh"), page
        assert "李*" not in shown(app) and "赵*六" not in shown(app), page
    assert "2025-12-31" in shown(open_own("overview")), "totals are shown all the same"


# Plain text


def turn_on(app: AppTest, reason: str = "入户核实") -> AppTest:
    app.text_input(key="plain_text_reason").set_value(reason).run()
    app.button(key="plain_text_yes").click().run()
    assert not app.exception
    return app


def test_one_household_is_shown_whole_for_a_reason_and_for_ten_minutes(
    open_own: Open, look: Callable, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(viewers.role("inspector", HILL))
    app = open_own("household", id="H01")
    assert not [value for value in WHOLE if value in shown(app)]
    app = turn_on(app)
    text = shown(app)
    assert all(value in text for value in WHOLE)
    assert term("masked_note", "zh") not in text and "正在显示明文" in text
    assert told(home, "plain_text") == [
        {"household": "H01", "reason": "入户核实", "minutes": 10, "snapshot": 2}
    ]
    app.query_params["id"] = "H02"  # another one in the same session
    app.run()
    assert "李试" not in shown(app) and "李*" in shown(app)
    app.query_params["id"] = "H01"
    app.run()
    assert "张试三" in shown(app)
    ends = app.session_state[plain_text._ON]["H01"]
    app.session_state[plain_text._ON] = {"H01": ends - timedelta(minutes=10)}
    app.run()
    assert "张试三" not in shown(app) and "张*三" in shown(app)


def test_it_can_be_hidden_at_once(open_own: Open, look: Callable) -> None:
    look(viewers.role("inspector"))
    app = turn_on(open_own("household", id="H01"))
    app.button(key="plain_text_off").click().run()
    assert "张试三" not in shown(app)


def test_without_a_reason_nothing_is_shown(open_own: Open, look: Callable, home: Home) -> None:
    look(viewers.role("inspector"))
    app = turn_on(open_own("household", id="H01"), "  ")
    assert "张试三" not in shown(app) and not told(home, "plain_text")
    assert notices(app) == [term("reason_needed", "zh")]


def test_who_may_not_has_no_button_and_who_may_no_more_sees_it_hidden(
    open_own: Open, look: Callable
) -> None:
    for role in ("county_leader", "township_leader", "data_clerk"):
        look(viewers.role(role))  # type: ignore[arg-type]
        assert not [b for b in open_own("household", id="H01").button if "plain" in b.key]
    look(viewers.viewer(viewers.grant("inspector", WEST), viewers.grant("county_leader", COUNTY)))
    assert not [b for b in open_own("household", id="H01").button if "plain" in b.key]
    look(viewers.role("inspector"))
    app = turn_on(open_own("household", id="H01"))
    look(viewers.role("county_leader"))  # the grant is taken away
    app.run()
    assert "张试三" not in shown(app) and "张*三" in shown(app)


def test_plain_text_that_cannot_be_written_is_not_shown(
    open_own: Open, look: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(viewers.role("inspector"))
    app = open_own("household", id="H01")
    gone(monkeypatch)
    app = turn_on(app)
    assert "张试三" not in shown(app)
    assert term("plain_text_not_recorded", "zh") in notices(app)


def test_no_other_page_is_whole_while_a_household_is(open_own: Open, look: Callable) -> None:
    look(viewers.role("inspector"))
    app = turn_on(open_own("household", id="H01"))
    from streamlit.util import calc_hash

    app._page_hash = calc_hash("ledgers")
    app.query_params.clear()
    app.run()
    assert "张*三" in shown(app) and "张试三" not in shown(app)


# Exports


def test_an_export_says_who_when_and_the_audits_head_and_is_masked(
    open_own: Open, look: Callable, home: Home
) -> None:
    look(viewers.role("township_leader", EAST))
    held = taking.click(open_own("ledgers"))
    book = taking.read(held)
    begun, done = written(home, "export")
    assert (begun.outcome, done.outcome, done.about["begun"]) == ("begun", "done", begun.number)
    assert begun.about["rows"] == 4 and "whole" not in begun.about
    sheet = book.worksheets[0]
    for place in (str(sheet["A3"].value), sheet.oddHeader.right.text):
        assert "李四" in place and f"{begun.number}:{begun.hash}" in place and "第2号快照" in place
    text = " ".join(taking.texts(book))
    assert "张*三" in text and "张试三" not in text and "H05" not in text


def test_a_whole_export_wants_the_right_and_a_reason(
    open_own: Open, look: Callable, home: Home
) -> None:
    look(viewers.role("data_clerk"))
    assert not [b for b in open_own("ledgers").button if "whole" in b.key]
    look(viewers.role("inspector", EAST))
    app = open_own("ledgers")
    assert taking.click(app, "export_whole") is None
    assert not written(home, "export")
    app.text_input(key="export_reason").set_value("省里抽查").run()
    text = " ".join(taking.texts(taking.read(taking.click(app, "export_whole"))))
    assert "张试三" in text and "孙试七" not in text
    begun = told(home, "export")[0]
    assert begun["whole"] is True and begun["reason"] == "省里抽查"


def test_an_export_that_cannot_be_written_down_is_not_handed_out(
    open_own: Open, look: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(viewers.role("inspector"))
    app = open_own("ledgers")
    gone(monkeypatch)
    before = len(HANDOUTS)
    assert taking.click(app) is None and len(HANDOUTS) == before
    assert term("export_not_recorded", "zh") in notices(app)


def test_a_right_taken_away_counts_at_the_click(
    open_own: Open, look: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(viewers.role("inspector"))
    app = open_own("ledgers")
    answers = iter([viewers.role("inspector"), viewers.role("administrator")])
    last = viewers.role("administrator")
    monkeypatch.setattr(visitor, "viewer", lambda *_: next(answers, last))
    assert taking.click(app) is None


def test_more_files_a_minute_than_may_be_are_told(
    open_own: Open, look: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(viewers.role("inspector", subject="in.a.hurry"))
    monkeypatch.setenv("TAIZHANG_EXPORTS_A_MINUTE", "2")
    monkeypatch.setattr("views.context.limited.who", lambda _stage: "in.a.hurry")
    app = open_own("ledgers")
    assert [taking.click(app) is not None for _ in range(3)] == [True, True, False]
    assert term("exported_too_often", "zh", most=2) in notices(app)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_too_many_rows_are_refused_in_words_not_lost(
    open_own: Open, look: Callable, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    look(viewers.role("inspector"))
    for most, refused in (("6", False), ("5", True)):
        monkeypatch.setenv("TAIZHANG_EXPORT_ROWS", most)
        app = open_own("ledgers", **({"lang": lang} if lang == "en" else {}))
        said = term("export_too_many", lang, rows="6", most="5")  # type: ignore[arg-type]
        assert (said in shown(app)) == refused
        assert bool([b for b in app.button if b.key == "export"]) != refused


# Marks over pages


def test_every_page_with_people_says_who_looks_and_no_other(open_own: Open, look: Callable) -> None:
    look(viewers.viewer(viewers.grant("inspector", COUNTY), viewers.grant("administrator", COUNTY)))
    for page in PAGES:
        text = shown(open_own(page.key, **({"id": "H01"} if page.key == "household" else {})))
        marks = [line for line in text.splitlines() if 'class="watermark"' in line]
        assert bool(marks) == page.personal, page.key
        if marks:
            assert "李四 li.si" in marks[0] and "第2号快照" in marks[0]
