"""One household's file, one village's file: everything known, in the order it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from metrics.county import County
from rules.registry import systems
from store.reader import Reader

_BY_HOUSEHOLD = "WHERE household_id = $id"


@dataclass(frozen=True, slots=True)
class HouseholdFile:
    """All rows of one household.

    ``years`` are its facts by year, ascending, with ``among_<system>``: whether the system's
    questions make sense for it. ``persons`` are its members' facts, ``case`` those of its case.
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
    household = reader.one(f"SELECT * FROM {{household}} {_BY_HOUSEHOLD}", id=household_id)
    if household is None:
        return None

    def rows(sql: str) -> list[dict[str, Any]]:
        return reader.rows(sql, id=household_id)

    checks = rows(f"SELECT * FROM {{group_check}} {_BY_HOUSEHOLD}")
    return HouseholdFile(
        household=household,
        members=rows(
            f"SELECT * FROM {{member}} {_BY_HOUSEHOLD} ORDER BY CASE relation "
            "WHEN 'head' THEN 0 WHEN 'spouse' THEN 1 ELSE 2 END, birth_date_match"
        ),
        years=rows(f"SELECT *, {_among()} FROM {{household_fact}} {_BY_HOUSEHOLD} ORDER BY year"),
        monitored=reader.one(
            f"SELECT * FROM {{monitored_household}} {_BY_HOUSEHOLD}", id=household_id
        ),
        relocation=reader.one(
            "SELECT r.*, s.name AS site_name FROM {relocation} AS r "
            "LEFT JOIN {settlement_site} AS s ON s.site_id = r.site_id "
            "WHERE r.household_id = $id",
            id=household_id,
        ),
        measures=rows(f"SELECT * FROM {{measure}} {_BY_HOUSEHOLD} ORDER BY kind"),
        ledger=rows(
            "SELECT e.*, l.ledger_state FROM {ledger_entry} AS e "
            "JOIN {ledger_fact} AS l ON l.entry_id = e.entry_id "
            "WHERE e.household_id = $id ORDER BY e.opened_on"
        ),
        checks={row["group_key"]: row for row in checks},
        findings=rows(
            "SELECT f.*, m.name AS member_name FROM {finding} AS f "
            "LEFT JOIN {member} AS m ON f.level = 'member' AND m.member_id = f.subject_id "
            "WHERE f.household_id = $id ORDER BY f.check_key, f.subject_id"
        ),
        persons=rows(f"SELECT * FROM {{member_fact}} {_BY_HOUSEHOLD}"),
        case=reader.one(f"SELECT * FROM {{monitored_fact}} {_BY_HOUSEHOLD}", id=household_id),
        verifications=rows(f"SELECT * FROM {{nine_check}} {_BY_HOUSEHOLD}"),
        inspections=rows(f"SELECT * FROM {{inspection}} {_BY_HOUSEHOLD}"),
        screenings=rows(
            f"SELECT * FROM {{sieve_result}} {_BY_HOUSEHOLD} ORDER BY screened_on DESC, sieve_id"
        ),
        benefits=rows(f"SELECT * FROM {{benefit}} {_BY_HOUSEHOLD} ORDER BY started_on, benefit_id"),
        changes=rows(
            f"SELECT * FROM {{change_event}} {_BY_HOUSEHOLD} ORDER BY changed_on, event_id"
        ),
    )


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
