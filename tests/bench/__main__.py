"""Speed of (a) this dashboard beside (b) a page as a tutorial would have it and (c) an empty one.

``make bench``, or ``python -m tests.bench [--quick] [--json FILE]``. The three, and (d) the
dashboard with somebody logged in, are measured in one run and turn by turn, so that what else the
machine does falls on all of them. Quick is for trying the bench itself: its numbers are too few to
mean anything.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import sys
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from statistics import mean

from tests.bench import filtering, witness
from tests.bench.browser import SCENES, Change, Load, changes, chromium, cold_loads, playing
from tests.bench.report import TARGETS, Measure, judge, percentile, spread, table
from tests.bench.servers import (
    DASHBOARD,
    FLOOR,
    LOGIN,
    NAMES,
    Program,
    all_serving,
    copied,
    home,
)
from tests.bench.wire import TOWNSHIP, YEAR, Round, Session, alone, crowd, memory

# Query of a page: its path in the browser, its name on the wire.
OVERVIEW, MAP = ("/", ""), ("/map", "map")
WIDGETS = {TOWNSHIP: "township", YEAR: "year"}
MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured."""

    changes: int = 20
    # A redraw of the map takes long with WebGL in software: fewer are enough.
    map_changes: int = 8
    plays: int = 3
    loads: int = 5
    sessions: int = 20
    think: float = 2.0
    turns: int = 3
    turn_seconds: float = 20.0
    # So many that what they hold stands out from what a server holds by chance.
    further: int = 60


QUICK = Plan(
    changes=2, map_changes=1, plays=1, loads=1, sessions=4, turns=1, turn_seconds=5.0, further=4
)
Changes = dict[str, dict[str, list[Change]]]


def say(words: str) -> None:
    """What the bench is at, for the person who waits."""
    print(f"… {words}", file=sys.stderr, flush=True)


async def warm(programs: dict[str, Program], page: str) -> None:
    """Visit once, so that nobody's first visitor is measured."""
    for program in programs.values():
        async with Session(program, page):
            pass


async def crowds(programs: dict[str, Program], plan: Plan) -> dict[str, list[float]]:
    """Round trips in ms of many sessions, one program after another, in several turns."""
    found: dict[str, list[float]] = {letter: [] for letter in programs}
    for turn in range(plan.turns):
        for letter, program in programs.items():
            seconds = await crowd(program, plan.sessions, plan.think, plan.turn_seconds, turn)
            found[letter] += [one * 1000 for one in seconds]
    return found


async def memories(programs: dict[str, Program], sessions: int) -> dict[str, float]:
    """MiB of a further session by program."""
    return {letter: await memory(program, sessions) for letter, program in programs.items()}


def change_lines(page: str, found: Changes, ready: str = "") -> Iterable[Measure]:
    """Key to paint by widget and for both together, bytes and messages a change; ``ready`` is a
    word for what was made ready before, which has lines of its own."""
    letters = list(next(iter(found.values())))
    both = {letter: [c for each in found.values() for c in each[letter]] for letter in letters}
    for label, each in found.items():
        times = {letter: [c.milliseconds for c in taken] for letter, taken in each.items()}
        name = f"`{page}`{ready} key to paint, {WIDGETS[label]}"
        yield from spread(f"{key_of(page)}{_word(ready)}_{WIDGETS[label]}", name, "ms", times)
    times = {letter: [c.milliseconds for c in taken] for letter, taken in both.items()}
    key = f"{key_of(page)}{_word(ready)}"
    yield from spread(f"{key}_key_to_paint", f"`{page}`{ready} key to paint, both", "ms", times)
    kilobytes = {letter: [c.bytes / 1000 for c in taken] for letter, taken in both.items()}
    yield spread(f"{key}_bytes", f"`{page}`{ready} websocket a change", "kB", kilobytes)[0]
    messages = {letter: [float(c.messages) for c in taken] for letter, taken in both.items()}
    yield spread(f"{key}_messages", f"`{page}`{ready} messages a change", "", messages)[0]


def _word(ready: str) -> str:
    return ready.replace(" ", "_")


def script_lines(page: str, found: dict[str, list[Round]]) -> Iterable[Measure]:
    """Time of a run of the script, as a lone session waits for it, and of the processor in it."""
    times = {letter: [r.seconds * 1000 for r in taken] for letter, taken in found.items()}
    yield from spread(f"{key_of(page)}_script", f"`{page}` script", "ms", times)
    used = {letter: 1000 * mean(r.processor for r in taken) for letter, taken in found.items()}
    yield Measure(f"{key_of(page)}_processor", f"`{page}` script, processor time, mean", "ms", used)


def load_lines(found: dict[str, list[Load]]) -> Iterable[Measure]:
    """First visits: time, and the middle one's bytes and requests."""
    times = {letter: [load.milliseconds for load in taken] for letter, taken in found.items()}
    yield from spread("load", "`/` first load", "ms", times)
    for key, name, unit, of in (
        ("load_bytes", "`/` first load over HTTP", "MB", lambda load: load.bytes / MB),
        ("load_requests", "`/` first load, requests", "", lambda load: load.requests),
    ):
        middle = {letter: percentile(map(of, taken), 0.5) for letter, taken in found.items()}
        yield Measure(key, name, unit, middle)


def audit_lines(over: Path) -> Iterable[Measure]:
    """What of a run's processor time goes into the audit, where each run is another view."""
    with ProcessPoolExecutor(1, get_context("spawn")) as own:
        found = own.submit(witness.measure, over).result()
    for page, (whole, part) in found.items():
        name = f"`/{page}` written to the audit, of a run"
        yield Measure(f"audit_{page}", name, "%", {DASHBOARD: 100 * part / whole})


def key_of(page: str) -> str:
    return page.strip("/") or "overview"


def measure(plan: Plan) -> tuple[list[Measure], dict[str, object]]:
    """Everything, in one run: the lines of the table, and the single numbers behind them."""
    raw: dict[str, object] = {}
    lines: list[Measure] = []
    with copied(home()) as over, all_serving(over) as every:
        programs = {letter: each for letter, each in every.items() if letter != LOGIN}
        for (path, page), who, count in (
            (OVERVIEW, programs, plan.changes),
            (MAP, programs, plan.map_changes),
        ):
            say(f"{path}: warming up, then the script alone")
            with_login = every if page == "" else who
            asyncio.run(warm(with_login, page))
            rounds = asyncio.run(alone(with_login, page, plan.changes))
            say(f"{path}: {count} changes of each widget by keyboard")
            with chromium() as browser:
                found = changes(browser, who, path, count)
            lines += [*change_lines(path, found), *script_lines(path, rounds)]
            raw[path] = {"changes": _plain(found), "script": _plain(rounds)}
            if path in SCENES:
                say(f"{path}: the same, with what is one step away made ready")
                beside = {letter: programs[letter] for letter in (DASHBOARD, FLOOR)}
                with chromium() as browser:
                    found = changes(browser, beside, path, count, rests=True)
                lines += change_lines(path, found, " ready")
                raw[f"{path} ready"] = _plain(found)
                say(f"{path}: a year after the other, as an arrow that is held")
                with chromium() as browser:
                    played = {DASHBOARD: playing(browser, every[DASHBOARD], path, plan.plays)}
                name = f"`{path}` a year while years play"
                lines += spread(f"{key_of(path)}_playing", name, "ms", played)
                raw[f"{path} playing"] = played
        say(f"{filtering.PATH}: {plan.changes} changes of each widget by keyboard")
        filtered = filtering.taken(programs, plan.changes)
        lines += change_lines("/ledgers", filtered)
        raw[filtering.PATH] = {"changes": _plain(filtered)}
        say("first loads")
        with chromium() as browser:
            raw["chromium"] = browser.version
            loads = cold_loads(browser, programs, "/", plan.loads)
        lines += load_lines(loads)
        say(f"memory of {plan.further} further sessions")
        held = asyncio.run(memories(programs, plan.further))
        say(f"{plan.sessions} sessions at once")
        trips = asyncio.run(crowds(programs, plan))
        lines += spread("crowd", f"{plan.sessions} sessions, round trip", "ms", trips)
        say("what writing down who looks costs")
        lines += audit_lines(over)
        lines.append(Measure("memory", "memory of a further session", "MiB", held))
        raw |= {"loads": _plain(loads), "crowd": trips}
    return lines, raw


def _plain(found: object) -> object:
    """Lists and dicts of numbers, for JSON."""
    if isinstance(found, dict):
        return {key: _plain(value) for key, value in found.items()}
    return [asdict(one) for one in found]  # type: ignore[attr-defined]


def machine() -> dict[str, object]:
    """On what the numbers were taken."""
    return {
        "processors": os.cpu_count(),
        "load": os.getloadavg()[0],
        "python": platform.python_version(),
        **{name: version(name) for name in ("streamlit", "plotly", "pandas", "pydeck", "duckdb")},
    }


def main() -> None:
    """Measure, print the table and the targets, write what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few of everything")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every number there")
    options = parser.parse_args()
    before = machine()
    lines, raw = measure(QUICK if options.quick else Plan())
    verdicts = [judge(target, {line.key: line for line in lines}) for target in TARGETS]
    print(" · ".join(f"({letter}) {name}" for letter, name in NAMES.items()))
    print(" · ".join(f"{name} {value}" for name, value in before.items()), end="\n\n")
    print(table(lines), end="\n\n")
    for verdict in verdicts:
        print(f"- {verdict.words}")
    if options.json:
        whole = {
            "machine": before,
            "measures": [asdict(line) for line in lines],
            "targets": [asdict(verdict) for verdict in verdicts],
            "raw": raw,
        }
        options.json.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", "utf8")


if __name__ == "__main__":
    main()
