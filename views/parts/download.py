"""A button for a workbook or file: so many rows and files a minute, whole only with a reason.

A workbook is built at the click, by what its viewer may at that moment, written to the audit before
it is handed out (by ``gate.handouts``), and printed with who took it out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from access.limits import METER
from access.roles import Act
from state.audit import NotRecorded
from state.database import StateError
from store.handouts import HANDOUTS
from store.settings import setting
from views.browser import components
from views.browser.markup import h
from views.browser.notices import notice
from views.context import limited, visitor, witness
from views.context.address import base
from views.context.stage import Stage

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A workbook about to be built: its stage asks what its viewer may now, and ``mark`` is printed
    on it: who, when, of which snapshot, and the audit's head."""

    stage: Stage
    mark: str


Build = Callable[[Outgoing], bytes]


@dataclass(frozen=True, slots=True)
class Export:
    """What a button takes out: how it is built, under which name, how many rows, by which act.

    What is gone, or not theirs any more, when it is built raises LookupError.
    """

    build: Build
    file_name: str
    rows: int
    act: Act
    media_type: str = _WORKBOOK


def button(
    stage: Stage,
    label: str,
    build: Build,
    file_name: str,
    rows: int,
    *,
    key: str = "export",
    help: str | None = None,
    whole: bool = False,
    act: Act = "export",
    media_type: str = _WORKBOOK,
) -> None:
    """A button that builds the workbook when it is clicked; none for who may not take it out.

    Of more ``rows`` than may be taken out there is a sentence in its place, as a sheet would lose
    those that it does not hold. ``whole`` ones can be had with personal columns whole too.
    """
    if not stage.may(act):
        return
    most: int = setting("TAIZHANG_EXPORT_ROWS")
    if rows > most:
        said = stage.t("export_too_many", rows=f"{rows:,}", most=f"{most:,}")
        components.paper(h("p", said, cls="sub", role="status"), key=f"{key}_too_many")
        return
    _row(stage, label, Export(build, file_name, rows, act, media_type), key, help, whole)


@st.fragment
def _row(stage: Stage, label: str, export: Export, key: str, help: str | None, whole: bool) -> None:
    """The button, and the way to whole columns beside it; a click runs nothing else again."""
    with st.container(horizontal=True, vertical_alignment="center", key=f"{key}_row"):
        if st.button(label, key=key, help=help):
            _hand_out(stage, export, key)
        if whole and stage.may("reveal"):
            _whole(stage, export, key)


def _whole(stage: Stage, export: Export, key: str) -> None:
    with st.popover(stage.t("export_whole")):
        hint = h("p", stage.t("export_whole_hint"), cls="sub")
        components.paper(hint, key=f"{key}_whole_hint")
        reason = st.text_input(
            stage.t("reason_for"), max_chars=LONGEST_REASON, key=f"{key}_reason", autocomplete="off"
        )
        if st.button(stage.t("export_whole_yes"), type="primary", key=f"{key}_whole"):
            if reason.strip():
                _hand_out(stage, export, key, reason.strip())
            else:
                notice([stage.t("reason_needed")], key=f"{key}_reason_needed")


def _hand_out(stage: Stage, export: Export, key: str, reason: str = "") -> None:
    """Build it for who clicks, as they stand at this moment, and let their browser fetch it."""
    say = partial(notice, alert=True, key=f"{key}_refused")
    try:
        viewer = stage.held(visitor.viewer_now(stage.county))
    except StateError:
        return say([stage.t("state_unread")])
    now = replace(stage, viewer=viewer, reveal=bool(reason))
    if not now.may(export.act) or (reason and not now.may("reveal")):
        return say([stage.t("refused_hint")])
    if not METER.spend(limited.who(now), "export"):
        most = setting("TAIZHANG_EXPORTS_A_MINUTE")
        return say([stage.t("exported_too_often", most=most)])
    about = {**witness.asked(now), "file": export.file_name, "rows": export.rows}
    about |= {"whole": True, "reason": reason} if reason else {}
    try:
        begun = witness.write(now, "export", about, "begun")
        content = export.build(Outgoing(now, _mark(now, f"{begun.number}:{begun.hash}")))
        told = {"begun": begun.number, "sha256": hashlib.sha256(content).hexdigest()}
        witness.write(now, "export", {**told, "bytes": len(content)})
    except LookupError:
        return say([stage.t("refused_hint")])
    except NotRecorded:
        return say([stage.t("export_not_recorded")])
    except StateError:
        return say([stage.t("state_unread")])
    run = get_script_run_ctx()
    session = run.session_id if run else ""
    try:
        token = HANDOUTS.put(content, export.file_name, export.media_type, viewer.subject, session)
    except OSError:
        return say([stage.t("not_kept")])
    components.handout(f"{base()}/export/{token}", key=f"{key}_handout")
    return None


def _mark(stage: Stage, head: str) -> str:
    """Who takes it out, when, of which snapshot, and the audit's head then."""
    return stage.t(
        "export_mark",
        name=stage.viewer.name,
        when=f"{datetime.now().astimezone():%Y-%m-%d %H:%M}",
        number=stage.county.snapshot.number,
        head=head,
    )
