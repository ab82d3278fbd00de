"""幸福院 and “211130”: each home, who lives there and who should, and what each household has.

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
from rules.registry import asked_of, rules, systems
from rules.tally import Tally, tally
from store.amended import literal
from store.reader import Reader

HOMES, HOUSEHOLDS = "home_fact", "home_household_fact"
IN_ORDER, PATH, PACKAGE, LACKS_ONE = (
    "home_in_order",
    "home_path_whole",
    "package_whole",
    "package_lacks_one",
)
UNHOUSED, UNENTITLED, AREA = "home_unhoused", "home_unentitled", "home_area"
# What each home owes, the steps of the way in, and the items of the package, in their order.
STANDARDS = rules()[IN_ORDER].parts
STEPS = rules()[PATH].parts
ITEMS = rules()[PACKAGE].parts
# What a household has of each item and is to have, and whether that is counted by person.
_AMOUNTS = {
    "package_house": ("brick_m2_a_person", "package_house_m2", True),
    "package_grain": ("grain_mu_a_person", "package_grain_mu", True),
    "package_trees": ("trees_mu_a_person", "package_trees_mu", True),
    "package_pv": ("pv_kw_a_person", "package_pv_kw", True),
    "package_income": ("month_income_yuan", "package_month_yuan", False),
}
VALUES = {key: value for key, (value, *_) in _AMOUNTS.items()}


def _missed(key: str) -> str:
    """SQL condition over ``f``: a rule is missed by one whom it is asked of."""
    return f"({asked_of(rules()[key])}) AND f.in_{key} IS FALSE"


_LAST = "last_"  # and an item: households that lack nothing else
# Lists of households by their condition over ``f``.
LEFT = "left_home"
HOUSEHOLD_LISTS: dict[str, str] = {
    **{key: f"f.in_{key} IS TRUE" for key in (UNHOUSED, UNENTITLED, LACKS_ONE)},
    LEFT: "f.housed_before",
    **{key: _missed(key) for key in (AREA, PATH, *STEPS, PACKAGE, *ITEMS)},
    **{f"{_LAST}{key}": f"f.{LACKS_ONE}_part = '{key}'" for key in ITEMS},
}
HOME_LISTS = (IN_ORDER, *STANDARDS)
EVERY_HOME, BY_PLACE = "homes", "package"
LISTS = (*HOUSEHOLD_LISTS, *HOME_LISTS)
PARTS = (EVERY_HOME, BY_PLACE, *LISTS)
_HOME_ID = re.compile(r"[\w-]{1,40}")
_ANSWERS = {"met": "IS TRUE", "missed": "IS FALSE", "unknown": "IS NULL"}
_HERE = "f.year = $year AND f.village_code LIKE $region"
_FEW = 7

_LISTED = f"""
SELECT f.household_id, f.village_code, h.head_name, s.name AS home_name, f.home_id, f.housed,
  f.old_dwelling, f.three_without, f.surveyed_people, f.home_people, f.home_m2, f.moved_in_on,
  f.left_home_on, f.home_left_reason, f.applied_on, f.village_notice_on, f.township_notice_on,
  f.reviewed_on, f.review_departments, f.decided_on, {{values}}, {{answers}}, {{missed}} AS lacks
FROM {{{{home_household_fact}}}} AS f
JOIN {{{{household}}}} AS h ON h.household_id = f.household_id
LEFT JOIN {{{{happiness_home}}}} AS s ON s.home_id = f.home_id
WHERE {_HERE} AND {{condition}}
"""
_HOMES = f"""
SELECT f.*, s.name, s.director_name, c.area_missed, c.path_missed, c.package_met, c.known,
  {{missed}} AS lacks
FROM {{{{home_fact}}}} AS f
JOIN {{{{happiness_home}}}} AS s ON s.home_id = f.home_id
LEFT JOIN (
  SELECT home_id, COUNT(*) AS known,
    COUNT(*) FILTER (WHERE in_{AREA} IS FALSE) AS area_missed,
    COUNT(*) FILTER (WHERE in_{PATH} IS FALSE) AS path_missed,
    COUNT(*) FILTER (WHERE in_{PACKAGE} IS TRUE) AS package_met
  FROM {{{{home_household_fact}}}}
  WHERE housed AND year = $year
  GROUP BY home_id
) AS c ON c.home_id = f.home_id
WHERE {_HERE} AND {{condition}}
"""
_MOST_LACKING = Order.by("-lacks", "village_code", "household_id")
_HOMES_FIRST = Order.by("-lacks", "village_code", "home_id")


@dataclass(frozen=True, slots=True)
class Summary:
    """Homes of a place with their free places and who came, left and died within the year; the
    households of the place that were surveyed and that live in a home, and their people."""

    homes: int
    planned: int
    lived_in: int
    came: int
    left: int
    deaths: int
    surveyed: int
    surveyed_people: int
    households: int
    people: int


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the package: how households answer it, how much all of those who miss it lack
    together, and how many lack nothing else."""

    key: str
    answers: Tally
    short: float
    last: int


def _given(region: str, year: int) -> dict[str, Any]:
    return {"region": f"{region}%", "year": year}


def summary(reader: Reader, region: str, year: int) -> Summary:
    """How many homes there are and who lives there, as much as the scope contains."""
    home = reader.one(
        "SELECT COUNT(*) AS homes, SUM(f.planned_households) AS planned, "
        "SUM(f.households) AS lived_in, SUM(f.came_in_year) AS came, "
        f"SUM(f.left_in_year) AS left, SUM(f.deaths_in_year) AS deaths FROM {{home_fact}} AS f "
        f"WHERE {_HERE}",
        **_given(region, year),
    )
    people = reader.one(
        "SELECT COUNT(*) FILTER (WHERE f.surveyed) AS surveyed, "
        "SUM(f.surveyed_people) AS surveyed_people, "
        "COUNT(*) FILTER (WHERE f.housed) AS households, "
        "SUM(f.home_people) FILTER (WHERE f.housed) AS people "
        f"FROM {{home_household_fact}} AS f WHERE {_HERE}",
        **_given(region, year),
    )
    assert home is not None and people is not None
    return Summary(**{key: int(count or 0) for key, count in {**home, **people}.items()})


def answers(reader: Reader, region: str, year: int, level: str) -> dict[str, Tally]:
    """Each rule of homes and of households to how those of the place answer it."""
    found: dict[str, Tally] = {}
    keys = ("home_eligible", UNHOUSED, UNENTITLED, AREA, *STEPS, PATH, *ITEMS, PACKAGE, LACKS_ONE)
    for asked in ((*STANDARDS, IN_ORDER), keys):
        told = tally(reader, asked, year, level, region=region)
        found |= {key: told[key].get(region, Tally()) for key in asked}
    return found


def by_place(
    reader: Reader, region: str, year: int, level: str
) -> Mapping[str, Mapping[str, Tally]]:
    """The items and the whole package, then the code of each place of a level, to its counts."""
    return tally(reader, [*ITEMS, PACKAGE, LACKS_ONE], year, level, region=region)


def package(reader: Reader, region: str, year: int) -> list[Item]:
    """The items of the package in their order."""
    columns = []
    for key, (value, wanted, each) in _AMOUNTS.items():
        people = " * f.package_people" if each else ""
        columns.append(
            f"SUM((f.{wanted} - f.{value}){people}) FILTER (WHERE f.in_{key} IS FALSE) "
            f"AS {key}_short, COUNT(*) FILTER (WHERE f.{LACKS_ONE}_part = '{key}') AS {key}_last"
        )
        columns += [
            f"COUNT(*) FILTER (WHERE f.in_{key} {told}) AS {key}_{answer}"
            for answer, told in _ANSWERS.items()
        ]
    row = reader.one(
        f"SELECT {', '.join(columns)} FROM {{home_household_fact}} AS f WHERE {_HERE}",
        **_given(region, year),
    )
    assert row is not None
    return [
        Item(
            key,
            Tally(*(int(row[f"{key}_{answer}"]) for answer in _ANSWERS)),
            float(row[f"{key}_short"] or 0),
            int(row[f"{key}_last"]),
        )
        for key in ITEMS
    ]


def homes(reader: Reader, region: str, year: int, limit: int | None = None) -> list[dict[str, Any]]:
    """A row a home of the place, those that miss most standards first.

    Columns: those of home_fact, ``name``, ``director_name`` (masked), ``lacks`` (how many standards
    are missed), and of the scope's households there ``known``, ``area_missed``, ``path_missed`` and
    ``package_met``.
    """
    found = listed(reader, EVERY_HOME, region, year, 0, limit)
    return found.to_pylist()


def worst(reader: Reader, region: str, year: int) -> list[dict[str, Any]]:
    """The homes that miss most standards, at most seven."""
    return [row for row in homes(reader, region, year, _FEW) if row["lacks"]]


def count(reader: Reader, part: str, region: str, year: int) -> int:
    """How many rows a list has. Raises KeyError for one that there is not."""
    row = reader.one(f"SELECT COUNT(*) AS n FROM ({_rows(part)}) AS listed", **_given(region, year))
    return int(row["n"]) if row else 0


def listed(
    reader: Reader, part: str, region: str, year: int, offset: int = 0, limit: int | None = None
) -> pa.Table:
    """The households or homes of a list, those that lack most first; names masked."""
    order = _MOST_LACKING if part in HOUSEHOLD_LISTS else _HOMES_FIRST
    return paging.rows(reader, _rows(part), order, offset, limit, _given(region, year))


def _rows(part: str) -> str:
    if part in HOUSEHOLD_LISTS:
        asked = (AREA, *STEPS, *ITEMS)
        return _LISTED.format(
            values=", ".join(f"f.{value}" for value in VALUES.values()),
            answers=", ".join(f"f.in_{key}" for key in asked),
            missed=_count_missed(asked),
            condition=HOUSEHOLD_LISTS[part],
        )
    if part not in (EVERY_HOME, *HOME_LISTS):
        raise KeyError(part)
    condition = "TRUE" if part == EVERY_HOME else f"f.in_{part} IS FALSE"
    return _HOMES.format(missed=_count_missed(STANDARDS), condition=condition)


def _count_missed(keys: Sequence[str]) -> str:
    """SQL of how many of the rules are missed; the steps are asked of who lives in a home."""
    return " + ".join(f"CASE WHEN {_missed(key)} THEN 1 ELSE 0 END" for key in keys)


def lacking(row: Mapping[str, Any], keys: Sequence[str]) -> list[str]:
    """The rules that a listed row misses; steps are asked of who lives in a home."""
    asked = [key for key in keys if key not in (AREA, *STEPS) or row["housed"]]
    return [key for key in asked if row[f"in_{key}"] is False]


def of_households(which: str) -> str:
    """SQL of the facts of households that were surveyed for a home or live in one, with the
    home's ``home_name`` and ``among_home_residents``: whether the steps are asked of it.
    ``which`` is a condition that begins with ``household_id``."""
    among = systems()["home_residents"].among
    return (
        f"SELECT f.*, s.name AS home_name, COALESCE({among}, FALSE) AS among_home_residents "
        "FROM {home_household_fact} AS f LEFT JOIN {happiness_home} AS s ON s.home_id = f.home_id "
        f"WHERE f.{which}"
    )


def lived_in(told: str) -> str:
    """SQL condition over ``f`` and ``$year``: households of homes with an answer."""
    return (
        "f.household_id IN (SELECT r.household_id FROM {home_household_fact} AS r "
        "WHERE r.housed AND r.year = $year AND r.home_id IN (SELECT s.home_id "
        f"FROM {{home_fact}} AS s WHERE s.year = $year AND {told}))"
    )


def allows(arguments: Sequence[str]) -> bool:
    """Whether a selection's arguments name a home (and an answer of a rule about its people)."""
    home, *told = arguments or ("",)
    if not _HOME_ID.fullmatch(home) or len(told) not in (0, 2):
        return False
    known = not told or (told[0] in rules() and rules()[told[0]].relation == HOUSEHOLDS)
    return known and (not told or told[1] in _ANSWERS)


def condition(arguments: Sequence[str]) -> str:
    """SQL condition over ``f`` and ``$year``: households that live in a home."""
    home, *told = arguments
    answer = f" AND s.in_{told[0]} {_ANSWERS[told[1]]}" if told else ""
    return (
        f"f.household_id IN (SELECT s.household_id FROM {{{HOUSEHOLDS}}} AS s "
        f"WHERE s.housed AND s.year = $year AND s.home_id = {literal(home)}{answer})"
    )
