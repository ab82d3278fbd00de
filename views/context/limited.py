"""What a viewer may do only so often, and who they are counted as."""

from __future__ import annotations

import streamlit as st

from access.limits import METER
from views.context.stage import Stage

_SEARCHED = "searched_for"  # in the session: the text whose search was counted last


def who(stage: Stage) -> str:
    """Whom a search or an export is counted for: the viewer and the machine they sit at."""
    return f"{stage.viewer.subject}@{st.context.ip_address or 'local'}"


def may_search(stage: Stage) -> bool:
    """Whether the address's search may be made: each new text of a session counts once."""
    text = stage.view.q if "q" in stage.spec.keys else ""
    if not text or st.session_state.get(_SEARCHED) == text:
        return True
    if not METER.spend(who(stage), "search"):
        return False
    st.session_state[_SEARCHED] = text
    return True
