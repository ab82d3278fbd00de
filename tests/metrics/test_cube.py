"""Every number of the cube equals the households that it opens, everywhere and every year."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pytest

from metrics.county import County, open_county
from metrics.cube import Cell, Cube
from metrics.filters import HouseholdFilter
from metrics.registry import Measure, indicators, themes
from store.scope import Scope
from store.snapshots import Home
from tests.small_county import COUNTY, EAST, HILL, MILL, WEST

_ALL = Scope.of([COUNTY])


@pytest.mark.parametrize("key", [k for k, i in indicators().items() if i.opens])
def test_the_number_is_its_households(small: County, key: str) -> None:
    indicator = indicators()[key]
    reader = small.reader(_ALL)
    for region in small.places:
        for year, cell in small.cube.series(key, region, _ALL).items():
            condition, given = HouseholdFilter(region, year, indicator).condition()
            ids = {
                row["household_id"]
                for row in reader.rows(
                    f"SELECT household_id FROM {{household_fact}} AS f WHERE {condition}", **given
                )
            }
            measure = indicator.numerator
            row = reader.one(
                f"SELECT {measure.amount} AS n FROM {{{measure.relation}}} "
                "WHERE year = $year AND village_code LIKE $region",
                year=year,
                region=f"{region}%",
            )
            assert row is not None
            assert cell.numerator == pytest.approx(float(row["n"]))
            assert bool(ids) == bool(cell.numerator) or measure.value, (region, year)
            if measure.value is None and measure.relation == "household_fact":
                assert len(ids) == cell.numerator


@pytest.mark.parametrize("key", indicators())
def test_a_whole_is_the_sum_of_its_parts(small: County, key: str) -> None:
    for year in small.cube.years(key):
        whole = small.cube.cell(key, COUNTY, year, _ALL)
        parts = [small.cube.cell(key, c, year, _ALL) for c in (EAST, WEST)]
        if all(part.value is not None for part in parts):
            assert whole.numerator == pytest.approx(sum(p.numerator for p in parts))


def test_poverty_rate_is_people_over_population(small: County) -> None:
    cell = small.cube.cell("poverty_rate", COUNTY, 2024, _ALL)
    assert (cell.numerator, cell.denominator) == (7, 400)
    assert cell.value == pytest.approx(1.75)


def test_a_narrow_scope_gets_only_its_part(small: County) -> None:
    cell = small.cube.cell("population", COUNTY, 2025, Scope.of([HILL, WEST]))
    assert cell.value == 200
    assert small.cube.cell("population", EAST, 2025, Scope.of([WEST])).value is None
    assert set(small.cube.across("population", [EAST, WEST], 2025, Scope.of([WEST]))) == {WEST}


def test_unknown_is_not_zero(small: County) -> None:
    assert small.cube.years("out_of_school_households") == ()
    assert small.cube.cell("out_of_school_households", COUNTY, 2025, _ALL).value is None
    assert small.cube.cell("below_line_households", COUNTY, 2025, _ALL).value is None
    assert small.cube.cell("split_residence_relocated_households", COUNTY, 2024, _ALL).value is None
    assert small.cube.cell("unsafe_water_households", COUNTY, 2025, _ALL).value == 0


def test_a_share_is_of_its_denominator_whoever_gave_no_answer() -> None:
    amounts = {"numerator": 5.0, "denominator": 100.0, "known": 10.0, "asked": 12.0}
    row = {"indicator": "poverty_rate", "region_code": COUNTY, "year": 2018, **amounts}
    cube = Cube(pa.Table.from_pylist([row]), {"poverty_rate": indicators()["poverty_rate"]})
    assert cube.cell("poverty_rate", COUNTY, 2018, _ALL) == Cell(5.0, 5.0, 100.0, 2)


def test_nothing_to_divide_by_is_not_zero(small: County) -> None:
    assert small.cube.cell("ledger_closed_share", MILL, 2025, _ALL).value is None
    assert small.cube.cell("ledger_entries", MILL, 2025, _ALL).value == 0


def test_every_indicator_is_fully_declared() -> None:
    assert len(indicators()) >= 20
    for indicator in indicators().values():
        assert indicator.theme in themes()
        assert indicator.definition_zh and indicator.definition_en and indicator.source
        assert (indicator.denominator is not None) == (
            indicator.unit == "percent"
            or indicator.key
            in (
                "per_capita_income",
                "fund_per_person",
                "collective_per_village",
                "collective_per_person",
            )
        )
        if indicator.target:
            assert indicator.better in ("higher", "lower")


@pytest.mark.parametrize(
    ("key", "value", "meets"),
    [
        ("poverty_rate", 2.99, True),
        ("poverty_rate", 3.0, False),
        ("collective_50k_share", 80.0, True),
        ("collective_50k_share", 79.9, False),
        ("poor_people", 0.0, None),
    ],
)
def test_the_target_itself_is_reached_unless_it_must_be_passed(
    key: str, value: float, meets: bool | None
) -> None:
    assert indicators()[key].meets_target(value) is meets


def test_a_threshold_filled_in_by_the_county_changes_the_answer(tmp_path) -> None:
    from tests import small_county

    small_county.publish(tmp_path)
    before = open_county(Home(tmp_path))
    assert before.cube.cell("below_line_households", COUNTY, 2025, _ALL).value is None
    (tmp_path / "parameters.yaml").write_text(
        "poverty_line_yuan:\n  - {from: 2025-01-01, value: 3000, source: 试验}\n", encoding="utf8"
    )
    after = open_county(Home(tmp_path))
    assert after.cube.cell("below_line_households", COUNTY, 2025, _ALL).value == 1


def test_what_is_derived_is_made_anew_when_damaged(tmp_path) -> None:
    from tests import small_county

    small_county.publish(tmp_path)
    open_county(Home(tmp_path))
    cube = next((tmp_path / "derived").glob("*/cube.parquet"))
    cube.write_bytes(b"x" + cube.read_bytes()[1:])
    assert open_county(Home(tmp_path)).cube.cell("population", COUNTY, 2025, _ALL).value == 400


def test_an_amount_is_the_same_in_any_order_of_the_rows() -> None:
    """Fractions of two would be 0.30000000000000004 in one order and 0.3 in the other."""
    measure = Measure("paid", "yuan", "TRUE")
    sums = [
        duckdb.connect()
        .execute(f"SELECT {measure.amount} AS n FROM (SELECT unnest({amounts}) AS yuan) AS paid")
        .fetchall()
        for amounts in ([1e14, 0.1, 0.2, -1e14], [-1e14, 1e14, 0.2, 0.1])
    ]
    assert [float(rows[0][0]) for rows in sums] == [0.3, 0.3]
