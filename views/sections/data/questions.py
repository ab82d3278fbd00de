"""What an import asks before it publishes anything, and numbers that a person has to confirm."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from glossary import label
from loaders import jobs
from loaders.jobs import Job
from metrics.intake import rows_missing
from store import schema
from views.browser import components
from views.browser.markup import Markup, h
from views.browser.notices import notice
from views.context.desk import Desk
from views.parts import pieces
from views.sections.data import signing

OURS = "uploads_ours"  # in the session: the job that was begun in it, and is followed when it ends
_MOST = 50  # proposals on the page; the others come with the next import


def asked(desk: Desk, job: Job, names: Mapping[str, str]) -> None:
    """The questions of a job, each with its answers, and the way to go on or to give up.

    ``names`` are the tables' names.
    """
    found = job.report() or {}
    answers: dict[str, list[str]] = {}
    whole: dict[str, list[Mapping[str, Any]]] = {}
    unanswered = False
    for question in found.get("questions", ()):
        whole.setdefault(question.get("table", ""), []).append(question)
    with st.container(border=True, key=f"asked_{job.number}"):
        components.paper(h("p", desk.t("asked_sub"), cls="sub"), key=f"asked_{job.number}_sub")
        for table, questions in whole.items():
            key = f"asked_{job.number}_{table or 'refused'}"
            components.paper(_told(desk, table, questions, names), key=f"{key}_told")
            flag = _answer(desk, table, questions, key)
            if flag is None:
                unanswered = True
            else:
                answers.setdefault(flag, []).extend([table] if table else [])
        with st.container(horizontal=True, vertical_alignment="bottom"):
            ready = not unanswered and jobs.running(desk.home.path) is None
            go = st.button(desk.t("asked_go"), type="primary", disabled=not ready,
                           key=f"asked_{job.number}_go")  # fmt: skip
            if go:
                _again(desk, job, answers)
            if st.button(desk.t("asked_drop"), key=f"asked_{job.number}_drop"):
                job.dismiss()
                st.rerun()


def _told(
    desk: Desk, table: str, questions: list[Mapping[str, Any]], names: Mapping[str, str]
) -> Markup:
    if not table:
        (one,) = questions
        refused = rows_missing([one])
        words = desk.t("asked_refused", count=f"{refused:,}", rows=f"{one['before']:,}")
        return h("p", words)
    rows = [
        (
            h("span", _place(desk, one), cls="nowrap"),
            f"{one['before']:,}",
            f"{one['given']:,}",
            f"{rows_missing([one]):,}",
        )
        for one in questions
    ]
    head = [names.get(table, table), *map(desk.t, ("rows_before", "rows_given", "rows_missing"))]
    return pieces.table(head, rows, numeric=range(1, 4), cls="data tight")


def _place(desk: Desk, question: Mapping[str, Any]) -> str:
    """The township and what of its rows the question is about."""
    table = schema.BY_NAME[question["table"]]
    scope = [_value(desk, table.column(n), v) for n, v in question["scope"].items()]
    return " ".join(filter(None, (question.get("place") or question["township"], *scope)))


def _value(desk: Desk, column: schema.Column, value: Any) -> str:
    if isinstance(value, bool):
        said = desk.t(column.name)
        return said if value else desk.t("not_this", what=said)
    return label(column.codes, value, desk.lang) if column.codes else str(value)


def _answer(desk: Desk, table: str, questions: list[Mapping[str, Any]], key: str) -> str | None:
    """The flag of the command that answers the question; None while nothing is chosen."""
    if not table:
        return "allow-refused" if st.checkbox(desk.t("asked_refused_yes"), key=key) else None
    missing = rows_missing(questions)
    words = {
        "as-part": desk.t("asked_part"),
        "allow-shrink": desk.t("asked_whole", count=f"{missing:,}"),
    }
    return st.radio(
        desk.t("asked_which"), list(words), index=None, format_func=words.__getitem__, key=key
    )


def _again(desk: Desk, job: Job, answers: Mapping[str, list[str]]) -> None:
    """Load the files of a job that asked, with the answers beside those that it had."""
    before = job.asked
    together = {flag: list(values) for flag, values in before.get("answers", {}).items()}
    for flag, values in answers.items():
        together[flag] = [*together.get(flag, []), *values]
    try:
        st.session_state[OURS] = jobs.start(
            desk.home.path,
            [],
            date.fromisoformat(job.asked["data_date"]),
            before["who"],
            county_code=before["county_code"],
            fresh=before["fresh"],
            answers=together,
            of=job,
        ).number
    except OSError:
        notice([desk.t("not_kept")], alert=True, key="asked_not_kept")
        return
    st.rerun()


def renumbered(desk: Desk, job: Job) -> None:
    """Households and members that seem to go under another number: ticked, then confirmed."""
    found = (job.report() or {}).get("renumbering", ())
    if not found:
        return
    key = f"renumber_{job.number}"
    components.paper(
        h("p", desk.t("renumber_sub", count=f"{len(found):,}"), cls="sub"), key=f"{key}_sub"
    )
    words = {_pair(one): _pair_words(desk, one) for one in found[:_MOST]}
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"{key}_row"):
        chosen = st.multiselect(
            desk.t("renumber_which"), list(words), format_func=words.__getitem__, key=key
        )
        who = signing.who(desk, f"{key}_who")
        ready = bool(chosen and who.strip()) and jobs.running(desk.home.path) is None
        if st.button(desk.t("renumber_yes"), disabled=not ready, key=f"{key}_yes"):
            st.session_state[OURS] = jobs.start(
                desk.home.path,
                [],
                date.fromisoformat(job.asked["data_date"]),
                who,
                county_code=job.asked["county_code"],
                answers={"renumber": chosen},
            ).number
            st.rerun()


def _pair(one: Mapping[str, Any]) -> str:
    prefix = "member:" if one["subject"] == "member" else ""
    return f"{prefix}{one['old']}={one['new']}"


def _pair_words(desk: Desk, one: Mapping[str, Any]) -> str:
    term_key = f"renumber_{one['subject']}"
    return desk.t(term_key, old=one["old"], new=one["new"], people=one["people"])
