"""Lines of funds as books hold them: the nine ledgers, each against the one above it, and the lists
of lines behind every number of the page."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa

from metrics.funds import BOOKS, EVERY, WHERE, Which, given, use_sql
from rules.checks import checks
from store.reader import Reader

_BOOK_CHECK = {
    "township": "allotment_township_book_differs",
    "village": "allotment_village_book_differs",
}


@dataclass(frozen=True, slots=True)
class Book:
    """One of the nine ledgers: its lines and amounts, and how it stands to the one above it.

    ``lines`` are those that it should have, also one that is missing there.

    ``above`` is what that one has of the same lines, ``differs`` how many lines are not alike;
    None for the county's, which has none above.
    """

    level: str
    purpose: str
    lines: int
    received: Decimal
    spent: Decimal
    above: Decimal | None = None
    differs: int | None = None


def books(reader: Reader, region: str, year: int) -> dict[tuple[str, str], Book]:
    """The nine ledgers of a place and year by level and purpose; one without a line is missing."""
    found: dict[tuple[str, str], Book] = {}
    for level in BOOKS:
        above, differs = "NULL", "NULL"
        if level != "county":
            above = "SUM(f.amount_yuan)" if level == "township" else _TOWNSHIPS
            differs = f"COUNT(*) FILTER (WHERE {_differs(level)})"
        rows = reader.rows(
            f"SELECT f.purpose, COUNT(*) AS lines, "
            f"COALESCE(SUM({_BOOKED[level]}), 0) AS received, "
            f"COALESCE(SUM({_SPENT[level]}), 0) AS spent, {above} AS above, {differs} AS differs "
            f"FROM {{fund_fact}} AS f WHERE {WHERE} AND {_IN_BOOK[level]} GROUP BY 1 ORDER BY ALL",
            **given(region, year),
        )
        found |= {(level, row["purpose"]): Book(level, **row) for row in rows}
    return found


_BOOKED = {"county": "f.amount_yuan", "township": "f.township_book_yuan",
           "village": "f.village_book_yuan"}  # fmt: skip
_SPENT = {"county": "f.paid_yuan", "township": "f.township_book_spent_yuan",
          "village": "f.village_book_spent_yuan"}  # fmt: skip
_IN_BOOK = {"county": "TRUE", "township": "f.has_township_book", "village": "f.has_village_book"}
_TOWNSHIPS = "SUM(COALESCE(f.township_book_yuan, f.amount_yuan))"


def _differs(level: str) -> str:
    """SQL: whether a line stands otherwise in a book than in the one above, as its check says."""
    return f"({checks()[_BOOK_CHECK[level]].where})" if level in _BOOK_CHECK else "FALSE"


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of a place and year: those named, those that a check found, those of one ledger.

    Of ``every_year`` are the lines of a check that are asked for without a year: what lies for two
    years is not of this one.
    """

    region: str
    year: int
    which: Which = EVERY
    check: str | None = None
    book: tuple[str, str] | None = None
    every_year: bool = False

    def total(self, reader: Reader) -> tuple[int, Decimal]:
        """How many lines, and what they have of the use that is asked for, or in the ledger."""
        row = reader.one(
            f"SELECT COUNT(*) AS n, COALESCE(SUM(asked_yuan), 0) AS yuan FROM ({self._sql()}) AS s",
            **self._given(),
        )
        assert row is not None
        return int(row["n"]), row["yuan"]

    def rows(self, reader: Reader, offset: int = 0, limit: int | None = None) -> pa.Table:
        """A page of them, the most money first. Columns: those of ``fund_fact``, ``asked_yuan``
        (what the line has of the use asked for), ``above_yuan`` and ``book_yuan`` of a ledger,
        ``differs``, and where the line stood: ``source_file``, ``source_row``."""
        page = "" if limit is None else " LIMIT $limit OFFSET $offset"
        return reader.arrow(
            f"{self._sql()} ORDER BY differs DESC, asked_yuan DESC, f.line_id{page}",
            limit=limit,
            offset=offset,
            **self._given(),
        )

    def _sql(self) -> str:
        level = self.book[0] if self.book else "county"
        above = {"village": "COALESCE(f.township_book_yuan, f.amount_yuan)"}.get(
            level, "f.amount_yuan"
        )
        asked = f"COALESCE({_BOOKED[level]}, 0)" if self.book else use_sql(self.which.use)
        return (
            f"SELECT f.*, {asked} AS asked_yuan, {above} AS above_yuan, "
            f"{_BOOKED[level]} AS book_yuan, {_differs(level)} AS differs, "
            f"{_SPENT[level]} AS book_spent_yuan, "
            "a.source_file, a.source_row FROM {fund_fact} AS f "
            # Under other names: what a check asks of a line stands without its table.
            "JOIN (SELECT line_id AS of_line, source_file, source_row FROM {allotment}) AS a "
            "ON a.of_line = f.line_id "
            f"WHERE {self._where()}"
        )

    def _where(self) -> str:
        found = ["f.village_code LIKE $region"]
        if not self.every_year:
            found.append("f.year = $year")
        if self.check is not None:
            found.append("f.line_id IN (SELECT subject_id FROM {finding} WHERE check_key = $check)")
        if self.which.level:
            found.append("COALESCE(f.fund_level, 'unknown') = $level")
        if self.which.purpose or self.book:
            found.append("f.purpose = $purpose")
        if self.which.use:
            found.append(f"{use_sql(self.which.use)} > 0")
        if self.book:
            found.append(_IN_BOOK[self.book[0]])
        return " AND ".join(found)

    def _given(self) -> dict[str, Any]:
        purpose = self.book[1] if self.book else self.which.purpose
        return {
            **given(self.region, self.year),
            "level": self.which.level,
            "purpose": purpose,
            "check": self.check,
        }
