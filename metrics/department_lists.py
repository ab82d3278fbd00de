"""部门比对: people on other departments' lists of whom the register says something else.

Each oddity is a finding of a check of the level ``listed``, and what comes of it is followed as a
problem like any other. What is matched by name and birth date alone, or by a number that two people
have, is listed to be looked at (``OFFERED``) and counts nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from metrics import paging
from metrics.paging import Order
from metrics.people import NUMBERED
from metrics.shares import percent
from rules.checks import program
from store.reader import Reader
from store.schema import BY_NAME

LEVEL = "listed"
CHECKS = tuple(key for key, check in program().items() if check.level == LEVEL)
ALL, OFFERED, PLACES = "odd", "offered", "places"
# By list, the checks that hold the register against it.
CHECKS_OF = {
    "allowance": ("listed_allowance_unrecorded", "listed_allowance_absent"),
    "disability": (
        "listed_certificate_unrecorded",
        "listed_grade_differs",
        "listed_certificate_absent",
    ),
    "hospital": ("listed_hospital_unwatched",),
    "school": ("listed_not_on_school_roll", "listed_left_school"),
    "death": ("listed_dead_in_register",),
    "vehicle": ("listed_car_supported",),
    "company": ("listed_company_supported",),
    "property": ("listed_home_supported",),
    "payroll": ("listed_post_supported",),
}
LISTS = (ALL, *CHECKS_OF, *CHECKS, OFFERED)
_HERE = "village_code LIKE $region"

_ODD = """
SELECT f.check_key, f.level, f.severity, f.subject_id, f.subject_id AS member_id, f.household_id,
  f.village_code, f.evidence, m.name AS member_name, m.place AS member_place
FROM (SELECT * FROM {{finding}} WHERE level = 'listed' AND {here} AND {condition}) AS f
JOIN ({numbered}) AS m ON m.member_id = f.subject_id
"""
_OFFERED = """
SELECT o.list_entry_id, o.member_id, o.household_id, o.village_code, o.found_by,
  o.department_list, o.entry_kind, o.list_event_on, o.list_event_on_until, o.list_amount_yuan,
  o.roll_state, e.person_name, e.identity_number AS list_identity_number,
  m.name AS member_name, m.identity_number, m.birth_date
FROM (SELECT * FROM {{list_match}} WHERE found_by <> 'number' AND {here}) AS o
JOIN {{member}} AS m ON m.member_id = o.member_id
LEFT JOIN {{list_entry}} AS e ON e.list_entry_id = o.list_entry_id
"""


@dataclass(frozen=True, slots=True)
class Summary:
    """Findings of a place, the people and households that they are of, and matches offered."""

    findings: int
    people: int
    households: int
    offered: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A list: its rows of a place, those of people in the register, the share, what is odd.

    ``odd`` are findings, ``offered`` matches that are not taken.
    """

    key: str
    entries: int
    matched: int
    offered: int
    odd: int

    @property
    def share(self) -> float | None:
        """Per cent of the rows that are of somebody in the register; None without any row."""
        return percent(self.matched, self.entries)


def summary(reader: Reader, region: str) -> Summary:
    """What is odd in a place, and what is offered."""
    row = reader.one(
        "SELECT COUNT(*) AS findings, COUNT(DISTINCT subject_id) AS people, "
        f"COUNT(DISTINCT household_id) AS households FROM {{finding}} WHERE level = 'listed' "
        f"AND {_HERE}",
        region=f"{region}%",
    )
    assert row is not None
    offered = count(reader, OFFERED, region)
    return Summary(int(row["findings"]), int(row["people"]), int(row["households"]), offered)


def found(reader: Reader, region: str) -> dict[str, int]:
    """Each check to how many people of the place it finds."""
    rows = reader.rows(
        f"SELECT check_key, COUNT(*) AS n FROM {{finding}} WHERE level = 'listed' AND {_HERE} "
        "GROUP BY 1 ORDER BY ALL",
        region=f"{region}%",
    )
    counted = {row["check_key"]: int(row["n"]) for row in rows}
    return {key: counted.get(key, 0) for key in CHECKS}


def by_place(reader: Reader, region: str) -> dict[str, dict[str, int]]:
    """The code of each place directly inside one to how many people each check finds there."""
    rows = reader.rows(
        "SELECT SUBSTRING(village_code, 1, $digits) AS place, check_key, COUNT(*) AS n "
        f"FROM {{finding}} WHERE level = 'listed' AND {_HERE} GROUP BY ALL ORDER BY ALL",
        region=f"{region}%",
        digits=9 if len(region) <= 6 else 12,
    )
    counted: dict[str, dict[str, int]] = {}
    for row in rows:
        counted.setdefault(row["place"], {})[row["check_key"]] = int(row["n"])
    return counted


def lists(reader: Reader, region: str) -> list[Listed]:
    """The nine lists, as far as they are of the place. The roll of allowances has its own table,
    in which every row is of a household of the register."""
    entries = _by_list(reader, "{list_entry}", "region_code LIKE $region", region)
    by_number = "found_by = 'number' AND " + _HERE
    matched = _by_list(reader, "{list_match}", by_number, region, "list_entry_id")
    offered = _by_list(reader, "{list_match}", "found_by <> 'number' AND " + _HERE, region)
    roll = reader.one(
        "SELECT COUNT(*) AS n FROM {benefit} WHERE benefit_kind = 'minimum_allowance' "
        f"AND ended_on IS NULL AND {_HERE}",
        region=f"{region}%",
    )
    if roll and roll["n"]:
        entries["allowance"] = matched["allowance"] = int(roll["n"])
    odd = found(reader, region)
    return [
        Listed(
            key,
            entries.get(key, 0),
            matched.get(key, 0),
            offered.get(key, 0),
            sum(odd[check] for check in checks),
        )
        for key, checks in CHECKS_OF.items()
    ]


def _by_list(
    reader: Reader, relation: str, where: str, region: str, distinct: str = ""
) -> dict[str, int]:
    counted = f"COUNT(DISTINCT {distinct})" if distinct else "COUNT(*)"
    rows = reader.rows(
        f"SELECT department_list, {counted} AS n FROM {relation} WHERE {where} GROUP BY 1 "
        "ORDER BY ALL",
        region=f"{region}%",
    )
    return {row["department_list"]: int(row["n"]) for row in rows}


def subjects(reader: Reader, region: str) -> list[tuple[str, str]]:
    """What is odd in a place: check and number of the person, in the order of the list."""
    rows = reader.rows(
        "SELECT check_key, subject_id FROM {finding} WHERE level = 'listed' "
        f"AND {_HERE} ORDER BY village_code, household_id, subject_id, check_key",
        region=f"{region}%",
    )
    return [(row["check_key"], row["subject_id"]) for row in rows]


def count(reader: Reader, part: str, region: str) -> int:
    """How many rows a list has. Raises KeyError for one that there is not."""
    row = reader.one(f"SELECT COUNT(*) AS n FROM ({_listed(part)}) AS r", region=f"{region}%")
    return int(row["n"]) if row else 0


def listed(
    reader: Reader, part: str, region: str, offset: int = 0, limit: int | None = None
) -> pa.Table:
    """The rows of a list by village and household: the findings of one check, of one list's
    checks, or of all, or the matches offered. Columns: those of the queries above, personal
    ones masked."""
    last = "list_entry_id" if part == OFFERED else "check_key"
    order = Order.by("village_code", "household_id", "member_id", last)
    return paging.rows(reader, _listed(part), order, offset, limit, {"region": f"{region}%"})


def _listed(part: str) -> str:
    if part == OFFERED:
        return _OFFERED.format(here=_HERE)
    if part not in LISTS:
        raise KeyError(part)
    keys = ", ".join(f"'{key}'" for key in CHECKS_OF.get(part, (part,)))
    condition = "TRUE" if part == ALL else f"check_key IN ({keys})"
    return _ODD.format(here=_HERE, condition=condition, numbered=NUMBERED)


def of_households(which: str) -> dict[str, str]:
    """Of households that a condition names, the query of what other departments' lists say of
    their people."""
    return {
        "listed": "SELECT o.*, m.name AS member_name FROM {list_match} AS o "
        f"JOIN {{member}} AS m ON m.member_id = o.member_id WHERE o.{which} "
        "ORDER BY o.department_list, o.member_id, o.list_event_on, o.list_entry_id"
    }


def told_by_list(evidence: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """The columns of a finding's evidence that a list tells, and those that the register does;
    thresholds are neither's."""
    mine = [column for column in evidence if column.startswith("list_")]
    register = {*BY_NAME["member"].arrow.names, *_OF_REGISTER}
    return mine, [column for column in evidence if column in register]


_OF_REGISTER = ("age", "registered", "monitored", "receives_allowance", "allowance_recorded")
