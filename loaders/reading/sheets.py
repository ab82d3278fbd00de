"""Raw export files as sheets of text, each read in a process of its own under limits."""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
import weakref
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from loaders.cells.masks import masked
from loaders.parsers import dispatch
from loaders.parsers.spool import ROWS, schema, stored, widened
from loaders.reading.parser_client import PARSER

SUFFIXES = dispatch.SUFFIXES | {".zip"}
SECONDS = 120
PROCESSES = 2
_AHEAD = 4  # files read and not yet taken, so that a slow one does not leave a process idle
_CELLS = 1 << 24  # in a batch
_HEAD = 64  # rows kept of the first batch: whoever looks for headers asks for them again and again

Merge = tuple[int, int, int, int]
Spans = tuple[tuple[int, int], ...]


class _Folder:
    """A folder that is removed when it is closed, or when nothing reads from it any more."""

    def __init__(self, parent: Path | None):
        self.path = Path(tempfile.mkdtemp(prefix="sheets-", dir=parent))
        self.close = weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """One sheet of a file; a text file is one nameless sheet. Made by ``read`` or ``of``.

    ``file`` and ``name`` may be shown: personal numbers in them are masked. ``merges`` are those
    that touch the first 20 rows: first row, first column, last row, last column, rows from 1 and
    columns from 0. ``rows_count`` leaves blank rows out; ``strays`` counts filled cells that stand
    so far from the table that they are left out; ``epoch_1904`` says what day numbers count from.
    ``hidden_rows`` and ``struck_rows`` are runs (first, last) of rows that a spreadsheet does not
    show, and of rows with a cell struck through; all of them are read.
    """

    file: str
    name: str
    width: int
    rows_count: int
    hidden: bool
    merges: tuple[Merge, ...]
    strays: int
    epoch_1904: bool
    _open: Callable[[], Iterator[pa.Table]]
    hidden_rows: Spans = ()
    struck_rows: Spans = ()
    _top: list[pa.Table] = field(default_factory=list, init=False)  # the first rows, once read

    @classmethod
    def of(
        cls,
        file: str,
        name: str,
        rows: pa.Table,
        *,
        hidden: bool = False,
        merges: Sequence[Merge] = (),
        epoch_1904: bool = False,
    ) -> Sheet:
        """A sheet held in memory, of a table as ``batches`` gives them."""
        width, count = rows.num_columns - 2, rows.num_rows

        def pieces() -> Iterator[pa.Table]:
            return (rows.slice(start, ROWS) for start in range(0, count, ROWS))

        return cls(file, name, width, count, hidden, tuple(merges), 0, epoch_1904, pieces)

    @classmethod
    def _spooled(cls, file: str, folder: _Folder, about: dict[str, Any]) -> Sheet:
        """A sheet that the parser's process has written to a folder."""
        width = about["width"]
        step = max(1, min(ROWS, _CELLS // max(1, width)))

        def pieces() -> Iterator[pa.Table]:
            for batch in stored(folder.path / about["path"], about["streams"]):
                for start in range(0, batch.num_rows, step):
                    yield widened(batch.slice(start, step), width)

        return cls(
            "/".join(shown(part) for part in (file, about["member"]) if part),
            shown(about["name"]),
            width,
            about["rows"],
            about["hidden"],
            tuple((a, b, c, d) for a, b, c, d in about["merges"]),
            about["strays"],
            about["epoch_1904"],
            pieces,
            *(tuple((a, b) for a, b in about[key]) for key in ("hidden_rows", "struck_rows")),
        )

    def batches(self) -> Iterator[pa.Table]:
        """The rows that are not blank, at most 65,536 at once; may be called again.

        Columns row (int32: the number that a spreadsheet shows, or the record's in a text file),
        cells (int32: how many the row has) and 0, 1, ... (string; empty cells are the empty text).
        """
        return self._open()

    def head(self, count: int) -> list[list[str]]:
        """Cells of the first rows."""
        columns = self._first(count).columns[2:]
        return [list(row) for row in zip(*(c.to_pylist() for c in columns), strict=True)]

    def head_rows(self, count: int) -> list[int]:
        """Numbers of the first rows."""
        numbers: list[int] = self._first(count)["row"].to_pylist()
        return numbers

    def _first(self, count: int) -> pa.Table:
        if not self._top or count > _HEAD:
            batch = next(self.batches(), schema(self.width).empty_table())
            kept = batch.take(np.arange(min(_HEAD, batch.num_rows)))  # not the batch behind them
            self._top[:] = [kept]
            return batch.slice(0, count)
        return self._top[0].slice(0, count)


@dataclass(frozen=True, slots=True)
class Unread:
    """What of a file was not read and why (a reason key): a member of an archive, or a sheet.

    ``file`` and ``sheet`` may be shown; ``cell`` is where reading stopped, if that is known.
    """

    file: str
    reason: str
    sheet: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What came of one file: its sheets, or the reason key why there are none.

    ``refused`` lists what was not read: members of an archive, sheets, or the whole file. Close it,
    or leave its ``with`` block, to free the disk.
    """

    path: Path
    sheets: tuple[Sheet, ...] = ()
    refusal: str | None = None
    refused: tuple[Unread, ...] = ()
    _folder: _Folder | None = None

    @property
    def file(self) -> str:
        """The file's name as it may be shown."""
        return shown(self.path.name)

    def close(self) -> None:
        """Remove what was spooled; the sheets cannot be read after it."""
        if self._folder is not None:
            self._folder.close()

    def __enter__(self) -> Reading:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()


def shown(name: str) -> str:
    """A file's or sheet's name as it may be shown: no whole personal number, no line break."""
    printable = name.encode("utf-8", "replace").decode()
    return masked(re.sub(r"[\x00-\x1f\x7f]+", " ", printable)) or ""


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
    """Read one file into a new folder below ``spool``; a refusal is in the answer, never raised.

    Raises OSError if that folder cannot be written.
    """
    refusal = _unfit(path)
    if refusal:
        return _refusing(path, refusal)
    folder = _Folder(spool)
    answer = PARSER.ask(path, folder.path, seconds)
    if "fault" in answer:
        folder.close()
        raise OSError(answer["fault"], os.strerror(answer["fault"]), str(folder.path.parent))
    if "refusal" in answer:
        folder.close()
        return _refusing(path, answer["refusal"], answer.get("sheet", ""), answer.get("cell", ""))
    file = path.name
    sheets = tuple(Sheet._spooled(file, folder, about) for about in answer["sheets"])
    refused = tuple(
        Unread(
            "/".join(shown(part) for part in (file, each["member"]) if part),
            each["reason"],
            shown(each["sheet"]),
            each["cell"],
        )
        for each in answer["refused"]
    )
    return Reading(path, sheets, refused=refused, _folder=folder)


def _refusing(path: Path, reason: str, sheet: str = "", cell: str = "") -> Reading:
    """A file of which nothing was read."""
    unread = Unread(shown(path.name), reason, shown(sheet), cell)
    return Reading(path, refusal=reason, refused=(unread,))


def _unfit(path: Path) -> str | None:
    """Why a file cannot even be opened; None if it can."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return "unreadable_file"
        with path.open("rb"):
            return None
    except FileNotFoundError:
        return "missing_file"
    except OSError:
        return "unreadable_file"


def read_all(paths: Sequence[Path], spool: Path | None = None) -> Generator[Reading, None, None]:
    """Read files in the order given, two at a time, never far ahead of who takes them."""
    waiting: deque[Future[Reading]] = deque()
    with ThreadPoolExecutor(PROCESSES) as pool:
        try:
            for path in paths:
                waiting.append(pool.submit(read, path, spool))
                if len(waiting) > _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:  # nobody takes them any more
                if not future.cancel() and future.exception() is None:
                    future.result().close()
