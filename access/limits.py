"""How often somebody may do what takes out much or finds out about one person: a minute's worth."""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict, deque
from typing import Literal

from store.settings import setting

LOG = logging.getLogger("taizhang.access")
Kind = Literal["search", "export", "link", "lookup"]
_MINUTE = 60.0
_SETTINGS: dict[Kind, str] = {
    "search": "TAIZHANG_SEARCHES_A_MINUTE",
    "export": "TAIZHANG_EXPORTS_A_MINUTE",
    "link": "TAIZHANG_LINKS_A_MINUTE",
    "lookup": "TAIZHANG_LOOKUPS_A_MINUTE",
}


class Meter:
    """Counts by kind and by who does it. May be used from several threads."""

    def __init__(self) -> None:
        self._done: dict[tuple[str, Kind], deque[float]] = defaultdict(deque)
        self._lock = threading.Lock()

    def spend(self, who: str, kind: Kind, now: float | None = None) -> bool:
        """Count one more and log it; False, and nothing is counted, where it is one too many.

        ``who`` is a viewer's name and the address that they come from; what is searched for is not
        logged.
        """
        most: int = setting(_SETTINGS[kind])
        at = time.monotonic() if now is None else now
        with self._lock:
            done = self._done[who, kind]
            while done and done[0] <= at - _MINUTE:
                done.popleft()
            allowed = len(done) < most
            if allowed:
                done.append(at)
            self._forget(at)
            count = len(done)
        if allowed:
            LOG.info("%s by %s, %s of %s a minute", kind, who, count, most)
        else:
            LOG.warning("%s by %s refused: more than %s a minute", kind, who, most)
        return allowed

    def _forget(self, at: float) -> None:
        """Drop those who did nothing in the last minute, so that their number does not grow."""
        if len(self._done) > 1000:
            for key in [
                k for k, done in self._done.items() if not done or done[-1] <= at - _MINUTE
            ]:
                del self._done[key]


METER = Meter()
