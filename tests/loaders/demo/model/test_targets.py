"""Targets of the demo counties: the published ones as they stand, townships within their spread."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from loaders.demo.files.target_files import target_sheet
from loaders.demo.model import config, places, targets
from loaders.layouts.declarations import FOLDER
from metrics.registry import indicators
from metrics.targets import Targets
from tests.loaders.layout_cases import tables_of, values_of
from tests.loaders.sheets import sheet

_CODES = ("611025", "433125")


@pytest.fixture(scope="module", params=_CODES)
def county(request: pytest.FixtureRequest) -> Any:
    read = config.read_county(request.param)
    village = places.read_villages(read)
    made = targets.assigned(np.random.default_rng(13), read, village)
    return SimpleNamespace(county=read, village=village, target=made, data_date=date(2025, 12, 31))


def _of(county: Any, indicator: str, year: int) -> pd.DataFrame:
    frame = county.target
    return frame[(frame["indicator"] == indicator) & (frame["year"] == year)]


@pytest.mark.parametrize(
    ("indicator", "value"),
    [("有集体收入村占比", 100), ("集体收入5万元以上村占比", 80), ("集体收入10万元以上村占比", 50)],
)
def test_collective_income_is_to_reach_what_the_plan_of_2020_says(
    county: Any, indicator: str, value: float
) -> None:
    found = _of(county, indicator, 2020).set_index("region_code")["target_value"]
    assert found[county.county.code] == value


def test_the_county_of_the_west_is_to_have_under_two_percent_in_2019() -> None:
    (said,) = [t for t in config.read_county("433125").targets if t["indicator"] == "贫困发生率"]
    assert said["years"] == {2019: 2}


def test_townships_lie_within_the_spread_and_differ(county: Any) -> None:
    towns = set(county.village["township_code"])
    for said in county.county.targets:
        for year, value in said["years"].items():
            found = _of(county, said["indicator"], year).set_index("region_code")["target_value"]
            assert len(found) == 1 + (len(towns) if said.get("spread") else 0)
            assert (found - value).abs().max() <= said.get("spread", 0) + 1e-9
    assert _of(county, "风险消除率", 2026)["target_value"].nunique() > 3


def test_every_row_is_a_target_that_a_number_can_be_held_to(county: Any) -> None:
    made = Targets(county.target.to_dict("records"), indicators())
    assert not made.unused


@pytest.mark.parametrize("county", ["611025"], indirect=True)  # whose places the tests read
def test_the_sheet_reads_back_as_it_was_set(county: Any) -> None:
    """Two header rows, a column a year, blanks where a year has none."""
    written = target_sheet(county)
    heads = list(written.columns)
    rows = [list(row) for row in zip(*written.columns.values(), strict=True)]
    made = sheet([*written.above, heads, *rows])
    layout = (FOLDER / "target.yaml").read_text("utf-8")
    tables, _ = tables_of([made], layout)
    names = ("indicator", "region_code", "year", "target_value")
    wanted = sorted(county.target[list(names)].itertuples(index=False, name=None))
    assert sorted(values_of(tables["target"], *names)) == wanted


def test_the_same_stream_sets_the_same(county: Any) -> None:
    again = targets.assigned(np.random.default_rng(13), county.county, county.village)
    pd.testing.assert_frame_equal(again, county.target)
