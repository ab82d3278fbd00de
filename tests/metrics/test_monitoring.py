"""Cases of monitored households: their clocks, who is overdue, and how releases are checked."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from glossary import codes
from metrics.county import County, open_county
from metrics.monitoring import (
    CAUSES,
    CONDITIONS,
    MONITOR_KINDS,
    OPEN_PARTS,
    RELEASED_PARTS,
    STAGES,
    Cases,
    Releases,
    Standing,
)
from store import schema
from store.scope import Scope
from store.snapshots import Home
from tests import small_county
from tests.small_county import BROOK, COUNTY, EAST, HILL, MILL, WEST

_DAY = date(2021, 12, 31)
_SAFE = {
    "cleared_out_of_school": False,
    "cleared_uninsured_member": False,
    "cleared_housing_unsafe": False,
    "cleared_water_unsafe": False,
}


def _released(home: str, village: str, income: float, **more: Any) -> dict[str, Any]:
    return {
        "household_id": home,
        "village_code": village,
        "monitor_kind": "unstable",
        "risk_1": "illness",
        "clue_on": date(2021, 1, 1),
        "identified_on": date(2021, 1, 11),
        "measures_on": date(2021, 1, 20),
        "cleared": True,
        "cleared_on": date(2021, 12, 1),
        "clear_method": "development",
        "cleared_per_capita_yuan": income,
        **_SAFE,
        **more,
    }


# Four open cases: a clue of 10 days and one of 30, one decided 40 days ago, one without a date.
_CASES: list[dict[str, Any]] = [
    {"household_id": "H01", "village_code": HILL, "monitor_kind": "stricken", "risk_1": "illness",
     "risk_2": "disability", "clue_on": date(2021, 12, 21), "cleared": False},
    {"household_id": "H02", "village_code": HILL, "monitor_kind": "unstable", "risk_1": "illness",
     "clue_on": date(2021, 12, 1), "notice_on": date(2021, 12, 20), "cleared": False},
    {"household_id": "H05", "village_code": MILL, "monitor_kind": "unstable",
     "clue_on": date(2021, 11, 11), "identified_on": date(2021, 11, 21), "cleared": False},
    {"household_id": "H06", "village_code": MILL, "monitor_kind": "unstable", "cleared": False},
    _released("H03", BROOK, 7000.0),
    _released("H04", BROOK, 5000.0),
]  # fmt: skip


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    """The small county in 2021, the year whose monitoring line is known, with six cases."""
    tables = small_county.tables()
    tables["monitored_household"] = _table("monitored_household", _CASES)
    years = tables["household_year"].to_pylist()
    moved = [row | {"year": row["year"] - 4} for row in years]
    tables["household_year"] = _table("household_year", moved)
    home = Home(tmp_path_factory.mktemp("monitoring"))
    home.publish(
        tables, data_date=_DAY, county_code=COUNTY, loaded_by="test", sources=[], report={}
    )
    return open_county(home)


def _table(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    arrow = schema.BY_NAME[name].arrow
    full = [{column: row.get(column) for column in arrow.names} for row in rows]
    return pa.Table.from_pylist(full, arrow)


@pytest.fixture
def cases(county: County) -> Cases:
    return Cases(county.reader(Scope.of([COUNTY])), COUNTY)


def test_kinds_causes_and_steps_are_those_of_the_code_lists() -> None:
    assert list(MONITOR_KINDS) == list(codes()["monitor_kind"])
    assert list(CAUSES) == list(codes()["monitor_risk"])
    assert [*STAGES, "release"] == list(codes()["case_stage"])


def test_open_cases_stand_at_a_stage(cases: Cases) -> None:
    assert cases.by("stage") == {
        "clue": Standing(2, 0, 1),
        "notice": Standing(1, 1, 0),
        "county": Standing(1, 1, 0),
    }


def test_standings_of_any_grouping_add_up(cases: Cases) -> None:
    for column in ("stage", "monitor_kind", "township_code", "village_code"):
        assert sum(cases.by(column).values(), Standing()) == Standing(4, 2, 1), column


def test_overdue_cases_are_told_by_township(cases: Cases) -> None:
    assert cases.late("township_code") == {(EAST, "notice"): 1, (WEST, "county"): 1}


def test_a_case_of_two_causes_counts_at_each(cases: Cases) -> None:
    assert cases.causes() == {"illness": 2, "disability": 1}


def test_the_most_urgent_case_comes_first_and_the_unknown_last(cases: Cases) -> None:
    rows = cases.listed("open", 2021).to_pylist()
    clocks = [(row["household_id"], row["clock_days"], row["left_days"]) for row in rows]
    assert clocks == [("H02", 30, -15), ("H05", 40, -10), ("H01", 10, 5), ("H06", None, None)]
    assert rows[0]["head_name"] == "李*"


@pytest.mark.parametrize("part", [*OPEN_PARTS, *RELEASED_PARTS])
def test_every_part_lists_as_many_as_it_counts(cases: Cases, part: str) -> None:
    assert cases.count(part, 2021) == cases.listed(part, 2021).num_rows


def test_the_parts_of_open_cases_are_what_they_are_called(cases: Cases) -> None:
    counted = {part: cases.count(part, 2021) for part in OPEN_PARTS}
    assert counted["open"] == 4
    assert counted["overdue"] == 2 and counted["unclear"] == 1
    assert counted["kind_unstable"] == 3 and counted["cause_illness"] == 2
    assert counted["late_notice"] == 1 and counted["late_clue"] == 0


def test_a_list_comes_a_page_at_a_time(cases: Cases) -> None:
    pages = [cases.listed("open", 2021, offset, 3).num_rows for offset in (0, 3)]
    assert pages == [3, 1]


def test_releases_are_checked_against_the_conditions_of_their_year(cases: Cases) -> None:
    assert cases.releases() == {2021: Releases(2, 0, 1, 1, 0)}
    found = cases.conditions(2021)
    assert found["release_income"] == (1, 1, 0)
    assert found["release_held"] == (2, 0, 0)
    assert found["release_labour"] == (1, 1, 0), "nobody of H04 can work"


def test_each_release_went_one_way(cases: Cases) -> None:
    each = cases.releases()[2021]
    assert each.released == each.natural + each.kept + each.early + each.undecided
    for key in CONDITIONS:
        assert sum(cases.conditions(2021)[key]) == each.released - each.natural


def test_only_who_was_helped_is_judged_at_release() -> None:
    assert Releases(released=9, natural=4, kept=2, early=2, undecided=1).judged == 5


def test_releases_are_judged_again_by_other_thresholds(county: County) -> None:
    reader = county.reader(Scope.of([COUNTY]))
    lower = Cases(reader, COUNTY, {"monitoring_line_yuan": 4000.0})
    assert lower.conditions(2021)["release_income"] == (2, 0, 0)
    longer = Cases(reader, COUNTY, {"release_months": 12.0})
    assert longer.conditions(2021)["release_held"] == (0, 2, 0)


def test_a_line_that_is_not_known_leaves_releases_undecided(county: County) -> None:
    unknown = Cases(county.reader(Scope.of([COUNTY])), COUNTY, {"monitoring_line_yuan": None})
    assert unknown.conditions(2021)["release_income"] == (0, 0, 2)
    assert unknown.releases()[2021].undecided == 1, "the other misses a condition that is known"


def test_only_thresholds_of_release_may_be_moved(county: County) -> None:
    with pytest.raises(KeyError):
        Cases(county.reader(Scope.of([COUNTY])), COUNTY, {"monitor_decision_days": 30.0})


def test_a_place_and_a_viewer_see_their_own_cases(county: County) -> None:
    whole = Cases(county.reader(Scope.of([COUNTY])), EAST)
    assert whole.count("open", 2021) == 2 and whole.count("released", 2021) == 2
    west = Cases(county.reader(Scope.of([WEST])), COUNTY)
    assert west.count("open", 2021) == 2 and west.count("released", 2021) == 0
