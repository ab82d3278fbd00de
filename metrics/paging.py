"""Lists are shown a page of rows at a time: how many pages there are, and the rows of each.

A page is read from the last row of the page before, whose keys are remembered, and not by counting
past all that stand before it; where nothing is remembered the keys alone are sorted, from the
nearer end. An address says the page's number, and which rows these are is the data's alone.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import pyarrow as pa

from store.reader import Engine, Reader

PAGE_ROWS = 50
_LISTS = 200  # of which the last rows of pages are remembered, in each snapshot
_PAGES = 100  # of each list

_Keys = tuple[Any, ...]
_Known = OrderedDict[int, _Keys]


def page_count(rows: int) -> int:
    """How many pages so many rows fill; 0 for none."""
    return -(-rows // PAGE_ROWS)


def first_row(page: int) -> int:
    """How many rows stand before a page, the first page being 1."""
    return (page - 1) * PAGE_ROWS


@dataclass(frozen=True, slots=True)
class Order:
    """What a list is sorted by: its columns, ``-`` before one that falls. Nulls come last.

    No two rows may be equal in all of them: the last ones are a key of the list.
    """

    columns: tuple[str, ...]

    @classmethod
    def by(cls, *columns: str) -> Order:
        return cls(columns)

    @property
    def names(self) -> list[str]:
        return [column.removeprefix("-") for column in self.columns]

    def sql(self, *, backwards: bool = False) -> str:
        """The order as SQL."""
        return ", ".join(
            f"{name} {'DESC' if column.startswith('-') != backwards else 'ASC'} "
            f"NULLS {'FIRST' if backwards else 'LAST'}"
            for name, column in zip(self.names, self.columns, strict=True)
        )

    def after(self, keys: _Keys) -> tuple[str, dict[str, Any]]:
        """SQL: whether a row comes behind the one with these keys; and its parameters."""
        steps, same = [], "TRUE"
        for at, (name, column) in enumerate(zip(self.names, self.columns, strict=True)):
            if keys[at] is not None:  # behind what is not known nothing comes
                sign = "<" if column.startswith("-") else ">"
                steps.append(f"{same} AND ({name} {sign} $after_{at} OR {name} IS NULL)")
            same += f" AND {name} IS NOT DISTINCT FROM $after_{at}"
        told = " OR ".join(f"({step})" for step in steps) or "FALSE"
        return f"({told})", {f"after_{at}": key for at, key in enumerate(keys)}


class _Memory:
    """The keys of the row before some offsets of the lists of one engine."""

    def __init__(self) -> None:
        self._lists: OrderedDict[Any, _Known] = OrderedDict()
        self._lock = threading.Lock()

    def nearest(self, which: Any, offset: int) -> tuple[int, _Keys | None]:
        """The greatest offset that is known up to this one, and its keys; 0 where none is."""
        with self._lock:
            known = {k: v for k, v in self._lists.get(which, {}).items() if k <= offset}
        best = max(known, default=0)
        return best, known.get(best)

    def remember(self, which: Any, offset: int, keys: _Keys) -> None:
        with self._lock:
            known = self._lists.setdefault(which, OrderedDict())
            self._lists.move_to_end(which)
            known[offset] = keys
            known.move_to_end(offset)
            if len(known) > _PAGES:
                known.popitem(last=False)
            if len(self._lists) > _LISTS:
                self._lists.popitem(last=False)


_MEMORIES: WeakKeyDictionary[Engine, _Memory] = WeakKeyDictionary()
_LOCK = threading.Lock()


def rows(
    reader: Reader,
    query: str,
    order: Order,
    offset: int = 0,
    limit: int | None = None,
    given: Mapping[str, Any] | None = None,
) -> pa.Table:
    """Rows of a query in an order, from an offset on; all that follow if ``limit`` is None.

    The order's columns are columns of the query, in SQL as ``Reader.arrow`` takes it.
    """
    parameters = dict(given or {})
    if limit is None and not offset:
        return reader.many(f"FROM ({query}) AS listed ORDER BY {order.sql()}", **parameters)
    with _LOCK:
        memory = _MEMORIES.setdefault(reader.engine, _Memory())
    asked = hashlib.sha256(repr((query, sorted(parameters.items()))).encode("utf8"))
    which = (reader.scope, reader.reveal, order, asked.digest())  # who is searched for is not kept
    if reader.lends:  # of rows that are not the snapshot's nothing is remembered
        memory = _Memory()
    start, keys = memory.nearest(which, offset)
    if start < offset:
        keys = _before(reader, query, order, offset - start, keys, parameters)
        if keys is None:
            return reader.arrow(f"FROM ({query}) AS listed LIMIT 0", **parameters)
    told, more = order.after(keys) if keys is not None else ("TRUE", {})
    found = reader.arrow(
        f"FROM ({query}) AS listed WHERE {told} ORDER BY {order.sql()} "
        f"LIMIT {'ALL' if limit is None else int(limit)}",
        **parameters,
        **more,
    )
    if keys is not None:
        memory.remember(which, offset, keys)
    if limit is not None and found.num_rows == limit:
        memory.remember(which, offset + limit, _keys_of(found, order, limit - 1))
    return found


def _before(
    reader: Reader,
    query: str,
    order: Order,
    ahead: int,
    keys: _Keys | None,
    given: Mapping[str, Any],
) -> _Keys | None:
    """Keys of the row ``ahead`` rows behind the one with the keys given, or behind the beginning;
    None where there are not as many."""
    told, more = order.after(keys) if keys is not None else ("TRUE", {})
    behind = f"FROM ({query}) AS listed WHERE {told}"
    names = ", ".join(order.names)
    counted = reader.one(f"SELECT COUNT(*) AS n {behind}", **given, **more)
    left = counted["n"] if counted else 0
    if left < ahead:
        return None
    backwards = ahead > left // 2
    skipped = left - ahead if backwards else ahead - 1
    found = reader.arrow(
        f"SELECT {names} {behind} ORDER BY {order.sql(backwards=backwards)} "
        f"LIMIT 1 OFFSET {int(skipped)}",
        **given,
        **more,
    )
    return _keys_of(found, order, 0)


def _keys_of(found: pa.Table, order: Order, row: int) -> _Keys:
    return tuple(found[name][row].as_py() for name in order.names)
