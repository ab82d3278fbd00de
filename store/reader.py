"""The only way to query a snapshot: SQL over named relations, each held to a scope and masked.

``{household}`` in a query stands for the rows of the relation that the scope contains, with the
personal columns masked inside the query. No value is ever pasted into the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from store import schema, tables
from store.masks import mask_sql
from store.schema import Mask
from store.scope import Scope
from store.snapshots import Snapshot

_RELATION = re.compile(r"\{(\w+)\}")
_PARAMETER = re.compile(r"\$(\w+)")


@dataclass(frozen=True, slots=True)
class Relation:
    """A table that queries may name: its region column and its masked columns.

    ``path`` is the Parquet file of a derived one, None for a table of the snapshot. A masked
    column ``x`` also gives ``x_match``, the MD5 of its whole value, so that a search can
    compare with it and never carry it out.
    """

    name: str
    path: Path | None
    columns: tuple[str, ...]
    region: str | None
    public: bool = False
    secret: bool = False
    masks: Mapping[str, Mask] = field(default_factory=dict)

    def selection(self, scope: Scope, reveal: bool) -> tuple[str, dict[str, str]]:
        """The subquery that stands for this relation, and its parameters."""
        shown = [self._shown(c, reveal) for c in self.columns]
        shown += [f"md5({c}) AS {c}_match" for c in self.masks]
        if self.region is None:
            # Not about a place: open if public, else only to whoever sees a whole county.
            allowed = self.public or any(len(code) <= 6 for code in scope.codes)
            allowed = allowed and (reveal or not self.secret)
            return self._select(shown, "TRUE" if allowed else "FALSE"), {}
        condition, parameters = scope.condition(self.region)
        return self._select(shown, condition), parameters

    def _select(self, shown: list[str], condition: str) -> str:
        return f"(SELECT {', '.join(shown)} FROM {self.name} WHERE {condition})"

    def _shown(self, column: str, reveal: bool) -> str:
        mask = self.masks.get(column)
        if mask is None or reveal:
            return column
        return f"{mask_sql(column, mask)} AS {column}"


def relation_of(table: schema.Table) -> Relation:
    """Relation of a table of the schema."""
    masks = {c.name: c.mask for c in table.columns if c.mask}
    columns = tuple(c.name for c in table.columns)
    return Relation(table.name, None, columns, table.region, table.public, table.secret, masks)


class Engine:
    """One DuckDB over a snapshot's files and what was derived from them; read-only.

    Keep one a snapshot and process; take a reader, which has a cursor of its own, for each script
    run (a connection shared by threads mixes their rows).
    """

    def __init__(self, snapshot: Snapshot, derived: tuple[Relation, ...] = ()):
        self.snapshot = snapshot
        self.relations = {table.name: relation_of(table) for table in schema.TABLES}
        self.relations.update({relation.name: relation for relation in derived})
        self._connection = duckdb.connect(
            ":memory:",
            config={"threads": 2, "autoinstall_known_extensions": False},
        )
        for name, rows in tables.relations(self._connection, snapshot):
            rows.create(name)
        for relation in derived:
            self._connection.read_parquet(str(relation.path)).create(relation.name)
        self._connection.execute("SET enable_external_access = false")

    def reader(self, scope: Scope, *, reveal: bool = False) -> Reader:
        """A reader for one viewer and one script run. ``reveal`` shows personal columns whole."""
        return Reader(self._connection.cursor(), self.relations, scope, reveal)

    def close(self) -> None:
        self._connection.close()


class Reader:
    """Queries of one viewer. Every relation named in a query is held to the viewer's scope."""

    def __init__(
        self,
        cursor: duckdb.DuckDBPyConnection,
        relations: Mapping[str, Relation],
        scope: Scope,
        reveal: bool,
    ):
        self._cursor = cursor
        self._relations = relations
        self.scope = scope
        self.reveal = reveal

    def arrow(self, sql: str, /, **parameters: Any) -> pa.Table:
        """Rows of a query as an Arrow table.

        ``{relation}`` names a relation, ``$name`` a parameter. Raises KeyError for a relation that
        does not exist, duckdb.Error for SQL that does not fit.
        """
        given = dict(parameters)

        def scoped(match: re.Match[str]) -> str:
            text, extra = self._relations[match[1]].selection(self.scope, self.reveal)
            given.update(extra)
            return text

        text = _RELATION.sub(scoped, sql)
        used = set(_PARAMETER.findall(text))
        bound = {name: value for name, value in given.items() if name in used}
        return self._cursor.sql(text, params=bound).to_arrow_table()

    def lend(self, name: str, rows: pa.Table) -> None:
        """Let this reader's queries name rows that are not of its snapshot.

        They stand under their plain name, without braces, and are not held to the scope again.
        """
        self._cursor.register(name, rows)

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
