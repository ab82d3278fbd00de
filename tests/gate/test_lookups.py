"""The route of the search box: what it takes, whom it hands on, how often it answers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from access.identity import NOBODY, Guest
from access.limits import Meter
from access.rights import Rights
from gate import lookups, paths
from gate.lookups import Lookups
from tests.gate.asking import ask, body, scope, status

ASKED: list[tuple[Guest, str, str, str]] = []


@pytest.fixture(autouse=True)
def meter(monkeypatch: pytest.MonkeyPatch) -> Meter:
    own = Meter()
    monkeypatch.setattr(lookups, "METER", own)
    return own


def _answer(guest: Guest, text: str, path: str, query: str) -> list[dict[str, str]]:
    ASKED.append((guest, text, path, query))
    return [{"label": "云镇"}]


APP = Starlette(routes=[Route(paths.LOOKUP, Lookups(_answer).give, methods=["POST"])])
GIVEN = {"text": "yz", "path": "/map", "query": "?year=2024"}


def sent(told: object, guest: Guest = NOBODY, method: str = "POST") -> list[dict[str, Any]]:
    asked = {**scope("http", paths.LOOKUP, method), "taizhang.guest": guest}
    text = told if isinstance(told, bytes) else json.dumps(told).encode()
    return ask(APP, asked, {"type": "http.request", "body": text, "more_body": False})


def test_what_is_typed_is_answered_to_who_asks_and_kept_by_nobody() -> None:
    guest = Guest("in", "key", Rights("li.si", "李四"))
    said = sent(GIVEN, guest)
    assert status(said) == 200 and json.loads(body(said)) == [{"label": "云镇"}]
    assert dict(said[0]["headers"])[b"cache-control"] == b"no-store"
    assert ASKED[-1] == (guest, "yz", "/map", "?year=2024")


@pytest.mark.parametrize(
    "told",
    [b"", b"{", [], {"text": "yz"}, {**GIVEN, "text": 1}, {**GIVEN, "query": None},
     {**GIVEN, "text": "y" * 5000}],
    ids=str,
)  # fmt: skip
def test_what_the_box_does_not_send_is_refused(told: object) -> None:
    ASKED.clear()
    assert status(sent(told)) == 400 and not ASKED


def test_it_answers_so_often_a_minute_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAIZHANG_LOOKUPS_A_MINUTE", "2")
    assert [status(sent(GIVEN)) for _ in range(3)] == [200, 200, 429]
    assert "2次" in body(sent(GIVEN))
    assert status(sent(GIVEN, Guest("in", "key", Rights("wang", "王")))) == 200


def test_an_address_asks_nothing_and_is_no_document() -> None:
    assert status(sent(GIVEN, method="GET")) == 405
    assert not paths.is_document(paths.LOOKUP) and not paths.is_public(paths.LOOKUP)
