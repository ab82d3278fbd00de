"""What the checks look at: the relations of each level over a county written for the test."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from rules.checks import prepare
from rules.fact_queries import data_date, parameter_year
from rules.parameters import defaults
from store import schema
from tests import small_county
from tests.small_county import BROOK, COUNTY, DATA_DATE, HILL, MILL

Rows = list[dict[str, Any]]


def _levels(**tables: Rows) -> duckdb.DuckDBPyConnection:
    """The levels over these rows; of tables not given only the small county's places."""
    connection = duckdb.connect(":memory:")
    given = {"region": small_county.tables()["region"].to_pylist(), **tables}
    for table in schema.TABLES:
        names = table.arrow.names
        rows = [{name: row.get(name) for name in names} for row in given.get(table.name, [])]
        connection.from_arrow(pa.Table.from_pylist(rows, table.arrow)).create(table.name)
    connection.register("data_date", data_date(DATA_DATE, defaults()))
    connection.register("parameter_year", parameter_year(DATA_DATE.year, defaults()))
    prepare(connection, defaults())
    return connection


def _column(connection: duckdb.DuckDBPyConnection, level: str, column: str) -> dict[str, Any]:
    sql = f"SELECT subject_id, {column} FROM level_{level}"
    return dict(connection.execute(sql).fetchall())


def _person(number: int, **facts: Any) -> dict[str, Any]:
    return {"member_id": f"M{number}", "household_id": "H1", "village_code": HILL, **facts}


def _people(*facts: dict[str, Any], **tables: Rows) -> duckdb.DuckDBPyConnection:
    return _levels(member=[_person(i, **row) for i, row in enumerate(facts)], **tables)


def _spell(number: int, start: date, **facts: Any) -> dict[str, Any]:
    return _person(number, started_on=start, planned=False, **facts)


HOUSE = {"household_id": "H1", "village_code": HILL, "registered": True, "member_count": 2}


def test_ages_are_on_the_data_date_and_the_dead_are_left_out() -> None:
    levels = _people(
        {"birth_date": date(2010, 12, 31)},
        {"birth_date": date(2011, 1, 1)},
        {},
        {"birth_date": date(1950, 1, 1), "health": "deceased"},
    )
    assert _column(levels, "member", "age") == {"M0": 15, "M1": 14, "M2": None}


def test_spells_known_by_their_month_overlap_where_they_must() -> None:
    april = {"started_on_until": date(2023, 4, 30)}
    may = {"ended_on": date(2023, 5, 1), "ended_on_until": date(2023, 5, 31)}
    spells = [
        # Until the 15th of April, and from some day of it: perhaps a later one.
        _spell(0, date(2023, 1, 1), ended_on=date(2023, 4, 15)),
        _spell(0, date(2023, 4, 1), **april),
        # From the 10th of May until some day of it: perhaps a later one.
        _spell(1, date(2023, 5, 10), **may),
        # Until some day of May, and from some day of April: one of them in any case.
        _spell(2, date(2023, 1, 1), **may),
        _spell(2, date(2023, 4, 1), **april),
    ]
    levels = _people({}, {}, {}, employment=spells)
    assert _column(levels, "member", "overlapping_spells") == {"M0": 0, "M1": 0, "M2": 1}


@pytest.mark.parametrize(
    ("number", "sex", "born", "sex_differs", "birth_differs"),
    [
        ("619925" + "19800203" + "0014", "male", date(1980, 2, 3), False, False),
        ("619925" + "19800203" + "0014", "female", date(1980, 2, 3), True, False),
        ("619925" + "19800203" + "0022", "male", date(1980, 2, 3), True, False),
        ("619925" + "19800203" + "001443", "male", date(1980, 2, 4), False, True),
        ("619925" + "800203" + "001", "male", date(1970, 1, 1), None, None),
        ("999999" + "19800203" + "0000", "male", date(1970, 1, 1), None, None),
        (None, "male", date(1970, 1, 1), None, None),
        ("619925" + "19800203" + "0014", None, None, None, None),
    ],
)
def test_an_identity_number_is_held_against_sex_and_birth(
    number: str | None, sex: str | None, born: date | None, sex_differs: Any, birth_differs: Any
) -> None:
    levels = _people({"identity_number": number, "sex": sex, "birth_date": born})
    assert _column(levels, "member", "identity_sex_differs")["M0"] is sex_differs
    assert _column(levels, "member", "identity_birth_differs")["M0"] is birth_differs


def test_no_identity_number_is_told_only_where_some_have_one() -> None:
    numbered = _people({"identity_number": "6199251980"}, {}, {"identity_number": "99999919800000"})
    found = _column(numbered, "member", "has_identity_number")
    assert found == {"M0": True, "M1": False, "M2": False}
    assert _column(_people({}), "member", "has_identity_number") == {"M0": None}


def test_a_post_is_known_by_name_number_or_months() -> None:
    levels = _people(
        {"public_posts": "护林员"}, {"public_post_count": 1}, {"public_post_months": 3}
    )
    assert set(_column(levels, "member", "has_public_post").values()) == {True}
    mixed = _people({"public_posts": "护林员"}, {"public_post_count": 0})
    assert _column(mixed, "member", "has_public_post") == {"M0": True, "M1": False}
    assert _column(_people({}), "member", "has_public_post") == {"M0": None}


def test_work_is_known_from_months_or_from_the_list_of_workers_away() -> None:
    facts: tuple[dict[str, Any], ...] = ({"work_months": 3.0}, {"work_months": 0.0}, {})
    assert _column(_people(*facts), "member", "works") == {"M0": True, "M1": False, "M2": None}
    away = [_spell(1, date(2025, 3, 1))]
    listed = _people(*facts, employment=away)
    assert _column(listed, "member", "works") == {"M0": True, "M1": True, "M2": False}
    home = [_spell(1, date(2025, 3, 1), ended_on=date(2025, 9, 1), returned=True)]
    assert _column(_people(*facts, employment=home), "member", "works")["M1"] is False


def test_spells_of_work_are_held_against_one_another() -> None:
    spells = [
        _spell(0, date(2023, 1, 1), ended_on=date(2023, 6, 1)),
        _spell(0, date(2023, 6, 1), ended_on=date(2023, 9, 1)),
        _spell(0, date(2023, 8, 1), month_pay_yuan=300.0, phone="10001112222"),
        _spell(1, date(2023, 1, 1), returned=True),
        {**_spell(1, date(2022, 1, 1)), "planned": True},
        _spell(2, date(2024, 1, 1), ended_on=date(2023, 1, 1)),
    ]
    levels = _people({}, {}, {}, employment=spells)
    assert _column(levels, "member", "overlapping_spells") == {"M0": 1, "M1": 0, "M2": 1}
    assert _column(levels, "member", "returns_without_end") == {"M0": 0, "M1": 1, "M2": 0}
    assert _column(levels, "member", "month_pay_yuan")["M0"] == 300
    assert _column(levels, "member", "plans_work") == {"M0": False, "M1": True, "M2": False}


@pytest.mark.parametrize(
    ("phone", "valid"),
    [("10001112222", True), ("1000111222", False), ("20001112222", False),
     ("1000111222x", False), (None, None)],
)  # fmt: skip
def test_a_mobile_number_has_eleven_digits_and_begins_with_one(phone: Any, valid: Any) -> None:
    assert _column(_people({"phone": phone}), "member", "phone_valid") == {"M0": valid}


def test_a_spouse_is_held_against_one_head_only() -> None:
    spouse = {"relation": "spouse", "sex": "male"}
    one = _people({"relation": "head", "sex": "male"}, spouse)
    assert _column(one, "member", "head_sex") == {"M0": None, "M1": "male"}
    two = _people({"relation": "head", "sex": "male"}, {"relation": "head", "sex": "male"}, spouse)
    assert _column(two, "member", "head_sex")["M2"] is None


def test_a_household_has_its_newest_year_and_its_monitoring() -> None:
    years = [
        {"household_id": "H1", "village_code": HILL, "member_count": 2, "year": year,
         "wage_yuan": 100.0, "business_yuan": 50.0, "property_yuan": 0.0, "transfer_yuan": 10.0,
         "expense_yuan": 20.0, "net_income_yuan": 140.0}
        for year in (2023, 2024)
    ]  # fmt: skip
    watched = {"household_id": "H1", "village_code": HILL, "monitor_kind": "borderline"}
    levels = _levels(
        household=[HOUSE, {**HOUSE, "household_id": "H2"}],
        household_year=years,
        monitored_household=[{**watched, "cleared": False}],
    )
    assert _column(levels, "household", "income_year") == {"H1": 2024, "H2": None}
    assert _column(levels, "household", "judged_year") == {"H1": 2024, "H2": 2025}
    assert _column(levels, "household", "income_parts_yuan") == {"H1": 140, "H2": None}
    assert _column(levels, "household", "monitored") == {"H1": True, "H2": False}


@pytest.mark.parametrize(
    ("labour", "nobody", "everybody", "percent"),
    [
        (("none", "lost"), True, False, 0),
        (("none", "weak"), False, False, 0),
        (("ordinary", "skilled"), False, True, 100),
        (("ordinary", None), False, None, None),
        (("none", None), None, False, None),
    ],
)
def test_who_can_work_is_unknown_where_it_matters_only(
    labour: tuple[str | None, ...], nobody: Any, everybody: Any, percent: Any
) -> None:
    levels = _people(*({"labour": one} for one in labour), household=[HOUSE])
    assert _column(levels, "household", "nobody_can_work") == {"H1": nobody}
    assert _column(levels, "household", "everybody_can_work") == {"H1": everybody}
    assert _column(levels, "household", "able_percent") == {"H1": percent}


def test_only_conditions_that_the_county_records_can_be_blank() -> None:
    other = {**HOUSE, "household_id": "H2", "water_unsafe": False, "power": True}
    levels = _levels(household=[HOUSE, other])
    assert _column(levels, "household", "blank_conditions") == {"H1": 2, "H2": 0}


def test_a_phone_is_shared_by_people_of_one_household_who_worked_away_this_year() -> None:
    def away(**last: Any) -> duckdb.DuckDBPyConnection:
        first = _spell(0, date(2025, 1, 1), phone="1", work_region="西安市")
        return _people({}, {}, household=[HOUSE], employment=[first, {**first, **last}])

    def places(**last: Any) -> int:
        return _column(away(**last), "household", "phone_places")["H1"]

    assert places(member_id="M1", work_region="咸阳市") == 2
    assert places(member_id="M1") == 1
    assert places(member_id="M0", started_on=date(2025, 6, 1), work_region="咸阳市") == 1
    assert places(member_id="M1", work_region="咸阳市", ended_on=date(2024, 9, 1)) == 1
    assert _column(_people({}, household=[HOUSE]), "household", "phone_people") == {"H1": None}


def _watched(**facts: Any) -> dict[str, Any]:
    own = {"household_id": "H1", "village_code": HILL, "monitor_kind": "borderline"}
    return {**own, "cleared": False, **facts}


def _case(column: str, *, measure: Rows | None = None, **facts: Any) -> Any:
    levels = _levels(
        household=[HOUSE], monitored_household=[_watched(**facts)], measure=measure or []
    )
    return _column(levels, "monitored", column)["H1"]


def test_a_risk_is_one_of_five_and_unknown_without_any() -> None:
    assert _case("risk_unsafe_water", risk_1="illness", risk_5="unsafe_water") is True
    assert _case("risk_illness", risk_1="unsafe_water") is False
    assert _case("risk_illness") is None


def test_months_and_days_of_a_case() -> None:
    dates = {"identified_on": date(2021, 1, 31), "cleared_on": date(2021, 7, 30)}
    assert _case("months_watched", cleared=True, **dates) == 5
    assert _case("months_watched", cleared=True, **{**dates, "cleared_on": date(2021, 7, 31)}) == 6
    assert _case("calendar_months_watched", cleared=True, **dates) == 6
    helped = {"identified_on": date(2025, 1, 1), "measures_on": date(2025, 2, 1)}
    assert _case("days_to_measures", **helped) == 31
    assert _case("days_to_measures", identified_on=date(2025, 12, 1)) == 30, "not helped yet"
    assert _case("days_to_measures", cleared=True, **dates) is None


def test_a_release_is_held_against_the_line_of_its_own_year() -> None:
    released = {"cleared": True, "identified_on": date(2020, 1, 1)}
    assert _case("cleared_line_yuan", cleared_on=date(2021, 6, 1), **released) == 6000
    assert _case("cleared_line_yuan", cleared_on=date(2023, 6, 1), **released) is None


def test_help_is_unknown_for_a_household_on_no_list_of_measures() -> None:
    kinds = ("health", "relocation")
    measure = [{"household_id": "H1", "village_code": HILL, "kind": kind} for kind in kinds]
    assert _case("measure_kinds", measure=measure) == 2
    assert _case("helped_housing", measure=measure) is True
    assert _case("helped_water", measure=measure) is False
    assert _case("helped_health") is None


def test_a_village_stands_in_its_newest_year_beside_its_households() -> None:
    facts = {"village_code": HILL, "population": 100}
    levels = _levels(
        village_year=[{**facts, "year": 2024, "clinics": 1}, {**facts, "year": 2025}],
        household=[
            {**HOUSE, "farmland_mu": 3.5},
            {**HOUSE, "household_id": "H2", "farmland_mu": 4.0},
            {**HOUSE, "household_id": "H3", "village_code": BROOK, "farmland_mu": 9.0},
        ],
    )
    assert _column(levels, "village", "judged_year") == {HILL: 2025}
    assert _column(levels, "village", "households_farmland_mu") == {HILL: 7.5}
    assert _column(levels, "village", "blank_facts") == {HILL: 0}, "no village has any"


def test_a_project_has_what_its_sources_add_up_to() -> None:
    project = {"village_code": MILL, "name": "公益岗位补助", "planned_yuan": 100.0}
    levels = _levels(
        project=[
            {**project, "project_id": "P1", "central_yuan": 60.0, "county_yuan": 30.0,
             "paid_yuan": 45.0, "accepted_on": date(2024, 12, 31), "content": "护林员10名"},
            {**project, "project_id": "P2", "name": "产业路", "accepted_on": date(2025, 1, 1)},
        ]
    )  # fmt: skip
    assert _column(levels, "project", "allotted_yuan") == {"P1": 90, "P2": None}
    assert _column(levels, "project", "paid_percent") == {"P1": 45, "P2": None}
    assert _column(levels, "project", "months_since_accepted") == {"P1": 12, "P2": 11}
    assert _column(levels, "project", "is_public_post") == {"P1": True, "P2": False}
    assert _column(levels, "project", "has_content") == {"P1": True, "P2": False}


def test_a_total_stands_under_the_county_and_is_called_by_where_it_stands() -> None:
    total = {"file": "公示.xlsx", "sheet": "表1", "row": 9, "layout": "fund_notice"}
    levels = _levels(
        declared_total=[{**total, "header": "资金", "declared": 408.0, "added": 398.0}]
    )
    assert _column(levels, "fund", "village_code") == {"公示.xlsx 表1 9 资金": COUNTY}
    assert list(_column(levels, "fund", "declared_difference").values()) == [10]
