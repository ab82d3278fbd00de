"""What turned between two data dates: households that came to be counted somewhere, and that left.

A number of two dates differs by who came less who left; only the households themselves tell which.
Each turn is an indicator's own condition asked at either date, so that it is told of the very
households that the indicator counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from metrics.county import County
from metrics.registry import Indicator, indicators
from store.reader import Reader
from store.scope import Scope

# The indicators of which it is told, in the order in which they are listed.
TURNING = (
    "registered_households",
    "monitored_households",
    "step_overdue_households",
    "ledger_overdue",
    "ledger_closed_standing",
    "open_guarantee_households",
)
CAME, LEFT, MOVED = "came", "left", "moved_place"
# What a list may show: ``came_<indicator>``, ``left_<indicator>``, households in another village.
TURN_PARTS: dict[str, tuple[str, str]] = {
    **{f"{way}_{key}": (way, key) for key in TURNING for way in (CAME, LEFT)},
    MOVED: (MOVED, ""),
}
MOST_TOLD = 3

_STANDING = """
SELECT f.household_id, f.village_code, f.head_name, f.member_count AS people, {answers}
FROM {{household_fact}} AS f
WHERE f.year = $year AND f.village_code LIKE $region
"""
_TURNED = """
SELECT COALESCE(b.household_id, a.household_id) AS household_id,
  COALESCE(b.village_code, a.village_code) AS village_code,
  COALESCE(b.head_name, a.head_name) AS head_name,
  a.village_code AS village_then, b.village_code AS village_now,
  a.people AS people_then, b.people AS people_now, {answers}
FROM turn_then AS a
FULL JOIN turn_now AS b ON b.household_id = a.household_id
"""
# Who is not in the data is counted nowhere; of whom it cannot be told nothing is said.
_ANSWER = """CASE WHEN a.household_id IS NULL THEN FALSE ELSE a.{key} END AS {key}_then,
  CASE WHEN b.household_id IS NULL THEN FALSE ELSE b.{key} END AS {key}_now"""


@dataclass(frozen=True, slots=True)
class Turn:
    """Households that came to be counted by an indicator and that left; ``stock`` are those that
    it counted before."""

    key: str
    came: int
    left: int
    stock: int

    @property
    def weight(self) -> float:
        """How large the change is beside what was there."""
        return (self.came + self.left) / max(self.stock, 1)

    def part(self, way: str) -> str:
        """The list of who came or left, as the address has it."""
        return f"{way}_{self.key}"


def _asked(indicator: Indicator) -> str:
    """An indicator's condition of one household, NULL where it cannot be told."""
    measure = indicator.numerator
    if measure.relation == "household_fact":
        return f"({measure.condition})"
    return (
        f"f.household_id IN (SELECT household_id FROM {{{measure.relation}}} "
        f"WHERE {measure.condition})"
    )


def standing(reader: Reader, year: int, region: str) -> pa.Table:
    """What each household of a place is counted by at the data date of a reader's snapshot.

    Columns: household_id, village_code, head_name, people, and one of each of ``TURNING``.
    """
    declared = indicators()
    answers = ", ".join(f"{_asked(declared[key])} AS {key}" for key in TURNING)
    sql = _STANDING.format(answers=answers)
    return reader.arrow(sql, year=year, region=f"{region}%")


class Turns:
    """Two data dates of a place beside one another.

    ``known`` are the indicators of which it can be told at both; of others nothing is counted.
    """

    def __init__(self, reader: Reader, then: pa.Table, now: pa.Table, known: Iterable[str]):
        self._reader = reader
        self.known = tuple(key for key in TURNING if key in set(known))
        reader.lend("turn_then", then)
        reader.lend("turn_now", now)
        answers = ", ".join(_ANSWER.format(key=key) for key in TURNING)
        reader.lend("turned", reader.arrow(_TURNED.format(answers=answers)))

    def each(self) -> dict[str, Turn]:
        """Every turn by its indicator."""
        counted = ", ".join(
            f"COUNT(*) FILTER (WHERE {_where(CAME, key)}) AS {key}_came, "
            f"COUNT(*) FILTER (WHERE {_where(LEFT, key)}) AS {key}_left, "
            f"COUNT(*) FILTER (WHERE t.{key}_then) AS {key}_stock"
            for key in self.known
        )
        if not counted:
            return {}
        row = self._reader.one(f"SELECT {counted} FROM turned AS t") or {}
        return {
            key: Turn(key, row[f"{key}_came"], row[f"{key}_left"], row[f"{key}_stock"])
            for key in self.known
        }

    def below(self, part: str, digits: int) -> dict[str, int]:
        """Households of a list by the place that the first ``digits`` of their village name."""
        rows = self._reader.rows(
            "SELECT SUBSTRING(t.village_code, 1, $digits) AS place, COUNT(*) AS households "
            f"FROM turned AS t WHERE {self._condition(part)} GROUP BY 1 ORDER BY 1",
            digits=digits,
        )
        return {row["place"]: row["households"] for row in rows}

    def count(self, part: str) -> int:
        """How many households a list has. Raises KeyError for a part that there is not."""
        condition = self._condition(part)
        row = self._reader.one(f"SELECT COUNT(*) AS n FROM turned AS t WHERE {condition}")
        return row["n"] if row else 0

    def listed(self, part: str, offset: int = 0, limit: int | None = None) -> pa.Table:
        """The households of a list by village: household_id, village_code, head_name, and of both
        dates village and people. Raises KeyError for a part that there is not."""
        page = "" if limit is None else " LIMIT $limit OFFSET $offset"
        return self._reader.arrow(
            f"SELECT t.* FROM turned AS t WHERE {self._condition(part)} "
            f"ORDER BY t.village_code, t.household_id{page}",
            limit=limit,
            offset=offset,
        )

    def _condition(self, part: str) -> str:
        way, key = TURN_PARTS[part]
        return _where(way, key) if way == MOVED or key in self.known else "FALSE"


def _where(way: str, key: str) -> str:
    if way == MOVED:
        return "t.village_then <> t.village_now"
    then, now = (f"t.{key}_then", f"t.{key}_now")
    return f"{then} IS FALSE AND {now}" if way == CAME else f"{then} AND {now} IS FALSE"


def between(before: County, county: County, reader: Reader, region: str) -> Turns:
    """What turned in a place from one county's data date to the other's, in the reader's scope."""
    scope, year, then = reader.scope, county.data_date.year, before.data_date.year
    known = [
        key
        for key in TURNING
        if _told(before, key, region, then, scope) and _told(county, key, region, year, scope)
    ]
    earlier = before.reader(scope, reveal=reader.reveal)
    return Turns(reader, standing(earlier, then, region), standing(reader, year, region), known)


def _told(county: County, key: str, region: str, year: int, scope: Scope) -> bool:
    return county.cube.cell(key, region, year, scope).value is not None


def largest(turns: Mapping[str, Turn]) -> list[Turn]:
    """The three turns that are largest beside what was there, the largest first."""
    moved = [turn for turn in turns.values() if turn.came or turn.left]
    return sorted(moved, key=lambda turn: -turn.weight)[:MOST_TOLD]
