"""What two snapshots differ in, column by column, and which queries say something else for it.

A query says the same where each relation that it names has, in every column that it names, the
same in both.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

import duckdb

_WORD = re.compile(r"\w+")
_REMARK = re.compile(r"--[^\n]*")


@lru_cache(maxsize=256)
def words(sql: str) -> frozenset[str]:
    """Every name in a query, and every other word but those of its remarks."""
    return frozenset(_WORD.findall(_REMARK.sub("", sql)))


class Changed:
    """By relation the columns that changed; None stands for other rows, so for all columns."""

    def __init__(self) -> None:
        self._columns: dict[str, frozenset[str] | None] = {}

    def note(self, relation: str, columns: frozenset[str] | None) -> None:
        """Note what of a relation changed; nothing where there are no columns."""
        if columns is None or columns:
            self._columns[relation] = columns

    def columns(self, relation: str) -> frozenset[str] | None:
        """The columns of a relation that changed; empty where it is the same, None for all."""
        return self._columns.get(relation, frozenset())

    def tells(self, relation: str, *texts: str) -> bool:
        """Whether texts about a relation name what of it changed."""
        columns = self.columns(relation)
        return columns is None or any(columns & words(text) for text in texts)

    def stale(self, sql: str) -> bool:
        """Whether a query may say something else."""
        named = words(sql)
        return any(name in named and self.tells(name, sql) for name in self._columns)

    def through(self, queries: Mapping[str, str]) -> set[str]:
        """Those of queries, each building on earlier ones, that may say something else."""
        found: set[str] = set()
        for name, sql in queries.items():
            if self.stale(sql) or words(sql) & found:
                found.add(name)
        return found


def with_read(names: Collection[str], queries: Mapping[str, str]) -> dict[str, str]:
    """Some of the queries, and those that they build on, in their order."""
    wanted = set(names)
    for name in reversed(list(queries)):
        if name in wanted:
            wanted |= words(queries[name]) & queries.keys()
    return {name: sql for name, sql in queries.items() if name in wanted}


def differing(
    connection: duckdb.DuckDBPyConnection,
    was: str,
    now: str,
    columns: Iterable[str],
    key: Collection[str],
) -> frozenset[str] | None:
    """The columns in which two relations differ; None where they have other rows by their key.

    Without a key, or where one stands twice, columns are not told apart: all of them or none.
    """
    columns = [column for column in columns if column not in key]
    named, keyed = ", ".join([*key, *columns]), ", ".join(key)
    twice = f"count(*) > 2 * count(DISTINCT ({keyed}))" if key else "TRUE"
    sums = [_sum(keyed) if key else "FALSE", twice, _sum(named)]
    sums += [_sum(", ".join([*key, column])) for column in columns]
    ((others, doubtful, whole, *found),) = connection.execute(
        f"""SELECT {", ".join(sums)}
        FROM (SELECT {named}, 1 AS side FROM {now} UNION ALL SELECT {named}, -1 FROM {was})"""
    ).fetchall()
    if others or (doubtful and whole):
        return None
    return frozenset(column for column, other in zip(columns, found, strict=True) if other)


def _sum(columns: str) -> str:
    """SQL: whether two relations, of ``side`` 1 and -1, differ in some columns of their rows."""
    return f"sum(side * (1 + hash({columns})::HUGEINT)) <> 0"  # the hash of a 0 is 0
