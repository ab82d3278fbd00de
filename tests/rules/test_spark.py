"""DuckDB and Spark give the same answer to every rule, check and indicator of the demo county."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec

import duckdb
import pytest

from metrics.cube import cube_sql
from metrics.derive import derive
from metrics.registry import indicators
from rules.checks import checks
from rules.facts import RELATIONS
from rules.parameters import load
from rules.registry import rules
from store.snapshots import Home
from tests.rules import spark

pytestmark = [
    pytest.mark.spark,
    pytest.mark.torture,
    pytest.mark.skipif(spark.JAVA is None or find_spec("pyspark") is None, reason="needs Java"),
]

_KEYS = {
    "household_fact": ("household_id", "year"),
    "village_fact": ("village_code", "year"),
    "county_fact": ("county_code", "year"),
    "member_fact": ("member_id",),
    "left_fact": ("household_id", "year"),
    "verified_fact": ("household_id",),
    "monitored_fact": ("household_id",),
    "relocation_fact": ("household_id",),
    "visit_fact": ("household_id",),
    "list_match": ("list_entry_id", "member_id"),
    "cadre_fact": ("cadre_id",),
    "station_fact": ("village_code",),
    "home_household_fact": ("household_id",),
    "home_fact": ("home_id",),
    "supervised_fact": ("household_id",),
    "zone_fact": ("zone_code",),
    "calendar_fact": ("household_id", "month_no", "payment_kind"),
    "calendar_household_fact": ("household_id",),
    "worker_fact": ("member_id",),
    "work_fact": ("household_id",),
    "post_fact": ("post_id",),
    "workplace_fact": ("workplace_id",),
    "leader_fact": ("leader_id",),
    "leading_fact": ("village_code",),
    "ledger_fact": ("entry_id",),
    "project_fact": ("project_id",),
    "fund_fact": ("line_id",),
    "notice_fact": ("notice_duty_id",),
    "asset_fact": ("asset_id", "year"),
    "points_fact": ("village_code", "year"),
    "income_fact": ("village_code", "year"),
    "entrust_fact": ("entrust_id", "year"),
    "group_check": ("group_key", "household_id"),
    "finding": ("check_key", "subject_id"),
    "check_count": ("check_key", "village_code"),
    **{f"cube_{relation}": ("region_code", "year") for relation in cube_sql(indicators())},
}


@pytest.fixture(scope="module")
def both(
    demo: Home, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection in which ``d_<relation>`` is what DuckDB made and ``s_<relation>`` Spark."""
    snapshot = demo.current()
    folder = tmp_path_factory.mktemp("spark")
    connection = duckdb.connect(":memory:")
    derived = derive(demo, snapshot)
    for name in RELATIONS:
        path = derived / f"{name}.parquet"
        connection.execute(f"CREATE VIEW {name} AS FROM read_parquet('{path}')")
        connection.execute(f"CREATE VIEW d_{name} AS FROM {name}")
    connection.execute(
        "CREATE VIEW d_finding AS SELECT check_key, subject_id, household_id, village_code "
        f"FROM read_parquet('{derived}/finding.parquet')"
    )
    connection.execute(
        f"CREATE VIEW d_check_count AS FROM read_parquet('{derived}/check_count.parquet')"
    )
    for name, sql in cube_sql(indicators()).items():
        connection.execute(f"CREATE TABLE d_cube_{name} AS {sql}")
    with spark.session(folder) as session:
        made = spark.write_relations(session, snapshot, load(demo.path), folder)
    for name, pattern in made.items():
        connection.execute(f"CREATE VIEW s_{name} AS FROM read_parquet('{pattern}')")
    for name, sql in _found().items():
        connection.execute(f"CREATE TABLE s_{name} AS {sql}")
    yield connection
    connection.close()


def _found() -> dict[str, str]:
    """Queries over Spark's answers for what each check finds and how much it counts."""
    found, counts = [], []
    for key, check in checks().items():
        answers = (
            # Names that no subject has: a notice has a column told of its own.
            f"(SELECT s.*, s.check_{key} AS spark_answer, t.check_{key} AS spark_told "
            f"FROM s_level_{check.level} AS s CROSS JOIN s_told_{check.level} AS t)"
        )
        found.append(
            f"SELECT '{key}' AS check_key, subject_id, household_id, village_code "
            f"FROM {answers} WHERE spark_told AND spark_answer"
        )
        counts.append(
            f"SELECT '{key}' AS check_key, village_code, COUNT(*) AS subjects, "
            "COUNT(*) FILTER (WHERE NOT spark_told OR spark_answer IS NULL) AS unknown "
            f"FROM {answers} GROUP BY village_code"
        )
    return {"finding": " UNION ALL ".join(found), "check_count": " UNION ALL ".join(counts)}


def _columns(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    described = connection.execute(f"DESCRIBE {relation}").fetchall()
    return {row[0]: row[1] for row in described}


def _differs(column: str, kind: str) -> str:
    """Whether two values differ; sums of fractions may, in the last digits."""
    ours, theirs = f"d.{column}", f"s.{column}"
    if kind != "DOUBLE":
        return f"{ours} IS DISTINCT FROM {theirs}"
    return (
        f"({ours} IS NULL) <> ({theirs} IS NULL) "
        f"OR ABS({ours} - {theirs}) > 1e-9 * GREATEST(ABS({ours}), 1)"
    )


@pytest.mark.parametrize("relation", _KEYS)
def test_both_engines_say_the_same(both: duckdb.DuckDBPyConnection, relation: str) -> None:
    columns = _columns(both, f"d_{relation}")
    assert set(columns) == set(_columns(both, f"s_{relation}"))
    key = " AND ".join(f"d.{name} IS NOT DISTINCT FROM s.{name}" for name in _KEYS[relation])
    counts = ", ".join(
        f"COUNT(*) FILTER (WHERE {_differs(name, kind)}) AS {name}"
        for name, kind in columns.items()
    )
    [(ours,)] = both.execute(f"SELECT COUNT(*) FROM d_{relation}").fetchall()
    [(theirs,)] = both.execute(f"SELECT COUNT(*) FROM s_{relation}").fetchall()
    sql = f"SELECT COUNT(*), {counts} FROM d_{relation} AS d JOIN s_{relation} AS s ON {key}"
    [(paired, *different)] = both.execute(sql).fetchall()
    assert ours == theirs == paired > 0
    assert {n: c for n, c in zip(columns, different, strict=True) if c} == {}


def test_every_rule_check_and_indicator_was_compared(both: duckdb.DuckDBPyConnection) -> None:
    for rule in rules().values():
        assert rule.column in _columns(both, f"s_{rule.relation}")
    for key, check in checks().items():
        assert f"check_{key}" in _columns(both, f"s_level_{check.level}")
    for key, indicator in indicators().items():
        relation = f"s_cube_{indicator.numerator.relation}"
        assert f"{key}__numerator" in _columns(both, relation)
