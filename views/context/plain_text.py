"""Which households this session shows whole, and until when: asked for one at a time, then over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import streamlit as st

MINUTES = 10
_ON = "plain_text"  # in the session: moments by household number


def begin(household: str) -> datetime:
    """Show a household whole from now on; until when."""
    until = datetime.now(UTC) + timedelta(minutes=MINUTES)
    st.session_state.setdefault(_ON, {})[household] = until
    return until


def until(household: str) -> datetime | None:
    """Until when a household is shown whole; None where it is not."""
    ends: datetime | None = st.session_state.get(_ON, {}).get(household)
    return ends if ends is not None and datetime.now(UTC) < ends else None


def end(household: str) -> None:
    """Hide it again."""
    st.session_state.get(_ON, {}).pop(household, None)
