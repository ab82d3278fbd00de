"""Files that are about to be handed out: made for one viewer, fetched once, soon gone.

Each lies in a temporary file without a name, which no other program can open and which is gone
with this process. A token that nobody can guess stands for it.
"""

from __future__ import annotations

import secrets
import tempfile
import threading
import time
from dataclasses import dataclass
from typing import IO

SECONDS = 60.0  # that a file waits to be fetched


@dataclass(frozen=True, slots=True)
class Handout:
    """A file for ``subject`` in a session: its name, size and content, which the taker closes."""

    subject: str
    session: str
    name: str
    media_type: str
    size: int
    file: IO[bytes]
    until: float


class Handouts:
    """The files of one server that wait to be fetched. May be used from several threads."""

    def __init__(self) -> None:
        self._held: dict[str, Handout] = {}
        self._lock = threading.Lock()

    def put(self, content: bytes, name: str, media_type: str, subject: str, session: str) -> str:
        """Keep a file for ``SECONDS``; gives its token. Raises OSError."""
        file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever takes it closes it
        try:
            file.write(content)
            file.seek(0)
        except BaseException:
            file.close()
            raise
        token = secrets.token_urlsafe(32)
        until = time.monotonic() + SECONDS
        held = Handout(subject, session, name, media_type, len(content), file, until)
        with self._lock:
            self._held[token] = held
        timer = threading.Timer(SECONDS, self.drop, [token])
        timer.daemon = True
        timer.start()
        return token

    def take(self, token: str, subject: str | None) -> Handout | None:
        """The file of a token, for whom it was made, the first time; None for anybody else.

        Whoever asks, it is gone afterwards: a token that came into other hands is worth nothing.
        """
        with self._lock:
            held = self._held.pop(token, None)
        if held is None:
            return None
        if held.subject != subject or time.monotonic() >= held.until:
            held.file.close()
            return None
        return held

    def drop(self, token: str) -> None:
        """Remove a file that nobody fetched."""
        with self._lock:
            held = self._held.pop(token, None)
        if held is not None:
            held.file.close()

    def __len__(self) -> int:
        return len(self._held)


HANDOUTS = Handouts()
