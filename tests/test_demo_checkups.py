"""The loaded demo county: classes, exits, verifications, inspections, screenings as in life."""

from __future__ import annotations

from typing import Any

import pytest

from loaders.demo import Simulation
from metrics.county import County, open_county
from store.scope import Scope
from store.snapshots import Home
from tests.loaders.demo.test_demo import simulated

COUNTY = "611025"
_ALL = Scope.of([COUNTY])
_CLASSES = ("extreme", "allowance", "reliable", "lacking", "can_exit", "sunk", "weak_exited")


@pytest.fixture(scope="module")
def county(demo: Home) -> County:
    return open_county(demo)


@pytest.fixture(scope="module")
def planned() -> Simulation:
    return simulated(COUNTY)


def rows(county: County, query: str) -> list[dict[str, Any]]:
    return county.reader(_ALL).rows(query)


def shares(county: County, table: str, columns: list[str], year: int) -> dict[str, float]:
    """Of the rows for which a rule is known in a year, the share for which it holds."""
    sums = ", ".join(f"AVG(CAST({c} AS INTEGER)) AS {c}" for c in columns)
    (row,) = rows(county, f"SELECT {sums} FROM {{{table}}} WHERE year = {year}")
    return row


@pytest.mark.parametrize("year", [2014, 2015, 2016, 2019, 2020])
def test_the_recorded_class_agrees_with_the_rules_for_97_percent(county: County, year: int) -> None:
    ruled = " ".join(f"WHEN in_{key} THEN '{key}'" for key in _CLASSES)
    (row,) = rows(
        county,
        f"SELECT COUNT(*) AS n, AVG(CAST(recorded_class = CASE {ruled} END AS INTEGER)) AS agree "
        f"FROM {{household_fact}} WHERE registered AND year = {year}",
    )
    assert row["n"] > 25_000
    assert row["agree"] == pytest.approx(0.97, abs=0.01)


def test_who_left_with_a_standard_unmet_is_found_and_nobody_else(
    county: County, planned: Simulation
) -> None:
    found = rows(
        county,
        "SELECT household_id FROM {household_fact} "
        "WHERE registered AND year = exit_year AND NOT in_exit_met ORDER BY household_id",
    )
    assert [row["household_id"] for row in found] == planned.expected_mess["unmet_exit"]


@pytest.mark.parametrize("year", [2015, 2016, 2019])
def test_nobody_is_poor_who_meets_every_standard_and_many_lack_just_one(
    county: County, year: int
) -> None:
    (row,) = rows(
        county,
        "SELECT COUNT_IF(in_exit_met IS NOT FALSE) AS met, "
        "AVG(CAST(in_exit_lacks_one AS INTEGER)) AS one "
        f"FROM {{household_fact}} WHERE registered AND poor AND year = {year}",
    )
    assert row["met"] == 0
    assert 0.4 < row["one"] < 0.85


def test_some_are_in_each_class_and_some_without_its_measure(county: County) -> None:
    keys = ["in_no_labour", "in_able", "in_weak", *(f"in_{key}" for key in _CLASSES)]
    found = shares(county, "household_fact", keys, 2016)
    assert all(0.01 < share < 0.85 for share in found.values()), found
    mismatch = ["in_able_without_industry", "in_weak_without_employment", "in_measure_mismatch"]
    found = shares(county, "household_fact", mismatch, 2025)
    assert all(0.02 < share < 0.3 for share in found.values()), found


def test_inspections_cover_nearly_all_and_find_little(county: County) -> None:
    items = ["income", "basic_living", "schooling", "medical", "housing", "water"]
    found = shares(county, "household_fact", [f"in_inspection_{item}" for item in items], 2025)
    assert all(0.98 < share < 1 for share in found.values()), found
    whole = shares(county, "household_fact", ["in_inspection_complete"], 2025)
    assert 0.9 < whole["in_inspection_complete"] < 0.98


def test_what_inspectors_wrote_loads_whole(county: County, planned: Simulation) -> None:
    lost = {*planned.expected_mess["unknown_village"]}
    for table in ("nine_check", "inspection", "sieve_result"):
        written = getattr(planned, table)
        kept = (~written["household_id"].isin(lost)).sum()
        (row,) = rows(county, f"SELECT COUNT(*) AS n FROM {{{table}}}")
        assert kept - 60 < row["n"] <= kept, table  # less those of the household that died out


def test_fourteen_screenings_have_findings_and_a_unit_in_charge(county: County) -> None:
    found = rows(
        county,
        "SELECT sieve, COUNT(*) AS screened, COUNT(finding) AS findings, "
        "COUNT(mended_on) AS mended, COUNT(household_id) AS homes, "
        "COUNT(unit_in_charge) AS named FROM {sieve_result} GROUP BY sieve",
    )
    assert len(found) == 14
    for row in found:
        assert 0 < row["findings"] <= 0.06 * row["screened"], row
        assert row["mended"] <= row["findings"] and row["named"] == row["screened"]
        assert row["homes"] in (0, row["screened"])


def test_villages_leave_from_2016_to_2019_and_some_lag(county: County) -> None:
    (row,) = rows(
        county,
        "SELECT "
        + ", ".join(
            f"COUNT_IF(in_village_met AND year = {year}) AS met_{year}, "
            f"COUNT_IF(in_village_lacks_one AND year = {year}) AS one_{year}"
            for year in (2016, 2017, 2018, 2019, 2025)
        )
        + " FROM {village_fact}",
    )
    met = [row[f"met_{year}"] for year in (2016, 2017, 2018, 2019)]
    assert met == sorted(met) and met[0] < 10 and 140 < met[-1] < 156
    assert row["one_2018"] == 19 and row["met_2025"] == 154 and row["one_2025"] == 2


def test_the_county_met_its_standards_in_2018(county: County) -> None:
    found = {row["year"]: row for row in rows(county, "SELECT * FROM {county_fact}")}
    assert [found[year]["in_county_met"] for year in (2017, 2018, 2019)] == [False, True, True]
    assert found[2020]["in_county_growth"] is False
    assert found[2025]["in_county_met"] is None
    assert found[2018]["national_growth_percent"] == pytest.approx(8.82, abs=0.01)
