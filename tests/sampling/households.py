"""Households made up to be drawn from, and a reader over them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import duckdb
import pyarrow as pa


def rows(sizes: dict[str, tuple[int, int]], start: int = 1) -> list[dict[str, Any]]:
    """Households of villages, each with its registered ones and the others."""
    found, number = [], start
    for code, (registered, others) in sizes.items():
        for place in range(registered + others):
            known = place < registered
            found.append(
                {
                    "household_id": f"H{number:06d}",
                    "village_code": code,
                    "registered": known,
                    "poverty_state": "exited_before" if known else None,
                    "labour_class": ("able", "weak", None)[number % 3],
                    "in_old": number % 5 == 0,
                    "in_ill": number % 4 == 0,
                }
            )
            number += 1
    return found


class Rows:
    """Answers SQL over ``{household_fact}``, as a reader of a snapshot does."""

    def __init__(self, households: Iterable[dict[str, Any]]):
        self._connection = duckdb.connect(":memory:")
        table = pa.Table.from_pylist(list(households))
        self._connection.from_arrow(table).create("household_fact")

    def rows(self, sql: str, **given: Any) -> list[dict[str, Any]]:
        text = sql.replace("{household_fact}", "household_fact")
        used = {name: value for name, value in given.items() if f"${name}" in text}
        return self._connection.sql(text, params=used).to_arrow_table().to_pylist()


class All:
    """A filter of all, or of those that hold a condition with its parameters."""

    def __init__(self, condition: str = "TRUE", **given: object):
        self._condition, self._given = condition, given

    def condition(self) -> tuple[str, dict[str, object]]:
        return self._condition, self._given
