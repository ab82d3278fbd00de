"""All rows of the state as lines of JSON, and back: the same for either database."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Date,
    DateTime,
    LargeBinary,
    MetaData,
    Table,
    func,
    insert,
    select,
)
from sqlalchemy.orm import Session

from state.database import State, upgrade

_BATCH = 2_000
_FILES = 4  # rows at once of a table that holds files, each of some megabytes
_OWN = "alembic_version"  # is told by the revision, not as rows


class NotEmpty(RuntimeError):
    """The database that rows are to be put back into holds some already."""


def lines(session: Session, revision: str) -> Iterator[str]:
    """A line with the revision, then a line a row, of all tables in the order of their keys."""
    connection = session.connection()
    yield json.dumps({"revision": revision})
    for table in _tables(connection):
        query = select(table).order_by(*table.primary_key.columns)
        for row in connection.execute(query.execution_options(yield_per=_batch(table))).mappings():
            values = {name: _out(value) for name, value in row.items()}
            yield json.dumps({"table": table.name, "row": values}, ensure_ascii=True)


def load(state: State, told: Iterable[str]) -> None:
    """Put rows back into a database without any, and migrate it to this program's tables.

    All of them or none. Raises NotEmpty, StateError, and ValueError or KeyError for lines that
    ``lines`` did not write.
    """
    rows = iter(told)
    revision = json.loads(next(rows))["revision"]
    if state.revision() is None:
        upgrade(state, revision)
    with state.writing() as session:
        connection = session.connection()
        tables = {table.name: table for table in _tables(connection)}
        _clear(connection, tables)
        waiting: list[dict[str, Any]] = []
        name = ""
        for line in rows:
            entry = json.loads(line)
            if entry["table"] != name or len(waiting) == _batch(tables[name]):
                _insert(connection, tables.get(name), waiting)
                name, waiting = entry["table"], []
            waiting.append({key: _in(tables[name], key, v) for key, v in entry["row"].items()})
        _insert(connection, tables.get(name), waiting)
    upgrade(state)


def _tables(connection: Connection) -> list[Table]:
    """The tables as the database has them, those that others point at first."""
    metadata = MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name != _OWN]


def _batch(table: Table) -> int:
    """How many of a table's rows are held at once."""
    files = any(isinstance(column.type, LargeBinary) for column in table.columns)
    return _FILES if files else _BATCH


def _clear(connection: Connection, tables: dict[str, Table]) -> None:
    """Take away the first head, which a migration made; raises NotEmpty for anything else."""
    head = tables["audit_head"]
    if connection.scalar(select(func.max(head.c.number))):
        raise NotEmpty("audit_head")
    connection.execute(head.delete())
    for table in tables.values():
        if connection.scalar(select(func.count()).select_from(table)):
            raise NotEmpty(table.name)


def _insert(connection: Connection, table: Table | None, rows: list[dict[str, Any]]) -> None:
    if table is not None and rows:
        connection.execute(insert(table), rows)


def _out(value: object) -> object:
    """A value as JSON: moments in world time, which SQLite gives without a zone, bytes as text."""
    if isinstance(value, datetime):
        zoned = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return zoned.isoformat(timespec="microseconds")
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, date) else value


def _in(table: Table, name: str, value: Any) -> Any:
    kind = table.columns[name].type
    if value is None:
        return None
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value).astimezone(UTC)
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value, validate=True)
    return date.fromisoformat(value) if isinstance(kind, Date) else value
