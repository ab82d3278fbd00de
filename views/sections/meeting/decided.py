"""What meetings decided: as a table, and the rows by which each is settled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, get_args

import streamlit as st

from findings.asking import today
from state import meetings
from state.database import State
from state.meeting_tables import MeetingDecision
from state.meetings import NoMeeting, Settled
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import pieces
from views.sections.saved import acting

_HEADS = ("decide_text", "decide_unit", "decide_due", "decision_state")


def table(stage: Stage, found: Sequence[MeetingDecision]) -> Markup:
    """Each with its unit, its day and how it stands; a day that is past looks so."""
    head = [stage.t(key) for key in _HEADS]
    return pieces.table(head, [_row(stage, one) for one in found])


def _row(stage: Stage, one: MeetingDecision) -> tuple[Any, ...]:
    due = h("span", f"{one.due}" if one.due else "—", cls="nowrap")
    return one.text, one.unit or "—", due, standing(stage, one)


def standing(stage: Stage, one: MeetingDecision) -> Markup:
    """Done, dropped, open, or late: a shape and a word."""
    shape = {"done": "good", "open": "watch"}.get(one.state, "")
    cls = f"light {'bad' if is_late(one, today()) else shape}"
    return h("span", state_words(stage, one), cls=cls)


def state_words(stage: Stage, one: MeetingDecision) -> str:
    """How it stands, in a word."""
    return stage.t("decision_late" if is_late(one, today()) else f"decision_{one.state}")


def is_late(one: MeetingDecision, day: date) -> bool:
    """Whether it is open after the day that it was due on."""
    return one.state == "open" and one.due is not None and one.due < day


def settle(stage: Stage, found: Sequence[MeetingDecision]) -> None:
    """A row to say of one that it is done, dropped or open again."""
    by = {one.number: one for one in found}
    if not by:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="settle_row"):
        number = st.selectbox(stage.t("decide_text"), list(by), key="settle_one", width=420,
                              format_func=lambda one: by[one].text
                              if one in by else str(one))  # fmt: skip
        to = st.segmented_control(stage.t("decision_state"), get_args(Settled), default="done",
                                  key="settle_to", format_func=lambda one: stage.t(
                                      f"decision_{one}"))  # fmt: skip
        clicked = st.button(stage.t("change_yes"), key="settle_yes", disabled=to is None)
    if clicked and to is not None:
        chosen: Settled = to

        def done(state: State, who: str) -> None:
            meetings.settle(state, number, chosen, by=who)

        acting.do(stage, done, NoMeeting, "decision_settled")
