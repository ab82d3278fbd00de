"""The canary county over a real server: frames, files and routes as every role.

What a page computes is tried function by function and page by page elsewhere; here it is what
passes the wire, after the gate, to somebody who is logged in.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from weakref import WeakKeyDictionary

import pytest
from openpyxl import load_workbook
from streamlit.proto.BidiComponent_pb2 import BidiComponent
from websockets.sync.client import ClientConnection

from access import grants
from access.roles import EVIDENCE_MB, FOLLOWING_UP, MAY, ROLES, Role
from state.database import opened
from tests import once, torture
from tests.canaries import county as canaries
from tests.canaries.county import CANARY, MOVED
from tests.gate.logging_in import audited
from tests.gate.real import Running, frames, rerun, serving, upload
from tests.pages.taking import texts
from tests.small_county import COUNTY, EAST, MILL, WEST
from views.context.sitemap import BY_KEY, PAGES
from views.scenes import wire
from views.scenes.block import Scene

HEADER = "X-User"
_TOKEN = re.compile(rb"/export/([\w-]{43})")
# Lists on which a canary stands; that of /exit is of villages.
_LISTS = ("ledgers", "classes", "monitoring", "safety_net", "sieves", "quality", "overdue")


@dataclass(frozen=True)
class Somebody:
    """An account, what it was given (nothing for none), and canaries that it must never meet."""

    subject: str
    role: Role | None
    place: str
    never: tuple[str, ...]


def _everybody() -> Iterator[Somebody]:
    for role in ROLES:
        sees = role != "administrator"
        yield Somebody(
            f"{role}.west", role, WEST, (CANARY[EAST], *(() if sees else [CANARY[WEST]]))
        )
        # Of the village's own households the canary is its township's.
        yield Somebody(
            f"{role}.mill", role, MILL, (CANARY[EAST], *(() if sees else [CANARY[WEST]]))
        )
        yield Somebody(f"{role}.county", role, COUNTY, () if sees else tuple(CANARY.values()))
    yield Somebody("nobody", None, COUNTY, tuple(CANARY.values()))


EVERYBODY = {each.subject: each for each in _everybody()}
# Who is tried with every page in ``make test``; the others are in ``make torture``.
_USUAL = ("inspector.west", "administrator.county", "nobody")
_VERSION = "0123456789ab"  # of the shapes


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = once.made(once.folder(tmp_path_factory), "canaries", canaries.publish)
    path = Path(shutil.copytree(made, tmp_path_factory.mktemp("wire") / "home"))
    drawn = path / "shapes" / _VERSION / "village.geojson"
    drawn.parent.mkdir(parents=True)
    drawn.write_text(json.dumps({"type": "FeatureCollection", "features": []}))
    with opened(path) as state:
        for each in EVERYBODY.values():
            if each.role:
                grants.give(
                    state, each.subject, each.role, [each.place], by="test", ends=date(2099, 1, 1)
                )
    return path


@pytest.fixture(scope="module")
def running(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    way = {"TAIZHANG_USER_HEADER": HEADER, "TAIZHANG_USER_HEADER_FROM": "127.0.0.1"}
    often = {"TAIZHANG_EXPORTS_A_MINUTE": "10000"}
    with serving(home, tmp_path_factory.mktemp("server"), **way, **often) as server:
        yield server


@contextmanager
def seen_by(running: Running, who: Somebody) -> Iterator[ClientConnection]:
    with running.open(additional_headers={HEADER: who.subject}) as socket:
        yield socket


def shown(socket: ClientConnection, asked: bytes) -> tuple[bytes, dict[str, str]]:
    """All bytes of a run's frames, and the ids of the buttons in them by their keys."""
    socket.send(asked)
    told, buttons = [], {}
    for frame in frames(socket):
        told.append(frame.SerializeToString())
        element = frame.delta.new_element
        told.append(_scene(socket, element.bidi_component))
        if frame.WhichOneof("type") == "delta" and element.WhichOneof("type") == "button":
            buttons[element.button.id.rpartition("-")[2]] = element.button.id
    return b"".join(told), buttons


def _scene(socket: ClientConnection, sent: BidiComponent) -> bytes:
    """What a scene holds, which goes over deflated: nothing for any other component."""
    if sent.component_name not in ("taizhang_scene", "taizhang_ready_ahead") or not sent.bytes:
        return b""
    known = _SCENES.setdefault(socket, {})
    base = sent.bytes.split(b" ", 2)[1].decode()
    _, scene = wire.read(sent.bytes, known.get(base))
    known[scene.id] = scene
    return "".join(scene.held.values()).encode()


_SCENES: WeakKeyDictionary[ClientConnection, dict[str, Scene]] = WeakKeyDictionary()


def foreign(told: bytes, who: Somebody) -> list[str]:
    return [canary for canary in who.never if canary.encode() in told]


def addresses(key: str) -> Iterator[tuple[str, str]]:
    """Path and query of a page: as it opens, with people of both places, of one that is not one's
    own, of the snapshot before."""
    path = BY_KEY[key].path
    if key == "household":
        yield from ((path, f"id={canaries.numbered(number)}") for number in ("H01", "H05"))
        return
    yield path, ""
    yield path, f"region={EAST}"
    if key == "ledgers":
        yield from ((path, f"select={moved}") for moved in MOVED.values())
    if torture.ON:
        # Every part is tried in process (test_pages); here what goes over the wire, by two of them,
        # the last of those that are lists before the others.
        spec = BY_KEY[key]
        lists = [tab.key for tab in spec.tabs if tab.listing and tab.key]
        parts = list(dict.fromkeys((*reversed(lists), *spec.parts)))
        yield from ((path, f"part={part}") for part in parts[:2])
        yield from ((path, query) for query in ("snapshot=1", "against=1", f"region={WEST}"))


@pytest.mark.harder
@pytest.mark.parametrize("subject", [each for each in EVERYBODY if torture.ON or each in _USUAL])
def test_no_frame_of_any_page_holds_a_canary_of_elsewhere(running: Running, subject: str) -> None:
    who, met = EVERYBODY[subject], b""
    for page in PAGES:
        for path, query in addresses(page.key):
            with seen_by(running, who) as socket:
                told, _ = shown(socket, rerun(query, path))
            if page.key == "admin" and who.role == "administrator" and who.place == COUNTY:
                continue  # the audit says by its number who saw which household
            assert not foreign(told, who), (page.key, query)
            assert b"/media/" not in told, "files leave by a route of ours"
            met += told
    own = {WEST: CANARY[WEST], MILL: CANARY[WEST], COUNTY: CANARY[EAST]}[who.place]
    assert (own.encode() in met) == (own not in who.never), "or the above would hold of nothing"


def _listing(running: Running, who: Somebody, page: str) -> tuple[str, str]:
    """The first address of a page with a list of which a workbook is made, and a canary on it."""
    for path, query in addresses(page):
        with seen_by(running, who) as socket:
            told, buttons = shown(socket, rerun(query, path))
        if "export" in buttons and CANARY[WEST].encode() in told:
            return path, query
    raise AssertionError(f"{page} lists no canary")


@pytest.mark.harder
@pytest.mark.parametrize("page", _LISTS if torture.ON else _LISTS[:1])
def test_a_workbook_is_its_persons_alone_and_holds_no_canary_of_elsewhere(
    running: Running, page: str
) -> None:
    who, other = EVERYBODY["inspector.west"], EVERYBODY["inspector.county"]
    path, query = _listing(running, who, page)
    for taken_by in (other, who):
        with seen_by(running, who) as socket:
            _, buttons = shown(socket, rerun(query, path))
            told, _ = shown(socket, rerun(query, path, buttons["export"]))
            found = _TOKEN.search(told)
            assert found is not None
            address = f"/export/{found[1].decode()}"
            assert running.request("GET", address)[0] == 401, "without a login"
            status, _, body = running.request("GET", address, X_User=taken_by.subject)
            if taken_by is other:
                assert status == 404, "it was made for somebody else"
                continue
            assert status == 200
        book = texts(load_workbook(BytesIO(body)))
        assert any(CANARY[WEST] in text for text in book)
        assert not [text for text in book if CANARY[EAST] in text]


@pytest.mark.parametrize("subject", EVERYBODY)
def test_routes_answer_by_right(running: Running, home: Path, subject: str) -> None:
    """Shapes are for whoever may look, media for nobody; who loads or follows up brings files."""
    who = EVERYBODY[subject]
    address = f"/shapes/{_VERSION}/village.geojson"
    assert running.request("GET", address)[0] == 401
    assert running.request("GET", address, X_User=subject)[0] == (200 if who.role else 403)
    assert running.request("GET", "/media/x.xlsx", X_User=subject)[0] == 404
    assert running.request("GET", "/export/x", X_User=subject)[0] == (404 if who.role else 403)
    before = len(audited(home))
    with seen_by(running, who) as socket:
        socket.send(rerun())
        first, *_ = frames(socket)
        session = first.new_session.initialize.session_id
        status = upload(running, session, 10, X_User=subject)
    follows_up = who.role is not None and MAY[who.role] & FOLLOWING_UP
    assert status == (204 if follows_up else 403)
    refused = [one for one in audited(home)[before:] if one.about.get("why") == "no_right"]
    assert [one.actor for one in refused] == ([subject] if status == 403 and who.role else [])


@pytest.mark.parametrize("subject", EVERYBODY)
def test_the_search_box_finds_no_household_of_elsewhere(running: Running, subject: str) -> None:
    """Each is found by who sees it, and by nobody without a login or a right."""
    who = EVERYBODY[subject]
    for place, canary in CANARY.items():
        asked = json.dumps(
            {"text": f"{canary}H0", "path": "/", "query": f"?region={place}"}
        ).encode()
        here = {"Origin": running.origin}
        assert running.request("POST", "/lookup", asked)[0] == 403, "no page of ours sent it"
        assert running.request("POST", "/lookup", asked, **here)[0] == 401
        status, _, told = running.request("POST", "/lookup", asked, **here, X_User=subject)
        assert status == (200 if who.role else 403)
        assert (canary.encode() in told) == (who.role is not None and canary not in who.never)


@pytest.mark.parametrize(
    ("subject", "status"), [("inspector.county", 413), ("data_clerk.county", 204)]
)
def test_who_only_follows_up_brings_no_larger_file_than_evidence(
    running: Running, subject: str, status: int
) -> None:
    with seen_by(running, EVERYBODY[subject]) as socket:
        socket.send(rerun())
        first, *_ = frames(socket)
        session = first.new_session.initialize.session_id
        more = (EVIDENCE_MB << 20) + 1
        assert upload(running, session, more, X_User=subject) == status


@pytest.mark.harder
def test_the_same_socket_shows_what_is_still_given(running: Running, home: Path) -> None:
    """One page stays open while its person's place changes: frames follow the next click."""
    with opened(home) as state:
        first = grants.give(state, "moved", "inspector", [EAST], by="test")
        who = Somebody("moved", "inspector", EAST, ())
        with seen_by(running, who) as socket:
            told, _ = shown(socket, rerun("", "ledgers"))
            assert CANARY[EAST].encode() in told and CANARY[WEST].encode() not in told
            grants.revoke(state, first, by="test", why="moved")
            grants.give(state, "moved", "inspector", [WEST], by="test")
            told, _ = shown(socket, rerun("", "ledgers"))
            assert CANARY[WEST].encode() in told and CANARY[EAST].encode() not in told
