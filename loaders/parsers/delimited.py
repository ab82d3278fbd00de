"""Delimited text to sheets: whole blocks at once, line by line only where a line needs it.

Arrow's parser reads what is properly quoted. ``Quoting`` makes the rest so: a line whose quotes are
stray is written again with its cells quoted. There is one parser, so a file reads the same however
many of its lines had to be mended.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from loaders.parsers.encoding import Decoder
from loaders.parsers.quoting import proper
from loaders.parsers.spool import Refused, Spool, schema, table

BLOCK = 1 << 23  # bytes parsed at once
THREADS = 2
DELIMITERS = "\t,;|"
_HEAD = 12  # records looked at for the delimiter and the width
_SAMPLE = 1 << 18  # bytes in which they are looked for
_QUOTED = re.compile('"[^"\n]*"')

csv.field_size_limit(1 << 30)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file separates its cells, and how many the widest of its first records has."""

    delimiter: str
    width: int


def extract(source: IO[bytes], spool: Spool) -> None:
    """Write a text file's records as one nameless sheet; raises Refused."""
    blocks = Decoder(source, BLOCK).blocks()
    first = next(blocks, b"")
    dialect = dialect_of(first)
    with spool.sheet("") as out, ThreadPoolExecutor(THREADS) as pool:
        parsing: deque[Future[tuple[pa.Table, int]]] = deque()
        before = 0
        for block in chain(proper(chain([first], blocks), dialect.delimiter), [b""]):
            parsing.append(pool.submit(parse, block, dialect))
            while len(parsing) > THREADS or (parsing and not block):
                rows, count = parsing.popleft().result()
                out.write(_shifted(rows, before))
                before += count
        if not out.rows:
            raise Refused("empty_file")


def dialect_of(text: bytes) -> Dialect:
    """The dialect of a file that begins so."""
    cut = text.rfind(b"\n", 0, _SAMPLE) + 1
    head = text[: cut or _SAMPLE].decode("utf-8", "replace")
    delimiter = delimiter_of([line for line in head.splitlines() if line.strip()][:_HEAD])
    quoted = b"".join(proper([head.encode()], delimiter)).decode()
    records = csv.reader(io.StringIO(quoted, newline=""), delimiter=delimiter)
    filled = (record for record in records if any(record))
    return Dialect(delimiter, max(map(len, islice(filled, _HEAD)), default=1))


def delimiter_of(lines: Sequence[str]) -> str:
    """The delimiter that stands equally often in most lines."""

    def score(delimiter: str) -> int:
        counts = Counter(_QUOTED.sub("", line).count(delimiter) for line in lines)
        return max((count * times * times for count, times in counts.items()), default=0)

    return max(DELIMITERS, key=score)


def parse(block: bytes, dialect: Dialect) -> tuple[pa.Table, int]:
    """The records of a block, numbered from 1, and how many there are, blank ones too."""
    ragged: list[arrow_csv.InvalidRow] = []

    def keep(row: arrow_csv.InvalidRow) -> str:
        ragged.append(row)
        return "skip"

    names = [str(column) for column in range(dialect.width)]
    if not block:
        return schema(dialect.width).empty_table(), 0
    rows = arrow_csv.read_csv(
        pa.py_buffer(block),
        arrow_csv.ReadOptions(column_names=names, use_threads=False, block_size=len(block) + 1),
        arrow_csv.ParseOptions(
            delimiter=dialect.delimiter,
            ignore_empty_lines=False,
            newlines_in_values=True,
            invalid_row_handler=keep,
        ),
        arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=False,
            check_utf8=False,
        ),
    )
    count = rows.num_rows + len(ragged)
    regular = np.ones(count + 1, bool)
    regular[[0, *(row.number for row in ragged)]] = False
    full = table(np.flatnonzero(regular), np.full(rows.num_rows, dialect.width), rows.columns)
    return _merged(full, ragged, dialect), count


def _merged(full: pa.Table, ragged: Sequence[arrow_csv.InvalidRow], dialect: Dialect) -> pa.Table:
    """Records with as many cells as expected and others, in their order."""
    if not ragged:
        return full
    records = [next(csv.reader([row.text], delimiter=dialect.delimiter), []) for row in ragged]
    cells = [cells_in(record, dialect.width) for record in records]
    padded = [[*record, *[""] * dialect.width][: dialect.width] for record in records]
    columns = [pa.array(column, pa.string()) for column in zip(*padded, strict=True)]
    others = table([row.number for row in ragged], cells, columns)
    rows = pa.concat_tables([full, others])
    return rows.take(pc.sort_indices(rows["row"]))


def cells_in(record: Sequence[str], width: int) -> int:
    """How many cells a record has; empty ones beyond the width do not count."""
    return len(record) if any(record[width:]) else min(len(record), width)


def _shifted(rows: pa.Table, before: int) -> pa.Table:
    """Rows with the numbers that they have behind so many others."""
    numbers = pa.array(rows["row"].to_numpy() + before, pa.int32())
    return rows.set_column(0, rows.schema.field(0), numbers)
