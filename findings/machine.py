"""How a finding goes from found to closed: the one declaration of its states and steps.

Who may take a step is a right of their role (``access.roles``) in the place of the finding. What
else a step needs is named here and judged here; nothing else decides it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from access.roles import Act

State = Literal["found", "assigned", "mended", "verified", "closed", "reopened", "rejected"]
STATES: tuple[State, ...] = get_args(State)
# Nothing more is to be done.
ENDED: frozenset[State] = frozenset({"closed", "rejected"})
OPEN: tuple[State, ...] = tuple(state for state in STATES if state not in ENDED)

StepKey = Literal["open", "assign", "mend", "verify", "close", "reopen", "reject"]
# What a step may need beside the right: measures with a unit in charge; a reason; evidence given
# since the finding was last opened; another person than those who mended it, or who found it.
Need = Literal["measures", "note", "evidence", "not_mender", "not_finder"]
Why = Literal["state", "right"] | Need


@dataclass(frozen=True, slots=True)
class Step:
    """A step: the states that it may be taken in, the one it leads to, its right, its needs.

    A step before which there is no state begins a finding.
    """

    key: StepKey
    before: tuple[State | None, ...]
    after: State
    act: Act
    needs: tuple[Need, ...] = ()


_DECLARED = (
    Step("open", (None,), "found", "open_findings"),
    Step("assign", ("found", "reopened", "assigned"), "assigned", "assign_findings", ("measures",)),
    Step("mend", ("assigned",), "mended", "mend_findings"),
    Step("verify", ("mended",), "verified", "verify_findings", ("not_mender",)),
    Step("close", ("verified",), "closed", "close_findings", ("evidence", "not_mender")),
    Step(
        "reopen",
        ("mended", "verified", "closed", "rejected"),
        "reopened",
        "verify_findings",
        ("note",),
    ),
    Step(
        "reject",
        ("found", "assigned", "reopened"),
        "rejected",
        "verify_findings",
        ("note", "not_finder"),
    ),
)
STEPS: dict[StepKey, Step] = {step.key: step for step in _DECLARED}
# A new round begins: evidence and who mended count from here.
BEGIN: frozenset[StepKey] = frozenset({"open", "reopen"})


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken: who answers for it (of one that was loaded from a workbook, who loaded
    it too), how many pieces of evidence came with it, whether measures and a reason did."""

    step: StepKey
    by: frozenset[str]
    evidence: int = 0
    measures: bool = False
    note: bool = False


def state_of(course: Sequence[Taken]) -> State | None:
    """The state that steps led to; None before the first."""
    return STEPS[course[-1].step].after if course else None


def round_of(course: Sequence[Taken]) -> Sequence[Taken]:
    """The steps since it was last opened, that one included."""
    begins = [place for place, taken in enumerate(course) if taken.step in BEGIN]
    return course[begins[-1] :] if begins else ()


def why_not(course: Sequence[Taken], step: Step, taken: Taken, acts: Collection[Act]) -> Why | None:
    """Why a step may not be taken after those of the course; None where it may.

    ``acts`` are those that whoever takes it may do in the finding's place.
    """
    if state_of(course) not in step.before:
        return "state"
    if step.act not in acts:
        return "right"
    return next((need for need in step.needs if not _met(need, course, taken)), None)


def _met(need: Need, course: Sequence[Taken], taken: Taken) -> bool:
    before = round_of(course)
    if need == "measures":
        return taken.measures
    if need == "note":
        return taken.note
    if need == "evidence":
        return any(each.evidence for each in (*before, taken))
    if need == "not_mender":
        return not any(each.by & taken.by for each in before if each.step == "mend")
    return not any(each.by & taken.by for each in course if each.step == "open")


def offered(course: Sequence[Taken], person: str, acts: Collection[Act]) -> list[Step]:
    """The steps that somebody may take next, if they give what each needs."""

    def given(step: Step) -> Taken:
        return Taken(step.key, frozenset({person}), evidence=1, measures=True, note=True)

    return [step for step in STEPS.values() if why_not(course, step, given(step), acts) is None]


def broken(course: Sequence[Taken]) -> tuple[int, Why] | None:
    """The first step of a whole course that the machine does not allow, its place from 1, and why.

    Rights are not asked: these are steps of the past, of people whom nobody knows here.
    """
    for place, taken in enumerate(course, start=1):
        step = STEPS[taken.step]
        if why := why_not(course[: place - 1], step, taken, {step.act}):
            return place, why
    return None
