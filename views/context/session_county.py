"""The snapshot that a session goes on with where its address names none, and the county of it."""

from __future__ import annotations

import streamlit as st

from metrics.county import County
from store.snapshots import Home, NoSnapshot, SnapshotDamaged
from views.context.counties import county, newest

_BEGUN = "begun_with"  # in the session


def begun(place: Home) -> int:
    """The snapshot that this session goes on with: the newest one when it began, until asked."""
    held = st.session_state.get(_BEGUN)
    if held is None or held not in place.numbers():
        held = st.session_state[_BEGUN] = newest()
    return int(held)


def begin_anew() -> None:
    """Let this session go on with the home's current snapshot, in its next run."""
    st.session_state.pop(_BEGUN, None)


def go_on(place: Home) -> County:
    """The county as this session began with it; the current one where that is damaged since."""
    try:
        return county(begun(place))
    except (NoSnapshot, SnapshotDamaged):
        begin_anew()
        return county(begun(place))


def begin_with(number: int) -> None:
    """Let this session go on with a snapshot."""
    st.session_state[_BEGUN] = number
