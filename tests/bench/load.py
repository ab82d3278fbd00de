"""Many who are logged in at once, and an import meanwhile: ``python -m tests.bench.load``.

A real server, and real websockets: 200 viewers have a page open, of which each browser looks every
half minute whether newer data have come; 20 more click. First nothing else happens, then one
household in a hundred is imported, then all who click open the newer data, then it is quiet again.
Nobody may meet an error, and the p95 of those who click, from the import's beginning until all have
clicked on in its data, is at most ``SLOWER`` times that of the quiet before and after it, in which
all of them open their page anew once as well.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pyarrow.parquet as pq
from websockets.exceptions import WebSocketException

from access import grants
from access.roles import Role
from loaders import demo
from state.database import opened
from store.snapshots import Home
from tests.bench import delta
from tests.bench.imports import COUNTY
from tests.bench.report import percentile
from tests.bench.servers import FOR_NOW, LOGIN, ROOT, Program, copied, home, serving
from tests.bench.wire import TOWNSHIP, Session

SLOWER = 1.5
# Those who click: three of four on the first page, the others on the list of households.
PAGES = ("", "", "", "ledgers")
_AT_ONCE = 4  # pages that are opened at a time
_FAULTS = (RuntimeError, OSError, TimeoutError, WebSocketException)
Phase = Literal["opening", "quiet", "import", "newer", "idle"]


@dataclass(frozen=True, slots=True)
class Plan:
    """How many, how long: seconds of quiet before and after the import, and in the newer data."""

    idle: int = 200
    active: int = 20
    think: float = 2.0
    quiet: float = 40.0
    newer: float = 20.0


QUICK = Plan(idle=8, active=4, think=0.5, quiet=4.0, newer=4.0)


@dataclass
class Watch:
    """What is going on, and what was seen of it: seconds by phase, faults by what they said.

    ``renewed`` counts how often who clicks is to open their page anew.
    """

    phase: Phase = "opening"
    over: bool = False
    renewed: int = 0
    seconds: dict[Phase, list[float]] = field(default_factory=lambda: defaultdict(list))
    faults: Counter[str] = field(default_factory=Counter)

    def fault(self, error: BaseException) -> None:
        self.faults[f"{type(error).__name__}: {error}"[:200]] += 1


def people(path: Path, plan: Plan) -> tuple[list[str], list[str]]:
    """Who clicks, county leaders, and who has a page open, of one township each: their rights."""
    snapshot = Home(path).current(verify=False)
    places = townships(path)
    active = [f"leader-{number}" for number in range(plan.active)]
    idle = [f"township-{number}" for number in range(plan.idle)]
    given: list[tuple[str, Role, str]] = [
        (who, "county_leader", snapshot.county_code) for who in active
    ]
    given += [(who, "township_leader", places[at % len(places)]) for at, who in enumerate(idle)]
    with opened(path) as state:
        for who, role, place in given:
            grants.give(state, who, role, [place], by="bench", ends=FOR_NOW)
    return active, idle


def townships(path: Path) -> list[str]:
    """Codes of the townships that the current snapshot knows."""
    codes = pq.read_table(Home(path).current(verify=False).path("region"))["region_code"]
    return sorted(code for code in codes.to_pylist() if len(code) == 9)


async def clicking(
    program: Program, who: str, page: str, think: float, watch: Watch, chance: random.Random
) -> None:
    """Choose another place again and again, and open the page anew when that is asked for."""
    while not watch.over:
        renewed = watch.renewed
        try:
            phase, begun = watch.phase, time.perf_counter()
            async with Session(program, page, who) as session:
                watch.seconds[phase].append(time.perf_counter() - begun)
                while not watch.over and watch.renewed == renewed:
                    await asyncio.sleep(think * chance.uniform(0.5, 1.5))
                    phase = watch.phase
                    taken = await session.choose(TOWNSHIP, chance.randint(0, 15))
                    watch.seconds[phase].append(taken.seconds)
        except _FAULTS as error:
            watch.fault(error)
            await asyncio.sleep(think)


async def watching(session: Session, watch: Watch, chance: random.Random) -> None:
    """An open page that nobody touches: its browser looks for newer data of its own accord."""
    try:
        while not watch.over:
            if not session.looks:
                raise RuntimeError("a page that does not look for newer data")
            part, interval = min(session.looks.items(), key=lambda item: item[1])
            end = time.monotonic() + interval * chance.uniform(0.9, 1.1)
            while time.monotonic() < end and not watch.over:
                await asyncio.sleep(0.5)
            if not watch.over:
                watch.seconds["idle"].append((await session.look(part)).seconds)
    except _FAULTS as error:
        watch.fault(error)


@asynccontextmanager
async def pages_open(
    program: Program, people: Sequence[str], watch: Watch
) -> AsyncIterator[list[Session]]:
    """A page of each of them, opened a few at a time."""
    few = asyncio.Semaphore(_AT_ONCE)
    async with AsyncExitStack() as stack:

        async def one(who: str) -> Session | None:
            async with few:
                try:
                    return await stack.enter_async_context(Session(program, "", who))
                except _FAULTS as error:
                    watch.fault(error)
                    return None

        found = await asyncio.gather(*map(one, people))
        yield [session for session in found if session is not None]


async def importing(files: Path, over: Path) -> float:
    """Seconds of an import of files over the home; RuntimeError where it fails."""
    begun = time.monotonic()
    command = [sys.executable, "-m", "loaders", "import", str(files), "--home", str(over)]
    day = Home(over).current(verify=False).data_date.isoformat()
    process = await asyncio.create_subprocess_exec(
        *command, "--date", day, "--allow-refused",
        cwd=ROOT, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, said = await process.communicate()
    if process.returncode not in (0, 3):
        raise RuntimeError(said.decode("utf-8", "replace"))
    return time.monotonic() - begun


async def quiet(watch: Watch, plan: Plan) -> None:
    """A while in which nothing happens but that who clicks opens their page anew once."""
    watch.phase = "quiet"
    await asyncio.sleep(plan.quiet / 2)
    watch.renewed += 1
    await asyncio.sleep(plan.quiet / 2)


async def measure(
    program: Program,
    active: Sequence[str],
    idle: Sequence[str],
    plan: Plan,
    act: Coroutine[Any, Any, float] | None = None,
) -> tuple[Watch, float]:
    """Watch them all through quiet, the act, the newer data, quiet; and the act's seconds."""
    watch, seconds = Watch(), 0.0
    chance = random.Random(0)
    async with pages_open(program, idle, watch) as sessions, asyncio.TaskGroup() as tasks:
        for session in sessions:
            tasks.create_task(watching(session, watch, random.Random(chance.random())))
        for number, who in enumerate(active):
            page = PAGES[number % len(PAGES)]
            own = random.Random(chance.random())
            tasks.create_task(clicking(program, who, page, plan.think, watch, own))
        await asyncio.sleep(2 * plan.think)  # until all of them have opened their page
        await quiet(watch, plan)
        if act is not None:
            watch.phase = "import"
            try:
                seconds = await act
            except RuntimeError as error:
                watch.fault(error)
            watch.phase = "newer"
            watch.renewed += 1
            await asyncio.sleep(plan.newer)
            await quiet(watch, plan)
        watch.over = True
    return watch, seconds


def lines(watch: Watch) -> list[str]:
    """What was seen: round trips in ms by phase, then the faults."""
    told = {
        "opening": "opening a page",
        "quiet": "a click, quiet",
        "import": "a click, import",
        "newer": "a click, newer data",
        "idle": "a look of an open page",
    }
    found = []
    for phase, words in told.items():
        if taken := [1000 * one for one in watch.seconds[phase]]:
            middle, high = percentile(taken, 0.5), percentile(taken, 0.95)
            found.append(
                f"{words:<24}{len(taken):>6} times  p50 {middle:8,.0f} ms  p95 {high:8,.0f} ms"
            )
    found.append(f"errors {watch.faults.total()}")
    return [*found, *(f"  {count} × {words}" for words, count in watch.faults.items())]


def slower(watch: Watch) -> float | None:
    """The p95 of clicks around the import as times that of quiet ones; None without an import."""
    quiet, busy = watch.seconds["quiet"], watch.seconds["import"] + watch.seconds["newer"]
    return percentile(busy, 0.95) / percentile(quiet, 0.95) if quiet and busy else None


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; 1 where somebody met an error or waited too long for the import."""
    parser = argparse.ArgumentParser("python -m tests.bench.load", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few of everything")
    parser.add_argument("--raw", type=Path, help="folder of the demo's export files")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args(argv)
    plan = QUICK if options.quick else Plan()
    with tempfile.TemporaryDirectory(prefix="load-") as scratch, copied(home()) as over:
        raw = options.raw or max(demo.write(COUNTY, Path(scratch) / "raw"))[1]
        households = delta.write(raw, Path(scratch))
        active, idle = people(over, plan)
        with serving(LOGIN, over) as program:
            act = importing(Path(scratch), over)
            watch, seconds = asyncio.run(measure(program, active, idle, plan, act))
    print(f"{plan.idle} pages open, {plan.active} viewers who click every {plan.think:g} s")
    print(f"import of {households} households: {seconds:.1f} s")
    print(*lines(watch), sep="\n")
    ratio = slower(watch)
    print(f"p95 around the import {ratio or 0:.2f} times the quiet one's (at most {SLOWER})")
    if options.json:
        told = {"seconds": watch.seconds, "faults": watch.faults, "import": seconds}
        options.json.write_text(json.dumps(told, indent=1))
    return 1 if watch.faults or ratio is None or ratio > SLOWER else 0


if __name__ == "__main__":
    sys.exit(main())
