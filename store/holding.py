"""Folders that somebody reads from: a shared lock on their manifest while it is read.

Whoever removes a folder asks for the lock alone first (``alone``) and leaves what is held. The lock
is the system's (``flock``), so that it goes with the process, however that ends.
"""

from __future__ import annotations

import fcntl
import os
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Hold:
    """A shared lock on a file until it is closed or forgotten.

    Raises FileNotFoundError if the file is gone, or about to go.
    """

    def __init__(self, path: Path):
        handle = os.open(path, os.O_RDONLY)
        self.close = weakref.finalize(self, os.close, handle)
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            gone = not os.path.samestat(os.fstat(handle), path.stat())
        except OSError:
            gone = True
        if gone:
            self.close()
            raise FileNotFoundError(f"{path.parent.name} is being removed")


@contextmanager
def alone(path: Path) -> Iterator[bool]:
    """Whether nobody holds the file; if so, nobody can until the block ends."""
    handle = os.open(path, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)


def holders(path: Path) -> list[int]:
    """Processes that hold the file, as far as the system tells."""
    try:
        inode = str(path.stat().st_ino)
        lines = Path("/proc/locks").read_text("ascii").splitlines()
    except OSError:
        return []
    # 1: FLOCK  ADVISORY  READ 4711 08:01:1234 0 EOF
    words = (line.split() for line in lines)
    found = {int(w[4]) for w in words if len(w) > 5 and w[5].rpartition(":")[2] == inode}
    return sorted(found)
