"""The loaded demo county's register adds up from year to year and between its two data dates."""

from __future__ import annotations

from datetime import date

import pytest

from metrics import dynamics
from metrics.county import County, open_county
from metrics.dynamics import ON_REGISTER, STATES, UNRECORDED, Span, balance
from metrics.monitoring import STAGES, Cases, Standing
from metrics.people import Counts, Members, members
from store.scope import Scope
from store.snapshots import Home

COUNTY = "611025"
_ALL = Scope.of([COUNTY])


@pytest.fixture(scope="module")
def county(demo: Home) -> County:
    return open_county(demo)


@pytest.mark.parametrize("year", range(2015, 2026))
def test_every_stock_is_carried_on_and_every_move_has_its_record(county: County, year: int) -> None:
    reader = county.reader(_ALL)
    then, now = (dynamics.standing(reader, y, COUNTY) for y in (year - 1, year))
    happened = dynamics.events(reader, date(year - 1, 12, 31), date(year, 12, 31), COUNTY)
    span = Span(reader, then, now, happened)
    edges = span.edges()
    for stock in (*((state,) for state in STATES), ON_REGISTER):
        held = balance(edges, stock)
        assert held.start + sum(held.came.values()) - sum(held.went.values()) == held.end
    # The rows of 2014 show the register as it was set up: who left in that year moves in 2015.
    assert year == 2015 or span.count(UNRECORDED) == 0
    flow = Counts(reader).flow()
    came, went = ({step.key: step.people for step in steps} for steps in (flow.came, flow.went))
    assert flow.start + sum(came.values()) - sum(went.values()) == flow.end
    assert came["rest_more"] + went["rest_fewer"] <= 5, "the records explain the counts"


def test_from_the_register_as_set_up_its_own_year_counts(county: County) -> None:
    """Who exited in 2014 is still poor in its rows: 3,574 of 2014 and 4,279 of 2015 have moved."""
    reader = county.reader(_ALL)
    assert [y for y in range(2014, 2026) if dynamics.as_set_up(reader, y, COUNTY)] == [2014]
    then, now = (dynamics.standing(reader, y, COUNTY) for y in (2014, 2015))
    happened = dynamics.after_set_up(reader, 2014, date(2015, 12, 31), COUNTY)
    span = Span(reader, then, now, happened)
    recorded, moves = span.recorded(), span.moves()
    assert recorded["exited"].households == 3_574 + 4_279 == moves["exited"][0]
    assert "identified" not in recorded, "they made the register"
    assert span.count(UNRECORDED) == 0 and all(not without for _, without in moves.values())


def test_the_poor_of_the_page_are_those_of_the_indicator(county: County) -> None:
    edges_of = dynamics.standing(county.reader(_ALL), 2018, COUNTY).column("state").to_pylist()
    cell = county.cube.cell("poor_households", COUNTY, 2018, _ALL)
    assert edges_of.count("poor") == cell.value


def test_the_two_data_dates_differ_by_the_few_that_the_demo_moves(
    demo: Home, county: County
) -> None:
    before = open_county(demo, demo.numbers()[0])
    earlier, reader = before.reader(_ALL), county.reader(_ALL)
    span = Span(
        reader,
        dynamics.standing(earlier, 2025, COUNTY),
        dynamics.standing(reader, 2025, COUNTY),
        dynamics.events(reader, before.data_date, county.data_date, COUNTY),
    )
    edges = span.edges()
    moved = {pair: n.households for pair, n in edges.items() if pair[0] != pair[1]}
    assert moved == {("out", "absent"): 1, ("absent", "outside"): 2}
    held = Members(reader, members(earlier, COUNTY), members(reader, COUNTY), before.data_date)
    flow = held.flow()
    came, went = (sum(step.people for step in steps) for steps in (flow.came, flow.went))
    assert flow.start + came - went == flow.end and came > 0


def test_open_cases_stand_at_every_stage_and_some_are_late(county: County) -> None:
    cases = Cases(county.reader(_ALL), COUNTY)
    standing = cases.by("stage")
    assert set(standing) == set(STAGES)
    every = sum(standing.values(), Standing())
    assert 0 < every.overdue < every.cases
    assert sum(cases.by("township_code").values(), Standing()) == every


def test_releases_of_every_year_go_one_way_each(county: County) -> None:
    for year, each in Cases(county.reader(_ALL), COUNTY).releases().items():
        assert each.released == each.natural + each.kept + each.early + each.undecided, year
