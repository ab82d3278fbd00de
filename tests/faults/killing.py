"""Kills imports: a warm process that forks one import after another and ends each with SIGKILL.

``python -m tests.faults.killing PLACE HOW COUNT`` finds in PLACE the folders ``base`` (a home with
the old snapshot) and ``raw`` (files of the new). It writes a JSON line an import to PLACE:
when it was killed, what the home then was, and whether the next import worked.

HOW is "time", at random moments, or "change", right before a file operation in the home, each time
at another one from the first to the last: so no short moment of a publish is missed.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from loaders import layouts
from tests.faults import county

MARK = "TAIZHANG_KILLED_IMPORT"  # in the environment of what an import starts
_CHANGES = ("open", "os.rename", "os.mkdir", "os.rmdir", "os.remove", "os.truncate", "os.link")


def fork(work: Callable[[], None]) -> int:
    """Run ``work`` in a child that leads a session of its own; its process number."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        os.setsid()
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        work()
        status = 0
    finally:
        os._exit(status)


def ended(child: int) -> int:
    """Wait for a child; its exit status, negative for a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def watch(home: Path, stop_at: int, told: int) -> None:
    """From now on count this process's changes below the home, and be killed before one of them.

    Each is told as a line to the file number ``told``.
    """
    count = 0
    root = str(home)

    def seen(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal count
        if event not in _CHANGES or not str(arguments[0]).startswith(root):
            return
        if event == "open" and not _writes(arguments[2]):
            return
        count += 1
        os.write(told, f"{event} {str(arguments[0])[len(root) :]}\n".encode())
        if count == stop_at:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(seen)


def _writes(flags: object) -> bool:
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def orphans(name: str, seconds: float = 10) -> int:
    """Processes of a killed import, told by their environment, that are there after a while."""
    end = time.monotonic() + seconds
    while (left := _marked(name)) and time.monotonic() < end:
        time.sleep(0.02)
    return left


def _marked(name: str) -> int:
    count = 0
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            count += f"{MARK}={name}\0".encode() in entry.read_bytes() + b"\0"
        except OSError:
            continue
    return count


class Killer:
    """The series of kills in one folder."""

    def __init__(self, place: Path, how: str):
        self.place, self.raw, self.home = place, place / "raw", place / f"home-{how}"
        self.how, self.random = how, random.Random(2025)
        self.name = ""  # of the import that is to be killed
        self.log = place / f"changes-{how}.txt"

    def run(self, count: int) -> Iterator[dict[str, Any]]:
        """Kill so many imports and tell of each."""
        layouts.load()  # before the first fork: it takes longer than the import
        changes, seconds = self.whole()
        for number in range(count):
            self.start()
            self.name = f"{self.how}-{number}"
            if self.how == "time":
                moment: dict[str, Any] = {"seconds": self.random.uniform(0, seconds)}
                status = self.after(moment["seconds"])
            else:
                at = number % len(changes)
                moment = {"change": changes[at]}
                status = self.before(at + 1)
            yield {**moment, "status": status, **self.found()}

    def whole(self) -> tuple[list[str], float]:
        """The changes that an import makes in the home, and how long it takes."""
        taken = []
        for _ in range(3):
            self.start()
            begun = time.monotonic()
            self.before(0)
            taken.append(time.monotonic() - begun)
        return self.log.read_text().splitlines(), sorted(taken)[1]

    def start(self) -> None:
        """A home with the old snapshot alone."""
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.copytree(self.place / "base", self.home)

    def load(self) -> None:
        os.environ[MARK] = self.name
        county.load(self.raw, self.home)

    def before(self, stop_at: int) -> int:
        """Kill an import before one of its changes; 0 lets it finish."""
        told = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)

        def work() -> None:
            watch(self.home, stop_at, told)
            self.load()

        child = fork(work)
        os.close(told)
        return ended(child)

    def after(self, seconds: float) -> int:
        child = fork(self.load)
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        return ended(child)

    def found(self) -> dict[str, Any]:
        """What the killed import left, and what the next one made of it."""
        left = {
            "stage": self.stage(),
            "orphans": orphans(self.name),
            "state": county.state(self.home),
            "number": (self.home / "CURRENT").read_text().strip(),
        }
        self.name = ""
        status = ended(fork(self.load))
        return left | {
            "next": status,
            "next_state": county.state(self.home),
            "remains": county.remains(self.home),
        }

    def stage(self) -> str:
        """How far the import came, told from what stands on the disk."""
        if (self.home / "CURRENT").read_text().strip() != "1":
            return "published"
        if (self.home / "LAST").read_text().strip() != "1":
            return "publishing"
        if not (staged := list(self.home.glob(".staging-*"))):
            return "begun"
        tables = [path.stem for folder in staged for path in folder.glob("*.parquet")]
        if any("-" not in name for name in tables):  # the parts that they are made of have numbers
            return "assembling"
        return "staging" if tables else "reading"


def main() -> None:
    place, how, count = sys.argv[1:]
    with (Path(place) / f"told-{how}.jsonl").open("w") as file:
        for told in Killer(Path(place), how).run(int(count)):
            file.write(json.dumps(told) + "\n")
            file.flush()


if __name__ == "__main__":
    main()
