"""The rows that an import refused, whole, as they stood in their files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loaders.accounts.audit import Audit
from loaders.assembly.table_writing import Writer
from loaders.layouts.headers import CONTEXT, REASON
from loaders.layouts.matching import Match
from loaders.reading.sheets import Sheet
from store import schema

_TABLE = schema.BY_NAME["quarantine_row"]


def write_refused(
    folder: Path,
    audit: Audit,
    opened: Sequence[tuple[Sheet, Match]],
    before: Iterable[pa.RecordBatch] | None,
) -> Path:
    """The Parquet file of refused rows: carried ones, then each sheet's.

    ``opened`` are the sheets in the order of the audit's accounts. A row of an amendment stands
    under the file, sheet and row that it came from first.
    """
    with Writer(folder, _TABLE) as writer:
        for batch in before or ():
            writer.write(pa.Table.from_batches([batch]))
        for index, (sheet, match) in enumerate(opened):
            if match.is_further:
                continue  # its rows are those of the match before it
            same = takewhile(lambda at: opened[at][1].is_further, range(index + 1, len(opened)))
            places: dict[int, str | None] = {}
            for part in (index, *same):
                places |= audit.refused_rows(part)
            for rows in _rows(sheet, places) if places else ():
                writer.write(_told(sheet, match, rows, places))
    return writer.path


def _rows(sheet: Sheet, lines: Iterable[int]) -> Iterator[pa.Table]:
    wanted = pa.array(sorted(lines), pa.int32())
    for batch in sheet.batches():
        found = batch.filter(pc.is_in(batch["row"], wanted))
        if found.num_rows:
            yield found.combine_chunks()


def _told(sheet: Sheet, match: Match, rows: pa.Table, places: Mapping[int, str | None]) -> pa.Table:
    """Rows of ``quarantine_row`` from raw rows; ``places`` has the code of each by its line."""
    count, headers = rows.num_rows, match.headers
    aside = {i for i, header in enumerate(headers) if header == REASON} | {*(match.origin or ())}
    kept = [i for i in range(len(headers)) if not match.origin or i not in aside]
    names = [headers[i] for i in kept]
    cells = [rows[str(i)].combine_chunks() for i in kept]
    if match.layout.needs_title and CONTEXT not in names:  # what the row cannot say of itself
        names.append(CONTEXT)
        cells.append(pa.repeat(pa.scalar(match.title), count))
    columns = {
        "file": pa.repeat(pa.scalar(sheet.file), count),
        "sheet": pa.repeat(pa.scalar(sheet.name), count),
        "row": rows["row"],
    }
    if match.origin:
        file, name, line = (rows[str(position)] for position in match.origin)
        columns = {"file": file, "sheet": name, "row": line.cast(pa.int32())}
    codes = [places[line] for line in rows["row"].to_pylist()]
    columns["region_code"] = pa.array(codes, pa.string())
    columns["layout"] = pa.repeat(pa.scalar(match.layout.key), count)
    columns["headers"] = _lists([pa.repeat(pa.scalar(name), count) for name in names])
    columns["cells"] = _lists(cells)
    return pa.table(columns)


def _lists(columns: Sequence[pa.Array]) -> pa.Array:
    """Columns of one length as a list a row."""
    count, width = len(columns[0]), len(columns)
    turned = np.arange(count * width).reshape(width, count).T.ravel()
    values = pa.concat_arrays(columns).take(pa.array(turned))
    bounds = np.arange(0, count * width + 1, width).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(bounds), values)
