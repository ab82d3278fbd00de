"""公示办理: what became of every notice that is owed, line by line, and what was objected to.

Whose notices another file tells already are not asked for again: of a monitored household the dates
of its case say it, of a line of funds the book of notices of funds. Of the other lists the books of
notices say it, a sheet a village and year; what those books say of monitoring and funds beside is
compared with their own source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from metrics import paging
from metrics.paging import Order
from store.reader import Reader

MONITORING, FUNDS = "monitoring", "funds"
# The lists whose notices the books of notices tell.
BY_SHEETS = ("register", "exits", "benefits", "projects")
# What became of a notice, in the order shown: to be put up now, hanging, long enough, too short,
# not on the village's board, never put up, and not to be told.
STATES = ("due", "hanging", "kept", "short", "elsewhere", "never", "unknown")
FAILED = ("short", "elsewhere", "never")
MADE = ("hanging", "kept", "short", "elsewhere", "unknown")
# What numbers of several states are called.
SETS = {"owed": STATES, "made": MADE, "failed": FAILED}
# The checks that find what failed, by list where each has its own days.
CHECK = {"never": "notice_never", "elsewhere": "notice_elsewhere", "short": "notice_short_{}"}
OF_FUNDS = {"short": "allotment_published_short", "never": "allotment_unpublished"}
COMPARED = ("notice_source_differs", "notice_source_only")

# What became of the notice of a monitored household, by the step that its case stands at. Before
# the home check nothing is to be published.
_PAST = "s.stage IN ('township', 'county', 'measures', 'release')"
OF_CASES = {
    "due": "s.stage = 'home_check'",
    "hanging": "s.stage = 'notice'",
    "kept": f"{_PAST} AND s.notice_on IS NOT NULL AND s.in_notice_kept",
    "short": f"{_PAST} AND s.notice_on IS NOT NULL AND NOT s.in_notice_kept",
    "never": f"{_PAST} AND s.notice_on IS NULL",
    "unknown": f"{_PAST} AND s.notice_on IS NOT NULL AND s.in_notice_kept IS NULL",
}


def _found(subject: str, check: str) -> str:
    return (
        f"{subject} IN (SELECT g.subject_id FROM {{finding}} AS g WHERE g.check_key LIKE '{check}')"
    )


# A day of a notice that is before the other is a mistake that its own check finds: not to be told.
_OF_SHEETS = f"""CASE
    WHEN {_found("n.notice_duty_id", CHECK["never"])} THEN 'never'
    WHEN n.sheets = 0 THEN 'due'
    WHEN NOT n.on_board THEN 'elsewhere'
    WHEN n.withdrawn_on IS NULL THEN 'hanging'
    WHEN {_found("n.notice_duty_id", CHECK["short"].format("%"))} THEN 'short'
    WHEN n.notice_days < 0 OR list_contains($undated, n.notice_list) THEN 'unknown'
    ELSE 'kept'
  END"""
_OF_LINES = f"""CASE
    WHEN {_found("l.line_id", OF_FUNDS["never"])} THEN 'never'
    WHEN l.published_on IS NULL THEN 'due'
    WHEN {_found("l.line_id", OF_FUNDS["short"])} THEN 'short'
    WHEN l.notice_days IS NULL THEN 'hanging'
    ELSE 'kept'
  END"""
_CASES = " ".join(f"WHEN {answer} THEN '{state}'" for state, answer in OF_CASES.items())
# One row a notice that is owed in a year, of every list: whose, where, and what became of it.
_OWED = f"""
  SELECT n.notice_list, n.village_code, n.notice_duty_id AS id, {_OF_SHEETS} AS state
  FROM {{notice_fact}} AS n
  WHERE n.judged AND n.told AND n.entries_due > 0 AND n.year = $year
  UNION ALL
  SELECT '{MONITORING}', s.village_code, s.household_id, CASE {_CASES} END
  FROM {{monitored_fact}} AS s WHERE s.year = $year
  UNION ALL
  SELECT '{FUNDS}', l.village_code, l.line_id, {_OF_LINES}
  FROM {{fund_fact}} AS l WHERE l.year = $year"""
_OF_LIST = {
    **dict.fromkeys(
        BY_SHEETS,
        f"SELECT n.*, {_OF_SHEETS} AS state FROM {{notice_fact}} AS n "
        "WHERE n.judged AND n.told AND n.entries_due > 0",
    ),
    FUNDS: "SELECT l.line_id, l.village_code, l.region_code, l.year, l.content, l.unit_in_charge, "
    f"l.amount_yuan, l.allotted_on, l.published_on, l.notice_days, {_OF_LINES} AS state, "
    f"'{FUNDS}' AS notice_list, l.line_id AS notice_duty_id FROM {{fund_fact}} AS l",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How many notices of a list in a place are in each state."""

    states: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(STATES, 0))

    @property
    def owed(self) -> int:
        return sum(self.states.values())

    @property
    def made(self) -> int:
        """Put up, wherever and however long."""
        return sum(self.states[state] for state in MADE)

    @property
    def failed(self) -> int:
        return sum(self.states[state] for state in FAILED)


def standings(
    reader: Reader, region: str, year: int, digits: int, undated: list[str]
) -> dict[str, dict[str, Standing]]:
    """List, then place by the first ``digits`` of its code, to how its notices of a year stand.

    ``undated`` are the lists of which no document said how many days they hang. Without a row a
    list owes nothing there, or nobody kept its notices (:func:`kept_lists`).
    """
    rows = reader.rows(
        "SELECT o.notice_list, SUBSTRING(o.village_code, 1, $digits) AS place, o.state, "
        f"COUNT(*) AS n FROM ({_OWED}) AS o WHERE o.village_code LIKE $region AND o.state "
        "IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        region=f"{region}%",
        year=year,
        digits=digits,
        undated=undated,
    )
    found: dict[str, dict[str, dict[str, int]]] = {}
    for row in rows:
        states = found.setdefault(row["notice_list"], {}).setdefault(
            row["place"], dict.fromkeys(STATES, 0)
        )
        states[row["state"]] = int(row["n"])
    return {
        key: {place: Standing(states) for place, states in by_place.items()}
        for key, by_place in found.items()
    }


def kept_lists(reader: Reader, year: int) -> set[str]:
    """The lists of a year that some book of notices tells of, and those told by another file."""
    rows = reader.rows(
        "SELECT DISTINCT n.notice_list FROM {notice_fact} AS n WHERE n.told AND n.year = $year",
        year=year,
    )
    return {row["notice_list"] for row in rows} | {MONITORING, FUNDS}


@dataclass(frozen=True, slots=True)
class Owed:
    """The notices of a list of a place and year, of one state or of one of ``SETS``."""

    key: str
    region: str
    year: int
    state: str | None = None
    undated: tuple[str, ...] = ()

    def query(self) -> tuple[str, dict[str, Any]]:
        """The rows asked for, and the parameters of the query."""
        parts = ["o.village_code LIKE $region", "o.year = $year"]
        given: dict[str, Any] = {"region": f"{self.region}%", "year": self.year}
        inner = _OF_LIST[self.key]
        if self.key != FUNDS:
            given["undated"] = list(self.undated)
            parts.append("o.notice_list = $list")
            given["list"] = self.key
        if self.state is not None:
            parts.append("list_contains($states, o.state)")
            given["states"] = list(SETS.get(self.state, (self.state,)))
        return f"SELECT o.* FROM ({inner}) AS o WHERE {' AND '.join(parts)}", given

    def count(self, reader: Reader) -> int:
        """How many there are."""
        sql, given = self.query()
        row = reader.one(f"SELECT COUNT(*) AS n FROM ({sql}) AS c", **given)
        return int(row["n"]) if row else 0

    def rows(self, reader: Reader, offset: int = 0, limit: int | None = None) -> pa.Table:
        """A page of them by village: the columns of ``notice_fact`` or those of a line of funds,
        with ``state``, ``notice_list`` and ``notice_duty_id``."""
        sql, given = self.query()
        return paging.rows(
            reader, sql, Order.by("village_code", "notice_duty_id"), offset, limit, given
        )


def check_of(row: Mapping[str, Any]) -> str | None:
    """The check that finds what failed of a notice; None where nothing did."""
    if row["notice_list"] == FUNDS:
        return OF_FUNDS.get(row["state"])
    key = CHECK.get(row["state"])
    return key.format(row["notice_list"]) if key else None


def one(reader: Reader, duty: str) -> dict[str, Any] | None:
    """A notice that a village owes, with ``findings``, what checks found of it; None for none."""
    found = reader.one("SELECT * FROM {notice_fact} AS n WHERE n.notice_duty_id = $id", id=duty)
    if found is None:
        return None
    told = reader.rows(
        "SELECT * FROM {finding} AS g WHERE g.subject_id = $id ORDER BY g.check_key", id=duty
    )
    return {**found, "findings": told}


def compared(reader: Reader, region: str) -> dict[str, int]:
    """Where the books of notices and another file both speak, of all years: ``both``, the lists of
    a village and year of which both do, and by check those that differ or that the books lack."""
    row = reader.one(
        "SELECT COUNT(*) AS n FROM {notice_fact} AS n WHERE NOT n.judged AND n.sheets > 0 "
        "AND n.village_code LIKE $region",
        region=f"{region}%",
    )
    found = reader.rows(
        "SELECT g.check_key, COUNT(*) AS n FROM {finding} AS g "
        "WHERE g.village_code LIKE $region AND list_contains($checks, g.check_key) GROUP BY 1 "
        "ORDER BY ALL",
        region=f"{region}%",
        checks=list(COMPARED),
    )
    counts = {one["check_key"]: int(one["n"]) for one in found}
    return {"both": int(row["n"]) if row else 0} | {key: counts.get(key, 0) for key in COMPARED}


# Objections of all lists: those of the books, and what was reported of a line of funds.
_OBJECTIONS = f"""
  SELECT o.objection_id, o.region_code, o.notice_list, o.notice_id, o.objected_on, o.content,
    o.unit_in_charge, o.answered_on, o.answer_text, o.objection_upheld
  FROM {{notice_objection}} AS o
  UNION ALL
  SELECT c.complaint_id, c.region_code, '{FUNDS}', c.line_id, c.received_on, c.content,
    c.unit_in_charge, c.answered_on, c.answer_text, CAST(NULL AS BOOLEAN)
  FROM {{complaint}} AS c WHERE c.line_id IS NOT NULL"""
ANSWERS = ("waiting", "overdue", "answered", "answered_late")
_ANSWER = """CASE
    WHEN x.answered_on IS NULL AND x.days_to_answer > $limit THEN 'overdue'
    WHEN x.answered_on IS NULL THEN 'waiting'
    WHEN x.days_to_answer > $limit THEN 'answered_late'
    ELSE 'answered'
  END"""


@dataclass(frozen=True, slots=True)
class Objections:
    """What was objected to in a place, of a year's notices or of all (``year`` None); ``limit``
    days are there for an answer, None where no document says."""

    region: str
    day: Any
    limit: int | None
    key: str | None = None
    state: str | None = None
    year: int | None = None

    def query(self) -> tuple[str, dict[str, Any]]:
        """The rows asked for, and the parameters of the query."""
        given: dict[str, Any] = {"region": f"{self.region}%", "day": self.day, "limit": self.limit}
        parts = ["y.region_code LIKE $region"]
        for column, value in (("notice_list", self.key), ("answer_state", self.state)):
            if value is not None:
                parts.append(f"y.{column} = ${column}")
                given[column] = value
        if self.year is not None:
            parts.append("YEAR(y.objected_on) = $year")
            given["year"] = self.year
        days = "date_diff('day', x.objected_on, COALESCE(x.answered_on, $day)) AS days_to_answer"
        sql = (
            f"SELECT y.* FROM (SELECT x.*, {_ANSWER} AS answer_state FROM "
            f"(SELECT x.*, {days} FROM ({_OBJECTIONS}) AS x) AS x) AS y WHERE {' AND '.join(parts)}"
        )
        return sql, given

    def counts(self, reader: Reader) -> dict[str, int]:
        """How many in each state of ``ANSWERS``, whatever state is asked for."""
        sql, given = self.query()
        rows = reader.rows(
            f"SELECT c.answer_state, COUNT(*) AS n FROM ({sql}) AS c GROUP BY 1 ORDER BY ALL",
            **given,
        )
        found = {row["answer_state"]: int(row["n"]) for row in rows}
        return {state: found.get(state, 0) for state in ANSWERS}

    def count(self, reader: Reader) -> int:
        """How many there are of the state asked for."""
        sql, given = self.query()
        row = reader.one(f"SELECT COUNT(*) AS n FROM ({sql}) AS c", **given)
        return int(row["n"]) if row else 0

    def rows(self, reader: Reader, offset: int = 0, limit: int | None = None) -> pa.Table:
        """A page of them, unanswered ones first, with ``days_to_answer`` and ``answer_state``."""
        sql, given = self.query()
        order = Order.by("answered", "objected_on", "objection_id")
        again = f"SELECT z.*, z.answered_on IS NOT NULL AS answered FROM ({sql}) AS z"
        return paging.rows(reader, again, order, offset, limit, given)
