"""One import taken back alone: what it did is undone, and what came later stays."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from loaders import __main__ as command
from loaders.withdrawing import CannotWithdraw, withdraw
from store import schema
from store.lineage import contains, lineage, withdrawals
from store.snapshots import Home
from tests.loaders.imports import (
    begun,
    derived_by,
    home_id,
    incomes,
    load,
    people,
    register,
    stored,
)
from tests.loaders.sheets import HOUSEHOLD, household

PLACES = dict.fromkeys(range(1, 31), "安山村")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    begun(home, register(PLACES), people([(h, 1) for h in PLACES]), incomes(list(PLACES), 9.0))
    return home


def everything(home: Home) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that tells of the county, in one order."""
    names = [t.name for t in schema.TABLES if t.arrives or t.name in ("measure", "waiting_row")]
    return {name: sorted(str(r) for r in stored(home, name)) for name in names}


def incomes_of(home: Home, number: int) -> set[float]:
    years = stored(home, "household_year")
    return {r["net_income_yuan"] for r in years if r["household_id"] == home_id(number)}


def test_the_last_import_taken_back_is_what_was_before(home: Home) -> None:
    before = everything(home)
    wrong = dict.fromkeys((1, 2, 40), "青槐社区")
    load(home, register(wrong), people([(3, 1), (99, 1)]), incomes([1], 70.0))
    assert everything(home) != before
    report = withdraw(home, 2, "王某")
    assert everything(home) == before
    assert (report.snapshot, report.withdraws) == (3, 2)
    assert stored(home, "quarantine") == []


def test_an_import_in_the_middle_goes_and_later_ones_stay(home: Home) -> None:
    load(home, incomes([1, 2], 70.0))
    load(home, incomes([2, 3], 80.0))
    withdraw(home, 2, "王某")
    assert [incomes_of(home, h) for h in (1, 2, 3, 4)] == [{9.0}, {80.0}, {80.0}, {9.0}]


def test_what_an_import_took_away_comes_back(home: Home) -> None:
    load(home, register({h: p for h, p in PLACES.items() if h != 7}))
    assert len(stored(home, "member")) == 29 and len(stored(home, "waiting_row")) == 3
    load(home, incomes([1], 70.0))
    withdraw(home, 2, "王某")
    assert len(stored(home, "household")) == len(stored(home, "member")) == 30
    assert stored(home, "waiting_row") == [] and incomes_of(home, 1) == {70.0}


def test_what_later_imports_stand_on_is_not_taken_away(home: Home) -> None:
    load(home, register({50: "安山村"}))
    load(home, people([(50, 1)]))
    with pytest.raises(CannotWithdraw, match="人口名单 1 行"):
        withdraw(home, 2, "王某")
    assert home.current_number() == 3
    withdraw(home, 3, "王某")
    withdraw(home, 2, "王某")
    assert home_id(50) not in {r["household_id"] for r in stored(home, "household")}


def test_an_import_is_taken_back_once_and_the_first_never(home: Home) -> None:
    load(home, incomes([1], 70.0))
    withdraw(home, 2, "王某")
    for number in (1, 2):
        with pytest.raises(CannotWithdraw):
            withdraw(home, number, "王某")


def test_without_the_snapshot_before_it_is_told_that_nothing_can_be_compared(home: Home) -> None:
    load(home, incomes([1], 70.0))
    load(home, incomes([2], 70.0))
    shutil.rmtree(home.snapshots / "000002")
    with pytest.raises(CannotWithdraw, match="第 2 号快照已被清理"):
        withdraw(home, 3, "王某")


def test_snapshots_that_hold_it_still_are_known(home: Home) -> None:
    load(home, incomes([1], 70.0))
    load(home, incomes([2], 70.0))
    withdraw(home, 2, "王某")
    assert lineage(home, 4) == [4, 3, 1]
    done = withdrawals(home)[2]
    assert (done.number, done.who) == (4, "王某")
    assert {n: contains(home, n) for n in (1, 2, 3, 4)} == {1: [], 2: [2], 3: [2], 4: []}


def test_a_file_of_an_import_taken_back_is_not_called_the_same(home: Home) -> None:
    again = incomes([1], 70.0)
    load(home, again)
    assert {s["state"] for s in load(home, again).sources} == {"same"}
    withdraw(home, 3, "王某")
    withdraw(home, 2, "王某")
    assert {s["state"] for s in load(home, again).sources} == {"changed"}
    assert incomes_of(home, 1) == {70.0}


def test_refused_rows_go_with_their_import(home: Home) -> None:
    load(home, [HOUSEHOLD, household(60, 行政村="无此村"), household(61)])
    assert len(stored(home, "quarantine")) == 1
    withdraw(home, 2, "王某")
    assert stored(home, "quarantine") == stored(home, "quarantine_row") == []


def test_the_command_says_what_it_did(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    derived_by(monkeypatch, lambda home, number: "")
    load(home, incomes([1], 70.0))
    assert command.main(["withdraw", "2", "--home", str(home.path)]) == 0
    assert "已撤回成为第 2 号快照的那次入库" in capsys.readouterr().out
    assert command.main(["withdraw", "1", "--home", str(home.path)]) == 2
    assert "首次入库" in capsys.readouterr().err


@given(st.lists(st.tuples(st.integers(1, 34), st.integers(10, 99)), min_size=1, max_size=3))
@settings(max_examples=4, phases=[Phase.explicit, Phase.generate])
def test_taking_back_the_last_is_the_inverse_of_loading(
    tmp_path_factory: pytest.TempPathFactory, given: list[tuple[int, int]]
) -> None:
    home = Home(tmp_path_factory.mktemp("inverse") / "home")
    load(home, register(PLACES), incomes(list(PLACES), 9.0))
    before = everything(home)
    homes = {h: "青槐社区" for h, _ in given}
    load(home, register(homes), incomes([h for h, _ in given], float(given[0][1])))
    withdraw(home, 2, "王某")
    assert everything(home) == before
