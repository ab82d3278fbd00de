"""Household lists: filtered, sorted and paged in the store, fifty rows at a time."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pyarrow as pa

from metrics import paging
from metrics.fields import Field
from metrics.filters import HouseholdFilter
from metrics.paging import PAGE_ROWS, Order, first_row, page_count
from rules.registry import Rule
from store.reader import Reader

# Columns a list shows and an export holds, in order. Names are columns of household_fact.
COLUMNS = (
    "household_id",
    "village_code",
    "village_group",
    "head_name",
    "member_count",
    "registered",
    "poverty_state",
    "exit_year",
    "monitor_kind",
    "per_capita_net_income_yuan",
    "income_change_percent",
    "own_payment_yuan",
)
# Beside them a list may show the groups that a household is in.
GROUPS = "groups_in"
# Reads the rows of a list while they are counted.
_BESIDE = ThreadPoolExecutor(thread_name_prefix="list")


def _columns(rules: Mapping[str, Rule], more: Mapping[str, Field]) -> str:
    plain = [f"f.{column}" for column in COLUMNS]
    plain += [f"f.{rule.column}" for rule in rules.values()]
    return ", ".join([*plain, *(f"{of.sql} AS {key}" for key, of in _further(rules, more))])


def _further(rules: Mapping[str, Rule], more: Mapping[str, Field]) -> list[tuple[str, Field]]:
    there = {*COLUMNS, *(rule.column for rule in rules.values())}
    return [(key, of) for key, of in more.items() if key not in there]


def counted(reader: Reader, wanted: HouseholdFilter) -> tuple[int, int]:
    """Households that a filter finds, and their people."""
    condition, given = wanted.condition()
    row = reader.one(
        "SELECT COUNT(*) AS households, COALESCE(SUM(f.member_count), 0) AS people "
        f"FROM {{household_fact}} AS f WHERE {condition}",
        **given,
    )
    assert row is not None
    return int(row["households"]), int(row["people"])


def count_each(
    reader: Reader, base: HouseholdFilter, narrowed: Mapping[str, HouseholdFilter]
) -> dict[str, int]:
    """Households that each of several filters finds, by its name; all of them narrow ``base``."""
    return counted_each(reader, base, narrowed).left if narrowed else {}


@dataclass(frozen=True, slots=True)
class Counts:
    """What a filter finds: households, their people, and what further filters leave, by name."""

    households: int
    people: int
    left: dict[str, int]


def counted_each(
    reader: Reader, base: HouseholdFilter, narrowed: Mapping[str, HouseholdFilter]
) -> Counts:
    """What ``base`` finds, and each of several filters that narrow it, by its name.

    Each is counted by the very condition that its list is filtered by, all in one pass; what the
    base asks already is asked once.
    """
    where, given = base.condition()
    asked = base.parts()[0]
    answers = ["f.member_count AS _people"]
    for name, filter_ in narrowed.items():
        parts, more = filter_.parts()
        if any(given.get(key, value) != value for key, value in more.items()):
            raise ValueError(f"{name} does not narrow the base")
        given |= more
        further = [f"({part})" for part in parts if part not in asked]
        answers.append(f"({' AND '.join(further) or 'TRUE'}) AS {name}")
    sums = [f"COUNT(*) FILTER (WHERE {name}) AS {name}" for name in narrowed]
    sums += ["COUNT(*) AS _households", "COALESCE(SUM(_people), 0) AS _people"]
    found = reader.counts(
        f"SELECT {', '.join(sums)} FROM (SELECT {', '.join(answers)} FROM {{household_fact}} AS f "
        f"WHERE {where}) AS each_answer",
        **given,
    )
    left = {name: found[name] for name in narrowed}
    return Counts(found["_households"], found["_people"], left)


def page_of_households(
    reader: Reader,
    wanted: HouseholdFilter,
    rules: Mapping[str, Rule],
    sort: str,
    page: int,
    more: Mapping[str, Field] = MappingProxyType({}),
) -> list[dict[str, Any]]:
    """One page of the filtered households, with ``more`` columns than all lists have.

    ``sort`` is a column, with ``-`` before it descending. Raises ValueError for one that is none.
    """
    query, given = _listed(wanted, rules, more)
    order = _order(sort, more)
    return paging.rows(reader, query, order, first_row(page), PAGE_ROWS, given).to_pylist()


def counted_with_page(
    reader: Reader,
    wanted: HouseholdFilter,
    narrowed: Mapping[str, HouseholdFilter],
    rules: Mapping[str, Rule],
    sort: str,
    page: int,
    more: Mapping[str, Field] = MappingProxyType({}),
) -> tuple[Counts, list[dict[str, Any]]]:
    """What ``counted_each`` counts and a page of the households; the last one if there are fewer.

    Both are asked at once: neither needs the other, and a list that is filtered waits for both.
    """
    rows = _BESIDE.submit(page_of_households, reader, wanted, rules, sort, page, more)
    try:
        counts = counted_each(reader, wanted, narrowed)
    finally:
        wait([rows])
    last = page_count(counts.households)
    if not counts.households or page <= last:
        return counts, rows.result()
    return counts, page_of_households(reader, wanted, rules, sort, last, more)


def all_households(
    reader: Reader,
    wanted: HouseholdFilter,
    rules: Mapping[str, Rule],
    sort: str,
    more: Mapping[str, Field] = MappingProxyType({}),
) -> pa.Table:
    """Every filtered household, in the list's order, for an export."""
    query, given = _listed(wanted, rules, more)
    return paging.rows(reader, query, _order(sort, more), given=given)


def codes_from(reader: Reader, year: int, start: str, limit: int) -> list[dict[str, Any]]:
    """The first households of a year whose number begins so (``start``, upper case), by number:
    ``household_id`` and ``village_code``."""
    return reader.rows(
        "SELECT f.household_id, f.village_code FROM {household_fact} AS f WHERE f.year = $year "
        "AND starts_with(upper(f.household_id), $start) ORDER BY f.household_id LIMIT $limit",
        year=year,
        start=start,
        limit=limit,
    )


def where_they_are(reader: Reader, wanted: HouseholdFilter, most: int) -> dict[str, str]:
    """Every filtered household's number to its village's code; no more than ``most`` of them."""
    condition, given = wanted.condition()
    rows = reader.rows(
        f"SELECT f.household_id, f.village_code FROM {{household_fact}} AS f WHERE {condition} "
        f"ORDER BY f.household_id LIMIT {int(most)}",
        **given,
    )
    return {row["household_id"]: row["village_code"] for row in rows}


def _listed(
    wanted: HouseholdFilter, rules: Mapping[str, Rule], more: Mapping[str, Field]
) -> tuple[str, dict[str, object]]:
    condition, given = wanted.condition()
    return f"SELECT {_columns(rules, more)} FROM {{household_fact}} AS f WHERE {condition}", given


def _order(sort: str, more: Mapping[str, Field]) -> Order:
    column = sort.removeprefix("-")
    if column not in COLUMNS and column not in more:
        raise ValueError(f"no column {column!r} to sort by")
    return Order.by(sort, *(["household_id"] if column != "household_id" else []))
