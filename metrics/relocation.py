"""易地搬迁: where the relocated live, what each standard comes to, and what blocks each household.

All is known as of the data date only, so these are answers for its year.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from metrics import paging
from metrics.paging import Order
from metrics.shares import percent
from rules.registry import rules, systems
from rules.tally import Tally, tally
from store.amended import literal
from store.reader import Reader

RELATION = "relocation_fact"
# What a settled household meets, in the order in which a move goes on.
STANDARDS = rules()["relocation_settled"].parts
SETTLED, AREA = "relocation_settled", "relocation_area"
# What the site of a household has.
OF_SITES = ("site_school", "site_clinic", "site_workshop", "site_fund", "site_acceptance")
# Lists: those who miss a standard, and those whom a rule finds that says what is wrong.
_MISSED = ("relocation_moved_in", *STANDARDS, AREA, *OF_SITES)
_MET = ("relocation_both_ways", "relocation_empty", "relocation_old_house_late")
BLOCKED = "blocked"
LISTS: dict[str, tuple[str, str]] = {
    BLOCKED: (SETTLED, "missed"),
    **{key: (key, "missed") for key in _MISSED},
    **{key: (key, "met") for key in _MET},
}
_SITE_ID = re.compile(r"[\w-]{1,40}")
_ANSWERS = {"met": "IS TRUE", "missed": "IS FALSE", "unknown": "IS NULL"}
_HERE = "FROM {relocation_fact} AS f WHERE f.year = $year AND f.village_code LIKE $region"
_WORST_FIRST = Order.by("-blocks", "village_code", "household_id")
_FEW = 7
_DRAWN = 0.5  # of the households, that the flows drawn carry

_BLOCKED = """
SELECT f.household_id, f.village_code, h.head_name, f.site_id, s.name AS site_name, f.people,
  f.moved_in_on, f.months_in_new_home, f.kept_reason, f.follow_up, {blocks} AS blocks, {answers}
FROM {{relocation_fact}} AS f
JOIN {{household}} AS h ON h.household_id = f.household_id
LEFT JOIN {{settlement_site}} AS s ON s.site_id = f.site_id
WHERE f.year = $year AND f.village_code LIKE $region AND {condition}
"""
_SITES = """
SELECT COALESCE(c.site_id, s.site_id) AS site_id, s.name, s.village_code, s.large, s.longitude,
  s.latitude, s.planned_households, s.workshops, s.industry_parks, s.jobs, s.follow_up_yuan,
  s.school_km, s.clinic_km, s.workshop_km, s.accepted_on, s.accepted_on_until,
  c.* EXCLUDE (site_id)
FROM (SELECT * FROM {{settlement_site}} WHERE village_code LIKE $region) AS s
FULL JOIN (
  SELECT f.site_id, COUNT(*) AS households, SUM(f.people) AS people, {counts}
  FROM {{relocation_fact}} AS f
  WHERE f.year = $year AND f.village_code LIKE $region AND f.site_id IS NOT NULL
  GROUP BY f.site_id
) AS c ON c.site_id = s.site_id
ORDER BY c.settled_missed DESC NULLS LAST, site_id
"""


@dataclass(frozen=True, slots=True)
class Summary:
    """Relocated households and people of a place, those at sites, and the sites that lie in it."""

    households: int
    people: int
    at_sites: int
    sites: int
    large: int


def summary(reader: Reader, region: str, year: int) -> Summary:
    """How many were relocated, and to how many sites; of both as much as the scope contains."""
    given = {"region": f"{region}%", "year": year}
    row = reader.one(
        "SELECT COUNT(*) AS households, COALESCE(SUM(f.people), 0) AS people, "
        f"COUNT(*) FILTER (WHERE f.approach = 'site') AS at_sites {_HERE}",
        **given,
    )
    site = reader.one(
        "SELECT COUNT(*) AS sites, COUNT(*) FILTER (WHERE large) AS large "
        "FROM {settlement_site} WHERE village_code LIKE $region",
        region=f"{region}%",
    )
    assert row is not None and site is not None
    return Summary(**{key: int(n) for key, n in {**row, **site}.items()})


def answers(reader: Reader, region: str, year: int, level: str) -> dict[str, Tally]:
    """Each rule of ``LISTS`` and of being settled to how the place's households answer it."""
    keys = [SETTLED, *_MISSED, *_MET]
    found = tally(reader, keys, year, level, region=region)
    return {key: found[key].get(region, Tally()) for key in keys}


def by_place(
    reader: Reader, region: str, year: int, level: str
) -> Mapping[str, Mapping[str, Tally]]:
    """Being settled and each standard, then the code of each place of a level, to its counts."""
    return tally(reader, [SETTLED, *STANDARDS], year, level, region=region)


def sites(reader: Reader, region: str, year: int, limit: int | None = None) -> list[dict[str, Any]]:
    """A row a site that lies in the place or took its households, the most blocked ones first.

    Columns: those of settlement_site (None of a site that the scope does not contain),
    ``households`` and ``people`` of the place there, and ``<rule>_met`` and ``<rule>_missed`` of
    being settled (``settled``), each standard and what sites have.
    """
    counts = ", ".join(
        f"COUNT(*) FILTER (WHERE f.in_{key} {_ANSWERS[answer]}) AS {_short(key)}_{answer}"
        for key in (SETTLED, "relocation_moved_in", *STANDARDS, *OF_SITES)
        for answer in ("met", "missed")
    )
    found = reader.rows(_SITES.format(counts=counts), region=f"{region}%", year=year)
    return found if limit is None else found[:limit]


def _short(key: str) -> str:
    return key.removeprefix("relocation_")


def worst(found: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The sites where most households are not settled, at most seven."""
    return [row for row in found if row["settled_missed"]][:_FEW]


def scattered(found: Summary) -> int:
    """Households that live at no site."""
    return found.households - found.at_sites


def count(reader: Reader, part: str, region: str, year: int) -> int:
    """How many households a list has. Raises KeyError for one that there is not."""
    row = reader.one(
        f"SELECT COUNT(*) AS n FROM ({_listed(part)}) AS listed", region=f"{region}%", year=year
    )
    return int(row["n"]) if row else 0


def blocked(
    reader: Reader, part: str, region: str, year: int, offset: int = 0, limit: int | None = None
) -> pa.Table:
    """The households of a list, those with most standards missed first.

    Columns: household_id, village_code, head_name (masked), site_id, site_name, people,
    moved_in_on, months_in_new_home, kept_reason, follow_up, blocks (how many standards are
    missed), and the answer of each standard.
    """
    given = {"region": f"{region}%", "year": year}
    return paging.rows(reader, _listed(part), _WORST_FIRST, offset, limit, given)


def _listed(part: str) -> str:
    key, answer = LISTS[part]
    missed = " + ".join(f"CASE WHEN f.in_{one} IS FALSE THEN 1 ELSE 0 END" for one in STANDARDS)
    asked = "f.approach = 'site' AND " if key in OF_SITES else ""
    return _BLOCKED.format(
        blocks=f"({missed})",
        answers=", ".join(f"f.in_{one}" for one in STANDARDS),
        condition=f"{asked}f.in_{key} {_ANSWERS[answer]}",
    )


def blocks(row: Mapping[str, Any]) -> list[str]:
    """The standards that a row of ``blocked`` misses."""
    return [key for key in STANDARDS if row[f"in_{key}"] is False]


def flows(reader: Reader, region: str, year: int) -> list[dict[str, Any]]:
    """Village of origin and site, where both lie in the scope, with the households that moved.

    Columns: village_code, site_id, name, site_village, longitude, latitude, households; the
    largest last, so that they are drawn above the others.
    """
    return reader.rows(
        "SELECT f.village_code, f.site_id, s.name, s.village_code AS site_village, s.longitude, "
        "s.latitude, COUNT(*) AS households "
        "FROM {relocation_fact} AS f JOIN {settlement_site} AS s ON s.site_id = f.site_id "
        "WHERE f.year = $year AND f.village_code LIKE $region AND s.longitude IS NOT NULL "
        "AND s.latitude IS NOT NULL GROUP BY ALL ORDER BY households, f.village_code, f.site_id",
        region=f"{region}%",
        year=year,
    )


def main_flows(found: Sequence[Mapping[str, Any]]) -> tuple[list[Mapping[str, Any]], float | None]:
    """The largest of the flows, which together carry half of the households, in the order of
    ``found``; and what they carry, in per cent."""
    every = sum(row["households"] for row in found)
    carried, kept = 0, []
    for row in reversed(found):
        if carried >= _DRAWN * every:
            break
        carried += row["households"]
        kept.append(row)
    return kept[::-1], percent(carried, every)


def largest_flow(found: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The village from which most went to one site beyond it."""
    beyond = [row for row in found if row["village_code"] != row["site_village"]]
    return beyond[-1] if beyond else None


def of_households(which: str) -> str:
    """SQL of the facts of relocated households, with ``among_resettlement_sites``: whether one was
    settled at a site. ``which`` is a condition that begins with ``household_id``."""
    among = systems()["resettlement_sites"].among
    return f"SELECT *, ({among}) AS among_resettlement_sites FROM {{{RELATION}}} WHERE {which}"


def allows(arguments: Sequence[str]) -> bool:
    """Whether a selection's arguments name a site (and an answer of a rule about its people)."""
    site, *told = arguments or ("",)
    if not _SITE_ID.fullmatch(site) or len(told) not in (0, 2):
        return False
    known = not told or (told[0] in rules() and rules()[told[0]].relation == RELATION)
    return known and (not told or told[1] in _ANSWERS)


def condition(arguments: Sequence[str]) -> str:
    """SQL condition over ``f`` and ``$year``: households that were settled at a site."""
    site, *told = arguments
    answer = f" AND s.in_{told[0]} {_ANSWERS[told[1]]}" if told else ""
    return (
        f"f.household_id IN (SELECT s.household_id FROM {{{RELATION}}} AS s "
        f"WHERE s.year = $year AND s.site_id = {literal(site)}{answer})"
    )
