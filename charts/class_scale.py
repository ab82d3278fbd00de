"""The classes of a map's colours: whole steps of what is shown, zero apart, no bound twice, none
of both signs.

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

CLASSES, BELOW = 5, 2  # the most classes above zero, and below it


@dataclass(frozen=True, slots=True)
class Scale:
    """Classes from low to high; ``bounds`` are the least and the greatest step in each.

    ``step`` is the size of a step in the indicator's unit. ``zero`` says that one class holds
    nothing but 0; before it stand the ``below`` classes of what is less.
    """

    step: float
    bounds: tuple[tuple[int, int], ...]
    zero: bool
    below: int = 0

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

    def breaks(steps: Sequence[int], classes: int) -> list[int]:
        return [_two_digits(x) + 1 for x in quantile_breaks(steps, classes)]

    return _scale(values, step, breaks)


def of_year(values: Iterable[Value], step: float) -> Scale:
    """A scale over one year's values: classes whose values lie together."""

    def breaks(steps: Sequence[int], classes: int) -> list[int]:
        return [int(x) for x in jenks_breaks(steps, classes)]

    return _scale(values, step, breaks)


_Breaks = Callable[[Sequence[int], int], Sequence[int]]


def _scale(values: Iterable[Value], step: float, breaks: _Breaks) -> Scale:
    known = (value for value in values if value is not None and not math.isnan(value))
    steps = sorted(_steps(value, step) for value in known)
    zero = 0 in steps
    below = _classes([number for number in steps if number < 0], BELOW, breaks)
    above = _classes([number for number in steps if number > 0], CLASSES, breaks)
    return Scale(step, (*below, *([(0, 0)] if zero else []), *above), zero, len(below))


def _classes(steps: Sequence[int], most: int, breaks: _Breaks) -> list[tuple[int, int]]:
    """Least and greatest of at most so many classes over sorted steps of one sign."""
    if len(set(steps)) <= most:
        return [(number, number) for number in sorted(set(steps))]
    inner = sorted({x for x in breaks(steps, most) if steps[0] < x <= steps[-1]})
    return [(low, high - 1) for low, high in pairwise([steps[0], *inner, steps[-1] + 1])]


def _steps(value: float, step: float) -> int:
    """A value in whole steps; what is less than one but not nothing is one."""
    near = round(value / step)
    return near if near or not value else int(math.copysign(1, value))


def _two_digits(number: float) -> int:
    return round(float(f"{number:.2g}"))
