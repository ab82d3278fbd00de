"""Class breaks for maps and histograms: pure functions over plain numbers.

Breaks are the inner bounds between classes, ascending and distinct: ``n`` classes have ``n - 1``
breaks, and a class holds the values from its lower bound on, up to but not including its upper
bound. A value that is None or NaN is in no class.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Literal

MAX_CLASSES = 5
Method = Literal["quantile", "jenks", "equal", "pretty"]
Value = float | int | None


def make_breaks(
    values: Iterable[Value], method: Method = "quantile", classes: int = MAX_CLASSES
) -> list[float]:
    """Inner breaks of at most ``classes`` (1 to 5) classes.

    With no more distinct values than classes each value is a class of its own, so all equal
    values give no break and one class. ValueError for another number of classes.
    """
    if not 1 <= classes <= MAX_CLASSES:
        raise ValueError(f"{classes} classes: 1 to {MAX_CLASSES} can be told apart")
    known = sorted(_known(values))
    distinct = sorted(set(known))
    if len(distinct) <= classes:
        return distinct[1:]
    if method == "quantile":
        found = quantile_breaks(known, classes)
    elif method == "jenks":
        found = jenks_breaks(known, classes)
    elif method == "equal":
        found = equal_breaks(distinct[0], distinct[-1], classes)
    else:
        found = pretty_breaks(distinct[0], distinct[-1], classes)
    return [x for x in found if distinct[0] < x <= distinct[-1]]


def quantile_breaks(ordered: Sequence[float], classes: int) -> list[float]:
    """Breaks that share out sorted values evenly; ties never stand on both sides of one."""
    at = (round(len(ordered) * k / classes) for k in range(1, classes))
    return sorted({ordered[i] for i in at} - {ordered[0]})


def equal_breaks(low: float, high: float, classes: int) -> list[float]:
    """Breaks at equal distances between two bounds."""
    return [low + (high - low) * k / classes for k in range(1, classes)]


def pretty_breaks(low: float, high: float, classes: int) -> list[float]:
    """Breaks at round numbers (1, 2, 2.5 or 5 times a power of ten), the finest that fit."""
    if low >= high:
        return []
    power = math.floor(math.log10((high - low) / classes))
    for step in (
        float(f"{factor}e{exponent}")
        for exponent in range(power, power + 3)
        for factor in (1, 2, 2.5, 5)
    ):
        first, last = math.floor(low / step) + 1, math.ceil(high / step) - 1
        if last - first + 2 <= classes:
            return [float(f"{k * step:.12g}") for k in range(first, last + 1)]
    return []


def jenks_breaks(ordered: Sequence[float], classes: int) -> list[float]:
    """Breaks that leave the least squared deviation inside the classes (Fisher and Jenks).

    ``ordered`` is sorted and has more distinct values than ``classes``. Equal values count by
    their number but stay together.
    """
    points = sorted(set(ordered))
    weight, total, square = _running_sums(points, ordered)

    def spread(i: int, j: int) -> float:
        n, s = weight[j] - weight[i], total[j] - total[i]
        return square[j] - square[i] - s * s / n

    size = len(points)
    cost = [0.0] + [spread(0, j) for j in range(1, size + 1)]
    start: list[list[int]] = []  # start[k][j]: where the last of k + 2 classes over j begins
    for k in range(1, classes):
        begins = [0] * (size + 1)
        least = [math.inf] * (size + 1)
        for j in range(k + 1, size + 1):
            least[j], begins[j] = min((cost[i] + spread(i, j), i) for i in range(k, j))
        cost, start = least, [*start, begins]
    found, end = [], size
    for begins in reversed(start):
        end = begins[end]
        found.append(points[end])
    return found[::-1]


def _running_sums(
    points: Sequence[float], ordered: Sequence[float]
) -> tuple[list[float], list[float], list[float]]:
    """Running count, sum and sum of squares of the values, about their middle for precision."""
    middle = points[len(points) // 2]
    count = dict.fromkeys(points, 0)
    for value in ordered:
        count[value] += 1
    weight, total, square = [0.0], [0.0], [0.0]
    for point in points:
        n, x = count[point], point - middle
        weight.append(weight[-1] + n)
        total.append(total[-1] + n * x)
        square.append(square[-1] + n * x * x)
    return weight, total, square


def classify(values: Iterable[Value], breaks: Sequence[float]) -> list[int | None]:
    """The class of each value, 0 for the lowest; None where the value is not known.

    ValueError where the breaks do not ascend.
    """
    if any(a >= b for a, b in pairwise(breaks)):
        raise ValueError(f"breaks do not ascend: {list(breaks)}")
    return [None if x is None or math.isnan(x) else bisect_right(breaks, x) for x in values]


def class_counts(classes: Iterable[int | None], breaks: Sequence[float]) -> list[int]:
    """How many values are in each class; unknown ones are in none."""
    counts = [0] * (len(breaks) + 1)
    for number in classes:
        if number is not None:
            counts[number] += 1
    return counts


def class_bounds(values: Iterable[Value], breaks: Sequence[float]) -> list[tuple[float, float]]:
    """Lower and upper bound of each class, the outer ones from the values; empty without any."""
    known = _known(values)
    if not known:
        return []
    edges = [min(known), *breaks, max(known)]
    return list(pairwise(edges))


def _known(values: Iterable[Value]) -> list[float]:
    return [float(value) for value in values if value is not None and not math.isnan(value)]
