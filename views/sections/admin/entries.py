"""The audit on /admin: its head, whether it is whole, its entries searched and exported."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import islice
from typing import Any

import streamlit as st
import xlsxwriter

from metrics.paging import PAGE_ROWS, first_row, page_count
from state import audit, words
from state.audit import Filter
from state.chain import Entry
from state.database import StateError, kept_open
from store.settings import setting
from views.browser import components
from views.browser.markup import h
from views.browser.notices import notice
from views.context import witness
from views.context.stage import Stage
from views.parts import download, pieces, unrecorded
from views.parts.download import Outgoing
from views.parts.workbook import FIRST, file_name, plain_text, write_head
from views.sections.ledgers.households import turn_pages

_WIDTHS = {"grant_number": 8, "audit_at": 20, "audit_who": 18, "audit_kind": 14,
           "audit_outcome": 10, "audit_about": 80, "audit_hash": 66}  # fmt: skip
_SHOWN = tuple(_WIDTHS)[:-1]


def show(stage: Stage) -> None:
    """The audit, for whoever may read it."""
    if not stage.may("read_audit"):
        return
    try:
        _head(stage)
        _listed(stage, _asked(stage))
    except StateError:
        notice([stage.t("state_unread")], alert=True, key="audit_unread")


def _head(stage: Stage) -> None:
    """The last entry's number and hash, and on a click whether every entry fits."""
    state = kept_open(stage.county.home.path)
    with state.reading() as session:
        head = audit.head(session)
    title = pieces.heading(stage.t("audit_title", count=f"{head.number:,}"), stage.t("audit_sub"))
    last = h("p", stage.t("audit_head"), " ", h("code", str(head)), cls="sub")
    components.paper(h("section", title, last), key="audit_head")
    if st.button(stage.t("audit_check"), key="audit_check"):
        with state.reading() as session:
            broken, fits = audit.check(session, state.home)
        if broken is None:
            notice([stage.t("audit_whole", count=f"{fits.number:,}")], key="audit_checked")
        else:
            said = stage.t(f"audit_{broken.why}", number=broken.number)
            notice([said], alert=True, key="audit_checked")


def _asked(stage: Stage) -> Filter:
    """The filter that is chosen, kept in the session: addresses hold nobody's name."""
    kinds, outcomes = list(audit.KINDS), ["", *audit.OUTCOMES]
    with st.container(horizontal=True, vertical_alignment="bottom", key="audit_bar"):
        since = st.date_input(stage.t("audit_since"), None, key="audit_since", width=150)
        until = st.date_input(stage.t("audit_until"), None, key="audit_until", width=150)
        who = st.text_input(stage.t("audit_who"), key="audit_who", max_chars=200, width=180,
                            autocomplete="off")  # fmt: skip
        chosen = st.multiselect(stage.t("audit_kind"), kinds, key="audit_kinds", width=280,
                                format_func=lambda kind: stage.t(f"kind_{kind}"),
                                placeholder=stage.t("audit_every_kind"))  # fmt: skip
        outcome = st.selectbox(stage.t("audit_outcome"), outcomes, key="audit_outcome", width=130,
                               format_func=lambda key: _outcome(stage, key))  # fmt: skip
        text = st.text_input(stage.t("audit_text"), key="audit_text", max_chars=100, width=200,
                             autocomplete="off")  # fmt: skip
    before = _midnight(until + timedelta(days=1)) if until else None
    return Filter(_midnight(since), before, who.strip(), tuple(chosen), outcome or "", text.strip())


def _outcome(stage: Stage, key: str) -> str:
    return stage.t(f"outcome_{key}") if key else stage.t("audit_every_outcome")


def _midnight(day: date | None) -> datetime | None:
    """The beginning of a day, here."""
    return None if day is None else datetime.combine(day, time()).astimezone()


def _listed(stage: Stage, wanted: Filter) -> None:
    """Entries of the database, the newest first; a workbook holds those of archive files too."""
    state = kept_open(stage.county.home.path)
    with state.reading() as session:
        count = audit.count(session, wanted)
        pages = max(1, page_count(count))
        page = min(stage.view.page, pages)
        found = audit.newest(session, wanted, first_row(page), PAGE_ROWS)
    title = pieces.heading(stage.t("audit_listed", count=f"{count:,}"))
    if not found:
        none = pieces.empty(stage, stage.t("no_rows"), "")
        components.paper(h("section", title, none), key="audit")
        return
    if not witness.listed(stage, count, _words(stage, wanted)):
        unrecorded.say(stage)
        return
    rows = [
        (h("span", str(entry.number), cls="nowrap"), *_row(stage, entry)[1:]) for entry in found
    ]
    head = [stage.t(key) for key in _SHOWN]
    table = pieces.table(head, rows, cls="data tight")
    components.paper(h("section", title, h("div", table, cls="wide")), key="audit")
    turn_pages(stage, page, pages)
    name = file_name(stage, stage.t("audit"), _words(stage, wanted))

    def build(out: Outgoing) -> bytes:
        return _workbook(out, wanted)

    download.button(stage, stage.t("export_whole_yes"), build, name, count, act="read_audit")


def _row(stage: Stage, entry: Entry) -> tuple[str, ...]:
    return (
        str(entry.number),
        f"{entry.at.astimezone():%Y-%m-%d %H:%M:%S}",
        entry.actor,
        stage.t(f"kind_{entry.kind}"),
        stage.t(f"outcome_{entry.outcome}"),
        words.about(entry.about),
    )


def _words(stage: Stage, wanted: Filter) -> str:
    """The filter in words."""
    days = [f"{day:%Y-%m-%d}" for day in (wanted.since, wanted.before) if day]
    kinds = [stage.t(f"kind_{kind}") for kind in wanted.kinds]
    outcome = stage.t(f"outcome_{wanted.outcome}") if wanted.outcome else ""
    return " ".join(filter(None, (*days, wanted.actor, *kinds, outcome, wanted.text)))


def _workbook(out: Outgoing, wanted: Filter) -> bytes:
    """An xlsx of the entries ascending, each with its hash; at most so many as may be taken out."""
    stage, target = out.stage, BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet(stage.t("audit"))
    heads = [(stage.t(key), width) for key, width in _WIDTHS.items()]
    write_head(stage, book, sheet, stage.t("audit"), _words(stage, wanted), heads, out.mark)
    state = kept_open(stage.county.home.path)
    with state.reading() as session:
        found = islice(audit.entries(session, state.home, wanted), setting("TAIZHANG_EXPORT_ROWS"))
        for line, entry in enumerate(found, start=FIRST):
            cells: tuple[Any, ...] = (*_row(stage, entry), entry.hash)
            for column, cell in enumerate(cells):
                sheet.write_string(line, column, plain_text(cell))
    book.close()
    return target.getvalue()
