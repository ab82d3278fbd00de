"""One line of a fund down to the households that it reached, and the boards beside the money:
notices, reports, questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa

from metrics.funds import NOTICES
from store.reader import Reader

Row = Mapping[str, Any]
_SINCE = 2019  # notices are asked for since that year (rules/checks.yaml)


@dataclass(frozen=True, slots=True)
class Line:
    """A line with all that is known of it; ``findings`` are what checks found of it."""

    facts: dict[str, Any]
    payments: list[dict[str, Any]]
    notices: list[dict[str, Any]]
    reports: list[dict[str, Any]]
    findings: list[dict[str, Any]]


def line(reader: Reader, line_id: str) -> Line | None:
    """A line that the scope contains; None for any other or none."""
    facts = reader.one(
        "SELECT f.*, a.source_file, a.source_row, a.document_number AS line_document, "
        "p.name AS project FROM {fund_fact} AS f JOIN {allotment} AS a ON a.line_id = f.line_id "
        "LEFT JOIN {project} AS p ON p.project_id = f.project_code WHERE f.line_id = $id",
        id=line_id,
    )
    if facts is None:
        return None

    def rows(sql: str) -> list[dict[str, Any]]:
        return reader.rows(f"SELECT * FROM {sql}", id=line_id)

    return Line(
        facts,
        rows("{payment} WHERE line_id = $id ORDER BY paid_on, payment_id"),
        rows("{publication} WHERE line_id = $id ORDER BY published_on, publication_id"),
        rows("{complaint} WHERE line_id = $id ORDER BY received_on, complaint_id"),
        rows("{finding} WHERE subject_id = $id ORDER BY check_key"),
    )


@dataclass(frozen=True, slots=True)
class Receipts:
    """What the households of a line's lists got."""

    line_id: str

    def total(self, reader: Reader) -> tuple[int, Decimal]:
        """How many rows, and what they add up to."""
        row = reader.one(
            "SELECT COUNT(*) AS n, COALESCE(SUM(amount_yuan), 0) AS yuan FROM {fund_receipt} "
            "WHERE line_id = $id",
            id=self.line_id,
        )
        assert row is not None
        return int(row["n"]), row["yuan"]

    def rows(self, reader: Reader, offset: int = 0, limit: int | None = None) -> pa.Table:
        """A page of them by village and household, names masked."""
        page = "" if limit is None else " LIMIT $limit OFFSET $offset"
        return reader.arrow(
            "SELECT r.*, h.head_name FROM {fund_receipt} AS r "
            "LEFT JOIN {household} AS h ON h.household_id = r.household_id WHERE r.line_id = $id "
            f"ORDER BY r.village_code, r.household_id, r.receipt_id{page}",
            id=self.line_id,
            limit=limit,
            offset=offset,
        )


def of_household(reader: Reader, household_id: str) -> list[dict[str, Any]]:
    """Every amount that reached a household, the newest first, with its fund, document and
    project as far as the scope contains its line; ``in_all`` is what they come to."""
    return reader.rows(
        "SELECT r.*, f.fund_name, f.document_number, f.content, f.purpose, f.year, "
        "p.name AS project, f.line_id IS NOT NULL AS line_seen, "
        "SUM(r.amount_yuan) OVER () AS in_all FROM {fund_receipt} AS r "
        "LEFT JOIN {fund_fact} AS f ON f.line_id = r.line_id "
        "LEFT JOIN {project} AS p ON p.project_id = f.project_code "
        "WHERE r.household_id = $id ORDER BY r.received_on DESC, r.receipt_id",
        id=household_id,
    )


def notice_counts(reader: Reader, region: str, year: int) -> dict[str, int]:
    """Of a year's lines: ``all``, ``published``, and those found by each check of notices."""
    row = reader.one(
        "SELECT COUNT(*) AS n, COUNT(published_on) AS published FROM {fund_fact} AS f "
        "WHERE f.year = $year AND f.village_code LIKE $region",
        region=f"{region}%",
        year=year,
    )
    found = reader.rows(
        "SELECT g.check_key, COUNT(*) AS n FROM {finding} AS g "
        "JOIN {fund_fact} AS f ON f.line_id = g.subject_id "
        "WHERE f.year = $year AND f.village_code LIKE $region GROUP BY 1 ORDER BY ALL",
        region=f"{region}%",
        year=year,
    )
    counts = {one["check_key"]: int(one["n"]) for one in found}
    assert row is not None
    return {"all": row["n"], "published": row["published"]} | {k: counts.get(k, 0) for k in NOTICES}


@dataclass(frozen=True, slots=True)
class Entries:
    """Reports about funds (``complaint``) or questions (``inquiry``) of a place, of all years."""

    table: str
    region: str

    def counts(self, reader: Reader) -> tuple[int, int]:
        """All of them, and those that nobody has answered."""
        row = reader.one(
            "SELECT COUNT(*) AS n, COUNT(*) - COUNT(answered_on) AS waiting "
            f"FROM {{{self.table}}} WHERE region_code LIKE $region",
            region=f"{self.region}%",
        )
        assert row is not None
        return int(row["n"]), int(row["waiting"])

    def rows(self, reader: Reader, offset: int = 0, limit: int | None = None) -> pa.Table:
        """A page of them: those without an answer first, the longest waiting before the others."""
        page = "" if limit is None else " LIMIT $limit OFFSET $offset"
        return reader.arrow(
            f"SELECT * FROM {{{self.table}}} WHERE region_code LIKE $region ORDER BY "
            f"answered_on IS NOT NULL, received_on, {self.table}_id{page}",
            region=f"{self.region}%",
            limit=limit,
            offset=offset,
        )
