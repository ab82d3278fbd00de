"""分享: the address of exactly this view, a short one to copy and to scan; and keeping the view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode, urlsplit

import streamlit as st

from access.limits import METER
from state import links, saved_views
from state.database import StateError, kept_open
from state.links import LONGEST_NOTE, LONGEST_TITLE
from state.saved_views import Words
from store.settings import setting
from views.browser import components
from views.browser.markup import Markup, h
from views.browser.notices import notice
from views.context import limited, searching, sharing, visitor, where
from views.context.address import base
from views.context.stage import Stage
from views.parts import qr

_MADE = "short_links"  # in the session: the codes made for views, by their queries


def panel(stage: Stage) -> None:
    """The button on every page, and what opens under it."""
    with st.popover(stage.t("share")):
        _inside(stage)


@st.fragment
def _inside(stage: Stage) -> None:
    """A click in it runs nothing else of the page again."""
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
    given = st.text_input(stage.t("link_title"), title, max_chars=LONGEST_TITLE,
                          key=f"share_title_{view}", autocomplete="off")  # fmt: skip
    note = st.text_input(stage.t("link_note"), max_chars=LONGEST_NOTE, key=f"share_note_{view}",
                         autocomplete="off")  # fmt: skip
    name = given.strip() or title
    with st.container(horizontal=True, vertical_alignment="center", key="share_row"):
        made = bool(_made(stage))
        if st.button(stage.t("share_make"), type="primary", disabled=made, key="share_make"):
            _do(stage, lambda now: _make(now, name, note.strip()))
        save = st.button(stage.t("view_save"), key="view_save")
        shared = st.checkbox(stage.t("view_shared"), key="view_shared")
        start = st.checkbox(stage.t("view_start"), key="view_start")
    words = Words(name, note.strip(), shared, start)
    if save and _do(stage, lambda now: _save(now, words)):
        st.rerun()  # the menu lists it


def _do(stage: Stage, act: Callable[[Stage], None]) -> bool:
    """Do it as who clicks stands at this moment; say so where it is not done."""
    try:
        now = replace(stage, viewer=visitor.viewer_now(stage.county))
        if not now.may("share"):
            notice([stage.t("refused_hint")], alert=True, key="share_refused")
        elif not METER.spend(limited.who(now), "link"):
            most = setting("TAIZHANG_LINKS_A_MINUTE")
            notice([stage.t("links_too_often", most=most)], alert=True, key="share_refused")
        else:
            act(now)
            return True
    except StateError:
        notice([stage.t("not_recorded")], alert=True, key="share_refused")
    return False


def _make(stage: Stage, title: str, note: str) -> None:
    sent = sharing.sent(stage)
    state = kept_open(stage.county.home.path)
    link = links.make(state, sent, owner=stage.viewer.subject, title=title, note=note)
    st.session_state.setdefault(_MADE, {})[sent.query] = link.code


def _save(stage: Stage, words: Words) -> None:
    state = kept_open(stage.county.home.path)
    query = urlencode(sharing.lasting(stage))
    saved_views.save(state, stage.spec.path, query, words, owner=stage.viewer.subject)
