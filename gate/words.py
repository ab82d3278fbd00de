"""Refusals: a status and a sentence in Chinese and in English that says what to do."""

from __future__ import annotations

import logging

from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from glossary import LANGUAGES, term

LOG = logging.getLogger("taizhang.gate")
_SEEN = 200  # different refusals that the log names; a flood of others would fill the disk
_logged: set[tuple[str, str]] = set()


def sentence(key: str, **values: object) -> str:
    """A term in both languages, a line each."""
    return "\n".join(term(key, lang, **values) for lang in LANGUAGES)


def refusal(status: int, key: str, **values: object) -> Response:
    """The answer of a refused request."""
    headers = {"Cache-Control": "no-store", "Connection": "close"}
    return PlainTextResponse(sentence(key, **values), status, headers)


async def refuse(
    scope: Scope, receive: Receive, send: Send, status: int, key: str, **values: object
) -> None:
    """Answer a request, or a websocket's handshake, with a refusal, and log each kind once."""
    said = (key, ",".join(map(str, values.values())))
    if said not in _logged and len(_logged) < _SEEN:
        _logged.add(said)
        LOG.warning(
            "%s %s: %s", status, scope["path"], sentence(key, **values).replace("\n", " / ")
        )
    answer = refusal(status, key, **values)
    if scope["type"] == "http" or "websocket.http.response" in scope.get("extensions", {}):
        await answer(scope, receive, send)
    else:
        await send({"type": "websocket.close", "code": 1008})
