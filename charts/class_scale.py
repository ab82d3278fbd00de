"""The classes of a map's colours: whole steps of what is shown, zero apart, no bound twice.

A scale over the values of all years stays the same from year to year, so that a colour means one
thing; one over a single year's values shows the most of that year.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from charts.breaks import Value, jenks_breaks, quantile_breaks

CLASSES = 5


@dataclass(frozen=True, slots=True)
class Scale:
    """Classes from low to high; ``bounds`` are the least and the greatest step in each.

    ``step`` is the size of a step in the indicator's unit. ``zero`` says that the first class holds
    nothing but 0.
    """

    step: float
    bounds: tuple[tuple[int, int], ...]
    zero: bool

    def place(self, value: Value) -> int | None:
        """The class of a value, the outer ones reaching beyond their bounds; None for unknown."""
        if value is None or math.isnan(value):
            return None
        lows = [low for low, _ in self.bounds]
        return max(bisect_right(lows, _steps(value, self.step)) - 1, 0)

    def ends(self, number: int) -> tuple[float, float]:
        """The least and the greatest value of a class, in the indicator's unit."""
        low, high = self.bounds[number]
        return low * self.step, high * self.step


def lasting(values: Iterable[Value], step: float) -> Scale:
    """A scale over the values of all years: bounds of two digits that share them out evenly."""

    def breaks(steps: Sequence[int]) -> list[int]:
        return [_two_digits(x) + 1 for x in quantile_breaks(steps, CLASSES)]

    return _scale(values, step, breaks)


def of_year(values: Iterable[Value], step: float) -> Scale:
    """A scale over one year's values: classes whose values lie together."""
    return _scale(values, step, lambda steps: [int(x) for x in jenks_breaks(steps, CLASSES)])


def _scale(
    values: Iterable[Value], step: float, breaks: Callable[[Sequence[int]], Sequence[int]]
) -> Scale:
    known = (value for value in values if value is not None and not math.isnan(value))
    steps = sorted(_steps(value, step) for value in known)
    zero = bool(steps) and steps[0] == 0
    above = [number for number in steps if number or not zero]
    if len(set(above)) <= CLASSES:
        classes = [(number, number) for number in sorted(set(above))]
    else:
        inner = sorted({x for x in breaks(above) if above[0] < x <= above[-1]})
        classes = [(low, high - 1) for low, high in pairwise([above[0], *inner, above[-1] + 1])]
    return Scale(step, (*([(0, 0)] if zero else []), *classes), zero)


def _steps(value: float, step: float) -> int:
    """A value in whole steps; what is less than one but not nothing is one."""
    near = round(value / step)
    return near if near or not value else int(math.copysign(1, value))


def _two_digits(number: float) -> int:
    return round(float(f"{number:.2g}"))
