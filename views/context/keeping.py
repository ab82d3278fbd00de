"""Saved views as somebody may open them: the menu's, and the one that their visits begin with."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from state import saved_views
from state.database import StateError, kept_open
from state.tables import SavedView
from views.context import address, possible, sharing
from views.context.refusal import refusal_of
from views.context.stage import Stage, asked, staged

_CAME = "came"  # in the session: that its first run is over


@dataclass(frozen=True, slots=True)
class Kept:
    """A saved view and its address; empty where its owner may not see it any more."""

    view: SavedView
    href: str


def listed(stage: Stage) -> list[Kept]:
    """The viewer's own views, then those that others share and that they may see.

    Raises StateError.
    """
    state, who = kept_open(stage.county.home.path), stage.viewer.subject
    found = [Kept(view, _href(stage, view)) for view in saved_views.listed(state, who)]
    return [one for one in found if one.href or one.view.owner == who]


def menu(stage: Stage) -> list[Kept]:
    """Those of them that can be opened, for the menu; none where they cannot be read."""
    if not stage.viewer.where("share").codes:
        return []
    try:
        return [one for one in listed(stage) if one.href]
    except StateError:  # the page of saved views says so
        return []


def start(stage: Stage) -> str:
    """Where a visit that asks for nothing is led on to: its viewer's start page, as it begins.

    Empty otherwise; the first page of the menu can always be opened.
    """
    first = not st.session_state.get(_CAME)
    st.session_state[_CAME] = True
    if not first or stage.spec.path or asked():
        return ""
    try:
        view = saved_views.start_of(kept_open(stage.county.home.path), stage.viewer.subject)
    except StateError:
        return ""
    return _href(stage, view) if view else ""


def _href(stage: Stage, view: SavedView) -> str:
    """A saved view's address, for who may see it."""
    written = sharing.written(view)
    if written is None:
        return ""
    spec, query = written
    bounds = possible.bounds(stage.county, stage.wide, spec)
    opened = staged(spec, query, stage.county, stage.wide, bounds)
    return "" if refusal_of(opened) else address.href(spec.path, query)
