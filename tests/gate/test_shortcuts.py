"""The route of short links: who asks is handed on, how often is limited, the base path is kept."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from access.identity import NOBODY, Guest
from access.limits import Meter
from access.rights import Rights
from gate import paths, shortcuts
from gate.shortcuts import PATH, Shortcuts
from tests.gate.asking import body, scope, status


@pytest.fixture(autouse=True)
def meter(monkeypatch: pytest.MonkeyPatch) -> Meter:
    own = Meter()
    monkeypatch.setattr(shortcuts, "METER", own)
    return own


ASKED: list[tuple[Guest, str]] = []


def _lead(guest: Guest, code: str) -> str:
    ASKED.append((guest, code))
    return f"/taizhang/map?link={code}"


APP = Starlette(routes=[Route(f"/taizhang{PATH}", Shortcuts(_lead).give)])


def fetch(code: str, guest: Guest = NOBODY, method: str = "GET") -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        said.append(message)

    asked = {**scope("http", f"/taizhang/s/{code}", method), "taizhang.guest": guest}
    asyncio.run(APP(asked, receive, send))
    return said


def test_it_leads_on_and_is_kept_by_nobody() -> None:
    guest = Guest("in", "key", Rights("li.si", "李四"))
    said = fetch("abcdefgh23", guest)
    headers = dict(said[0]["headers"])
    assert status(said) == 302 and headers[b"location"] == b"/taizhang/map?link=abcdefgh23"
    assert headers[b"cache-control"] == b"no-store"
    assert ASKED[-1] == (guest, "abcdefgh23")


def test_guessing_comes_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAIZHANG_LINKS_A_MINUTE", "2")
    assert [status(fetch(f"abcdefgh2{n}")) for n in "234"] == [302, 302, 429]
    assert "2次" in body(fetch("abcdefgh22"))
    other = Guest("in", "key", Rights("wang", "王"))
    assert status(fetch("abcdefgh22", other)) == 302, "another person is counted apart"


def test_it_is_only_looked_at() -> None:
    assert status(fetch("abcdefgh23", method="POST")) == 405


def test_whoever_is_not_logged_in_is_led_there_first_and_back() -> None:
    """The way in leads documents to the login; other addresses are refused."""
    assert paths.is_document("/s/abcdefgh23") and not paths.is_public("/s/abcdefgh23")
    assert paths.is_open("/s/abcdefgh23")
