"""Conditions of filters, any that there may be, for the tests of what they find and say."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from metrics.conditions import UNKNOWN, Condition
from metrics.fields import Field, Fields

_NUMBERS = st.integers(-99_999_999, 99_999_999).map(float) | st.integers(-999_999, 999_999).map(
    lambda n: n / 100
)
_DAYS = st.dates(date(1950, 1, 1), date(2030, 12, 31))


def asked_of(of: Field) -> st.SearchStrategy[Condition]:
    """Any condition on a field."""
    if of.kind == "range":
        return st.just(Condition(of.key, (UNKNOWN,))) | st.builds(
            _range, st.just(of.key), _ends(of)
        )
    values = st.sampled_from(["H01", "H02", "H05"] if of.kind == "named" else list(of.values))
    modes = ("any", "none") if of.kind == "named" else of.modes
    return st.builds(
        lambda chosen, mode: of.read(".".join((f"{mode}-of", *chosen))),
        st.lists(values, unique=True, min_size=1, max_size=3),
        st.sampled_from(modes),
    )


def _ends(of: Field) -> st.SearchStrategy[tuple[object, object, bool]]:
    bound = _DAYS if of.day else _NUMBERS.map(float.__floor__).map(float) if of.whole else _NUMBERS
    several = st.tuples(bound, bound, st.booleans()).filter(lambda ends: ends[0] != ends[1])
    ordered = several.map(lambda e: (min(e[:2]), max(e[:2]), e[2]))
    return st.one_of(
        ordered,
        bound.map(lambda low: (low, None, False)),
        st.tuples(st.none(), bound, st.booleans()),
        bound.map(lambda same: (same, same, False)),
    )


def _range(key: str, ends: tuple[object, object, bool]) -> Condition:
    low, high, under = ends
    return Condition(key, low=low, high=high, under=under)  # type: ignore[arg-type]


def asked(fields: Fields) -> st.SearchStrategy[Condition]:
    """Any condition on any field that has something to ask for."""
    usable = [of for of in fields.values() if of.kind != "choice" or of.values]
    return st.sampled_from(usable).flatmap(asked_of)


def wheres(fields: Fields, most: int = 3) -> st.SearchStrategy[tuple[Condition, ...]]:
    """Conditions that stand together: no two on one field."""
    return st.lists(asked(fields), unique_by=lambda one: one.field, max_size=most).map(tuple)
