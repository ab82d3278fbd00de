"""The office's workbook of problems: taken out with every column, loaded whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import BinaryIO, get_args

import streamlit as st
import xlsxwriter

from findings import asking, loading, workbook, workbook_reading
from findings.workbook import CODED, COLUMNS, NEEDED, TOLD, Fault, SheetKey, Unfit, guarded
from glossary import LANGUAGES, Lang, term
from state.database import kept_open
from state.tables import Finding
from store.settings import read_only
from store.uploads import UPLOADS
from views.browser import components
from views.browser.markup import h
from views.browser.notices import notice
from views.context.stage import Stage
from views.parts import brought_book, download, pieces, problem_words
from views.parts.brought_book import Reading, SheetRows
from views.parts.download import Outgoing
from views.parts.workbook import FIRST, file_name, plain_text, write_head
from views.sections.problems import steps
from views.sections.problems.overview import Problems, filter_words

_WIDTHS = {"title": 50, "measure": 50, "evidence": 50, "note": 40, "kind_name": 30, "at": 34,
           "unit": 24, "file_name": 30, "media_type": 30, "sha256": 66, "kind": 30}  # fmt: skip
_SHEETS: tuple[SheetKey, ...] = get_args(SheetKey)
_MOST_TOLD = 20  # faults
_TAKEN = "problems_loaded"  # in the session: how many workbooks were loaded


# Out


def export(stage: Stage, found: Problems) -> None:
    """A button for a workbook of all that is listed, every column."""
    words = filter_words(stage, found)

    def build(out: Outgoing) -> bytes:
        with kept_open(out.stage.county.home.path).reading() as session:
            every = asking.every(session, out.stage.viewer, found.wanted)
            return written(out.stage, every, words, out.mark)

    name = file_name(stage, stage.t("page_problems"), words.removeprefix(stage.place.name))
    download.button(stage, stage.t("export"), build, name, found.count)


def written(stage: Stage, findings: Sequence[Finding], words: str, mark: str) -> bytes:
    """An xlsx of whole findings: a sheet each for problems, measures, steps and evidence."""

    def told(column: str, finding: Finding) -> str:
        if column == "place":
            return problem_words.place(stage, finding.region_code)
        return problem_words.kind(stage, finding.kind)

    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    for key, rows in workbook.rows_of(findings, told).items():
        title = stage.t(f"sheet_{key}")
        sheet = book.add_worksheet(title)
        heads = [(stage.t(f"field_{column}"), _WIDTHS.get(column, 14)) for column in COLUMNS[key]]
        write_head(stage, book, sheet, title, words, heads, mark)
        for line, row in enumerate(rows, start=FIRST):
            for place, column in enumerate(COLUMNS[key]):
                text = _word(stage.lang, column, row[column])
                sheet.write_string(line, place, plain_text(guarded(text)))
    book.close()
    return target.getvalue()


def _word(lang: Lang, column: str, text: str) -> str:
    """A code as its word; any other text as it is."""
    if not text or column not in CODED:
        return text
    words = {
        "state": f"problem_{text}",
        "source": f"source_{text}",
        "subject_kind": f"subject_{text}",
        "step": f"step_{text}",
    }
    return term(words[column], lang)


# In


def load(stage: Stage) -> None:
    """The form for the office's workbook, for who may load it; what came of the last one."""
    if read_only() or not stage.viewer.where("load_findings").codes:
        return
    with st.expander(stage.t("load_problems"), key="load_problems"):
        components.paper(h("p", stage.t("load_problems_sub"), cls="sub"), key="load_problems_sub")
        taken = st.session_state.get(_TAKEN, 0)
        file = st.file_uploader(stage.t("files"), type=["xlsx"], key=f"problems_file_{taken}")
        if st.button(stage.t("load_problems_yes"), disabled=file is None, key="load_problems_yes"):
            assert file is not None  # or the button could not be clicked
            with UPLOADS.opened(file.getvalue()) as held:
                _load(stage, held)
            ticket = file.getvalue()
            UPLOADS.drop("loaded", lambda upload: upload.ticket.encode() == ticket)


def _load(stage: Stage, held: BinaryIO) -> None:
    """Load a workbook for who clicks; the next run tells what came of it."""
    try:
        viewer = steps.viewer_now(stage)
        with brought_book.read(held) as reading:
            if reading.refusal:
                said = stage.t("book_unread")
                return notice([said], alert=True, key="book_unread")
            found = sheet_rows(reading)
        if "problems" not in found:
            said = stage.t("book_no_sheet", names=_needed(stage))
            return notice([said], alert=True, key="book_no_sheet")
        problems = workbook_reading.read(found, stage.county.code)
        outcome = loading.load(kept_open(stage.county.home.path), viewer, problems)
    except Unfit as unfit:
        return _faults(stage, unfit.faults)
    except OSError as error:
        return notice([steps.why(stage, error)], alert=True, key="book_refused")
    steps.say(stage.t("book_loaded", opened=outcome.opened, unchanged=outcome.unchanged))
    st.session_state[_TAKEN] = st.session_state.get(_TAKEN, 0) + 1
    st.rerun()
    return None


def sheet_rows(reading: Reading) -> SheetRows[SheetKey]:
    """The rows of each sheet that is one of ours, by its heads in either language."""
    heads = {key: _names(key) for key in _SHEETS}
    return {
        key: [(number, _codes(cells)) for number, cells in rows]
        for key, rows in brought_book.sheet_rows(reading, heads, NEEDED).items()
    }


def _names(key: SheetKey) -> dict[str, str]:
    return {term(f"field_{c}", lang): c for lang in LANGUAGES for c in COLUMNS[key]}


def _codes(cells: Mapping[str, str]) -> dict[str, str]:
    return {
        column: _code(column, workbook.unguarded(text))
        for column, text in cells.items()
        if column not in TOLD
    }


def _code(column: str, text: str) -> str:
    """The code of a word in either language; any other text as it is."""
    for lang in LANGUAGES if column in CODED else ():
        for code in CODED[column]:
            if text == _word(lang, column, code):
                return code
    return text


def _needed(stage: Stage) -> str:
    return "、".join(stage.t(f"field_{column}") for column in NEEDED["problems"])


def _faults(stage: Stage, faults: Sequence[Fault]) -> None:
    """What of a workbook cannot be used; nothing of it was loaded."""
    rows = [
        (stage.t(f"sheet_{fault.sheet}"), str(fault.row), steps.why(stage, fault.error))
        for fault in faults[:_MOST_TOLD]
    ]
    title = stage.t("book_faults", count=f"{len(faults):,}")
    head = [stage.t(key) for key in ("sheet", "row", "doubt")]
    more = stage.t("book_more_faults", most=_MOST_TOLD) if len(faults) > len(rows) else ""
    html = h("section", pieces.heading(title, more), pieces.table(head, rows))
    components.paper(html, key="book_faults")
