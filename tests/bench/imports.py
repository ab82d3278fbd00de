"""How fast imports are beside readers that only read: ``python -m tests.bench.imports``.

The demo county's files, and text files of a county a hundred times as large (``crowd``), are
imported and, in turn, read by python-calamine (workbooks) and DuckDB (text, every column as text,
into Arrow). Each measurement is a process of its own. Then one household in a hundred is imported
again, changed, over the demo county (``delta``).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from statistics import median

import psutil

from loaders import demo, importing
from loaders.reading import sheets
from store.snapshots import Home
from tests.bench import crowd, delta

COUNTY = "611025"
DATA_DATE = date(2025, 12, 31)
RATE = 0.4  # of the bare readers', at least
MEMORY = 2 << 30  # bytes, less than
_SAMPLE = 0.1  # seconds between two looks at the memory
_SELF = (sys.executable, "-m", "tests.bench.imports")
_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})


@dataclass(frozen=True, slots=True)
class Result:
    """One set of files: rows in them, seconds of both sides, and the import's peak of memory."""

    name: str
    rows: int
    import_seconds: float
    bare_seconds: float
    peak_bytes: int

    @property
    def rate(self) -> float:
        """The import's rows a second as a share of the bare readers'."""
        return self.bare_seconds / self.import_seconds

    def line(self) -> str:
        return (
            f"{self.name:<12}{self.rows:>12,} rows  import {self.import_seconds:7.1f} s "
            f"({self.rows / self.import_seconds:>9,.0f} rows/s)  bare {self.bare_seconds:7.1f} s  "
            f"rate {self.rate:.2f} (at least {RATE})  peak {self.peak_bytes / 2**30:.2f} GiB"
        )


def load(folder: Path, home: Path) -> int:
    """Import a folder into an empty home; the exit status, 1 where nothing was published."""
    report = importing.run([folder], Home(home), DATA_DATE, loaded_by="bench", county_code=COUNTY)
    return 0 if report.snapshot else 1


def bare(files: Sequence[Path]) -> int:
    """Read files with the bare readers and nothing more; gives the number of rows."""
    import duckdb
    import python_calamine as calamine

    rows = 0
    for path in files:
        if path.suffix.lower() in _WORKBOOKS:
            book = calamine.load_workbook(str(path))
            for name in book.sheet_names:
                rows += sum(1 for _ in book.get_sheet_by_name(name).iter_rows())
            continue
        text = duckdb.read_csv(str(path), all_varchar=True, strict_mode=False)
        rows += sum(batch.num_rows for batch in text.to_arrow_reader(65_536))
    return rows


def in_utf8(files: Sequence[Path], scratch: Path) -> list[Path]:
    """The files, text of another encoding as a copy in UTF-8: DuckDB reads nothing else."""
    found = []
    for path in files:
        if path.suffix.lower() not in _WORKBOOKS and not _is_utf8(path):
            copy = scratch / path.name
            copy.write_text(path.read_text("gb18030", errors="replace"), "utf-8")
            path = copy
        found.append(path)
    return found


def _is_utf8(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(1 << 16)
    try:
        head[: head.rfind(b"\n") + 1].decode()
    except UnicodeDecodeError:
        return False
    return True


def run(command: Sequence[str]) -> tuple[float, int, int]:
    """Seconds, highest memory of a process and its children, exit status."""
    begun, peak = time.monotonic(), 0
    process = psutil.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        peak = max(peak, _memory(process))
        time.sleep(_SAMPLE)
    return time.monotonic() - begun, peak, process.returncode


def _memory(process: psutil.Process) -> int:
    """Bytes that are the process's and its children's own: what they share counts once."""
    total = 0
    try:
        for each in (process, *process.children(recursive=True)):
            total += each.memory_full_info().pss
    except psutil.Error:  # ended meanwhile
        pass
    return total


def measure(name: str, folder: Path, rounds: int) -> Result:
    """Import and read a folder's files in turn; RuntimeError where one of them fails."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        files = in_utf8(sheets.find([folder]), Path(scratch))
        return _in_turn(name, folder, [*_SELF, "--bare", *map(str, files)], rounds)


def _in_turn(name: str, folder: Path, reading: Sequence[str], rounds: int) -> Result:
    imports, bares, peaks = [], [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(dir=folder.parent) as home:
            seconds, peak, status = run([*_SELF, "--load", str(folder), home])
        if status:
            raise RuntimeError(f"{name}: nothing was imported")
        imports.append(seconds)
        peaks.append(peak)
        seconds, _, status = run(reading)
        if status:
            raise RuntimeError(f"{name}: the bare readers failed")
        bares.append(seconds)
    counted = subprocess.run([*reading, "--count"], check=True, capture_output=True, text=True)
    return Result(name, int(counted.stdout), median(imports), median(bares), max(peaks))


def main(argv: list[str] | None = None) -> int:
    """Measure, print and, if asked, write the results; 1 where a target is missed."""
    parser = argparse.ArgumentParser("python -m tests.bench.imports", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="five times as many households")
    parser.add_argument("--delta", action="store_true", help="the delta alone")
    parser.add_argument("--rounds", type=int, default=3, help="imports of the demo's files")
    parser.add_argument("--raw", type=Path, help="folder of the demo's export files")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--load", nargs=2, type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--bare", nargs="+", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--count", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.load:
        return load(*options.load)
    if options.bare:
        rows = bare(options.bare)
        print(rows if options.count else "")
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        raw = options.raw or max(demo.write(COUNTY, Path(scratch) / "raw"))[1]
        part = delta.measure(raw, COUNTY, DATA_DATE, Path(scratch))
        print(part.line(), flush=True)
        results = [] if options.delta else _all(options, raw, Path(scratch))
    if options.json:
        measured = [asdict(result) for result in (*results, part)]
        options.json.write_text(json.dumps(measured, indent=1))
    missed = [r for r in results if r.rate < RATE or r.peak_bytes >= MEMORY]
    return 1 if missed or part.share > delta.SHARE else 0


def _all(options: argparse.Namespace, raw: Path, scratch: Path) -> list[Result]:
    big = scratch / "big"
    big.mkdir()
    small = [replace(kind, copies=5, files=1) for kind in crowd.KINDS]
    crowd.write(raw, big, small if options.quick else crowd.KINDS)
    found = []
    for name, folder, rounds in (("demo", raw, options.rounds), ("crowd", big, 1)):
        found.append(measure(name, folder, rounds))
        print(found[-1].line(), flush=True)
    return found


if __name__ == "__main__":
    sys.exit(main())
