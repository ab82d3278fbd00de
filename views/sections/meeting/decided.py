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

_HEADS = ("decide_text", "decide_unit", "decide_due", "decision_state", "page_problems")


def table(stage: Stage, found: Sequence[MeetingDecision], *, opens: bool = True) -> Markup:
    """Each with its unit, its day, how it stands and the problem it is followed as; a day that is
    past looks so. On a slide nothing ``opens``: a link would leave the meeting."""
    head = [stage.t(key) for key in _HEADS]
    return pieces.table(head, [_row(stage, one, opens) for one in found])


def _row(stage: Stage, one: MeetingDecision, opens: bool) -> tuple[Any, ...]:
    due = h("span", f"{one.due}" if one.due else "—", cls="nowrap")
    return one.text, one.unit or "—", due, standing(stage, one), _followed(stage, one, opens)


def _followed(stage: Stage, one: MeetingDecision, opens: bool) -> Markup | str:
    """The problem by its code and state, to be opened by who may see its place."""
    if one.followed is None:
        return "—"
    word = stage.t(f"problem_{one.followed.state}")
    said = stage.t("problem_is_open", code=one.followed.code, state=word)
    if not opens or not stage.viewer.scope.contains(one.followed.region_code):
        return said
    return pieces.link(stage.href("problems", finding=one.followed.number), said)


def standing(stage: Stage, one: MeetingDecision) -> Markup:
    """Done, dropped, open, or late: a shape and a word."""
    shape = {"done": "good", "open": "watch"}.get(one.stands, "")
    cls = f"light {'bad' if is_late(one, today()) else shape}"
    return h("span", state_words(stage, one), cls=cls)


def state_words(stage: Stage, one: MeetingDecision) -> str:
    """How it stands, in a word."""
    return stage.t("decision_late" if is_late(one, today()) else f"decision_{one.stands}")


def is_late(one: MeetingDecision, day: date) -> bool:
    """Whether it is open after the day that it was due on."""
    return one.stands == "open" and one.due is not None and one.due < day


def settle(stage: Stage, found: Sequence[MeetingDecision]) -> None:
    """A row to say of one that it is done, dropped or open again; those that are followed as a
    problem stand as it does."""
    by = {one.number: one for one in found if one.followed is None}
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
