"""Which households a snapshot says something else of than the one before, and the tables held to
them, so that only what may be another has to be computed.

Facts and checks look at one household with its people, years and lists. What they ask of all is
whether a column is filled anywhere, a table loaded, and which year is the newest: so a few
*witnesses*, households that answer this as all do, stand beside those touched. Where the answer
itself is another, everything is computed anew.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

import duckdb
import pyarrow as pa

from store import schema, tables
from store.amended import literal
from store.snapshots import Snapshot

MOST = 0.1  # share of the households above which computing all anew is no dearer

_ASIDE = ("source_file", "source_row")
_HOUSEHOLD, _MEMBER = "household_id", "member_id"
_BOTH = ("was", "now")
# Of these rows a check asks whether a column is filled: the dead are no subjects.
_SUBJECTS = {"member": "health IS DISTINCT FROM 'deceased'"}


class Everything(Exception):
    """All has to be computed anew: what differs is too much, or asked of all."""


def attach(
    connection: duckdb.DuckDBPyConnection,
    snapshot: Snapshot,
    name: str,
    asked: Collection[schema.Table],
) -> None:
    """Let the schema ``name`` show tables of a snapshot."""
    connection.execute(f"CREATE SCHEMA {name}")
    tables.show(connection, snapshot, f"{name}.{{}}", names=[table.name for table in asked])


def used(queries: Iterable[str]) -> list[schema.Table]:
    """The tables that queries name."""
    text = "\n".join(queries)
    return [table for table in schema.TABLES if re.search(rf"\b{table.name}\b", text)]


def touch(
    connection: duckdb.DuckDBPyConnection,
    before: Snapshot,
    after: Snapshot,
    asked: Collection[schema.Table],
    last_year: int,
) -> None:
    """Fill ``touched`` (household_id): households of rows that differ, and the witnesses.

    The schemas ``was`` and ``now`` show the snapshots; ``was_touched`` and ``now_touched`` have the
    tables held to these households then. Raises Everything.
    """
    by_home = [table for table in asked if _HOUSEHOLD in table.arrow.names]
    same = {table.name for table in by_home if _same(before, after, table.name)}
    connection.execute(f"CREATE TABLE main.touched ({_HOUSEHOLD} VARCHAR PRIMARY KEY)")
    for table in by_home:
        if table.name not in same:
            _add(connection, _differing(table))
    years = ("now",) if "household_year" in same else _BOTH
    newest = {_newest(connection, of, last_year) for of in years}
    if len(newest) > 1 or _count(connection, "touched") > MOST * _count(
        connection, "now.household"
    ):
        raise Everything
    for year in filter(None, newest):
        _add(connection, f"FROM now.household_year WHERE year = {year} LIMIT 1")
    _hold(connection, by_home, same)
    witnesses = {
        home for table in by_home for home in _witnesses(connection, table, table.name in same)
    }
    if witnesses:
        _hold_more(connection, by_home, same, sorted(witnesses))
        connection.register("witness", pa.table({_HOUSEHOLD: sorted(witnesses)}))
        _add(connection, "FROM witness")


def _newest(connection: duckdb.DuckDBPyConnection, of: str, last_year: int) -> int | None:
    query = f"SELECT max(year) FROM {of}.household_year WHERE year <= {last_year}"
    ((year,),) = connection.execute(query).fetchall()
    return year


def _count(connection: duckdb.DuckDBPyConnection, rows: str) -> int:
    ((count,),) = connection.execute(f"SELECT count(*) FROM {rows}").fetchall()
    return int(count)


def _hold(
    connection: duckdb.DuckDBPyConnection, by_home: Iterable[schema.Table], same: set[str]
) -> None:
    """Make tables of those of both snapshots, held to the touched households.

    One of ``same``, which both have alike, is read once.
    """
    connection.execute("CREATE SCHEMA now_touched; CREATE SCHEMA was_touched")
    for of, table in _read(by_home, same):
        where = _about(of, table, "FROM main.touched")
        held = f"{of}_touched.{table.name}"
        connection.execute(f"CREATE TABLE {held} AS FROM {of}.{table.name} WHERE {where}")
    for table in by_home:
        if _once(table, same):
            view = f"was_touched.{table.name} AS FROM now_touched.{table.name}"
            connection.execute(f"CREATE VIEW {view}")


def _hold_more(
    connection: duckdb.DuckDBPyConnection,
    by_home: Iterable[schema.Table],
    same: set[str],
    homes: Sequence[str],
) -> None:
    """Add the rows of a few households that are not touched yet."""
    listed = ", ".join(map(literal, homes))  # written out, so that the file's other rows are passed
    for of, table in _read(by_home, same):
        new, held = _about(of, table, listed), _about(of, table, "FROM main.touched")
        connection.execute(
            f"""INSERT INTO {of}_touched.{table.name} FROM {of}.{table.name}
            WHERE ({new}) AND ({held}) IS NOT TRUE"""
        )


def _once(table: schema.Table, same: set[str]) -> bool:
    """Whether both snapshots say the same of any household in a table."""
    return {table.name, "member"} <= same


def _read(by_home: Iterable[schema.Table], same: set[str]) -> Iterator[tuple[str, schema.Table]]:
    """The tables that are to be read, and of which snapshot."""
    for of in ("now", "was"):
        yield from ((of, table) for table in by_home if of == "now" or not _once(table, same))


def _about(of: str, table: schema.Table, homes: str) -> str:
    """SQL: whether a row is about one of some households, or one of their people."""
    where = f"{_HOUSEHOLD} IN ({homes})"
    if _MEMBER in table.arrow.names and table.name != "member":
        where += f" OR {_MEMBER} IN (SELECT {_MEMBER} FROM {of}.member WHERE {where})"
    return where


def _same(before: Snapshot, after: Snapshot, name: str) -> bool:
    entries = [snapshot.manifest["tables"].get(name) for snapshot in (before, after)]
    return entries[0] is not None and entries[0] == entries[1]


def _add(connection: duckdb.DuckDBPyConnection, rows: str) -> None:
    connection.execute(
        f"INSERT OR IGNORE INTO touched SELECT DISTINCT {_HOUSEHOLD} FROM ({rows}) "
        f"WHERE {_HOUSEHOLD} IS NOT NULL"
    )


def _differing(table: schema.Table) -> str:
    """SQL: households of the rows that only one of the snapshots has, and of the people named."""
    said = ", ".join(c for c in table.arrow.names if c not in _ASIDE)
    about = [c for c in (_HOUSEHOLD, _MEMBER) if c in table.arrow.names]
    named = ", ".join(about)
    was, now = (
        f"SELECT {named}, hash({said}) AS said, {sign}1 AS n FROM {of}.{table.name}"
        for of, sign in (("was", "-"), ("now", "+"))
    )
    rows = f"""SELECT {named} FROM ({was} UNION ALL {now})
        GROUP BY {named}, said HAVING sum(n) <> 0"""
    if _MEMBER not in about or table.name == "member":
        return rows
    return f"""WITH differing AS ({rows}) SELECT {_HOUSEHOLD} FROM differing
        UNION ALL SELECT {_HOUSEHOLD} FROM was.member SEMI JOIN differing USING ({_MEMBER})
        UNION ALL SELECT {_HOUSEHOLD} FROM now.member SEMI JOIN differing USING ({_MEMBER})"""


def _witnesses(
    connection: duckdb.DuckDBPyConnection, table: schema.Table, same: bool
) -> Iterable[str]:
    """A household for each column that all fill somewhere and those touched do not.

    Raises Everything where a column is filled in one of the snapshots only.
    """
    where = _SUBJECTS.get(table.name, "TRUE")
    held = [
        filled(connection, f"{of}_touched.{table.name}", table.arrow.names, where) for of in _BOTH
    ]
    lacking = [c for c in table.arrow.names if not (held[0][c] and held[1][c])]
    if not lacking:
        return []
    now = filled(connection, f"now.{table.name}", lacking, where)
    was = now if same else filled(connection, f"was.{table.name}", lacking, where)
    if any(bool(was[c]) != bool(now[c]) for c in lacking):
        raise Everything
    both = [home for of in ((now,) if same else (now, was)) for home in of.values() if home]
    if "" in both:
        raise Everything
    return both


def filled(
    connection: duckdb.DuckDBPyConnection, rows: str, columns: Collection[str], where: str
) -> dict[str, str | None]:
    """By column a household that fills it, None for none; empty where rows name no household."""
    homes = ", ".join(
        f"any_value(coalesce({_HOUSEHOLD}, '')) FILTER ({column} IS NOT NULL)" for column in columns
    )
    (found,) = connection.execute(f"SELECT {homes} FROM {rows} WHERE {where}").fetchall()
    return dict(zip(columns, found, strict=True))
