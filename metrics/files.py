"""One household's file, one village's file: everything known, in the order it is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from metrics import calendars, department_lists, homes, relocation, visits, work
from metrics.county import County
from rules.registry import systems
from store.reader import Reader

_BY_HOUSEHOLD = "WHERE household_id = $id"


@dataclass(frozen=True, slots=True)
class HouseholdFile:
    """All rows of one household.

    ``years`` are its facts by year, ascending, with ``among_<system>``: whether the system's
    questions make sense for it. ``persons`` are its members' facts, ``case`` those of its case,
    ``resettled`` those of its move, ``visited`` those of the visits to it, ``working`` of the work
    of its ``workers`` and ``homed`` those of its place in a happiness home and of what it has of
    “211130”; ``calendar`` are the facts of its twelve months, ``payments`` their rows by kind and
    month; ``listed`` are the entries of other departments' lists that its people are found by.
    """

    household: dict[str, Any]
    members: list[dict[str, Any]]
    years: list[dict[str, Any]]
    monitored: dict[str, Any] | None
    relocation: dict[str, Any] | None
    measures: list[dict[str, Any]]
    ledger: list[dict[str, Any]]
    checks: dict[str, dict[str, Any]]
    findings: list[dict[str, Any]]
    persons: list[dict[str, Any]]
    case: dict[str, Any] | None
    verifications: list[dict[str, Any]]
    inspections: list[dict[str, Any]]
    screenings: list[dict[str, Any]]
    benefits: list[dict[str, Any]]
    changes: list[dict[str, Any]]
    resettled: dict[str, Any] | None
    visited: dict[str, Any] | None
    visits: list[dict[str, Any]]
    helpers: list[dict[str, Any]]
    homed: dict[str, Any] | None
    calendar: dict[str, Any] | None
    payments: list[dict[str, Any]]
    listed: list[dict[str, Any]]
    working: dict[str, Any] | None
    workers: list[dict[str, Any]]
    posts: list[dict[str, Any]]
    jobs: list[dict[str, Any]]
    courses: list[dict[str, Any]]
    leaders: list[dict[str, Any]]

    def facts(self, year: int) -> dict[str, Any] | None:
        """The household's facts of a year."""
        return next((row for row in self.years if row["year"] == year), None)

    @property
    def unlisted(self) -> int:
        """People of the household whom its list of members lacks at the data date."""
        return next((row["unlisted_members"] or 0 for row in self.years if row["is_latest"]), 0)

    def name(self, member_id: str | None) -> str | None:
        """A member's name, as far as the viewer may see it."""
        return next((m["name"] for m in self.members if m["member_id"] == member_id), None)


def numbered(file: HouseholdFile) -> list[tuple[int, dict[str, Any]]]:
    """The people of a household, each with their place by number, from 1: what an address says of
    them."""
    people = sorted(file.members, key=lambda row: row["member_id"])
    return list(enumerate(people, start=1))


def doubts(file: HouseholdFile) -> list[tuple[str, int, dict[str, Any]]]:
    """The findings of the checks: key, number from 1 among those of the key, row."""
    seen: Counter[str] = Counter()
    found = []
    for row in file.findings:
        seen[row["check_key"]] += 1
        found.append((row["check_key"], seen[row["check_key"]], row))
    return found


def loaded(county: County, table: str) -> bool:
    """Whether any file ever gave rows of a table, wherever in the county they are."""
    return county.snapshot.manifest["tables"].get(table, {}).get("rows", 0) > 0


def per_person(year: Mapping[str, Any], column: str) -> float:
    """An amount of a household's year, by its people; nothing recorded is nothing earned.

    The year's people must be known.
    """
    return float((year[column] or 0) / year["member_count"])


def village_of(reader: Reader, household_id: str) -> str | None:
    """The village of a household that the scope contains; None for any other or none."""
    row = reader.one(f"SELECT village_code FROM {{household}} {_BY_HOUSEHOLD}", id=household_id)
    return None if row is None else str(row["village_code"])


def household_file(reader: Reader, household_id: str) -> HouseholdFile | None:
    """The file of a household that the scope contains; None for any other or none."""
    return _files(reader, "household_id = $id", id=household_id).get(household_id)


def household_files(reader: Reader, household_ids: Iterable[str]) -> dict[str, HouseholdFile]:
    """The files of several households by their numbers, those that the scope contains."""
    return _files(reader, "household_id IN (SELECT unnest($ids))", ids=list(household_ids))


def _files(reader: Reader, which: str, **given: object) -> dict[str, HouseholdFile]:
    households = reader.rows(f"SELECT * FROM {{household}} WHERE {which}", **given)
    if not households:
        return {}
    found: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for name, sql in _queries(which).items():
        for row in reader.rows(sql, **given):
            found.setdefault(row["household_id"], {}).setdefault(name, []).append(row)
    return {
        row["household_id"]: _file(row, found.get(row["household_id"], {})) for row in households
    }


def _file(household: dict[str, Any], found: Mapping[str, list[dict[str, Any]]]) -> HouseholdFile:
    def rows(name: str) -> list[dict[str, Any]]:
        return found.get(name, [])

    def first(name: str) -> dict[str, Any] | None:
        return rows(name)[0] if rows(name) else None

    return HouseholdFile(
        household=household,
        members=rows("members"),
        years=rows("years"),
        monitored=first("monitored"),
        relocation=first("relocation"),
        measures=rows("measures"),
        ledger=rows("ledger"),
        checks={row["group_key"]: row for row in rows("checks")},
        findings=rows("findings"),
        persons=rows("persons"),
        case=first("case"),
        verifications=rows("verifications"),
        inspections=rows("inspections"),
        screenings=rows("screenings"),
        benefits=rows("benefits"),
        changes=rows("changes"),
        resettled=first("resettled"),
        visited=first("visited"),
        visits=rows("visits"),
        helpers=rows("helpers"),
        homed=first("homed"),
        calendar=first("calendar"),
        payments=rows("payments"),
        listed=rows("listed"),
        working=first("working"),
        workers=rows("workers"),
        posts=rows("posts"),
        jobs=rows("jobs"),
        courses=rows("courses"),
        leaders=rows("leaders"),
    )


def _queries(which: str) -> dict[str, str]:
    """Of what a file holds, the query of its rows."""
    by = f"WHERE {which}"
    return {
        "members": f"SELECT * FROM {{member}} {by} ORDER BY CASE relation "
        "WHEN 'head' THEN 0 WHEN 'spouse' THEN 1 ELSE 2 END, birth_date_match",
        "years": f"SELECT *, {_among()} FROM {{household_fact}} {by} ORDER BY year",
        "monitored": f"SELECT * FROM {{monitored_household}} {by}",
        "relocation": "SELECT r.*, s.name AS site_name FROM {relocation} AS r "
        f"LEFT JOIN {{settlement_site}} AS s ON s.site_id = r.site_id WHERE r.{which}",
        "measures": f"SELECT * FROM {{measure}} {by} ORDER BY kind",
        "ledger": "SELECT e.*, l.ledger_state FROM {ledger_entry} AS e "
        f"JOIN {{ledger_fact}} AS l ON l.entry_id = e.entry_id WHERE e.{which} "
        "ORDER BY e.opened_on",
        "checks": f"SELECT * FROM {{group_check}} {by}",
        "findings": "SELECT f.*, m.name AS member_name FROM {finding} AS f "
        "LEFT JOIN {member} AS m ON f.level IN ('member', 'listed') AND m.member_id = f.subject_id "
        f"WHERE f.{which} ORDER BY f.check_key, f.subject_id",
        "persons": f"SELECT * FROM {{member_fact}} {by}",
        "case": f"SELECT * FROM {{monitored_fact}} {by}",
        "verifications": f"SELECT * FROM {{nine_check}} {by}",
        "inspections": f"SELECT * FROM {{inspection}} {by}",
        "screenings": f"SELECT * FROM {{sieve_result}} {by} ORDER BY screened_on DESC, sieve_id",
        "benefits": f"SELECT * FROM {{benefit}} {by} ORDER BY started_on, benefit_id",
        "changes": f"SELECT * FROM {{change_event}} {by} ORDER BY changed_on, event_id",
        "resettled": relocation.of_households(which),
        **visits.of_households(which),
        "homed": homes.of_households(which),
        **calendars.of_households(which),
        **department_lists.of_households(which),
        **work.of_households(which),
    }


def _among() -> str:
    """Of each system over households, whether this household is one of those it asks about."""
    asked = (system for system in systems().values() if system.relation == "household_fact")
    return ", ".join(f"({system.among}) AS among_{system.key}" for system in asked)


def village_facts(reader: Reader, region: str, year: int) -> dict[str, Any] | None:
    """A village's facts of a year, with ``asked``: whether the standards of exit are for it; None
    where nothing is known of that year."""
    return reader.one(
        f"SELECT *, ({systems()['village_exit'].among}) AS asked FROM {{village_fact}} "
        "WHERE village_code = $region AND year = $year",
        region=region,
        year=year,
    )


NEWEST_PROJECTS = 100


def village_projects(reader: Reader, region: str) -> tuple[list[dict[str, Any]], int]:
    """Projects of a place, the ``NEWEST_PROJECTS`` newest first, and how many there are in all."""
    rows = reader.rows(
        "SELECT *, COUNT(*) OVER () AS in_all FROM {project} WHERE village_code LIKE $region "
        f"ORDER BY year DESC, project_id LIMIT {NEWEST_PROJECTS}",
        region=f"{region}%",
    )
    return rows, int(rows[0]["in_all"]) if rows else 0


def settlement_sites(reader: Reader, region: str) -> list[dict[str, Any]]:
    """Settlement sites of a place with the relocated households that the scope lets be seen."""
    return reader.rows(
        "SELECT s.site_id, s.name, s.village_code, s.longitude, s.latitude, s.large, "
        "s.planned_households, COUNT(r.household_id) AS households "
        "FROM {settlement_site} AS s LEFT JOIN {relocation} AS r ON r.site_id = s.site_id "
        "WHERE s.village_code LIKE $region GROUP BY ALL ORDER BY s.site_id",
        region=f"{region}%",
    )
