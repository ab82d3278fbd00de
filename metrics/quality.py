"""Findings of suspicious data: counted by check and place, beside another snapshot's, listed."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from metrics.derive import derive
from metrics.paging import PAGE_ROWS, first_row
from metrics.people import NUMBERED
from rules.checks import Check
from store.reader import Reader
from store.scope import Scope
from store.snapshots import Home

# Against another snapshot: not there before, there before too, there before and no more.
CHANGES = ("new", "staying", "gone")

_EARLIER = "earlier_finding"
# Findings of both snapshots. ``change`` is NULL where there is nothing to compare with.
_COMPARED = f"""(
  SELECT f.*, CASE WHEN NOT $compared THEN NULL WHEN e.check_key IS NULL THEN 'new'
    ELSE 'staying' END AS change
  FROM {{finding}} AS f
  LEFT JOIN {_EARLIER} AS e ON e.check_key = f.check_key AND e.subject_id = f.subject_id
  UNION ALL
  SELECT e.*, 'gone' AS change
  FROM {_EARLIER} AS e
  WHERE NOT EXISTS (
    SELECT 1 FROM {{finding}} AS f
    WHERE f.check_key = e.check_key AND f.subject_id = e.subject_id
  )
)"""
_ORDER = "ORDER BY c.village_code, c.household_id NULLS FIRST, c.check_key, c.subject_id"


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """Which findings: of a place, a check, a severity, a subject; without ``change`` those that
    stand now."""

    region: str
    check: str | None = None
    severity: str | None = None
    change: str | None = None
    subject: str | None = None

    def condition(self) -> tuple[str, dict[str, object]]:
        """SQL condition over the compared findings ``c`` and its parameters."""
        parts, given = ["c.village_code LIKE $region"], {"region": f"{self.region}%"}
        asked = {"check_key": self.check, "severity": self.severity, "subject_id": self.subject}
        for column, value in asked.items():
            if value is not None:
                parts.append(f"c.{column} = ${column}")
                given[column] = value
        if self.change is None:
            parts.append("c.change IS DISTINCT FROM 'gone'")
        else:
            parts.append("c.change = $change")
            given["change"] = self.change
        return " AND ".join(parts), dict(given)


class Tally:
    """Findings of a place by check, change and place below: what the page's numbers are."""

    def __init__(self, rows: Iterable[Mapping[str, Any]], checks: Mapping[str, Check]):
        self.by_check: Counter[tuple[str, str]] = Counter()
        self.by_place: Counter[tuple[str, str]] = Counter()
        self.by_severity: Counter[str] = Counter()
        self.changes: Counter[str] = Counter()
        for row in rows:
            check, change, count = row["check_key"], row["change"] or "open", row["found"]
            self.by_check[check, change] += count
            self.changes[change] += count
            if change != "gone":
                self.by_place[check, row["place"]] += count
                self.by_severity[checks[check].severity] += count

    @property
    def standing(self) -> int:
        """Findings that stand now."""
        return self.changes.total() - self.changes["gone"]

    def of_place(self, place: str) -> int:
        """Findings in one of the places below that stand now."""
        return sum(count for (_, at), count in self.by_place.items() if at == place)

    def of_check(self, check: str) -> int:
        """Findings of a check that stand now."""
        return sum(self.by_check[check, change] for change in ("new", "staying", "open"))


@dataclass(frozen=True, slots=True)
class Asked:
    """How many subjects a check looked at, and of how many it could not tell."""

    subjects: int
    unknown: int


class Findings:
    """Findings of a snapshot, beside those of another one if there is one to compare with.

    ``earlier`` are the other's findings within the reader's own scope (``findings_of``).
    """

    def __init__(self, reader: Reader, checks: Mapping[str, Check], earlier: pa.Table | None):
        self._reader = reader
        self._checks = checks
        self.compared = earlier is not None
        if earlier is None:
            earlier = reader.arrow("SELECT * FROM {finding} LIMIT 0")
        reader.lend(_EARLIER, earlier)

    def tally(self, region: str) -> Tally:
        """Findings of a place by check and by the places directly below it."""
        rows = self._reader.rows(
            "SELECT c.check_key, c.change, SUBSTRING(c.village_code, 1, $digits) AS place, "
            f"COUNT(*) AS found FROM {_COMPARED} AS c WHERE c.village_code LIKE $region "
            "GROUP BY ALL ORDER BY ALL",
            compared=self.compared,
            region=f"{region}%",
            digits=9 if len(region) <= 6 else 12,
        )
        return Tally(rows, self._checks)

    def count(self, wanted: FindingFilter) -> tuple[int, int]:
        """How many findings, and in how many households."""
        condition, given = wanted.condition()
        row = self._reader.one(
            "SELECT COUNT(*) AS found, COUNT(DISTINCT c.household_id) AS households "
            f"FROM {_COMPARED} AS c WHERE {condition}",
            compared=self.compared,
            **given,
        )
        assert row is not None
        return row["found"], row["households"]

    def one(self, check: str, subject: str) -> dict[str, Any] | None:
        """What a check finds of a subject now; None for nothing that the viewer sees."""
        found = self.page(FindingFilter("", check, subject=subject), 1)
        return found[0] if found else None

    def page(self, wanted: FindingFilter, page: int) -> list[dict[str, Any]]:
        """One page of findings, by village and household, with the masked names to call them by."""
        part = f" {_ORDER} LIMIT {PAGE_ROWS} OFFSET $skipped"
        return self._listed(wanted, part, skipped=first_row(page)).to_pylist()

    def all(self, wanted: FindingFilter) -> pa.Table:
        """Every finding of the filter in the list's order, for an export."""
        return self._listed(wanted, "")

    def _listed(self, wanted: FindingFilter, part: str, **more: int) -> pa.Table:
        """Findings, or a part of them, with the names of their subjects."""
        condition, given = wanted.condition()
        return self._reader.arrow(
            f"WITH c AS (SELECT * FROM {_COMPARED} AS c WHERE {condition}{part}) "
            "SELECT c.*, m.name AS member_name, m.place AS member_place, h.head_name, "
            "p.name AS project_name, COALESCE(a.name, y.name) AS thing_name "
            f"FROM c LEFT JOIN ({NUMBERED} "
            "WHERE household_id IN (SELECT household_id FROM c)) AS m "
            "ON c.level IN ('member', 'listed') AND m.member_id = c.subject_id "
            "LEFT JOIN {household} AS h ON h.household_id = c.household_id "
            "LEFT JOIN {project} AS p ON c.level = 'project' AND p.project_id = c.subject_id "
            "LEFT JOIN {asset} AS a ON c.level = 'asset' AND a.asset_id = c.subject_id "
            "LEFT JOIN {facility} AS y ON c.level = 'facility' AND y.facility_id = c.subject_id "
            f"{_ORDER}",
            compared=self.compared,
            **given,
            **more,
        )


def asked(reader: Reader, region: str) -> dict[str, Asked]:
    """What each check looked at in a place; a check without any subject there is left out."""
    rows = reader.rows(
        "SELECT check_key, SUM(subjects) AS subjects, SUM(unknown) AS unknown "
        "FROM {check_count} WHERE village_code LIKE $region GROUP BY check_key ORDER BY ALL",
        region=f"{region}%",
    )
    return {row["check_key"]: Asked(int(row["subjects"]), int(row["unknown"])) for row in rows}


def asked_below(reader: Reader, region: str) -> dict[tuple[str, str], Asked]:
    """The same of each check and place directly below: (check, place's code)."""
    rows = reader.rows(
        "SELECT check_key, SUBSTRING(village_code, 1, $digits) AS place, "
        "SUM(subjects) AS subjects, SUM(unknown) AS unknown "
        "FROM {check_count} WHERE village_code LIKE $region GROUP BY ALL ORDER BY ALL",
        region=f"{region}%",
        digits=9 if len(region) <= 6 else 12,
    )
    return {
        (row["check_key"], row["place"]): Asked(int(row["subjects"]), int(row["unknown"]))
        for row in rows
    }


def rates(
    tally: Tally,
    asked: Mapping[tuple[str, str], Asked],
    places: Iterable[str],
    check: str | None = None,
) -> dict[str, tuple[int, int]]:
    """Place to its findings that stand, and what was looked at and could be told: of one check,
    or of all checks together."""
    found: dict[str, tuple[int, int]] = {}
    for place in places:
        keys = [key for key, at in asked if at == place and check in (None, key)]
        told = sum(asked[key, place].subjects - asked[key, place].unknown for key in keys)
        found[place] = sum(tally.by_place[key, place] for key in keys), told
    return found


def findings_of(home: Home, number: int, scope: Scope) -> pa.Table:
    """Findings of a snapshot within a scope, by today's checks.

    Raises store.snapshots.NoSnapshot or SnapshotDamaged.
    """
    within = (pc.starts_with(pc.field("village_code"), code) for code in scope.codes)
    path = derive(home, home.open(number)) / "finding.parquet"
    return pq.read_table(path, filters=reduce(operator.or_, within, pc.scalar(False)))


def comparable(home: Home, number: int) -> list[int]:
    """The same county's other snapshots, the newest first."""
    county = home.open(number, verify=False).county_code
    others = (n for n in reversed(home.numbers()) if n != number)
    return [n for n in others if home.open(n, verify=False).county_code == county]
