"""The fact relations of a snapshot from those of the one before: computed anew are the rows of the
households that the two differ in, and the small relations whole."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from rules.changed import Changed, differing, words
from rules.checks import LEVELS, OF_HOUSEHOLDS, level_sql
from rules.facts import RELATIONS, begin, fact_sql, show, write
from rules.parameters import Parameter
from rules.registry import Rule
from rules.touched import WITNESSES, Everything, touch
from store import amended
from store.amended import REPLACED, SINCE, beside, literal
from store.snapshots import Snapshot

BY_HOUSEHOLD = ("household_fact", "member_fact", "left_fact", "verified_fact")
# They ask the latest year only.
OF_LATEST = ("monitored_fact", "relocation_fact", "visit_fact", "worker_fact", "work_fact",
             "ledger_fact", "group_check")  # fmt: skip
MOST = 0.2  # share of the households above which their facts are written whole again

_OF_ALL = re.compile(r"\b(SELECT|OVER)\b", re.IGNORECASE)


def refresh_facts(
    before: Snapshot,
    after: Snapshot,
    groups: Mapping[str, Rule],
    parameters: Mapping[str, Parameter],
    conditions: list[str],
    grouped: str,
    others: Sequence[str],
    old: Path,
    folder: Path,
) -> tuple[duckdb.DuckDBPyConnection, Changed, set[str]]:
    """Write every fact relation of ``after`` into the folder, as ``write_facts`` would.

    ``old`` is the folder of ``before``, derived by the same rules and of the same data date.
    ``conditions`` are all that is declared: one that asks of other rows than its own leaves nothing
    to keep. ``grouped`` is what groups household_fact, ``others`` are queries of what is derived
    beside. Gives what changed, the levels of checks that may say something else, and the connection
    with the tables of both snapshots in the schemas ``was`` (where it is another) and ``now``, held
    to the touched households in ``was_touched`` and ``now_touched``, and the fact relations that
    are not as they were in ``whole``. Raises Everything.
    """
    if before.data_date != after.data_date or any(map(_OF_ALL.search, conditions)):
        raise Everything
    connection = begin(after.data_date, parameters)
    connection.execute("SET threads = 1")  # of few rows handing over costs more than it saves
    queries = fact_sql(groups, parameters)
    by_home = {name: queries[name] for name in BY_HOUSEHOLD}
    by_home |= {f"level_{name}": level_sql(name, parameters) for name in OF_HOUSEHOLDS}
    rest = [sql for name, sql in queries.items() if name not in BY_HOUSEHOLD]
    rest += [level_sql(name, parameters) for name in LEVELS if name not in OF_HOUSEHOLDS]
    last_year = after.data_date.year
    known = json.loads((old / WITNESSES).read_text("utf-8"))
    changed, stale, witnesses = touch(
        connection, before, after, by_home, [*rest, *others], last_year, known
    )
    (folder / WITNESSES).write_text(json.dumps(witnesses), "utf-8")
    connection.execute("SET search_path = 'now_touched,now,main'")
    for name in BY_HOUSEHOLD:
        if name in stale:
            connection.execute(f"CREATE TABLE {name} AS {queries[name]}")
    _write_by_household(connection, stale, "\n".join([grouped, *rest]), changed, old, folder)
    _write_others(connection, queries, changed, old, folder)
    return connection, changed, {name for name in OF_HOUSEHOLDS if f"level_{name}" in stale}


def _write_by_household(
    connection: duckdb.DuckDBPyConnection,
    stale: Collection[str],
    named: str,
    changed: Changed,
    old: Path,
    folder: Path,
) -> None:
    """Write the relations by household, and note what changed of those that a text names."""
    for name in BY_HOUSEHOLD:
        if name not in stale:
            _link(old, folder, name)
            continue
        _amend(connection, name, old / f"{name}.parquet", folder / f"{name}.parquet")
        if name in words(named):
            changed.note(name, _columns(connection, name, old / f"{name}.parquet", named))


def _link(old: Path, folder: Path, name: str) -> None:
    """Let a relation stand in the folder as it stood."""
    for path in amended.files(old / f"{name}.parquet"):
        amended.link(path, folder / path.name)


def _columns(
    connection: duckdb.DuckDBPyConnection, name: str, source: Path, named: str
) -> frozenset[str] | None:
    """The columns, of those named in a text, in which touched rows of a relation differ from the
    old ones (``differing``), which ``was_touched`` then has with these columns."""
    order = RELATIONS[name].split(", ")
    columns = list(dict.fromkeys([*order, *_named(source, named)]))
    connection.execute(
        f"""CREATE TABLE was_touched.{name} AS SELECT {", ".join(columns)}
        FROM ({amended.selection(source)}) SEMI JOIN main.touched USING (household_id)"""
    )
    return differing(connection, f"was_touched.{name}", f"now_touched.{name}", columns, order)


def _amend(connection: duckdb.DuckDBPyConnection, name: str, source: Path, target: Path) -> None:
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


def _write_others(
    connection: duckdb.DuckDBPyConnection,
    queries: Mapping[str, str],
    changed: Changed,
    old: Path,
    folder: Path,
) -> None:
    """Compute the other relations whole where they may be others, each noted as changed then."""
    connection.execute(
        "CREATE SCHEMA whole; CREATE SCHEMA latest; SET search_path = 'whole,now,main'"
    )
    for name in BY_HOUSEHOLD:
        path = folder / f"{name}.parquet"
        connection.execute(f"CREATE VIEW whole.{name} AS {amended.selection(path)}")
    text = "\n".join(queries[name] for name in OF_LATEST)
    named = ", ".join(_named(folder / "household_fact.parquet", text))
    latest = f"SELECT {named} FROM whole.household_fact WHERE is_latest"
    kept: set[str] = set()
    for name, sql in queries.items():
        if name in BY_HOUSEHOLD:
            continue
        if not changed.stale(sql):
            _link(old, folder, name)
            kept.add(name)
            continue
        changed.note(name, None)
        for read in _read_by(sql, kept, queries):
            show(connection, f"whole.{read}", queries[read], folder / f"{read}.parquet")
            kept.remove(read)
        first = "latest," if name in OF_LATEST else ""
        if first and latest:
            connection.execute(f"CREATE TABLE latest.household_fact AS {latest}")
            latest = ""
        connection.execute(f"SET search_path = '{first}whole,now,main'")
        connection.execute(f"CREATE TABLE whole.{name} AS {sql}")
        write(connection, f"FROM whole.{name}", RELATIONS[name], folder / f"{name}.parquet")


def _read_by(sql: str, kept: Collection[str], queries: Mapping[str, str]) -> list[str]:
    """The kept relations that a query reads, and those that their own queries read: what shows one
    asks its query for types. In the order they build on one another."""
    found, fresh = set[str](), set(kept) & words(sql)
    while fresh:
        found |= fresh
        fresh = {one for read in fresh for one in set(kept) & words(queries[read])} - found
    return [name for name in queries if name in found]


def _named(path: Path, text: str) -> list[str]:
    """The columns of a Parquet file that a query names."""
    return [column for column in pq.read_schema(path).names if column in words(text)]
