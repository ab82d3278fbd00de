"""Raw export files as columns of text, each read in a process of its own under limits."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import csv

from loaders import extract
from loaders.audit import masked

SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".tsv", ".txt"})
SECONDS = 120
PROCESSES = 2
BATCH = 65_536  # rows
_AHEAD = 4  # files read and not yet taken, so that a slow one does not leave a process idle
_BLOCK = 1 << 24  # bytes parsed at once; no line may be longer


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a file, its rows on disk; a text file is one nameless sheet.

    ``file`` and ``name`` may be shown: personal numbers in them are masked. ``merges`` are those
    that touch the first 20 rows: first row, first column, last row, last column, rows from 1 and
    columns from 0. ``strays`` counts filled cells so far from the table that they are left out.
    """

    file: str
    name: str
    width: int
    rows_count: int
    hidden: bool = False
    merges: tuple[tuple[int, int, int, int], ...] = ()
    strays: int = 0
    _parts: tuple[pa.Table, ...] = ()

    @classmethod
    def of(cls, file: str, name: str, rows: pa.Table, **more: Any) -> Sheet:
        """A sheet held in memory: columns row and cells (int32), then 0, 1, ... (string)."""
        return cls(file, name, rows.num_columns - 2, rows.num_rows, _parts=(rows,), **more)

    @property
    def rows(self) -> pa.Table:
        """All rows at once."""
        return pa.concat_tables(self.batches())

    def batches(self) -> Iterator[pa.Table]:
        """The rows that are not blank, at most 65,536 at once; may be called again.

        Columns row (int32: the number that a spreadsheet shows, or the record's in a text file),
        cells (int32: how many the row has) and 0, 1, ... (string; empty cells are the empty text).
        """
        for part in self._parts:
            for start in range(0, max(part.num_rows, 1), BATCH):
                yield part.slice(start, BATCH)

    def head(self, count: int) -> list[list[str]]:
        """Cells of the first rows."""
        columns = self._first(count).columns[2:]
        return [list(row) for row in zip(*(c.to_pylist() for c in columns), strict=True)]

    def head_rows(self, count: int) -> list[int]:
        """Numbers of the first rows."""
        return self._first(count)["row"].to_pylist()

    def _first(self, count: int) -> pa.Table:
        return next(self.batches()).slice(0, count)


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of one file: its sheets, or the reason key why there are none.

    ``file`` is its name as it may be shown. Of an archive, ``refused`` lists members that were not
    read with their reasons. Close it, or leave its ``with`` block, to free the disk.
    """

    path: Path
    sheets: tuple[Sheet, ...] = ()
    refusal: str | None = None
    refused: tuple[tuple[str, str], ...] = ()

    @property
    def file(self) -> str:
        return shown(self.path.name)

    def close(self) -> None:
        """Remove what was spooled; the sheets cannot be read after it."""

    def __enter__(self) -> Reading:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()


def shown(name: str) -> str:
    """A file's or sheet's name as it may be shown: no whole personal number, no line break."""
    return masked(re.sub(r"[\x00-\x1f\x7f]+", " ", name)) or ""


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


def read(path: Path, spool: Path | None = None, *, seconds: float = SECONDS) -> Reading:
    """Read one file into a folder below ``spool``; a refusal is in the answer, never raised."""
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
        return Reading(path, tuple(_sheets(shown(path.name), done.stdout)))
    except pa.ArrowInvalid:
        return Reading(path, refusal="unreadable_file")


def read_all(paths: Sequence[Path], spool: Path | None = None) -> Iterator[Reading]:
    """Read files in the order given, two at a time, never far ahead of who takes them."""
    waiting: deque[Future[Reading]] = deque()
    with ThreadPoolExecutor(PROCESSES) as pool:
        for path in paths:
            waiting.append(pool.submit(read, path, spool))
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
        yield Sheet.of(file, shown(sheet["name"]), _table(body, sheet["width"]))


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
