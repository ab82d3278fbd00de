"""One condition of a filter on a field: its values or its range, as an address writes it.

``poverty_state.poor.fell_back`` (any of these), ``groups.none-of.borderline``,
``measures.all-of.industry.health``, ``per_capita_net_income_yuan.from.3000.under.6000``,
``monitored_on.to.2024-12-31``, ``income_change_percent.unknown``. Several are joined by ``~``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

Mode = Literal["any", "all", "none"]
MODES: tuple[Mode, ...] = get_args(Mode)
Bound = float | date
UNKNOWN = "unknown"
# Numbers of households that a condition may name one by one.
MOST_NAMED = 200
BETWEEN = "~"
_NUMBER = r"-?\d{1,8}(?:\.\d{1,2})?"
_DAY = r"\d{4}-\d\d-\d\d"
_BOUND = rf"({_DAY}|{_NUMBER})"
_RANGE = re.compile(rf"(?:from\.{_BOUND})?(?:(?:^|(?<=.)\.)(to|under)\.{_BOUND})?")
_VALUE = re.compile(r"[A-Za-z0-9_-]{1,64}")


class ConditionError(ValueError):
    """The text is no condition."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What is asked of one field.

    Of a choice ``values`` with the ``mode`` in which they are asked; of a range ``low`` and
    ``high``, both included unless ``under`` leaves the upper one out; or the one value UNKNOWN.
    """

    field: str
    values: tuple[str, ...] = ()
    mode: Mode = "any"
    low: Bound | None = None
    high: Bound | None = None
    under: bool = False

    def __str__(self) -> str:
        if self.values:
            mode = () if self.mode == "any" else (f"{self.mode}-of",)  # as no value is called
            return ".".join((self.field, *mode, *self.values))
        low = () if self.low is None else ("from", written(self.low))
        upper = "under" if self.under else "to"
        high = () if self.high is None else (upper, written(self.high))
        return ".".join((self.field, *low, *high))


def written(bound: Bound) -> str:
    """A number or a day as an address writes it."""
    if isinstance(bound, date):
        return bound.isoformat()
    return f"{bound:.0f}" if float(bound).is_integer() else f"{bound:.2f}".rstrip("0")


def bound_of(text: str, *, day: bool) -> Bound:
    """A number or a day as an address writes it. Raises ConditionError."""
    if not re.fullmatch(_DAY if day else _NUMBER, text):
        raise ConditionError(text)
    try:
        return date.fromisoformat(text) if day else float(text) + 0.0  # no minus zero
    except ValueError:
        raise ConditionError(text) from None


def choice(key: str, text: str) -> Condition:
    """A condition on values, by the text behind the field's key. Raises ConditionError."""
    first, *others = text.split(".")
    told: Mode | None = next((mode for mode in MODES if f"{mode}-of" == first), None)
    values = tuple(others) if told else (first, *others)
    if not values or not all(map(_VALUE.fullmatch, values)):
        raise ConditionError(text)
    return Condition(key, tuple(dict.fromkeys(values)), told or "any")


def span(key: str, text: str, *, day: bool) -> Condition:
    """A condition on a range, by the text behind the field's key. Raises ConditionError."""
    if text == UNKNOWN:
        return Condition(key, (UNKNOWN,))
    found = _RANGE.fullmatch(text)
    if not text or found is None:
        raise ConditionError(text)
    low, upper, high = found.groups()
    made = Condition(
        key,
        low=None if low is None else bound_of(low, day=day),
        high=None if high is None else bound_of(high, day=day),
        under=upper == "under",
    )
    if made.low is not None and made.high is not None:
        reversed_ = made.low > made.high or (made.under and made.low == made.high)  # type: ignore[operator]
        if reversed_:
            raise ConditionError(text)
    return made


def split(text: str, read: Callable[[str], Condition]) -> tuple[Condition, ...]:
    """The conditions of a text, no two on one field. Raises ConditionError."""
    found = tuple(read(one) for one in text.split(BETWEEN))
    if len({one.field for one in found}) < len(found):
        raise ConditionError(text)
    return found


def joined(conditions: Iterable[Condition]) -> str:
    """The text of conditions, as ``split`` reads it."""
    return BETWEEN.join(map(str, conditions))
