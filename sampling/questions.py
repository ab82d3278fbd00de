"""What is asked of the households of a sample, and what an answer may be."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, get_args

# Asked of: those that left poverty; those never registered; everybody.
General = Literal["wrongly_exited", "missed", "satisfied"]
GENERAL: tuple[General, ...] = get_args(General)
VISIT = "visit"
ANSWERS = ("yes", "no", "unclear")
VISITS = ("visited", "absent", "moved", "refused")
# General questions by the answer that makes a finding; satisfaction is an opinion, and makes none.
CONCERNS: dict[str, str] = {"wrongly_exited": "yes", "missed": "yes"}


@dataclass(frozen=True, slots=True)
class Item:
    """Something to check of a household: the question's key, and what its answer ``concern`` is a
    finding of.

    Keys are general questions', ``rule.<key>`` and ``check.<key>``, with a number where it is about
    one of their people or one of several (``rule.allowance_without.2``), ``finding.<number>``.
    """

    question: str
    concern: str = ""
    kind: str = ""
    subject_kind: str = "household"
    subject_id: str = ""
    title: str = ""


def general_items(
    household_id: str, asked: Iterable[str], title: Callable[[str], str]
) -> list[Item]:
    """General questions as items, each in the words of a finding that it may be."""
    return [
        Item(one, CONCERNS[one], f"sample.{one}", "household", household_id, title(one))
        if one in CONCERNS
        else Item(one, subject_id=household_id, title=title(one))
        for one in asked
    ]


def general(registered: bool, exited: bool) -> tuple[str, ...]:
    """The general questions of a household, the visit first."""
    own = "wrongly_exited" if exited else "" if registered else "missed"
    return tuple(filter(None, (VISIT, own, "satisfied")))


def allowed(question: str) -> tuple[str, ...]:
    """What may be answered."""
    return VISITS if question == VISIT else ANSWERS


def sample_code(number: int) -> str:
    """What people call a sample: on sheets, in workbooks, in notes of findings."""
    return f"S{number}"
