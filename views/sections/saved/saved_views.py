"""The views that the viewer keeps and those shared with them; changing and giving up one's own."""

from __future__ import annotations

from typing import Any

import streamlit as st

from state import saved_views
from state.database import State, StateError
from state.saved_views import NoView, Words
from state.tables import SavedView
from views.browser import components
from views.browser.markup import h
from views.browser.notices import notice
from views.context import keeping
from views.context.keeping import Kept
from views.context.stage import Stage
from views.parts import pieces
from views.sections.saved import acting

_HEADS = ("link_title", "view_owner", "link_made", "link_remark", "view_kind")


def show(stage: Stage) -> None:
    """What there is, each opening; then the row that changes one's own."""
    acting.say(stage)
    try:
        every = keeping.listed(stage)
    except StateError:
        notice([stage.t("state_unread")], alert=True, key="views_unread")
        return
    head = [stage.t(key) for key in _HEADS]
    rows = [_row(stage, one) for one in every]
    body = pieces.table(head, rows, cls="data tight") if rows else h("p", stage.t("views_none"))
    title = pieces.heading(stage.t("views_title", count=len(rows)), stage.t("views_sub"))
    components.paper(h("section", title, body), key="views")
    own = [one.view for one in every if one.view.owner == stage.viewer.subject]
    _change(stage, {view.number: view for view in own})


def _row(stage: Stage, one: Kept) -> tuple[Any, ...]:
    view = one.view
    kinds = [stage.t("view_is_shared" if view.shared else "view_is_own")]
    if view.start and view.owner == stage.viewer.subject:
        kinds.append(stage.t("view_is_start"))
    if not one.href:
        kinds.append(stage.t("view_unseen"))
    return (
        pieces.link(one.href, view.title),
        view.owner,
        h("span", f"{view.made_at.astimezone():%Y-%m-%d}", cls="nowrap"),
        view.note or "—",
        " · ".join(kinds),
    )


def _change(stage: Stage, own: dict[int, SavedView]) -> None:
    if not own:
        return
    components.paper(pieces.heading(stage.t("view_change")), key="view_change")
    with st.container(horizontal=True, vertical_alignment="bottom", key="view_row"):
        number = st.selectbox(stage.t("view_one"), list(own), key="view_number", width=320,
                              format_func=lambda one: own[one].title
                              if one in own else str(one))  # fmt: skip
        chosen = own.get(number)
        if chosen is None:
            return
        title, note = acting.words(stage, f"view_{number}", chosen.title, chosen.note)
        shared = st.checkbox(stage.t("view_shared"), chosen.shared, key=f"view_shared_{number}")
        start = st.checkbox(stage.t("view_start"), chosen.start, key=f"view_start_{number}")
        save = st.button(stage.t("change_yes"), disabled=not title, key="view_rename")
        give_up = st.button(stage.t("view_withdraw"), key="view_withdraw")

    def changed(state: State, who: str) -> None:
        words = Words(title, note, shared, start)
        saved_views.change(state, number, words, owner=who)

    def given_up(state: State, who: str) -> None:
        saved_views.withdraw(state, number, owner=who)

    if save:
        acting.do(stage, changed, NoView, "view_changed")
    if give_up:
        acting.do(stage, given_up, NoView, "view_withdrawn")
