"""What stands in a page's place for whoever may not see it, and the word of who is logged in."""

from __future__ import annotations

import streamlit as st

from access.entry import way_in
from access.identity import Guest
from glossary import Lang, term
from views.browser.components import paper, surroundings
from views.browser.markup import Markup, h
from views.browser.notices import notice
from views.context import visitor
from views.context.address import base

_LOGOUT = "/auth/logout"


def instead(lang: Lang, guest: Guest) -> None:
    """For whoever is not logged in (any more) the way out; else the page without anything.

    Where a provider says who people are, the browser leaves this page for that of the logged out.
    """
    if guest.standing == "in":
        nothing(lang)
    elif way_in() == "oidc":
        st.logout()
    else:
        surroundings(lang)
        notice([term("login_over", lang)], key="login_over")


def nothing(lang: Lang) -> None:
    """The one page for whatever somebody may not see: it says nothing of what there is."""
    surroundings(lang)
    notice([term("nothing_here", lang)], key="nothing_here")
    paper(h("p", mark(lang)), key="entrance")


def unknown(lang: Lang) -> None:
    """It cannot be found out who is looking: nothing is shown."""
    surroundings(lang)
    notice([term("gate_state", lang)], key="unknown", alert=True)


def login_needed(lang: Lang) -> None:
    """Real data and no login: nothing is shown, and what to set is said."""
    surroundings(lang)
    notice([term("login_needed", lang)], key="login_needed", alert=True)


def mark(lang: Lang) -> Markup | None:
    """That nobody is asked, or who is logged in, with the way out."""
    guest = visitor.who()
    if guest.standing == "open":
        return h("span", term("no_login", lang), cls="tag", title=term("no_login_note", lang))
    name = guest.rights.name if guest.rights else ""
    out = h("a", term("logout", lang), href=f"{base()}{_LOGOUT}", target="_self")
    return h("span", name, " ", out if way_in() == "oidc" else None, cls="muted")
