"""Any sequence of imports: nothing is gone that no file took away, and every account adds up."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from loaders.assembly.arrivals import Answers
from loaders.assembly.renumbering import Renumbering
from loaders.withdrawing import CannotWithdraw, withdraw
from store import schema
from store.lineage import lineage
from store.snapshots import Home, Snapshot
from tests.loaders import imports
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
NEW = 100  # from here on stand new numbers of households
EXAMPLES = times(4, 8)


@dataclass(frozen=True)
class Step:
    """An import of one kind of file about some households, who live in a place by it."""

    kind: str
    homes: tuple[int, ...]
    place: str


@dataclass
class County:
    """What should be known: where households live, and the rows given for each.

    ``people`` has the household of each person, by the household and order that made its number,
    ``new`` the number that a renumbered household goes under.
    """

    homes: dict[int, str] = field(default_factory=dict)
    people: dict[tuple[int, int], int] = field(default_factory=dict)
    incomes: dict[tuple[int, int], tuple[float, str | None]] = field(default_factory=dict)
    new: dict[int, int] = field(default_factory=dict)

    def now(self, home: int) -> int:
        """The number that a household goes under."""
        while home in self.new:
            home = self.new[home]
        return home

    def renumber(self, old: int, new: int) -> None:
        self.new[old] = new
        self.homes[new] = self.homes.pop(old)
        self.people = {who: new if h == old else h for who, h in self.people.items()}
        self.incomes = {
            (new if h == old else h, year): given for (h, year), given in self.incomes.items()
        }


@dataclass
class History:
    """The county now, and before each import that the current snapshot holds, the newest last."""

    county: County
    before: list[tuple[int, County]] = field(default_factory=list)


def begun(home: Home) -> County:
    """A county of three villages with its people and incomes."""
    places = list(VILLAGES)
    county = County({h: places[h % 3] for h in range(1, SIZE + 1)})
    county.people = {(h, order): h for h in county.homes for order in (1, 2)}
    imports.begun(
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
        county.homes |= {county.now(h): place for h, place in given_homes.items()}
    elif step.kind == "refused":
        load(home, [HOUSEHOLD, *[household(h, 行政村="无此村") for h in step.homes]])
    elif step.kind == "people":
        pairs = [(h, 3) for h in step.homes]
        load(home, people(pairs))
        county.people |= {(h, order): county.now(h) for h, order in pairs}
    elif step.kind == "incomes":
        load(home, incomes(step.homes, 100.0 + turn))
        for h in map(county.now, step.homes):
            for year in YEARS:
                _, village = county.incomes.get((h, year), (0, None))
                county.incomes[h, year] = (100.0 + turn, village)
    elif step.kind == "renumber":
        renumbered = [h for h in map(county.now, step.homes) if h in county.homes][:2]
        pairs = [(h, NEW + 10 * turn + at) for at, h in enumerate(renumbered)]
        load(home, renumbered=[Renumbering("household", *map(home_id, pair)) for pair in pairs])
        for pair in pairs:
            county.renumber(*pair)
    else:  # a village's or the county's register, whole but for some households
        left = {h: p for h, p in old.items() if h not in step.homes}
        if step.kind == "village":
            left = {h: p for h, p in left.items() if p == step.place}
        if left:
            load(home, register(left), answers=Answers(whole=frozenset({"household"})))
        gone = set(old) - set(left)
        return {h for h in gone if step.kind == "whole" or old[h] == step.place}
    return set()


def taken(history: History, step: Step, home: Home, turn: int) -> set[int]:
    """Apply a step that is an import, or take one back; gives who may be gone."""
    if step.kind == "withdraw":
        if history.before:
            number, history.county = history.before.pop()
            withdraw(home, number, "test")
        return set()
    before, newest = deepcopy(history.county), home.current_number()
    may_be_gone = applied(history.county, step, home, turn)
    if home.current_number() != newest:
        history.before.append((home.current_number(), before))
    return may_be_gone


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
    assert {row["member_id"]: row["household_id"] for row in members} == {
        f"{home_id(first)}{order:02d}": home_id(h)
        for (first, order), h in county.people.items()
        if h in county.homes
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


def steps_of(*kinds: str) -> st.SearchStrategy[list[Step]]:
    step = st.builds(
        Step,
        st.sampled_from(kinds),
        st.lists(st.integers(1, SIZE + 4), min_size=1, max_size=4, unique=True).map(tuple),
        st.sampled_from(list(VILLAGES)),
    )
    return st.lists(step, min_size=1, max_size=6)


FILES = ("delta", "people", "incomes", "refused", "village", "whole")
STEPS = steps_of(*FILES, "renumber", "withdraw")


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
@example(
    [
        Step("renumber", (5, 6), "安山村"),
        Step("delta", (5, 61), "庙沟村"),
        Step("people", (5, 6), "安山村"),
        Step("withdraw", (1,), "安山村"),
        Step("renumber", (5,), "安山村"),
        Step("withdraw", (1,), "安山村"),
        Step("withdraw", (1,), "安山村"),
        Step("withdraw", (1,), "安山村"),
    ]
)
@example(
    [
        Step("whole", (1, 2, 3), "安山村"),
        Step("renumber", (1, 4), "安山村"),
        Step("incomes", (1, 4), "安山村"),
        Step("withdraw", (1,), "安山村"),
        Step("delta", (1,), "青槐社区"),
    ]
)
def test_nothing_is_lost_that_no_file_took_away(steps: list[Step]) -> None:
    """``check`` asserts after every step: who is there, where, what waits, what the report says."""
    with TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        history = History(begun(home))
        check(history.county, home, set())
        for turn, step in enumerate(steps):
            may_be_gone = taken(history, step, home, turn)
            check(history.county, home, may_be_gone)


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


def rows_of(snapshot: Snapshot, table: schema.Table) -> Counter[tuple[Any, ...]]:
    """Rows of a table, each with the household that it is of first."""
    rows = pq.read_table(snapshot.path(table.name)).to_pylist()
    return Counter((row["household_id"], str(row)) for row in rows)


@given(steps_of(*FILES, "renumber"), st.integers(0, 5))
@settings(max_examples=EXAMPLES, phases=[Phase.explicit, Phase.generate])
@example([Step("renumber", (5,), "安山村"), Step("incomes", (7,), "安山村")], 0)
@example([Step("delta", (5, 62), "庙沟村"), Step("whole", (1, 62), "安山村")], 0)
def test_an_import_taken_back_touches_only_what_it_had_touched(
    steps: list[Step], which: int
) -> None:
    with TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        county = begun(home)
        for turn, step in enumerate(steps):
            check(county, home, applied(county, step, home, turn))
        imports = lineage(home, home.current_number())[:-1]
        if not imports:
            return
        made = home.open(imports[which % len(imports)])
        before = home.open(made.manifest["report"]["base"])
        current = home.current()
        try:
            withdraw(home, made.number, "test")
        except CannotWithdraw:
            assert made.number != current.number and home.current().number == current.number
            return
        touched: set[str] = set()
        held = [t for t in schema.TABLES if t.arrives and "household_id" in t.arrow.names]
        for table in held:
            was, became = rows_of(before, table), rows_of(made, table)
            touched |= {home for home, _ in ((was - became) + (became - was))}
        for table in held:
            was, then, now = (rows_of(s, table) for s in (before, current, home.current()))
            lost, come = then - now, now - then
            assert {row[0] for row in lost + come} <= touched
            assert come <= was, "what comes is what was there before the import"


@pytest.mark.parametrize("later", ["delta", "renumber"])
def test_a_renumbering_on_which_later_imports_stand_is_not_taken_back(
    tmp_path: Path, later: str
) -> None:
    home = Home(tmp_path / "home")
    county = begun(home)
    applied(county, Step("renumber", (5,), "安山村"), home, 0)
    applied(county, Step(later, (5,), "庙沟村"), home, 1)
    with pytest.raises(CannotWithdraw, match="household 1 户"):
        withdraw(home, 2, "test")
    withdraw(home, 3, "test")
    withdraw(home, 2, "test")
    assert home_id(5) in {row["household_id"] for row in stored(home, "household")}
