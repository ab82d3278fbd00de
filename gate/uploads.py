"""Uploads: streamed to disk under limits; Streamlit is given a ticket in the place of the file.

Streamlit itself holds every uploaded file in memory, from anybody who has a session, and as often
over as the page runs.
"""

from __future__ import annotations

import asyncio
import errno
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

import anyio
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime import Runtime

from access import refusals
from access.identity import Guest, may_follow_up, may_load
from access.roles import EVIDENCE_MB
from gate.visitors import guest_of
from gate.words import refuse
from store.settings import read_only, setting
from store.uploads import UPLOADS, TooMuch, Upload

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

_MB = 1 << 20
_FRAMING = _MB  # bytes that a request may be larger than its file
_PIECE = _MB  # bytes that are written at a time
_HEADS = 8192  # bytes of the part's own headers
_LENGTHS = (b"content-length", b"transfer-encoding")
_IDS = re.compile(r"([0-9a-zA-Z-]{1,64})/([0-9a-zA-Z-]{1,64})")


class Refused(Exception):
    """An upload that is not taken: the status, the term that says why, and its values."""

    def __init__(self, status: int, key: str, **values: object):
        super().__init__(key)
        self.status, self.key, self.values = status, key, values


@dataclass(slots=True)
class Part:
    """The one file of a form as it comes: its headers, and content not written yet."""

    heads: list[tuple[bytes, bytes]] = field(default_factory=list)
    pending: bytearray = field(default_factory=bytearray)
    count: int = 0
    ended: bool = False
    _name: bytearray = field(default_factory=bytearray)
    _value: bytearray = field(default_factory=bytearray)

    def callbacks(self) -> dict[str, Callable[..., None]]:
        """What the parser calls with each thing that it finds."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._head(self._name, data[start:end]),
            "on_header_value": lambda data, start, end: self._head(self._value, data[start:end]),
            "on_header_end": self._head_end,
            "on_part_data": lambda data, start, end: self.pending.extend(data[start:end]),
            "on_end": self._end,
        }

    def _begin(self) -> None:
        self.count += 1
        if self.count > 1:
            raise Refused(400, "gate_upload_form")

    def _head(self, held: bytearray, data: bytes) -> None:
        held.extend(data)
        if len(held) + sum(len(name) + len(value) for name, value in self.heads) > _HEADS:
            raise Refused(400, "gate_upload_form")

    def _head_end(self) -> None:
        self.heads.append((bytes(self._name), bytes(self._value)))
        self._name.clear()
        self._value.clear()

    def _end(self) -> None:
        self.ended = True

    def form(self, boundary: bytes, content: bytes) -> bytes:
        """The form anew, with another content in the place of the file's."""
        lines = [b"--" + boundary, *(name + b": " + value for name, value in self.heads), b""]
        return b"\r\n".join((*lines, content, b"--" + boundary + b"--", b""))


class Most(NamedTuple):
    """How large a file may be, and the term that says so of a larger one."""

    megabytes: int
    key: str

    @property
    def size(self) -> int:
        return self.megabytes * _MB

    def refused(self) -> Refused:
        return Refused(413, self.key, limit=self.megabytes)


def active(session: str) -> bool:
    """Whether somebody has a page open under that session."""
    return Runtime.exists() and Runtime.instance().is_active_session(session)


async def take(app: ASGIApp, scope: Scope, receive: Receive, send: Send, ids: str) -> None:
    """Keep an upload on disk, then let the app know of it; or refuse it in words.

    ``ids`` are those of its session and file, as its address ends.
    """
    held: list[Upload] = []
    try:
        most = await anyio.to_thread.run_sync(_allowed, guest_of(scope), scope["path"])
        boundary = _checked(scope, ids, most)
        session, _, file = ids.partition("/")
        UPLOADS.drop("given again", lambda u: (u.session, u.file) == (session, file))
        held.append(UPLOADS.begin(setting("TAIZHANG_HOME"), session, file))
        part = await _stream(receive, held[0], boundary, most)
    except Refused as refused:
        _drop(held, refused.key)
        await refuse(scope, receive, send, refused.status, refused.key, **refused.values)
        return
    except (TooMuch, OSError) as error:
        _drop(held, "no room")
        full = isinstance(error, TooMuch) or error.errno in (errno.ENOSPC, errno.EDQUOT)
        await refuse(scope, receive, send, 507, "gate_upload_full" if full else "not_kept")
        return
    except BaseException:
        _drop(held, "broken off")
        raise
    if part is None:
        _drop(held, "broken off")
        return
    body = part.form(boundary, held[0].ticket.encode())
    await _tell(app, scope, send, body, held)


def _allowed(who: Guest, path: str) -> Most:
    """How large a file somebody may bring: to load, or as evidence of a finding.

    Raises Refused, and writes it to the audit, for who may do neither.
    """
    if read_only():
        raise Refused(403, "gate_read_only")
    home = setting("TAIZHANG_HOME")
    if may_load(home, who):
        return Most(int(setting("TAIZHANG_UPLOAD_MB")), "gate_upload_large")
    if may_follow_up(who):
        return Most(EVIDENCE_MB, "gate_evidence_large")
    subject = who.rights.subject if who.rights else ""
    about = {"why": "no_right", "act": "load", "path": path[:200]}
    refusals.refused(home, "refusal", subject, about, subject)
    raise Refused(403, "gate_upload_right")


def _checked(scope: Scope, given: str, most: Most) -> bytes:
    """The form's boundary, of an upload that may begin. Raises Refused."""
    ids = _IDS.fullmatch(given)
    if ids is None or not active(ids[1]):
        raise Refused(400, "gate_upload_session")
    headers = Headers(scope=scope)
    kind, options = parse_options_header(headers.get("content-type"))
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not 0 < len(boundary) <= 200:
        raise Refused(400, "gate_upload_form")
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > most.size + _FRAMING:
        raise most.refused()
    return boundary


async def _stream(receive: Receive, upload: Upload, boundary: bytes, most: Most) -> Part | None:
    """Write the form's file as it comes; None where the browser broke off. Raises Refused, TooMuch
    and OSError."""
    part, size, more = Part(), 0, True
    try:
        parser = MultipartParser(boundary, cast("MultipartCallbacks", part.callbacks()))
    except MultipartParseError as error:
        raise Refused(400, "gate_upload_form") from error
    with await anyio.to_thread.run_sync(upload.path.open, "wb") as handle:
        while more:
            try:
                message = await asyncio.wait_for(receive(), setting("TAIZHANG_REQUEST_SECONDS"))
            except TimeoutError as error:
                raise Refused(408, "gate_upload_slow") from error
            if message["type"] == "http.disconnect":
                return None
            chunk, more = message.get("body", b""), message.get("more_body", False)
            size += len(chunk)
            if size > most.size + _FRAMING:
                raise most.refused()
            try:
                parser.write(chunk)
            except MultipartParseError as error:
                raise Refused(400, "gate_upload_form") from error
            if len(part.pending) >= _PIECE or not more:
                await _write(handle, upload, part, most)
    if not part.ended or part.count != 1:
        raise Refused(400, "gate_upload_form")
    return part


async def _write(handle: BinaryIO, upload: Upload, part: Part, most: Most) -> None:
    if upload.size + len(part.pending) > most.size:
        raise most.refused()
    UPLOADS.grow(upload, len(part.pending), setting("TAIZHANG_UPLOADS_MB") * _MB)
    await anyio.to_thread.run_sync(handle.write, bytes(part.pending))
    part.pending.clear()


async def _tell(app: ASGIApp, scope: Scope, send: Send, body: bytes, held: list[Upload]) -> None:
    """Give the app the form with the ticket; where it does not take it, the file goes."""
    headers = [(name, value) for name, value in scope["headers"] if name not in _LENGTHS]
    headers.append((b"content-length", str(len(body)).encode()))
    status = [500]

    async def once() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def seen(message: Message) -> None:
        if message["type"] == "http.response.start":
            status[0] = message["status"]
        await send(message)

    try:
        await app({**scope, "headers": headers}, once, seen)
    finally:
        if status[0] >= 300:
            _drop(held, "not taken")


def _drop(held: list[Upload], why: str) -> None:
    if held:
        UPLOADS.drop(why, lambda upload: upload is held[0])
