"""Web pages saved as one file, which spreadsheet programs call xls: their HTML parts as sheets."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from io import BytesIO
from typing import IO

from loaders.parsers import markup
from loaders.parsers.spool import Refused, Spool

MOST = 1 << 27  # bytes of a file, which is held in memory
_DEEPEST = 4  # parts inside parts
_BOUNDARY = re.compile(rb"boundary\s*=\s*(?:\"([^\"]+)\"|([^\s;\"]+))", re.IGNORECASE)
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_FOLDED = re.compile(rb"\r?\n[ \t]+")
_TABLE = re.compile(rb"<table", re.IGNORECASE)


def is_archive(start: bytes) -> bool:
    """Whether a file that begins so, in lower case, is such a page."""
    return start.startswith(b"mime-version:") or (
        b"content-type: multipart/related" in start and not start.startswith(b"<")
    )


def extract(source: IO[bytes], spool: Spool) -> None:
    """Write every HTML part that holds a table; raises Refused."""
    data = source.read(MOST + 1)
    if len(data) > MOST:
        raise Refused("too_large")
    written = 0
    for page in _pages(data, _DEEPEST):
        if _TABLE.search(page):
            written += 1
            name = markup.NAME + (str(written) if written > 1 else "")
            markup.page(BytesIO(page), spool, name)
    if not written:
        raise Refused("unsupported_format")


def _pages(data: bytes, depth: int) -> Iterator[bytes]:
    """HTML of a message: its own, or that of its parts."""
    end = _HEAD_END.search(data)
    if end is None or depth == 0:
        return
    head = _FOLDED.sub(b" ", data[: end.start()]).lower()
    body = data[end.end() :]
    kind = _value(head, b"content-type")
    if kind.startswith(b"multipart/"):
        # A boundary's letters count: it is taken from the head as it is written.
        boundary = _BOUNDARY.search(data[: end.start()])
        if boundary:
            for part in body.split(b"--" + (boundary[1] or boundary[2]))[1:]:
                yield from _pages(part.removeprefix(b"\r").removeprefix(b"\n"), depth - 1)
    elif kind.startswith(b"text/html"):
        yield _decoded(body, _value(head, b"content-transfer-encoding"))


def _value(head: bytes, name: bytes) -> bytes:
    """What a head says of a name, both in lower case; empty where it says nothing."""
    match = re.search(rb"(?:^|\n)" + name + rb":[ \t]*([^\r\n]*)", head)
    return match[1].strip() if match else b""


def _decoded(body: bytes, encoding: bytes) -> bytes:
    if encoding == b"quoted-printable":
        return quopri.decodestring(body)
    if encoding == b"base64":
        try:
            return base64.b64decode(body)
        except binascii.Error:
            raise Refused("unreadable_file") from None
    return body
