"""The next steps of a problem as a form: what the viewer may do now, and what each step needs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from access.roles import FOLLOWING_UP, Act
from access.viewer import Viewer
from findings import evidence, machine, texts, writing
from findings.evidence import ENDINGS, Evidence
from findings.machine import StepKey
from findings.texts import Unusable
from findings.writing import AlreadyOpen, Given, Measure, NoFinding, NotTaken
from state.database import StateError, kept_open
from state.tables import Finding
from store.settings import read_only
from store.uploads import UPLOADS
from views.browser import components
from views.browser.markup import h
from views.browser.notices import notice, remark
from views.context import visitor
from views.context.stage import Stage
from views.parts import pieces

_SAID = "problem_said"  # in the session: what came of the last step, told by the next run
_ROWS = 2  # measures that the form has room for at first
# What leads on stands before what goes back.
_FORWARD: tuple[StepKey, ...] = ("mend", "verify", "close", "assign", "reopen", "reject")
_BETWEEN = re.compile(r"[、,,;;\n]+")


def say(text: str, *, done: bool = True) -> None:
    """Let the next run tell what came of an act."""
    st.session_state[_SAID] = (done, text)


def told() -> None:
    """Tell what came of the last act."""
    if said := st.session_state.pop(_SAID, None):
        notice([said[1]], alert=not said[0], key="problem_said")


def next_steps(stage: Stage, finding: Finding) -> None:
    """The steps that the viewer may take, one at a time; else why there is none."""
    if read_only():
        return remark(stage.t("problems_read_only"), key="read_only")
    course = writing.course_of(finding)
    acts = [act for act in FOLLOWING_UP if stage.viewer.may(act, finding.region_code)]
    offered = {step.key for step in machine.offered(course, stage.viewer.subject, acts)}
    keys = [key for key in _FORWARD if key in offered]
    title = pieces.heading(stage.t("problem_next"), _hint(stage, finding, keys, acts))
    components.paper(title, key="problem_next")
    if not keys:
        return None
    mark = f"{finding.number}_{len(finding.steps)}"  # the next step has an empty form
    step = st.segmented_control(
        stage.t("problem_next"), keys, default=keys[0], required=True, key=f"step_{mark}",
        format_func=lambda key: stage.t(f"step_{key}"), label_visibility="collapsed",
    )  # fmt: skip
    _form(stage, finding, step or keys[0], mark)
    return None


def _hint(stage: Stage, finding: Finding, keys: Sequence[str], acts: Sequence[Act]) -> str:
    """What may be done now; that the next step is another person's, where it is."""
    due: dict[str, StepKey] = {"mended": "verify", "verified": "close"}
    step = due.get(finding.state)
    if step and step not in keys and machine.STEPS[step].act in acts:
        return stage.t("second_person" if stage.viewer.known else "second_person_unknown")
    return stage.t("problem_next_sub" if keys else "problem_no_step")


def _form(stage: Stage, finding: Finding, step: StepKey, mark: str) -> None:
    mark = f"{step}_{mark}"
    asked: dict[str, Any] = {}
    if step == "assign":
        asked = _assigning(stage, finding, mark)
    note = st.text_area(stage.t("step_note"), key=f"note_{mark}", max_chars=texts.NOTE, height=80)
    proof, files = "", []
    if step in ("mend", "verify", "close"):
        proof = st.text_area(stage.t("evidence_text"), key=f"proof_{mark}", height=80,
                             max_chars=texts.EVIDENCE)  # fmt: skip
        files = st.file_uploader(
            stage.t("evidence_files", most=evidence.MOST >> 20), type=list(ENDINGS),
            accept_multiple_files=True, key=f"files_{mark}",
        )  # fmt: skip
    if st.button(stage.t(f"do_{step}"), type="primary", key=f"do_{mark}"):
        _take(stage, finding.number, step, note, proof, files or [], asked)


def _assigning(stage: Stage, finding: Finding, mark: str) -> dict[str, Any]:
    """Measures with their units in charge, who answers for it, and until when."""
    before = [step.measures for step in finding.steps if step.place == finding.assigned]
    known = [(m.text, "、".join(u.unit for u in m.units)) for m in (before[0] if before else [])]
    components.paper(h("p", stage.t("measures_hint"), cls="sub"), key="measures_hint")
    room = st.session_state.get(f"rows_{mark}", max(_ROWS, len(known) + 1))
    measures = []
    for place in range(room):
        text, units = known[place] if place < len(known) else ("", "")
        with st.container(horizontal=True, vertical_alignment="bottom", key=f"row_{mark}_{place}"):
            text = st.text_input(stage.t("measure_number", number=place + 1), text,
                                 key=f"measure_{mark}_{place}", max_chars=texts.NOTE)  # fmt: skip
            units = st.text_input(stage.t("problem_units"), units, key=f"units_{mark}_{place}",
                                  max_chars=texts.NOTE, width=340)  # fmt: skip
        measures.append((text, units))
    if st.button(stage.t("measures_more"), key=f"more_{mark}"):
        st.session_state[f"rows_{mark}"] = room + _ROWS
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"who_{mark}"):
        responsible = st.text_input(stage.t("responsible"), finding.responsible, width=200,
                                    key=f"responsible_{mark}", max_chars=texts.NAME)  # fmt: skip
        due = st.date_input(stage.t("due_on"), finding.due, key=f"due_{mark}", width=170)
    return {"measures": measures, "responsible": responsible, "due": due}


def _take(
    stage: Stage,
    number: int,
    step: StepKey,
    note: str,
    proof: str,
    files: Sequence[UploadedFile],
    asked: dict[str, Any],
) -> None:
    """Take the step for who clicks, as they stand at this moment; the next run tells of it."""
    try:
        viewer = viewer_now(stage)
        given = Given(note, _evidence(proof, files), _measures(asked.get("measures", ())),
                      asked.get("responsible"), asked.get("due"))  # fmt: skip
        if step == "assign" and given.due is None:
            raise Unusable("due_on", "empty")
        writing.take(kept_open(stage.county.home.path), viewer, number, step, given)
    except (ValueError, LookupError, OSError) as error:
        return notice([why(stage, error)], alert=True, key="step_refused")
    tickets = {file.getvalue() for file in files}
    UPLOADS.drop("evidence kept", lambda upload: upload.ticket.encode() in tickets)
    say(stage.t("step_done", step=stage.t(f"step_{step}")))
    st.rerun()
    return None


def viewer_now(stage: Stage) -> Viewer:
    """Who clicks, with the rights of this moment; nobody where another has come in since.

    Raises StateError.
    """
    viewer = visitor.viewer_now(stage.county)
    same = viewer.subject == stage.viewer.subject
    return stage.held(viewer) if same else Viewer("", "", stage.county.code)


def _evidence(proof: str, files: Sequence[UploadedFile]) -> tuple[Evidence, ...]:
    found = [evidence.of_text(proof)] if texts.plain(proof) else []
    for file in files:
        with UPLOADS.opened(file.getvalue()) as held:
            found.append(evidence.of_file(file.name, held.read(evidence.MOST + 1)))
    return tuple(found)


def _measures(rows: Sequence[tuple[str, str]]) -> tuple[Measure, ...]:
    """The rows that hold anything; units stand between commas of either script."""
    return tuple(
        Measure(text, tuple(filter(None, map(str.strip, _BETWEEN.split(units)))))
        for text, units in rows
        if texts.plain(text) or texts.plain(units)
    )


def why(stage: Stage, error: Exception) -> str:
    """Why an act was not done, and what to do."""
    if isinstance(error, NotTaken):
        unknown = error.why == "not_mender" and not stage.viewer.known
        return stage.t("second_person_unknown" if unknown else f"not_taken_{error.why}")
    if isinstance(error, AlreadyOpen):
        return stage.t("already_open", code=error.code)
    if isinstance(error, Unusable):
        field = stage.t(f"field_{error.field}")
        return stage.t(f"unusable_{error.why}", field=field, **error.more)
    if isinstance(error, NoFinding):
        return stage.t("refused_hint")
    if isinstance(error, StateError):
        return stage.t("problem_not_recorded")
    return stage.t("not_kept")
