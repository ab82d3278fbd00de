"""The machine of findings: what it lets through, and that nobody closes what they mended."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.roles import FOLLOWING_UP, MAY
from findings import machine
from findings.machine import BEGIN, ENDED, STATES, STEPS, Taken

PEOPLE = ("zhang", "li", "wang")


def taken(step: str, by: str, evidence: int = 0, measures: bool = True, note: bool = True) -> Taken:
    return Taken(step, frozenset({by}), evidence, measures, note)  # type: ignore[arg-type]


ATTEMPTS = st.lists(
    st.builds(
        taken,
        st.sampled_from(list(STEPS)),
        st.sampled_from(PEOPLE),
        st.integers(0, 1),
        st.booleans(),
        st.booleans(),
    ),
    max_size=30,
)


def course(attempts: list[Taken]) -> list[Taken]:
    """The steps that the machine took of those that were tried, by people who may do everything."""
    found: list[Taken] = []
    for each in attempts:
        if machine.why_not(found, STEPS[each.step], each, FOLLOWING_UP) is None:
            found.append(each)
    return found


@given(ATTEMPTS)
def test_whatever_is_tried_what_is_closed_was_mended_verified_and_proved(
    attempts: list[Taken],
) -> None:
    steps = course(attempts)
    assert machine.broken(steps) is None
    for place, each in enumerate(steps):
        before = steps[: place + 1]
        begin = max(i for i, one in enumerate(before) if one.step in BEGIN)
        now = before[begin:]
        menders = frozenset().union(*(one.by for one in now if one.step == "mend"))
        if each.step in ("verify", "close"):
            assert menders and not menders & each.by
        if each.step == "close":
            assert sum(one.evidence for one in now) >= 1
            assert [one.step for one in now][-3:] == ["mend", "verify", "close"]
            assert "assign" in [one.step for one in now]
        if each.step == "assign":
            assert each.measures
        if each.step in ("reopen", "reject"):
            assert each.note
        if each.step == "reject":
            assert not each.by & steps[0].by
        if place and machine.state_of(steps[:place]) in ENDED:
            assert each.step == "reopen", "what has ended goes on by being opened again alone"
        assert (each.step == "open") == (place == 0)


@given(ATTEMPTS, st.sampled_from(PEOPLE))
def test_what_is_offered_is_what_is_taken(attempts: list[Taken], person: str) -> None:
    steps = course(attempts)
    offered = {step.key for step in machine.offered(steps, person, FOLLOWING_UP)}
    for key, step in STEPS.items():
        whole = taken(key, person, evidence=1)
        assert (machine.why_not(steps, step, whole, FOLLOWING_UP) is None) == (key in offered)


@given(ATTEMPTS)
def test_without_a_right_nothing_is_taken(attempts: list[Taken]) -> None:
    steps = course(attempts)
    for each in attempts:
        assert machine.why_not(steps, STEPS[each.step], each, ()) in ("state", "right")


def test_every_state_is_reached_and_left_unless_it_is_an_end() -> None:
    reached = {step.after for step in STEPS.values()}
    assert reached == set(STATES)
    for state in STATES:
        leaving = {step.key for step in STEPS.values() if state in step.before}
        assert leaving == {"reopen"} if state in ENDED else leaving - {"reopen"}


def test_who_opens_assigns_mends_and_verifies() -> None:
    """The one declaration of rights, read back: who may take which step."""
    may = {key: {role for role in MAY if STEPS[key].act in MAY[role]} for key in STEPS}
    leaders, inspector = {"county_leader", "township_leader"}, {"inspector"}
    assert may["open"] == {*leaders, *inspector, "data_clerk"}
    assert may["assign"] == {*leaders, *inspector}
    assert may["mend"] == {"township_leader"}
    assert may["verify"] == may["reopen"] == may["reject"] == inspector
    assert may["close"] == {"county_leader", "inspector"}
    assert not MAY["administrator"] & FOLLOWING_UP


MENDED = [taken("open", "li"), taken("assign", "li"), taken("mend", "zhang", evidence=1)]


@pytest.mark.parametrize(
    ("steps", "tried", "why"),
    [
        ([], taken("assign", "li"), "state"),
        ([taken("open", "li")], taken("open", "li"), "state"),
        ([taken("open", "li")], taken("assign", "li", measures=False), "measures"),
        ([taken("open", "li")], taken("mend", "zhang"), "state"),
        ([taken("open", "li")], taken("reject", "li"), "not_finder"),
        ([taken("open", "li")], taken("reject", "wang", note=False), "note"),
        (MENDED, taken("verify", "zhang"), "not_mender"),
        (MENDED, taken("close", "li"), "state"),
        (MENDED, taken("reopen", "li", note=False), "note"),
        ([*MENDED, taken("verify", "li")], taken("close", "zhang"), "not_mender"),
        ([*MENDED, taken("verify", "li")], taken("close", "li"), None),
        (
            [*MENDED, taken("reopen", "li"), taken("assign", "li"), taken("mend", "wang"),
             taken("verify", "zhang")],
            taken("close", "zhang"),
            "evidence",
        ),
    ],
)  # fmt: skip
def test_a_step_is_refused_for_its_reason(
    steps: list[Taken], tried: Taken, why: str | None
) -> None:
    assert machine.why_not(steps, STEPS[tried.step], tried, FOLLOWING_UP) == why


def test_of_a_loaded_step_neither_who_took_nor_who_entered_it_verifies() -> None:
    entered = Taken("mend", frozenset({"zhang", "clerk"}), 1)
    steps = [*MENDED[:2], entered]
    for person, why in product(("zhang", "clerk"), ("not_mender",)):
        assert machine.why_not(steps, STEPS["verify"], taken("verify", person), FOLLOWING_UP) == why
    assert machine.why_not(steps, STEPS["verify"], taken("verify", "li"), FOLLOWING_UP) is None


def test_the_first_step_that_does_not_fit_is_named() -> None:
    assert machine.broken(MENDED) is None
    assert machine.broken([*MENDED, taken("close", "li")]) == (4, "state")
    assert machine.broken([taken("mend", "li")]) == (1, "state")
