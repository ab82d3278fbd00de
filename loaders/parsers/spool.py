"""Sheets on their way out of the parser's process: Arrow streams in a folder.

A sheet's rows stand in one file, as one Arrow stream after another, each wider than the one before:
how wide a sheet is shows only when its last row is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

ROWS = 65_536  # in a batch
BYTES = 1 << 25  # held before a batch is written
OUTPUT = 4 << 30  # bytes of all sheets
CELLS = 1 << 31  # of a sheet, empty ones too
MERGES = 10_000  # told of a sheet
GAP = 256  # empty columns behind which a filled cell is a stray
_HEAD = 20  # rows whose merges are told
_BREAKS = re.compile(r"[\t\r\n]+")

Merge = tuple[int, int, int, int]


class Refused(Exception):
    """A file, or one sheet of it, is not taken; the message is a reason key.

    ``sheet`` and ``cell`` say where in the file, as far as it is known.
    """

    def __init__(self, reason: str, *, sheet: str = "", cell: str = ""):
        super().__init__(reason)
        self.reason, self.sheet, self.cell = reason, sheet, cell

    def as_dict(self, member: str = "") -> dict[str, str]:
        """The reason and the place, with the member of an archive that it is about."""
        place = {"member": member, "sheet": self.sheet, "cell": self.cell}
        return {"reason": self.reason} | place


class SpoolFault(Exception):
    """The folder cannot be written; the argument is the error's number."""


def schema(width: int) -> pa.Schema:
    """Columns of a sheet: row, cells, 0, 1, ..."""
    return pa.schema(
        [("row", pa.int32()), ("cells", pa.int32()), *((str(c), pa.string()) for c in range(width))]
    )


def table(rows: Any, cells: Any, columns: Sequence[pa.Array]) -> pa.Table:
    """Rows by their numbers, counts of cells and columns of text."""
    arrays = [pa.array(rows, pa.int32()), pa.array(cells, pa.int32()), *columns]
    return pa.Table.from_arrays(arrays, schema=schema(len(columns)))


def listed(numbers: Sequence[int], rows: Sequence[Sequence[str]]) -> pa.Table:
    """Rows of text cells by their numbers; shorter ones end with empty cells."""
    width = max(map(len, rows), default=0)
    padded = [[*row, *[""] * (width - len(row))] for row in rows]
    columns = [pa.array(column, pa.string()) for column in zip(*padded, strict=True)]
    return table(numbers, [len(row) for row in rows], columns)


class Spool:
    """The sheets of one file; ``sheets`` describes those that are finished."""

    def __init__(self, folder: Path, room: int = OUTPUT):
        self.folder, self.room = folder, room
        self.files = 0
        self.sheets: list[dict[str, Any]] = []
        self.member = ""  # of an archive, that the next sheets come from
        self.refused: list[dict[str, str]] = []  # members and sheets, as Refused.as_dict

    @contextmanager
    def sheet(self, name: str, *, hidden: bool = False) -> Iterator[SheetSpool]:
        """A sheet to write to; it is finished when the block ends without an exception."""
        out = SheetSpool(self, hidden=hidden)
        try:
            yield out
            out.finish()
        except BaseException:
            out.path.unlink(missing_ok=True)
            raise
        finally:
            out.close()
        self.sheets.append(
            {
                "member": self.member,
                "name": name,
                "hidden": out.hidden,
                "width": out.width,
                "rows": out.rows,
                "strays": out.strays,
                "epoch_1904": out.epoch_1904,
                "hidden_rows": spans(out.hidden_rows),
                "struck_rows": spans(out.struck_rows),
                "merges": [m for m in out.merges if m[0] <= _HEAD][:MERGES],
                "path": out.path.name,
                "streams": out.streams,
            }
        )

    def forget(self, finished: int) -> None:
        """Give up all sheets but the first so many."""
        for sheet in self.sheets[finished:]:
            (self.folder / sheet["path"]).unlink()
        del self.sheets[finished:]

    def new_file(self) -> Path:
        """A path in the folder that was not given before."""
        self.files += 1
        return self.folder / f"{self.files}.arrow"


class SheetSpool:
    """Writes one sheet; what else is told of it (``merges``, ...) is set by who reads it.

    ``hidden_rows`` and ``struck_rows`` are numbers of rows that are not shown, and of rows with a
    cell that is struck through.
    """

    def __init__(self, spool: Spool, *, hidden: bool):
        self.spool, self.hidden = spool, hidden
        self.merges: list[Merge] = []
        self.hidden_rows: list[int] = []
        self.struck_rows: list[int] = []
        self.epoch_1904 = False
        self.strays = self.width = self.rows = 0
        self.streams: list[tuple[int, int]] = []  # where each begins and how wide it is
        self._waiting: list[pa.Table] = []
        self._rows = self._bytes = 0  # that wait
        self._writer: pa.RecordBatchStreamWriter | None = None
        self._open()

    def _open(self) -> None:
        self.path = self.spool.new_file()
        with _faults():
            self._file = pa.OSFile(str(self.path), "wb")

    def write(self, rows: pa.Table) -> None:
        """Add rows; blank ones are left out, breaks and tabs inside a cell become a space."""
        rows = without_breaks(without_blanks(rows))
        if rows.num_rows == 0:
            return
        self.rows += rows.num_rows
        if rows.num_columns - 2 > self.width:
            self._flush()
            self.width = rows.num_columns - 2
        self._waiting.append(widened(rows, self.width))
        self._rows += rows.num_rows
        self._bytes += rows.nbytes
        if self._rows >= ROWS or self._bytes > BYTES:
            self._flush()

    def _flush(self) -> None:
        if not self._waiting:
            return
        rows = pa.concat_tables(self._waiting).combine_chunks()
        self._waiting, self._rows, self._bytes = [], 0, 0
        pieces = -(-rows.num_rows // ROWS)
        size = -(-rows.num_rows // pieces)
        with _faults():
            if not self.streams or self.streams[-1][1] != self.width:
                self._end_stream()
                self.streams.append((self._file.tell(), self.width))
                self._writer = pa.ipc.new_stream(self._file, rows.schema)
            assert self._writer is not None
            start = self._file.tell()
            self._writer.write_table(rows, max_chunksize=size)
            self.spool.room -= self._file.tell() - start
        if self.spool.room < 0:
            raise Refused("too_large")

    def _end_stream(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def finish(self) -> None:
        """Write what waits; fill down what is merged over several rows."""
        self._flush()
        with _faults():
            self._end_stream()
        if self.rows * self.width > CELLS:
            raise Refused("too_large")
        down = [m for m in self.merges if m[2] > m[0]]
        if down and self.rows:
            self._fill(down)

    def _fill(self, merges: Sequence[Merge]) -> None:
        """Write the sheet once more with the merges' values in all their rows."""
        self._file.close()
        source, streams = self.path, self.streams
        self._open()
        self.streams = []
        filled = Filling(merges)
        for batch in stored(source, streams):
            self._waiting.append(filled(widened(batch, self.width)))
            self._flush()
        with _faults():
            self._end_stream()
            source.unlink()

    def close(self) -> None:
        """Close the file."""
        with _faults():
            self._file.close()


def stored(path: Path, streams: Sequence[Sequence[int]]) -> Iterator[pa.Table]:
    """Batches of a sheet's file, each as wide as it was written."""
    with pa.OSFile(str(path)) as file:
        for start, _ in streams:
            file.seek(start)
            with pa.ipc.open_stream(file) as reader:
                for batch in reader:
                    yield pa.Table.from_batches([batch])


def widened(rows: pa.Table, width: int) -> pa.Table:
    """Rows with empty columns added up to a width."""
    more = range(rows.num_columns - 2, width)
    if not more:
        return rows
    empty = pa.repeat(pa.scalar(""), rows.num_rows)
    return pa.Table.from_arrays([*rows.columns, *[empty] * len(more)], schema=schema(width))


def without_blanks(rows: pa.Table) -> pa.Table:
    """Rows of which a cell holds more than spaces."""
    blank = None
    for column in rows.columns[2:]:
        empty = pc.or_(pc.equal(pc.binary_length(column), 0), pc.utf8_is_space(column))
        blank = empty if blank is None else pc.and_(blank, empty)
        if not pc.any(blank).as_py():
            return rows
    return rows.slice(0, 0) if blank is None else pc.filter(rows, pc.invert(blank))


def without_breaks(rows: pa.Table) -> pa.Table:
    """Rows with one space for tabs and line breaks inside a cell."""
    for index, column in enumerate(rows.columns[2:], start=2):
        if any(_holds_break(chunk) for chunk in column.chunks):
            clean = pc.replace_substring_regex(column, r"[\t\r\n]+", " ")
            rows = rows.set_column(index, rows.schema.field(index), clean)
    return rows


def _holds_break(column: pa.Array) -> bool:
    """Whether any of the column's text has a tab or a line break, looked up in its bytes."""
    text = text_bytes(column)
    low = text[text < 14] if (text < 14).any() else text[:0]
    return bool(np.isin(low, (9, 10, 13)).any())


def text_bytes(column: pa.Array) -> np.ndarray:
    """The bytes of a text column's cells, one after another."""
    _, offsets, data = column.buffers()
    if data is None or len(column) == 0:
        return np.empty(0, np.uint8)
    bounds = np.frombuffer(offsets, np.int32)[[column.offset, column.offset + len(column)]]
    return np.frombuffer(data, np.uint8)[bounds[0] : bounds[1]]


def one_line(text: str) -> str:
    """A cell's text with one space for tabs and line breaks."""
    return _BREAKS.sub(" ", text)


class Filling:
    """Fills the first cell of each merge down its rows, batch after batch."""

    def __init__(self, merges: Sequence[Merge]):
        self.columns: dict[int, tuple[np.ndarray, np.ndarray]] = {}
        self.open: dict[int, tuple[int, str]] = {}  # by column: the last merge's row and value
        for column in {m[1] for m in merges}:
            spans = np.array(sorted((m[0], m[2]) for m in merges if m[1] == column))
            self.columns[column] = spans[:, 0], spans[:, 1]

    def __call__(self, rows: pa.Table) -> pa.Table:
        numbers = rows["row"].to_numpy()
        for column, (first, last) in self.columns.items():
            span = np.searchsorted(first, numbers, "right") - 1
            inside = (span >= 0) & (numbers <= last[span])
            if column < rows.num_columns - 2 and inside.any():
                filled = self._filled(rows.column(column + 2), column, numbers, first[span], inside)
                rows = rows.set_column(column + 2, rows.schema.field(column + 2), filled)
        return rows

    def _filled(
        self, cells: pa.Array, column: int, numbers: np.ndarray, top: np.ndarray, inside: np.ndarray
    ) -> pa.Array:
        """The column with every merged cell taken from its merge's top row, here or carried."""
        at = np.searchsorted(numbers, top)
        here = numbers[np.minimum(at, len(numbers) - 1)] == top
        row, value = self.open.get(column, (0, ""))
        carried = inside & ~here & (top == row)
        index = np.where(inside & here, at, np.arange(len(numbers)))
        index = np.where(carried, len(numbers), index)
        pool = pa.concat_arrays([*cells.chunks, pa.array([value])])
        filled = pool.take(pa.array(index))
        if inside[-1]:
            self.open[column] = int(top[-1]), filled[-1].as_py()
        return filled


def spans(numbers: Sequence[int]) -> list[list[int]]:
    """Numbers as their runs, ascending: first and last of each."""
    found = np.unique(np.asarray(numbers, np.int64))
    breaks = np.flatnonzero(np.diff(found) > 1)
    starts, ends = np.append(0, breaks + 1), np.append(breaks, len(found) - 1)
    pairs = np.stack([found[starts], found[ends]], axis=1) if len(found) else found.reshape(0, 2)
    runs: list[list[int]] = pairs.tolist()
    return runs


@contextmanager
def _faults() -> Iterator[None]:
    """Tells a folder that cannot be written apart from a file that cannot be read."""
    try:
        yield
    except OSError as error:
        raise SpoolFault(error.errno or 0) from None
