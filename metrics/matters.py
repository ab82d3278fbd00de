"""五项督战: what zones or grids have open of the five supervised matters, like compared with like.

A zone's households differ in kind: one with many monitored or ill households has more to do than
another. So beside what is open stands what would be, had each kind of its households so much open
as in the whole place shown (indirect standardisation). Open by expected is the ratio, with Byar's
approximation of the exact Poisson interval of 95 % (Breslow and Day, Statistical Methods in Cancer
Research II, 1987, p. 69). Where that holds 1 the zone is level with the others; where fewer than
``FEW`` are expected nothing is said at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, Literal

import pyarrow as pa

from metrics import paging
from metrics.paging import Order
from metrics.shares import percent
from rules.registry import rules
from store.amended import literal
from store.reader import Reader

MATTERS: tuple[str, ...] = tuple(key for key, rule in rules().items() if rule.system == "war_zones")
KINDS = ("monitored", "ill", "elderly", "other")
FEW = 5  # expected; below it a ratio says nothing
# Whom a matter concerns; the others concern every household of the relation.
_ASKED = {
    "matter_relocation": "f.relocated",
    "matter_monitoring": "f.monitored",
    "matter_findings": "f.finding_made",
}
_SIDES = ("asked", "told", "open")
_95 = 1.959964
Judged = Literal["above", "below", "level", "small"]

_COUNTS = ", ".join(
    f"COUNT(*) FILTER (WHERE {_ASKED.get(key, 'TRUE')}) AS {key}__asked, "
    f"COUNT(f.in_{key}) FILTER (WHERE {_ASKED.get(key, 'TRUE')}) AS {key}__told, "
    f"COUNT(*) FILTER (WHERE {_ASKED.get(key, 'TRUE')} AND f.in_{key}) AS {key}__open"
    for key in MATTERS
)
_HERE = "f.year = $year AND f.village_code LIKE $region"
# A household of a village that two zones have counts in each of them.
_OF_ZONES = f"""
SELECT m.zone_code, f.case_kind, COUNT(*) AS households, {_COUNTS}
FROM {{supervised_fact}} AS f
JOIN {{zone_member}} AS m ON starts_with(f.village_code, m.village_code)
WHERE {_HERE} AND m.village_groups IS NULL AND m.zone_code IN (SELECT unnest($zones))
GROUP BY ALL
"""
_OF_ALL = f"""
SELECT f.case_kind, COUNT(*) AS households, {_COUNTS}
FROM {{supervised_fact}} AS f WHERE {_HERE} GROUP BY ALL
"""
_LEADERS = """
SELECT zone_code, MIN(zone_leader) AS leader, MIN(zone_leader_post) AS post, MIN(zone_unit) AS unit,
  COUNT(*) AS villages
FROM {zone_member}
WHERE village_code LIKE $region AND zone_code IN (SELECT unnest($zones))
GROUP BY zone_code
"""
_GRIDS = """
SELECT f.*
FROM {zone_fact} AS f
WHERE f.year = $year AND f.village_code LIKE $region
"""
_GRIDS_FIRST = Order.by("in_zone_in_order", "zone_code")
_VILLAGES = """
SELECT v.region_code AS village_code, v.name, COUNT(DISTINCT z.zone_code)::INT AS zones,
  MIN(z.zone_code) AS zone, MAX(z.zone_code) AS other, MIN(g.zone_code) AS grid,
  ABS(COUNT(DISTINCT z.zone_code) - 1)::INT AS odd
FROM {region} AS v
LEFT JOIN {zone_member} AS z
  ON z.zone_level = 'zone' AND starts_with(v.region_code, z.village_code)
LEFT JOIN {zone_member} AS g ON g.zone_level = 'grid_1' AND g.village_code = v.region_code
WHERE v.level = 'village' AND v.region_code LIKE $region AND ($seen)
GROUP BY ALL
"""
_VILLAGES_FIRST = Order.by("-odd", "zones", "village_code")


@dataclass(frozen=True, slots=True)
class Count:
    """One matter of a zone: households asked, those ``told`` of which it is known, those open, and
    how many would be at the rates of the whole place (None: nothing is known there)."""

    matter: str
    asked: int = 0
    told: int = 0
    open: int = 0
    expected: float | None = None

    @property
    def unknown(self) -> int:
        return self.asked - self.told

    @property
    def share(self) -> float | None:
        """Open of those known, in percent; None of nobody."""
        return percent(self.open, self.told)

    @property
    def ratio(self) -> float | None:
        """Open by expected; None where none is expected."""
        return self.open / self.expected if self.expected else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The interval of 95 % of the ratio."""
        return between(self.open, self.expected) if self.expected else None

    @property
    def judged(self) -> Judged:
        """More or fewer open than expected, level with it, or too few to say."""
        found = self.interval
        if found is None or self.expected is None or self.expected < FEW:
            return "small"
        return "above" if found[0] > 1 else "below" if found[1] < 1 else "level"


@dataclass(frozen=True, slots=True)
class Standing:
    """A zone or grid: its households by kind, its matters, all of these together, and the span of
    its rank, 1 the one with most open for its kind (None where nothing can be said)."""

    zone: str
    kinds: Mapping[str, int]
    matters: Mapping[str, Count]
    whole: Count
    leader: str | None = None
    post: str | None = None
    unit: str | None = None
    villages: int = 0
    first: int | None = None
    last: int | None = None

    @property
    def households(self) -> int:
        return sum(self.kinds.values())

    def mix(self, kind: str) -> float | None:
        """The share of a kind among its households, in percent."""
        return percent(self.kinds.get(kind, 0), self.households)


def between(seen: int, expected: float) -> tuple[float, float]:
    """Byar's interval of 95 % of a ratio of counts seen to expected."""
    low = 0.0
    if seen:
        low = seen * (1 - 1 / (9 * seen) - _95 / (3 * sqrt(seen))) ** 3
    more = seen + 1
    high = more * (1 - 1 / (9 * more) + _95 / (3 * sqrt(more))) ** 3
    return max(low, 0.0) / expected, high / expected


def standings(reader: Reader, region: str, year: int, zones: Sequence[str]) -> list[Standing]:
    """Zones or grids in the order of what they have open for the kinds of their households, the
    most first; those of which nothing can be said last."""
    given = {"region": f"{region}%", "year": year}
    rates = _rates(reader.rows(_OF_ALL, **given))
    counted: dict[str, list[dict[str, Any]]] = {zone: [] for zone in zones}
    for row in reader.rows(_OF_ZONES, **given, zones=list(zones)):
        counted[row["zone_code"]].append(row)
    led = {row["zone_code"]: row for row in reader.rows(_LEADERS, **given, zones=list(zones))}
    found = [_standing(zone, rows, rates, led.get(zone)) for zone, rows in counted.items()]
    return _ranked(found)


def supervised(reader: Reader, region: str, year: int) -> int:
    """Households that are supervised, each once."""
    row = reader.one(
        f"SELECT COUNT(*) AS n FROM {{supervised_fact}} AS f WHERE {_HERE}",
        region=f"{region}%",
        year=year,
    )
    return row["n"] if row else 0


def _rates(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], float]:
    """Open of those known by matter and kind, as a share of 1; none where nobody is known."""
    return {
        (key, row["case_kind"]): row[f"{key}__open"] / row[f"{key}__told"]
        for row in rows
        for key in MATTERS
        if row[f"{key}__told"]
    }


def _standing(
    zone: str,
    rows: Sequence[Mapping[str, Any]],
    rates: Mapping[tuple[str, str], float],
    led: Mapping[str, Any] | None,
) -> Standing:
    matters = {}
    for key in MATTERS:
        asked, told, open_ = (sum(row[f"{key}__{side}"] for row in rows) for side in _SIDES)
        known = [row for row in rows if (key, row["case_kind"]) in rates]
        expected = sum(row[f"{key}__told"] * rates[key, row["case_kind"]] for row in known)
        matters[key] = Count(key, asked, told, open_, expected if known else None)
    every = matters.values()
    whole = Count(
        "", sum(one.asked for one in every), sum(one.told for one in every),
        sum(one.open for one in every), sum(one.expected or 0.0 for one in every),
    )  # fmt: skip
    kinds = {row["case_kind"]: row["households"] for row in rows}
    about = {key: led[key] for key in ("leader", "post", "unit", "villages")} if led else {}
    return Standing(zone, kinds, matters, whole, **about)


def _ranked(found: Sequence[Standing]) -> list[Standing]:
    """In their order, each with the span from those surely ahead of it to those surely behind."""
    spans = {
        one.zone: span
        for one in found
        if one.whole.judged != "small" and (span := one.whole.interval) is not None
    }
    ranked = []
    for one in found:
        if one.zone in spans:
            low, high = spans[one.zone]
            ahead = sum(other[0] > high for other in spans.values())
            behind = sum(other[1] < low for other in spans.values())
            ranks = {"first": ahead + 1, "last": len(spans) - behind}
            one = Standing(
                one.zone, one.kinds, one.matters, one.whole, one.leader, one.post, one.unit,
                one.villages, **ranks,
            )  # fmt: skip
        ranked.append(one)
    return sorted(ranked, key=lambda one: (one.first is None, -(one.whole.ratio or 0), one.zone))


def foremost(found: Sequence[Standing]) -> tuple[Standing, Count] | None:
    """The zone and matter that stand out most above what was expected; None where none does."""
    above = [
        (one, count) for one in found for count in one.matters.values() if count.judged == "above"
    ]
    return max(above, key=lambda pair: (pair[1].ratio or 0, pair[0].zone), default=None)


def count_grids(reader: Reader, region: str, year: int) -> tuple[int, int]:
    """How many zones and grids there are, and how many are not in order."""
    row = reader.one(
        "SELECT COUNT(*) AS every, COUNT(*) FILTER (WHERE in_zone_in_order IS FALSE) AS wrong "
        f"FROM ({_GRIDS})",
        region=f"{region}%",
        year=year,
    )
    assert row is not None
    return row["every"], row["wrong"]


def grids(
    reader: Reader, region: str, year: int, offset: int = 0, limit: int | None = None
) -> pa.Table:
    """Zones and grids with their leaders, those not in order first: the columns of zone_fact."""
    given = {"region": f"{region}%", "year": year}
    return paging.rows(reader, _GRIDS, _GRIDS_FIRST, offset, limit, given)


def count_members(reader: Reader, region: str) -> tuple[int, int, int]:
    """How many villages there are, in no zone, and in several; no zone loaded, none is lacking."""
    row = reader.one(
        "SELECT COUNT(*) AS every, COUNT(*) FILTER (WHERE zones = 0) AS missing, "
        f"COUNT(*) FILTER (WHERE zones > 1) AS several FROM ({_of_scope(reader)})",
        region=f"{region}%",
    )
    assert row is not None
    return row["every"], row["missing"], row["several"]


def members(reader: Reader, region: str, offset: int = 0, limit: int | None = None) -> pa.Table:
    """Villages with the zones that they are in, gaps and overlaps first: ``village_code``,
    ``zones`` how many, ``zone``, the ``other`` one, and ``grid`` of level 1."""
    given = {"region": f"{region}%"}
    query = _of_scope(reader)
    return paging.rows(reader, query, _VILLAGES_FIRST, offset, limit, given)


def _of_scope(reader: Reader) -> str:
    """The villages that the reader sees: names of places are open to all, what is said here of
    them is not."""
    seen = " OR ".join(
        f"starts_with(v.region_code, {literal(code)})" for code in reader.scope.codes
    )
    return _VILLAGES.replace("$seen", seen or "FALSE")
