"""A proxy's header says who somebody is: from the addresses that are listed, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from access import grants, refusals
from gate.door import Door
from gate.sessions import Sessions
from gate.visitors import PEER, viewer_of
from state.database import opened
from tests import small_county
from tests.gate.asking import ask, body, scope, status
from tests.gate.logging_in import audited


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    with opened(tmp_path) as state:
        grants.give(state, "li.si", "inspector", [small_county.WEST], by="test", name="李试")
    monkeypatch.setenv("TAIZHANG_HOME", str(tmp_path))
    monkeypatch.setenv("TAIZHANG_USER_HEADER", "X-User")
    monkeypatch.setenv("TAIZHANG_USER_HEADER_FROM", "127.0.0.1, 10.1.0.0/16")
    monkeypatch.setattr(refusals, "_said", {})
    return tmp_path


@pytest.fixture
def app(home: Path) -> Starlette:
    def says(request: Request) -> PlainTextResponse:
        rights = viewer_of(request)
        told = "nobody" if rights is None else f"{rights.name} {rights.scope('see').codes}"
        return PlainTextResponse(f"{told} {request.headers.get('x-taizhang-login', '')}")

    return Starlette(
        routes=[Route("/{rest:path}", says)], middleware=[Middleware(Door, Sessions(), "")]
    )


def _ask(app: Starlette, path: str, peer: str, **headers: str):
    asked = scope("http", path, **headers)
    return ask(app, {**asked, PEER: (peer, 50000)})


def test_a_route_is_told_who_asks_and_what_they_may(app: Starlette) -> None:
    said = _ask(app, "/export/x", "127.0.0.1", x_user="li.si")
    assert status(said) == 200 and body(said).startswith(f"李试 ('{small_county.WEST}',)")
    assert status(_ask(app, "/export/x", "10.1.2.3", x_user="li.si")) == 200
    assert status(_ask(app, "/export/x", "127.0.0.1")) == 401
    assert status(_ask(app, "/export/x", "127.0.0.1", x_user="nobody")) == 403


@pytest.mark.parametrize("peer", ["10.2.0.1", "192.0.2.7", "::1", "no address"])
def test_a_header_from_elsewhere_is_refused_and_audited(
    app: Starlette, home: Path, peer: str
) -> None:
    said = _ask(app, "/", peer, x_user="li.si", x_forwarded_for="127.0.0.1")
    assert status(said) == 403 and "TAIZHANG_USER_HEADER_FROM" in body(said)
    last = audited(home)[-1]
    assert (last.kind, last.outcome, last.actor) == ("refusal", "refused", peer)
    assert last.about["why"] == "forged_header"


def test_two_names_are_none(app: Starlette) -> None:
    asked = scope("http", "/", x_user="li.si")
    asked["headers"].append((b"x-user", b"admin"))
    assert status(ask(app, {**asked, PEER: ("127.0.0.1", 1)})) == 403


def test_nobody_says_themselves_which_login_they_are(app: Starlette) -> None:
    said = _ask(app, "/export/x", "127.0.0.1", x_user="li.si", x_taizhang_login="f" * 64)
    assert "f" * 64 not in body(said)
    assert status(_ask(app, "/export/x", "127.0.0.1", x_taizhang_login="f" * 64)) == 401


def test_without_a_way_in_others_are_refused(
    app: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TAIZHANG_USER_HEADER")
    monkeypatch.delenv("TAIZHANG_USER_HEADER_FROM")
    assert status(_ask(app, "/", "127.0.0.1")) == 200
    assert status(_ask(app, "/", "10.0.0.9")) == 403
    behind = {**scope("http", "/"), "client": ("10.0.0.9", 1), PEER: ("127.0.0.1", 1)}
    assert status(ask(app, behind)) == 403, "through a proxy on this machine, too"
