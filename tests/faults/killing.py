"""Kills imports: a warm process that forks one import after another and ends each with SIGKILL.

``python -m tests.faults.killing PLACE HOW COUNT`` finds in PLACE the folders ``base`` (a home with
the old snapshot) and ``raw`` (files of the new). It writes a JSON line an import to PLACE:
when it was killed, what the home then was, and whether the next import worked.

HOW is "time", at a random moment of each equal part of an import, or "change", right before a file
operation in the home, each time at another one from the first to the last: so no short moment of a
publish is missed.

An import's parser server is forked off a warm process too, but each tenth import starts its own as
the program does.
"""

from __future__ import annotations

import ctypes
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

import psutil

from loaders.layouts import matching
from tests.faults import county
from tests.faults.parsers import Parsers

_PR_SET_CHILD_SUBREAPER = 36
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


def adopt() -> None:
    """Become the parent of whatever a child of this process leaves behind."""
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


def orphans(known: int, seconds: float = 10) -> int:
    """Children of this process, but for the one known, that are there after a while."""
    end = time.monotonic() + seconds
    while left := [child.pid for child in psutil.Process().children() if child.pid != known]:
        if time.monotonic() > end:
            break
        for child in left:
            os.waitpid(child, os.WNOHANG)
        time.sleep(0.005)
    return len(left)


class Killer:
    """The series of kills in one folder."""

    def __init__(self, place: Path, how: str):
        self.place, self.raw, self.home = place, place / "raw", place / f"home-{how}"
        self.how, self.random = how, random.Random(2025)
        self.parsers = Parsers()
        self.warm = True  # whether imports take their parser's server from there
        self.log = place / f"changes-{how}.txt"

    def run(self, count: int) -> Iterator[dict[str, Any]]:
        """Kill so many imports and tell of each."""
        adopt()
        matching.load()  # before the first fork: it takes longer than the import
        changes, seconds = self.whole()
        for number in range(count):
            self.start()
            self.warm = number % 10 > 0
            if self.how == "time":
                # One in each equal part of the time, so that few kills come at every stage too.
                part = (number + self.random.random()) / count
                moment: dict[str, Any] = {"seconds": part * seconds}
                status = self.after(moment["seconds"])
            else:
                # From the first to the last, be there more kills than changes or fewer.
                at = (
                    number * len(changes) // count
                    if count < len(changes)
                    else number % len(changes)
                )
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
        if self.warm:
            self.parsers.use()
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
            "orphans": orphans(self.parsers.pid),
            "state": county.state(self.home),
            "number": (self.home / "CURRENT").read_text().strip(),
        }
        self.warm = True
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
