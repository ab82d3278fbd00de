"""The stress page's steps of distance."""

from __future__ import annotations

from itertools import pairwise

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from views.sections.stress import steps

_ROWS = st.lists(st.tuples(st.floats(-1e5, 1e6), st.booleans()), min_size=1, max_size=40)


@given(_ROWS)
def test_every_household_is_counted_once(rows: list[tuple[float, bool]]) -> None:
    away = [distance for distance, _ in rows]
    under = [distance < 0 for distance in away]
    falls = [hit and distance >= 0 for distance, hit in rows]
    found = steps(pa.table({"distance_yuan": away, "under": under, "falls": falls}))
    assert sum(step.total for step in found) == len(rows)
    assert sum(step.counts["under"] for step in found) == sum(under)
    assert sum(step.counts["falls"] for step in found) == sum(falls)
    lows = [step.low for step in found]
    assert lows == sorted(lows) and all(b - a == 1000 for a, b in pairwise(lows))


def test_a_household_at_the_line_stands_above_it() -> None:
    table = pa.table(
        {"distance_yuan": [0.0, -0.01], "under": [False, True], "falls": [False, False]}
    )
    below, above = steps(table)
    assert (below.low, below.counts["under"]) == (-1000, 1)
    assert (above.low, above.counts["stays"]) == (0, 1)
