"""The cube over generated facts: what is unknown, unasked or not in force has no value, not 0."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.cube import Cube, build, group
from metrics.registry import indicators
from store.scope import Scope

_COUNTY, _VILLAGES = "619925", ("619925101201", "619925101202", "619925102201")
_COUNT = replace(indicators()["income_drop_households"], since=2019, until=2021)
_SHARE = replace(indicators()["income_drop_share"], since=2019, until=2021)
_DECLARED = {_COUNT.key: _COUNT, _SHARE.key: _SHARE}

_ROWS = st.lists(
    st.tuples(
        st.sampled_from(_VILLAGES), st.integers(2018, 2022), st.sampled_from([True, False, None])
    ),
    min_size=1,
    max_size=25,
)


def _cube(rows: list[tuple[str, int, bool | None]]) -> Cube:
    villages, years, answers = zip(*rows, strict=True)
    facts = pa.table(
        {
            "village_code": villages,
            "township_code": [code[:9] for code in villages],
            "county_code": [code[:6] for code in villages],
            "year": pa.array(years, pa.int32()),
            "in_income_drop": pa.array(answers, pa.bool_()),
        }
    )
    connection = duckdb.connect()
    connection.from_arrow(facts).create("household_fact")
    return Cube(build(group(connection, _DECLARED), _DECLARED), _DECLARED)


@settings(max_examples=60)
@given(_ROWS)
def test_a_value_stands_only_where_most_of_those_asked_answered(
    rows: list[tuple[str, int, bool | None]],
) -> None:
    cube, scope = _cube(rows), Scope.of([_COUNTY])
    for region in (_COUNTY, *{code[:9] for code in _VILLAGES}, *_VILLAGES):
        for year in range(2018, 2023):
            answers = [a for code, y, a in rows if code.startswith(region) and y == year]
            known = [a for a in answers if a is not None]
            told = 2019 <= year <= 2021 and bool(known) and 2 * len(known) >= len(answers)
            count = cube.cell(_COUNT.key, region, year, scope)
            share = cube.cell(_SHARE.key, region, year, scope)
            assert count.value == (sum(known) if told else None)
            assert share.value == (pytest.approx(100 * sum(known) / len(known)) if told else None)
            assert year in cube.years(_COUNT.key) or count.value is None


@settings(max_examples=60)
@given(_ROWS)
def test_lines_begin_with_the_first_year_in_force(
    rows: list[tuple[str, int, bool | None]],
) -> None:
    series = _cube(rows).series(_COUNT.key, _COUNTY, Scope.of([_COUNTY]))
    assert set(series) <= {2019, 2020, 2021}
