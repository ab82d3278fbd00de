"""Addresses of earlier versions: led on step by step, by pure functions."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from views.context import versions
from views.context.versions import Written, today


def _renamed(written: Written) -> Written:
    """A page and a key with other names."""
    pairs = [("place" if key == "region" else key, value) for key, value in written.pairs]
    return Written({"map": "places"}.get(written.path, written.path), tuple(pairs))


def _default_moved(written: Written) -> Written:
    """What a left-out key meant is written down."""
    if "scale" in dict(written.pairs):
        return written
    return Written(written.path, (*written.pairs, ("scale", "years")))


STEPS = (_renamed, _default_moved)
PAIRS = st.lists(
    st.tuples(st.sampled_from(["region", "year", "scale"]), st.text(max_size=4)), max_size=4
).map(tuple)


def test_each_version_is_led_through_the_steps_that_came_after_it() -> None:
    region = ("region", "611025101")
    assert today(Written("map", (region, ("v", "1"))), STEPS) == Written(
        "places", (("place", "611025101"), ("scale", "years"), ("v", "3"))
    )
    assert today(Written("map", (region, ("v", "2"))), STEPS) == Written(
        "map", (region, ("scale", "years"), ("v", "3"))
    )


@given(st.sampled_from(["", "map", "exit"]), PAIRS, st.sampled_from(["0", "3", "4", "x", "01"]))
def test_what_is_todays_or_of_no_version_is_left_alone(
    path: str, pairs: tuple[tuple[str, str], ...], said: str
) -> None:
    for written in (Written(path, pairs), Written(path, (*pairs, ("v", said)))):
        assert today(written, STEPS) == written


@given(PAIRS, st.sampled_from(["1", "2"]))
def test_what_was_led_on_is_todays(pairs: tuple[tuple[str, str], ...], said: str) -> None:
    led = today(Written("map", (*pairs, ("v", said))), STEPS)
    assert today(led, STEPS) == led and led.pairs[-1] == ("v", "3")


def test_a_version_said_twice_is_left_for_the_page_to_tell() -> None:
    written = Written("map", (("v", "1"), ("v", "2")))
    assert today(written, STEPS) == written


def test_the_version_counts_the_steps() -> None:
    assert len(versions.STEPS) + 1 == versions.VERSION
