"""Whether pages would show something, and if not, what is missing: each part for itself."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from store.settings import setting
from store.snapshots import Home, NoSnapshot, SnapshotDamaged

Part = Literal["ok", "missing", "damaged", "opening", "failed", "low"]


@dataclass(slots=True)
class Warmth:
    """What is done once after the start, beside the first requests: ``work`` opens the county."""

    work: Callable[[], None]
    state: Part = "opening"
    _done: threading.Event = field(default_factory=threading.Event)

    def begin(self) -> None:
        """Start it; requests are answered meanwhile."""
        threading.Thread(target=self._run, daemon=True, name="warm").start()

    def _run(self) -> None:
        try:
            self.work()
            self.state = "ok"
        except NoSnapshot:
            self.state = "missing"
        except SnapshotDamaged:
            self.state = "damaged"
        except Exception:
            self.state = "failed"
            raise  # the log has it
        finally:
            self._done.set()

    def wait(self, seconds: float) -> bool:
        """Whether it has ended within that time."""
        return self._done.wait(seconds)


def parts(home: Path, warmth: Warmth, asks: Callable[[int], bool]) -> dict[str, Part | int | None]:
    """The state of the snapshot, of what is derived of it, of the database over both, of the disk.

    ``asks`` says whether the database of a snapshot that is open answers.
    """
    number, snapshot = _snapshot(home)
    derived = warmth.state if snapshot == "ok" else snapshot
    if snapshot == "ok" and derived in ("missing", "damaged"):
        derived = "ok"  # it was so at the start; data came since, and the first page opens them
    database = derived
    if derived == "ok" and number is not None and not asks(number):
        database = "failed"
    return {
        "number": number,
        "snapshot": snapshot,
        "derived": derived,
        "database": database,
        "disk": _disk(home),
    }


def shows(found: dict[str, Part | int | None]) -> bool:
    """Whether pages would show the county. A full disk keeps nobody from looking."""
    return all(found[name] == "ok" for name in ("snapshot", "derived", "database"))


def _snapshot(home: Path) -> tuple[int | None, Part]:
    try:
        return Home(home).current(verify=False).number, "ok"
    except NoSnapshot:
        return None, "missing"
    except SnapshotDamaged:
        return None, "damaged"


def _disk(home: Path) -> Part:
    try:
        free = shutil.disk_usage(home).free
    except OSError:
        return "missing"
    return "ok" if free >= setting("TAIZHANG_FREE_MB") << 20 else "low"
