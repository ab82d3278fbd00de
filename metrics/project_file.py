"""One project's file: its steps with their days, its sheets, households, assets and findings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from metrics.project_library import DAYS, STEPS
from store.reader import Reader

_BY_PROJECT = "WHERE project_id = $id"


@dataclass(frozen=True, slots=True)
class Taken:
    """A step: the day it was due by, where that is known, and the day it was taken.

    ``days_late``: past the due day, when it was taken or at the data date; 0 within time, None
    where it cannot be told. ``skipped``: it is none of this project's.
    """

    step: str
    due_on: date | None
    done_on: date | None
    days_late: int | None
    skipped: bool


@dataclass(frozen=True, slots=True)
class ProjectFile:
    """All rows of one project: ``facts`` are those of project_fact, None for one without a year."""

    project: dict[str, Any]
    path: dict[str, Any] | None
    facts: dict[str, Any] | None
    steps: list[Taken]
    sheets: list[dict[str, Any]]
    benefit: dict[str, Any]
    assets: list[dict[str, Any]]
    findings: list[dict[str, Any]]


def project_file(reader: Reader, project_id: str) -> ProjectFile | None:
    """The file of a project that the scope contains; None for any other or none."""
    project = reader.one(f"SELECT * FROM {{project}} {_BY_PROJECT}", id=project_id)
    if project is None:
        return None
    facts = reader.one(f"SELECT * FROM {{project_fact}} {_BY_PROJECT}", id=project_id)
    return ProjectFile(
        project,
        reader.one(f"SELECT * FROM {{project_path}} {_BY_PROJECT}", id=project_id),
        facts,
        _steps(facts) if facts else [],
        reader.rows(
            "SELECT *, progress_percent - LAG(progress_percent) OVER (ORDER BY sheet_on) "
            f"AS moved_points FROM {{project_schedule}} {_BY_PROJECT} ORDER BY sheet_on DESC",
            id=project_id,
        ),
        _benefit(reader, project_id),
        reader.rows(f"SELECT * FROM {{asset}} {_BY_PROJECT} ORDER BY asset_id", id=project_id),
        reader.rows(
            "SELECT * FROM {finding} WHERE level = 'project' AND subject_id = $id "
            "ORDER BY check_key",
            id=project_id,
        ),
    )


# What a step is due after, and the limit in days.
_LIMITS = {
    "approved": ("listed_on", "project_approval_days"),
    "tendered": ("approved_on", "project_tender_days"),
    "accepted": ("built_on", "project_acceptance_days"),
    "paid": ("accepted_on", "project_payment_days"),
    "handed_over": ("accepted_on", "project_handover_days"),
}
_SUMMED = ("promised_jobs", "jobs", "promised_income_yuan", "income_yuan",
           "promised_dividend_yuan", "dividend_yuan")  # fmt: skip


def _steps(facts: dict[str, Any]) -> list[Taken]:
    """Every step on the way, in its order."""
    found = []
    for step in STEPS:
        skipped = not facts["contracted"] and step in ("tendered", "handed_over")
        done, due = facts[DAYS[step]], _due(facts, step)
        end = done or facts["data_day"]
        waits = done is None and facts["next_step"] != step
        late = None if due is None or waits else max((end - due).days, 0)
        found.append(Taken(step, due, done, late, skipped and done is None))
    return found


def _due(facts: dict[str, Any], step: str) -> date | None:
    """The day by which a step is due: as planned, or the limit after the step before."""
    if step in ("started", "built"):
        return facts[f"planned_{'start' if step == 'started' else 'built'}_on"]
    if step not in _LIMITS:
        return None
    after, limit = _LIMITS[step]
    begin: date | None = facts[after]
    days = facts[limit]
    return None if begin is None or days is None else begin + timedelta(days=int(days))


def _benefit(reader: Reader, project_id: str) -> dict[str, Any]:
    """What the households of a project were promised and had, summed."""
    sums = ", ".join(f"CAST(SUM(CAST({n} AS DECIMAL(20, 4))) AS DOUBLE) AS {n}" for n in _SUMMED)
    row = reader.one(
        f"SELECT COUNT(*) AS households, {sums} FROM {{project_beneficiary}} {_BY_PROJECT}",
        id=project_id,
    )
    assert row is not None
    return row


@dataclass(frozen=True, slots=True)
class Beneficiaries:
    """The households of a project, those furthest under their promise first."""

    project_id: str

    def rows(self, reader: Reader, offset: int = 0, limit: int | None = None) -> Any:
        """Columns: those of project_beneficiary, head_name, and short_yuan (under the promise)."""
        page = "" if limit is None else " LIMIT $limit OFFSET $offset"
        return reader.arrow(
            "SELECT b.*, h.head_name, COALESCE(b.promised_income_yuan, 0) "
            "+ COALESCE(b.promised_dividend_yuan, 0) - COALESCE(b.income_yuan, 0) "
            "- COALESCE(b.dividend_yuan, 0) AS short_yuan "
            "FROM {project_beneficiary} AS b LEFT JOIN {household} AS h "
            "ON h.household_id = b.household_id WHERE b.project_id = $id "
            f"ORDER BY short_yuan DESC, b.household_id{page}",
            id=self.project_id,
            limit=limit,
            offset=offset,
        )


def of_household(reader: Reader, household_id: str) -> list[dict[str, Any]]:
    """The projects that a household benefits from, the newest first, and what it had of assets.

    Columns: those of project_beneficiary, project, year.
    """
    return reader.rows(
        "SELECT b.*, p.name AS project, p.year FROM {project_beneficiary} AS b "
        "LEFT JOIN {project} AS p ON p.project_id = b.project_id "
        "WHERE b.household_id = $id ORDER BY p.year DESC, b.project_id",
        id=household_id,
    )


def dividends_of(reader: Reader, household_id: str) -> list[dict[str, Any]]:
    """The dividends paid to a household, the newest first, each with its asset's name."""
    return reader.rows(
        "SELECT d.*, a.name AS asset FROM {dividend} AS d "
        "LEFT JOIN {asset} AS a ON a.asset_id = d.asset_id "
        "WHERE d.household_id = $id ORDER BY d.year DESC, d.dividend_id",
        id=household_id,
    )
