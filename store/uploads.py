"""Files that somebody is about to load: on disk in the home until they are loaded or given up.

Each server keeps them in a folder of its own, ``<home>/uploads/<process>``, which it holds a lock
on; what a killed one left is removed by the next. A file is reached by a ticket that nobody can
guess, and is gone when it is dropped, with its session, or with the server.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from store.journal import append

FOLDER, LOG = "uploads", "uploads.jsonl"
_TICKET = "taizhang-upload-"
_MOST_FILES = 500  # of one session


class TooMuch(Exception):
    """The files of all sessions together would be larger, or those of one more, than may be."""


@dataclass(slots=True)
class Upload:
    """One file: whose it is, its ticket, its place, and how much of it has come."""

    session: str
    file: str
    ticket: str
    path: Path
    size: int = 0


class Uploads:
    """The uploaded files of one server. May be used from several threads."""

    def __init__(self) -> None:
        self._held: dict[str, Upload] = {}
        self._lock = threading.Lock()
        self._folder: Path | None = None
        self._handle = -1

    def begin(self, home: Path, session: str, file: str) -> Upload:
        """A place for a file that is about to come. Raises OSError and TooMuch."""
        ticket = _TICKET + secrets.token_hex(32)
        with self._lock:
            if sum(other.session == session for other in self._held.values()) >= _MOST_FILES:
                raise TooMuch
            path = self._own_folder(home) / ticket.removeprefix(_TICKET)
            path.touch(0o600)
            upload = self._held[ticket] = Upload(session, file, ticket, path)
        return upload

    def grow(self, upload: Upload, count: int, most: int) -> None:
        """Note that so many bytes more come to a file. Raises TooMuch beyond ``most`` of all."""
        with self._lock:
            if sum(other.size for other in self._held.values()) + count > most:
                raise TooMuch
            upload.size += count

    def opened(self, content: bytes) -> BinaryIO:
        """The file that a ticket stands for; what is no ticket of this server's is the file."""
        with self._lock:
            upload = self._held.get(content[:200].decode("latin-1"))
        return upload.path.open("rb") if upload else BytesIO(content)

    def drop(self, why: str, which: Callable[[Upload], bool]) -> int:
        """Write down that files go, and why, and remove them; gives how many."""
        with self._lock:
            gone = [upload for upload in self._held.values() if which(upload)]
            if gone and self._folder is not None:
                total = sum(upload.size for upload in gone)
                record = {"removed": len(gone), "bytes": total, "why": why}
                with suppress(OSError):  # no room for a line must not keep the files
                    append(self._folder.parents[1] / LOG, record)
            for upload in gone:
                del self._held[upload.ticket]
                with suppress(OSError):
                    upload.path.unlink()
        return len(gone)

    def of(self, session: str) -> list[Upload]:
        """The files of a session."""
        with self._lock:
            return [upload for upload in self._held.values() if upload.session == session]

    def close(self) -> None:
        """Remove everything: the server ends."""
        self.drop("server ended", lambda _upload: True)
        with self._lock:
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)
                os.close(self._handle)
                self._folder = None

    def _own_folder(self, home: Path) -> Path:
        if self._folder is None:
            sweep(home)
            folder = home / FOLDER / f"{os.getpid()}-{secrets.token_hex(4)}"
            folder.parent.mkdir(mode=0o700, exist_ok=True)
            folder.mkdir(mode=0o700)
            self._handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._handle, fcntl.LOCK_EX)
            self._folder = folder
        return self._folder


def sweep(home: Path) -> None:
    """Remove what servers that were killed left, and write it down."""
    for folder in sorted((home / FOLDER).glob("*-*")):
        try:
            handle = os.open(folder / "lock", os.O_RDWR)
        except FileNotFoundError:
            continue  # another server is just making it
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        finally:
            os.close(handle)
        files = [path for path in folder.iterdir() if path.name != "lock"]
        sizes = sum(path.stat().st_size for path in files)
        if files:
            append(home / LOG, {"removed": len(files), "bytes": sizes, "why": "server was killed"})
        shutil.rmtree(folder, ignore_errors=True)


UPLOADS = Uploads()
