"""Exports are handed out once, to whom they were made for, while their page is open."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from access.rights import Rights
from gate import handouts
from store.handouts import SECONDS, Handouts
from tests.gate.asking import scope, status


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Handouts:
    """Files that wait, for a request that comes from ``li.si``."""
    own = Handouts()
    monkeypatch.setattr(handouts, "HANDOUTS", own)
    monkeypatch.setattr(handouts, "active", lambda session: session == "open")
    monkeypatch.setattr(handouts, "viewer_of", lambda _request: Rights("li.si", "李四"))
    return own


APP = Starlette(routes=[Route(handouts.PATH, handouts.give)])


def fetch(token: str, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    said: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()  # a browser that stays until it has all
        raise AssertionError

    async def send(message: Any) -> None:
        said.append(message)

    asyncio.run(APP(scope("http", f"/export/{token}", method), receive, send))
    headers = {name.decode(): value.decode() for name, value in said[0]["headers"]}
    return status(said), headers, b"".join(m.get("body", b"") for m in said[1:])


def put(held: Handouts, subject: str = "li.si", session: str = "open") -> str:
    return held.put(b"whole", "名单 1.xlsx", "application/x-book", subject, session)


def test_a_file_is_there_once_and_nobody_keeps_it(held: Handouts) -> None:
    token = put(held)
    code, headers, body = fetch(token)
    assert (code, body) == (200, b"whole")
    assert headers["cache-control"] == "no-store" and headers["content-length"] == "5"
    assert headers["content-disposition"].endswith("%E5%90%8D%E5%8D%95%201.xlsx")
    assert fetch(token)[0] == 404 and len(held) == 0


@pytest.mark.parametrize(("subject", "session"), [("wang.wu", "open"), ("li.si", "closed")])
def test_another_person_and_a_closed_page_get_nothing_and_use_it_up(
    held: Handouts, subject: str, session: str
) -> None:
    token = put(held, subject, session)
    assert fetch(token)[0] == 404 and len(held) == 0


def test_nobody_and_a_guessed_token_get_nothing(
    held: Handouts, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = put(held)
    assert fetch("guessed")[0] == 404 and len(held) == 1
    monkeypatch.setattr(handouts, "viewer_of", lambda _request: None)
    assert fetch(token)[0] == 404


def test_asking_for_its_head_does_not_use_it_up(held: Handouts) -> None:
    token = put(held)
    assert fetch(token, "HEAD")[0] == 405 and fetch(token)[0] == 200


def test_a_file_that_nobody_fetches_goes_with_its_time(
    held: Handouts, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = put(held)
    monkeypatch.setattr("store.handouts.time.monotonic", lambda: 10**9 + SECONDS)
    assert fetch(token)[0] == 404
    dropped = put(held)
    held.drop(dropped)
    assert len(held) == 0
