"""What a delta of one household in a hundred costs beside the whole import, derive included.

Both are the command that a clerk starts; counted are the seconds of processor time of it and of
every process that it starts, which other programs on the machine do not lengthen.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import python_calamine as calamine

EVERY = 100
SHARE = 0.1  # of the whole import, at most
_LAND = "耕地面积"


@dataclass(frozen=True, slots=True)
class Delta:
    """Seconds of processor time of the whole import and of the delta, and its households."""

    households: int
    whole_seconds: float
    delta_seconds: float

    @property
    def share(self) -> float:
        return self.delta_seconds / self.whole_seconds

    def line(self) -> str:
        return (
            f"{'delta':<12}{self.households:>12,} households  {self.delta_seconds:.2f} of "
            f"{self.whole_seconds:.2f} processor s  share {self.share:.2f} (at most {SHARE})"
        )


def write(raw: Path, folder: Path) -> int:
    """Write the register rows of one household in a hundred, each with other land, as text.

    Gives their number.
    """
    (register,) = raw.glob("户信息_*")
    book = calamine.load_workbook(str(register))
    rows = [list(map(str, row)) for row in book.get_sheet_by_index(0).to_python()]
    head = next(at for at, row in enumerate(rows) if "户编号" in row)
    land = next(at for at, header in enumerate(rows[head]) if header.startswith(_LAND))
    chosen = rows[head + 1 :: EVERY]
    for number, row in enumerate(chosen):
        row[land] = f"{number % 90 + 0.5}"
    lines = ("\t".join(row) for row in (*rows[: head + 1], *chosen))
    (folder / f"{register.stem}.txt").write_text("\n".join(lines) + "\n", "utf-8")
    return len(chosen)


def measure(raw: Path, county: str, day: date, scratch: Path) -> Delta:
    """Import export files into a new home, then the delta; RuntimeError where one fails."""
    home, folder = scratch / "home", scratch / "delta"
    folder.mkdir()
    households = write(raw, folder)
    seconds = [_seconds(each, county, day, home) for each in (raw, folder)]
    return Delta(households, *seconds)


def _seconds(files: Path, county: str, day: date, home: Path) -> float:
    begun = _used()
    command = [sys.executable, "-m", "loaders", "import", str(files), "--home", str(home)]
    command += ["--county", county, "--date", day.isoformat(), "--allow-refused"]
    done = subprocess.run(command, check=False, capture_output=True)
    if done.returncode not in (0, 3):
        raise RuntimeError(done.stderr.decode("utf-8", "replace"))
    return _used() - begun


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
