"""Loading files from the page: what to give, how far it is, what came of it."""

from __future__ import annotations

import errno
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from loaders import jobs, own, reference
from loaders.jobs import Job, State
from loaders.layouts import matching
from loaders.reading import sheets as readers
from loaders.reading.data_dates import date_of
from metrics import intake
from store.county_folder import Fault
from store.snapshots import Home
from store.uploads import UPLOADS
from views.browser import components
from views.browser.markup import Markup, h
from views.browser.notices import notice, remark
from views.context.desk import Desk, manifest
from views.context.session_county import begin_anew
from views.parts import pieces
from views.sections.data import questions, report, signing

SUFFIXES = sorted(suffix.removeprefix(".") for suffix in readers.SUFFIXES)

_TAKEN = "uploads_taken"
_FAILED = "uploads_failed"
_TITLES: dict[State, str] = {
    "published": "job_published",
    "partly": "job_partly",
    "checked": "job_checked",
    "asked": "job_waits",
    "failed": "job_failed",
    "killed": "job_killed",
}
_STAGES = {
    "read": "stage_read",
    "clean": "stage_clean",
    "assemble": "stage_assemble",
    "publish": "stage_publish",
    "derive": "stage_derive",
}


def panel(desk: Desk) -> None:
    """The form, or the progress of the import that is running; below it the last outcome."""
    if not desk.viewer.loads:
        return
    components.paper(pieces.heading(desk.t("load_files"), desk.t("load_sub")), key="load_heading")
    job = jobs.running(desk.home.path)
    if job is not None:
        _watch(desk, job)
        return
    _form(desk)
    if told := st.session_state.get(_FAILED):
        notice([told], alert=True, key="upload_failed")
    _outcomes(desk)


def _form(desk: Desk) -> None:
    taken = st.session_state.get(_TAKEN, 0)
    files = st.file_uploader(
        desk.t("files"),
        type=SUFFIXES,
        accept_multiple_files=True,
        key=f"uploads_{taken}",
    )
    county = desk.county or _county(desk)
    found = date_of(Path(file.name) for file in files)  # today would be a guess that nobody sees
    with st.container(horizontal=True, vertical_alignment="bottom", key="load_row"):
        day = st.date_input(
            desk.t("data_date"),
            value=found,
            min_value=date(2014, 1, 1),
            key=f"uploads_date_{taken}_{found}",
            help=desk.t("data_date_help"),
            width=170,
        )
        who = signing.who(desk, "uploads_who")
        dry_run = st.checkbox(desk.t("dry_run"), key="uploads_dry", help=desk.t("dry_run_help"))
        fresh = desk.current is not None and st.checkbox(
            desk.t("fresh"), key="uploads_fresh", help=desk.t("fresh_help")
        )
        latest = _current_date(desk)
        earlier = latest is not None and day is not None and day < latest
        to_current = earlier and st.checkbox(
            desk.t("make_current"), key="uploads_current", help=desk.t("make_current_help")
        )
        ready = bool(files and who.strip() and county and day)
        if st.button(
            desk.t("check_files" if dry_run else "start_import"),
            type="primary",
            disabled=not ready,
            key="uploads_start",
        ):
            options: dict[str, Any] = {"county_code": county, "dry_run": dry_run, "fresh": fresh,
                       "answers": {"make-current": []} if to_current else {}}  # fmt: skip
            assert day is not None  # or the button could not be clicked
            _start(desk, files, day, who, options)
    if files and not ready:
        remark(desk.t("who_needed" if day else "date_needed"), key="needed")
    if earlier and not to_current:
        remark(desk.t("earlier_date", date=latest), key="earlier_date")


def _current_date(desk: Desk) -> date | None:
    """The data date of what everybody sees now."""
    held = manifest(str(desk.home.path), desk.current) if desk.current is not None else None
    return date.fromisoformat(held["data_date"]) if held else None


def _county(desk: Desk) -> str | None:
    """The county of a home that has no snapshot yet; None until it is chosen."""
    names = reference.counties(desk.home.path)
    return st.selectbox(
        desk.t("county"),
        list(names),
        index=None,
        format_func=lambda code: f"{names[code]} {code}",
        placeholder=desk.t("choose"),
        key="uploads_county",
        width=240,
    )


def _start(
    desk: Desk, files: Sequence[UploadedFile], day: date, who: str, options: dict[str, Any]
) -> None:
    st.session_state.pop(_FAILED, None)
    if other := jobs.running(desk.home.path):  # begun by somebody else since the page was drawn
        st.session_state[_FAILED] = desk.t("other_import", who=other.asked["who"])
        st.rerun()
    tickets = {file.getvalue() for file in files}
    try:
        with ExitStack() as stack:
            uploads = [
                jobs.Upload(file.name, stack.enter_context(UPLOADS.opened(file.getvalue())))
                for file in files
            ]
            job = jobs.start(desk.home.path, uploads, day, who, **options)
        st.session_state[questions.OURS] = job.number
        UPLOADS.drop("loaded", lambda upload: upload.ticket.encode() in tickets)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        st.session_state[_FAILED] = desk.t("no_room" if full else "not_kept")
        st.rerun()
    # Another uploader: this one forgets its files.
    st.session_state[_TAKEN] = st.session_state.get(_TAKEN, 0) + 1
    st.rerun()


@st.fragment(run_every=1.0)
def _watch(desk: Desk, job: Job) -> None:
    """Progress, drawn again each second by itself; when the job ends, the page."""
    if job.state != "running":
        if st.session_state.pop(questions.OURS, None) == job.number:
            begin_anew()  # who loads data wants to see them
        st.rerun()
    asked = job.asked
    lead = desk.t("job_running", who=asked["who"], when=desk.when(asked["started_at"]))
    steps = job.progress()
    begun = {step.file for step in steps}
    waiting = [jobs.Step(name, "", 0, 0) for name in asked["files"] if name not in begun]
    together = [step for step in steps if not step.file]
    files = [step for step in steps if step.file]
    rows = [_step(desk, step) for step in (*files, *waiting, *together)]
    table = h("div", *rows, cls="steps", role="list")
    components.paper(h("div", h("p", lead, cls="sub"), table), key="progress")


def _step(desk: Desk, step: jobs.Step) -> Markup:
    """A file, what is being done with it, and how much of it is done."""
    share = min(step.done / step.of, 1) if step.of else 0
    words = desk.t(_STAGES[step.stage]) if step.stage in _STAGES else desk.t("stage_waiting")
    counted = f"{step.done:,} / {step.of:,}" if step.of else ""
    bar = h("span", cls="bar", style=f"--part: {100 * share:.0f}", aria_hidden="true")
    name = step.file or desk.t("all_files")
    cells = (name, h("span", words, cls="muted"), bar, h("span", counted, cls="num muted"))
    return h("div", *(h("span", cell) for cell in cells), cls="step", role="listitem")


def _outcomes(desk: Desk) -> None:
    """The last job; and before it the last that failed, until one has succeeded since."""
    for order, job in enumerate(jobs.jobs(desk.home.path)):
        state = job.state
        if order == 0 or state in ("failed", "killed"):
            _outcome(desk, job, state)
        if state in ("published", "partly") or (order and state in ("failed", "killed")):
            return


def _outcome(desk: Desk, job: Job, state: State) -> None:
    asked, found = job.asked, job.report() or {}
    number = found.get("snapshot") or ""
    title = h("strong", desk.t(_TITLES[state], number=number))
    when = desk.t("job_asked", who=asked["who"], when=desk.when(asked["started_at"]),
                  date=asked["data_date"])  # fmt: skip
    message = "" if state == "asked" else job.message()
    message = message or (desk.t("nothing_usable") if state == "failed" else "")
    if found.get("snapshot") and not found.get("current", True):
        message = desk.t("not_made_current" if found.get("prepared", True) else "not_prepared")
    alert = state in ("failed", "killed", "asked")
    box = h("div", title, " ", message, h("div", when, cls="note"),
            cls="banner alert" if alert else "banner", role="status")  # fmt: skip
    components.paper(box, key=f"job_{job.number}")
    if job.awaits:
        questions.asked(desk, job, matching.table_names(desk.lang))
    account(desk, found, f"job_{job.number}")
    if state in ("published", "partly"):
        questions.renumbered(desk, job)


def known_layouts(place: Home) -> tuple[matching.Layout, ...]:
    """The layouts that this home knows, less those of its own that cannot be used."""
    return own.usable(place.path)[0]


def broken_layouts(place: Home) -> list[Fault]:
    """The layouts of this home that cannot be used."""
    return own.layout_faults(place.path)


def account(desk: Desk, found: Mapping[str, Any], key: str) -> None:
    """A report: its sum, the sheets with refused rows, files left out, and the rest on request."""
    if not found.get("sheets") and not found.get("unread") and not found.get("skipped"):
        return
    counts = {name: f"{count:,}" for name, count in intake.report_totals(found).items()}
    names = matching.table_names(desk.lang)
    carried = report.carried(found, desk.t, desk.lang, names)
    refused, whole = report.sheets(found, desk.t, desk.lang)
    parts = [
        h("p", desk.t("account", **counts), cls="sub"),
        report.changes(found, desk.t, desk.lang, names),
        h("p", desk.t("carried_over", tables=carried), cls="sub") if carried else None,
        report.left_out(found, desk.t, desk.lang),
        refused,
    ]
    if said := report.notes(found, desk.t, desk.lang):
        parts.append(h("ul", *(h("li", line) for line in said), cls="note"))
    components.paper(h("div", *parts, cls="account"), key=f"{key}_account")
    if whole is not None:
        sheets = [sheet for sheet in found["sheets"] if not sheet["quarantined"]]
        label = desk.t("whole_sheets", count=len(sheets))
        with st.expander(label, key=f"{key}_open", on_change="rerun") as opened:
            if opened.open:
                components.paper(whole, key=f"{key}_whole")
