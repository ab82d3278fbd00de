"""How much longer pages of many times the households take: ``python -m tests.bench.scale``.

The demo county's newest snapshot, and one with every household so many times (``growth``), are
derived and visited in turn, a page of the one and then the same page of the other, so that what
else the machine does falls on both. Each home is visited by a process of its own, which runs the
page's script as a new session does.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import psutil
import pyarrow.parquet as pq

from store.snapshots import Home, Snapshot
from tests.bench import filtering, imports
from tests.bench.growth import MOST, grow

MEMORY = 2 << 30  # bytes of a server after a walk, less than
DERIVING = 1.2 * (1 << 30)  # bytes a million households, at most
_ROOT = Path(__file__).parents[2]
_SELF = (sys.executable, "-m", "tests.bench.scale")
_HANDLE = "~0123456789ab"  # a text that addresses do not hold, as a session keeps it


@dataclass(frozen=True, slots=True)
class Visit:
    """A page with its query, and how much longer it may take of many times the households."""

    name: str
    page: str
    query: Mapping[str, str]
    most: float | None = None
    searched: str = ""  # a column of ``member``: of which a value is looked for

    def asked(self, snapshot: Snapshot) -> dict[str, Any]:
        """What a visitor is told; the text looked for is one of the snapshot's own."""
        if not self.searched:
            return {"page": self.page, "query": dict(self.query), "text": ""}
        found = pq.ParquetFile(snapshot.path("member")).iter_batches(1, columns=[self.searched])
        text = next(found)[0][0].as_py()
        return {"page": self.page, "query": {"q": _HANDLE}, "text": text}


_CONDITIONS = "registered.yes~groups.income_drop~per_capita_net_income_yuan.under.9000"
VISITS = (
    Visit("/ledgers first page", "ledgers", {}, 3),
    Visit("/ledgers sorted", "ledgers", {"sort": "-per_capita_net_income_yuan"}, 3),
    Visit("/ledgers conditions", "ledgers", {"where": _CONDITIONS}, 3),
    Visit("/ledgers facet", "ledgers", {"where": _CONDITIONS, "facet": "member-age"}, 5),
    Visit("/ledgers page 200", "ledgers", {"page": "200"}, 3),
    Visit("/ledgers name", "ledgers", {}, 3, searched="name"),
    Visit("/ledgers number", "ledgers", {}, 3, searched="identity_number"),
    Visit("/exit", "exit", {}, 4),
    Visit("/exit list", "exit", {"part": "villages"}, 4),
    Visit("/remaining", "remaining", {}, 4),
    Visit("/safety-net", "safety_net", {}, 4),
    Visit("/safety-net list", "safety_net", {"part": "list"}, 4),
    Visit("/classes", "classes", {}, 4),
    Visit("/classes list", "classes", {"part": "list"}, 4),
    Visit("/stress", "stress", {}, 4),
    Visit("/stress list", "stress", {"part": "falls"}, 4),
)
# The rest of a walk: their times are told, none is asked of them.
WALK = ("overview", "map", "monitoring", "dynamics", "risk_groups", "sieves", "quality", "trends")


@dataclass(frozen=True, slots=True)
class Taken:
    """One page of the home it was made from, and of the larger one.

    ``one`` and ``many`` are seconds of processor time, which other work of the machine does not
    lengthen and two cores do not shorten; the two others are seconds that went by.
    """

    name: str
    one: float
    many: float
    one_waited: float
    many_waited: float
    most: float | None

    @property
    def ratio(self) -> float:
        return self.many / self.one

    @property
    def missed(self) -> bool:
        return self.most is not None and self.ratio > self.most

    def line(self) -> str:
        asked = "" if self.most is None else f"  at most {self.most:g}"
        return (
            f"{self.name:<21}{self.one * 1000:>7,.0f}{self.many * 1000:>9,.0f}{self.ratio:>8.2f}"
            f"{self.one_waited * 1000:>10,.0f}{self.many_waited * 1000:>9,.0f}"
            f"{self.many_waited / self.one_waited:>8.2f}{asked}{'  MISSED' if self.missed else ''}"
        )


HEAD = (
    f"{'':<21}{'processor ms':>16}{'ratio':>8}{'waited ms':>19}{'ratio':>8}   (once and many times)"
)


class Visitor:
    """A process that has one home open and runs pages of it."""

    def __init__(self, home: Home):
        environment = {
            **os.environ,
            "TAIZHANG_HOME": str(home.path),
            "TAIZHANG_SEARCHES_A_MINUTE": "10000",
        }
        self.snapshot = home.current(verify=False)
        self._process = subprocess.Popen(
            [*_SELF, "--visitor"],
            cwd=_ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def visit(self, asked: Mapping[str, Any]) -> dict[str, float]:
        """``seconds``, ``processor`` seconds and ``bytes`` of a run.

        Raises RuntimeError where the page did not show.
        """
        assert self._process.stdin and self._process.stdout
        print(json.dumps(asked), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{asked}: the page did not show")
        found: dict[str, float] = json.loads(answer)
        return found

    def close(self) -> None:
        """Let the process end."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


@contextmanager
def visitor(home: Home) -> Iterator[Visitor]:
    """A visitor of a home until the block ends."""
    found = Visitor(home)
    try:
        yield found
    finally:
        found.close()


def serve() -> int:
    """Run each page that a line of the input asks for, and print what it took."""
    from tests.pages.running import opened  # Streamlit, in the process that is measured alone

    logging.disable(logging.WARNING)  # it complains of running without a server
    process = psutil.Process()
    for line in sys.stdin:
        asked = json.loads(line)
        session = {"searches": {_HANDLE: asked["text"]}} if asked["text"] else {}
        begun, worked = time.perf_counter(), time.process_time()
        app = opened(asked["page"], session=session, **asked["query"])
        seconds, work = time.perf_counter() - begun, time.process_time() - worked
        assert not app.exception, app.exception
        found = {"seconds": seconds, "processor": work, "bytes": process.memory_info().rss}
        print(json.dumps(found), flush=True)
    return 0


def derive(home: Home) -> tuple[float, int]:
    """Seconds and highest memory in bytes of deriving a home's current snapshot."""
    command = [sys.executable, "-m", "metrics", "derive", "--home", str(home.path)]
    seconds, peak, status = imports.run(command)
    if status:
        raise RuntimeError(f"{home.path.name}: nothing was derived")
    return seconds, peak


def compare(one: Visitor, many: Visitor, visit: Visit, rounds: int) -> Taken:
    """The same page of both homes in turn; the first time of each is not counted."""
    both = [(each, visit.asked(each.snapshot)) for each in (one, many)]
    runs = [[each.visit(asked) for each, asked in both] for _ in range(rounds + 1)][1:]
    taken = [
        median(pair[at][of] for pair in runs) for of in ("processor", "seconds") for at in (0, 1)
    ]
    return Taken(visit.name, *taken, visit.most)


def measure(one: Home, many: Home, rounds: int) -> tuple[list[Taken], int]:
    """Every page of both homes in turn, and the larger one's memory after the walk, in bytes."""
    with ExitStack() as stack:
        both = [stack.enter_context(visitor(home)) for home in (one, many)]
        for each in both:
            each.visit({"page": "overview", "query": {}, "text": ""})  # opens the county
        taken = []
        print(HEAD)
        for visit in (*VISITS, *(Visit(f"/{page}", page, {}) for page in WALK)):
            taken.append(compare(both[0], both[1], visit, rounds))
            print(taken[-1].line(), flush=True)
        last = both[1].visit({"page": "overview", "query": {}, "text": ""})
        return taken, int(last["bytes"])


def main(argv: list[str] | None = None) -> int:
    """Derive, visit, print; 1 where something asked is missed."""
    parser = argparse.ArgumentParser("python -m tests.bench.scale", description=__doc__)
    parser.add_argument("--home", type=Path, default=Path("data/home"), help="of the demo county")
    parser.add_argument("--factor", type=int, default=MOST, help="times the households")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--kept", type=Path, metavar="FOLDER", help="keep both homes, or use them")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--visitor", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.visitor:
        return serve()
    with tempfile.TemporaryDirectory(prefix="scale-") as scratch:
        folder = options.kept or Path(scratch)
        homes = [_home(Home(options.home), folder, factor) for factor in (1, options.factor)]
        derived = [derive(home) for home in homes]
        for home, (seconds, peak) in zip(homes, derived, strict=True):
            print(f"{home.path.name:<8} derive {seconds:7.1f} s  peak {peak / 2**30:5.2f} GiB")
        taken, held = measure(homes[0], homes[1], options.rounds)
        missed = [filtering.main(["--home", str(home.path)]) for home in homes]
    households = homes[1].current(verify=False).rows("household")
    most = max(DERIVING * households / 1e6, derived[0][1])
    print(f"memory after the walk {held / 2**30:.2f} GiB (less than {MEMORY / 2**30:g})")
    print(f"deriving {households:,} households {derived[1][1] / 2**30:.2f} GiB "
          f"(at most {most / 2**30:.2f})")  # fmt: skip
    if options.json:
        whole = {"taken": [asdict(one) for one in taken], "bytes": held, "derived": derived}
        options.json.write_text(json.dumps(whole, indent=1))
    slow = any(one.missed for one in taken) or any(missed)
    return int(slow or held >= MEMORY or derived[1][1] > most)


def _home(source: Home, folder: Path, factor: int) -> Home:
    """A home of so many times the households in a folder, made if it is not there."""
    path = folder / f"x{factor}"
    return Home(path) if path.is_dir() else grow(source, path, factor)


if __name__ == "__main__":
    sys.exit(main())
