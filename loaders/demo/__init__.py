"""The demo county: a simulated county written as the raw exports of real systems.

Nobody in it exists: names are random, identity numbers begin with a division that there is not,
phone numbers were never given out. Every file says 模拟数据 above its header.
"""

from __future__ import annotations

import datetime as dt
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from loaders.demo.files.write_folder import VERSION, is_complete
from loaders.demo.model.as_of_date import DATA_DATES, as_of
from loaders.demo.model.config import read_county
from loaders.demo.model.simulate import DEFAULT_SEED, Simulation, simulate

__all__ = ["COUNTY", "DATA_DATES", "VERSION", "Simulation", "as_of", "simulate", "write"]

COUNTY = "611025"  # the county that is simulated where none is named
Progress = Callable[[str, float], None]
_ROOT = Path(__file__).parents[2]


def write(
    county_code: str, raw_dir: Path, progress: Progress | None = None, *, seed: int = DEFAULT_SEED
) -> list[tuple[dt.date, Path]]:
    """Write the county's export folders, one a data date, and return (date, folder) for each.

    The folders are ``raw_dir/<county>/<date>``; one that this version wrote completely with this
    seed is left as it is, the others are written at once, each by a process of its own.
    ``progress`` is told a stage and how much of all is done, 0 to 1. FileNotFoundError where
    data/demo has no targets for the county, RuntimeError where a process fails.
    """
    read_county(county_code)
    base = raw_dir.resolve() / county_code
    folders = [(date, base / date.isoformat()) for date in DATA_DATES]
    missing = [folder for _, folder in folders if not is_complete(folder, seed)]
    for stage, share in _run([_command(county_code, folder, seed) for folder in missing]):
        if progress:
            progress(stage, share)
    return folders


def _command(county_code: str, folder: Path, seed: int) -> list[str]:
    return [sys.executable, "-m", "loaders.demo", county_code, str(folder), str(seed)]


def _run(commands: list[list[str]]):
    """Run the writers side by side; yield the stages they report and the share of all done."""
    running = [
        subprocess.Popen(
            command, cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
        )
        for command in commands
    ]
    heard: queue.Queue[tuple[int, str | None]] = queue.Queue()
    for number, process in enumerate(running):
        threading.Thread(target=_listen, args=(number, process, heard), daemon=True).start()
    shares, speaking = [0.0] * len(running), len(running)
    while speaking:
        number, line = heard.get()
        if line is None:
            speaking -= 1
            continue
        said = json.loads(line)
        shares[number] = said["share"]
        yield said["stage"], sum(shares) / len(shares)
    for process in running:
        if process.wait():
            complaint = process.stderr.read() if process.stderr else ""
            raise RuntimeError(f"the demo county could not be written: {complaint[-2000:]}")


def _listen(number: int, process: subprocess.Popen, heard: queue.Queue) -> None:
    for line in process.stdout or ():
        heard.put((number, line))
    heard.put((number, None))
