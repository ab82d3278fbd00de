"""Who signs for what is done on the data page."""

from __future__ import annotations

import streamlit as st

from views.context.desk import Desk


def who(desk: Desk, key: str) -> str:
    """Whoever is logged in; where nobody is asked for a login, the name that they type."""
    if desk.viewer.known:
        return desk.viewer.subject
    return st.text_input(desk.t("loaded_by"), max_chars=20, key=key, width=170)
