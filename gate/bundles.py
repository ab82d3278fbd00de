"""Files that never change under their address, sent compressed: each is compressed once."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import anyio
import brotli
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

TYPES = {".js": "text/javascript", ".css": "text/css", ".json": "application/json"}
_IMMUTABLE = "public, max-age=31536000, immutable"
# Level 5 costs a fifth of a second for the largest bundle and is within 5 % of level 9.
_BROTLI_LEVEL = 5
_GZIP_LEVEL = 6
# What a first visit loads beside the scripts that the page itself names.
_FIRST_VISIT = ("BidiComponent.*.js", "DataFrame.*.js")


class Bundles:
    """Answers for files by their addresses; all else passes through.

    Streamlit itself sends its bundles as they are: 12.6 MB on the first visit. Addresses are looked
    up, never joined to a folder: no path can lead out of it.
    """

    def __init__(self, app: ASGIApp, files: Mapping[str, Path]) -> None:
        self.app = app
        self.files = files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = self.files.get(scope["path"]) if scope["type"] == "http" else None
        if path is None or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        response = await anyio.to_thread.run_sync(lasting, headers, path, TYPES[path.suffix])
        await response(scope, receive, send)


def of_streamlit(static: Path, base: str) -> dict[str, Path]:
    """Streamlit's hashed bundles by their addresses, below the path that the program is served at.

    ``static`` is its folder, which holds ``index.html``.
    """
    return {
        f"{base}/static/{path.relative_to(static / 'static').as_posix()}": path
        for path in (static / "static").rglob("*")
        if path.suffix in TYPES
    }


def lasting(headers: Headers, path: Path, media_type: str) -> Response:
    """A file that never changes under its address, compressed as the request allows."""
    encoding = accepted_encoding(headers.get("accept-encoding", ""))
    body, etag = packed(path, encoding)
    answer = {"Cache-Control": _IMMUTABLE, "ETag": etag, "Vary": "Accept-Encoding"}
    if etag in headers.get("if-none-match", ""):
        return Response(status_code=304, headers=answer)
    if encoding:
        answer["Content-Encoding"] = encoding
    return Response(body, headers=answer, media_type=media_type)


def accepted_encoding(accept: str) -> str:
    """``br``, ``gzip`` or, where the request refuses or does not know both, nothing."""
    weights = {}
    for part in accept.lower().split(","):
        name, _, weight = part.partition(";")
        weights[name.strip()] = weight.replace(" ", "")
    for name in ("br", "gzip"):
        if name in weights and not re.fullmatch(r"q=0(\.0*)?", weights[name]):
            return name
    return ""


@lru_cache(maxsize=1024)
def packed(path: Path, encoding: str) -> tuple[bytes, str]:
    """A file's bytes in an encoding, with its entity tag; kept in memory."""
    body = path.read_bytes()
    tag = hashlib.sha256(body).hexdigest()[:16]
    if encoding == "br":
        body = brotli.compress(body, quality=_BROTLI_LEVEL)
    elif encoding == "gzip":
        body = gzip.compress(body, _GZIP_LEVEL, mtime=0)
    return body, f'"{tag}-{encoding or "plain"}"'


def pack_first_visit(static: Path, ours: Iterable[Path]) -> None:
    """Compress ahead what a browser asks for first; the rest waits until it is asked for.

    ``ours`` are files of the program itself beside those of Streamlit's folder.
    """
    for path in (*_named(static), *ours):
        packed(path, "br")


def _named(static: Path) -> Iterator[Path]:
    """The bundles that Streamlit's page names, then those that come with the first answer."""
    index = (static / "index.html").read_text("utf-8")
    for name in re.findall(r'"\./(static/[^"]+\.(?:js|css))"', index):
        yield static / name
    for name in _FIRST_VISIT:
        yield from (static / "static" / "js").glob(name)
