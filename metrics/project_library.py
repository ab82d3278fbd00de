"""项目库: how many projects stand at which step, how late, and work beside payment.

A project that is accepted, paid and, where it leaves an asset, handed over is finished. Lists are
narrowed by a ``state``: a step, or a check of projects whose finding it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from metrics.shares import percent, total
from rules.checks import program
from store.reader import Reader

STEPS = (
    "library", "approved", "tendered", "started", "built", "accepted", "paid", "handed_over",
)  # fmt: skip
# The column of project_path with the day on which a step was taken.
DAYS = {
    "library": "listed_on", "approved": "approved_on", "tendered": "tendered_on",
    "started": "started_on", "built": "built_on", "accepted": "accepted_on",
    "paid": "paid_off_on", "handed_over": "handed_over_on",
}  # fmt: skip
UNFINISHED, LATE = "unfinished", "late"
LEVEL = "project"


def checks_of(level: str) -> tuple[str, ...]:
    """The checks of a level, in the order in which they are declared."""
    return tuple(key for key, check in program().items() if check.level == level)


# Of those not finished that stand at a step: the ones that are late, and all others.
LATE_AT = {f"late_{step}": step for step in STEPS}
REST_AT = {f"rest_{step}": step for step in STEPS}
STATES = (UNFINISHED, LATE, *STEPS, *LATE_AT, *REST_AT, *checks_of(LEVEL))
_CONDITIONS = {
    UNFINISHED: "NOT f.finished",
    LATE: "f.late",
    **{state: f"f.late AND f.step = '{step}'" for state, step in LATE_AT.items()},
    **{
        state: f"f.late IS NOT TRUE AND NOT f.finished AND f.step = '{step}'"
        for state, step in REST_AT.items()
    },
}


@dataclass(frozen=True, slots=True)
class Step:
    """Projects that stand at a step and are not finished: of which late, or not known to be."""

    projects: int = 0
    late: int = 0
    unclear: int = 0


@dataclass(frozen=True, slots=True)
class Library:
    """The projects of a place by the step that they stand at, without those finished; ``standing``
    are all by step. ``longest`` are the days that the latest step is overdue by, ``longest_step``
    is that step.
    """

    steps: Mapping[str, Step]
    standing: Mapping[str, int]
    projects: int
    finished: int
    late: int
    longest: int
    longest_step: str | None

    @property
    def unfinished(self) -> int:
        """Projects that are not finished."""
        return self.projects - self.finished

    @property
    def finished_share(self) -> float | None:
        """Percent of all that are finished; None without any."""
        return percent(self.finished, self.projects)


def library(reader: Reader, region: str) -> Library:
    """What stands where in a place at the data date."""
    rows = reader.rows(
        "SELECT step, finished, COUNT(*) AS n, COUNT(*) FILTER (WHERE late) AS late, "
        "COUNT(*) FILTER (WHERE late IS NULL) AS unclear, "
        "MAX(CASE WHEN late THEN days_late END) AS days, "
        "MAX_BY(next_step, CASE WHEN late THEN days_late END) AS next_step "
        "FROM {project_fact} WHERE village_code LIKE $region GROUP BY step, finished ORDER BY ALL",
        region=f"{region}%",
    )
    open_rows = [row for row in rows if not row["finished"]]
    latest = max(open_rows, key=lambda row: row["days"] or 0, default=None)
    return Library(
        {row["step"]: Step(row["n"], row["late"], row["unclear"]) for row in open_rows},
        total({row["step"]: row["n"]} for row in rows),
        sum(row["n"] for row in rows),
        sum(row["n"] for row in rows if row["finished"]),
        sum(row["late"] for row in open_rows),
        (latest["days"] or 0) if latest else 0,
        latest["next_step"] if latest and latest["days"] else None,
    )


def found(reader: Reader, region: str, level: str) -> dict[str, int]:
    """Findings of a place by the check of a level that made them."""
    rows = reader.rows(
        "SELECT check_key, COUNT(*) AS n FROM {finding} "
        "WHERE level = $level AND village_code LIKE $region GROUP BY check_key ORDER BY ALL",
        level=level,
        region=f"{region}%",
    )
    return {row["check_key"]: int(row["n"]) for row in rows}


def condition(state: str | None) -> str:
    """SQL over ``project_fact AS f``: the projects of a state; all without one."""
    if state is None or state not in STATES:
        return "TRUE"
    if state in STEPS:
        return f"f.step = '{state}'"
    if state in _CONDITIONS:
        return _CONDITIONS[state]
    return subject_of("f.project_id", state)


def subject_of(column: str, check: str) -> str:
    """SQL: whether a column is the subject of a finding of a check."""
    return f"{column} IN (SELECT g.subject_id FROM {{finding}} AS g WHERE g.check_key = '{check}')"


@dataclass(frozen=True, slots=True)
class Projects:
    """The projects of a place in a state, of any year."""

    region: str
    state: str | None = None

    def count(self, reader: Reader) -> int:
        """How many there are."""
        row = reader.one(
            "SELECT COUNT(*) AS n FROM {project_fact} AS f "
            f"WHERE f.village_code LIKE $region AND {condition(self.state)}",
            region=f"{self.region}%",
        )
        return int(row["n"]) if row else 0

    def rows(self, reader: Reader, offset: int = 0, limit: int | None = None) -> pa.Table:
        """A page of them, or all: those overdue longest first, finished ones last.

        Columns: project_id, village_code, project, category, year, step, next_step, next_due_on,
        days_late, work_percent, paid_percent, planned_yuan, payment_yuan, source_file, source_row.
        """
        page = "" if limit is None else " LIMIT $limit OFFSET $offset"
        return reader.arrow(
            "SELECT f.project_id, f.village_code, p.name AS project, f.category, f.year, f.step, "
            "f.next_step, f.next_due_on, CASE WHEN f.late THEN f.days_late END AS days_late, "
            "f.work_percent, f.paid_percent, f.planned_yuan, f.payment_yuan, p.source_file, "
            "p.source_row FROM {project_fact} AS f JOIN {project} AS p "
            "ON p.project_id = f.project_id "
            f"WHERE f.village_code LIKE $region AND {condition(self.state)} "
            "ORDER BY f.finished, days_late DESC NULLS LAST, f.year DESC, f.project_id" + page,
            region=f"{self.region}%",
            limit=limit,
            offset=offset,
        )


@dataclass(frozen=True, slots=True)
class Point:
    """A project that is not finished: percent of the work done and of the money paid.

    ``apart`` says that a check finds the two too far from each other.
    """

    project_id: str
    name: str
    work: float
    paid: float
    apart: bool


APART = ("project_paid_unbuilt", "project_payment_behind", "project_built_unpaid")


def points(reader: Reader, region: str) -> list[Point]:
    """Work and payment of what is begun and not finished, where both are known."""
    apart = " OR ".join(f"({subject_of('f.project_id', check)})" for check in APART)
    rows = reader.rows(
        "SELECT f.project_id, p.name, f.work_percent, f.paid_percent, "
        f"({apart}) AS apart FROM {{project_fact}} AS f JOIN {{project}} AS p "
        "ON p.project_id = f.project_id WHERE f.village_code LIKE $region AND NOT f.finished "
        "AND f.step IN ('started', 'built', 'accepted') AND f.work_percent IS NOT NULL "
        "AND f.paid_percent IS NOT NULL ORDER BY apart, f.project_id",
        region=f"{region}%",
    )
    return [
        Point(r["project_id"], r["name"], r["work_percent"], r["paid_percent"], r["apart"])
        for r in rows
    ]


def apart(points: Iterable[Point]) -> int:
    """Projects whose work and payment a check finds too far from each other."""
    return sum(point.apart for point in points)


@dataclass(frozen=True, slots=True)
class Sheets:
    """The two newest half-monthly sheets; without a second one nothing is known to have moved."""

    newest: date | None
    before: date | None


def sheets(reader: Reader, region: str) -> Sheets:
    """The days of the newest sheet that has a project of the place, and of the one before."""
    rows = reader.rows(
        "SELECT DISTINCT sheet_on FROM {project_schedule} WHERE village_code LIKE $region "
        "ORDER BY sheet_on DESC LIMIT 2",
        region=f"{region}%",
    )
    days = [row["sheet_on"] for row in rows]
    return Sheets(days[0] if days else None, days[1] if len(days) > 1 else None)


_MOVED = """
SELECT s.project_id, s.village_code, p.name AS project, b.progress_percent AS before_percent,
  s.progress_percent, s.progress_percent - b.progress_percent AS moved_points,
  s.invested_yuan, s.paid_yuan, s.paid_yuan - b.paid_yuan AS paid_since_yuan, s.progress_note,
  s.difficulty, s.source_file, s.source_row
FROM {project_schedule} AS s
JOIN {project} AS p ON p.project_id = s.project_id
LEFT JOIN {project_schedule} AS b ON b.project_id = s.project_id AND b.sheet_on = $before
WHERE s.village_code LIKE $region AND s.sheet_on = $newest
"""


@dataclass(frozen=True, slots=True)
class Moved:
    """What of a place the newest sheet says beside the one before."""

    region: str
    sheets: Sheets

    def totals(self, reader: Reader) -> dict[str, Any]:
        """Projects on the sheet, how many moved, stood and have a difficulty, yuan since."""
        row = reader.one(
            "SELECT COUNT(*) AS projects, COUNT(*) FILTER (WHERE moved_points > 0) AS moved, "
            "COUNT(*) FILTER (WHERE moved_points <= 0 AND progress_percent < 100) AS stood, "
            "COUNT(*) FILTER (WHERE before_percent IS NULL) AS new, "
            "COUNT(difficulty) AS difficulties, "
            "CAST(SUM(CAST(paid_since_yuan AS DECIMAL(20, 4))) AS DOUBLE) AS paid_since_yuan "
            f"FROM ({_MOVED}) AS m",
            **self._given(),
        )
        return row or {}

    def count(self, reader: Reader) -> int:
        """Projects on the newest sheet."""
        return int(self.totals(reader)["projects"])

    def rows(self, reader: Reader, offset: int = 0, limit: int | None = None) -> pa.Table:
        """A page of them, or all: what has not moved first. Columns: those of ``_MOVED``."""
        page = "" if limit is None else " LIMIT $limit OFFSET $offset"
        return reader.arrow(
            f"SELECT * FROM ({_MOVED}) AS m ORDER BY m.progress_percent >= 100, "
            f"m.moved_points NULLS LAST, m.progress_percent, m.project_id{page}",
            limit=limit,
            offset=offset,
            **self._given(),
        )

    def _given(self) -> dict[str, object]:
        return {
            "region": f"{self.region}%",
            "newest": self.sheets.newest,
            "before": self.sheets.before,
        }
