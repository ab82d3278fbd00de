"""What projects left: assets by kind, what they yield beside what was agreed, and dividends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from metrics.project_library import checks_of, subject_of
from store.reader import Reader

LEVEL = "asset"
STATES = checks_of(LEVEL)

_LISTED = """
SELECT a.*, y.year AS yield_year, y.yield_yuan, y.dividend_yuan, y.dividend_due_yuan,
  100.0 * y.yield_yuan / NULLIF(a.agreed_yield_yuan, 0) AS yield_percent
FROM {asset} AS a
LEFT JOIN (
  SELECT f.*, ROW_NUMBER() OVER (PARTITION BY f.asset_id ORDER BY f.year DESC) AS turn
  FROM {asset_fact} AS f WHERE f.yield_yuan IS NOT NULL
) AS y ON y.asset_id = a.asset_id AND y.turn = 1
"""


def _where(state: str | None) -> str:
    told = subject_of("a.asset_id", state) if state in STATES else "TRUE"
    return f"WHERE a.village_code LIKE $region AND {told}"


@dataclass(frozen=True, slots=True)
class Assets:
    """The assets of a place, or those that a check finds."""

    region: str
    state: str | None = None

    def totals(self, reader: Reader) -> dict[str, Any]:
        """How many, their value, the last yields beside what was agreed of them, dividends."""
        row = reader.one(
            "SELECT COUNT(*) AS assets, "
            "CAST(SUM(CAST(value_yuan AS DECIMAL(20, 4))) AS DOUBLE) AS value_yuan, "
            "CAST(SUM(CAST(yield_yuan AS DECIMAL(20, 4))) AS DOUBLE) AS yield_yuan, "
            "CAST(SUM(CASE WHEN yield_yuan IS NOT NULL THEN CAST(agreed_yield_yuan "
            "AS DECIMAL(20, 4)) END) AS DOUBLE) AS agreed_yield_yuan, "
            "CAST(SUM(CAST(dividend_yuan AS DECIMAL(20, 4))) AS DOUBLE) AS dividend_yuan, "
            "MAX(yield_year) AS yield_year "
            f"FROM ({_LISTED} {_where(self.state)}) AS s",
            region=f"{self.region}%",
        )
        assert row is not None
        agreed = row["agreed_yield_yuan"]
        share = 100 * (row["yield_yuan"] or 0) / agreed if agreed else None
        return row | {"yield_percent": share}

    def by_kind(self, reader: Reader) -> list[dict[str, Any]]:
        """The same by kind of asset, the most valuable first."""
        return reader.rows(
            "SELECT asset_kind, COUNT(*) AS assets, "
            "CAST(SUM(CAST(value_yuan AS DECIMAL(20, 4))) AS DOUBLE) AS value_yuan, "
            "COUNT(*) FILTER (WHERE asset_state IN ('idle', 'damaged')) AS unused, "
            "CAST(SUM(CAST(yield_yuan AS DECIMAL(20, 4))) AS DOUBLE) AS yield_yuan, "
            "100.0 * SUM(CAST(yield_yuan AS DECIMAL(20, 4))) / NULLIF(SUM(CASE WHEN yield_yuan "
            "IS NOT NULL THEN CAST(agreed_yield_yuan AS DECIMAL(20, 4)) END), 0) AS yield_percent "
            f"FROM ({_LISTED} {_where(self.state)}) AS s GROUP BY asset_kind "
            "ORDER BY value_yuan DESC NULLS LAST, asset_kind",
            region=f"{self.region}%",
        )

    def count(self, reader: Reader) -> int:
        """How many there are."""
        return int(self.totals(reader)["assets"])

    def rows(self, reader: Reader, offset: int = 0, limit: int | None = None) -> pa.Table:
        """A page of them, or all: the lowest share of the agreed yield first.

        Columns: those of asset, and yield_year, yield_yuan, yield_percent, dividend_yuan,
        dividend_due_yuan of the last year with a yield.
        """
        page = "" if limit is None else " LIMIT $limit OFFSET $offset"
        return reader.arrow(
            f"SELECT * FROM ({_LISTED} {_where(self.state)}) AS s "
            f"ORDER BY s.yield_percent NULLS LAST, s.village_code, s.asset_id{page}",
            region=f"{self.region}%",
            limit=limit,
            offset=offset,
        )
