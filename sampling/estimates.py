"""What a sample's answers say of all households: shares with intervals and bounds.

A share is the ratio of two weighted sums; its spread is that of their linearised difference between
the households of a stratum, or between the villages that were drawn first, with the finite
population where households were drawn at once. Intervals are Wilson's, bounds those of Clopper and
Pearson, both for the number of plain households that would tell as much (Korn and Graubard 1998);
of a simple sample the bound is exact for the finite population.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sampling import chances
from sampling.chances import CONFIDENCE
from sampling.drawing import Stratum


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of one drawn household: whether the question is its own, and if so, the answer
    (None: not answered yet)."""

    stratum: str
    asked: bool
    found: bool | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share of the households that a question is asked of, with 95 % intervals and bounds.

    ``found`` of ``answered`` of ``asked`` were so; ``low`` to ``high`` is Wilson's interval,
    ``at_most`` and ``at_least`` are one-sided exact bounds. ``effective`` is how many households
    of a simple sample would tell as much. Without a known spread there are no intervals.
    """

    asked: int
    answered: int
    found: int
    share: float | None
    low: float | None = None
    high: float | None = None
    at_most: float | None = None
    at_least: float | None = None
    effective: float = 0.0


def estimate(strata: Mapping[str, Stratum], answers: Sequence[Answer]) -> Estimate:
    """Estimate a share from a sample's answers; those that did not answer are as the others of
    their stratum."""
    asked = [one for one in answers if one.asked]
    told = [one for one in asked if one.found is not None]
    count, found = len(told), sum(bool(one.found) for one in told)
    if not count:
        return Estimate(len(asked), 0, 0, None)
    kept = [one for one in answers if not one.asked or one.found is not None]
    weights = _weights(strata, kept)
    total = sum(weights[one.stratum] for one in told)
    share = sum(weights[one.stratum] for one in told if one.found) / total
    staged = any(strata[one.stratum].village for one in kept)
    if len(strata) == 1 and not staged:
        return _simple(len(asked), count, found, next(iter(strata.values())).population)
    spread = _spread(strata, kept, weights, share, total, staged)
    free = _free(strata, told, staged)
    if free < 1:
        return Estimate(len(asked), count, found, share)
    same = _even(count, [weights[one.stratum] for one in told])
    effective = same
    if spread > 0 and 0 < share < 1:
        effective = share * (1 - share) / spread
    plain = _plain(effective, count, free)
    low, high = chances.wilson(share, plain, free)
    plain = min(plain, float(count))  # as Korn and Graubard have it
    return Estimate(
        len(asked), count, found, share, low, high,
        chances.at_most(share * plain, plain), chances.at_least(share * plain, plain), effective,
    )  # fmt: skip


def none_found(parts: Iterable[Stratum]) -> float:
    """What a sample of strata shows, at most, if all answer and none is found."""
    strata = {part.key: part for part in parts if part.drawn}
    answers = [Answer(part.key, True, False) for part in strata.values() for _ in range(part.drawn)]
    most = estimate(strata, answers).at_most if answers else None
    return 1.0 if most is None else most


def _simple(asked: int, count: int, found: int, population: int) -> Estimate:
    """Of a simple sample: bounds of the finite population, Wilson's with its correction."""
    share = found / count
    rest = population - count
    effective = count * (population - 1) / rest if rest else float("inf")
    low, high = chances.wilson(share, effective) if rest else (share, share)
    most = chances.at_most_of(found, count, population)
    least = chances.at_least_of(found, count, population)
    return Estimate(asked, count, found, share, low, high, most, least, effective)


def _weights(strata: Mapping[str, Stratum], kept: Sequence[Answer]) -> dict[str, float]:
    """How many households each of a stratum stands for."""
    counts: dict[str, int] = defaultdict(int)
    for one in kept:
        counts[one.stratum] += 1
    return {key: strata[key].represents / count for key, count in counts.items()}


def _even(count: int, weights: Sequence[float]) -> float:
    """How many of equal weight tell as much as those of these weights (Kish)."""
    square = sum(weights) ** 2
    return min(float(count), square / sum(weight * weight for weight in weights))


def _plain(effective: float, count: int, free: int) -> float:
    """The effective number, with what few degrees of freedom cost."""
    if count < 2:
        return min(effective, float(count))
    half = (1 + CONFIDENCE) / 2
    cost = chances.t_quantile(half, count - 1) / chances.t_quantile(half, free)
    return effective * cost * cost


def _spread(
    strata: Mapping[str, Stratum],
    kept: Sequence[Answer],
    weights: Mapping[str, float],
    share: float,
    total: float,
    staged: bool,
) -> float:
    """The variance of a share."""
    parts: dict[str, list[float]] = defaultdict(list)
    if staged:  # between the villages, as if they were drawn with replacement
        sums: dict[str, float] = defaultdict(float)
        for one in kept:
            sums[strata[one.stratum].village] += _part(one, weights, share, total)
        parts["all"] = list(sums.values())
    else:
        for one in kept:
            parts[one.stratum].append(_part(one, weights, share, total))
    return _between(strata, parts, staged)


def _free(strata: Mapping[str, Stratum], told: Sequence[Answer], staged: bool) -> int:
    """Degrees of freedom: what was drawn first and has an answer, less its strata."""
    if staged:
        return len({strata[one.stratum].village for one in told}) - 1
    return len(told) - len({one.stratum for one in told})


def _part(one: Answer, weights: Mapping[str, float], share: float, total: float) -> float:
    """What a household adds to the linearised share."""
    if not one.asked:
        return 0.0
    return weights[one.stratum] * (bool(one.found) - share) / total


def _between(
    strata: Mapping[str, Stratum], parts: Mapping[str, Sequence[float]], staged: bool
) -> float:
    """The spread within strata; one alone in its stratum is set against the mean of all."""
    every = [value for values in parts.values() for value in values]
    middle, found = sum(every) / len(every), 0.0
    for key, values in parts.items():
        count = len(values)
        left = 1.0 if staged else 1 - count / strata[key].population
        if count == 1:
            found += left * (values[0] - middle) ** 2
        else:
            mean = sum(values) / count
            found += left * count / (count - 1) * sum((v - mean) ** 2 for v in values)
    return found
