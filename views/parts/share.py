"""分享: the address of exactly this view, a short one to copy and to scan; and keeping the view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode, urlsplit

import streamlit as st

from access.limits import METER
from state import links, meetings, saved_views
from state.database import StateError, kept_open
from state.links import LONGEST_NOTE, LONGEST_TITLE
from state.saved_views import Words
from store.settings import setting
from views.browser import components
from views.browser.markup import Markup, h
from views.browser.notices import notice
from views.context import gathering, limited, searching, sharing, visitor, where
from views.context.address import base
from views.context.stage import Stage, set_stage
from views.parts import qr

_SAID = "share_said"  # in the session: why the last act was not done
_MADE = "short_links"  # in the session: the codes made for views, by their queries


@st.fragment
def panel(stage: Stage) -> None:
    """The button on every page, and what opens under it; a click in it runs nothing else again.

    A page that is one scene may have gone on since it was drawn: opening it looks anew.
    """
    stage = set_stage(stage.spec) if stage.spec.scene else stage
    opened = (
        st.popover(stage.t("share"), on_change="rerun", key="share_panel")
        if stage.spec.scene
        else st.popover(stage.t("share"))
    )
    with opened:
        _inside(stage)


def _inside(stage: Stage) -> None:
    title = " · ".join([where.page(stage), *where.subject(stage)])
    addresses = st.container()
    keeps = stage.stop is None and stage.may("share")
    if keeps:
        _keeping(stage, title)
    with addresses:
        components.paper(_addresses(stage, title, keeps), key="share")


def _addresses(stage: Stage, title: str, keeps: bool) -> Markup:
    """The address, the short one if it was made, and the code to scan: of the short one, since a
    long address makes a fine one; of the other where there will be none."""
    hints = [stage.t("share_hint")]
    if stage.view.q and searching.is_private(stage.view.q):
        hints.append(stage.t("share_without_search"))
    full = site() + stage.href(stage.spec.key, pinned=True, rules=stage.bounds.rulebook, draft=None)
    told = [h("p", hint, cls="sub") for hint in hints]
    told.append(copied(stage, stage.t("share_full"), full, f"{where.title(stage)}\n{full}"))
    short = _made(stage)
    if short:
        told.append(copied(stage, stage.t("share_short"), short, f"{title}\n{short}"))
    if short or not keeps:
        told.append(qr.code(short or full, stage.t("share_qr")))
    return h("div", *told, cls="share")


def _made(stage: Stage) -> str:
    """The short address that was made for the view in this session; empty for none."""
    code = st.session_state.get(_MADE, {}).get(urlencode(sharing.pinned(stage)))
    return address_of(code) if code else ""


def site() -> str:
    """The address that the browser has open, without a path; empty where it is not told."""
    opened = urlsplit(st.context.url or "")
    return f"{opened.scheme}://{opened.netloc}" if opened.netloc else ""


def address_of(code: str) -> str:
    """A short link's whole address."""
    return f"{site()}{path_of(code)}"


def path_of(code: str) -> str:
    """A short link's address within the program."""
    return f"{base()}/s/{code}"


def copied(stage: Stage, name: str, shown: str, text: str) -> Markup:
    """An address, and the button that copies it, with its words."""
    button = h(
        "button", stage.t("copy"), type="button", data_copy=text, data_done=stage.t("copied")
    )
    return h("p", h("b", name), h("code", shown), button, cls="address")


def _keeping(stage: Stage, title: str) -> None:
    """Words for it, and the two ways to keep it: as it is now, or to come back to."""
    view = "_".join([stage.spec.key, *where.subject(stage), stage.lang])
    keys = (f"share_title_{view}", f"share_note_{view}")
    st.text_input(stage.t("link_title"), title, max_chars=LONGEST_TITLE, key=keys[0],
                  autocomplete="off")  # fmt: skip
    st.text_input(stage.t("link_note"), max_chars=LONGEST_NOTE, key=keys[1], autocomplete="off")

    def words() -> Words:
        given, note = (str(st.session_state[key]).strip() for key in keys)
        return Words(given or title, note)

    def make() -> None:
        _do(stage, lambda now: _make(now, words()))

    with st.container(horizontal=True, vertical_alignment="center", key="share_row"):
        # As a callback: what is drawn after it knows the link already, and offers no second one.
        st.button(stage.t("share_make"), type="primary", disabled=bool(_made(stage)),
                  key="share_make", on_click=make)  # fmt: skip
        save = st.button(stage.t("view_save"), key="view_save")
        shared = st.checkbox(stage.t("view_shared"), key="view_shared")
        start = st.checkbox(stage.t("view_start"), key="view_start")
    _to_meeting(stage, words)
    if save:
        _do(stage, lambda now: _save(now, replace(words(), shared=shared, start=start)))
        if _SAID not in st.session_state:
            st.rerun()  # the menu lists it
    if told := st.session_state.pop(_SAID, None):
        notice([told], alert=True, key="share_refused")


def _to_meeting(stage: Stage, words: Callable[[], Words]) -> None:
    """The view at the end of one of the viewer's own meetings, the latest first."""
    try:
        own = {one.number: one for one in gathering.own(stage)}
    except StateError:  # the page of meetings says so
        return
    if not own:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="to_meeting_row"):
        number = st.selectbox(stage.t("page_meeting"), list(own), key="to_meeting", width=260,
                              format_func=lambda one: f"{own[one].title} · {own[one].held_on}"
                              if one in own else str(one))  # fmt: skip
        add = st.button(stage.t("meeting_add"), key="meeting_add")
    if add:
        _do(stage, lambda now: _add(now, number, words()))
        if _SAID not in st.session_state:
            notice([stage.t("meeting_added")], key="meeting_added")


def _do(stage: Stage, act: Callable[[Stage], None]) -> None:
    """Do it as who clicks stands at this moment; where it is not done, it is kept to be said."""
    said = ""
    try:
        now = replace(stage, viewer=stage.held(visitor.viewer_now(stage.county)))
        if not now.may("share"):
            said = stage.t("refused_hint")
        elif not METER.spend(limited.who(now), "link"):
            said = stage.t("links_too_often", most=setting("TAIZHANG_LINKS_A_MINUTE"))
        else:
            act(now)
    except StateError:
        said = stage.t("not_recorded")
    if said:
        st.session_state[_SAID] = said


def _make(stage: Stage, words: Words) -> None:
    sent = sharing.sent(stage)
    state = kept_open(stage.county.home.path)
    link = links.make(state, sent, owner=stage.viewer.subject, title=words.title, note=words.note)
    st.session_state.setdefault(_MADE, {})[sent.query] = link.code


def _add(stage: Stage, number: int, words: Words) -> None:
    showing = gathering.showing(stage, words.title, note=words.note)
    state = kept_open(stage.county.home.path)
    try:
        meetings.add(state, number, showing, owner=stage.viewer.subject)
    except meetings.NoMeeting:
        st.session_state[_SAID] = stage.t("kept_gone")


def _save(stage: Stage, words: Words) -> None:
    state = kept_open(stage.county.home.path)
    query = urlencode(sharing.lasting(stage))
    saved_views.save(state, stage.spec.path, query, words, owner=stage.viewer.subject)
