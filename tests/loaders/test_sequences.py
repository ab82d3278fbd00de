"""Any sequence of imports: nothing is gone that no file took away, and every account adds up."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from loaders.assembly.arrivals import Answers
from store.snapshots import Home
from tests.loaders.imports import (
    VILLAGES,
    YEARS,
    home_id,
    incomes,
    load,
    people,
    register,
    stored,
)
from tests.loaders.sheets import HOUSEHOLD, household
from tests.torture import times

SIZE = 60  # households of the county at first, by turns in the three villages
EXAMPLES = times(8, 60)


@dataclass(frozen=True)
class Step:
    """An import of one kind of file about some households, who live in a place by it."""

    kind: str
    homes: tuple[int, ...]
    place: str


@dataclass
class County:
    """What should be known: where households live, and the rows given for each."""

    homes: dict[int, str] = field(default_factory=dict)
    people: set[tuple[int, int]] = field(default_factory=set)
    incomes: dict[tuple[int, int], tuple[float, str | None]] = field(default_factory=dict)


def begun(home: Home) -> County:
    """A county of three villages with its people and incomes."""
    places = list(VILLAGES)
    county = County({h: places[h % 3] for h in range(1, SIZE + 1)})
    county.people = {(h, order) for h in county.homes for order in (1, 2)}
    load(
        home,
        register(county.homes),
        people(sorted(county.people)),
        incomes(range(1, SIZE + 1), 9.0),
    )
    county.incomes = {
        (h, year): (9.0, VILLAGES[place]) for h, place in county.homes.items() for year in YEARS
    }
    return county


def applied(county: County, step: Step, home: Home, turn: int) -> set[int]:
    """Load the step's file and say in ``county`` what should come of it; gives who may be gone."""
    old = dict(county.homes)
    if step.kind == "delta":
        given_homes = dict.fromkeys(step.homes, step.place)
        load(home, register(given_homes, 户主姓名=f"钱{turn}"))
        county.homes |= given_homes
    elif step.kind == "refused":
        load(home, [HOUSEHOLD, *[household(h, 行政村="无此村") for h in step.homes]])
    elif step.kind == "people":
        pairs = [(h, 3) for h in step.homes]
        load(home, people(pairs))
        county.people |= set(pairs)
    elif step.kind == "incomes":
        load(home, incomes(step.homes, 100.0 + turn))
        for h in step.homes:
            for year in YEARS:
                _, village = county.incomes.get((h, year), (0, None))
                county.incomes[h, year] = (100.0 + turn, village)
    else:  # a village's or the county's register, whole but for some households
        left = {h: p for h, p in old.items() if h not in step.homes}
        if step.kind == "village":
            left = {h: p for h, p in left.items() if p == step.place}
        if left:
            load(home, register(left), answers=Answers(whole=frozenset({"household"})))
        gone = set(old) - set(left)
        return {h for h in gone if step.kind == "whole" or old[h] == step.place}
    return set()


def check(county: County, home: Home, may_be_gone: set[int]) -> None:
    held = {row["household_id"]: row for row in stored(home, "household")}
    for h in list(county.homes):
        if home_id(h) not in held:
            assert h in may_be_gone, h
            del county.homes[h]
    assert set(held) == {home_id(h) for h in county.homes}
    assert {i: held[i]["village_code"] for i in held} == {
        home_id(h): VILLAGES[place] for h, place in county.homes.items()
    }
    waiting = stored(home, "waiting_row")
    assert not {row["household_id"] for row in waiting} & set(held)
    count = {
        name: sum(row["table_name"] == name for row in waiting)
        for name in ("member", "household_year")
    }
    members = stored(home, "member")
    assert {row["member_id"] for row in members} == {
        f"{home_id(h)}{order:02d}" for h, order in county.people if h in county.homes
    }
    assert len(members) + count["member"] == len(county.people)
    years = stored(home, "household_year")
    assert {(row["household_id"], row["year"]): row["net_income_yuan"] for row in years} == {
        (home_id(h), year): amount
        for (h, year), (amount, _) in county.incomes.items()
        if h in county.homes
    }
    assert len(years) + count["household_year"] == len(county.incomes)
    report = home.current().manifest["report"]
    sizes = {n: e["rows"] for n, e in home.current().manifest["tables"].items()}
    for name, entry in report["changes"].items():
        assert entry["before"] + entry["added"] - entry["gone"] == entry["after"] == sizes[name]


STEPS = st.lists(
    st.builds(
        Step,
        st.sampled_from(["delta", "people", "incomes", "refused", "village", "whole"]),
        st.lists(st.integers(1, SIZE + 4), min_size=1, max_size=4, unique=True).map(tuple),
        st.sampled_from(list(VILLAGES)),
    ),
    min_size=1,
    max_size=5,
)


@pytest.mark.harder
@given(STEPS)
@settings(max_examples=EXAMPLES, phases=[Phase.explicit, Phase.generate])
@example([Step("whole", (1, 2), "安山村"), Step("delta", (1, 62), "庙沟村")])
@example(
    [
        Step("people", (61,), "安山村"),
        Step("incomes", (61, 5), "安山村"),
        Step("delta", (61,), "庙沟村"),
    ]
)
def test_nothing_is_lost_that_no_file_took_away(steps: list[Step]) -> None:
    with TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        county = begun(home)
        check(county, home, set())
        for turn, step in enumerate(steps):
            check(county, home, applied(county, step, home, turn))


@pytest.mark.harder
@given(STEPS)
@settings(max_examples=EXAMPLES, phases=[Phase.explicit, Phase.generate])
def test_a_year_gone_by_stays_where_the_household_lived(steps: list[Step]) -> None:
    with TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        county = begun(home)
        for turn, step in enumerate(steps):
            if step.kind in ("delta", "incomes", "people"):
                applied(county, step, home, turn)
        for row in stored(home, "household_year"):
            h = int(str(row["household_id"])[-4:])
            past = county.incomes.get((h, int(str(row["year"]))))
            now = VILLAGES[county.homes[h]]
            first = past[1] if past and past[1] else row["village_code"]
            assert row["village_code"] == (first if row["year"] == 2024 else now)
