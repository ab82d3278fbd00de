"""How many pages may be open at a time: in all, and from one address."""

from __future__ import annotations

import resource
from collections import Counter

from store.settings import is_loopback, setting

DESCRIPTORS_EACH = 4  # open files of one session: its socket and its script's event loop
_OWN = 200  # those of the server itself: the county's files, listening sockets, the log


class Sessions:
    """Counts open websockets; each is a page that somebody has open."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()

    def begin(self, client: str) -> bool:
        """Count one more of an address; False, and nothing is counted, where it is too many.

        One machine's own address is not limited: behind a proxy all visitors have it.
        """
        if self._open.total() >= most():
            return False
        if not is_loopback(client) and self._open[client] >= setting("TAIZHANG_SESSIONS_EACH"):
            return False
        self._open[client] += 1
        return True

    def end(self, client: str) -> None:
        """Count one less."""
        self._open[client] -= 1
        self._open += Counter()  # forgets addresses that have none

    def __len__(self) -> int:
        return self._open.total()


def most() -> int:
    """How many sessions there may be: what is set, or fewer where open files would run out."""
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    room = (files - _OWN) // DESCRIPTORS_EACH if files != resource.RLIM_INFINITY else 1_000_000
    return max(1, min(int(setting("TAIZHANG_SESSIONS")), room))


def raise_descriptors() -> None:
    """Let this process open as many files as it is allowed to, not as many as is usual."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
