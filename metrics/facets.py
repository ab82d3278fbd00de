"""What each value of a field would leave of a list: counted by the very conditions of the list."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from metrics.conditions import UNKNOWN, Bound, Condition
from metrics.fields import Field
from metrics.filters import HouseholdFilter
from metrics.lists import count_each
from store.reader import Reader

_BANDS = 6
_APART = 8  # values so near one another are offered one by one


@dataclass(frozen=True, slots=True)
class Offered:
    """A condition that could be asked of a field, and the households that it would leave; of a
    choice the ``value`` that it is asked for."""

    asked: Condition
    households: int
    value: str = ""


def offered(
    reader: Reader, wanted: HouseholdFilter, of: Field, among: Collection[str] | None = None
) -> list[Offered]:
    """What could be asked of a field, each with what it would leave of the filter's households.

    Of values that are asked for jointly, or refused, each is counted with those asked already;
    otherwise alone, in the place of these. ``among`` are the only values offered. A range is
    offered in bands that hold about as many households each.
    """
    base = wanted.without(of.key)
    if of.kind == "range":
        asked = [*_bands(reader, base, of), Condition(of.key, (UNKNOWN,))]
        values = [""] * len(asked)
    else:
        now = next((one for one in wanted.where if one.field == of.key), None)
        values = [v for v in of.values if among is None or v in among]
        asked = [_with(of, now, value) for value in values]
    names = {f"facet_{number}": base.having(one) for number, one in enumerate(asked)}
    left = count_each(reader, base, names)
    return [
        Offered(one, left[f"facet_{number}"], value)
        for number, (one, value) in enumerate(zip(asked, values, strict=True))
    ]


def _with(of: Field, now: Condition | None, value: str) -> Condition:
    """The condition that a value is counted by."""
    if now is None or now.mode == "any":
        return Condition(of.key, (value,))
    return replace(now, values=tuple(v for v in of.values if v in (*now.values, value)))


def turned(of: Field, now: Condition | None, value: str) -> Condition | None:
    """The condition after a click on a value: with it, or without it; None for none any more."""
    if now is None:
        return Condition(of.key, (value,))
    kept = {*now.values} ^ {value}
    values = tuple(v for v in of.values if v in kept)
    return replace(now, values=values) if values else None


def _bands(reader: Reader, base: HouseholdFilter, of: Field) -> Iterator[Condition]:
    edges = _edges(reader, base, of)
    if len(edges) < 2:
        return
    whole = of.whole and not of.day
    if whole and float(edges[-1]) - float(edges[0]) < _APART:  # type: ignore[arg-type]
        for number in range(int(edges[0]), int(edges[-1]) + 1):  # type: ignore[arg-type]
            yield Condition(of.key, low=float(number), high=float(number))
        return
    inner = edges[1:-1]
    yield Condition(of.key, high=inner[0], under=True) if inner else Condition(of.key, low=edges[0])
    for low, high in pairwise(inner):
        yield Condition(of.key, low=low, high=high, under=True)
    if inner:
        yield Condition(of.key, low=inner[-1])


def _edges(reader: Reader, base: HouseholdFilter, of: Field) -> list[Bound]:
    """The least, some round values between, and the largest of a field over a filter's households;
    nothing where none is known."""
    if of.latest and base.year != base.fields.newest:
        return []
    where, given = base.condition()
    given = {**base.fields.given, **base.supplied, **given}
    value, source = of.sql, f"(SELECT * FROM {{household_fact}} AS f WHERE {where}) AS f"
    if of.relation:
        source += f" JOIN {of.relation} AS s ON s.{of.shared} = f.{of.shared}"
        source += " AND s.year = f.year" if of.dated else ""
    number = f"date_diff('day', DATE '1970-01-01', {value})" if of.day else f"({value})::DOUBLE"
    shares = [round(step / _BANDS, 4) for step in range(1, _BANDS)]
    row = reader.one(
        f"SELECT MIN(v) AS low, MAX(v) AS high, approx_quantile(v, {shares}) AS inner "
        f"FROM (SELECT {number} AS v FROM {source}) AS known WHERE v IS NOT NULL",
        **given,
    )
    if row is None or row["low"] is None:
        return []
    low, high = float(row["low"]), float(row["high"])
    steps = sorted({_round(v, high - low, whole=of.whole or of.day) for v in row["inner"]})
    found = [low, *(s for s in steps if low < s <= high), high]
    if of.day:
        return [date.fromordinal(_EPOCH + int(v)) for v in found]
    return [*found]


_EPOCH = date(1970, 1, 1).toordinal()


def _round(value: float, spread: float, *, whole: bool) -> float:
    """A value as a person would say it: to a twentieth of the spread or so."""
    if spread <= 0:
        return float(value)
    step = 10.0 ** math.floor(math.log10(spread / 20))
    nice = max(1.0, step) if whole else max(step, 0.01)
    return round(round(value / nice) * nice, 4) + 0.0
