"""A change of the filter on /ledgers beside the same on a stock page with one number.

``make bench`` and ``make bench-scale`` measure it with the rest; by itself over a home:
``python -m tests.bench.filtering [--home FOLDER] [--changes N]``. The list has a condition on,
and its place and its year are chosen by keyboard, turn by turn with the stock page's.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.bench.browser import Change, changes, chromium
from tests.bench.report import TARGETS, Measure, judge, percentile
from tests.bench.servers import DASHBOARD, FLOOR, Program, copied, home, serving
from tests.bench.wire import Session

PAGE, PATH = "ledgers", "/ledgers?where=registered.yes"
KEY = "ledgers_key_to_paint_p50"


def taken(programs: Mapping[str, Program], count: int) -> dict[str, dict[str, list[Change]]]:
    """``count`` changes of each widget, of the dashboard's list and of the stock page in turn."""
    asyncio.run(_warm(programs[DASHBOARD]))
    both = {letter: programs[letter] for letter in (DASHBOARD, FLOOR)}
    with chromium() as browser:
        return changes(browser, both, PATH, count)


async def _warm(program: Program) -> None:
    async with Session(program, PAGE):
        pass


def over(path: Path, count: int) -> Measure:
    """The median key to paint of both over a home, in ms."""
    with copied(path) as copy, serving(DASHBOARD, copy) as ours, serving(FLOOR, copy) as stock:
        found = taken({DASHBOARD: ours, FLOOR: stock}, count)
    each = {
        letter: [one.milliseconds for by in found.values() for one in by[letter]]
        for letter in (DASHBOARD, FLOOR)
    }
    middle = {letter: percentile(times, 0.5) for letter, times in each.items()}
    return Measure(KEY, "`/ledgers` a filter change, key to paint, median", "ms", middle)


def main(argv: list[str] | None = None) -> int:
    """Measure and say it; 1 where the target is missed."""
    parser = argparse.ArgumentParser("python -m tests.bench.filtering", description=__doc__)
    parser.add_argument("--home", type=Path, default=None)
    parser.add_argument("--changes", type=int, default=20)
    options = parser.parse_args(argv)
    measured = over(options.home or home(), options.changes)
    (target,) = (one for one in TARGETS if one.key == KEY)
    verdict = judge(target, {KEY: measured})
    print(f"{measured.name}: {dict(measured.values)} ms")
    print(f"- {verdict.words}")
    return int(not verdict.reached)


if __name__ == "__main__":
    sys.exit(main())
