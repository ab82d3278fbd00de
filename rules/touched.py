"""Which households a snapshot says something else of than the one before, and the tables held to
them, so that only what may be another has to be computed.

Facts and checks look at one household with its people, years and lists. What they ask of all is
whether a column is filled anywhere, a table loaded, and which year is the newest: so a few
*witnesses*, households that answer this as all do, stand beside those touched. Where the answer
itself is another, everything is computed anew. Of columns that no query names nothing is asked.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import duckdb
import pyarrow as pa

from rules.changed import Changed, differing, with_read, words
from store import schema, tables
from store.amended import literal
from store.snapshots import Snapshot

MOST = 0.1  # share of the households above which computing all anew is no dearer

_ASIDE = ("source_file", "source_row")
_HOUSEHOLD, _MEMBER = "household_id", "member_id"
_BOTH = ("was", "now")
# Of these rows a check asks whether a column is filled: the dead are no subjects.
_SUBJECTS = {"member": "health IS DISTINCT FROM 'deceased'"}


WITNESSES = "witnesses.json"  # in a derived folder: those that were found for it


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
    queries: Mapping[str, str],
    others: Sequence[str],
    last_year: int,
    known: Collection[str] = (),
) -> tuple[Changed, dict[str, str], list[str]]:
    """Fill ``touched`` (household_id): households of rows that differ, and the witnesses.

    ``queries`` are about households, each may build on earlier ones; ``others`` are asked too. The
    schemas ``was`` and ``now`` show the snapshots, ``was`` where it is another; ``was_touched`` and
    ``now_touched`` then have the tables held to the touched households that the queries read which
    may say something else. ``known`` are households that were witnesses before. Gives what changed,
    these queries, and the witnesses. Raises Everything.
    """
    every = [*queries.values(), *others]
    asked = used(every)
    alike = {table.name for table in asked if _same(before, after, table.name)}
    by_home = [table for table in asked if _HOUSEHOLD in table.arrow.names]
    apart = [table for table in by_home if table.name not in alike]
    held = _Held(connection, frozenset().union(*map(words, every)), alike)
    attach(connection, after, "now", asked)
    was = [table for table in asked if table.name not in alike or table.name == "member"]
    attach(connection, before, "was", was)
    connection.execute("CREATE SCHEMA now_touched; CREATE SCHEMA was_touched")
    connection.execute(f"CREATE TABLE main.touched ({_HOUSEHOLD} VARCHAR PRIMARY KEY)")
    for table in apart:
        _add(connection, held.differing(table))
    years = ("now",) if "household_year" in alike else _BOTH
    newest = {_newest(connection, of, last_year) for of in years}
    if len(newest) > 1 or _count(connection, "touched") > MOST * _count(
        connection, "now.household"
    ):
        raise Everything
    for year in filter(None, newest):
        _add(connection, f"FROM now.household_year WHERE year = {year} LIMIT 1")
    _add_listed(connection, known)
    changed = Changed()
    for table in asked:
        if table.name not in alike:
            told = table in apart and not table.column(_HOUSEHOLD).nullable
            changed.note(table.name, held.changed(table) if told else None)
    stale = with_read(changed.through(queries), queries)
    named = frozenset().union(*map(words, stale.values()))
    found = _hold(connection, held, used(stale.values()), named)
    return changed, stale, sorted({*known, *found})


def _hold(
    connection: duckdb.DuckDBPyConnection,
    held: _Held,
    tables_read: Iterable[schema.Table],
    named: Collection[str],
) -> set[str]:
    """Hold the tables that are read, with a witness for each column that is named: gives those
    that were not touched."""
    by_home = [table for table in tables_read if _HOUSEHOLD in table.arrow.names]
    if any(_MEMBER in table.arrow.names for table in by_home):
        held.hold(schema.BY_NAME["member"])
    for table in by_home:
        held.hold(table)
    witnesses = {
        home
        for table in by_home
        for home in _witnesses(
            connection,
            table,
            [c for c in held.columns(table) if c in named],
            table.name in held.alike,
        )
    }
    if witnesses:
        held.add(sorted(witnesses))
        _add_listed(connection, witnesses)
    return witnesses


class _Held:
    """Tables of both snapshots, held to the touched households and the columns that are named."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, named: Collection[str], alike: Collection[str]
    ):
        self._connection, self._named, self.alike = connection, named, alike
        self._tables: dict[str, schema.Table] = {}

    def columns(self, table: schema.Table) -> list[str]:
        """The columns of a table that are held: those named, and what rows are known by."""
        kept = {*self._named, *table.key, _HOUSEHOLD, _MEMBER}
        return [c for c in table.arrow.names if c in kept and c not in _ASIDE]

    def differing(self, table: schema.Table) -> str:
        """SQL: households of the rows that only one snapshot has, and of the people named."""
        return _differing(table, self.columns(table))

    def changed(self, table: schema.Table) -> frozenset[str] | None:
        """Hold a table of both snapshots; the columns in which the two differ (``differing``)."""
        self.hold(table)
        was, now = (f"{of}_touched.{table.name}" for of in _BOTH)
        return differing(self._connection, was, now, self.columns(table), table.key)

    def hold(self, table: schema.Table) -> None:
        """Make a table of each snapshot's; one that both have alike is read once."""
        if table.name in self._tables:
            return
        if _MEMBER in table.arrow.names and table.name != "member":
            self.hold(schema.BY_NAME["member"])  # tells which people are the households'
        self._tables[table.name] = table
        listed = ", ".join(self.columns(table))
        for of in self._read(table):
            where = _about(of, table, "FROM main.touched")
            self._connection.execute(
                f"CREATE TABLE {of}_touched.{table.name} AS "
                f"SELECT {listed} FROM {self._source(of, table)} WHERE {where}"
            )
        if self._once(table):
            view = f"was_touched.{table.name} AS FROM now_touched.{table.name}"
            self._connection.execute(f"CREATE VIEW {view}")

    def add(self, homes: Sequence[str]) -> None:
        """Add the rows of a few households that are not touched yet."""
        homes_sql = ", ".join(map(literal, homes))  # so that the file's other rows are passed over
        members_first = sorted(self._tables.values(), key=lambda table: table.name != "member")
        for table in members_first:
            listed = ", ".join(self.columns(table))
            for of in self._read(table):
                new, held = _about(of, table, homes_sql), _about(of, table, "FROM main.touched")
                self._connection.execute(
                    f"""INSERT INTO {of}_touched.{table.name} SELECT {listed}
                    FROM {self._source(of, table)} WHERE ({new}) AND ({held}) IS NOT TRUE"""
                )

    def _once(self, table: schema.Table) -> bool:
        """Whether both snapshots say the same of any household in a table."""
        return {table.name, "member"} <= set(self.alike)

    def _source(self, of: str, table: schema.Table) -> str:
        return f"{'now' if table.name in self.alike else of}.{table.name}"

    def _read(self, table: schema.Table) -> Iterator[str]:
        """The snapshots that a table is read of."""
        yield "now"
        if not self._once(table):
            yield "was"


def _newest(connection: duckdb.DuckDBPyConnection, of: str, last_year: int) -> int | None:
    query = f"SELECT max(year) FROM {of}.household_year WHERE year <= {last_year}"
    ((year,),) = connection.execute(query).fetchall()
    return year


def _count(connection: duckdb.DuckDBPyConnection, rows: str) -> int:
    ((count,),) = connection.execute(f"SELECT count(*) FROM {rows}").fetchall()
    return int(count)


def _about(of: str, table: schema.Table, homes: str) -> str:
    """SQL: whether a row is about one of some households, or one of their people."""
    where = f"{_HOUSEHOLD} IN ({homes})"
    if _MEMBER in table.arrow.names and table.name != "member":
        where += f" OR {_MEMBER} IN (SELECT {_MEMBER} FROM {of}_touched.member WHERE {where})"
    return where


def _same(before: Snapshot, after: Snapshot, name: str) -> bool:
    entries = [snapshot.manifest["tables"].get(name) for snapshot in (before, after)]
    return entries[0] is not None and entries[0] == entries[1]


def _add(connection: duckdb.DuckDBPyConnection, rows: str) -> None:
    connection.execute(
        f"INSERT OR IGNORE INTO touched SELECT DISTINCT {_HOUSEHOLD} FROM ({rows}) "
        f"WHERE {_HOUSEHOLD} IS NOT NULL"
    )


def _add_listed(connection: duckdb.DuckDBPyConnection, homes: Collection[str]) -> None:
    listed = pa.array(sorted(homes), pa.string())
    connection.register("listed", pa.table({_HOUSEHOLD: listed}))
    _add(connection, "FROM listed")


def _differing(table: schema.Table, columns: Iterable[str]) -> str:
    """SQL: households of the rows that only one of the snapshots has, and of the people named."""
    said = ", ".join(columns)
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
    connection: duckdb.DuckDBPyConnection, table: schema.Table, columns: list[str], same: bool
) -> Iterable[str]:
    """A household for each of the columns that all fill somewhere and those touched do not.

    Raises Everything where a column is filled in one of the snapshots only.
    """
    where = _SUBJECTS.get(table.name, "TRUE")
    touched = [filled(connection, f"{of}_touched.{table.name}", columns, where) for of in _BOTH]
    lacking = [c for c in columns if not (touched[0][c] and touched[1][c])]
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


def witnesses(connection: duckdb.DuckDBPyConnection, asked: Iterable[schema.Table]) -> list[str]:
    """Households that fill every column of some tables that is filled anywhere."""
    found: set[str | None] = set()
    for table in asked:
        for where in {"TRUE", _SUBJECTS.get(table.name, "TRUE")}:
            found |= set(filled(connection, table.name, table.arrow.names, where).values())
    return sorted(filter(None, found))
