"""查看明文: one household's personal columns whole, for a reason, for ten minutes."""

from __future__ import annotations

import streamlit as st

from state.audit import NotRecorded
from state.database import StateError
from views.browser import components
from views.browser.markup import h
from views.browser.notices import notice
from views.context import plain_text, visitor, witness
from views.context.stage import Stage
from views.parts.download import LONGEST_REASON

_LOOK = 10  # seconds between two looks whether it is over


def control(stage: Stage) -> None:
    """What turns it on, or that it is on and what turns it off; nothing for who may not."""
    if not stage.may_reveal:
        return
    if stage.reveal:
        with st.container(horizontal=True, vertical_alignment="center", key="plain_text_on"):
            _left(stage)
            if st.button(stage.t("plain_text_off"), key="plain_text_off"):
                plain_text.end(stage.view.id or "")
                st.rerun()
        return
    with st.popover(stage.t("plain_text")):
        hint = stage.t("plain_text_hint", minutes=plain_text.MINUTES)
        components.paper(h("p", hint, cls="sub"), key="plain_text_hint")
        reason = st.text_input(
            stage.t("reason_for"), max_chars=LONGEST_REASON, key="plain_text_reason",
            autocomplete="off",
        )  # fmt: skip
        if st.button(stage.t("plain_text_yes"), type="primary", key="plain_text_yes"):
            _begin(stage, reason.strip())


def _begin(stage: Stage, reason: str) -> None:
    if not reason:
        notice([stage.t("reason_needed")], key="plain_text_reason_needed")
        return
    household = stage.view.id or ""
    about = {"household": household, "reason": reason, "minutes": plain_text.MINUTES}
    try:
        witness.write(stage, "plain_text", about)
    except NotRecorded:
        notice([stage.t("plain_text_not_recorded")], alert=True, key="plain_text_refused")
        return
    plain_text.begin(household)
    st.rerun()


def _may_still(stage: Stage) -> bool:
    try:
        viewer = visitor.viewer_now(stage.county, used=False)
    except StateError:
        return False
    return viewer.may("reveal", stage.village or "")


@st.fragment(run_every=_LOOK)
def _left(stage: Stage) -> None:
    """Until when it is on; hides it by itself when it is over, or when the right is taken away."""
    household = stage.view.id or ""
    ends = plain_text.until(household)
    if ends is None or not _may_still(stage):
        plain_text.end(household)
        st.rerun()
    said = stage.t("plain_text_on", until=f"{ends.astimezone():%H:%M}")
    components.paper(h("p", said, cls="tag strong", role="status"), key="plain_text_left")
