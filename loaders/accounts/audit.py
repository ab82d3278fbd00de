"""What became of every row of an import: taken, mended or put in quarantine, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import pyarrow as pa

from loaders.accounts.cell_log import Listed, Origin, by_sheet, codes_of, lines_of, tables
from loaders.cells.masks import mask_column, masked
from loaders.layouts.advice import unused
from loaders.layouts.matching import Match, table_names
from loaders.layouts.name_checks import FINDERS
from store import schema
from store.yamls import load_yaml

REASONS = Path(__file__).parents[2] / "data" / "reference" / "reasons.yaml"
MOST_MENDS = 2_000_000  # listed; the count is exact beyond it

# Mends are counted with the rows that are taken in the end: one bit each in the column _mends.
MENDS = (
    "stray_characters",
    "unknown_code",
    "unreadable",
    "identity_case",
    "old_name",
    "other_village",
    "duplicate_row",
    "repeats_differ",
    "digits_lost",
    "scientific_text",
    "serial_date",
    "ambiguous_month",
    "no_such_day",
    "future_date",
    "leading_zero",
    "error_cell",
    "bracket_note",
    "renumbered",
    "other_unit",
    "other_quantity",
    "year_only",
    "month_only",
    "short_year",
    "ambiguous_day",
    "world_time",
    "lookalike_characters",
    "private_characters",
    "placeholder_name",
    "name_note",
    *("group_in_village", "rounded_to_fen"),
)
_BITS = np.array([1 << bit for bit in range(len(MENDS))], np.int64)


@dataclass(slots=True)
class SheetAudit:
    """One section of a sheet: ``rows`` records, of which each is accepted, mended or quarantined.

    ``aside`` counts the lines that are no records, ``filled`` by header the blank cells that were
    taken for what stands above them, ``strays`` the filled cells far from the table that were not
    read, ``hidden_rows`` and ``struck_rows`` the records in rows that a spreadsheet hides or that
    have a cell struck through: they were read. ``amends`` is true for rows that were refused before
    and come back mended.
    """

    file: str
    sheet: str
    match: Match
    rows: int = 0
    accepted: int = 0
    mended: int = 0
    strays: int = 0
    hidden_rows: int = 0
    struck_rows: int = 0
    aside: Counter[str] = field(default_factory=Counter)
    filled: Counter[str] = field(default_factory=Counter)
    quarantined: Counter[str] = field(default_factory=Counter)
    mends: Counter[str] = field(default_factory=Counter)
    editions: Counter[int] = field(default_factory=Counter)
    checks: list[dict[str, Any]] = field(default_factory=list)

    @property
    def amends(self) -> bool:
        return self.match.origin is not None

    @property
    def part(self) -> str:
        """Of rows that are read as several tables or years, the one that this account is of."""
        match = self.match
        table = table_names()[match.layout.table] if match.whole else ""
        return f"{table} {match.year}年" if match.year else table

    def header_of(self, name: str) -> str:
        """The header in the file of a field or place; the name itself where the file lacks it."""
        for position, column in self.match.at.items():
            if name in (column.field, column.place):
                return self.match.headers[position].strip()
        return name

    def mask_of(self, name: str) -> schema.Mask | None:
        """The mask of a field of the section's table, or of the register's where it is compared."""
        if name in FINDERS:
            return "identity"
        for table in (self.match.layout.table, "household"):
            for column in schema.BY_NAME[table].columns:
                if column.name == name:
                    return column.mask
        return None

    def as_dict(self) -> dict[str, Any]:
        """The account as plain values for the manifest and the report file."""
        return {
            "file": self.file,
            "sheet": self.sheet,
            "layout": self.match.layout.key,
            "table": self.match.layout.table,
            "part": self.part,
            "first_row": self.match.first_row,
            "amends": self.amends,
            "rows": self.rows,
            "accepted": self.accepted,
            "mended": self.mended,
            "strays": self.strays,
            "hidden_rows": self.hidden_rows,
            "struck_rows": self.struck_rows,
            "aside": dict(self.aside),
            "filled": {masked(header) or "": n for header, n in self.filled.items()},
            "quarantined": dict(self.quarantined),
            "mends": dict(self.mends),
            "editions": {str(edition): n for edition, n in self.editions.items()},
            "checks": self.checks,
            "unused": [
                {"reason": reason, "headers": [masked(header) for header in headers]}
                for reason, headers in unused(self.match, self.quarantined)
            ],
            "unknown_headers": [masked(h) for h in self.match.unknown],
            "missing_headers": self.match.missing,
            "doubled_headers": [masked(h) for h in self.match.doubled],
        }


class Audit:
    """The accounts of all sections of an import, and the tables of what was found in them.

    ``accept`` and ``merge`` may be called by several threads.
    """

    def __init__(self) -> None:
        self.sheets: list[SheetAudit] = []
        self.unread: list[dict[str, Any]] = []
        self.skipped: list[dict[str, Any]] = []
        self.mends_total = 0
        self._refused: list[Listed] = []
        self._mended: list[Listed] = []
        self._totals: list[dict[str, Any]] = []
        self._lock = Lock()

    def open(self, file: str, sheet: str, match: Match) -> int:
        """Begin a section's account; gives its number, which its rows carry in ``_sheet``."""
        self.sheets.append(SheetAudit(masked(file) or "", masked(sheet) or "", match))
        return len(self.sheets) - 1

    def refuse(self, file: str, reason: str, *, sheet: str = "", cell: str = "") -> None:
        """Put a whole file in quarantine, or a sheet of it; ``cell`` is where reading stopped."""
        place = {"sheet": masked(sheet) or "", "cell": cell}
        self.unread.append({"file": masked(file) or "", "reason": reason, "rows": 0} | place)

    def skip(
        self,
        file: str,
        sheet: str,
        *,
        rows: int = 0,
        reason: str = "unknown_layout",
        headers: Sequence[str] = (),
    ) -> None:
        """Note a sheet that was not loaded, why, and which headers it would have needed."""
        shown = {"file": masked(file) or "", "sheet": masked(sheet) or ""}
        self.skipped.append(shown | {"rows": rows, "reason": reason, "headers": list(headers)})

    def quarantine(
        self,
        sheet: int,
        lines: Sequence[int] | np.ndarray,
        reason: str,
        name: str = "",
        values: pa.Array | None = None,
        origin: Origin | None = None,
        places: pa.Array | None = None,
    ) -> None:
        """Put rows of a section in quarantine for one reason, found in the field or place named.

        ``values`` are masked already, ``places`` codes, null where nobody knows of which place.
        """
        account = self.sheets[sheet]
        account.quarantined[reason] += len(lines)
        header = account.header_of(name) if name else None
        lines = np.asarray(lines, np.int32)
        self._refused.append(Listed(sheet, lines, reason, header, values, None, origin, places))

    def quarantine_table(
        self, rows: pa.Table, reason: str, name: str, values: pa.Array | None = None
    ) -> None:
        """The same for rows of a cleaned table; ``values``, masked, stand for the named column."""
        for sheet, part in by_sheet(rows, values=values):
            shown = part["_values"].combine_chunks()
            if values is None:
                mask = self.sheets[sheet].mask_of(name)
                shown = mask_column(part[name].combine_chunks().cast(pa.string()), mask)
            origin = self._origin(sheet, part)
            self.quarantine(sheet, lines_of(part), reason, name, shown, origin, codes_of(part))

    def mend(
        self,
        sheet: int,
        lines: np.ndarray,
        reason: str,
        name: str,
        before: pa.Array | None,
        after: pa.Array | None,
        origin: Origin | None = None,
    ) -> None:
        """List mended cells; ``before`` and ``after`` are masked already."""
        self.mends_total += len(lines)
        room = MOST_MENDS - (self.mends_total - len(lines))
        if room > 0:
            header = self.sheets[sheet].header_of(name)
            listed = Listed(sheet, lines, reason, header, before, after, origin)
            self._mended.append(listed.first(room))

    def mend_table(
        self, rows: pa.Table, reason: str, name: str, before: pa.Array, after: pa.Array
    ) -> None:
        """The same for rows of a cleaned table and texts that are not masked yet."""
        for sheet, part in by_sheet(rows, before=before, after=after):
            mask = self.sheets[sheet].mask_of(name)
            cells = (part[c].combine_chunks() for c in ("_before", "_after"))
            old, new = (mask_column(c.cast(pa.string()), mask) for c in cells)
            self.mend(sheet, lines_of(part), reason, name, old, new, self._origin(sheet, part))

    def total(self, sheet: int, row: int, name: str, declared: float | None, added: float) -> None:
        """Note a total line of a file beside what the rows that it covers add up to."""
        account = self.sheets[sheet]
        self._totals.append(
            {
                "file": account.file,
                "sheet": account.sheet,
                "row": row,
                "layout": account.match.layout.key,
                "header": account.header_of(name),
                "declared": declared,
                "added": added,
            }
        )

    def accept(self, rows: pa.Table) -> None:
        """Count rows that a finished table has taken, by their ``_sheet`` and ``_mends``."""
        for sheet, part in by_sheet(rows):
            mends = part["_mends"].to_numpy()
            account = self.sheets[sheet]
            mended = int(np.count_nonzero(mends))
            counts = np.count_nonzero(mends[mends != 0][:, None] & _BITS, axis=0)
            with self._lock:
                account.mended += mended
                account.accepted += len(mends) - mended
                for reason, count in zip(MENDS, counts.tolist(), strict=True):
                    if count:
                        account.mends[reason] += count

    def merge(self, rows: pa.Table, reason: str) -> None:
        """Count rows that went into a twin: accepted where they repeat it as is expected."""
        for sheet, part in by_sheet(rows.select(["_sheet"])):
            account = self.sheets[sheet]
            with self._lock:
                if reason in MENDS:
                    account.mended += part.num_rows
                    account.mends[reason] += part.num_rows
                else:
                    account.accepted += part.num_rows

    def refused_rows(self, sheet: int) -> dict[int, str | None]:
        """Rows of the sheet itself that stand in quarantine, with the codes of their places."""
        found: dict[int, str | None] = {}
        for listed in self._refused:
            if listed.sheet == sheet:
                codes = listed.places.to_pylist() if listed.places else [None] * len(listed.lines)
                found |= zip(listed.lines.tolist(), codes, strict=True)
        return found

    def entries(self) -> pa.Table:
        """The quarantine table of the store: refused files, then refused rows."""
        table = schema.BY_NAME["quarantine"].arrow
        files = [
            {"file": each["file"], "reason": each["reason"], "sheet": each["sheet"] or None}
            for each in self.unread
        ]
        parts = (self._columns(listed) | {"value": listed.before} for listed in self._refused)
        return pa.concat_tables([pa.Table.from_pylist(files, table), *tables(parts, table)])

    def mends(self) -> pa.Table:
        """The mend table of the store: cells of rows that do not stand in quarantine."""
        table = schema.BY_NAME["mend"].arrow
        refused = {s: np.fromiter(self.refused_rows(s), np.int32) for s in range(len(self.sheets))}
        kept = []
        for listed in self._mended:
            alive = np.flatnonzero(~np.isin(listed.lines, refused[listed.sheet]))
            kept.append(listed.take(alive))
        parts = (
            self._columns(each) | {"before": each.before, "after": each.after} for each in kept
        )
        return pa.concat_tables([table.empty_table(), *tables(parts, table)])

    def declared_totals(self) -> pa.Table:
        """The declared_total table of the store."""
        return pa.Table.from_pylist(self._totals, schema.BY_NAME["declared_total"].arrow)

    def _columns(self, listed: Listed) -> dict[str, Any]:
        account = self.sheets[listed.sheet]
        file, sheet, row = listed.origin or (account.file, account.sheet, pa.array(listed.lines))
        return {
            "file": file,
            "sheet": sheet,
            "row": row,
            "region_code": listed.places,
            "layout": account.match.layout.key,
            "header": listed.header,
            "reason": listed.reason,
        }

    def _origin(self, sheet: int, rows: pa.Table) -> Origin | None:
        if not self.sheets[sheet].amends:
            return None
        names = ("source_file", "_origin_sheet", "source_row")
        file, name, row = (rows[column].combine_chunks() for column in names)
        return file, name, row


@cache
def labels() -> dict[str, str]:
    """Chinese words of every reason key."""
    declared = load_yaml(REASONS.read_text("utf-8"))
    return {key: words["zh"] for key, words in declared.items()}
