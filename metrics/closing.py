"""How long problems take until they are closed, those that are still open counted as such.

The share still open after some days is the Kaplan-Meier estimate: what is not closed yet says that
it took at least so long. Leaving it out would make every office look quick that closes only what is
easy.

Source: Kaplan, Meier (1958), Nonparametric estimation from incomplete observations.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

import numpy as np

# The same subject and kind again within so many days is a repeated problem.
REPEATED = timedelta(days=365)


class Course(Protocol):
    """A problem: when it was opened, and closed if it was; what it is about, and of what kind."""

    @property
    def number(self) -> int: ...
    @property
    def opened(self) -> date: ...
    @property
    def closed(self) -> date | None: ...
    @property
    def subject(self) -> str: ...
    @property
    def kind(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Curve:
    """The percentage still open after so many days, where it falls; from 100 at day 0.

    ``days`` ascend; ``open_percent`` is that after each. ``last`` is the longest that any was or is
    open, ``closed`` and ``open`` how many there are of each.
    """

    days: tuple[int, ...]
    open_percent: tuple[float, ...]
    last: int
    closed: int
    open: int

    def until(self, closed_percent: float) -> int | None:
        """In how many days so many percent are closed; None where they are not yet."""
        still = 100 - closed_percent + 1e-9
        reached = zip(self.days, self.open_percent, strict=True)
        return next((day for day, share in reached if share <= still), None)


def curve(courses: Iterable[Course], today: date) -> Curve | None:
    """The curve of problems up to a day; None of none."""
    every = list(courses)
    if not every:
        return None
    ended = np.array([each.closed is not None for each in every])
    took = np.array([((each.closed or today) - each.opened).days for each in every])
    took = np.maximum(took, 0)
    days = np.unique(took[ended])
    closing = np.array([np.count_nonzero(ended & (took == day)) for day in days])
    at_risk = np.array([np.count_nonzero(took >= day) for day in days])
    share = 100 * np.cumprod(1 - closing / at_risk) if len(days) else np.array([])
    return Curve(
        tuple(map(int, days)),
        tuple(map(float, share)),
        int(took.max()),
        int(np.count_nonzero(ended)),
        int(np.count_nonzero(~ended)),
    )


def repeated(courses: Sequence[Course]) -> frozenset[int]:
    """Numbers of problems that had been there within a year before: same subject, same kind."""
    before: dict[tuple[str, str], date] = {}
    found = set()
    for each in sorted(courses, key=lambda course: (course.opened, course.number)):
        key = (each.subject, each.kind)
        if key in before and each.opened - before[key] <= REPEATED:
            found.add(each.number)
        before[key] = each.opened
    return frozenset(found)
