"""Which columns a query is read with: those it names, and all where it may mean others."""

from __future__ import annotations

import pytest

from metrics.county import County
from store.named_columns import named_columns
from store.scope import Scope
from tests.small_county import COUNTY

_ALL = Scope.of([COUNTY])

WHOLE = [
    "SELECT * FROM {household}",
    "SELECT f.* FROM {household} AS f",
    "SELECT year, * FROM {household}",
    "SELECT f.* EXCLUDE (year) FROM {household} AS f",
    "SELECT DISTINCT * FROM {household}",
    "SELECT COLUMNS('in_.*') FROM {household}",
    "SELECT COUNT(*), ANY_VALUE(COLUMNS(*)) FROM {household}",
    "FROM {household} WHERE year = $year",
    "SELECT year FROM (FROM {household} AS f) AS g",
    "SELECT year FROM {member} UNION ALL FROM {household}",
    "SELECT year FROM {household} NATURAL JOIN {member}",
    "SELECT to_json(f) FROM {household} AS f",
    "SELECT f FROM {household} AS f",
    "TABLE {household}",
]


@pytest.mark.parametrize("sql", WHOLE)
def test_a_query_that_may_mean_any_column_is_read_with_all(sql: str) -> None:
    assert named_columns(sql) is None


def test_a_query_is_read_with_the_columns_that_it_names_and_no_others(small: County) -> None:
    meant = named_columns(
        "SELECT COUNT(*) AS n, SUM(f.member_count * 2) AS twice "
        "FROM {household_fact} AS f WHERE f.Head_Name <> $x"
    )
    relation = small.engine.relations["household_fact"]
    text, _ = relation.selection(_ALL, False, meant, "here")
    shown = text.removeprefix("(SELECT ").partition(" FROM here WHERE ")[0]
    assert shown.startswith("member_count, ") and shown.endswith("END AS head_name")
    assert ", " not in shown.removeprefix("member_count, ").partition("CASE ")[0]


def test_counting_rows_needs_no_column(small: County) -> None:
    reader = small.reader(_ALL)
    counted = reader.counts("SELECT COUNT(*) AS n FROM {household}")
    assert counted == {"n": reader.arrow("SELECT * FROM {household}").num_rows}
