"""产业就业: who of a place works and where, whether posts are filled and held by the rules, what
workshops and leaders bring.

All is known as of the data date only, so these are answers for its year; months before are told by
the dates of spells of work away.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from metrics.months import month_ends
from metrics.shares import percent
from rules.registry import asked_of, rules
from rules.tally import Tally, tally
from store.amended import literal
from store.reader import Reader

# Where somebody works, the nearest first.
PLACES = ("village", "township", "county", "province", "outside", "other")
POST_KINDS = ("ranger", "set_up", "special", "relief")
AT_WORK, WILLING, LOST, IN_VAIN = (
    "worker_at_work",
    "worker_willing_idle",
    "worker_lost_work",
    "worker_trained_vain",
)
OF_PEOPLE = (AT_WORK, WILLING, LOST, IN_VAIN)
ONE, NEITHER, NO_INDUSTRY = "work_one", "work_neither", "able_without_industry"
OF_HOUSEHOLDS = (ONE, "work_steady", NEITHER)
FILLED, IN_ORDER = "post_filled", "post_kept"
OF_POSTS = (*rules()[IN_ORDER].parts, IN_ORDER)
OF_WORKPLACES = ("workplace_running", "workplace_workers", "workplace_used")
OF_LEADERS = ("leader_brings", "leader_trained", "leader_chosen")
OF_VILLAGES = ("leaders_enough", "leaders_not_too_many")
# What checks find in the ledger of posts.
CHECKS = ("post_holder_unknown", "post_not_in_register", "post_paid_vacant")
_NUMBER = re.compile(r"[\w-]{1,40}")
_DAY = re.compile(r"20\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_HERE = "f.year = $year AND f.village_code LIKE $region"

# Spells of work under way at the end of a day ``d.day``, and where.
_SPELLS = """e.started_on <= {day} AND NOT e.planned
  AND COALESCE(e.ended_on > {day}, NOT COALESCE(e.returned, FALSE))"""
_MONTHS = f"""
SELECT d.day, COALESCE(e.work_place, 'other') AS place, COUNT(DISTINCT e.member_id) AS people
FROM {{employment}} AS e
JOIN {{member_fact}} AS m ON m.member_id = e.member_id
CROSS JOIN (SELECT UNNEST($days) AS day) AS d
WHERE m.village_code LIKE $region AND {_SPELLS.format(day="d.day")}
GROUP BY ALL
"""
_AT_A_WORKPLACE = """SELECT r.{subject} FROM {{workplace_worker}} AS r
  JOIN {{workplace_fact}} AS k ON k.workplace_id = r.workplace_id
  WHERE r.workplace_id = {key} AND r.started_on <= k.data_day
    AND COALESCE(r.ended_on > k.data_day, TRUE)"""


@dataclass(frozen=True, slots=True)
class Workers:
    """People of a place who can work, those at work, and these by where they work."""

    people: int
    at_work: int
    unknown: int
    by_place: Mapping[str, int]

    @property
    def share(self) -> float | None:
        """Per cent of those who can be told that are at work."""
        return percent(self.at_work, self.people - self.unknown)


@dataclass(frozen=True, slots=True)
class Posts:
    """Posts of one kind: how many, held now, vacant for too long, and held and not in order."""

    posts: int
    held: int
    vacant: int
    against: int


@dataclass(frozen=True, slots=True)
class Near:
    """Workplaces and their jobs, people of the place who work at one; leaders, and the
    households of the place that one brings along."""

    workplaces: int
    jobs: int
    held: int
    leaders: int
    led: int


def _given(region: str, year: int) -> dict[str, Any]:
    return {"region": f"{region}%", "year": year}


def workers(reader: Reader, region: str, year: int) -> Workers:
    """Who can work in a place and who does, by where."""
    rows = reader.rows(
        "SELECT CASE WHEN f.at_work THEN COALESCE(f.works_at, 'other') END AS place, "
        "f.at_work IS NULL AS unknown, COUNT(*) AS people "
        f"FROM {{worker_fact}} AS f WHERE {_HERE} GROUP BY ALL ORDER BY ALL",
        **_given(region, year),
    )
    by_place = dict.fromkeys(PLACES, 0)
    by_place |= {row["place"]: int(row["people"]) for row in rows if row["place"]}
    return Workers(
        sum(int(row["people"]) for row in rows),
        sum(by_place.values()),
        sum(int(row["people"]) for row in rows if row["unknown"]),
        by_place,
    )


def answers(reader: Reader, region: str, year: int, level: str) -> dict[str, Tally]:
    """Every rule of work to how the place's people, households, posts and so on answer."""
    found: dict[str, Tally] = {}
    for keys in _BY_RELATION:
        told = tally(reader, keys, year, level, region=region)
        found |= {key: told[key].get(region, Tally()) for key in keys}
    return found


def by_place(reader: Reader, region: str, year: int, level: str) -> dict[str, Mapping[str, Tally]]:
    """Every rule of work, then the code of each place of a level, to its counts."""
    found: dict[str, Mapping[str, Tally]] = {}
    for keys in _BY_RELATION:
        found |= tally(reader, keys, year, level, region=region)
    return found


_BY_RELATION = (OF_PEOPLE, OF_HOUSEHOLDS, (NO_INDUSTRY,), OF_POSTS, OF_WORKPLACES, OF_LEADERS,
                OF_VILLAGES)  # fmt: skip


def posts(reader: Reader, region: str, year: int) -> dict[str, Posts]:
    """The posts of each kind that a place has."""
    rows = reader.rows(
        "SELECT f.post_kind, COUNT(*) AS posts, COUNT(*) FILTER (WHERE f.filled) AS held, "
        f"COUNT(*) FILTER (WHERE {VACANT}) AS vacant, "
        f"COUNT(*) FILTER (WHERE {AGAINST}) AS against "
        f"FROM {{post_fact}} AS f WHERE {_HERE} GROUP BY 1 ORDER BY ALL",
        **_given(region, year),
    )
    found = {row.pop("post_kind"): Posts(**row) for row in rows}
    return {kind: found.get(kind, Posts(0, 0, 0, 0)) for kind in POST_KINDS}


def held_against(found: Mapping[str, Posts]) -> int:
    """Posts of all kinds that are held against a rule."""
    return sum(one.against for one in found.values())


# Posts vacant for longer than they may be; posts held against a rule.
VACANT = f"f.in_{FILLED} IS FALSE"
AGAINST = f"f.filled AND f.in_{IN_ORDER} IS FALSE"


def near(reader: Reader, region: str, year: int) -> Near:
    """What workshops, bases and leaders of a place give."""
    given = _given(region, year)
    shops = reader.one(
        "SELECT COUNT(*) AS workplaces, COALESCE(SUM(f.jobs), 0) AS jobs "
        f"FROM {{workplace_fact}} AS f WHERE {_HERE}",
        **given,
    )
    others = reader.one(
        f"SELECT (SELECT COUNT(*) FROM {{leader_fact}} AS f WHERE {_HERE}) AS leaders, "
        f"(SELECT COUNT(*) FROM {{worker_fact}} AS f WHERE {_HERE} AND {NEAR_HOME}) AS held, "
        f"(SELECT COUNT(*) FROM {{work_fact}} AS f WHERE {_HERE} AND {LED}) AS led",
        **given,
    )
    assert shops is not None and others is not None
    return Near(**{key: int(n) for key, n in {**shops, **others}.items()})


def trained(reader: Reader, region: str, year: int) -> tuple[int, int]:
    """People of a place who can work and were trained, and those who work since."""
    row = reader.one(
        "SELECT COUNT(*) FILTER (WHERE f.trained) AS trained, "
        "COUNT(*) FILTER (WHERE f.works_after_training) AS placed "
        f"FROM {{worker_fact}} AS f WHERE {_HERE}",
        **_given(region, year),
    )
    assert row is not None
    return int(row["trained"]), int(row["placed"])


def by_month(reader: Reader, region: str, day: date) -> dict[date, dict[str, int]]:
    """People of a place away at work at the data date and at the ends of the twelve months before,
    by where; told by the dates of their spells."""
    days = month_ends(day)
    rows = reader.rows(_MONTHS, region=f"{region}%", days=days)
    found = {each: dict.fromkeys(PLACES, 0) for each in days}
    for row in rows:
        found[row["day"]][row["place"]] = int(row["people"])
    return found


def found(reader: Reader, region: str) -> dict[str, int]:
    """Each check of the ledger of posts to how many posts of the place it finds."""
    rows = reader.rows(
        "SELECT check_key, COUNT(*) AS posts FROM {finding} "
        "WHERE level = 'post' AND village_code LIKE $region GROUP BY 1 ORDER BY ALL",
        region=f"{region}%",
    )
    counted = {row["check_key"]: int(row["posts"]) for row in rows}
    return {key: counted.get(key, 0) for key in CHECKS}


def missed(row: Mapping[str, Any], keys: Sequence[str]) -> list[str]:
    """The rules that a listed row misses."""
    return [key for key in keys if row[f"in_{key}"] is False]


# People who work at a workplace, households that a leader brings along.
NEAR_HOME = """f.member_id IN (SELECT r.member_id FROM {workplace_worker} AS r
  JOIN {workplace_fact} AS k ON k.workplace_id = r.workplace_id
  WHERE r.started_on <= k.data_day AND COALESCE(r.ended_on > k.data_day, TRUE))"""
LED = """f.household_id IN (SELECT b.household_id FROM {led_household} AS b
  JOIN {leader_fact} AS a ON a.leader_id = b.leader_id)"""


def of_households(which: str) -> dict[str, str]:
    """SQL of what is known of households: ``working`` (with ``among_work``), ``workers``,
    ``posts``, ``jobs``, ``courses`` and ``leaders``; names and phones masked.

    ``which`` is a condition that begins with ``household_id``.
    """
    asked = asked_of(rules()[ONE])
    return {
        "working": f"SELECT *, ({asked}) AS among_work FROM {{work_fact}} WHERE {which}",
        "workers": f"SELECT * FROM {{worker_fact}} WHERE {which} ORDER BY member_id",
        "posts": "SELECT p.*, s.in_post_kept FROM {post} AS p "
        f"JOIN {{post_fact}} AS s ON s.post_id = p.post_id WHERE p.{which} ORDER BY p.post_id",
        "jobs": "SELECT w.*, k.name AS workplace_name, m.name AS member_name "
        "FROM {workplace_worker} AS w "
        "LEFT JOIN {workplace} AS k ON k.workplace_id = w.workplace_id "
        f"LEFT JOIN {{member}} AS m ON m.member_id = w.member_id WHERE w.{which} "
        "ORDER BY w.started_on, w.member_id",
        "courses": "SELECT t.*, m.name AS member_name FROM {training} AS t "
        f"LEFT JOIN {{member}} AS m ON m.member_id = t.member_id WHERE t.{which} "
        "ORDER BY t.trained_on DESC, t.training_id",
        "leaders": "SELECT b.*, a.leader_name, a.enterprise, a.leader_phone "
        "FROM {led_household} AS b "
        f"LEFT JOIN {{leader}} AS a ON a.leader_id = b.leader_id WHERE b.{which} "
        "ORDER BY b.leader_id",
    }


def allows(arguments: Sequence[str]) -> bool:
    """Whether a selection's arguments say where somebody works, now or on a day (YYYYMMDD)."""
    place, *day = arguments or ("",)
    return place in PLACES and len(day) < 2 and all(map(_DAY.fullmatch, day))


def _working(arguments: Sequence[str], subject: str) -> str:
    place, *day = arguments
    if not day:
        return (
            f"SELECT s.{subject} FROM {{worker_fact}} AS s WHERE s.year = $year AND s.at_work "
            f"AND COALESCE(s.works_at, 'other') = '{place}'"
        )
    on = f"DATE '{day[0][:4]}-{day[0][4:6]}-{day[0][6:]}'"
    return (
        f"SELECT e.{subject} FROM {{employment}} AS e "
        f"WHERE COALESCE(e.work_place, 'other') = '{place}' AND {_SPELLS.format(day=on)}"
    )


def condition(arguments: Sequence[str]) -> str:
    """SQL condition over ``f`` and ``$year``: households of whom somebody works there."""
    return f"f.household_id IN ({_working(arguments, 'household_id')})"


def person(arguments: Sequence[str]) -> str:
    """SQL condition over ``m``: who works there."""
    return f"m.member_id IN ({_working(arguments, 'member_id')})"


def allows_number(arguments: Sequence[str]) -> bool:
    """Whether a selection's arguments name a workplace or a leader."""
    return len(arguments) == 1 and bool(_NUMBER.fullmatch(arguments[0]))


def at_workplace(arguments: Sequence[str]) -> str:
    """SQL condition over ``f``: households of whom somebody works at a workplace."""
    key = literal(arguments[0])
    return f"f.household_id IN ({_AT_A_WORKPLACE.format(subject='household_id', key=key)})"


def person_at_workplace(arguments: Sequence[str]) -> str:
    """SQL condition over ``m``: who works at a workplace."""
    key = literal(arguments[0])
    return f"m.member_id IN ({_AT_A_WORKPLACE.format(subject='member_id', key=key)})"


def led_by(arguments: Sequence[str]) -> str:
    """SQL condition over ``f``: households that a leader brings along."""
    return _reached("led_household", "leader_id", f"= {literal(arguments[0])}")


def _reached(table: str, key: str, which: str) -> str:
    return f"f.household_id IN (SELECT r.household_id FROM {{{table}}} AS r WHERE r.{key} {which})"


def reached_by(relation: str, told: str) -> str | None:
    """SQL condition over ``f`` and ``$year``: households that workplaces or leaders with an answer
    reach; None for another relation."""
    if relation not in _REACHING:
        return None
    table, key = _REACHING[relation]
    subjects = f"IN (SELECT s.{key} FROM {{{relation}}} AS s WHERE s.year = $year AND {told})"
    return _reached(table, key, subjects)


_REACHING = {
    "workplace_fact": ("workplace_worker", "workplace_id"),
    "leader_fact": ("led_household", "leader_id"),
}
