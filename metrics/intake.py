"""What an import could not take and what it mended, a page of rows at a time."""

from __future__ import annotations

from typing import Any, Literal

import pyarrow as pa

from store.reader import Reader

PAGE_ROWS = 50

Kind = Literal["refused", "mended"]

_RELATIONS: dict[Kind, str] = {"refused": "{quarantine}", "mended": "{mend}"}
_SHOWN: dict[Kind, str] = {
    "refused": "file, sheet, row, header, reason, value",
    "mended": "file, sheet, row, header, reason, before, after",
}
_FILTER = "($reason IS NULL OR reason = $reason) AND ($file IS NULL OR file = $file)"
_ORDER = "file, sheet, row, header"


def counts(reader: Reader, kind: Kind) -> list[dict[str, Any]]:
    """``reason``, ``file`` and ``found``: how many entries of each reason each file has."""
    return reader.rows(
        f"SELECT reason, file, count(*) AS found FROM {_RELATIONS[kind]} "
        "GROUP BY ALL ORDER BY found DESC, reason, file"
    )


def entries(
    reader: Reader, kind: Kind, reason: str | None, file: str | None, page: int
) -> list[dict[str, Any]]:
    """One page of entries, by file, sheet and row. Values are masked as they were kept."""
    return reader.rows(
        f"SELECT {_SHOWN[kind]} FROM {_RELATIONS[kind]} WHERE {_FILTER} "
        f"ORDER BY {_ORDER} LIMIT {PAGE_ROWS} OFFSET $skipped",
        reason=reason,
        file=file,
        skipped=(page - 1) * PAGE_ROWS,
    )


def refused_rows(reader: Reader, reason: str | None, file: str | None) -> pa.Table:
    """Refused rows whole with their reasons, as ``refused_workbook.workbook`` takes them.

    Empty for a reader that does not show personal columns whole.
    """
    return reader.arrow(
        f"""
        WITH told AS (
            SELECT file, sheet, row, list(reason) AS reasons, list(header) AS refused
            FROM {{quarantine}} WHERE {_FILTER} GROUP BY ALL
        )
        SELECT w.file, w.sheet, w.row, layout, headers, cells, reasons, refused
        FROM {{quarantine_row}} w JOIN told t
            ON w.file = t.file AND w.sheet IS NOT DISTINCT FROM t.sheet AND w.row = t.row
        ORDER BY layout, headers, w.file, w.sheet, w.row
        """,
        reason=reason,
        file=file,
    )
