"""What an import could not take and what it mended, a page of rows at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import pyarrow as pa

from metrics.paging import PAGE_ROWS, first_row
from metrics.shares import total
from store.reader import Reader

Kind = Literal["refused", "mended"]

_RELATIONS: dict[Kind, str] = {"refused": "{quarantine}", "mended": "{mend}"}
_SHOWN: dict[Kind, str] = {
    "refused": "file, sheet, row, header, reason, value",
    "mended": "file, sheet, row, header, reason, before, after",
}
# Tables that say what became of the rows of an import.
_ACCOUNT = ("quarantine", "quarantine_row", "mend", "declared_total")
_FILTER = "($reason IS NULL OR reason = $reason) AND ($file IS NULL OR file = $file)"
_ORDER = "file, sheet, row, header"


def counts(reader: Reader, kind: Kind) -> list[dict[str, Any]]:
    """``reason``, ``file`` and ``found``: how many entries of each reason each file has."""
    return reader.rows(
        f"SELECT reason, file, count(*) AS found FROM {_RELATIONS[kind]} "
        "GROUP BY ALL ORDER BY found DESC, reason, file"
    )


def rows_held(tables: Mapping[str, Mapping[str, Any]]) -> int:
    """Rows of all tables of a snapshot's manifest."""
    return sum(table["rows"] for table in tables.values())


def rows_taken(tables: Mapping[str, Mapping[str, Any]]) -> int:
    """Rows of a manifest's tables, without those that account for the import itself."""
    return rows_held({name: table for name, table in tables.items() if name not in _ACCOUNT})


def sheet_counts(sheet: Mapping[str, Any]) -> dict[str, int]:
    """``rows`` read of a sheet of a report, ``accepted``, ``mended`` and ``quarantined``."""
    refused = sum(sheet["quarantined"].values())
    return {key: sheet[key] for key in ("rows", "accepted", "mended")} | {"quarantined": refused}


def report_totals(report: Mapping[str, Any]) -> dict[str, int]:
    """``sheet_counts`` of all sheets of a report."""
    none = dict.fromkeys(("rows", "accepted", "mended", "quarantined"), 0)
    return none | total(sheet_counts(sheet) for sheet in report.get("sheets", ()))


def rows_missing(questions: Iterable[Mapping[str, Any]]) -> int:
    """Rows that stood before and are not given now, over an import's questions."""
    return sum(one["before"] - one["given"] for one in questions)


def found(
    counted: Iterable[Mapping[str, Any]], reason: str | None = None, file: str | None = None
) -> int:
    """Entries of ``counts`` together: of a reason, of a file, or of all."""
    return sum(
        entry["found"]
        for entry in counted
        if reason in (None, entry["reason"]) and file in (None, entry["file"])
    )


def by_reason(counted: Iterable[Mapping[str, Any]], file: str | None = None) -> dict[str, int]:
    """Entries of ``counts`` by reason: of a file, or of all."""
    return total(
        {entry["reason"]: entry["found"]} for entry in counted if file in (None, entry["file"])
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
        skipped=first_row(page),
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
