"""The counties that a process has open: few, so that memory does not grow with the dates visited.

The home's current snapshot lies in memory, one at a time; others are read from their files. Of
these, the one that was asked for longest ago is closed first, never under a query that runs; and
one that nobody has asked for in a while, so that its snapshot can be removed.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from pathlib import Path

from metrics.county import County, open_county
from store.snapshots import Home

MOST = 4  # beside the one in memory
IDLE = 900  # seconds

_Key = tuple[Path, int]


class Shelf:
    """Opens counties and keeps the latest ones. Shared by all sessions of a process.

    ``most`` are kept beside the one that lies in memory.
    """

    def __init__(self, most: int = MOST):
        self.most = most
        self._open: OrderedDict[_Key, County] = OrderedDict()
        self._asked: dict[_Key, float] = {}  # when each was asked for last
        self._lock = threading.Lock()
        self._opening: dict[_Key, threading.Lock] = {}

    def county(self, home: Home, number: int, *, resident: bool) -> County:
        """A snapshot's county, opened if it is not, once for all who ask at the same time.

        Raises store.snapshots.NoSnapshot or SnapshotDamaged.
        """
        key = (home.path, number)
        with self._lock:
            opening = self._opening.setdefault(key, threading.Lock())
        with opening:
            found = self._found(key)
            # In memory a county stays usable when it is current no more, until another one is.
            if found is None or (resident and not found.engine.resident):
                if resident:
                    self._make_room()
                found = open_county(home, number, resident=resident)
                self._keep(key, found)
        return found

    def _found(self, key: _Key) -> County | None:
        with self._lock:
            now = time.monotonic()
            self._asked[key] = now
            if key in self._open:
                self._open.move_to_end(key)
            for other in [k for k, c in self._open.items() if not c.engine.resident]:
                if now - self._asked[other] > IDLE:
                    self._open.pop(other).engine.retire()
            return self._open.get(key)

    def _make_room(self) -> None:
        """Before one is loaded whole, let the one go that was."""
        with self._lock:
            for key, county in list(self._open.items()):
                if county.engine.resident:
                    self._open.pop(key).engine.retire()

    def _keep(self, key: _Key, county: County) -> None:
        with self._lock:
            if before := self._open.pop(key, None):
                before.engine.retire()
            self._open[key] = county
            in_place = [key for key, county in self._open.items() if not county.engine.resident]
            for oldest in in_place[: max(0, len(in_place) - self.most)]:
                self._open.pop(oldest).engine.retire()
