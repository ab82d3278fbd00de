"""The rules bench itself: what it draws has something to judge, and it measures both sides."""

from __future__ import annotations

from pathlib import Path

import duckdb

from tests.bench.rules import columns_of, measure, rules_of, rules_sql, write


def test_drawn_households_meet_some_rules_and_not_others(tmp_path: Path) -> None:
    connection = duckdb.connect(":memory:")
    written = write(connection, 2000, tmp_path)
    assert (written["household_fact"], written["member_fact"]) == (2000, 6000)
    [counts] = connection.execute(rules_sql("household_fact", tmp_path)).fetchall()
    assert len(counts) == len(rules_of("household_fact"))
    assert max(counts) < 2000 and sum(count > 0 for count in counts) > len(counts) / 2
    assert "per_capita_net_income_yuan" in columns_of("household_fact")


def test_both_sides_are_measured(tmp_path: Path) -> None:
    scan, judged = measure(1000, 1, tmp_path)
    assert scan > 0
    assert judged > 0
