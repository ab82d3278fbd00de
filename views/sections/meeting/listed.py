"""The viewer's meetings and those shared with them; beginning one of saved views."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from state import meetings
from state.database import State, StateError, kept_open
from state.links import LONGEST_TITLE
from state.meeting_tables import Meeting
from state.meetings import Called, NoMeeting
from state.tables import SavedView
from views.browser import components
from views.browser.markup import h
from views.browser.notices import notice
from views.context import gathering, keeping
from views.context.stage import Stage
from views.parts import pieces
from views.sections.saved import acting

_HEADS = ("meeting_title", "meeting_day", "meeting_venue", "meeting_items", "meeting_open",
          "view_owner", "view_kind")  # fmt: skip


def show(stage: Stage) -> None:
    """All of them, the latest first, then the row that begins another."""
    acting.say(stage)
    try:
        state = kept_open(stage.county.home.path)
        found = meetings.listed(state, stage.viewer.subject)
        open_ = [one.meeting for one in meetings.decisions(state, [m.number for m in found])
                 if one.stands == "open"]  # fmt: skip
        views = {one.view.number: one.view for one in keeping.listed(stage) if one.href}
    except StateError:
        notice([stage.t("state_unread")], alert=True, key="meetings_unread")
        return
    rows = [_row(stage, one, open_.count(one.number)) for one in found]
    head = [stage.t(key) for key in _HEADS]
    body = pieces.table(head, rows, numeric=(3, 4)) if rows else h("p", stage.t("meetings_none"))
    title = pieces.heading(stage.t("meetings_title", count=len(rows)), stage.t("meetings_sub"))
    components.paper(h("section", title, body), key="meetings")
    _begin(stage, views)


def _row(stage: Stage, one: Meeting, open_: int) -> tuple[Any, ...]:
    href = stage.href("meeting", meeting=one.number)
    return (
        pieces.link(href, one.title),
        h("span", f"{one.held_on}", cls="nowrap"),
        one.venue or "—",
        len(one.items),
        open_,
        one.owner,
        stage.t("view_is_shared" if one.shared else "view_is_own"),
    )


def _begin(stage: Stage, views: Mapping[int, SavedView]) -> None:
    components.paper(pieces.heading(stage.t("meeting_new"), stage.t("meeting_new_sub")),
                     key="meeting_new")  # fmt: skip
    picked = st.multiselect(stage.t("meeting_pick"), list(views), key="meeting_pick",
                            placeholder=stage.t("meeting_pick_none"),
                            format_func=lambda one: views[one].title
                            if one in views else str(one))  # fmt: skip
    called = words(stage, None)
    if st.button(stage.t("meeting_make"), type="primary", key="meeting_make",
                 disabled=not called.title):  # fmt: skip

        def make(_: State, who: str) -> None:
            meeting = gathering.gathered(stage, [views[one] for one in picked], called)
            components.go(stage.href("meeting", meeting=meeting.number))

        acting.do(stage, make, NoMeeting, "meeting_made")


def words(stage: Stage, meeting: Meeting | None) -> Called:
    """What is typed of a meeting: of a new one, or of one to be changed."""
    mark = meeting.number if meeting else "new"
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"called_{mark}"):
        title = st.text_input(stage.t("meeting_title"), meeting.title if meeting else "",
                              max_chars=LONGEST_TITLE, width=320, key=f"meeting_title_{mark}",
                              autocomplete="off")  # fmt: skip
        day = st.date_input(stage.t("meeting_day"), meeting.held_on if meeting else "today",
                            width=170, key=f"meeting_day_{mark}")  # fmt: skip
        venue = st.text_input(stage.t("meeting_venue"), meeting.venue if meeting else "",
                              max_chars=LONGEST_TITLE, width=220, key=f"meeting_venue_{mark}",
                              autocomplete="off")  # fmt: skip
        shared = st.checkbox(stage.t("view_shared"), meeting.shared if meeting else False,
                             key=f"meeting_shared_{mark}")  # fmt: skip
    return Called(title.strip(), day, venue.strip(), shared)
