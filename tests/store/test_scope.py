"""A scope never contains more than its codes say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.scope import Scope

_COUNTY = st.sampled_from(["611025", "433125"])
_TOWN = st.builds(lambda c, t: f"{c}{t:03d}", _COUNTY, st.integers(0, 5))
_VILLAGE = st.builds(lambda t, v: f"{t}{v:03d}", _TOWN, st.integers(0, 5))
_CODE = st.one_of(_COUNTY, _TOWN, _VILLAGE)


@given(st.lists(_CODE, max_size=6), _CODE)
def test_narrowing_never_widens(codes: list[str], region: str) -> None:
    scope = Scope.of(codes)
    for code in scope.narrowed(region).codes:
        assert scope.contains(code)
        assert code.startswith(region)


@given(st.lists(_CODE, max_size=6), _VILLAGE)
def test_a_village_is_contained_if_any_code_begins_it(codes: list[str], village: str) -> None:
    assert Scope.of(codes).contains(village) == any(village.startswith(c) for c in codes)


@given(st.lists(_CODE, max_size=6))
def test_codes_inside_another_are_left_out(codes: list[str]) -> None:
    kept = Scope.of(codes).codes
    assert not [a for a in kept for b in kept if a != b and a.startswith(b)]


@pytest.mark.parametrize("bad", ["", "6", "61102", "6110251", "61102%", "abc", "６１１０２５"])
def test_a_code_that_would_match_too_much_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="region code"):
        Scope.of([bad])


def test_touching_and_containing_differ() -> None:
    scope = Scope.of(["611025101"])
    assert scope.touches("611025") and not scope.contains("611025")
    assert scope.contains("611025101200") and not scope.touches("611025102")


def test_an_empty_scope_sees_nothing() -> None:
    assert Scope.of([]).condition("village_code") == ("FALSE", {})
    assert Scope.of([]).narrowed("611025").codes == ()
