"""Ranks of places: who is ahead for certain, who is tied, and whom each place has."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.cube import Cell
from metrics.registry import indicators
from metrics.standing import Mix, Standing, is_ranked, is_share_of_rows, met, scaled, standings
from metrics.targets import Targets
from sampling import chances
from store.scope import Scope

_COUNTY = "619925"
_A, _B, _C, _D = (f"61992510{n}" for n in range(1, 5))
Rates = Mapping[str, tuple[float, float] | None]


def _ranked(rates: Rates, key: str = "step_overdue_share") -> dict[str, Standing]:
    def across(_: str, places: Any, year: int, scope: Scope) -> dict[str, Cell]:
        found = {}
        for place in places:
            pair = rates[place]
            found[place] = (
                Cell(None, 0.0, None, 0)
                if pair is None
                else Cell(100 * pair[0] / pair[1], pair[0], pair[1], 0)
            )
        return found

    county: Any = SimpleNamespace(
        indicators=indicators(),
        cube=SimpleNamespace(across=across),
        data_date=SimpleNamespace(year=2025),
        targets=Targets([], indicators()),
    )
    reader: Any = SimpleNamespace(scope=Scope.of([_COUNTY]), rows=lambda *_, **__: [])
    found = standings(county, reader, key, _COUNTY, list(rates), 2026)
    return {one.place: one for one in found}


def _spans(found: Mapping[str, Standing]) -> dict[str, tuple[int | None, int | None]]:
    return {place: (one.first, one.last) for place, one in found.items()}


def test_places_far_apart_have_a_rank_each_and_the_worst_comes_first() -> None:
    found = _ranked({_A: (10, 1000), _B: (300, 1000), _C: (600, 1000)})
    assert list(found) == [_C, _B, _A]
    assert _spans(found) == {_A: (1, 1), _B: (2, 2), _C: (3, 3)}
    assert not any(one.tied for one in found.values())


def test_the_same_rates_of_few_cases_are_tied() -> None:
    found = _ranked({_A: (1, 100), _B: (3, 100), _C: (5, 100), _D: (60, 100)})
    assert _spans(found) == {_A: (1, 3), _B: (1, 3), _C: (1, 3), _D: (4, 4)}
    assert [place for place, one in found.items() if one.tied] == [_C, _B, _A]


def test_more_is_better_where_the_indicator_says_so() -> None:
    found = _ranked({_A: (10, 1000), _B: (900, 1000)}, "ledger_closed_share")
    assert list(found) == [_A, _B] and _spans(found) == {_A: (2, 2), _B: (1, 1)}


def test_a_place_without_a_number_has_no_rank_and_stands_last() -> None:
    found = _ranked({_A: None, _B: (3, 100)})
    assert list(found) == [_B, _A] and _spans(found)[_A] == (None, None)


def test_intervals_are_wilsons_and_few_cases_are_marked() -> None:
    found = _ranked({_A: (3, 29), _B: (3, 30)})
    low, high = chances.wilson(3 / 29, 29)
    assert (found[_A].low, found[_A].high) == pytest.approx((100 * low, 100 * high))
    assert found[_A].few and not found[_B].few


def test_a_mean_is_tied_only_where_it_reads_the_same() -> None:
    found = _ranked({_A: (90.0001, 1), _B: (90, 1), _C: (80, 1)}, "per_capita_income")
    assert _spans(found) == {_A: (1, 2), _B: (1, 2), _C: (3, 3)}
    assert found[_A].low is None


def test_amounts_are_not_ranked() -> None:
    assert not is_ranked(indicators()["monitored_households"])
    assert _spans(_ranked({_A: (3, 1), _B: (9, 1)}, "monitored_households")) == {
        _A: (None, None), _B: (None, None),
    }  # fmt: skip
    assert is_share_of_rows(indicators()["step_overdue_share"])
    assert not is_share_of_rows(indicators()["poverty_rate"]), "people, who come in households"


@settings(deadline=None, max_examples=80)
@given(
    st.lists(
        st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
        min_size=2,
        max_size=9,
    )
)
def test_spans_are_fair(pairs: list[tuple[int, int]]) -> None:
    """Each span holds a rank that the places could have; of two that overlap neither is ahead."""
    found = _ranked({f"6199251{n:02d}": pair for n, pair in enumerate(pairs)})
    for one in found.values():
        assert one.first is not None and one.last is not None
        assert 1 <= one.first <= one.last <= len(pairs)
        ahead = [o for o in found.values() if o.high < one.low]  # type: ignore[operator]
        assert len(ahead) == one.first - 1
        assert all(o.last < one.last for o in ahead)  # type: ignore[operator]


def test_what_meets_its_target_is_counted_of_what_is_known() -> None:
    found = list(_ranked({_A: (100, 100), _B: (3, 100), _C: None}, "collective_any_share").values())
    assert met(found) == (1, 2)


def test_the_scale_goes_from_the_lowest_end_to_the_highest() -> None:
    found = list(_ranked({_A: (10, 100), _B: (50, 100)}).values())
    at = scaled(found)
    assert at[_A][0] == 0 and at[_B][2] == 100
    assert at[_A][1] < at[_A][2] < at[_B][0] < at[_B][1] < 100
    assert scaled([]) == {}


def test_a_mix_of_nobody_has_no_shares() -> None:
    assert (Mix().without_share, Mix().size, Mix().registered_share) == (None, None, None)
    mix = Mix(40, 10, 40, 100, 400)
    assert (mix.without_share, mix.size, mix.registered_share) == (25, 2.5, 25)
