"""Numbers of the projects page beside their lists, and one project's file, worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from metrics import assets, project_library, upkeep
from metrics.assets import Assets
from metrics.county import County
from metrics.project_file import (
    Beneficiaries,
    _due,
    dividends_of,
    of_household,
    project_file,
)
from metrics.project_library import Moved, Projects
from metrics.upkeep import Facilities, Raised, Shops
from store.reader import Reader
from store.scope import Scope
from tests.small_county import BROOK, COUNTY, EAST, HILL, MILL, WEST


@pytest.fixture
def reader(small: County) -> Reader:
    return small.reader(Scope.of([COUNTY]))


def test_a_project_stands_at_its_last_step_and_is_not_late_before_its_day(reader: Reader) -> None:
    found = project_library.library(reader, COUNTY)
    assert (found.projects, found.finished, found.unfinished, found.late) == (1, 0, 1, 0)
    assert found.steps == {"started": project_library.Step(1, 0, 0)}
    assert found.standing == {"started": 1}
    assert (found.longest, found.longest_step, found.finished_share) == (0, None, 0)
    assert project_library.library(reader, EAST).projects == 0


@pytest.mark.parametrize("state", [None, *project_library.STATES])
@pytest.mark.parametrize("region", [COUNTY, WEST, HILL])
def test_a_list_of_projects_has_as_many_as_are_counted(
    reader: Reader, state: str | None, region: str
) -> None:
    wanted = Projects(region, state)
    rows = wanted.rows(reader).to_pylist()
    assert len(rows) == wanted.count(reader)
    assert len(rows) == (
        region != HILL and state in (None, "unfinished", "started", "rest_started")
    )
    assert wanted.rows(reader, 0, 50).to_pylist() == rows


def test_work_stands_beside_what_the_newest_sheet_says_is_paid(reader: Reader) -> None:
    [point] = project_library.points(reader, COUNTY)
    assert (point.project_id, point.work, point.paid, point.apart) == ("P1", 85, 80, False)
    assert project_library.apart([point]) == 0
    assert not project_library.points(reader, EAST)


def test_what_moved_is_the_newest_sheet_less_the_one_before(reader: Reader) -> None:
    days = project_library.sheets(reader, COUNTY)
    assert (days.newest, days.before) == (date(2025, 12, 31), date(2025, 12, 15))
    moved = Moved(COUNTY, days)
    assert moved.totals(reader) == {
        "projects": 1, "moved": 1, "stood": 0, "new": 0, "difficulties": 0,
        "paid_since_yuan": 50_000,
    }  # fmt: skip
    [row] = moved.rows(reader).to_pylist()
    assert (row["before_percent"], row["progress_percent"], row["moved_points"]) == (70, 85, 15)
    assert (row["paid_since_yuan"], row["source_row"]) == (50_000, 4)
    assert project_library.sheets(reader, EAST) == project_library.Sheets(None, None)
    assert Moved(EAST, days).count(reader) == 0


def test_a_file_has_each_step_with_its_day_and_how_late_it_was(reader: Reader) -> None:
    file = project_file(reader, "P1")
    assert file is not None
    steps = {one.step: one for one in file.steps}
    started = steps["started"]
    assert (started.due_on, started.done_on) == (date(2025, 4, 1), date(2025, 4, 11))
    assert started.days_late == 10 and not started.skipped
    assert (steps["built"].due_on, steps["built"].days_late) == (date(2026, 2, 28), 0)
    assert steps["approved"].due_on is None and steps["approved"].days_late is None
    assert steps["accepted"].done_on is None and steps["accepted"].days_late is None
    assert [sheet["moved_points"] for sheet in file.sheets] == [15, None]
    assert file.benefit["households"] == 2
    assert (file.benefit["promised_income_yuan"], file.benefit["income_yuan"]) == (2_000, 2_100)
    assert not file.assets and not file.findings


def test_a_limit_counts_from_the_step_before() -> None:
    facts = {"built_on": date(2025, 1, 31), "project_acceptance_days": 45.0}
    assert _due(facts, "accepted") == date(2025, 3, 17)
    assert _due({**facts, "project_acceptance_days": None}, "accepted") is None
    assert _due({**facts, "built_on": None}, "accepted") is None
    assert _due(facts, "library") is None


def test_who_is_furthest_under_the_promise_comes_first(reader: Reader) -> None:
    rows = Beneficiaries("P1").rows(reader).to_pylist()
    assert [(row["household_id"], row["short_yuan"]) for row in rows] == [
        ("H06", 100),
        ("H05", -200),
    ]
    assert rows[0]["head_name"].startswith("周*")


def test_a_file_of_another_place_is_not_there(small: County) -> None:
    elsewhere = small.reader(Scope.of([EAST]))
    assert project_file(elsewhere, "P1") is None
    assert not Beneficiaries("P1").rows(elsewhere).num_rows
    assert not Projects(COUNTY).count(elsewhere) and not project_library.points(elsewhere, COUNTY)


def test_what_a_household_had_of_projects_and_assets(reader: Reader) -> None:
    [row] = of_household(reader, "H05")
    assert (row["project"], row["promised_income_yuan"], row["income_yuan"]) == (
        "磨坊产业路",
        1_000,
        1_200,
    )
    [paid] = dividends_of(reader, "H01")
    assert (paid["asset"], paid["amount_yuan"], paid["year"]) == ("高坡车间", 3_000, 2025)
    assert not of_household(reader, "H01") and not dividends_of(reader, "H05")


def test_assets_yield_beside_what_was_agreed_of_the_same_year(reader: Reader) -> None:
    totals = Assets(COUNTY).totals(reader)
    assert (totals["assets"], totals["value_yuan"], totals["yield_yuan"]) == (1, 100_000, 6_300)
    assert (totals["agreed_yield_yuan"], totals["yield_percent"]) == (6_000, 105)
    assert (totals["dividend_yuan"], totals["yield_year"]) == (5_000, 2025)
    [kind] = Assets(COUNTY).by_kind(reader)
    assert (kind["asset_kind"], kind["assets"], kind["unused"]) == ("workshop", 1, 0)
    assert kind["yield_percent"] == 105
    assert Assets(WEST).totals(reader)["yield_percent"] is None


@pytest.mark.parametrize("state", [None, *assets.STATES])
def test_a_list_of_assets_has_as_many_as_are_counted(reader: Reader, state: str | None) -> None:
    wanted = Assets(COUNTY, state)
    assert wanted.rows(reader).num_rows == wanted.count(reader) == (state is None)


@pytest.mark.parametrize("state", [None, *upkeep.FACILITY_STATES])
def test_a_list_of_facilities_has_as_many_as_are_counted(reader: Reader, state: str | None) -> None:
    wanted = Facilities(COUNTY, state)
    rows = wanted.rows(reader).to_pylist()
    assert len(rows) == wanted.count(reader) == (state in (None, "market", upkeep.RAISED))
    assert all(row["caretaker"] == "郑*一" for row in rows)


def test_upkeep_is_counted_by_route_and_adds_up_over_its_sources(reader: Reader) -> None:
    found = upkeep.routes(reader, COUNTY)
    assert set(found) == {"market"} and upkeep.together(found, "facilities") == 1
    assert upkeep.good_share(found) == 100 and upkeep.good_share({}) is None
    [year] = upkeep.money(reader, COUNTY)
    assert year["raised_yuan"] == sum(year[source] or 0 for source in upkeep.SOURCES) == 3_500
    [line] = Raised(COUNTY).rows(reader).to_pylist()
    assert (line["village_code"], line["raised_yuan"]) == (BROOK, 3_500)
    assert Raised(COUNTY).count(reader) == 1 and not Raised(MILL).count(reader)


def test_points_left_are_those_earned_less_those_redeemed(reader: Reader) -> None:
    totals = Shops(COUNTY).totals(reader)
    assert (totals["shops"], totals["points_earned"], totals["points_redeemed"]) == (1, 300, 150)
    assert totals["redeemed_percent"] == 50
    [shop] = Shops(COUNTY).rows(reader).to_pylist()
    assert (shop["points_left"], shop["last_redeemed_on"]) == (150, date(2025, 11, 1))
    months = upkeep.points_by_month(reader, COUNTY)
    assert [(row["month_on"].month, row["open_shops"]) for row in months] == [
        (10, 1),
        (11, 1),
        (12, 0),
    ]
    assert not Shops(COUNTY, "shop_stands_still").count(reader)
    assert Shops(WEST).totals(reader)["redeemed_percent"] is None
