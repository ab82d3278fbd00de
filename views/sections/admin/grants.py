"""Grants on the page /admin: what there are, what somebody should look at, giving and revoking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import streamlit as st

from access import grants, groups
from access.grants import NoGrant, NotGiven
from access.rights import standing
from access.roles import ROLES
from state.database import StateError, kept_open
from state.tables import Grant
from views.browser import components
from views.browser.markup import Markup, h
from views.browser.notices import notice
from views.context import visitor
from views.context.stage import Stage
from views.parts import pieces

_SAID = "grants_said"  # in the session: what came of the last act, told by the next run
_FORM = "grants_form"  # in the session: how many forms were sent, so that the next one is empty
_HEADS = ("grant_number", "grant_person", "grant_role", "place", "grant_begins", "grant_ends",
          "grant_by", "grant_now")  # fmt: skip


def show(stage: Stage) -> None:
    """Grants, for whoever manages them."""
    if not stage.may("manage_rights"):
        return
    if told := st.session_state.pop(_SAID, None):
        notice([told[1]], alert=not told[0], key="grants_said")
    try:
        with kept_open(stage.county.home.path).reading() as session:
            every = grants.listed(session)
            doubts = list(grants.doubtful(session, _known(stage)))
    except StateError:
        notice([stage.t("state_unread")], alert=True, key="grants_unread")
        return
    _doubtful(stage, doubts)
    _table(stage, every)
    _give(stage)
    _revoke(stage, [grant for grant in every if grant.revoked_at is None])


def _doubtful(stage: Stage, doubts: Sequence[grants.Doubtful]) -> None:
    """What somebody should look at, of grants and of the roles by group."""
    rows = [
        (
            str(each.number),
            each.subject,
            stage.t(f"doubt_{each.trouble}", what=each.what, days=grants.UNSEEN_DAYS),
        )
        for each in doubts
    ]
    given, faults = groups.mapped(stage.county.home.path)
    rows += [("—", groups.FILE, str(fault)) for fault in faults]
    rows += [
        ("—", each.group, stage.t("doubt_no_such_region", what=code))
        for each in given
        for code in each.codes
        if not grants.is_there(code, _known(stage))
    ]
    title = stage.t("doubts_title", count=len(rows)) if rows else stage.t("doubts_none")
    head = [stage.t(key) for key in ("grant_number", "grant_person", "doubt")]
    body = pieces.table(head, rows) if rows else None
    html = h("section", pieces.heading(title, stage.t("doubts_sub")), body)
    components.paper(html, key="doubts")


def _table(stage: Stage, every: Sequence[Grant]) -> None:
    head = [stage.t(key) for key in _HEADS]
    rows = [_row(stage, grant) for grant in reversed(every)]
    body = pieces.table(head, rows, cls="data tight") if rows else h("p", stage.t("no_rows"))
    title = pieces.heading(stage.t("grants_title", count=len(rows)), stage.t("grants_sub"))
    components.paper(h("section", title, body), key="grants")


def _row(stage: Stage, grant: Grant) -> tuple[Any, ...]:
    now = standing(grant, _today())
    said: Any = stage.t(f"grant_{now}")
    if grant.revoked_at is not None:
        said = f"{said} {grant.revoked_by} {grant.revoked_at.astimezone():%Y-%m-%d}"
    tone = "good" if now == "counts" else ""
    return (
        str(grant.number),
        _person(grant),
        stage.t(f"role_{grant.role}"),
        "、".join(_place(stage, code) for code in grant.codes),
        h("span", grant.begins.isoformat(), cls="nowrap"),
        h("span", grant.ends.isoformat() if grant.ends else "—", cls="nowrap"),
        grant.given_by,
        h("span", said, cls=f"light {tone}"),
    )


def _person(grant: Grant) -> Markup:
    name = grant.person.name
    return h("span", name if name == grant.subject else f"{name} {grant.subject}", cls="nowrap")


def _place(stage: Stage, code: str) -> str:
    if zone := stage.county.zones.get(code):
        return f"{zone.name(stage.scope)} {code}"
    place = stage.county.places.get(code)
    return f"{place.short_name} {code}" if place else code


def _zones(stage: Stage) -> list[str]:
    """The zones and grids that rights can be given in: of whole villages."""
    return [code for code, zone in stage.county.zones.items() if not zone.by_group]


def _known(stage: Stage) -> set[str]:
    return {*stage.county.places, *_zones(stage)}


def _give(stage: Stage) -> None:
    """The form of a new grant."""
    number = st.session_state.get(_FORM, 0)
    places = [*stage.county.places, *_zones(stage)]
    components.paper(pieces.heading(stage.t("give_title"), stage.t("give_sub")), key="give_heading")
    with st.container(horizontal=True, vertical_alignment="bottom", key="give_row"):
        subject = st.text_input(stage.t("subject_of"), max_chars=200, key=f"give_subject_{number}",
                                width=160, autocomplete="off")  # fmt: skip
        name = st.text_input(stage.t("name_of"), max_chars=40, key=f"give_name_{number}",
                             width=100, autocomplete="off")  # fmt: skip
        role = st.selectbox(stage.t("grant_role"), ROLES, index=None, key=f"give_role_{number}",
                            format_func=lambda key: stage.t(f"role_{key}"), width=150,
                            placeholder=stage.t("choose"))  # fmt: skip
        codes = st.multiselect(stage.t("place"), places, key=f"give_places_{number}", width=255,
                               format_func=lambda code: _place(stage, code),
                               placeholder=stage.t("choose"))  # fmt: skip
        begins = st.date_input(stage.t("grant_begins"), _today(), key=f"give_begins_{number}",
                               width=150)  # fmt: skip
        ends = st.date_input(stage.t("grant_ends"), None, key=f"give_ends_{number}", width=150)
        ready = bool(subject.strip() and role and codes and begins)
        if st.button(stage.t("give_yes"), type="primary", disabled=not ready, key="give_yes"):
            asked = {"name": name.strip(), "begins": begins, "ends": ends}
            st.session_state[_SAID] = _given(stage, subject.strip(), role, codes, asked)
            if st.session_state[_SAID][0]:
                st.session_state[_FORM] = number + 1
            st.rerun()


def _given(
    stage: Stage, subject: str, role: Any, codes: Sequence[str], asked: dict[str, Any]
) -> tuple[bool, str]:
    if not _may_still(stage):
        return False, stage.t("refused_hint")
    by = stage.viewer.subject
    try:
        state = kept_open(stage.county.home.path)
        number = grants.give(state, subject, role, codes, by=by, **asked)
    except NotGiven as error:
        return False, stage.t(f"not_given_{error.why}", what=error.what)
    except StateError:
        return False, stage.t("not_recorded")
    return True, stage.t("grant_done", number=number)


def _revoke(stage: Stage, standing_ones: Sequence[Grant]) -> None:
    """Taking a grant back, with the reason."""
    if not standing_ones:
        return
    words = {
        grant.number: f"{grant.number} · {grant.person.name} · {stage.t(f'role_{grant.role}')}"
        for grant in standing_ones
    }
    components.paper(pieces.heading(stage.t("revoke_title")), key="revoke_heading")
    with st.container(horizontal=True, vertical_alignment="bottom", key="revoke_row"):
        number = st.selectbox(stage.t("grant_number"), list(words), index=None, key="revoke_number",
                              format_func=words.__getitem__, placeholder=stage.t("choose"),
                              width=320)  # fmt: skip
        why = st.text_input(stage.t("revoke_why"), max_chars=200, key="revoke_why", width=300,
                            autocomplete="off")  # fmt: skip
        ready = number is not None and bool(why.strip())
        if st.button(stage.t("revoke_yes"), disabled=not ready, key="revoke_yes"):
            st.session_state[_SAID] = _revoked(stage, number or 0, why.strip())
            st.rerun()


def _revoked(stage: Stage, number: int, why: str) -> tuple[bool, str]:
    if not _may_still(stage):
        return False, stage.t("refused_hint")
    try:
        state = kept_open(stage.county.home.path)
        grants.revoke(state, number, by=stage.viewer.subject, why=why)
    except NoGrant:
        return False, stage.t("no_grant", number=number)
    except StateError:
        return False, stage.t("not_recorded")
    return True, stage.t("revoke_done", number=number)


def _may_still(stage: Stage) -> bool:
    """Whether the viewer may manage rights at this moment, not when the page was drawn."""
    try:
        viewer = visitor.viewer_now(stage.county)
    except StateError:
        return False
    same = viewer.subject == stage.viewer.subject
    return same and viewer.may("manage_rights", stage.county.code)


def _today() -> date:
    return datetime.now().astimezone().date()
