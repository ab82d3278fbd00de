"""Who works in which unit, on the page /admin: what waits for a unit waits for its people."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from access.grants import listed
from findings import texts, units
from findings.texts import Unusable
from state.database import StateError, kept_open
from state.tables import Person
from views.browser import components
from views.browser.markup import h
from views.browser.notices import notice
from views.context import visitor
from views.context.stage import Stage
from views.parts import pieces

_SAID = "units_said"  # in the session: what came of the last act, told by the next run


def show(stage: Stage) -> None:
    """Units and their people, for whoever manages rights."""
    if not stage.may("manage_rights"):
        return None
    if told := st.session_state.pop(_SAID, None):
        notice([told[1]], alert=not told[0], key="units_said")
    try:
        with kept_open(stage.county.home.path).reading() as session:
            members = units.members(session)
            people = {grant.subject: grant.person.name for grant in listed(session)}
    except StateError:
        return notice([stage.t("state_unread")], alert=True, key="units_unread")
    _table(stage, members)
    _form(stage, people)
    return None


def _table(stage: Stage, members: Sequence[tuple[str, Person]]) -> None:
    rows = [(unit, f"{person.name} {person.subject}") for unit, person in members]
    head = [stage.t(key) for key in ("problem_unit", "grant_person")]
    body = pieces.table(head, rows, cls="data tight") if rows else h("p", stage.t("no_rows"))
    title = pieces.heading(stage.t("units_title"), stage.t("units_sub"))
    components.paper(h("section", title, body), key="units")


def _form(stage: Stage, people: dict[str, str]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", key="units_row"):
        unit = st.text_input(stage.t("problem_unit"), key="units_unit", width=240,
                             max_chars=texts.NAME, autocomplete="off")  # fmt: skip
        subject = st.selectbox(stage.t("grant_person"), list(people), index=None, width=240,
                               key="units_subject", placeholder=stage.t("choose"),
                               format_func=lambda key: f"{people[key]} {key}")  # fmt: skip
        ready = bool(unit.strip() and subject)
        for works, key in ((True, "units_in"), (False, "units_out")):
            if st.button(stage.t(key), disabled=not ready, key=key):
                st.session_state[_SAID] = _put(stage, unit, subject or "", works)
                st.rerun()


def _put(stage: Stage, unit: str, subject: str, works: bool) -> tuple[bool, str]:
    try:
        viewer = visitor.viewer_now(stage.county)
        same = viewer.subject == stage.viewer.subject
        if not (same and viewer.may("manage_rights", stage.county.code)):
            return False, stage.t("refused_hint")
        state = kept_open(stage.county.home.path)
        units.put(state, unit, subject, by=viewer.subject, works=works)
    except Unusable as error:
        field = stage.t(f"field_{error.field}")
        return False, stage.t(f"unusable_{error.why}", field=field, **error.more)
    except StateError:
        return False, stage.t("not_recorded")
    return True, stage.t("units_done")
