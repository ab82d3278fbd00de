"""Household lists: filtered, sorted and paged in the store, fifty rows at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from metrics.filters import HouseholdFilter, facets
from rules.registry import Rule
from store.reader import Reader

PAGE_ROWS = 50

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


def _columns(rules: Mapping[str, Rule]) -> str:
    plain = [f"f.{column}" for column in COLUMNS]
    return ", ".join([*plain, *(f"f.{rule.column}" for rule in rules.values())])


def count_by_facet(
    reader: Reader, wanted: HouseholdFilter, rules: Mapping[str, Rule]
) -> dict[str, int]:
    """Households and people that the filter finds, and how many of them are in each group."""
    condition, given = wanted.condition()
    row = reader.one(
        f"SELECT {facets(rules)} FROM {{household_fact}} AS f WHERE {condition}", **given
    )
    assert row is not None
    return {key: int(value) for key, value in row.items()}


def count_by_state(reader: Reader, wanted: HouseholdFilter) -> dict[str, int]:
    """Households that the filter finds, by ledger state and by what the check found.

    A household in several ledgers counts once in each state it stands in.
    """
    condition, given = wanted.condition()
    group = f" AND c.group_key = '{wanted.group.key}'" if wanted.group else ""
    rows = reader.rows(
        "SELECT state, COUNT(DISTINCT household_id) AS households FROM ("
        "SELECT household_id, ledger_state AS state FROM {group_check} AS c "
        f"WHERE ledger_state IS NOT NULL{group} UNION ALL "
        f"SELECT household_id, finding FROM {{group_check}} AS c WHERE TRUE{group}"
        ") AS s WHERE household_id IN "
        f"(SELECT f.household_id FROM {{household_fact}} AS f WHERE {condition}) GROUP BY state",
        **given,
    )
    return {row["state"]: row["households"] for row in rows}


def page_of_households(
    reader: Reader, wanted: HouseholdFilter, rules: Mapping[str, Rule], sort: str, page: int
) -> list[dict[str, Any]]:
    """One page of the filtered households. ``sort`` is a column, with ``-`` before it descending.

    Raises ValueError for a column that a list does not show.
    """
    condition, given = wanted.condition()
    return reader.rows(
        f"SELECT {_columns(rules)} FROM {{household_fact}} AS f WHERE {condition} "
        f"ORDER BY {_order(sort)} LIMIT {PAGE_ROWS} OFFSET $offset",
        offset=(page - 1) * PAGE_ROWS,
        **given,
    )


def all_households(
    reader: Reader, wanted: HouseholdFilter, rules: Mapping[str, Rule], sort: str
) -> pa.Table:
    """Every filtered household, in the list's order, for an export."""
    condition, given = wanted.condition()
    return reader.arrow(
        f"SELECT {_columns(rules)} FROM {{household_fact}} AS f WHERE {condition} "
        f"ORDER BY {_order(sort)}",
        **given,
    )


def _order(sort: str) -> str:
    column = sort.removeprefix("-")
    if column not in COLUMNS:
        raise ValueError(f"no column {column!r} to sort by")
    direction = "DESC" if sort.startswith("-") else "ASC"
    return f"f.{column} {direction} NULLS LAST, f.household_id"
