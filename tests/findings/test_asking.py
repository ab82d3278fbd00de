"""What findings somebody is shown: by filter, by unit, theirs; of other places nothing."""

from __future__ import annotations

from dataclasses import astuple
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from access import grants
from findings import asking, of_households, units, writing
from findings.asking import ASKED, Filter
from findings.weekly import week_by_unit
from findings.writing import Given, Measure
from state.database import State
from state.tables import Finding
from store.scope import Scope
from tests import viewers
from tests.findings.conftest import (
    DUE,
    WATER,
    closed,
    inspector,
    leader,
    mended,
    problem,
    township,
)
from tests.small_county import COUNTY, EAST, HILL, WEST

BEFORE, AFTER = DUE, DUE + timedelta(days=1)


@pytest.fixture
def five(state: State) -> dict[str, int]:
    """A finding in several states, in both townships."""
    made = {"mended": mended(state), "closed": closed(state, "H06")}
    made["found"] = writing.open_finding(state, inspector(), problem("H01"))
    made["assigned"] = writing.open_finding(
        state, inspector(), problem("H02", kind="check.member_post_old", source="check")
    )
    given = Given(measures=(Measure("核对", ("县人社局",)), Measure("清退", ("东岭镇",))))
    writing.take(state, inspector(), made["assigned"], "assign", given)
    made["water"] = writing.open_finding(state, leader(), problem(kind="rule.exit_water", due=None))
    return made


def numbers(kept: State, viewer: object, /, **wanted: object) -> set[int]:
    asked = Filter(**{"region": COUNTY, "today": AFTER, **wanted})  # type: ignore[arg-type]
    with kept.reading() as session:
        rows = asking.listed(session, viewer, asked)  # type: ignore[arg-type]
        assert asking.count(session, viewer, asked) == len(rows)  # type: ignore[arg-type]
    return {row.finding.number for row in rows}


def test_each_filter_leaves_what_it_says(state: State, five: dict[str, int]) -> None:
    def those(*names: str) -> set[int]:
        return {five[name] for name in names}

    see = inspector()
    assert numbers(state, see) == set(five.values())
    assert numbers(state, see, region=WEST) == those("mended", "closed", "water")
    assert numbers(state, see, region=HILL) == those("found", "assigned")
    assert numbers(state, see, state="open") == set(five.values()) - those("closed")
    assert numbers(state, see, state="overdue") == those("mended", "found", "assigned")
    assert numbers(state, see, state="overdue", today=BEFORE) == set()
    assert numbers(state, see, state="closed") == those("closed")
    assert numbers(state, see, unit="西川镇") == those("mended", "closed")
    assert numbers(state, see, unit="东岭镇") == those("assigned")
    assert numbers(state, see, kind="rule.exit_water") == those("water")
    assert numbers(state, see, source="check") == those("assigned")
    assert numbers(state, leader(), mine="opened") == those("water")


def test_counts_are_those_of_the_lists(state: State, five: dict[str, int]) -> None:
    wanted = Filter(COUNTY, AFTER)
    with state.reading() as session:
        now = datetime.now().astimezone().date()
        told = asking.by_state(session, inspector(), wanted)
        late = asking.overdue_by_unit(session, inspector(), wanted)
        week = asking.opened_and_closed(session, inspector(), Filter(COUNTY, now))
    for key in ASKED:
        assert told[key] == len(numbers(state, inspector(), state=key)), key
    for unit, (opened, over) in late.items():
        assert opened == len(numbers(state, inspector(), unit=unit, state="open"))
        assert over == len(numbers(state, inspector(), unit=unit, state="overdue"))
    assert set(late) == {"西川镇", "县水利局", "县人社局", "东岭镇"}
    assert week == (5, 1)


def test_what_waits_for_somebody(state: State, five: dict[str, int]) -> None:
    grants.give(state, "ren.she", "township_leader", [COUNTY], by="a")
    worker = viewers.role("township_leader", subject="ren.she")
    assert numbers(state, worker, mine="unit") == set()
    units.put(state, "县人社局", "ren.she", by="a")
    assert numbers(state, worker, mine="unit") == {five["assigned"]}
    assert numbers(state, inspector(), mine="verify") == {five["mended"]}
    assert numbers(state, inspector(EAST), mine="verify") == set()
    assert numbers(state, leader(), mine="verify") == set(), "leaders close, they do not verify"
    both = viewers.viewer(viewers.grant("inspector", WEST), subject="zhen.zhang")
    assert numbers(state, both, mine="verify") == set(), "they mended it"
    writing.take(state, inspector(), five["mended"], "verify", Given())
    assert numbers(state, leader(), mine="verify") == {five["mended"]}


def test_of_other_places_nothing_is_told(state: State, five: dict[str, int]) -> None:
    west = {five[name] for name in ("mended", "closed", "water")}
    see, wanted = township(WEST), Filter(COUNTY, AFTER)
    assert numbers(state, see) == west
    assert numbers(state, see, region=EAST) == set()
    with state.reading() as session:
        assert sum(asking.by_state(session, see, wanted)[s] for s in asking.STATES) == 3
        assert set(asking.overdue_by_unit(session, see, wanted)) == {"西川镇", "县水利局"}
        assert asking.units(session, see) == ["县水利局", "西川镇"]
        assert asking.kinds(session, see) == ["rule.exit_housing", "rule.exit_water"]
        assert {c.number for c in asking.courses(session, see, wanted)} == west
        assert asking.one(session, see, five["found"]) is None
        assert asking.of_household(session, see, "H01") == []
        assert {f.number for f in asking.every(session, see, wanted)} == west
        key = session.get_one(Finding, five["found"]).open_key
        assert asking.open_with(session, see, [str(key)]) == {}
        assert asking.open_with(session, inspector(), [str(key)]).keys() == {key}
        nobody = viewers.viewer()
        assert nobody.scope == Scope(())
        assert asking.listed(session, nobody, wanted) == []
        assert asking.courses(session, nobody, wanted) == []
        assert asking.units(session, nobody) == [] and asking.kinds(session, nobody) == []


def test_the_earliest_due_comes_first_and_what_has_ended_last(
    state: State, five: dict[str, int]
) -> None:
    with state.writing() as session:
        own = update(Finding).where(Finding.number == five["found"])
        session.execute(own.values(due=date(2026, 1, 1)))
    with state.reading() as session:
        rows = asking.listed(session, inspector(), Filter(COUNTY, AFTER))
        second = asking.listed(session, inspector(), Filter(COUNTY, AFTER), 1, 2)
    order = [row.finding.number for row in rows]
    assert order[0] == five["found"] and order[-1] == five["closed"]
    assert order[-2] == five["water"], "without a date it waits for nobody"
    assert [row.finding.number for row in second] == order[1:3]
    assert [row.overdue for row in rows] == [True, True, True, False, False]
    assert rows[1].units == WATER.units


def test_a_household_that_moved_is_seen_where_its_finding_is(
    state: State, five: dict[str, int]
) -> None:
    with state.reading() as session:
        found = asking.of_household(session, inspector(), "H05")
        assert [each.number for each in found] == [five["water"], five["mended"]]
        assert session.scalar(select(Finding.number).where(Finding.household_id == "H01"))


def test_a_week_is_told_by_unit_and_once_in_all(state: State) -> None:
    closed(state, "H05")
    mended(state, "H06", due=date(2999, 1, 1))
    writing.open_finding(state, inspector(), problem("H01", due=date(2020, 1, 1)))
    with state.reading() as session:
        wanted = Filter(COUNTY, asking.today())
        every, units = week_by_unit(session, inspector(), wanted)
        assert astuple(every) == (3, 2, 1, 2, 1)
        # Both units of the measure count both; what nobody was given stands by itself.
        assert {unit: astuple(week) for unit, week in units.items()} == {
            "": (1, 0, 0, 1, 1), "县水利局": (2, 2, 1, 1, 0), "西川镇": (2, 2, 1, 1, 0),
        }  # fmt: skip
        assert next(iter(units)) == "", "the most overdue first"
        later = Filter(COUNTY, asking.today() + timedelta(days=7))
        every, _ = week_by_unit(session, inspector(), later)
        assert astuple(every)[:4] == (0, 0, 0, 2)
        west, units = week_by_unit(session, township(), wanted)
        assert west.opened == 2 and "" not in units


def test_households_with_a_problem_are_those_that_one_sees(state: State) -> None:
    closed(state, "H05")
    writing.open_finding(state, inspector(), problem("H01", due=date(2020, 1, 1)))
    with state.reading() as session:
        found = of_households.households(session, inspector(), asking.today())
        assert found == {"open": ["H01"], "overdue": ["H01"], "closed": ["H05"]}
        assert of_households.households(session, township(), asking.today())["open"] == []
