"""The only way to query a snapshot: SQL over named relations, each held to a scope and masked.

``{household}`` in a query stands for the rows of the relation that the scope contains, with the
personal columns masked inside the query. No value is ever pasted into the text.

Which rows show them whole is a reader's ``reveal``: none, all, or those of the one household that
it names.
"""

from __future__ import annotations

import re
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from store import amended, schema, tables
from store.holding import Hold
from store.masks import mask_sql, year_sql
from store.named_columns import named_columns
from store.schema import Mask
from store.scope import Scope
from store.snapshots import MANIFEST, Snapshot
from store.spilling import limit

# It recommends ``many``, whose copy is spared where it counts.
warnings.filterwarnings("ignore", "Arrow output on a DB-API result", UserWarning)

_RELATION = re.compile(r"\{(\w+)\}")
_PARAMETER = re.compile(r"\$(\w+)")
_HOUSEHOLD = "household_id"
# True, False, or the number of the household whose rows are shown whole.
Reveal = bool | str


@dataclass(frozen=True, slots=True)
class Relation:
    """A table that queries may name: its region column and its masked columns.

    ``path`` is the Parquet file of a derived one, None for a table of the snapshot. Of ``years``,
    dates, the year alone shows; ``x_match`` of such a column ``x`` is the date itself, to compare
    and sort by.
    """

    name: str
    path: Path | None
    columns: tuple[str, ...]
    region: str | None
    public: bool = False
    secret: bool = False
    place: str | None = None
    masks: Mapping[str, Mask] = field(default_factory=dict)
    years: frozenset[str] = frozenset()

    def selection(
        self,
        scope: Scope,
        reveal: Reveal,
        meant: frozenset[str] | None = None,
        source: str | None = None,
    ) -> tuple[str, dict[str, str]]:
        """The subquery that stands for this relation, and its parameters; of the columns at least
        those that are ``meant``, all if None. ``source`` is what the rows are read from, if it is
        not what bears the relation's name."""
        shown = [self._shown(c, reveal) for c in self.columns if meant is None or c in meant]
        named = {"revealed": reveal} if isinstance(reveal, str) else {}
        matched = {c: f"{c}_match" for c in self.columns if c in self.years}
        shown += [f"{c} AS {m}" for c, m in matched.items() if meant is None or m in meant]
        condition, parameters = self._condition(scope)
        if self.secret and reveal is not True:
            condition, parameters = "FALSE", {}
        columns = ", ".join(shown) or "TRUE"
        rows = f"(SELECT {columns} FROM {source or self.name} WHERE {condition})"
        return rows, parameters | named

    def _condition(self, scope: Scope) -> tuple[str, dict[str, str]]:
        """The rows that a scope contains, and of a public table those of no place of the county.
        What is not about a place is open if public, else only to whoever sees a whole county, as
        are rows of which it is not known."""
        if self.region is not None:
            condition, parameters = scope.condition(self.region)
            if self.public and scope.codes:
                condition = f"({condition} OR {self.region} = '')"
            return condition, parameters
        if self.public or any(len(code) <= 6 for code in scope.codes):
            return "TRUE", {}
        return scope.condition(self.place) if self.place else ("FALSE", {})

    def _shown(self, column: str, reveal: Reveal) -> str:
        mask = self.masks.get(column)
        year_alone = column in self.years
        if reveal is True or (mask is None and not year_alone):
            return column
        hidden = year_sql(column) if mask is None else mask_sql(column, mask)
        if reveal and _HOUSEHOLD in self.columns:
            hidden = f"CASE WHEN {_HOUSEHOLD} = $revealed THEN {column}::VARCHAR ELSE {hidden} END"
        return f"{hidden} AS {column}"


def relation_of(table: schema.Table) -> Relation:
    """Relation of a table of the schema."""
    masks = {c.name: c.mask for c in table.columns if c.mask}
    columns = tuple(c.name for c in table.columns)
    years = frozenset(c.name for c in table.columns if c.year_alone)
    return Relation(
        table.name,
        None,
        columns,
        table.region,
        table.public,
        table.secret,
        table.place,
        masks,
        years,
    )


class Engine:
    """One DuckDB over a snapshot's files and what was derived from them; read-only.

    Keep one a snapshot and process; take a reader for each script run. The files are read where
    they lie, within the memory that is set; a ``resident`` one has its small relations in memory.
    While it is open it holds both folders, so that nothing of them is removed.
    """

    def __init__(
        self, snapshot: Snapshot, derived: tuple[Relation, ...] = (), *, resident: bool = True
    ):
        self.snapshot, self.resident = snapshot, resident
        self.relations = {table.name: relation_of(table) for table in schema.TABLES}
        self.relations.update({relation.name: relation for relation in derived})
        self._derived = derived
        # Files that are asked for by their path: a view binds each of its columns for each query.
        self.sources: dict[str, str] = {}
        self._lock = threading.Lock()
        self._queries = 0  # that are running
        self._retired = False
        self._holds: list[Hold] = []
        self._connection: duckdb.DuckDBPyConnection | None = self._opened()

    @property
    def is_open(self) -> bool:
        return self._connection is not None

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor for one query (a connection shared by threads mixes their rows).

        The engine is not closed while it is used, and opened again if it was.
        """
        with self._lock:
            if self._connection is None:
                self._connection = self._opened()
            self._queries += 1
            cursor = self._connection.cursor()
        try:
            yield cursor
        finally:
            cursor.close()
            with self._lock:
                self._queries -= 1
                self._close_if_idle()

    def reader(self, scope: Scope, *, reveal: Reveal = False) -> Reader:
        """A reader for one viewer and one script run. ``reveal`` shows personal columns whole."""
        return Reader(self, scope, reveal)

    def step_back(self) -> None:
        """Stay open, as one that is no longer the current snapshot's."""
        self.resident = False

    def retire(self) -> None:
        """Give the memory back as soon as no query runs; from now on, it is open only for one."""
        with self._lock:
            self._retired = True
            self.resident = False  # nothing is loaded for the few queries that may still come
            self._close_if_idle()

    def _opened(self) -> duckdb.DuckDBPyConnection:
        """A connection with every relation; FileNotFoundError for a folder that is removed."""
        config: Any = {"threads": 2, "autoinstall_known_extensions": False}
        with ExitStack() as stack:
            self._holds = [Hold(path) for path in self._manifests()]
            stack.callback(self._let_go)
            connection = duckdb.connect(":memory:", config=config)
            stack.callback(connection.close)
            limit(connection, self.snapshot.folder.parents[1])
            tables.show(connection, self.snapshot, resident=self.resident)
            for path in self._derived_files():
                whole = len(amended.files(path)) == 1
                kind = tables.kind_of(path) if self.resident and whole else "VIEW"
                connection.execute(f"CREATE {kind} {path.stem} AS {amended.selection(path)}")
                if whole and kind == "VIEW":
                    self.sources[path.stem] = f"read_parquet({amended.literal(path)})"
            paths = ", ".join(map(amended.literal, self._paths()))
            connection.execute(f"SET allowed_paths = [{paths}]")
            connection.execute("SET parquet_metadata_cache = true")  # files never change
            connection.execute("SET enable_external_access = false")
            stack.pop_all()
        return connection

    def _paths(self) -> list[Path]:
        """Every file that is read."""
        derived = [each for path in self._derived_files() for each in amended.files(path)]
        return [*(self.snapshot.path(name) for name in self.snapshot.tables), *derived]

    def _derived_files(self) -> list[Path]:
        return [relation.path for relation in self._derived if relation.path]

    def _manifests(self) -> Iterator[Path]:
        """Of the folders that are read from: the snapshot's, and that of what was derived."""
        folders = {path.parent for path in self._derived_files()}
        for folder in (self.snapshot.folder, *folders):
            if (folder / MANIFEST).is_file():
                yield folder / MANIFEST

    def _close_if_idle(self) -> None:
        if self._retired and not self._queries and self._connection is not None:
            self._connection.close()
            self._connection = None
            self._let_go()

    def _let_go(self) -> None:
        for hold in self._holds:
            hold.close()
        self._holds = []


class Reader:
    """Queries of one viewer. Every relation named in a query is held to the viewer's scope."""

    def __init__(self, engine: Engine, scope: Scope, reveal: Reveal):
        self.engine = engine
        self._lent: dict[str, pa.Table] = {}
        self.scope = scope
        self.reveal = reveal

    def arrow(self, sql: str, /, **parameters: Any) -> pa.Table:
        """Rows of a query as an Arrow table.

        ``{relation}`` names a relation, ``$name`` a parameter. Raises KeyError for a relation that
        does not exist, duckdb.Error for SQL that does not fit.

        Asked as a statement: a relation would have the query bound twice, which is most of what
        the queries of a page cost. The price is a copy of the rows: ``many`` makes none.
        """
        text, bound = self._scoped(sql, parameters)
        with self._cursor() as cursor:
            return cursor.execute(text, bound).to_arrow_table()

    def many(self, sql: str, /, **parameters: Any) -> pa.Table:
        """As ``arrow``, of queries that may find a large part of a relation."""
        text, bound = self._scoped(sql, parameters)
        with self._cursor() as cursor:
            return cursor.sql(text, params=bound).to_arrow_table()

    def counts(self, sql: str, /, **parameters: Any) -> dict[str, int]:
        """The one row of a query that counts, by its columns."""
        (row,) = self.arrow(sql, **parameters).to_pylist()
        return {name: int(found) for name, found in row.items()}

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with self.engine.cursor() as cursor:
            for name, rows in self._lent.items():
                cursor.register(name, rows)
            yield cursor

    def _scoped(self, sql: str, parameters: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """A query with its relations held to the scope, and the parameters that it names."""
        given = dict(parameters)
        meant = named_columns(sql)

        def scoped(match: re.Match[str]) -> str:
            relation = self.engine.relations[match[1]]
            source = self.engine.sources.get(relation.name)
            text, extra = relation.selection(self.scope, self.reveal, meant, source)
            given.update(extra)
            return text

        text = _RELATION.sub(scoped, sql)
        used = set(_PARAMETER.findall(text))
        return text, {name: value for name, value in given.items() if name in used}

    def lend(self, name: str, rows: pa.Table) -> None:
        """Let this reader's queries name rows that are not of its snapshot.

        They stand under their plain name, without braces, and are not held to the scope again.
        """
        self._lent[name] = rows

    @property
    def lends(self) -> bool:
        """Whether its queries may name rows that are not of its snapshot."""
        return bool(self._lent)

    def rows(self, sql: str, /, **parameters: Any) -> list[dict[str, Any]]:
        """Rows of a query as dictionaries."""
        return self.arrow(sql, **parameters).to_pylist()

    def one(self, sql: str, /, **parameters: Any) -> dict[str, Any] | None:
        """The first row of a query, or None."""
        rows = self.rows(sql, **parameters)
        return rows[0] if rows else None


def columns_of(path: Path) -> tuple[str, ...]:
    """Column names of a Parquet file."""
    return tuple(pq.read_schema(path).names)
