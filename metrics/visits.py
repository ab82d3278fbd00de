"""帮扶走访, 驻村: whether somebody came to each household, and cadres were where they owe to be.

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
from rules.registry import asked_of, rules, systems
from rules.tally import Tally, tally
from store.amended import literal
from store.reader import Reader

HOUSEHOLDS, CADRES, VILLAGES = "visit_fact", "cadre_fact", "station_fact"
KEPT, OWED, MONTH_MISSED = "visits_kept", "visit_monthly", "visit_month_missed"
STANDARDS = rules()[KEPT].parts
OF_CADRES = ("cadre_load", "cadre_nights", "cadre_days")
OF_VILLAGES = ("station_team", "station_patrolled", "station_inspected")
# What checks find in the records of cadres.
CHECKS = ("cadre_two_places", "cadre_many_visits", "cadre_entered_at_once")
HOUSEHOLD_LISTS = (KEPT, MONTH_MISSED, *STANDARDS)
ROLES = ("county_cadre", "helper", "team_member", "first_secretary")
# Cadres of one role who were short of nights or days, by the key of their list.
OF_ROLES = {
    f"{what}_{role}": (f"cadre_{what}", role) for what in ("nights", "days") for role in ROLES
}
# Cadres who help a household of the place, wherever they are stationed.
HELPING = "helping"
CADRE_LISTS = (HELPING, *OF_CADRES, *OF_ROLES, *CHECKS)
LISTS = (*HOUSEHOLD_LISTS, *CADRE_LISTS, *OF_VILLAGES)
TASKS = ("talked", "measures_reviewed", "data_verified", "home_tidied")
_FEW = 7
_CADRE_ID = re.compile(r"[\w-]{1,40}")
_HERE = "f.year = $year AND f.village_code LIKE $region"

_HOUSEHOLDS = """
SELECT f.household_id, f.village_code, h.head_name, f.registered, f.unsettled, f.last_visited_on,
  f.days_since_visit, f.visits_in_quarter, {tasks}, {answers}, p.helper_names,
  COALESCE(f.days_since_visit, 9999) AS waited
FROM (SELECT * FROM {{visit_fact}} AS f WHERE {here} AND ({among}) AND {condition}) AS f
JOIN {{household}} AS h ON h.household_id = f.household_id
LEFT JOIN (
  SELECT p.household_id, string_agg(c.cadre_name, '、' ORDER BY c.cadre_id) AS helper_names
  FROM {{pairing}} AS p JOIN {{cadre}} AS c ON c.cadre_id = p.cadre_id
  GROUP BY p.household_id
) AS p ON p.household_id = f.household_id
"""
_CADRES = """
SELECT f.cadre_id, f.village_code, c.cadre_name, c.cadre_unit, f.cadre_role, f.helped_households,
  f.visits_in_quarter, f.nights_a_week, f.days_a_week, {answers}
FROM {{cadre_fact}} AS f
JOIN {{cadre}} AS c ON c.cadre_id = f.cadre_id
WHERE {here} AND {condition}
"""
_VILLAGES = """
SELECT f.village_code, f.team_members, f.last_patrolled_on, f.last_inspected_on, {answers}
FROM {{station_fact}} AS f
WHERE {here} AND {condition}
"""
_LONGEST = Order.by("-waited", "village_code", "household_id")
_HEAVIEST = Order.by("-helped_households", "nights_a_week", "cadre_id")
_CURRENT = """(p.unpaired_on IS NULL OR p.unpaired_on >
  (SELECT MAX(d.data_day) FROM {visit_fact} AS d))"""


# Who helps which household of a place.
_PAIRED = f"""SELECT p.household_id, p.cadre_id
  FROM {{pairing}} AS p JOIN {{visit_fact}} AS f ON f.household_id = p.household_id
  WHERE {_HERE} AND ({asked_of(rules()["visit_paired"])}) AND {_CURRENT}"""


@dataclass(frozen=True, slots=True)
class Summary:
    """Households with a helper and cadres who help one, in a place, and households a cadre."""

    paired: int
    helpers: int
    ratio: float | None


@dataclass(frozen=True, slots=True)
class Stays:
    """Cadres of one role: how many, who kept their nights and days, nights a week on average."""

    cadres: int
    nights: Tally
    days: Tally
    average: float | None

    @property
    def share(self) -> float | None:
        """Per cent of those who can be told that kept their nights."""
        return percent(self.nights.met, self.nights.met + self.nights.missed)


def _given(region: str, year: int) -> dict[str, Any]:
    return {"region": f"{region}%", "year": year}


def summary(reader: Reader, region: str, year: int) -> Summary:
    """How many households of a place are paired, and with how many cadres of the roster."""
    row = reader.one(
        f"SELECT COUNT(DISTINCT household_id) AS paired FROM ({_PAIRED}) AS s",
        **_given(region, year),
    )
    assert row is not None
    paired, helpers = int(row["paired"]), count(reader, HELPING, region, year)
    return Summary(paired, helpers, paired / helpers if helpers else None)


def answers(reader: Reader, region: str, year: int, level: str) -> dict[str, Tally]:
    """Every rule of visits and stays to how the place's households, cadres or villages answer."""
    found: dict[str, Tally] = {}
    for keys in ([*STANDARDS, KEPT, OWED, MONTH_MISSED], OF_CADRES, OF_VILLAGES):
        told = tally(reader, keys, year, level, region=region)
        found |= {key: told[key].get(region, Tally()) for key in keys}
    return found


def by_place(reader: Reader, region: str, year: int, level: str) -> dict[str, Mapping[str, Tally]]:
    """Every rule of visits and stays, then the code of each place of a level, to its counts."""
    found: dict[str, Mapping[str, Tally]] = {}
    for keys in ([*STANDARDS, KEPT, MONTH_MISSED], OF_CADRES, OF_VILLAGES):
        found |= tally(reader, keys, year, level, region=region)
    return found


def stays(reader: Reader, region: str, year: int) -> dict[str, Stays]:
    """Each role that has somebody to who kept nights and days in the village."""
    counts = ", ".join(
        f"COUNT(*) FILTER (WHERE f.in_cadre_{what} {test}) AS {what}_{answer}"
        for what in ("nights", "days")
        for answer, test in (("met", "IS TRUE"), ("missed", "IS FALSE"), ("unknown", "IS NULL"))
    )
    rows = reader.rows(
        f"SELECT f.cadre_role, COUNT(*) AS cadres, AVG(f.nights_a_week) AS average, {counts} "
        f"FROM {{cadre_fact}} AS f WHERE {_HERE} GROUP BY 1 ORDER BY ALL",
        **_given(region, year),
    )
    by_role = {row["cadre_role"]: row for row in rows}
    return {
        role: Stays(row["cadres"], _tally(row, "nights"), _tally(row, "days"), row["average"])
        for role in ROLES
        if (row := by_role.get(role))
    }


def _tally(row: Mapping[str, Any], what: str) -> Tally:
    return Tally(*(int(row[f"{what}_{answer}"]) for answer in ("met", "missed", "unknown")))


def found(reader: Reader, region: str) -> dict[str, int]:
    """Each check of cadres' records to how many cadres of the place it finds."""
    rows = reader.rows(
        "SELECT check_key, COUNT(*) AS cadres FROM {finding} "
        "WHERE level = 'cadre' AND village_code LIKE $region GROUP BY 1 ORDER BY ALL",
        region=f"{region}%",
    )
    counted = {row["check_key"]: int(row["cadres"]) for row in rows}
    return {key: counted.get(key, 0) for key in CHECKS}


def count(reader: Reader, part: str, region: str, year: int) -> int:
    """How many rows a list has. Raises KeyError for one that there is not."""
    row = reader.one(
        f"SELECT COUNT(*) AS n FROM ({_listed(part)}) AS listed", **_given(region, year)
    )
    return int(row["n"]) if row else 0


def listed(
    reader: Reader, part: str, region: str, year: int, offset: int = 0, limit: int | None = None
) -> pa.Table:
    """The households, cadres or villages of a list: who waited longest, helps most households, or
    by code. Columns: those of the queries above, personal ones masked."""
    order = Order.by("village_code")
    if part in HOUSEHOLD_LISTS:
        order = _LONGEST
    elif part in CADRE_LISTS:
        order = _HEAVIEST
    return paging.rows(reader, _listed(part), order, offset, limit, _given(region, year))


def heaviest(reader: Reader, region: str, year: int) -> list[dict[str, Any]]:
    """The cadres with too many households, those with most first, at most seven."""
    return listed(reader, "cadre_load", region, year, 0, _FEW).to_pylist()


def _listed(part: str) -> str:
    if part in HOUSEHOLD_LISTS:
        met = part == MONTH_MISSED
        return _HOUSEHOLDS.format(
            tasks=", ".join(f"f.{task}" for task in TASKS),
            answers=_answers(STANDARDS),
            here=_HERE,
            among=systems()["visits"].among,
            condition=f"f.in_{part} IS {'TRUE' if met else 'FALSE'}",
        )
    if part in CADRE_LISTS:
        rule, role = OF_ROLES.get(part, (part, ""))
        condition = f"f.in_{rule} IS FALSE"
        if role:
            condition += f" AND f.cadre_role = '{role}'"
        if part in CHECKS:
            condition = (
                "f.cadre_id IN (SELECT subject_id FROM {finding} "
                f"WHERE level = 'cadre' AND check_key = '{part}')"
            )
        here = _HERE
        if part == HELPING:
            here, condition = "f.year = $year", f"f.cadre_id IN (SELECT cadre_id FROM ({_PAIRED}))"
        return _CADRES.format(answers=_answers(OF_CADRES), here=here, condition=condition)
    if part not in OF_VILLAGES:
        raise KeyError(part)
    condition = f"f.in_{part} IS FALSE"
    return _VILLAGES.format(answers=_answers(OF_VILLAGES), here=_HERE, condition=condition)


def _answers(keys: Sequence[str]) -> str:
    return ", ".join(f"f.in_{key}" for key in keys)


def undone(row: Mapping[str, Any]) -> list[str]:
    """The tasks of a visit that nobody did in a household within the quarter."""
    return [task for task in TASKS if row[task] is False]


def missed(row: Mapping[str, Any], keys: Sequence[str]) -> list[str]:
    """The rules that a listed row misses."""
    return [key for key in keys if row[f"in_{key}"] is False]


def of_households(which: str) -> dict[str, str]:
    """SQL of what is known of households: ``visited``, the facts of visits (with
    ``among_visits``), ``visits``, the latest first, and ``helpers``; names and phones masked.

    ``which`` is a condition that begins with ``household_id``.
    """
    return {
        "visited": f"SELECT *, ({systems()['visits'].among}) AS among_visits FROM {{visit_fact}} "
        f"WHERE {which}",
        "visits": "SELECT v.*, c.cadre_name, c.cadre_unit, c.cadre_role FROM {visit} AS v "
        "LEFT JOIN {cadre} AS c ON c.cadre_id = v.cadre_id "
        f"WHERE v.{which} ORDER BY v.visited_on DESC, v.visit_id",
        "helpers": "SELECT p.household_id, p.paired_on, p.paired_on_until, p.unpaired_on, "
        "p.unpaired_on_until, c.cadre_name, c.cadre_unit, c.cadre_role, c.cadre_phone "
        "FROM {pairing} AS p LEFT JOIN {cadre} AS c ON c.cadre_id = p.cadre_id "
        f"WHERE p.{which} ORDER BY p.paired_on, p.cadre_id",
    }


def helped_by(told: str) -> str:
    """SQL condition over ``f`` and ``$year``: households that cadres with an answer help."""
    return (
        "f.household_id IN (SELECT p.household_id FROM {pairing} AS p "
        f"WHERE {_CURRENT} AND p.cadre_id IN (SELECT s.cadre_id FROM {{cadre_fact}} AS s "
        f"WHERE s.year = $year AND {told}))"
    )


def allows(arguments: Sequence[str]) -> bool:
    """Whether a selection's arguments name a cadre."""
    return len(arguments) == 1 and bool(_CADRE_ID.fullmatch(arguments[0]))


def condition(arguments: Sequence[str]) -> str:
    """SQL condition over ``f`` and ``$year``: the households that a cadre helps."""
    return helped_by(f"s.cadre_id = {literal(arguments[0])}")
