"""An act of an owner's: done as they stand at that moment, told by the next run of the page."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from state.database import State, StateError, kept_open
from state.links import LONGEST_NOTE, LONGEST_TITLE
from views.browser.notices import notice
from views.context import visitor
from views.context.stage import Stage

_SAID = "saved_said"  # in the session: what came of the last act


def say(stage: Stage) -> None:
    """What came of the act before this run."""
    if told := st.session_state.pop(_SAID, None):
        notice([stage.t(told[0])], alert=told[1], key="saved_said")


def said(stage: Stage) -> str:
    """Why the act before this run was not done; empty where it was."""
    told = st.session_state.pop(_SAID, None)
    return stage.t(told[0]) if told and told[1] else ""


def words(stage: Stage, of: str, title: str, note: str) -> tuple[str, str]:
    """The title and the note that are typed for what is chosen, ``of`` its kind and key."""
    said = st.text_input(stage.t("link_title"), title, max_chars=LONGEST_TITLE, width=300,
                         key=of.replace("_", "_title_", 1), autocomplete="off")  # fmt: skip
    more = st.text_input(stage.t("link_note"), note, max_chars=LONGEST_NOTE, width=300,
                         key=of.replace("_", "_note_", 1), autocomplete="off")  # fmt: skip
    return said.strip(), more.strip()


def do(
    stage: Stage,
    act: Callable[[State, str], None],
    gone: type[LookupError],
    done: str,
) -> None:
    """Let the viewer do it, and run the page anew; ``gone`` is raised where it is theirs no more,
    and ``done`` the term that says that it was done."""
    st.session_state[_SAID] = _did(stage, act, gone, done)
    st.rerun()


def _did(
    stage: Stage, act: Callable[[State, str], None], gone: type[LookupError], done: str
) -> tuple[str, bool]:
    try:
        viewer = visitor.viewer_now(stage.county)
        if viewer.subject != stage.viewer.subject or not viewer.where("share").codes:
            return "refused_hint", True
        act(kept_open(stage.county.home.path), viewer.subject)
    except gone:
        return "kept_gone", True
    except StateError:
        return "not_recorded", True
    return done, False
