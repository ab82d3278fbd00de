"""The fact relations of a snapshot from those of the one before: computed anew are the rows of the
households that the two differ in, and the small relations whole."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from rules.checks import LEVELS, level_sql
from rules.facts import RELATIONS, begin, fact_sql, write
from rules.parameters import Parameter
from rules.registry import Rule
from rules.touched import Everything, attach, touch, used
from store import amended
from store.amended import REPLACED, SINCE, beside, literal
from store.snapshots import Snapshot

BY_HOUSEHOLD = ("household_fact", "member_fact")
OF_LATEST = ("monitored_fact", "ledger_fact", "group_check")  # they ask the latest year only
MOST = 0.2  # share of the households above which their facts are written whole again

_OF_ALL = re.compile(r"\b(SELECT|OVER)\b", re.IGNORECASE)


def refresh_facts(
    before: Snapshot,
    after: Snapshot,
    groups: Mapping[str, Rule],
    parameters: Mapping[str, Parameter],
    conditions: list[str],
    grouped: str,
    old: Path,
    folder: Path,
) -> duckdb.DuckDBPyConnection:
    """Write every fact relation of ``after`` into the folder, as ``write_facts`` would.

    ``old`` is the folder of ``before``, derived by the same rules and of the same data date.
    ``conditions`` are all that is declared: one that asks of other rows than its own leaves nothing
    to keep. ``grouped`` is what groups household_fact. Returns the connection with the tables of
    both snapshots in the schemas ``was`` and ``now``, held to the touched households in
    ``was_touched`` and ``now_touched``, and the fact relations in ``whole``. Raises Everything.
    """
    if before.data_date != after.data_date or any(map(_OF_ALL.search, conditions)):
        raise Everything
    connection = begin(after.data_date, parameters)
    queries = fact_sql(groups, parameters)
    asked = used([*queries.values(), *(level_sql(level, parameters) for level in LEVELS)])
    attach(connection, before, "was", asked)
    attach(connection, after, "now", asked)
    touch(connection, before, after, asked, after.data_date.year)
    connection.execute("SET search_path = 'now_touched,now,main'")
    for name in BY_HOUSEHOLD:
        connection.execute(f"CREATE TABLE {name} AS {queries[name]}")
    _amend(connection, old, folder, grouped)
    _write_whole(connection, queries, folder)
    return connection


def _amend(connection: duckdb.DuckDBPyConnection, old: Path, folder: Path, grouped: str) -> None:
    """Write the relations by household: those touched anew, the others as they were.

    Of the touched ones' old rows ``was_touched`` has the columns that the query ``grouped`` names.
    """
    source = old / "household_fact.parquet"
    connection.execute(
        f"""CREATE TABLE was_touched.household_fact AS SELECT {_named(source, grouped)}
        FROM ({amended.selection(source)}) SEMI JOIN main.touched USING (household_id)"""
    )
    for name in BY_HOUSEHOLD:
        _amend_one(connection, name, old / f"{name}.parquet", folder / f"{name}.parquet")


def _amend_one(
    connection: duckdb.DuckDBPyConnection, name: str, source: Path, target: Path
) -> None:
    """Write one of them beside the old one's file, or whole where too many are touched since."""
    untouched = "household_id NOT IN (FROM main.touched)"
    replaced, since = "FROM main.touched", f"FROM now_touched.{name}"
    if len(amended.files(source)) > 1:
        replaced += f" UNION FROM read_parquet({literal(beside(source, REPLACED))})"
        kept = f"FROM read_parquet({literal(beside(source, SINCE))}) WHERE {untouched}"
        since += f" UNION ALL ({kept})"
    connection.execute(f"CREATE OR REPLACE TABLE main.replaced AS {replaced}")
    ((few,),) = connection.execute(
        f"""SELECT (SELECT count(*) FROM main.replaced)
        <= {MOST} * (SELECT count(*) FROM now.household)"""
    ).fetchall()
    order = RELATIONS[name]
    if few:
        amended.link(source, target)
        write(connection, since, order, beside(target, SINCE))
        write(connection, "FROM main.replaced", "household_id", beside(target, REPLACED))
    else:
        rows = f"(FROM ({amended.selection(source)}) WHERE {untouched})"
        write(connection, f"{rows} UNION ALL FROM now_touched.{name}", order, target)


def _write_whole(
    connection: duckdb.DuckDBPyConnection, queries: Mapping[str, str], folder: Path
) -> None:
    """Compute the other relations whole, from the relations by household as they are now."""
    connection.execute("CREATE SCHEMA whole; CREATE SCHEMA latest")
    for name in BY_HOUSEHOLD:
        path = folder / f"{name}.parquet"
        connection.execute(f"CREATE VIEW whole.{name} AS {amended.selection(path)}")
    text = "\n".join(queries[name] for name in OF_LATEST)
    named = _named(folder / "household_fact.parquet", text)
    connection.execute(
        f"""CREATE TABLE latest.household_fact AS
        SELECT {named} FROM whole.household_fact WHERE is_latest"""
    )
    for name, sql in queries.items():
        if name not in BY_HOUSEHOLD:
            first = "latest," if name in OF_LATEST else ""
            connection.execute(f"SET search_path = '{first}whole,now,main'")
            connection.execute(f"CREATE TABLE whole.{name} AS {sql}")
            write(connection, f"FROM whole.{name}", RELATIONS[name], folder / f"{name}.parquet")


def _named(path: Path, text: str) -> str:
    """The columns of a Parquet file that a query names, as SQL."""
    words = set(re.findall(r"\w+", text))
    return ", ".join(c for c in pq.read_schema(path).names if c in words)
