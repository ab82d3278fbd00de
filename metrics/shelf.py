"""The counties that a process has open: few, so that memory does not grow with the dates visited.

The home's current snapshot lies in memory; others are read from their files. Of these, the one that
was asked for longest ago is closed first, never under a query that runs; and one that nobody has
asked for in a while, so that its snapshot can be removed. Once a newer one lies in memory, the one
before is one of the others, so that pages which go on with it open nothing.

Where a file of the county's folder changes (a threshold, say), what was made by the old ones stays
in use until what pages read is made by the new ones, by a process beside this one; then all change
at once.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path

from metrics.county import County, open_county
from store import county_folder
from store.snapshots import Home, NoSnapshot, SnapshotDamaged

MOST = 4  # beside the one in memory
IDLE = 900  # seconds

_Key = tuple[Path, int]
_ROOT = Path(__file__).parents[1]


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
        self._tried: dict[Path, int] = {}  # the newer snapshot that is being opened, or was
        self._renewed: dict[Path, str] = {}  # the state of the folder last tried, or being tried
        self._renewal: threading.Thread | None = None
        self._beside: threading.Thread | None = None  # opens it

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
                found = open_county(home, number, resident=resident)
                if resident:
                    self._step_back()
                self._keep(key, found)
        if found.engine.resident:
            self._renew(home, number)
        return found

    @property
    def renewing(self) -> bool:
        """Whether what pages read is being made anew, as the county's folder has changed."""
        return self._renewal is not None and self._renewal.is_alive()

    def _renew(self, home: Home, number: int) -> None:
        """Begin to make a county by the folder as it is now, if it is another than the one in use.

        Each state is tried once.
        """
        state = county_folder.state_of(home.path.resolve())
        with self._lock:
            known = (county_folder.state_in_use(), self._renewed.get(home.path))
            if state in known or self.renewing:
                return
            self._renewed[home.path] = state
            work = threading.Thread(target=self._make_anew, args=(home, number), daemon=True)
            self._renewal = work
            work.start()

    def _make_anew(self, home: Home, number: int) -> None:
        command = [sys.executable, "-m", "metrics", "derive", "--home", str(home.path.resolve())]
        command += ["--snapshot", str(number)]
        done = subprocess.run(command, cwd=_ROOT, check=False, stdout=subprocess.DEVNULL)
        if done.returncode:
            return  # it has said why in the log; what was made before stays in use
        key = (home.path, number)
        with self._opening[key]:
            county_folder.use(home.path, anew=True)
            found = open_county(home, number)
            with self._lock:
                for other in [key for key in self._open if key[0] == home.path]:
                    self._open.pop(other).engine.retire()
            self._keep(key, found)

    def answers(self, home: Home, number: int) -> bool:
        """Whether the database of a snapshot answers; True of one that is not open."""
        with self._lock:
            found = self._open.get((home.path, number))
        if found is None:
            return True
        try:
            with found.engine.cursor() as cursor:
                return bool(cursor.execute("SELECT 1").fetchone())
        except Exception:  # whatever it is, pages would meet it too
            return False

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

    def newest(self, home: Home) -> int:
        """The snapshot that whoever comes now begins with: the current one, once it is open.

        Until then, the one in memory: the newer one is opened beside those who look at it. Raises
        store.snapshots.NoSnapshot.
        """
        current = home.current_number()
        with self._lock:
            held = [
                number
                for (path, number), county in self._open.items()
                if path == home.path and county.engine.resident
            ]
            if not held or current in held:
                return current
            if self._tried.get(home.path) != current:
                self._tried[home.path] = current
                work = threading.Thread(target=self._open_beside, args=(home, current), daemon=True)
                work.start()
                self._beside = work
            opening = self._beside is not None and self._beside.is_alive()
            return held[0] if opening else current

    def _open_beside(self, home: Home, number: int) -> None:
        with suppress(NoSnapshot, SnapshotDamaged):  # whoever asks for it is told
            self.county(home, number, resident=True)

    def _step_back(self) -> None:
        """Let the one that lay in memory be one of the others."""
        with self._lock:
            for county in self._open.values():
                county.engine.step_back()

    def _keep(self, key: _Key, county: County) -> None:
        with self._lock:
            if before := self._open.pop(key, None):
                before.engine.retire()
            self._open[key] = county
            in_place = [key for key, county in self._open.items() if not county.engine.resident]
            for oldest in in_place[: max(0, len(in_place) - self.most)]:
                self._open.pop(oldest).engine.retire()
