"""Exact chances of counts, and bounds from them: binomial, hypergeometric, beta and t.

Without a statistics package: four functions of two pages, held to scipy and svy by tests.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, exp, floor, inf, lgamma, log, sqrt
from statistics import NormalDist

CONFIDENCE = 0.95
_TINY = 1e-300
_STEPS = 200
_SLIP = 1e-9  # of floating point


def beta_share(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b), by its continued fraction."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_share(b, a, 1 - x)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x)) / a
    c, d = 1.0, 1 / _not_zero(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, 10_000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d, c = 1 / _not_zero(1 + even * d), _not_zero(1 + even / c)
        value *= d * c
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d, c = 1 / _not_zero(1 + odd * d), _not_zero(1 + odd / c)
        value *= d * c
        if abs(d * c - 1) < 1e-14:
            break
    return front * value


def _not_zero(x: float) -> float:
    return x if abs(x) > _TINY else _TINY


def beta_quantile(p: float, a: float, b: float) -> float:
    """The x at which I_x(a, b) is p; 0 and 1 for a beta that stands there."""
    if a <= 0:
        return 0.0
    return 1.0 if b <= 0 else _where(lambda x: beta_share(a, b, x) >= p, 0.0, 1.0)


def _where(reached: Callable[[float], bool], low: float, high: float) -> float:
    """The least x at which something holds that holds for all larger ones."""
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return (low + high) / 2


def t_quantile(p: float, degrees: float) -> float:
    """Student's t below which a share p > 1/2 lies; the normal one without end of degrees."""
    if degrees == inf:
        return NormalDist().inv_cdf(p)
    if degrees <= 0:
        return inf
    x = beta_quantile(2 * (1 - p), degrees / 2, 0.5)
    return sqrt(degrees * (1 - x) / x)


def at_most(found: float, tried: float, confidence: float = CONFIDENCE) -> float:
    """The exact upper bound of a share (Clopper and Pearson), one-sided; 1 where none was tried."""
    return beta_quantile(confidence, found + 1, tried - found) if tried > 0 else 1.0


def at_least(found: float, tried: float, confidence: float = CONFIDENCE) -> float:
    """The exact lower bound of a share, one-sided; 0 where none was tried."""
    return beta_quantile(1 - confidence, found, tried - found + 1) if tried > 0 else 0.0


def at_most_of(found: int, tried: int, all_: int, confidence: float = CONFIDENCE) -> float:
    """The exact upper bound of a share of ``all_`` that there are, of which so many were tried:
    the most that may be so for so few to be found with a chance of 1 - confidence."""
    low, high = found, all_ - (tried - found)
    while low < high:
        middle = (low + high + 1) // 2
        if _so_few(found, tried, middle, all_) >= 1 - confidence:
            low = middle
        else:
            high = middle - 1
    return low / all_ if all_ else 1.0


def at_least_of(found: int, tried: int, all_: int, confidence: float = CONFIDENCE) -> float:
    """The exact lower bound of a share of a finite number."""
    return 1 - at_most_of(tried - found, tried, all_, confidence)


def _so_few(found: int, tried: int, so: int, all_: int) -> float:
    """The chance that at most ``found`` of those tried are so, of ``all_`` of whom ``so`` are."""
    first = max(0, tried - (all_ - so))
    whole = _choose(all_, tried)
    chances = (
        exp(_choose(so, k) + _choose(all_ - so, tried - k) - whole)
        for k in range(first, min(found, so, tried) + 1)
    )
    return sum(chances)


def _choose(n: int, k: int) -> float:
    """The logarithm of n over k."""
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def wilson(share: float, tried: float, degrees: float = inf) -> tuple[float, float]:
    """Wilson's interval of a share of so many, effectively, its spread known from so many degrees
    of freedom."""
    if tried <= 0:
        return 0.0, 1.0
    z = t_quantile((1 + CONFIDENCE) / 2, degrees)
    widened = 1 + z * z / tried
    middle = (share + z * z / (2 * tried)) / widened
    half = z * sqrt(share * (1 - share) / tried + z * z / (4 * tried * tried)) / widened
    return max(0.0, middle - half), min(1.0, middle + half)


def needed(bound: float, all_: int, found: int = 0, confidence: float = CONFIDENCE) -> int | None:
    """The least number to try so that, if ``found`` are so, the share is shown to lie under a
    bound; None where not even all would."""
    if not all_ or at_most_of(found, all_, all_, confidence) >= bound:
        return None
    low, high = max(found, 1), all_
    while low < high:
        middle = (low + high) // 2
        if at_most_of(found, middle, all_, confidence) < bound:
            high = middle
        else:
            low = middle + 1
    return low


def percent(share: float, up: bool | None = None) -> float:
    """A share of one in percent, with one decimal: a bound over it rounded ``up``, one under it
    down, so that what is said of it holds."""
    tenths = share * 1000
    if up is None:
        return round(tenths) / 10
    return (ceil(tenths - _SLIP) if up else floor(tenths + _SLIP)) / 10
