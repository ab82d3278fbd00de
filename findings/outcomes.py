"""What came of what checks found: the newest problem of each finding, and how many stand where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from access.viewer import Viewer
from findings import asking
from findings.machine import ENDED
from state.tables import Finding

Outcome = Literal["unseen", "followed", "closed", "rejected"]
OUTCOMES: tuple[Outcome, ...] = ("unseen", "followed", "closed", "rejected")


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The newest problem of each check and subject, and the names of who took its steps."""

    problems: Mapping[tuple[str, str], Finding]
    names: Mapping[str, str]

    def of(self, check: str, subject: str) -> Finding | None:
        """The problem that a finding became; None for what nobody took up."""
        return self.problems.get((check, subject))

    def counted(self, found: Iterable[tuple[str, str]]) -> Counter[Outcome]:
        """How many of some findings (check and subject) stand where."""
        return Counter(self._outcome(self.of(*one)) for one in found)

    @staticmethod
    def _outcome(problem: Finding | None) -> Outcome:
        if problem is None:
            return "unseen"
        if problem.state not in ENDED:
            return "followed"
        return "closed" if problem.state == "closed" else "rejected"


def of_checks(session: Session, viewer: Viewer, region: str, checks: Iterable[str]) -> Outcomes:
    """The problems of some checks in a place, as far as they are the viewer's to see."""
    kinds = tuple(f"check.{key}" for key in checks)
    wanted = asking.Filter(region, asking.today(), among=kinds)
    every = asking.every(session, viewer, wanted)
    newest = {
        (each.kind.removeprefix("check."), each.subject_id): each
        for each in sorted(every, key=lambda each: each.number)
    }
    return Outcomes(newest, asking.names(session, every))
