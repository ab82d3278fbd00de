"""动态管理: where every household stood at two ends of a span, and what was recorded in between.

Both ends are tables of one row a household, of two years or of two snapshots, joined by household
number: who stands somewhere else at the end has moved, along one edge. Start, less who left, plus
who came, is the end, for every state, because each household is on exactly one edge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from store.reader import Reader
from store.snapshots import Snapshot

# Where a household stands: in poverty, out of it, listed by its events only (who was removed again
# has no state in any year), registered without a state, never registered, not in the data.
STATES = ("poor", "out", "listed", "unclear", "outside", "absent")
ON_REGISTER = ("poor", "out", "listed", "unclear")
EDGES = tuple((a, b) for a in STATES for b in STATES if (a, b) != ("absent", "absent"))
HOUSEHOLD_KINDS = ("identified", "exited", "fell_back", "removed", "corrected")
COMING, GOING = ("born", "married_in", "moved_in"), ("died", "married_out", "moved_out")
KINDS = (*HOUSEHOLD_KINDS, *COMING, *GOING)


def edge(then: str, now: str) -> str:
    """Key of an edge, as the address writes it."""
    return f"{then}_{now}"


# What the page can list: the households of an edge, the events of a kind, moves without an event.
EDGE_PARTS = {edge(*pair): pair for pair in EDGES}
EVENT_PARTS = {f"event_{kind}": kind for kind in KINDS}
UNRECORDED = "unrecorded"

# The event that a move should have; a move that is no event of the register has none.
_RECORD = """CASE
  WHEN a.state = 'poor' AND b.state = 'out' THEN 'exited'
  WHEN a.state = 'out' AND b.state = 'poor' THEN 'fell_back'
  WHEN COALESCE(a.state, 'absent') IN ('outside', 'absent')
    AND b.state IN ('poor', 'out', 'listed') THEN 'identified'
  WHEN a.state IN ('poor', 'out', 'listed') AND b.state = 'outside' THEN 'removed'
  WHEN a.state = 'listed' AND b.state IS NULL THEN 'removed'
END"""
# The last that was recorded of a household's place on the register.
_LISTED = """
  SELECT household_id, arg_max(change_kind, (changed_on, change_kind)) AS kind,
    arg_max(people, (changed_on, change_kind)) AS people
  FROM {change_event}
  WHERE change_kind IN ('identified', 'removed') AND changed_on <= $last
  GROUP BY household_id
"""
_STANDING = """
SELECT f.household_id, f.village_code, f.head_name, f.member_count AS people,
  f.per_capita_net_income_yuan,
  CASE
    WHEN f.poverty_state IN ('poor', 'fell_back') THEN 'poor'
    WHEN f.poverty_state IS NOT NULL THEN 'out'
    WHEN f.registered AND COALESCE(f.identified_year <= f.year, TRUE) THEN 'unclear'
    WHEN l.kind = 'identified' THEN 'listed'
    ELSE 'outside'
  END AS state
FROM {{household_fact}} AS f
LEFT JOIN ({listed}) AS l ON l.household_id = f.household_id AND NOT f.registered
WHERE f.year = $year AND f.village_code LIKE $region
UNION ALL
-- Listed then, and without a row of the year, which only those still registered have.
SELECT h.household_id, h.village_code, h.head_name, l.people, NULL, 'listed'
FROM ({listed}) AS l
JOIN {{household}} AS h ON h.household_id = l.household_id AND NOT h.registered
WHERE l.kind = 'identified' AND h.village_code LIKE $region
  AND NOT EXISTS (
    SELECT 1 FROM {{household_fact}} AS f WHERE f.household_id = h.household_id AND f.year = $year
  )
"""
_EVENTS = """
SELECT event_id, household_id, village_code, member_id, change_kind, changed_on,
  COALESCE(people, CASE WHEN member_id IS NULL THEN NULL ELSE 1 END) AS people, note
FROM {change_event}
WHERE changed_on > $after AND changed_on <= $until AND village_code LIKE $region
"""
# Every household of either end, on its edge. ``recorded``: the event that its move should have was
# recorded in the span, or on its eve; NULL for a move that needs none.
_MOVED = f"""
SELECT m.*, CASE WHEN m.record IS NULL OR NOT $told THEN NULL
  ELSE e.household_id IS NOT NULL END AS recorded
FROM (
  SELECT COALESCE(b.household_id, a.household_id) AS household_id,
    COALESCE(b.village_code, a.village_code) AS village_code,
    COALESCE(b.head_name, a.head_name) AS head_name,
    COALESCE(a.state, 'absent') AS state_then, COALESCE(b.state, 'absent') AS state_now,
    a.people AS people_then, b.people AS people_now,
    a.per_capita_net_income_yuan AS income_then, b.per_capita_net_income_yuan AS income_now,
    {_RECORD} AS record
  FROM standing_then AS a
  FULL JOIN standing_now AS b ON b.household_id = a.household_id
) AS m
LEFT JOIN (
  SELECT household_id, change_kind FROM span_event
  UNION SELECT household_id, change_kind FROM eve_event
) AS e
  ON e.household_id = m.household_id AND e.change_kind = m.record
"""


def standing(reader: Reader, year: int, region: str) -> pa.Table:
    """Where each household of a place stood in a year of the reader's snapshot.

    Columns: household_id, village_code, head_name, people, per_capita_net_income_yuan, state (one
    of ``STATES`` but absent).
    """
    return reader.arrow(
        _STANDING.format(listed=_LISTED), year=year, last=date(year, 12, 31), region=f"{region}%"
    )


def loaded(snapshot: Snapshot) -> bool:
    """Whether the snapshot holds any event, of whatever place: without one nothing can be told."""
    return snapshot.manifest["tables"].get("change_event", {}).get("rows", 0) > 0


def events(reader: Reader, after: date, until: date, region: str) -> pa.Table:
    """What was recorded of a place after one day and up to another.

    Columns: event_id, household_id, village_code, member_id, change_kind, changed_on, people, note.
    """
    return reader.arrow(_EVENTS, after=after, until=until, region=f"{region}%")


def as_set_up(reader: Reader, year: int, region: str) -> bool:
    """Whether a year's rows are the register as it was set up: households that exited in that very
    year are still poor in them."""
    row = reader.one(
        "SELECT 1 AS one FROM {household_fact} AS f WHERE f.year = $year AND f.poor "
        "AND f.exit_year = f.year AND f.poverty_state = 'poor' AND f.village_code LIKE $region "
        "LIMIT 1",
        year=year,
        region=f"{region}%",
    )
    return row is not None


def after_set_up(reader: Reader, year: int, until: date, region: str) -> pa.Table:
    """What was recorded from the year in which the register was set up, up to a day: all but the
    identifications that set it up. Columns as ``events``."""
    return reader.arrow(
        f"SELECT * FROM ({_EVENTS}) AS e WHERE change_kind <> 'identified' OR changed_on > $set_up",
        after=date(year - 1, 12, 31),
        set_up=date(year, 12, 31),
        until=until,
        region=f"{region}%",
    )


@dataclass(frozen=True, slots=True)
class Count:
    """Households and the people in them; ``people`` is None where that is not recorded."""

    households: int
    people: int | None


class Span:
    """Two ends and what happened in between, ready to be counted and listed.

    ``then`` and ``now`` are tables of ``standing``, ``happened`` one of ``events`` (None: not
    loaded, and so nothing can be said of what was recorded). ``eve`` are events of the start's own
    year: a register taken before them still has the households where they were, and the move that
    then shows has its record.
    """

    def __init__(
        self,
        reader: Reader,
        then: pa.Table,
        now: pa.Table,
        happened: pa.Table | None,
        eve: pa.Table | None = None,
    ):
        self._reader = reader
        self.told = happened is not None
        reader.lend("standing_then", then)
        reader.lend("standing_now", now)
        reader.lend("span_event", happened if happened is not None else NO_EVENTS)
        reader.lend("eve_event", eve if eve is not None else NO_EVENTS)
        # Joined once: everything below counts or lists it.
        reader.lend("moved", reader.arrow(_MOVED, told=self.told))

    def edges(self) -> dict[tuple[str, str], Count]:
        """How many households are on each edge, and their people: at the end, or before they left.

        Edges without a household are left out.
        """
        rows = self._reader.rows(
            "SELECT state_then, state_now, COUNT(*) AS households, "
            "SUM(COALESCE(people_now, people_then)) AS people FROM moved GROUP BY ALL ORDER BY ALL"
        )
        return {
            (row["state_then"], row["state_now"]): Count(row["households"], _whole(row["people"]))
            for row in rows
        }

    def recorded(self) -> dict[str, Count]:
        """Events by kind: the households they are about (each once), and the people told of."""
        rows = self._reader.rows(
            "SELECT change_kind, COUNT(DISTINCT household_id) AS households, "
            "SUM(people) AS people FROM span_event GROUP BY change_kind ORDER BY ALL"
        )
        return {row["change_kind"]: Count(row["households"], _whole(row["people"])) for row in rows}

    def moves(self) -> dict[str, tuple[int, int | None]]:
        """Moves by the event that they should have: households, and those of them without it."""
        rows = self._reader.rows(
            "SELECT record, COUNT(*) AS households, "
            "COUNT(*) FILTER (WHERE recorded IS FALSE) AS without FROM moved "
            "WHERE record IS NOT NULL GROUP BY record ORDER BY ALL"
        )
        return {
            row["record"]: (row["households"], row["without"] if self.told else None)
            for row in rows
        }

    def listed(self, part: str, offset: int = 0, limit: int | None = None) -> pa.Table:
        """The households of an edge, or those that moved without an event, by village.

        Columns of both ends, and ``happened``: kinds of what was recorded, in order of time.
        Raises KeyError for a part that lists no households.
        """
        condition, given = self._condition(part)
        page = "" if limit is None else " LIMIT $limit OFFSET $offset"
        return self._reader.arrow(
            "SELECT m.*, h.happened FROM moved AS m LEFT JOIN ("
            "SELECT household_id, LIST(change_kind ORDER BY changed_on, event_id) AS happened "
            "FROM span_event GROUP BY household_id"
            f") AS h ON h.household_id = m.household_id WHERE {condition} "
            f"ORDER BY m.village_code, m.household_id{page}",
            limit=limit,
            offset=offset,
            **given,
        )

    def count(self, part: str) -> int:
        """How many households ``listed`` has."""
        condition, given = self._condition(part)
        row = self._reader.one(f"SELECT COUNT(*) AS n FROM moved AS m WHERE {condition}", **given)
        return row["n"] if row else 0

    @staticmethod
    def _condition(part: str) -> tuple[str, Mapping[str, Any]]:
        if part == UNRECORDED:
            return "m.recorded IS FALSE", {}
        then, now = EDGE_PARTS[part]
        return "m.state_then = $then AND m.state_now = $now", {"then": then, "now": now}

    def happened(self, kind: str, offset: int = 0, limit: int | None = None) -> pa.Table:
        """The events of a kind, the latest first, with the name of the household's head."""
        page = "" if limit is None else " LIMIT $limit OFFSET $offset"
        return self._reader.arrow(
            "SELECT e.*, h.head_name, p.name AS member_name FROM span_event AS e "
            "LEFT JOIN {household} AS h ON h.household_id = e.household_id "
            "LEFT JOIN {member} AS p ON p.member_id = e.member_id "
            f"WHERE e.change_kind = $kind ORDER BY e.changed_on DESC, e.event_id{page}",
            kind=kind,
            limit=limit,
            offset=offset,
        )

    def happened_count(self, kind: str) -> tuple[int, int]:
        """How many events of a kind there are, and the households that they are about."""
        row = self._reader.one(
            "SELECT COUNT(*) AS n, COUNT(DISTINCT household_id) AS households "
            "FROM span_event WHERE change_kind = $kind",
            kind=kind,
        )
        return (row["n"], row["households"]) if row else (0, 0)


NO_EVENTS = pa.table(
    {
        "event_id": pa.array([], pa.string()),
        "household_id": pa.array([], pa.string()),
        "village_code": pa.array([], pa.string()),
        "member_id": pa.array([], pa.string()),
        "change_kind": pa.array([], pa.string()),
        "changed_on": pa.array([], pa.date32()),
        "people": pa.array([], pa.int32()),
        "note": pa.array([], pa.string()),
    }
)


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)


@dataclass(frozen=True, slots=True)
class Balance:
    """A stock at both ends with what came and went: start + came - went = end, of households."""

    start: int
    came: Mapping[str, int]
    went: Mapping[str, int]
    end: int

    @property
    def all_came(self) -> int:
        return sum(self.came.values())

    @property
    def all_went(self) -> int:
        return sum(self.went.values())


def households_of(edges: Mapping[tuple[str, str], Count]) -> int:
    """Households of several edges together."""
    return sum(count.households for count in edges.values())


def moving(edges: Mapping[tuple[str, str], Count], moved: bool = True) -> int:
    """Households whose state changed, or (not ``moved``) stayed."""
    return sum(n.households for (then, now), n in edges.items() if (then != now) is moved)


def balance(edges: Mapping[tuple[str, str], Count], stock: tuple[str, ...]) -> Balance:
    """Households in the states ``stock`` at both ends; who came and went, by the edge's key."""
    start = sum(n.households for (then, _), n in edges.items() if then in stock)
    end = sum(n.households for (_, now), n in edges.items() if now in stock)
    came = {
        edge(then, now): n.households
        for (then, now), n in edges.items()
        if then not in stock and now in stock
    }
    went = {
        edge(then, now): n.households
        for (then, now), n in edges.items()
        if then in stock and now not in stock
    }
    return Balance(start, came, went, end)
