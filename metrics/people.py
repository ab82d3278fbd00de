"""People at two ends of a span: who was born, came, died, left, and what no record explains.

Between two snapshots people are compared by their own numbers. Between two years only counts are
kept a household, and the events recorded explain their difference, or leave a rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from metrics.dynamics import COMING, GOING
from store.reader import Reader

# Members by what became of them between two snapshots.
MEMBER_MOVES = ("born", "listed", "died", "left")
MEMBER_PARTS = {f"member_{move}": move for move in MEMBER_MOVES}
# Households whose count of people changed otherwise than their events say.
REST_PARTS = {"rest_more": ">", "rest_fewer": "<"}

# People with their place within the household by number, from 1: what an address says of them
# (``metrics.files.numbered``).
NUMBERED = """
  SELECT member_id, name, ROW_NUMBER() OVER (PARTITION BY household_id ORDER BY member_id) AS place
  FROM {member}
"""
_MEMBERS = """
SELECT member_id, household_id, village_code, name, birth_date,
  birth_date_match, relation
FROM {member}
WHERE village_code LIKE $region AND health IS DISTINCT FROM 'deceased'
"""
_FATES = """
SELECT COALESCE(b.member_id, a.member_id) AS member_id,
  COALESCE(b.household_id, a.household_id) AS household_id,
  COALESCE(b.village_code, a.village_code) AS village_code,
  COALESCE(b.name, a.name) AS name, COALESCE(b.birth_date, a.birth_date) AS birth_date,
  COALESCE(b.relation, a.relation) AS relation,
  CASE
    WHEN a.member_id IS NOT NULL AND b.member_id IS NOT NULL THEN 'stayed'
    WHEN a.member_id IS NULL AND b.birth_date_match > $then THEN 'born'
    WHEN a.member_id IS NULL THEN 'listed'
    WHEN a.member_id IN (
      SELECT member_id FROM {member} WHERE health = 'deceased'
      UNION ALL
      SELECT member_id FROM span_event WHERE change_kind = 'died' AND member_id IS NOT NULL
    ) THEN 'died'
    ELSE 'left'
  END AS fate
FROM members_then AS a
FULL JOIN members_now AS b ON b.member_id = a.member_id
"""
# A household of both ends: its counts, and what its events come to.
_COUNTED = """
SELECT a.household_id, b.village_code, b.head_name, a.people AS people_then,
  b.people AS people_now, COALESCE(e.balance, 0) AS explained,
  b.people - a.people - COALESCE(e.balance, 0) AS rest
FROM standing_then AS a
JOIN standing_now AS b ON b.household_id = a.household_id
LEFT JOIN (
  SELECT household_id, SUM(CASE WHEN list_contains($coming, change_kind) THEN people
    WHEN list_contains($going, change_kind) THEN -people END) AS balance
  FROM span_event GROUP BY household_id
) AS e ON e.household_id = a.household_id
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One step from the people at the start to those at the end; ``part`` lists them."""

    key: str
    people: int
    part: str = ""


@dataclass(frozen=True, slots=True)
class PeopleFlow:
    """People at the start, what was added and taken off, people at the end."""

    start: int
    came: Sequence[Step]
    went: Sequence[Step]
    end: int


def members(reader: Reader, region: str) -> pa.Table:
    """The living members of a place: member_id, household_id, village_code, name, birth_date as it
    may show, birth_date_match to compare, relation."""
    return reader.arrow(_MEMBERS, region=f"{region}%")


def unlisted(reader: Reader, region: str) -> tuple[int, int]:
    """Households of a place whose list of members is shorter than they are, and whom it lacks."""
    row = reader.one(
        "SELECT COUNT(*) AS households, COALESCE(SUM(unlisted_members), 0)::BIGINT AS people "
        "FROM {household_fact} "
        "WHERE is_latest AND unlisted_members > 0 AND village_code LIKE $region",
        region=f"{region}%",
    )
    return (row["households"], row["people"]) if row else (0, 0)


class Members:
    """The living members of two snapshots, compared by their numbers.

    Lends beside the tables of a ``Span``, which must have been made of the same reader.
    """

    def __init__(self, reader: Reader, then: pa.Table, now: pa.Table, day: date):
        self._reader, self._day = reader, day
        self._start, self._end = then.num_rows, now.num_rows
        reader.lend("members_then", then)
        reader.lend("members_now", now)

    def flow(self) -> PeopleFlow:
        """Born after the earlier data date, otherwise new in the lists, died, gone from them."""
        rows = self._reader.rows(
            f"SELECT fate, COUNT(*) AS n FROM ({_FATES}) GROUP BY fate ORDER BY ALL", then=self._day
        )
        found = {row["fate"]: row["n"] for row in rows}
        steps = {move: Step(move, found.get(move, 0), f"member_{move}") for move in MEMBER_MOVES}
        came, went = (steps["born"], steps["listed"]), (steps["died"], steps["left"])
        return PeopleFlow(self._start, came, went, self._end)

    def listed(self, fate: str, offset: int = 0, limit: int | None = None) -> pa.Table:
        """The members of one fate by village and household."""
        page = "" if limit is None else " LIMIT $limit OFFSET $offset"
        return self._reader.arrow(
            f"SELECT * FROM ({_FATES}) WHERE fate = $fate "
            f"ORDER BY village_code, household_id, member_id{page}",
            then=self._day,
            fate=fate,
            limit=limit,
            offset=offset,
        )


class Counts:
    """The people counted a household at two ends, beside the events of a ``Span``'s reader."""

    def __init__(self, reader: Reader):
        self._reader = reader
        self._given: Mapping[str, object] = {"coming": list(COMING), "going": list(GOING)}

    def flow(self) -> PeopleFlow:
        """Households that came and went, each kind of event, and the rest that none explains."""
        ends = self._reader.one(
            "SELECT COALESCE((SELECT SUM(people) FROM standing_then), 0) AS start, "
            "COALESCE((SELECT SUM(people) FROM standing_now), 0) AS finish, "
            "COALESCE((SELECT SUM(people) FROM standing_now WHERE household_id NOT IN "
            "(SELECT household_id FROM standing_then)), 0) AS came, "
            "COALESCE((SELECT SUM(people) FROM standing_then WHERE household_id NOT IN "
            "(SELECT household_id FROM standing_now)), 0) AS went"
        )
        assert ends is not None
        recorded = self._recorded()
        rest = self._rest()
        came = [Step("came_household", int(ends["came"]))]
        came += [Step(kind, recorded.get(kind, 0), f"event_{kind}") for kind in COMING]
        came.append(Step("rest_more", rest["more"], "rest_more"))
        went = [Step("went_household", int(ends["went"]))]
        went += [Step(kind, recorded.get(kind, 0), f"event_{kind}") for kind in GOING]
        went.append(Step("rest_fewer", rest["fewer"], "rest_fewer"))
        return PeopleFlow(int(ends["start"]), came, went, int(ends["finish"]))

    def _recorded(self) -> dict[str, int]:
        """People of the events by kind, in households that stand at both ends."""
        rows = self._reader.rows(
            "SELECT change_kind, SUM(people) AS n FROM span_event WHERE household_id IN ("
            "SELECT a.household_id FROM standing_then AS a JOIN standing_now AS b "
            "ON b.household_id = a.household_id) GROUP BY change_kind ORDER BY ALL"
        )
        return {row["change_kind"]: int(row["n"] or 0) for row in rows}

    def _rest(self) -> dict[str, int]:
        row = self._reader.one(
            "SELECT COALESCE(SUM(rest) FILTER (WHERE rest > 0), 0) AS more, "
            f"COALESCE(-SUM(rest) FILTER (WHERE rest < 0), 0) AS fewer FROM ({_COUNTED})",
            **self._given,
        )
        assert row is not None
        return {key: int(value) for key, value in row.items()}

    def count(self, part: str) -> int:
        """Households with a rest. Raises KeyError for another part."""
        row = self._reader.one(
            f"SELECT COUNT(*) AS n FROM ({_COUNTED}) WHERE rest {REST_PARTS[part]} 0",
            **self._given,
        )
        return row["n"] if row else 0

    def listed(self, part: str, offset: int = 0, limit: int | None = None) -> pa.Table:
        """Households whose people changed otherwise than their events say, the largest rest first.

        Raises KeyError for another part.
        """
        page = "" if limit is None else " LIMIT $limit OFFSET $offset"
        return self._reader.arrow(
            f"SELECT * FROM ({_COUNTED}) WHERE rest {REST_PARTS[part]} 0 "
            f"ORDER BY ABS(rest) DESC, village_code, household_id{page}",
            limit=limit,
            offset=offset,
            **self._given,
        )
