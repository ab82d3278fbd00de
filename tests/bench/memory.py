"""A server's memory while many data dates are visited: ``python -m tests.bench.memory``.

Copies of the demo county's snapshots stand for further dates. A process opens pages of each, one
after the other, and prints its memory after each: it must stay below ``MOST`` and stop growing.
"""

from __future__ import annotations

import argparse
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import psutil

from store.snapshots import Home, Snapshot

DATES = 12
MOST = 1.5 * 2**30  # bytes
PAGES = ("overview", "household", "ledgers", "dynamics", "quality")
_ROOT = Path(__file__).parents[2]
_SELF = (sys.executable, "-m", "tests.bench.memory")


def copies(source: Home, target: Path, dates: int) -> Home:
    """A home with so many snapshots, copies of the source's newest, each with what is derived."""
    home, original = Home(target), source.current()
    for back in reversed(range(dates)):
        _copy(original, home, back)
    for number in home.numbers():
        command = [sys.executable, "-m", "metrics", "derive", "--snapshot", str(number)]
        subprocess.run(
            [*command, "--home", str(target)], cwd=_ROOT, check=True, stdout=subprocess.DEVNULL
        )
    return home


def _copy(original: Snapshot, home: Home, back: int) -> None:
    """Publish the tables again under a date so many days earlier."""
    spare = home.path / "spare"
    spare.mkdir(parents=True, exist_ok=True)
    paths = {}
    for name in original.tables:
        paths[name] = spare / f"{name}.parquet"
        shutil.copyfile(original.path(name), paths[name])
    home.publish(
        paths,
        data_date=original.data_date - timedelta(days=back),
        county_code=original.county_code,
        loaded_by="bench",
        sources=[],
        report=original.manifest["report"],
        simulated=original.manifest["simulated"],
    )


def visit(home: Home) -> int:
    """Open pages of every snapshot and print the memory after each; 1 if it was too much."""
    from tests.pages.running import opened  # Streamlit, in the process that is measured alone

    logging.disable(logging.WARNING)  # it complains of running without a server
    process, most = psutil.Process(), 0
    household = _household(home)
    for number in reversed(home.numbers()):
        for page in PAGES:
            query = {"id": household} if page == "household" else {}
            app = opened(page, snapshot=str(number), **query)
            assert not app.exception, app.exception
        held = process.memory_info().rss
        most = max(most, held)
        print(f"snapshot {number:>3}  {held / 2**20:7.0f} MiB", flush=True)
    print(f"most {most / 2**20:.0f} MiB, at most {MOST / 2**20:.0f}")
    return int(most > MOST)


def _household(home: Home) -> str:
    import pyarrow.parquet as pq

    return str(pq.read_table(home.current().path("household"), columns=["household_id"])[0][0])


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.memory", description=__doc__)
    parser.add_argument("--home", type=Path, default=Path("data/home"), help="of the demo county")
    parser.add_argument("--dates", type=int, default=DATES)
    parser.add_argument("--visit", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.visit:
        return visit(Home(options.home))
    with tempfile.TemporaryDirectory(prefix="dates-") as folder:
        home = copies(Home(options.home), Path(folder), options.dates)
        environment = {**os.environ, "TAIZHANG_HOME": str(home.path)}
        command = [*_SELF, "--visit", "--home", str(home.path)]
        return subprocess.run(command, cwd=_ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
