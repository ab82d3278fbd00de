"""The lists of /work: people, posts, workplaces, leaders and villages by what they miss, and the
households that lost work since the last data date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from metrics import paging
from metrics.county import County
from metrics.paging import Order
from metrics.work import (
    AGAINST,
    AT_WORK,
    CHECKS,
    IN_ORDER,
    IN_VAIN,
    LOST,
    NEAR_HOME,
    OF_LEADERS,
    OF_POSTS,
    OF_VILLAGES,
    OF_WORKPLACES,
    ONE,
    POST_KINDS,
    VACANT,
    WILLING,
)
from rules.registry import asked_of, rules
from store.reader import Reader

PEOPLE, POSTS, WORKPLACES, LEADERS, VILLAGES = (
    "worker_fact",
    "post_fact",
    "workplace_fact",
    "leader_fact",
    "leading_fact",
)
EVERYBODY, WORKING, TRAINED = "able_people", "working_people", "trained"
AT_WORKPLACES = "workplace_people"
LOST_SINCE = "lost_since"  # needs the snapshot before
EVERY_POST, EVERY_WORKPLACE, EVERY_LEADER = "posts", "workplaces", "leaders"
HELD_AGAINST, NOT_IN_ORDER = "posts_against", "posts_not_in_order"
# Posts of one kind, all of them, held, vacant, or held against the rules.
OF_KINDS = {
    f"{what}_{kind}": (what, kind)
    for what in ("every", "held", "vacant", "against")
    for kind in POST_KINDS
}
_WHICH = {"every": "TRUE", "held": "f.filled", "vacant": VACANT, "against": AGAINST}


@dataclass(frozen=True, slots=True)
class Listed:
    """A list: the relation whose rows it has, and their condition."""

    relation: str
    condition: str


def _missed(relation: str, keys: tuple[str, ...]) -> dict[str, Listed]:
    return {key: Listed(relation, f"f.in_{key} IS FALSE") for key in keys}


LISTS: dict[str, Listed] = {
    **{key: Listed(PEOPLE, f"f.in_{key}") for key in (WILLING, LOST, IN_VAIN)},
    EVERYBODY: Listed(PEOPLE, "TRUE"),
    WORKING: Listed(PEOPLE, f"f.in_{AT_WORK}"),
    TRAINED: Listed(PEOPLE, "f.trained"),
    AT_WORKPLACES: Listed(PEOPLE, NEAR_HOME),
    EVERY_POST: Listed(POSTS, "TRUE"),
    HELD_AGAINST: Listed(POSTS, AGAINST),
    NOT_IN_ORDER: Listed(POSTS, f"f.in_{IN_ORDER} IS FALSE"),
    **_missed(POSTS, tuple(key for key in OF_POSTS if key != IN_ORDER)),
    **{
        key: Listed(
            POSTS,
            "f.post_id IN (SELECT subject_id FROM {finding} "
            f"WHERE level = 'post' AND check_key = '{key}')",
        )
        for key in CHECKS
    },
    **{
        key: Listed(POSTS, f"{_WHICH[what]} AND f.post_kind = '{kind}'")
        for key, (what, kind) in OF_KINDS.items()
    },
    EVERY_WORKPLACE: Listed(WORKPLACES, "TRUE"),
    **_missed(WORKPLACES, OF_WORKPLACES),
    EVERY_LEADER: Listed(LEADERS, "TRUE"),
    **_missed(LEADERS, OF_LEADERS),
    **_missed(VILLAGES, OF_VILLAGES),
}
_SQL = {
    PEOPLE: """
SELECT f.member_id, f.household_id, f.village_code, m.name, f.age, f.labour, f.work_months,
  f.days_since_work, f.trained_on, f.days_since_training
FROM {{worker_fact}} AS f JOIN {{member}} AS m ON m.member_id = f.member_id
WHERE {here} AND {condition}""",
    POSTS: """
SELECT f.post_id, f.village_code, f.household_id, f.post_kind, p.duty, p.holder_name,
  p.appointed_on, p.vacated_on, f.holder_age, p.paid_through, p.paid_through_until, p.attended_days,
  f.vacant_days, {answers}
FROM {{post_fact}} AS f JOIN {{post}} AS p ON p.post_id = f.post_id
WHERE {here} AND {condition}""",
    WORKPLACES: """
SELECT f.workplace_id, f.village_code, k.name, f.workplace_kind, a.operator, f.running, f.jobs,
  f.jobs_held, f.jobs_held_percent, {answers}
FROM {{workplace_fact}} AS f JOIN {{workplace}} AS k ON k.workplace_id = f.workplace_id
LEFT JOIN {{asset}} AS a ON a.asset_id = k.asset_id
WHERE {here} AND {condition}""",
    LEADERS: """
SELECT f.leader_id, f.village_code, a.leader_name, f.leader_kind, a.enterprise, f.led_households,
  a.leader_trained_on, a.leader_approved_on, {answers}
FROM {{leader_fact}} AS f JOIN {{leader}} AS a ON a.leader_id = f.leader_id
WHERE {here} AND {condition}""",
    VILLAGES: """
SELECT f.village_code, f.poor_village, f.village_leaders, {answers}
FROM {{leading_fact}} AS f WHERE {here} AND {condition}""",
}
_ANSWERS = {
    POSTS: tuple(key for key in OF_POSTS if key != IN_ORDER),
    WORKPLACES: OF_WORKPLACES,
    LEADERS: OF_LEADERS,
    VILLAGES: OF_VILLAGES,
}
_ORDER = {
    PEOPLE: Order.by("-days_since_training", "days_since_work", "village_code", "member_id"),
    POSTS: Order.by("-vacant_days", "village_code", "post_id"),
    WORKPLACES: Order.by("jobs_held_percent", "village_code", "workplace_id"),
    LEADERS: Order.by("led_households", "village_code", "leader_id"),
    VILLAGES: Order.by("village_code"),
}
_HERE = "f.year = $year AND f.village_code LIKE $region"
_LOST = f"""
SELECT f.household_id, f.village_code, h.head_name, f.workers, f.longest_work_months,
  f.industry_measure
FROM {{work_fact}} AS f
JOIN worked_then AS t ON t.household_id = f.household_id
JOIN {{household}} AS h ON h.household_id = f.household_id
WHERE {_HERE} AND ({asked_of(rules()[ONE])}) AND f.in_{ONE} IS FALSE
"""


def _query(part: str) -> str:
    wanted = LISTS[part]
    answers = ", ".join(f"f.in_{key}" for key in _ANSWERS.get(wanted.relation, ()))
    return _SQL[wanted.relation].format(here=_HERE, condition=wanted.condition, answers=answers)


def _given(region: str, year: int) -> dict[str, Any]:
    return {"region": f"{region}%", "year": year}


def count(reader: Reader, part: str, region: str, year: int) -> int:
    """How many rows a list has. Raises KeyError for one that there is not."""
    row = reader.one(f"SELECT COUNT(*) AS n FROM ({_query(part)}) AS s", **_given(region, year))
    return int(row["n"]) if row else 0


def listed(
    reader: Reader, part: str, region: str, year: int, offset: int = 0, limit: int | None = None
) -> pa.Table:
    """The people, posts, workplaces, leaders or villages of a list, what hurts first.

    Columns: those of the queries above, personal ones masked. Raises KeyError for a list that
    there is not.
    """
    order = _ORDER[LISTS[part].relation]
    return paging.rows(reader, _query(part), order, offset, limit, _given(region, year))


def lost_since(
    before: County,
    reader: Reader,
    region: str,
    year: int,
    offset: int = 0,
    limit: int | None = None,
) -> pa.Table:
    """Households of whom somebody was at work at an earlier data date and nobody is now.

    Columns: household_id, village_code, head_name (masked), workers, longest_work_months,
    industry_measure.
    """
    _lend(before, reader, region)
    page = "" if limit is None else " LIMIT $limit OFFSET $offset"
    return reader.arrow(
        f"{_LOST} ORDER BY f.village_code, f.household_id{page}",
        limit=limit,
        offset=offset,
        **_given(region, year),
    )


def count_lost(before: County, reader: Reader, region: str, year: int) -> int:
    """How many households lost work since an earlier data date."""
    _lend(before, reader, region)
    row = reader.one(f"SELECT COUNT(*) AS n FROM ({_LOST}) AS s", **_given(region, year))
    return int(row["n"]) if row else 0


def _lend(before: County, reader: Reader, region: str) -> None:
    earlier = before.reader(reader.scope, reveal=reader.reveal)
    then = earlier.arrow(
        f"SELECT f.household_id FROM {{work_fact}} AS f WHERE {_HERE} AND f.in_{ONE}",
        **_given(region, before.data_date.year),
    )
    reader.lend("worked_then", then)
