"""名单: a sample's households in the order of their sheets, and the sheets to take out."""

from __future__ import annotations

from typing import Any

import streamlit as st

from metrics.paging import PAGE_ROWS, first_row, page_count
from papers import fonts
from sampling import keeping
from sampling.designs import digest
from sampling.keeping import Kept
from sampling.questions import sample_code
from state.database import kept_open
from state.sample_tables import SampleHousehold
from views.browser import components
from views.browser.markup import h
from views.browser.notices import notice
from views.context.stage import Stage
from views.parts import download, pieces, sample_sheets, sample_words
from views.parts.download import Outgoing
from views.parts.workbook import file_name
from views.sections.ledgers.households import turn_pages
from views.sections.samples import kept

_HEADS = ("sheet_number", "household_id", "village_code", "stratum", "sheet_order",
          "sheet_items", "sheet_answered")  # fmt: skip
_DIGITS = 8  # of a digest


def show(stage: Stage, found: Kept) -> None:
    """The list, a page at a time, over the ways to take the sheets out."""
    _take_out(stage, found)
    pages = page_count(len(found.households))
    page = min(stage.view.page, pages)
    first = first_row(page)
    rows = [_row(stage, found, one) for one in found.households[first:][:PAGE_ROWS]]
    head = [stage.t(key) for key in _HEADS]
    title = pieces.heading(
        stage.t("sample_listed", count=f"{len(found.households):,}"), kept.again(stage, found)
    )
    table = pieces.table(head, rows, numeric=(5,), cls="data tight")
    components.paper(h("section", title, h("div", table, cls="wide")), key="list")
    turn_pages(stage, page, pages)


def _row(stage: Stage, found: Kept, one: SampleHousehold) -> tuple[Any, ...]:
    number, seed = one.household_id, found.sample.seed
    items = found.items.get(number, ())
    done = any(household == number for household, _ in found.answers)
    word = stage.t("sheet_done" if done else "sheet_open")
    order = stage.t("sheet_place", place=one.place, digest=digest(seed, number)[:_DIGITS])
    return (
        pieces.Td(str(one.number), "firm"),
        pieces.Td(pieces.link(stage.href("household", id=number), number), "firm"),
        pieces.Td(sample_words.place(stage, one.village_code), "firm"),
        pieces.Td(sample_words.stratum(stage, found.sample.kind, one.stratum), "said"),
        pieces.Td(order, "firm"),
        pieces.number(stage, len(items), "entries"),
        pieces.Td(h("span", word, cls=f"light {'good' if done else 'open'}"), "firm"),
    )


def _take_out(stage: Stage, found: Kept) -> None:
    """The sheets on paper and for the phone; in words where this machine has no Chinese font."""
    if found.sample.snapshot != stage.view.snapshot:
        return
    count = len(found.households)
    name = file_name(stage, stage.t("page_samples"), sample_code(found.sample.number))
    if fonts.drawing() is None:
        notice([stage.t("no_chinese_font")], key="no_font")
    with st.container(horizontal=True, key="take_out"):
        if fonts.drawing() is not None:
            download.button(
                stage, stage.t("sheets_pdf"), _built(found, sample_sheets.pdf),
                name.removesuffix(".xlsx") + ".pdf", count, key="sheets_pdf",
                help=stage.t("sheets_pdf_sub"), whole=True, media_type="application/pdf",
            )  # fmt: skip
        download.button(
            stage, stage.t("sheets_book"), _built(found, sample_sheets.workbook), name, count,
            key="sheets_book", help=stage.t("sheets_book_sub"), whole=True,
        )  # fmt: skip


def _built(found: Kept, make: sample_sheets.Make) -> download.Build:
    """Sheets of the sample as it stands at the click, for who may see it then."""

    def build(out: Outgoing) -> bytes:
        with kept_open(out.stage.county.home.path).reading() as session:
            now = keeping.one(session, out.stage.viewer, found.sample.number)
            if now is None:
                raise LookupError(found.sample.number)
            return make(out.stage, now, out.mark)

    return build
