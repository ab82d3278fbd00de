"""The load bench: its arithmetic, and a few sessions of a real server so that it keeps working."""

from __future__ import annotations

import asyncio

import pytest

from store.snapshots import Home
from tests.bench import load
from tests.bench.load import Plan, Watch
from tests.bench.servers import LOGIN, copied, serving

FEW = Plan(idle=3, active=4, think=0.2, quiet=3.0, newer=2.0)


def test_slower_is_by_how_much_the_p95_of_clicks_grew() -> None:
    watch = Watch()
    assert load.slower(watch) is None
    watch.seconds["quiet"] = [0.1, 0.2]
    assert load.slower(watch) is None, "without an import there is nothing to compare"
    watch.seconds["import"], watch.seconds["newer"] = [0.2], [0.4]
    assert load.slower(watch) == pytest.approx(2.0)


def test_the_lines_tell_each_kind_and_every_fault() -> None:
    watch = Watch()
    watch.seconds["quiet"] = [0.1, 0.3]
    for _ in range(2):
        watch.fault(RuntimeError("page"))
    click, errors, fault = load.lines(watch)
    assert "2 times" in click and "p50      200 ms" in click
    assert errors == "errors 2" and fault.endswith("2 × RuntimeError: page")


@pytest.mark.torture
def test_logged_in_viewers_meet_no_error_while_something_happens(small_home: Home) -> None:
    """The act stands for an import: something that takes a while."""

    async def act() -> float:
        await asyncio.sleep(2)
        return 2.0

    with copied(small_home.path) as over:
        active, idle = load.people(over, FEW)
        with serving(LOGIN, over) as program:
            watch, seconds = asyncio.run(load.measure(program, active, idle, FEW, act()))
    assert seconds == 2.0
    assert not watch.faults, watch.faults
    assert (
        len(watch.seconds["quiet"]) > 8
        and len(watch.seconds["import"]) > 4
        and watch.seconds["newer"]
    )


@pytest.mark.torture
def test_an_error_on_a_page_is_counted(small_home: Home) -> None:
    plan = Plan(idle=0, active=1, think=0.2, quiet=1.0, newer=0.0)
    with copied(small_home.path) as over, serving(LOGIN, over, TAIZHANG_SESSIONS="1") as program:
        watch, _ = asyncio.run(load.measure(program, ["a", "b"], ["c"], plan))
    assert watch.faults, "one page may be open, and three were asked for"
