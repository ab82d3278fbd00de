"""防返贫监测: open cases with the clock of their step, released ones with conditions of release.

Open cases stand as the data date has them; released ones belong to the year of their release, and
may be judged again by other thresholds than those in force then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from metrics import paging
from metrics.paging import Order
from metrics.shares import percent
from rules.registry import answered, needed, rules
from store.reader import Reader

# The codes of kinds, causes and steps; a released case stands at none of the steps.
MONITOR_KINDS = ("unstable", "borderline", "stricken")
CAUSES = (
    "illness",
    "disability",
    "schooling",
    "disaster",
    "unstable_work",
    "industry_failed",
    "labour_shortage",
    "accident",
    "unsafe_water",
    "unsafe_housing",
    "other",
)
# Steps before the county's decision, and from it on.
UNDECIDED = ("clue", "home_check", "notice", "township")
STAGES = (*UNDECIDED, "county", "measures")
CONDITIONS = ("release_income", "release_held", "release_safe", "release_labour")
# Thresholds that conditions of release ask, and that a case may be judged again by.
RELEASE_THRESHOLDS = ("monitoring_line_yuan", "release_months")

_RELEASE_RULES = ("release_met", "released_early", "release_due")
_HELPED = "c.cleared AND c.clear_method IS DISTINCT FROM 'natural'"
# What a list of open cases may show, and what a list of those released in the year may.
# A clock that runs out within so many days is to be acted on now.
SOON_DAYS = 7
_RUNNING = "NOT c.cleared AND c.in_step_overdue"
_OPEN = {
    "open": "NOT c.cleared",
    "overdue": "c.in_step_overdue",
    "unclear": "NOT c.cleared AND c.in_step_overdue IS NULL",
    "due": "c.in_release_due",
    "soon": f"NOT c.cleared AND c.left_days BETWEEN 0 AND {SOON_DAYS}",
    **{f"kind_{key}": f"NOT c.cleared AND c.monitor_kind = '{key}'" for key in MONITOR_KINDS},
    **{f"cause_{key}": f"NOT c.cleared AND list_contains(c.causes, '{key}')" for key in CAUSES},
    **{f"stage_{key}": f"NOT c.cleared AND c.stage = '{key}'" for key in STAGES},
    **{f"late_{key}": f"c.in_step_overdue AND c.stage = '{key}'" for key in STAGES},
    **{f"timely_{key}": f"{_RUNNING} IS FALSE AND c.stage = '{key}'" for key in STAGES},
    **{f"untimed_{key}": f"{_RUNNING} IS NULL AND c.stage = '{key}'" for key in STAGES},
}
_RELEASED = {
    "released": "c.cleared",
    "natural": "c.cleared AND c.clear_method = 'natural'",
    "kept": f"{_HELPED} AND c.in_released_early IS FALSE",
    "early": "c.in_released_early",
    "undecided": f"{_HELPED} AND c.in_released_early IS NULL",
    **{f"{key}_met": f"{_HELPED} AND c.in_{key}" for key in CONDITIONS},
    **{f"{key}_missed": f"{_HELPED} AND c.in_{key} IS FALSE" for key in CONDITIONS},
    **{f"{key}_unknown": f"{_HELPED} AND c.in_{key} IS NULL" for key in CONDITIONS},
}
OPEN_PARTS, RELEASED_PARTS = tuple(_OPEN), tuple(_RELEASED)

# A case with its causes and the clock of its step: days gone (at least), days allowed, days left.
_CLOCKED = """
SELECT d.*, h.head_name, m.clue_source, m.contact_name, m.contact_phone,
  m.clue_on_until, m.identified_on_until, m.cleared_on_until,
  list_filter([m.risk_1, m.risk_2, m.risk_3, m.risk_4, m.risk_5], lambda r: r IS NOT NULL)
    AS causes,
  CASE WHEN d.cleared OR d.measures_given THEN NULL WHEN d.decided THEN d.measures_days_least
    ELSE d.decision_days_least END AS clock_days,
  CASE WHEN d.cleared OR d.measures_given THEN NULL WHEN d.decided THEN d.monitor_measures_days
    ELSE d.monitor_decision_days END AS limit_days
FROM ({judged}) AS d
LEFT JOIN {{monitored_household}} AS m ON m.household_id = d.household_id
LEFT JOIN {{household}} AS h ON h.household_id = d.household_id
"""


RELEASED_WAYS = ("released", "natural", "kept", "early", "undecided")


@dataclass(frozen=True, slots=True)
class Standing:
    """Open cases of one stage, kind or place: all, overdue, and those whose clock is not known."""

    cases: int = 0
    overdue: int = 0
    unclear: int = 0

    @property
    def in_time(self) -> int:
        """Those neither overdue nor unclear."""
        return self.cases - self.overdue - self.unclear

    @property
    def overdue_percent(self) -> float:
        """Share of the cases that are overdue; 0 without any case."""
        return percent(self.overdue, self.cases) or 0.0

    def __add__(self, other: Standing) -> Standing:
        return Standing(
            self.cases + other.cases, self.overdue + other.overdue, self.unclear + other.unclear
        )


@dataclass(frozen=True, slots=True)
class Releases:
    """Cases released in a year: by themselves; helped and the conditions met, missed, unknown."""

    released: int
    natural: int
    kept: int
    early: int
    undecided: int

    @property
    def judged(self) -> int:
        """Those released as helped, whose conditions are asked."""
        return self.released - self.natural


def all_of(standings: Iterable[Standing]) -> Standing:
    """Several stages, kinds or places together."""
    return sum(standings, Standing())


def all_released(by_year: Mapping[int, Releases]) -> Releases:
    """Several years together."""
    every = by_year.values()
    return Releases(*(sum(getattr(one, way) for one in every) for way in RELEASED_WAYS))


class Cases:
    """The cases of a place. ``thresholds`` judge the conditions of release in place of those in
    force in the year (None: not known).

    Raises KeyError for a threshold that the conditions do not ask.
    """

    def __init__(
        self, reader: Reader, region: str, thresholds: Mapping[str, float | None] | None = None
    ):
        self._reader = reader
        moved = dict(thresholds or {})
        if odd := set(moved) - set(RELEASE_THRESHOLDS):
            raise KeyError(", ".join(sorted(odd)))
        self._given = {"region": f"{region}%", **{f"new_{k}": v for k, v in moved.items()}}
        replaced = ", ".join(f"CAST($new_{key} AS DOUBLE) AS {key}" for key in moved)
        layers = needed([rules()[key] for key in _RELEASE_RULES])
        answers = ", ".join(rule.column for layer in layers for rule in layer)
        judged = answered(
            f"SELECT f.* EXCLUDE ({answers}){f' REPLACE ({replaced})' if moved else ''} "
            "FROM {monitored_fact} AS f WHERE f.village_code LIKE $region",
            layers,
        )
        clocked = _CLOCKED.format(judged=judged)
        self._cases = (
            f"(SELECT t.*, t.limit_days - t.clock_days AS left_days FROM ({clocked}) AS t)"
        )

    def by(self, column: str) -> dict[str, Standing]:
        """Open cases by ``stage``, ``monitor_kind``, ``township_code`` or ``village_code``."""
        rows = self._reader.rows(
            f"SELECT c.{column} AS key, COUNT(*) AS cases, "
            "COUNT(*) FILTER (WHERE c.in_step_overdue) AS overdue, "
            "COUNT(*) FILTER (WHERE c.in_step_overdue IS NULL) AS unclear "
            f"FROM {self._cases} AS c WHERE NOT c.cleared GROUP BY 1 ORDER BY ALL",
            **self._given,
        )
        return {row["key"]: Standing(row["cases"], row["overdue"], row["unclear"]) for row in rows}

    def late(self, column: str) -> dict[tuple[str, str], int]:
        """Overdue cases by place (``township_code`` or ``village_code``) and stage."""
        rows = self._reader.rows(
            f"SELECT c.{column} AS place, c.stage, COUNT(*) AS n "
            f"FROM {self._cases} AS c WHERE c.in_step_overdue GROUP BY ALL ORDER BY ALL",
            **self._given,
        )
        return {(row["place"], row["stage"]): row["n"] for row in rows}

    def longest_late(self, digits: int) -> dict[str, tuple[int, int]]:
        """Overdue cases by the place that the first ``digits`` of a village's code name: how many,
        and the most days that one of them is over its limit."""
        rows = self._reader.rows(
            "SELECT SUBSTRING(c.village_code, 1, $digits) AS place, COUNT(*) AS n, "
            f"MAX(-c.left_days) AS days FROM {self._cases} AS c WHERE c.in_step_overdue GROUP BY 1 "
            "ORDER BY ALL",
            digits=digits,
            **self._given,
        )
        return {row["place"]: (row["n"], int(row["days"])) for row in rows}

    def soonest(self, digits: int) -> dict[str, tuple[int, int]]:
        """Cases whose clock runs out within ``SOON_DAYS``, by place as above: how many, and the
        fewest days that one has left."""
        rows = self._reader.rows(
            "SELECT SUBSTRING(c.village_code, 1, $digits) AS place, COUNT(*) AS n, "
            f"MIN(c.left_days) AS days FROM {self._cases} AS c WHERE {_OPEN['soon']} GROUP BY 1 "
            "ORDER BY ALL",
            digits=digits,
            **self._given,
        )
        return {row["place"]: (row["n"], int(row["days"])) for row in rows}

    def causes(self) -> dict[str, int]:
        """Open cases by cause; a case with several counts at each."""
        rows = self._reader.rows(
            "SELECT cause, COUNT(*) AS n FROM (SELECT UNNEST(list_distinct(c.causes)) AS cause "
            f"FROM {self._cases} AS c WHERE NOT c.cleared) AS each GROUP BY cause ORDER BY ALL",
            **self._given,
        )
        return {row["cause"]: row["n"] for row in rows}

    def releases(self) -> dict[int, Releases]:
        """Released cases by the year of their release, each in exactly one of the four ways."""
        counted = ", ".join(
            f"COUNT(*) FILTER (WHERE {_RELEASED[way]}) AS {way}" for way in RELEASED_WAYS
        )
        rows = self._reader.rows(
            f"SELECT c.year, {counted} FROM {self._cases} AS c WHERE c.cleared "
            "GROUP BY c.year ORDER BY c.year",
            **self._given,
        )
        return {row["year"]: Releases(*(row[way] for way in RELEASED_WAYS)) for row in rows}

    def conditions(self, year: int) -> dict[str, tuple[int, int, int]]:
        """Of those released in a year as helped: how many meet each condition, miss it, unknown."""
        counted = ", ".join(
            f"COUNT(*) FILTER (WHERE {_RELEASED[f'{key}_{how}']}) AS {key}_{how}"
            for key in CONDITIONS
            for how in ("met", "missed", "unknown")
        )
        row = self._reader.one(
            f"SELECT {counted} FROM {self._cases} AS c WHERE c.year = $year",
            year=year,
            **self._given,
        )
        assert row is not None
        return {
            key: (row[f"{key}_met"], row[f"{key}_missed"], row[f"{key}_unknown"])
            for key in CONDITIONS
        }

    def count(self, part: str, year: int) -> int:
        """How many cases a list has. Raises KeyError for a part that there is not."""
        row = self._reader.one(
            f"SELECT COUNT(*) AS n FROM {self._cases} AS c WHERE {_condition(part)}",
            year=year,
            **self._given,
        )
        return row["n"] if row else 0

    def listed(self, part: str, year: int, offset: int = 0, limit: int | None = None) -> pa.Table:
        """The cases of a list: open ones by urgency, the latest releases first.

        Every column of monitored_fact, with head_name, causes, clock_days, limit_days, left_days
        (below zero: overdue; NULL where nothing runs or the limit is not known). Raises KeyError
        for a part that there is not.
        """
        first = ("-cleared_on",) if part in _RELEASED else ("left_days", "clue_on")
        return paging.rows(
            self._reader,
            f"SELECT * FROM {self._cases} AS c WHERE {_condition(part)}",
            Order.by(*first, "household_id"),
            offset,
            limit,
            {"year": year, **self._given},
        )


def _condition(part: str) -> str:
    """SQL of a list's part; released cases are those of ``$year``."""
    return _OPEN[part] if part in _OPEN else f"c.year = $year AND {_RELEASED[part]}"
