"""Notices over and in pages: whatever they say is text, never read as markup or Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from views.browser.components import paper
from views.browser.markup import Markup, h

_ABOVE: ContextVar[DeltaGenerator] = ContextVar("above")


def begin() -> None:
    """Keep the place over the page where what the page itself notices is said."""
    _ABOVE.set(st.container(key="above"))


def above(said: Sequence[str], *, key: str) -> None:
    """A notice over the page that is being drawn, whatever was drawn of it already."""
    with _ABOVE.get():
        notice(said, key=key)


def notice(said: Sequence[str], *, key: str, title: str = "", alert: bool = False) -> None:
    """Say something that a viewer has to know before reading on; ``alert`` for what went wrong.

    Texts of addresses, files and people go here as they came.
    """
    paper(banner(said, title=title, alert=alert), key=f"notice_{key}")


def banner(said: Sequence[str], *, title: str = "", alert: bool = False) -> Markup:
    """A notice as markup."""
    words = h("p", said[0]) if len(said) == 1 else h("ul", *(h("li", one) for one in said))
    head = h("strong", title) if title else None
    return h(
        "div",
        head,
        words,
        cls=f"banner notice{' alert' if alert else ''}",
        role="alert" if alert else "status",
    )


def remark(text: str, *, key: str) -> None:
    """A word in small beside what it is about."""
    paper(h("p", text, cls="note"), key=f"remark_{key}")
