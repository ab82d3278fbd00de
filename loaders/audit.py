"""What became of every row of an import: taken, mended, dropped or put in quarantine, and why."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import yaml

from loaders.layouts import Match
from store import schema

REASONS = Path(__file__).parent.parent / "data" / "reference" / "reasons.yaml"

# Numbers that would point to a person wherever they stand: identity numbers of either length and
# mobile phones. The long ones are found inside longer runs of digits too.
_PERSONAL = re.compile(
    r"\d{6}(?:18|19|20|21)\d{2}[01]\d[0-3]\d{4}[\dXx]"
    r"|(?<!\d)(?:\d{8}[01]\d[0-3]\d{4}|1[3-9]\d{9})(?!\d)",
    re.ASCII,
)

# Mends are counted with the rows that are taken in the end: one bit each in the column _mends.
MENDS = (
    "stray_characters",
    "unknown_code",
    "unreadable",
    "identity_case",
    "old_name",
    "other_village",
)


def masked(value: str | None, mask: schema.Mask | None = None) -> str | None:
    """A cell's text as it may stand in a report: by the column's mask, and never a whole number."""
    if value is None or not value.strip():
        return None
    value = value.strip()
    if mask == "name":
        return value[0] + "*" + (value[-1] if len(value) > 2 else "")
    if mask == "identity":
        return value[0] + "*" * max(len(value) - 3, 1) + value[-2:] if len(value) > 3 else "***"
    if mask == "phone":
        return value[:3] + "****" + value[-4:] if len(value) > 8 else "****"
    return _PERSONAL.sub(lambda m: m[0][0] + "*" * (len(m[0]) - 3) + m[0][-2:], value)


@dataclass(slots=True)
class SheetAudit:
    """One sheet's account: ``rows`` is what ``accepted`` and the counters add up to."""

    file: str
    sheet: str
    match: Match
    rows: int = 0
    accepted: int = 0
    mended: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    quarantined: Counter[str] = field(default_factory=Counter)
    mends: Counter[str] = field(default_factory=Counter)
    editions: Counter[int] = field(default_factory=Counter)
    checks: list[dict[str, Any]] = field(default_factory=list)

    def header_of(self, name: str) -> str:
        """The header in the file of a field or place; the name itself where the file lacks it."""
        for position, column in self.match.at.items():
            if name in (column.field, column.place):
                return self.match.headers[position].strip()
        return name

    def as_dict(self) -> dict[str, Any]:
        """The account as plain values for the manifest and the report file."""
        return {
            "file": self.file,
            "sheet": self.sheet,
            "layout": self.match.layout.key,
            "table": self.match.layout.table,
            "rows": self.rows,
            "accepted": self.accepted,
            "mended": self.mended,
            "dropped": dict(self.dropped),
            "quarantined": dict(self.quarantined),
            "mends": dict(self.mends),
            "editions": {str(edition): n for edition, n in self.editions.items()},
            "checks": self.checks,
            "unknown_headers": [masked(h) for h in self.match.unknown],
        }


class Audit:
    """The accounts of all sheets of an import and the quarantine table."""

    def __init__(self) -> None:
        self.sheets: list[SheetAudit] = []
        self.unread: list[dict[str, str]] = []
        self.skipped: list[dict[str, str]] = []
        self._entries: list[dict[str, Any]] = []

    def open(self, file: str, sheet: str, match: Match, rows: int) -> int:
        """Begin a sheet's account; gives its number, which its rows carry in ``_sheet``."""
        self.sheets.append(SheetAudit(masked(file) or "", masked(sheet) or "", match, rows))
        return len(self.sheets) - 1

    def refuse(self, file: str, reason: str) -> None:
        """Put a whole file in quarantine."""
        name = masked(file) or ""
        self.unread.append({"file": name, "reason": reason})
        self._entries.append({"file": name, "reason": reason})

    def skip(self, file: str, sheet: str) -> None:
        """Note a sheet of no known layout beside others that are known."""
        self.skipped.append({"file": masked(file) or "", "sheet": masked(sheet) or ""})

    def quarantine(
        self,
        sheet: int,
        rows: Sequence[int],
        reason: str,
        name: str = "",
        values: Sequence[str | None] | None = None,
    ) -> None:
        """Put rows of one sheet in quarantine for one reason, found in the field or place named."""
        account = self.sheets[sheet]
        account.quarantined[reason] += len(rows)
        table = schema.BY_NAME[account.match.layout.table]
        mask = next((c.mask for c in table.columns if c.name == name), None)
        column = account.header_of(name) if name else None
        self._entries += [
            {
                "file": account.file,
                "sheet": account.sheet,
                "row": row,
                "header": column,
                "reason": reason,
                "value": masked(value, mask),
            }
            for row, value in zip(rows, values or [None] * len(rows), strict=True)
        ]

    def quarantine_table(self, rows: pa.Table, reason: str, name: str) -> None:
        """The same for rows of a cleaned table, which carry ``_sheet`` and ``source_row``."""
        for sheet in pc.unique(rows["_sheet"]).to_pylist():
            part = rows.filter(pc.equal(rows["_sheet"], sheet))
            values = part[name].cast(pa.string()).to_pylist()
            self.quarantine(sheet, part["source_row"].to_pylist(), reason, name, values)

    def drop(self, rows: pa.Table, reason: str) -> None:
        """Count rows of a cleaned table as dropped."""
        for entry in pc.value_counts(rows["_sheet"]).to_pylist():
            self.sheets[entry["values"]].dropped[reason] += entry["counts"]

    def accept(self, rows: pa.Table) -> None:
        """Count the rows that a finished table has taken."""
        for sheet in pc.unique(rows["_sheet"]).to_pylist():
            mends = rows.filter(pc.equal(rows["_sheet"], sheet))["_mends"]
            account = self.sheets[sheet]
            mended = pc.sum(pc.not_equal(mends, 0)).as_py()
            account.mended += mended
            account.accepted += len(mends) - mended
            for bit, reason in enumerate(MENDS):
                count = pc.sum(pc.not_equal(pc.bit_wise_and(mends, 1 << bit), 0)).as_py()
                if count:
                    account.mends[reason] += count

    def entries(self) -> pa.Table:
        """The quarantine table of the store."""
        return pa.Table.from_pylist(self._entries, schema.BY_NAME["quarantine"].arrow)


def labels() -> dict[str, str]:
    """Chinese words of every reason key."""
    declared = yaml.safe_load(REASONS.read_text("utf-8"))
    return {key: words["zh"] for key, words in declared.items()}
