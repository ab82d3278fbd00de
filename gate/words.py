"""Refusals: a status and a sentence in Chinese and in English that says what to do."""

from __future__ import annotations

import logging
from html import escape

from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from glossary import LANGUAGES, term

LOG = logging.getLogger("taizhang.gate")
_SEEN = 200  # different refusals that the log names; a flood of others would fill the disk
_logged: set[tuple[str, str]] = set()


def sentence(key: str, **values: object) -> str:
    """A term in both languages, a line each."""
    return "\n".join(term(key, lang, **values) for lang in LANGUAGES)


def page(key: str, view: str) -> str:
    """A page of its own that says a term in both languages and leads to a view."""
    said = "".join(
        f"<p lang='{lang}'>{escape(term(key, lang))} "
        f"<a href='{escape(view)}'>{escape(term('login', lang))}</a></p>"
        for lang in LANGUAGES
    )
    title = escape(term("app_title", LANGUAGES[0]))
    head = (
        f"<meta charset='utf-8'><meta name='viewport' content='width=device-width'><title>{title}"
    )
    style = "font: 1.25rem/1.8 sans-serif; margin: 3rem auto; max-width: 40rem; padding: 0 1rem"
    return (
        f"<!doctype html><html lang='zh-CN'><head>{head}</title></head>"
        f"<body style='{style}'><h1>{title}</h1>{said}</body></html>"
    )


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
