"""A meeting before and after it is held: its views in their order, their words, its decisions."""

from __future__ import annotations

from typing import Any

import streamlit as st

from state import meetings
from state.database import State, StateError, kept_open
from state.links import LONGEST_NOTE, LONGEST_TITLE
from state.meeting_tables import Meeting, MeetingItem
from state.meetings import NoMeeting
from views.browser import components
from views.browser.markup import h
from views.browser.notices import notice
from views.context import gathering
from views.context.gathering import Beside, Shown
from views.context.stage import Stage
from views.parts import pieces
from views.sections.meeting import decided, listed, opened
from views.sections.saved import acting

_HEADS = ("meeting_place", "link_title", "meeting_question", "meeting_numbers", "link_note")


def show(stage: Stage, number: int) -> None:
    """The meeting's head, its items, what was decided, and for its owner the ways to change it."""
    acting.say(stage)
    meeting = opened.find(stage, number)
    if meeting is None:
        return
    try:
        shown = gathering.shown(stage, meeting)
        state = kept_open(stage.county.home.path)
        carried, own = meetings.carried(state, meeting), meetings.decisions(state, [number])
    except StateError:
        notice([stage.t("state_unread")], alert=True, key="meeting_unread")
        return
    _head(stage, meeting)
    _items(stage, shown)
    for key, found in (("carried", carried), ("own", own)):
        if found:
            title = pieces.heading(stage.t(f"decisions_{key}", count=len(found)))
            components.paper(h("section", title, decided.table(stage, found)), key=key)
    decided.settle(stage, [*carried, *own])
    if meeting.owner == stage.viewer.subject:
        with st.expander(stage.t("meeting_change"), key="change_open"):
            _arrange(stage, meeting)
            _change(stage, meeting)
    _copy(stage, meeting)


def _head(stage: Stage, meeting: Meeting) -> None:
    crumbs = pieces.crumbs(
        pieces.link(stage.href("meeting", meeting=None, item=None), stage.t("page_meeting")),
        h("span", meeting.title, cls="muted"),
    )
    about = " · ".join(filter(None, (f"{meeting.held_on}", meeting.venue, meeting.owner)))
    ways = [
        pieces.facet_way(stage.t("present"), stage.href("meeting", item=0), False),
        pieces.facet_way(
            stage.t("page_briefing"), stage.href("briefing", meeting=meeting.number), False
        ),
    ]
    title = h("div", h("h1", meeting.title), h("p", about, cls="sub"))
    components.paper(h("section", crumbs, title, h("nav", *ways, cls="facets")), key="meeting_head")


def _items(stage: Stage, shown: list[Shown]) -> None:
    head = [stage.t(key) for key in _HEADS]
    rows = [_row(stage, place, one) for place, one in enumerate(shown, 1)]
    body = pieces.table(head, rows) if rows else h("p", stage.t("meeting_empty"))
    title = pieces.heading(stage.t("meeting_shows", count=len(rows)))
    components.paper(h("section", title, body), key="items")


def _row(stage: Stage, place: int, one: Shown) -> tuple[Any, ...]:
    if one.stage is None:
        return (
            place,
            h("span", one.item.title, " · ", stage.t("view_unseen"), cls="muted"),
            "",
            "",
            "",
        )
    numbers = h("span", *(beside(stage, each) for each in one.numbers))
    return (
        place,
        pieces.link(one.href, one.item.title),
        one.item.question or "—",
        numbers,
        one.item.note or "—",
    )


def beside(stage: Stage, one: Beside) -> Any:
    """A number today, and in grey what it was at the meeting before."""
    measure = stage.measure(one.unit)
    then = stage.t("meeting_then", then=measure.text(one.then)) if one.then is not None else ""
    return h("span", f"{one.name} ", h("b", measure.text(one.now)),
             h("span", f" {then}", cls="muted") if then else None, " ", cls="nowrap")  # fmt: skip


def _arrange(stage: Stage, meeting: Meeting) -> None:
    """The order: by dragging, by a button a place up or down, or by picking, where what is taken
    out and put in again stands last."""
    titles = {one.item: f"{one.place}. {one.title}" for one in meeting.items}
    if not titles:
        return
    components.paper(pieces.heading(stage.t("meeting_order"), stage.t("meeting_order_sub")),
                     key="order_head")  # fmt: skip
    dragged = components.ordered(titles, stage.t("meeting_handle"), key=f"drag_{meeting.number}")
    if dragged is not None and dragged != list(titles):
        _arranged(stage, meeting, dragged)
    mark = "_".join(str(one.item) for one in meeting.items)
    order = st.multiselect(stage.t("meeting_order"), list(titles), list(titles),
                           key=f"order_{meeting.number}_{mark}", label_visibility="collapsed",
                           format_func=lambda one: titles.get(one, str(one)))  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom", key="item_row"):
        item = st.selectbox(stage.t("meeting_item"), list(titles), width=240,
                            key=f"item_{meeting.number}",
                            format_func=lambda one: titles.get(one, str(one)))  # fmt: skip
        up = st.button(stage.t("meeting_up"), key="item_up")
        down = st.button(stage.t("meeting_down"), key="item_down")
        keep = st.button(stage.t("meeting_reorder"), key="reorder",
                         disabled=order == list(titles))  # fmt: skip
    if keep:
        _arranged(stage, meeting, order)
    if up or down:
        _arranged(stage, meeting, moved(list(titles), item, -1 if up else 1))
    chosen = next((one for one in meeting.items if one.item == item), None)
    if chosen is not None:
        _words(stage, meeting, chosen)


def moved(order: list[int], one: int, by: int) -> list[int]:
    """An order with one of it a place further on, or back; at an end it stays."""
    at = order.index(one)
    rest = [each for each in order if each != one]
    rest.insert(max(at + by, 0), one)
    return rest


def _arranged(stage: Stage, meeting: Meeting, order: list[int]) -> None:
    def arranged(state: State, who: str) -> None:
        meetings.arrange(state, meeting.number, order, owner=who)

    acting.do(stage, arranged, NoMeeting, "meeting_changed")


def _words(stage: Stage, meeting: Meeting, one: MeetingItem) -> None:
    mark = f"{meeting.number}_{one.item}"
    with st.container(horizontal=True, vertical_alignment="bottom", key="item_words"):
        title = st.text_input(stage.t("link_title"), one.title, max_chars=LONGEST_TITLE, width=240,
                              key=f"item_title_{mark}", autocomplete="off")  # fmt: skip
        question = st.text_input(stage.t("meeting_question"), one.question, width=320,
                                 max_chars=LONGEST_NOTE, key=f"item_question_{mark}",
                                 autocomplete="off")  # fmt: skip
        note = st.text_input(stage.t("link_note"), one.note, max_chars=LONGEST_NOTE, width=260,
                             key=f"item_note_{mark}", autocomplete="off")  # fmt: skip
        save = st.button(stage.t("change_yes"), key="item_save", disabled=not title.strip())

    def reworded(state: State, who: str) -> None:
        meetings.reword(state, meeting.number, one.item, title=title.strip(), note=note.strip(),
                        question=question.strip(), owner=who)  # fmt: skip

    if save:
        acting.do(stage, reworded, NoMeeting, "meeting_changed")


def _change(stage: Stage, meeting: Meeting) -> None:
    called = listed.words(stage, meeting)
    with st.container(horizontal=True, key="meeting_row"):
        save = st.button(stage.t("change_yes"), key="meeting_save", disabled=not called.title)
        give_up = st.button(stage.t("meeting_withdraw"), key="meeting_withdraw")

    def changed(state: State, who: str) -> None:
        meetings.change(state, meeting.number, called, owner=who)

    def withdrawn(state: State, who: str) -> None:
        meetings.withdraw(state, meeting.number, owner=who)
        components.go(stage.href("meeting", meeting=None))

    if save:
        acting.do(stage, changed, NoMeeting, "meeting_changed")
    if give_up:
        acting.do(stage, withdrawn, NoMeeting, "meeting_withdrawn")


def _copy(stage: Stage, meeting: Meeting) -> None:
    """The next meeting: the same views at the newest data, beside the numbers of this one."""
    with st.expander(stage.t("meeting_copy"), key="copy_open"):
        called = listed.words(stage, None)
        clicked = st.button(stage.t("meeting_copy"), type="primary", key="meeting_copy",
                            disabled=not called.title)  # fmt: skip

    def copied(_: State, who: str) -> None:
        made = gathering.copied(stage, meeting, called)
        components.go(stage.href("meeting", meeting=made.number))

    if clicked:
        acting.do(stage, copied, NoMeeting, "meeting_made")
