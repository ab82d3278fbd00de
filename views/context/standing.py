"""Which widget stands at a place of the page: the one that was there, or another in its stead.

A widget begins with a value and keeps what is chosen in it. It is never told another value, since
such an order is sent with one run only, and a browser that takes two runs at once shows the second
without it: another widget takes its place, and every message says what that began with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import streamlit as st

_DRAWN = "address_drawn"  # in the session: each widget as it stands


class _Standing(NamedTuple):
    """A widget in its place: how many stood there before it, what it began with, and how."""

    number: int
    began: Any
    shape: object


def stands(place: str, value: Any, shape: object = None) -> tuple[str, Any]:
    """The key of the widget at ``place``, and the value that it began with.

    It is the one that was there if that stands at ``value``, and a new one otherwise. ``shape`` is
    whatever else makes a widget another one: what its options read, since that is what a browser
    sends, or how far a slider goes.
    """
    drawn: dict[str, _Standing] = st.session_state.setdefault(_DRAWN, {})
    before = drawn.get(place)
    if before is None:
        drawn[place] = _Standing(0, value, shape)
    elif before.shape != shape or _told(_key(place, before.number)) != (value,):
        drawn[place] = _Standing(before.number + 1, value, shape)
    now = drawn[place]
    return _key(place, now.number), now.began


def told_apart(options: Iterable[Any], read: Callable[[Any], str]) -> dict[Any, str]:
    """How each option reads, none like another.

    A browser sends the words: of two options that read alike one would be taken for the other.
    The option itself stands behind words that several have.
    """
    words = {option: read(option) for option in options}
    several = repeated(words.values())
    return {o: f"{text} · {o}" if text in several else text for o, text in words.items()}


def repeated(values: Iterable[Any]) -> set[Any]:
    """The values that stand more than once."""
    seen: set[Any] = set()
    several: set[Any] = set()
    for value in values:
        (several if value in seen else seen).add(value)
    return several


def _key(place: str, number: int) -> str:
    return f"{place}-{number}" if number else place


def _told(key: str) -> tuple[Any, ...]:
    """What a widget stands at; nothing where the last run did not draw it."""
    return (st.session_state[key],) if key in st.session_state else ()
