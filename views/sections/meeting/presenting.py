"""A meeting over the whole window: it begins with what was decided before, then its views."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from findings import of_meetings
from state import meetings
from state.database import State, StateError, kept_open
from state.meeting_tables import Meeting, MeetingDecision
from state.meetings import Decided, NoMeeting
from views.browser import components
from views.browser.markup import Markup, h
from views.browser.notices import notice
from views.context import gathering, visitor
from views.context.counties import county
from views.context.gathering import Beside, Shown
from views.context.stage import Stage, simulated
from views.parts import qr, share
from views.sections.meeting import decided, opened
from views.sections.saved import acting

_WORDS = ("decide", "decide_text", "decide_unit", "decide_due", "decide_save", "cancel", "full",
          "leave", "back", "next")  # fmt: skip
_TAKEN = "decision_taken"  # in the session: the last that the browser said, so that it counts once


def show(stage: Stage, number: int, at: int) -> None:
    """The slides, beginning with the one that the address names."""
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
    slides = [_first(stage, meeting, shown, carried)]
    slides += [_slide(stage, one) for one in shown]
    slides.append(_last(stage, own))
    told = {
        "title": meeting.title,
        "about": about(stage),
        "at": min(at, len(slides) - 1),
        "slides": slides,
        "words": {key: stage.t(key if key.startswith("decide") else f"present_{key}")
                  for key in _WORDS},
        "units": sorted({one.unit for one in (*carried, *own) if one.unit}),
        "refused": acting.said(stage),
    }  # fmt: skip
    said = components.present(told, key="presenting")
    if said is not None:
        _take(stage, meeting, shown, said)


def about(stage: Stage) -> str:
    """The data date of what is shown, its snapshot, and whether it is simulated."""
    home = stage.county.home
    current = county(home.current_number())
    parts = (f"{stage.t('data_date')} {current.data_date}", stage.t("snapshot_number",
             number=current.snapshot.number), simulated(current.simulated, stage.lang))  # fmt: skip
    return " · ".join(filter(None, parts))


def _first(
    stage: Stage, meeting: Meeting, shown: list[Shown], carried: list[MeetingDecision]
) -> dict[str, Any]:
    """What was decided before and how it stands; what is shown today."""
    about = " · ".join(filter(None, (f"{meeting.held_on}", meeting.venue)))
    before = (
        h("section", h("h2", stage.t("decisions_carried", count=len(carried))),
          decided.table(stage, carried, opens=False))
        if carried
        else h("p", stage.t("decisions_none_before"), cls="sub")
    )  # fmt: skip
    agenda = h("ol", *(h("li", one.item.title) for one in shown), cls="agenda")
    html = h("div", before, h("h2", stage.t("meeting_shows", count=len(shown))), agenda)
    return _text(meeting.title, about, html)


def _last(stage: Stage, own: list[MeetingDecision]) -> dict[str, Any]:
    none = h("p", stage.t("decisions_none"), cls="sub")
    body = decided.table(stage, own, opens=False) if own else none
    return _text(stage.t("decisions_own", count=len(own)), "", body)


def _text(title: str, question: str, html: Markup) -> dict[str, Any]:
    return {"title": title, "question": question, "href": "", "html": html, "item": None}


def _slide(stage: Stage, one: Shown) -> dict[str, Any]:
    """A view in its frame; of one that the viewer may not see, that it is so."""
    item = one.item
    question = item.question or item.note
    if one.stage is None:
        html = h("p", stage.t("view_unseen"), cls="sub")
        return {**_text(item.title, question, html), "item": item.item}
    numbers = h("div", *(_beside(stage, each) for each in one.numbers))
    return {
        "title": item.title,
        "question": question,
        "href": one.href,
        "html": "",
        "item": item.item,
        "numbers": numbers,
        "code": qr.code(share.address_of(item.code), stage.t("share_qr")),
    }


def _beside(stage: Stage, one: Beside) -> Markup:
    measure = stage.measure(one.unit)
    then = stage.t("meeting_then", then=measure.text(one.then)) if one.then is not None else None
    return h("div", h("span", one.name), h("b", measure.text(one.now)),
             h("span", then, cls="then") if then else None, cls="beside")  # fmt: skip


def _take(stage: Stage, meeting: Meeting, shown: list[Shown], said: Mapping[str, Any]) -> None:
    """Do what the browser said, once: leave, or write a decision down."""
    if "leave" in said:
        components.go(stage.href("meeting", item=None))
        return
    if st.session_state.get(_TAKEN) == said.get("number"):
        return
    st.session_state[_TAKEN] = said.get("number")
    one = read(said)
    if one is None:
        return

    region = next((each.stage.view.region for each in shown
                   if each.stage and each.item.item == one.item), stage.view.region)  # fmt: skip

    def write(state: State, _: str) -> None:
        viewer = visitor.viewer_now(stage.county)
        of_meetings.decide(state, viewer, meeting.number, one, region)

    acting.do(stage, write, NoMeeting, "decision_made")


def read(said: Mapping[str, Any]) -> Decided | None:
    """A decision as the browser sent it; None for one without words or that is none."""
    text, unit, due, item = (said.get(key) for key in ("text", "unit", "due", "item"))
    if not isinstance(text, str) or not text.strip() or not isinstance(unit, str):
        return None
    try:
        day = date.fromisoformat(due) if isinstance(due, str) and due else None
    except ValueError:
        return None
    return Decided(text.strip(), unit.strip(), day, item if isinstance(item, int) else None)
