"""Drawing helpers that hit a target exactly, where a plain random draw would only come near."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

Rng = np.random.Generator


def bisect(function: Callable[[float], float], target: float, low: float, high: float) -> float:
    """Where a rising function meets the target, to a part in 2**40 of the interval."""
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if function(middle) < target else (low, middle)
    return (low + high) / 2


def apportion(weights: np.ndarray, total: int) -> np.ndarray:
    """Whole numbers that add up to total, in proportion to the weights (largest remainder)."""
    exact = weights / weights.sum() * total
    whole = np.floor(exact).astype(int)
    order = np.argsort(whole - exact, kind="stable")
    whole[order[: total - whole.sum()]] += 1
    return whole


def take(rng: Rng, weights: np.ndarray, count: int) -> np.ndarray:
    """Positions of so many different items; a heavier one is likelier, a weight of 0 is out."""
    with np.errstate(divide="ignore"):
        keys = np.log(weights) + rng.gumbel(size=len(weights))
    if np.isfinite(keys).sum() < count:
        raise ValueError(f"{count} asked for, {np.isfinite(keys).sum()} to choose from")
    return np.sort(np.argsort(-keys, kind="stable")[:count])


def some(rng: Rng, among: np.ndarray, count: int) -> np.ndarray:
    """A mask of so many of these, or of all where there are fewer."""
    found = np.zeros(len(among), dtype=bool)
    found[take(rng, among * 1.0, min(count, int(among.sum())))] = True
    return found


def take_sum(
    rng: Rng, weights: np.ndarray, sizes: np.ndarray, count: int, total: int
) -> np.ndarray:
    """Like ``take``, and the sizes of the chosen add up to total exactly.

    The weights are tilted towards larger or smaller items until the sum is near, then the items
    nearest the margin are swapped. ValueError where no swap comes nearer.
    """
    with np.errstate(divide="ignore"):
        keys = np.log(weights) + rng.gumbel(size=len(weights))

    def chosen(tilt: float) -> np.ndarray:
        return np.argsort(-(keys + tilt * sizes), kind="stable")

    tilt = bisect(lambda t: float(sizes[chosen(t)[:count]].sum()), total, -4.0, 4.0)
    order = chosen(tilt)
    order = order[np.isfinite(keys[order])]
    inside, outside = order[:count][::-1].copy(), order[count:].copy()
    gap = total - int(sizes[inside].sum())
    while gap:
        i, j = _pair(sizes[inside], sizes[outside], gap)
        gap -= int(sizes[outside[j]] - sizes[inside[i]])
        inside[i], outside[j] = outside[j], inside[i]
    return np.sort(inside)


def _pair(inside: np.ndarray, outside: np.ndarray, gap: int) -> tuple[int, int]:
    """Positions of two items whose exchange closes the gap, or as much of it as one can."""
    for difference in range(gap, 0, -1 if gap > 0 else 1):
        for size in np.unique(inside):
            found = np.flatnonzero(outside == size + difference)
            if found.size:
                return int(np.flatnonzero(inside == size)[0]), int(found[0])
    raise ValueError(f"a gap of {gap} cannot be closed")


def pick(rng: Rng, options: Mapping[Any, float] | Sequence[Any], size: int) -> np.ndarray:
    """So many draws with repetition from options, weighted where they come with weights."""
    values = np.empty(len(options), dtype=object)
    values[:] = list(options)
    if not isinstance(options, Mapping):
        return values[rng.integers(len(values), size=size)]
    weights = np.array(list(options.values()), dtype=float)
    return values[rng.choice(len(values), size=size, p=weights / weights.sum())]


def only(mask: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The values where the mask is true, None elsewhere."""
    chosen = np.full(len(mask), None, dtype=object)
    chosen[mask] = np.asarray(values, dtype=object)[mask]
    return chosen


def months_between(rng: Rng, first: np.ndarray | str, last: np.ndarray | str, size: int):
    """Random months as datetime64[M], both ends included."""
    low = np.asarray(first, dtype="datetime64[M]").astype(int)
    high = np.asarray(last, dtype="datetime64[M]").astype(int)
    return rng.integers(low, np.maximum(low, high) + 1, size=size).astype("datetime64[M]")


def smooth_field(rng: Rng, points: np.ndarray, waves: int = 5) -> np.ndarray:
    """A smooth random surface over (n, 2) points, mean 0 and deviation 1."""
    span = np.ptp(points, axis=0).max()
    field = np.zeros(len(points))
    for _ in range(waves):
        angle, phase = rng.uniform(0, 2 * np.pi, 2)
        length = span * rng.uniform(0.6, 1.6)
        along = points @ np.array([np.cos(angle), np.sin(angle)])
        field += np.cos(2 * np.pi * along / length + phase)
    return (field - field.mean()) / field.std()


def as_days(values: np.ndarray) -> np.ndarray:
    """Dates of any unit as datetime64[D]; a month becomes its first day."""
    return values.astype("datetime64[D]")
