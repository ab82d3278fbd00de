"""The viewer's short links: where each leads, and renaming or withdrawing one."""

from __future__ import annotations

from typing import Any

import streamlit as st

from state import links
from state.database import State, StateError, kept_open
from state.links import NoLink
from state.tables import ShortLink
from views.browser import components
from views.browser.markup import h
from views.browser.notices import notice
from views.context.stage import Stage
from views.parts import pieces, share
from views.sections.saved import acting

_HEADS = ("link_title", "link_made", "data_date", "share_short", "link_remark", "grant_now")


def show(stage: Stage) -> None:
    """All that the viewer made, the newest first; withdrawn ones stay to be seen."""
    try:
        every = links.of_owner(kept_open(stage.county.home.path), stage.viewer.subject)
    except StateError:
        notice([stage.t("state_unread")], alert=True, key="links_unread")
        return
    head = [stage.t(key) for key in _HEADS]
    rows = [_row(stage, link) for link in every]
    body = pieces.table(head, rows, cls="data tight") if rows else h("p", stage.t("links_none"))
    title = pieces.heading(stage.t("links_title", count=len(rows)), stage.t("links_sub"))
    components.paper(h("section", title, body), key="links")
    _change(stage, {link.code: link for link in every if link.withdrawn_at is None})


def _row(stage: Stage, link: ShortLink) -> tuple[Any, ...]:
    whole = share.address_of(link.code)
    stands = link.withdrawn_at is None
    copy = h("button", stage.t("copy"), type="button", data_copy=f"{link.title}\n{whole}",
             data_done=stage.t("copied"))  # fmt: skip
    opens = h("a", f"/s/{link.code}", href=share.path_of(link.code), target="_self")
    return (
        link.title,
        h("span", f"{link.made_at.astimezone():%Y-%m-%d %H:%M}", cls="nowrap"),
        h("span", f"{link.data_date}", cls="nowrap"),
        h("span", opens, " ", copy, cls="nowrap") if stands else f"/s/{link.code}",
        link.note or "—",
        h("span", stage.t("link_stands" if stands else "link_withdrawn"),
          cls="light good" if stands else "light"),
    )  # fmt: skip


def _change(stage: Stage, standing: dict[str, ShortLink]) -> None:
    if not standing:
        return
    components.paper(pieces.heading(stage.t("link_change")), key="link_change")
    with st.container(horizontal=True, vertical_alignment="bottom", key="link_row"):
        code = st.selectbox(stage.t("share_short"), list(standing), key="link_code", width=320,
                            format_func=lambda one: f"{standing[one].title} · /s/{one}"
                            if one in standing else one)  # fmt: skip
        chosen = standing.get(code)
        if chosen is None:
            return
        title, note = acting.words(stage, f"link_{code}", chosen.title, chosen.note)
        rename = st.button(stage.t("change_yes"), disabled=not title, key="link_rename")
        withdraw = st.button(stage.t("link_withdraw"), key="link_withdraw")

    def renamed(state: State, who: str) -> None:
        links.rename(state, code, owner=who, title=title, note=note)

    def withdrawn(state: State, who: str) -> None:
        links.withdraw(state, code, owner=who)

    if rename:
        acting.do(stage, renamed, NoLink, "link_renamed")
    if withdraw:
        acting.do(stage, withdrawn, NoLink, "link_withdrawn_done")
