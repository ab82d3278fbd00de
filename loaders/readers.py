"""Raw export files as columns of text, each read in a process of its own under limits."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from pyarrow import csv

from loaders import extract

SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".tsv", ".txt"})
SECONDS = 120
PROCESSES = 2
_AHEAD = 4  # files read and not yet taken, so that a slow one does not leave a process idle
_BLOCK = 1 << 24  # bytes parsed at once; no line may be longer


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: ``rows`` has row (int32, from 1), cells (int32) and text columns 0, 1, ...

    Blank rows are left out, empty cells are the empty text. A text file is one nameless sheet.
    """

    file: str
    name: str
    rows: pa.Table

    def head(self, count: int) -> list[list[str]]:
        """Cells of the first rows."""
        columns = self.rows.slice(0, count).columns[2:]
        return [list(row) for row in zip(*(c.to_pylist() for c in columns), strict=True)]


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of one file: its sheets, or the reason key why there are none."""

    path: Path
    sheets: tuple[Sheet, ...] = ()
    refusal: str | None = None


def find(paths: Sequence[Path]) -> list[Path]:
    """Files to read: those given, and in folders every export file that is not an editor's lock."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES)
            found |= dict.fromkeys(p for p in inside if not p.name.startswith(("~$", ".")))
        else:
            found[path] = None
    return list(found)


def read(path: Path, *, seconds: float = SECONDS) -> Reading:
    """Read one file; a refusal is in the answer, never raised."""
    command = [sys.executable, "-I", extract.__file__, str(path)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return Reading(path, refusal="timeout")
    if done.returncode == extract.REFUSED:
        return Reading(path, refusal=done.stderr.decode("utf-8", "replace").split()[-1])
    if done.returncode:
        return Reading(path, refusal="unreadable_file" if path.is_file() else "missing_file")
    try:
        return Reading(path, tuple(_sheets(path.name, done.stdout)))
    except pa.ArrowInvalid:
        return Reading(path, refusal="unreadable_file")


def read_all(paths: Sequence[Path]) -> Iterator[Reading]:
    """Read files in the order given, two at a time, never far ahead of who takes them."""
    waiting: deque[Future[Reading]] = deque()
    with ThreadPoolExecutor(PROCESSES) as pool:
        for path in paths:
            waiting.append(pool.submit(read, path))
            if len(waiting) > _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _sheets(file: str, output: bytes) -> Iterator[Sheet]:
    """Sheets in what the parser's process wrote: a row's line never begins with the mark."""
    blocks = b"\n" + output
    for block in blocks.split(b"\n\x1f")[1:]:
        heading, _, body = block.partition(b"\n")
        sheet = json.loads(heading)
        yield Sheet(file, sheet["name"], _table(body, sheet["width"]))


def _table(body: bytes, width: int) -> pa.Table:
    names = ["row", "cells", *map(str, range(width))]
    types = [pa.int32(), pa.int32(), *[pa.string()] * width]
    if not body:
        return pa.table([[]] * len(names), pa.schema(list(zip(names, types, strict=True))))
    return csv.read_csv(
        io.BytesIO(body),
        csv.ReadOptions(column_names=names, block_size=_BLOCK),
        csv.ParseOptions(delimiter="\t", quote_char=False, ignore_empty_lines=False),
        csv.ConvertOptions(
            column_types=dict(zip(names, types, strict=True)), strings_can_be_null=False
        ),
    )
