"""353管护 and 爱心超市: facilities by route, money by source, points by village and month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from metrics.project_library import checks_of, subject_of
from metrics.shares import percent
from store.reader import Reader

ROUTES = ("specialist", "market", "villagers")
SOURCES = (
    "upkeep_budget_yuan", "upkeep_department_yuan", "upkeep_township_yuan",
    "upkeep_collective_yuan", "upkeep_asset_yuan", "upkeep_users_yuan", "upkeep_helpers_yuan",
    "upkeep_donated_yuan",
)  # fmt: skip
_WHOLE = " + ".join(f"COALESCE({source}, 0)" for source in SOURCES)
FACILITY, SHOP = "facility", "shop"
RAISED = "raised"  # names the lines of what was raised, in place of facilities
FACILITY_STATES = (*ROUTES, RAISED, *checks_of(FACILITY))
SHOP_STATES = checks_of(SHOP)


def _exact(column: str) -> str:
    return f"CAST(SUM(CAST({column} AS DECIMAL(20, 4))) AS DOUBLE) AS {column}"


def routes(reader: Reader, region: str) -> dict[str, dict[str, Any]]:
    """Facilities of a place by route: how many, well kept, without a caretaker, upkeep in yuan."""
    rows = reader.rows(
        "SELECT upkeep_route, COUNT(*) AS facilities, "
        "COUNT(*) FILTER (WHERE facility_state = 'good') AS good, "
        "COUNT(*) FILTER (WHERE facility_state = 'broken') AS broken, "
        f"COUNT(*) - COUNT(caretaker) AS no_caretaker, {_exact('upkeep_yuan')} "
        "FROM {facility} WHERE village_code LIKE $region GROUP BY upkeep_route ORDER BY ALL",
        region=f"{region}%",
    )
    return {row["upkeep_route"]: row for row in rows}


def together(found: Mapping[str, Mapping[str, Any]], column: str) -> float:
    """A count of all routes together."""
    return sum(row[column] for row in found.values())


def good_share(found: Mapping[str, Mapping[str, Any]]) -> float | None:
    """Percent of the facilities that are in good state."""
    return percent(together(found, "good"), together(found, "facilities"))


def money(reader: Reader, region: str) -> list[dict[str, Any]]:
    """Yuan raised for upkeep by year, ascending, by each of the eight sources and in all."""
    return reader.rows(
        f"SELECT year, {', '.join(map(_exact, SOURCES))}, "
        f"CAST(SUM(CAST({_WHOLE} AS DECIMAL(20, 4))) AS DOUBLE) AS raised_yuan "
        "FROM {facility_fund} WHERE village_code LIKE $region GROUP BY year ORDER BY year",
        region=f"{region}%",
    )


@dataclass(frozen=True, slots=True)
class Raised:
    """What was raised for upkeep in a place, a line a village and year."""

    region: str

    def count(self, reader: Reader) -> int:
        """How many lines there are."""
        row = reader.one(
            "SELECT COUNT(*) AS n FROM {facility_fund} WHERE village_code LIKE $region",
            region=f"{self.region}%",
        )
        return int(row["n"]) if row else 0

    def rows(self, reader: Reader, offset: int = 0, limit: int | None = None) -> pa.Table:
        """A page of them, or all, the newest year first: facility_fund's columns, raised_yuan."""
        page = "" if limit is None else " LIMIT $limit OFFSET $offset"
        return reader.arrow(
            f"SELECT *, {_WHOLE} AS raised_yuan FROM {{facility_fund}} "
            f"WHERE village_code LIKE $region ORDER BY year DESC, village_code{page}",
            region=f"{self.region}%",
            limit=limit,
            offset=offset,
        )


@dataclass(frozen=True, slots=True)
class Facilities:
    """The facilities of a place: all, of one route, or those that a check finds."""

    region: str
    state: str | None = None

    def _where(self) -> str:
        told = "TRUE"
        if self.state in ROUTES:
            told = f"f.upkeep_route = '{self.state}'"
        elif self.state in FACILITY_STATES and self.state != RAISED:
            told = subject_of("f.facility_id", str(self.state))
        return f"FROM {{facility}} AS f WHERE f.village_code LIKE $region AND {told}"

    def count(self, reader: Reader) -> int:
        """How many there are."""
        row = reader.one(f"SELECT COUNT(*) AS n {self._where()}", region=f"{self.region}%")
        return int(row["n"]) if row else 0

    def rows(self, reader: Reader, offset: int = 0, limit: int | None = None) -> pa.Table:
        """A page of them, or all: what is broken first. Columns: those of facility."""
        page = "" if limit is None else " LIMIT $limit OFFSET $offset"
        return reader.arrow(
            f"SELECT f.* {self._where()} ORDER BY CASE f.facility_state WHEN 'broken' THEN 0 "
            f"WHEN 'worn' THEN 1 ELSE 2 END, f.patrolled_on, f.facility_id{page}",
            region=f"{self.region}%",
            limit=limit,
            offset=offset,
        )


_SHOPS = """
SELECT p.village_code, COUNT(*) AS months, CAST(SUM(p.points_earned) AS BIGINT) AS points_earned,
  CAST(SUM(p.points_redeemed) AS BIGINT) AS points_redeemed,
  CAST(SUM(p.points_earned) - SUM(p.points_redeemed) AS BIGINT) AS points_left,
  MAX(CASE WHEN p.points_redeemed > 0 THEN p.month_on END) AS last_redeemed_on,
  MAX(p.month_on) AS last_month_on, MAX(p.source_file) AS source_file,
  CAST(SUM(CAST(p.goods_yuan AS DECIMAL(20, 4))) AS DOUBLE) AS goods_yuan
FROM {points_month} AS p WHERE p.village_code LIKE $region GROUP BY p.village_code
"""


@dataclass(frozen=True, slots=True)
class Shops:
    """The points shops of a place: all, or those that a check finds."""

    region: str
    state: str | None = None

    def _where(self) -> str:
        found = self.state in SHOP_STATES
        return subject_of("s.village_code", str(self.state)) if found else "TRUE"

    def totals(self, reader: Reader) -> dict[str, Any]:
        """Shops, points earned and redeemed in all."""
        row = reader.one(
            "SELECT COUNT(*) AS shops, CAST(SUM(points_earned) AS DOUBLE) AS points_earned, "
            "CAST(SUM(points_redeemed) AS DOUBLE) AS points_redeemed "
            f"FROM ({_SHOPS}) AS s WHERE {self._where()}",
            region=f"{self.region}%",
        )
        assert row is not None
        earned = row["points_earned"]
        share = 100 * row["points_redeemed"] / earned if earned else None
        return row | {"redeemed_percent": share}

    def count(self, reader: Reader) -> int:
        """How many there are."""
        return int(self.totals(reader)["shops"])

    def rows(self, reader: Reader, offset: int = 0, limit: int | None = None) -> pa.Table:
        """A page of them, or all: the longest without a redeemed point first."""
        page = "" if limit is None else " LIMIT $limit OFFSET $offset"
        return reader.arrow(
            f"SELECT * FROM ({_SHOPS}) AS s WHERE {self._where()} "
            f"ORDER BY s.last_redeemed_on NULLS FIRST, s.points_left DESC, s.village_code{page}",
            region=f"{self.region}%",
            limit=limit,
            offset=offset,
        )


def points_by_month(reader: Reader, region: str) -> list[dict[str, Any]]:
    """Points earned and redeemed by month, ascending, and the shops in which any was redeemed."""
    return reader.rows(
        "SELECT month_on, CAST(SUM(points_earned) AS DOUBLE) AS points_earned, "
        "CAST(SUM(points_redeemed) AS DOUBLE) AS points_redeemed, "
        "COUNT(*) FILTER (WHERE points_redeemed > 0) AS open_shops, COUNT(*) AS shops "
        "FROM {points_month} WHERE village_code LIKE $region GROUP BY month_on ORDER BY month_on",
        region=f"{region}%",
    )
