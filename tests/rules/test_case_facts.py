"""Facts of benefits, inspections, measures, cases of monitoring, members and the county."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from metrics.county import County
from rules.checks import checks
from rules.facts import write_facts
from rules.findings import write_findings
from rules.parameters import defaults
from rules.registry import groups
from store import schema
from store.scope import Scope
from store.snapshots import Home
from tests import small_county
from tests.small_county import BROOK, COUNTY, HILL, MILL


def _rows(table: str, rows: list[dict[str, Any]]) -> pa.Table:
    arrow = schema.BY_NAME[table].arrow
    return pa.Table.from_pylist([{n: row.get(n) for n in arrow.names} for row in rows], arrow)


def _at(household: str, village: str, **more: Any) -> dict[str, Any]:
    return {"household_id": household, "village_code": village, **more}


def _benefits() -> list[dict[str, Any]]:
    allowance = {"benefit_kind": "minimum_allowance", "month_yuan": 100.0}
    rows = [
        _at("H02", HILL, **allowance, started_on=date(2020, 1, 1)),
        _at("H03", BROOK, **allowance, started_on=date(2020, 1, 1), ended_on=date(2024, 6, 30)),
        _at("H04", BROOK, member_id="H04-6", benefit_kind="disability_care", month_yuan=80.0),
        _at("H06", MILL, member_id="H06-8", benefit_kind="pension", month_yuan=150.0),
        _at("H01", HILL, **allowance, started_on=date(2020, 1, 1), ended_on=date(2025, 6, 1)),
        _at("H05", MILL, **allowance, started_on=date(2025, 11, 20)),
        _at("H06", MILL, **allowance, started_on=date(2025, 3, 1), ended_on=date(2025, 6, 15)),
        _at("H04", BROOK, **allowance, ended_on=date(2025, 4, 1)),
    ]
    return [{"benefit_id": f"B{i}", **row} for i, row in enumerate(rows)]


def _inspections() -> list[dict[str, Any]]:
    def one(item: str, result: str, mended: date | None = None) -> dict[str, Any]:
        looked = {"inspected_on": date(2025, 6, 1), "mended_on": mended}
        return _at("H01", HILL, inspection_item=item, inspection_result=result, **looked)

    return [
        one("income", "met"),
        one("housing", "unmet", mended=date(2025, 9, 1)),
        one("water", "unmet"),
        one("medical", "unclear"),
        _at("H01", HILL, inspection_item="schooling"),
    ]


def _events() -> list[dict[str, Any]]:
    def one(household: str, kind: str, on: date, cost: float | None) -> dict[str, Any]:
        return _at(household, HILL, change_kind=kind, changed_on=on, cost_yuan=cost)

    rows = [
        one("H01", "fell_ill", date(2025, 3, 1), 9000.0),
        one("H01", "disaster", date(2025, 7, 1), 6000.0),
        one("H02", "accident", date(2024, 5, 1), 1000.0),
        one("H03", "accident", date(2025, 5, 1), None),
        one("H05", "livelihood_lost", date(2025, 5, 1), None),
        one("H06", "born", date(2025, 5, 1), None),
    ]
    return [{"event_id": f"E{i}", **row} for i, row in enumerate(rows)]


def _monitored() -> list[dict[str, Any]]:
    open_case = {
        "clue_on": date(2025, 10, 1),
        "notice_on": date(2025, 10, 5),
        "township_checked_on": date(2025, 10, 10),
        "identified_on": date(2025, 10, 21),
        "cleared": False,
    }
    released = {
        "identified_on": date(2023, 5, 20),
        "measures_on": date(2023, 6, 1),
        "cleared": True,
        "cleared_on": date(2024, 5, 19),
        "cleared_per_capita_yuan": 9000.0,
        "cleared_housing_unsafe": True,
    }
    clue = {"clue_on": date(2025, 12, 20), "cleared": False}
    return [
        _at("H04", BROOK, monitor_kind="borderline", **open_case),
        _at("H05", MILL, monitor_kind="unstable", **released),
        _at("H02", HILL, monitor_kind="unstable", **clue),
    ]


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    tables = small_county.tables()
    national = [(2024, 11000.0, 23000.0), (2025, 12100.0, 24150.0)]
    county = [
        {
            "region_code": COUNTY,
            "year": year,
            "rural_income_yuan": own,
            "national_rural_income_yuan": nation,
        }
        for year, own, nation in national
    ]
    given = {
        "benefit": _benefits(),
        "inspection": _inspections(),
        "monitored_household": _monitored(),
        "measure": [_at("H02", HILL, kind="public_post"), _at("H06", MILL, kind="social")],
        "county_year": county,
        "change_event": _events(),
    }
    tables |= {name: _rows(name, rows) for name, rows in given.items()}
    folder: Path = tmp_path_factory.mktemp("facts")
    snapshot = Home(folder / "home").publish(
        tables,
        data_date=small_county.DATA_DATE,
        county_code=COUNTY,
        loaded_by="test",
        sources=[],
        report={},
    )
    connection = write_facts(snapshot, groups(), defaults(), folder)
    yield connection
    connection.close()


def _one(facts: duckdb.DuckDBPyConnection, columns: str, relation: str, where: str) -> tuple:
    [row] = facts.execute(f"SELECT {columns} FROM {relation} WHERE {where}").fetchall()
    return row


def _latest(facts: duckdb.DuckDBPyConnection, columns: str, household: str) -> tuple:
    where = f"household_id = '{household}' AND is_latest"
    return _one(facts, columns, "household_fact", where)


def test_a_benefit_counts_while_it_is_paid(facts: duckdb.DuckDBPyConnection) -> None:
    columns = "receives_allowance, receives_extreme, income_before_allowance_yuan"
    assert _latest(facts, columns, "H02") == (True, False, 7000 - 1200)
    assert _latest(facts, columns, "H03") == (False, False, 7200)
    before = _one(facts, columns, "household_fact", "household_id = 'H02' AND year = 2024")
    assert before == (None, None, None)


@pytest.mark.parametrize(
    ("household", "months", "receives"),
    [
        ("H02", 12, True),  # since 2020
        ("H01", 5, False),  # until the first of June
        ("H05", 2, True),  # since November
        ("H06", 4, False),  # from March into June
        ("H03", 0, False),  # ended the year before
    ],
)
def test_income_before_an_allowance_subtracts_the_months_paid(
    facts: duckdb.DuckDBPyConnection, household: str, months: int, receives: bool
) -> None:
    columns = "receives_allowance, per_capita_net_income_yuan, income_before_allowance_yuan, "
    told, income, before, members = _latest(facts, columns + "member_count", household)
    assert told is receives
    assert (income - before) * members == pytest.approx(100 * months)


def test_an_allowance_that_began_nobody_knows_when_leaves_income_unknown(
    facts: duckdb.DuckDBPyConnection,
) -> None:
    columns = "receives_allowance, income_before_allowance_yuan"
    assert _latest(facts, columns, "H04") == (False, None)


def test_an_inspection_is_unknown_until_it_is_made_and_clear(
    facts: duckdb.DuckDBPyConnection,
) -> None:
    columns = "inspected_income, inspected_housing, inspected_water, inspected_medical"
    assert _latest(facts, columns, "H01") == ("met", "met", "unmet", None)
    assert _latest(facts, "uninspected_items, in_inspection_complete", "H01") == (2, False)
    assert _latest(facts, "uninspected_items, inspected_income", "H02") == (6, None)


def test_measures_by_the_class_that_they_are_for(facts: duckdb.DuckDBPyConnection) -> None:
    columns = "industry_measure, employment_measure, policy_measure"
    assert _latest(facts, columns, "H02") == (False, True, False)
    assert _latest(facts, columns, "H06") == (False, False, True)
    assert _latest(facts, columns, "H01") == (False, False, False)


def test_the_guarantees_of_the_data_date_stand_in_for_the_years(
    facts: duckdb.DuckDBPyConnection,
) -> None:
    assert _latest(facts, "housing_ok, water_ok, schooling_ok", "H06") == (False, True, None)


def test_a_household_that_lacks_one_thing_says_which(facts: duckdb.DuckDBPyConnection) -> None:
    found = _one(facts, "in_village_lacks_one, village_lacks_one_part", "village_fact",
                 f"village_code = '{MILL}' AND year = 2025")  # fmt: skip
    assert found == (False, None)
    assert _latest(facts, "labour_class, labour_subclass", "H04") == (None, None)
    assert _latest(facts, "labour_class", "H02") == ("no_labour",)


def test_an_event_and_its_cost_belong_to_its_year(facts: duckdb.DuckDBPyConnection) -> None:
    columns = "struck, event_cost_yuan, income_after_costs_yuan"
    # What care cost is the own payment, which is nothing here; the disaster's loss is shared by 3.
    assert _latest(facts, columns, "H01") == (True, 6000, 10000 - 2000)
    assert _latest(facts, columns, "H02") == (False, 0, 7000)
    past = _one(facts, columns, "household_fact", "household_id = 'H02' AND year = 2024")
    assert past == (True, 1000, 8000)
    assert _latest(facts, columns, "H03") == (True, None, None), "a cost is not recorded"
    assert _latest(facts, columns, "H05") == (True, 0, 4100), "income alone was lost"
    assert _latest(facts, columns, "H06") == (False, 0, 2700)


def test_a_county_that_records_no_events_has_none_known(small: County) -> None:
    rows = small.reader(Scope.of([COUNTY])).rows("SELECT DISTINCT struck FROM {household_fact}")
    assert rows == [{"struck": None}]


def test_a_case_has_a_stage_and_a_clock(facts: duckdb.DuckDBPyConnection) -> None:
    columns = "stage, decision_days, notice_days, measures_days, monitored_months"
    found = {
        household: _one(facts, columns, "monitored_fact", f"household_id = '{household}'")
        for household in ("H02", "H04", "H05")
    }
    assert found["H04"] == ("county", 20, 5, 71, 2)
    assert found["H02"] == ("clue", 11, None, None, None)
    assert found["H05"] == ("release", None, None, 12, 11)


def test_a_released_case_is_judged_by_what_it_had_then(facts: duckdb.DuckDBPyConnection) -> None:
    columns = "year, release_per_capita_yuan, release_housing_unsafe, in_release_held"
    assert _one(facts, columns, "monitored_fact", "household_id = 'H05'") == (
        2024,
        9000,
        True,
        True,
    )
    columns = "year, release_per_capita_yuan, in_decided_in_time, in_step_overdue"
    assert _one(facts, columns, "monitored_fact", "household_id = 'H04'") == (
        2025,
        5600,
        False,
        True,
    )


def test_a_member_has_an_age_and_what_it_is_paid(facts: duckdb.DuckDBPyConnection) -> None:
    columns = "age, disabled, receives_care, receives_allowance"
    assert _one(facts, columns, "member_fact", "member_id = 'H04-6'") == (45, True, True, False)
    columns = "age, disabled, receives_pension, in_pension_beyond"
    assert _one(facts, columns, "member_fact", "member_id = 'H06-8'") == (77, False, True, False)


def test_the_county_grows_beside_the_nation(facts: duckdb.DuckDBPyConnection) -> None:
    columns = "poor_people, poverty_rate_percent, income_growth_percent, national_growth_percent"
    assert _one(facts, columns, "county_fact", "year = 2025") == (
        2,
        0.5,
        pytest.approx(10),
        pytest.approx(5),
    )
    assert _one(facts, "income_growth_percent, in_county_growth", "county_fact", "year = 2024") == (
        None,
        None,
    )


def test_a_list_shorter_than_the_household_tells_nothing_of_its_members(tmp_path: Path) -> None:
    tables = small_county.tables()
    listed = tables["member"]
    # One row of H03 was refused: the head, who is gravely ill; nobody of H05 was taken in.
    kept = [row for row in listed.to_pylist() if row["member_id"] != "H03-4"]
    kept = [row for row in kept if row["household_id"] != "H05"]
    tables["member"] = pa.Table.from_pylist(kept, listed.schema)
    snapshot = Home(tmp_path / "home").publish(
        tables,
        data_date=small_county.DATA_DATE,
        county_code=COUNTY,
        loaded_by="test",
        sources=[],
        report={},
    )
    connection = write_facts(snapshot, groups(), defaults(), tmp_path)
    columns = "unlisted_members, major_illness_members, able_members, in_major_illness_disability"
    assert _latest(connection, columns, "H03") == (1, None, None, None)
    assert _latest(connection, columns, "H05") == (5, None, None, None)
    assert _latest(connection, columns, "H06") == (0, 0, 1, False)
    assert _latest(connection, "in_elderly_living_alone, in_no_labour", "H03") == (None, None)
    past = "household_id = 'H03' AND year = 2024"
    assert _one(connection, "unlisted_members", "household_fact", past) == (None,)
    write_findings(connection, checks(), defaults(), tmp_path)
    found = connection.execute(
        f"SELECT household_id FROM '{tmp_path}/finding.parquet' "
        "WHERE check_key = 'household_members_unlisted' ORDER BY 1"
    ).fetchall()
    assert found == [("H03",), ("H05",)]
    connection.close()


def test_days_between_dates_known_by_their_month_are_bounds(tmp_path: Path) -> None:
    tables = small_county.tables()
    rows = [
        # Identified in March, helped on 20 April: 20 to 50 days; on 2 May: 32 to 62 days.
        _month("H02", HILL, measures_on=date(2025, 4, 20)),
        _month("H04", BROOK, measures_on=date(2025, 5, 2)),
        _month("H06", MILL, measures_on=date(2025, 3, 28)),
    ]
    tables["monitored_household"] = _rows("monitored_household", rows)
    due = {"due_on": date(2025, 12, 1), "due_on_until": date(2025, 12, 31)}
    entry = {"group_key": "borderline", "opened_on": date(2025, 1, 1), **due}
    tables["ledger_entry"] = _rows("ledger_entry", [_at("H04", BROOK, entry_id="E1", **entry)])
    snapshot = Home(tmp_path / "home").publish(
        tables,
        data_date=small_county.DATA_DATE,
        county_code=COUNTY,
        loaded_by="test",
        sources=[],
        report={},
    )
    connection = write_facts(snapshot, groups(), defaults(), tmp_path)
    columns = "measures_days_least, measures_days, measures_dated, in_measures_in_time"
    found = {
        household: _one(connection, columns, "monitored_fact", f"household_id = '{household}'")
        for household in ("H02", "H04", "H06")
    }
    assert found["H02"] == (20, 50, None, None)
    assert found["H04"] == (32, 62, None, False)
    assert found["H06"] == (-3, 27, None, True)
    # Due some day of December: on its last day that cannot be over.
    assert _one(connection, "ledger_state", "ledger_fact", "entry_id = 'E1'") == ("due",)
    connection.close()


def _month(household: str, village: str, **more: Any) -> dict[str, Any]:
    known = {"identified_on": date(2025, 3, 1), "identified_on_until": date(2025, 3, 31)}
    return _at(household, village, monitor_kind="borderline", cleared=False, **known, **more)


def test_benefits_known_by_their_month_are_judged_by_it(tmp_path: Path) -> None:
    """On 15 December: what began or ended in December may run or not."""

    def month(name: str, number: int, last: int) -> dict[str, date]:
        return {name: date(2025, number, 1), f"{name}_until": date(2025, number, last)}

    paid = {"benefit_kind": "minimum_allowance", "month_yuan": 100.0}
    old = {"started_on": date(2020, 1, 1)}
    aid = {"benefit_kind": "temporary_aid"}
    rows = [
        _at("H01", HILL, **paid, **old, **month("ended_on", 6, 30)),
        _at("H02", HILL, **paid, **month("started_on", 3, 31)),
        _at("H03", BROOK, **paid, **old, **month("ended_on", 12, 31)),
        _at("H04", BROOK, **paid, **month("started_on", 12, 31)),
        _at("H05", MILL, **aid, **month("ended_on", 12, 31)),
        _at("H05", MILL, **aid, **old),
        _at("H06", MILL, member_id="H06-8", benefit_kind="pension", **month("ended_on", 12, 31)),
        _at("H06", MILL, member_id="H06-9", benefit_kind="pension", **month("ended_on", 11, 30)),
        _at("H01", HILL, member_id="H01-0", benefit_kind="pension", **month("started_on", 12, 31)),
    ]
    tables = small_county.tables()
    tables["benefit"] = _rows("benefit", [{"benefit_id": f"B{i}", **r} for i, r in enumerate(rows)])
    snapshot = Home(tmp_path / "home").publish(
        tables,
        data_date=date(2025, 12, 15),
        county_code=COUNTY,
        loaded_by="test",
        sources=[],
        report={},
    )
    facts = write_facts(snapshot, groups(), defaults(), tmp_path)
    columns = (
        "receives_allowance, CAST(round((per_capita_net_income_yuan "
        "- income_before_allowance_yuan) * member_count / 100) AS INTEGER)"
    )
    assert _latest(facts, columns, "H01") == (False, None)  # five or six months
    assert _latest(facts, columns, "H02") == (True, 10)
    assert _latest(facts, columns, "H03") == (None, None)
    assert _latest(facts, columns, "H04") == (None, 1)
    assert _latest(facts, columns, "H06") == (False, 0)
    assert _latest(facts, "receives_temporary", "H05") == (True,)
    pensions = facts.execute(
        "SELECT member_id, receives_pension FROM member_fact "
        "WHERE household_id = 'H06' OR member_id IN ('H01-0', 'H01-1') ORDER BY 1"
    ).fetchall()
    assert pensions == [("H01-0", None), ("H01-1", False), ("H06-8", None), ("H06-9", False)]
    facts.close()
