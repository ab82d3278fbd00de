"""Between two ends: every household on one edge, stocks that add up, events beside moves."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metrics import dynamics
from metrics.county import County
from metrics.dynamics import EDGE_PARTS, ON_REGISTER, STATES, UNRECORDED, Span, balance
from metrics.people import Counts, Members, PeopleFlow, members
from store.scope import Scope
from tests.small_county import BROOK, COUNTY, EAST, HILL, MILL

_STANDING = pa.schema(
    [
        ("household_id", pa.string()),
        ("village_code", pa.string()),
        ("head_name", pa.string()),
        ("people", pa.int32()),
        ("per_capita_net_income_yuan", pa.float64()),
        ("state", pa.string()),
    ]
)


def _span(small: County, since: int, year: int, region: str = COUNTY) -> Span:
    reader = small.reader(Scope.of([COUNTY]))
    then, now = (dynamics.standing(reader, y, region) for y in (since, year))
    happened = dynamics.events(reader, date(since, 12, 31), date(year, 12, 31), region)
    return Span(reader, then, now, happened)


def _states(small: County, year: int) -> dict[str, str]:
    reader = small.reader(Scope.of([COUNTY]))
    table = dynamics.standing(reader, year, COUNTY)
    rows = table.to_pylist()
    return {row["household_id"]: row["state"] for row in rows}


def test_a_household_stands_where_its_year_says(small: County) -> None:
    states = _states(small, 2025)
    assert states["H05"] == "out", "it exited in 2025"
    assert states["H06"] == "poor"
    assert _states(small, 2024)["H05"] == "poor"


def test_the_never_registered_stood_on_the_register_between_their_events(small: County) -> None:
    assert [_states(small, year)["H04"] for year in (2023, 2024, 2025)] == [
        "listed",
        "outside",
        "outside",
    ]


def test_who_was_listed_before_its_first_year_stands_there_by_its_events(small: County) -> None:
    assert _states(small, 2022) == {"H04": "listed"}, "rows of years begin in 2023"
    assert _states(small, 2021) == {}


def test_edges_say_who_moved(small: County) -> None:
    edges = _span(small, 2023, 2025).edges()
    assert edges["poor", "out"].households == 1
    assert edges["poor", "out"].people == 5
    assert edges["listed", "outside"].households == 1
    assert sum(count.households for count in edges.values()) == 6
    assert dynamics.moving(edges) == 2 and dynamics.moving(edges, moved=False) == 4


def test_the_stock_of_the_poor_is_carried_on(small: County) -> None:
    poor = balance(_span(small, 2024, 2025).edges(), ("poor",))
    assert (poor.start, dict(poor.came), dict(poor.went), poor.end) == (2, {}, {"poor_out": 1}, 1)


def test_events_are_counted_with_their_people(small: County) -> None:
    recorded = _span(small, 2024, 2025).recorded()
    assert recorded["born"] == dynamics.Count(1, 1)
    assert recorded["corrected"] == dynamics.Count(1, None), "nobody is counted who is not told of"
    assert "exited" not in recorded


def test_a_move_without_its_event_is_told(small: County) -> None:
    span = _span(small, 2023, 2025)
    assert span.moves() == {"exited": (1, 1), "removed": (1, 0)}
    assert span.count(UNRECORDED) == 1
    assert span.listed(UNRECORDED).column("household_id").to_pylist() == ["H05"]


def test_an_event_on_the_eve_explains_a_move_from_a_register_taken_before_it(
    small: County,
) -> None:
    reader = small.reader(Scope.of([COUNTY]))
    then, now = (dynamics.standing(reader, year, COUNTY) for year in (2024, 2025))
    exited = dynamics.NO_EVENTS.from_pylist(
        [
            {
                "event_id": "E1",
                "household_id": "H05",
                "village_code": MILL,
                "change_kind": "exited",
                "changed_on": date(2024, 11, 8),
            }
        ],
        dynamics.NO_EVENTS.schema,
    )
    alone = Span(reader, then, now, dynamics.NO_EVENTS)
    assert alone.moves()["exited"] == (1, 1)
    beside = Span(reader, then, now, dynamics.NO_EVENTS, exited)
    assert beside.moves()["exited"] == (1, 0)
    assert beside.recorded() == {}, "what happened before the start is not counted"


def test_without_any_event_loaded_nothing_is_said_of_records(small: County) -> None:
    reader = small.reader(Scope.of([COUNTY]))
    then, now = (dynamics.standing(reader, y, COUNTY) for y in (2024, 2025))
    span = Span(reader, then, now, None)
    assert not span.told
    assert span.moves() == {"exited": (1, None)}
    assert span.count(UNRECORDED) == 0


def test_every_edge_lists_as_many_as_it_counts(small: County) -> None:
    span = _span(small, 2023, 2025)
    counted = {dynamics.edge(*pair): n.households for pair, n in span.edges().items()}
    for part in EDGE_PARTS:
        assert span.count(part) == span.listed(part).num_rows == counted.get(part, 0), part


def test_a_list_tells_both_ends_and_what_was_recorded(small: County) -> None:
    [row] = _span(small, 2023, 2025).listed("listed_outside").to_pylist()
    assert row["household_id"] == "H04"
    assert row["head_name"] == "赵*六"
    assert row["happened"] == ["removed"]
    assert (row["income_then"], row["income_now"]) == (5000.0, 5600.0)


def test_a_list_comes_a_page_at_a_time(small: County) -> None:
    span = _span(small, 2024, 2025)
    first, second = (span.listed("out_out", offset, 2).num_rows for offset in (0, 2))
    assert (first, second) == (2, 1)


def test_events_are_listed_the_latest_first(small: County) -> None:
    span = _span(small, 2023, 2025)
    rows = span.happened("born").to_pylist()
    assert [(row["household_id"], row["member_name"]) for row in rows] == [("H01", "张*小")]
    assert span.happened_count("born") == (1, 1)


def test_a_place_counts_its_own_only(small: County) -> None:
    east = _span(small, 2024, 2025, EAST)
    assert sum(n.households for n in east.edges().values()) == 4
    assert "poor_out" not in balance(east.edges(), ("poor",)).went


def test_a_viewer_of_a_village_sees_its_own_only(small: County) -> None:
    reader = small.reader(Scope.of([MILL]))
    rows = dynamics.standing(reader, 2025, COUNTY).to_pylist()
    assert {row["household_id"] for row in rows} == {"H05", "H06"}
    assert dynamics.events(reader, date(2010, 1, 1), date(2030, 1, 1), COUNTY).num_rows == 0
    assert dynamics.loaded(small.snapshot), "the county has events, though this village has none"


def test_people_by_counts_leave_a_rest(small: County) -> None:
    span_reader = small.reader(Scope.of([COUNTY]))
    then, now = (dynamics.standing(span_reader, y, COUNTY) for y in (2024, 2025))
    happened = dynamics.events(span_reader, date(2024, 12, 31), date(2025, 12, 31), COUNTY)
    Span(span_reader, then, now, happened)
    counts = Counts(span_reader)
    flow = counts.flow()
    assert (flow.start, flow.end) == (17, 17)
    # One birth is recorded, and the counts of two years are the same.
    assert {step.key: step.people for step in flow.came}["born"] == 1
    assert {step.key: step.people for step in flow.went}["rest_fewer"] == 1
    [row] = counts.listed("rest_fewer").to_pylist()
    assert (row["household_id"], row["rest"]) == ("H01", -1)
    assert counts.count("rest_fewer") == 1 and counts.count("rest_more") == 0


def test_people_of_two_snapshots_are_compared_by_number(small: County) -> None:
    reader = small.reader(Scope.of([COUNTY]))
    now = members(reader, COUNTY)
    then = now.slice(1)  # the first is not known at the start
    gone = now.slice(2)  # and two of those are not known at the end
    Span(reader, dynamics.standing(reader, 2025, COUNTY), _table([]), None)
    before = now.column("birth_date_match")[0].as_py()
    flow = Members(reader, then, gone, before).flow()
    assert (flow.start, flow.end) == (now.num_rows - 1, now.num_rows - 2)
    assert _adds_up(flow)
    assert {step.key: step.people for step in flow.went} == {"died": 0, "left": 1}
    listed = Members(reader, then, now, date(1960, 1, 1))
    assert {step.key: step.people for step in listed.flow().came} == {"born": 1, "listed": 0}
    [row] = listed.listed("born").to_pylist()
    assert row["member_id"] == now.column("member_id")[0].as_py()


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, _STANDING)


def _adds_up(flow: PeopleFlow) -> bool:
    came, went = (sum(step.people for step in steps) for steps in (flow.came, flow.went))
    return flow.start + came - went == flow.end


_HOMES = st.dictionaries(
    st.sampled_from([f"X{n:02d}" for n in range(12)]),
    st.tuples(
        st.sampled_from([s for s in STATES if s != "absent"]),
        st.sampled_from([HILL, BROOK]),
        st.integers(1, 9),
    ),
)
_EVENTS = st.lists(
    st.tuples(
        st.sampled_from([f"X{n:02d}" for n in range(14)]),
        st.sampled_from(dynamics.KINDS),
        st.one_of(st.none(), st.integers(1, 3)),
    ),
    max_size=20,
)


def _register(homes: dict[str, tuple[str, str, int]]) -> pa.Table:
    return _table(
        [
            {"household_id": key, "village_code": village, "people": people, "state": state}
            for key, (state, village, people) in homes.items()
        ]
    )


def _happened(told: list[tuple[str, str, int | None]]) -> pa.Table:
    rows = [
        {
            "event_id": f"E{n}",
            "household_id": home,
            "village_code": HILL,
            "member_id": None,
            "change_kind": kind,
            "changed_on": date(2025, 1, 1 + n),
            "people": people,
            "note": None,
        }
        for n, (home, kind, people) in enumerate(told)
    ]
    return pa.Table.from_pylist(rows, dynamics.NO_EVENTS.schema)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_HOMES, _HOMES, _EVENTS)
def test_whatever_happens_every_stock_and_all_people_add_up(
    small: County,
    then: dict[str, tuple[str, str, int]],
    now: dict[str, tuple[str, str, int]],
    told: list[tuple[str, str, int | None]],
) -> None:
    reader = small.reader(Scope.of([COUNTY]))
    span = Span(reader, _register(then), _register(now), _happened(told))
    edges = span.edges()
    assert sum(n.households for n in edges.values()) == len(then.keys() | now.keys())
    for stock in (*((state,) for state in STATES), ON_REGISTER):
        held = balance(edges, stock)
        assert held.start + sum(held.came.values()) - sum(held.went.values()) == held.end
        if "absent" not in stock:
            assert held.start == sum(state in stock for state, _, _ in then.values())
            assert held.end == sum(state in stock for state, _, _ in now.values())
    flow = Counts(reader).flow()
    assert flow.start == sum(people for _, _, people in then.values())
    assert flow.end == sum(people for _, _, people in now.values())
    assert _adds_up(flow)


@pytest.mark.parametrize("part", ["poor", "absent_absent", "event_born"])
def test_a_part_that_lists_no_households_is_refused(small: County, part: str) -> None:
    with pytest.raises(KeyError):
        _span(small, 2024, 2025).count(part)
