"""The route that hands exports out: to whom they were made for, once, kept by nobody on the way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from gate.uploads import active
from gate.visitors import viewer_of
from gate.words import refusal
from store.handouts import HANDOUTS

PATH = "/export/{token}"
_PIECE = 1 << 16


def give(request: Request) -> Response:
    """The file of the address, to whom it was made for; a sentence to anybody else."""
    if request.method != "GET":
        return refusal(405, "gate_closed")
    rights = viewer_of(request)
    held = HANDOUTS.take(request.path_params["token"], rights.subject if rights else None)
    if held is None:
        return refusal(404, "handout_gone")
    if not active(held.session):  # its page was closed meanwhile
        held.file.close()
        return refusal(404, "handout_gone")
    headers = {
        "Cache-Control": "no-store",
        "Pragma": "no-cache",
        "Content-Length": str(held.size),
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(held.name, safe='')}",
    }
    return StreamingResponse(_pieces(held.file), headers=headers, media_type=held.media_type)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece
