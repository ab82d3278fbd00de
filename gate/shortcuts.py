"""The route of short links: leads to the view, or to the page that tells nothing."""

from __future__ import annotations

from collections.abc import Callable

import anyio
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from access.identity import Guest
from access.limits import METER
from gate import visitors
from gate.words import refusal
from store.settings import setting

PATH = "/s/{code}"
# From who asks and the code as it came to an address within the program.
Lead = Callable[[Guest, str], str]


class Shortcuts:
    """Answers requests for short links. ``lead`` says where each of them leads."""

    def __init__(self, lead: Lead) -> None:
        self.lead = lead

    async def give(self, request: Request) -> Response:
        """To the view, whoever asks; no more often than the setting says, as codes are guessed."""
        if request.method not in ("GET", "HEAD"):
            return refusal(405, "gate_closed")
        guest = visitors.guest_of(request.scope)
        subject = guest.rights.subject if guest.rights else guest.standing
        client = request.client.host if request.client else "local"
        if not METER.spend(f"{subject}@{client}", "link"):
            most = setting("TAIZHANG_LINKS_A_MINUTE")
            return refusal(429, "links_too_often", most=most)
        href = await anyio.to_thread.run_sync(self.lead, guest, request.path_params["code"])
        return RedirectResponse(href, 302, {"Cache-Control": "no-store"})
