"""The route of the search box: what a few letters may mean, for who asks."""

from __future__ import annotations

import json
from collections.abc import Callable

import anyio
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from access.identity import Guest
from access.limits import METER
from gate import visitors
from gate.words import refusal
from store.settings import setting

_MOST_BYTES = 4096
_HEADERS = {"Cache-Control": "no-store"}


# From who asks, what they typed, and the path and query of the view that they typed it over,
# to what was found as plain data.
Answer = Callable[[Guest, str, str, str], list[dict[str, str]]]


class Lookups:
    """Answers the search box. ``answer`` says what was found.

    What is typed comes in a body: addresses are kept by browsers and proxies.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    async def give(self, request: Request) -> Response:
        """What was found, whoever asks; no more often than the setting says."""
        asked = await _read(request)
        if asked is None:
            return refusal(400, "gate_closed")
        guest = visitors.guest_of(request.scope)
        subject = guest.rights.subject if guest.rights else guest.standing
        client = request.client.host if request.client else "local"
        if not METER.spend(f"{subject}@{client}", "lookup"):
            return refusal(429, "lookups_too_often", most=setting("TAIZHANG_LOOKUPS_A_MINUTE"))
        found = await anyio.to_thread.run_sync(self.answer, guest, *asked)
        return JSONResponse(found, headers=_HEADERS)


async def _read(request: Request) -> tuple[str, str, str] | None:
    """The text, path and query of the request; None for one that the search box does not send."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _MOST_BYTES:
            return None
    try:
        told = json.loads(body)
        text, path, query = told["text"], told["path"], told["query"]
    except (ValueError, KeyError, TypeError):
        return None
    if not all(isinstance(one, str) for one in (text, path, query)):
        return None
    return text, path, query
