"""Every page, list and export as every role over the canary county: no foreign canary in any."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from urllib.parse import parse_qsl, urlsplit

import pytest
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from access.identity import OPEN
from access.roles import ROLES
from access.viewer import Viewer
from glossary import term
from store.harmless import BEGINS
from store.snapshots import Home
from tests import once, torture, viewers
from tests.canaries import county as canaries
from tests.canaries.county import CANARY, MOVED
from tests.pages import taking
from tests.pages.conftest import Open, opener
from tests.pages.running import told
from tests.small_county import COUNTY, EAST, MILL, WEST
from views.context import opening, visitor
from views.context.sitemap import PAGES

_EXPORTS = ("ledgers", "classes", "exit", "monitoring", "safety_net", "sieves", "stress", "quality",
            "problems", "overdue")  # fmt: skip


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = once.made(once.folder(tmp_path_factory), "canaries", canaries.publish)
    return Home(made)


@pytest.fixture
def open_page(home: Home, monkeypatch: pytest.MonkeyPatch) -> Open:
    monkeypatch.setattr("views.parts.download.METER.spend", lambda *_: True)
    return opener(home, monkeypatch)


def people() -> Iterator[tuple[str, Viewer, tuple[str, ...]]]:
    """A name, somebody, and the canaries that they must never meet."""
    yield "inspector of the west", viewers.role("inspector", WEST), (CANARY[EAST],)
    yield "administrator", viewers.role("administrator"), tuple(CANARY.values())
    yield "nobody", viewers.viewer(), tuple(CANARY.values())
    if torture.ON:
        for role in ROLES:
            own = () if role == "administrator" else (CANARY[WEST],)
            never = tuple(c for c in CANARY.values() if c not in own)
            yield f"{role} of the west", viewers.role(role, WEST), never
            if role in ("township_leader", "inspector"):  # of the others a village is as a township
                yield f"{role} of a village", viewers.role(role, MILL), never


PEOPLE = {name: (viewer, never) for name, viewer, never in people()}


def frames(app: AppTest) -> str:
    """All that a run sends to the browser, as the bytes of its messages would read."""
    sent = [element.proto.bytes for element in app.get("bidi_component")]
    parts = [*told(app), *(one.decode("utf8", "replace") for one in sent)]
    if "scenes_sent" in app.session_state:
        parts += [block.data for block in app.session_state["scenes_sent"].shown.every()]
    parts += [repr(element.proto) for element in app if hasattr(element, "proto")]
    return "\n".join(parts)


def listing(page: str) -> dict[str, str]:
    """What of an address opens the page's list, where that is one of its parts."""
    spec = next(spec for spec in PAGES if spec.key == page)
    if page == "stress":
        return {"part": "all"}
    return next(({"part": tab.key} for tab in spec.tabs[::-1] if tab.listing), {})


def asked(page: str) -> Iterator[dict[str, str]]:
    """Addresses of a page: as it opens, its lists; in torture all its parts, and both places."""
    spec = next(spec for spec in PAGES if spec.key == page)
    if page == "household":
        yield from ({"id": canaries.numbered(hid)} for hid in ("H01", "H05"))
        return
    yield {}
    if page == "problems":
        yield from ({"finding": str(number)} for number in range(1, 8))
        yield {"draft": f"rule.exit_income.{canaries.numbered('H01')}"}
        yield from ({"state": "open"}, {"about": "rule.exit_income"}, {"region": EAST})
    if page == "overdue":
        yield {"part": "all"}
    if page == "ledgers":
        yield from ({"by": by} for by in ("entry", "member"))
        yield from ({"select": moved} for moved in MOVED.values())
    yield from ({"part": tab.key} for tab in spec.tabs if tab.listing)
    if torture.ON:
        yield from ({"part": part} for part in spec.parts)
        yield from ({"region": place} for place in (EAST, WEST, COUNTY))
        yield from ({"year": "2024"}, {"snapshot": "1"}, {"against": "1"})


@pytest.mark.harder
@pytest.mark.parametrize("page", [page.key for page in PAGES])
@pytest.mark.parametrize("name", PEOPLE)
def test_no_page_holds_a_canary_of_elsewhere(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, name: str, page: str
) -> None:
    viewer, never = PEOPLE[name]
    if page == "admin" and name == "administrator":
        return  # the audit says by its number who saw which household
    viewers.look(monkeypatch, viewer)
    for query in asked(page):
        app = open_page(page, **query)
        assert not app.exception
        told = frames(app)
        assert not [canary for canary in never if canary in told], (name, page, query)


def test_the_canaries_are_met_by_who_may_see_them(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or the tests above would hold of a county that tells nobody anything."""
    for township, foreign in ((WEST, EAST), (EAST, WEST)):
        viewers.look(monkeypatch, viewers.role("inspector", township))
        for page in ("ledgers", "quality", "sieves", "problems", "classes", "monitoring"):
            told = frames(open_page(page, **listing(page)))
            assert CANARY[township] in told and CANARY[foreign] not in told, page
        for page, part in (("funds", "lines"), ("projects", "list"), ("overdue", "all")):
            told = frames(open_page(page, part=part))
            assert CANARY[township] in told and CANARY[foreign] not in told, page
        assert CANARY[township] in frames(open_page("ledgers", select=MOVED[township]))
        assert "CANARY" not in frames(open_page("ledgers", select=MOVED[foreign]))


def _sent(app: AppTest) -> str:
    """The code of the link that somebody makes of a page."""
    app.button(key="share_make").click().run()
    assert not app.exception
    return re.findall(r"/s/([a-z2-9]{10})", frames(app))[-1]


@pytest.mark.harder
@pytest.mark.parametrize("region", [COUNTY, EAST])
@pytest.mark.parametrize("page", [p.key for p in PAGES if p.key not in ("data", "admin")])
def test_a_link_of_the_county_leaders_tells_a_township_leader_nothing_of_elsewhere(
    home: Home, open_page: Open, monkeypatch: pytest.MonkeyPatch, page: str, region: str
) -> None:
    """It opens their own township, where it is of the county, or the one page."""
    leader = viewers.role("county_leader", subject="wang.shi")
    spec = next(spec for spec in PAGES if spec.key == page)
    query = (
        {"id": canaries.numbered("H01")}
        if page == "household"
        else {"region": region, **listing(page)}
    )
    viewers.look(monkeypatch, leader)
    monkeypatch.setattr(visitor, "viewer_now", lambda *_, **__: leader)
    code = _sent(open_page(page, **query))
    if page in (
        "ledgers",
        "quality",
        "sieves",
        "classes",
        "monitoring",
        "household",
    ):  # or nothing would be kept back
        assert CANARY[EAST] in frames(open_page(page, **query))
    for who in (viewers.role("township_leader", WEST), viewers.viewer()):
        viewers.look(monkeypatch, who)
        monkeypatch.setattr(visitor, "viewer_of", lambda *_, who=who: who)
        asked = dict(parse_qsl(urlsplit(opening.lead(OPEN, code)).query))
        app = open_page(page if "snapshot" in asked else "overview", **asked)
        told = frames(app)
        assert not app.exception and CANARY[EAST] not in told and "东岭镇" not in told
        placeless = page != "household" and "region" not in spec.keys
        if not who.scopes or not (placeless or region == COUNTY):
            assert asked == {"link": code}, "nothing of the view in the address either"
            assert term("refused_hint", "zh") in told


def test_pages_opened_by_turns_as_different_people_are_each_their_own(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is kept between runs is kept by scope: the second does not get the first one's."""
    for page in ("overview", "quality", "ledgers"):
        first = {}
        for township in (EAST, WEST, EAST, WEST):
            viewers.look(monkeypatch, viewers.role("county_leader", township))
            told = frames(open_page(page, **listing(page)))
            other = {EAST: WEST, WEST: EAST}[township]
            assert CANARY[other] not in told, page
            assert first.setdefault(township, len(told)) == len(told), page


@pytest.mark.harder
@pytest.mark.parametrize("page", _EXPORTS)
def test_no_export_holds_a_canary_of_elsewhere_or_what_a_spreadsheet_would_run(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    viewers.look(monkeypatch, viewers.role("inspector", EAST))
    app = open_page(page, **({"part": "all"} if page == "overdue" else listing(page)))
    buttons = [b.key for b in app.button if b.key in ("export", "export_whole")]
    assert "export" in buttons, page
    for key in buttons:
        if key == "export_whole":
            app.text_input(key="export_reason").set_value("核对").run()
        texts = taking.texts(taking.read(taking.click(app, key)))
        assert not [text for text in texts if CANARY[WEST] in text], (page, key)
        assert not [text for text in texts if text.startswith(BEGINS)], (page, key)


def test_refused_rows_come_out_harmless_and_are_the_clerks_alone(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewers.look(monkeypatch, viewers.role("data_clerk"))
    held = taking.click(open_page("data", part="rows"), "download_refused")
    assert held is not None
    with held.file as file:
        book = load_workbook(BytesIO(file.read()))
    texts = taking.texts(book)
    assert any("张试九" in text for text in texts) and not [
        text for text in texts if text.startswith(BEGINS)
    ]
    assert any("李四" in text for text in texts), "who took it out stands over every printed page"


def test_refused_rows_are_for_the_clerk_of_their_place_alone(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The small county's refused row is of the east; who clerks there may see other places too."""
    clerk, inspector = viewers.grant("data_clerk", EAST), viewers.grant("inspector", WEST)
    viewers.look(monkeypatch, viewers.viewer(clerk, inspector))
    app = open_page("data")
    told = frames(app)
    assert CANARY[EAST] in told and CANARY[WEST] not in told
    assert not app.get("file_uploader"), "to load is of the whole county"
    assert "入库人" not in told, "snapshots are the county's"
    book = taking.read(taking.click(app, "download_refused"))
    texts = taking.texts(book)
    assert any("张试九" in text for text in texts) and not any(CANARY[WEST] in t for t in texts)
    both = viewers.viewer(viewers.grant("data_clerk", WEST), viewers.grant("inspector", EAST))
    viewers.look(monkeypatch, both)
    app = open_page("data")
    assert CANARY[EAST] not in frames(app)
    assert "download_refused" not in [button.key for button in app.button]
