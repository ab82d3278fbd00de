"""Kills what writes the state: ``python -m tests.state.killing PLACE COUNT``.

A warm process forks one writer after another and ends each with SIGKILL at a random moment, in turn
while it gives and takes rights, while it follows findings up, while it draws samples and takes what
comes back (each in one home, again and again), while it makes a new home's tables, and while it
moves old entries into an archive. A JSON line a
kill tells when, and what is wrong.
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
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from access import grants
from findings import asking, evidence, machine, writing
from findings.asking import Filter
from findings.writing import Given, Measure, Problem
from state import audit, rotation
from state.chain import Entry
from state.database import State, open_state, opened
from tests import viewers
from tests.faults.killing import ended, fork
from tests.small_county import COUNTY, MILL
from tests.state import sample_writes

OLD = 300  # entries of a year ago in the home that is rotated
_WAYS = ("rights", "findings", "samples", "new", "rotation")
_AGAIN = ("rights", "findings", "samples")  # in one home, whatever kills left of it before
_PHOTO = b"\x89PNG\r\n\x1a\n" + bytes(1 << 20)


def rights(home: Path) -> None:
    """Give and take rights for as long as the process is left."""
    with opened(home) as state:
        while True:
            number = grants.give(state, "li", "inspector", ["611025101", "611025102"], by="a")
            grants.give(state, f"p{number}", "data_clerk", ["611025"], by="b")
            grants.revoke(state, number, by="c", why="moved")
            with audit.recorded(home, "import", "d", {"files": ["a.xlsx"]}):
                pass


def follow_up(home: Path) -> None:
    """Open findings and lead them to their end for as long as the process is left."""
    inspector, leader = (viewers.role(r, subject=r) for r in ("inspector", "county_leader"))
    mender = viewers.role("township_leader", subject="mender")
    photo = evidence.of_file("a.png", _PHOTO)
    given = Given(measures=(Measure("a", ("u", "v")), Measure("b", ("w",))))
    with opened(home) as state:
        while True:
            title = f"{os.getpid()} {time.monotonic()}"
            problem = Problem("check", "other", "place", MILL, MILL, title)
            number = writing.open_finding(state, inspector, problem)
            writing.take(state, inspector, number, "assign", given)
            writing.take(state, mender, number, "mend", Given("done", (photo,)))
            writing.take(state, inspector, number, "verify", Given())
            writing.take(state, leader, number, "close", Given())


def new(home: Path) -> None:
    open_state(home).close()


def rotate(home: Path) -> None:
    with opened(home) as state:
        rotation.rotate(state, "a")


_WORK: dict[str, Callable[[Path], None]] = {
    "rights": rights,
    "findings": follow_up,
    "samples": sample_writes.write,
    "new": new,
    "rotation": rotate,
}


def old_home(home: Path) -> None:
    """A home whose entries are a year old."""

    class Then(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.now(UTC) - timedelta(days=365)

    audit.datetime, now = Then, audit.datetime  # type: ignore[misc]
    try:
        with opened(home) as state, state.writing() as session:
            for number in range(OLD):
                audit.append(session, "list", "a", {"count": number})
    finally:
        audit.datetime = now  # type: ignore[misc]


def wrong(home: Path, way: str) -> list[str]:
    """What is not whole in a home after a kill; it is opened, and so mended, by this."""
    found = []
    with opened(home) as state:
        found += state.damage()
        with state.reading() as session:
            broken, last = audit.check(session, home)
            if broken is not None:
                found.append(str(broken))
            entries = list(audit.entries(session, home))
            given = {g.number: g for g in grants.listed(session)}
        if [entry.number for entry in entries] != list(range(1, last.number + 1)):
            found.append("entries are lost")
        if way == "rotation" and len([e for e in entries if e.kind == "list"]) != OLD:
            found.append("old entries are lost")
        written = {e.number: e for e in entries if e.kind == "grant"}
        if set(written) != set(given):
            found.append("a grant without its entry, or an entry without its grant")
        elif any(list(g.codes) != written[n].about["regions"] for n, g in given.items()):
            found.append("half a grant")
        taken = {e.about["grant"] for e in entries if e.kind == "revocation"}
        if taken != {n for n, g in given.items() if g.revoked_at is not None}:
            found.append("half a revocation")
        found += half_findings(state, entries)
        if way == "samples":
            found += sample_writes.half(state, entries)
    return found


def half_findings(state: State, entries: list[Entry]) -> list[str]:
    """Of findings: steps without their entry or entries without theirs, and halves of steps."""
    found, photo = [], evidence.of_file("a.png", _PHOTO)
    see = viewers.role("inspector")
    with state.reading() as session:
        told = asking.every(session, see, Filter(COUNTY, datetime.now(UTC).date()))
        steps = {step.entry: (each.number, step.step) for each in told for step in each.steps}
        written = {
            e.number: (e.about.get("finding", e.number), e.about["step"])
            for e in entries
            if e.kind == "finding"
        }
        if steps != written:
            found.append("a step without its entry, or an entry without its step")
        for each in told:
            if machine.state_of(writing.course_of(each)) != each.state:
                found.append("a state that no step led to")
            for step in each.steps:
                came = (len(step.measures), [len(m.units) for m in step.measures])
                if came != ((2, [2, 1]) if step.step == "assign" else (0, [])):
                    found.append("half the measures")
                if [e.sha256 for e in step.evidence] != [photo.sha256] * (step.step == "mend"):
                    found.append("half the evidence")
            held = asking.file(session, see, (each.number, 3, 1)) if len(each.steps) > 2 else None
            if held is not None and held.content != _PHOTO:
                found.append("half a file")
    return found


def kills(place: Path, count: int) -> Iterator[dict[str, Any]]:
    chance = random.Random(2025)
    base = place / "base"
    old_home(base)
    spans = {
        "rights": 0.5,
        "findings": 0.5,
        "samples": 2 * _span(sample_writes.once, place),
        "new": _span(new, place),
        "rotation": _span(rotate, place, base),
    }
    for number in range(count):
        way = _WAYS[number % len(_WAYS)]
        home = place / (f"busy-{way}" if way in _AGAIN else f"home-{number}")
        if way == "rotation":
            shutil.copytree(base, home)
        seconds = chance.uniform(0, spans[way])
        child = fork(lambda way=way, home=home: _WORK[way](home))  # type: ignore[misc]
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        status = ended(child)
        told = {"way": way, "seconds": seconds, "status": status, "wrong": wrong(home, way)}
        yield told | ({"samples": sample_writes.count(home)} if way == "samples" else {})


def _span(work: Callable[[Path], None], place: Path, base: Path | None = None) -> float:
    """How long a piece of work takes that nobody kills, at its quickest."""
    taken = []
    for number in range(3):
        home = place / f"{work.__name__}-{number}"
        if base is not None:
            shutil.copytree(base, home)
        begun = time.monotonic()
        assert ended(fork(lambda home=home: work(home))) == 0  # type: ignore[misc]
        taken.append(time.monotonic() - begun)
    return min(taken)


def main() -> None:
    place, count = Path(sys.argv[1]), int(sys.argv[2])
    for told in kills(place, count):
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
