"""What the data page shows of a snapshot: its account, its refused rows and its mended cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from glossary import reason_words
from loaders.accounts import refused_workbook
from metrics import intake
from metrics.paging import page_count
from store.reader import Reader
from views.browser import components
from views.browser.markup import Markup, h
from views.context import choice_bar
from views.context.desk import Desk
from views.context.stage import Stage
from views.parts import download, pieces
from views.parts.download import Outgoing
from views.parts.rolls_note import rolls_note
from views.parts.workbook import on_paper
from views.sections.data import uploads
from views.sections.ledgers import households

# Of each kind: its name, what is said of it, and what is said where there is none.
_KINDS: dict[intake.Kind, tuple[str, str, str]] = {
    "refused": ("refused_rows", "refused_rows_sub", "no_refused"),
    "mended": ("mended_cells", "mended_cells_sub", "no_mended"),
}
_COLUMNS: dict[intake.Kind, tuple[str, ...]] = {
    "refused": ("file", "sheet", "row", "column", "cell", "reasons", "todo"),
    "mended": ("file", "sheet", "row", "column", "before", "after", "reasons"),
}

Counts = Sequence[Mapping[str, Any]]


def headline(stage: Stage) -> None:
    """What the snapshot took of the rows that it read."""
    snapshot = stage.county.snapshot
    found = intake.report_totals(snapshot.manifest["report"])
    key = "data_headline" if found["rows"] else "data_headline_bare"
    words = {name: f"{count:,}" for name, count in found.items()}
    rows = f"{intake.rows_held(snapshot.manifest['tables']):,}"
    title = stage.t(key, number=snapshot.number, held=rows, **words)
    html = h("section", h("h1", title, cls="sentence"), rolls_note(stage))
    components.paper(html, key="data_headline")


def own_headline(stage: Stage) -> None:
    """How many rows of the viewer's own places were refused, and what to do with them."""
    count = intake.found(intake.counts(_reader(stage), "refused"))
    title = h("h1", stage.t("own_refused", count=f"{count:,}"), cls="sentence")
    html = h("section", title, h("p", stage.t("own_refused_sub"), cls="sub"))
    components.paper(html, key="data_headline")


def _reader(stage: Stage, *, reveal: bool = False) -> Reader:
    """Of the places whose refused rows the viewer may take out, whatever else they see."""
    return stage.county.reader(stage.viewer.where("refused_rows"), reveal=reveal)


def account(stage: Stage) -> None:
    """The report of the snapshot that is looked at."""
    if not stage.viewer.loads:
        return
    found = stage.county.snapshot.manifest["report"]
    with st.expander(
        stage.t("report_of", number=stage.county.snapshot.number),
        key="report_open",
        on_change="rerun",
    ) as opened:
        if opened.open:
            uploads.account(Desk.of(stage), found, "report")


def rows(stage: Stage) -> None:
    """Refused rows or mended cells by reason and file, a page at a time."""
    if not stage.may("refused_rows"):
        return
    reader = _reader(stage)
    kind: intake.Kind = "mended" if stage.view.kind == "mended" and stage.may("see") else "refused"
    counts = intake.counts(reader, kind)
    every = intake.found(counts)
    name, sub, none = _KINDS[kind]
    if stage.may("see"):  # else the headline has told it
        heading = pieces.heading(f"{stage.t(name)} {every:,}", stage.t(sub))
        components.paper(heading, key="rows_heading")
    _choices(stage, counts)
    components.paper(_reasons(stage, counts), key="reasons")
    found = intake.found(counts, stage.view.reason, stage.view.file)
    if not found:
        _nothing(stage, none if not every else "")
        return
    pages = page_count(found)
    page = min(stage.view.page, pages)
    listed = intake.entries(reader, kind, stage.view.reason, stage.view.file, page)
    if kind == "refused":
        _download(stage, found)
    components.paper(_table(stage, kind, listed), key="rows")
    households.turn_pages(stage, page, pages)


def _nothing(stage: Stage, none: str) -> None:
    """There is none at all; or none under this filter, which a click removes."""
    clear = pieces.link(stage.href("data", reason=None, file=None), stage.t("clear_filters"))
    hint = h("span", stage.t(none)) if none else clear
    components.paper(pieces.empty(stage, stage.t("no_rows"), hint), key="no_rows")


def _choices(stage: Stage, counts: Counts) -> None:
    files = sorted({entry["file"] for entry in counts} | {stage.view.file or ""} - {""})
    kinds = choice_bar.Choice(
        "bar_kind",
        stage.t("rows"),
        list(_KINDS),
        lambda kind: stage.t(_KINDS[kind][0]),
        stage.view.kind,
        "segments",
    )
    file = choice_bar.Choice(
        "bar_file",
        stage.t("file"),
        ["", *files],
        lambda name: name or stage.t("all_files"),
        stage.view.file or "",
        width=340,
    )
    # Mended cells are told of the whole county alone.
    choice_bar.choices(stage, "rows_bar", [kinds, file] if stage.may("see") else [file])


def _reasons(stage: Stage, counts: Counts) -> Markup:
    """Each reason with its count in the chosen file; a click filters by it, or no longer."""
    found = intake.by_reason(counts, stage.view.file)
    chips = [
        pieces.facet(
            reason_words(reason, stage.lang)[0],
            f"{count:,}",
            stage.href("data", reason=None if stage.view.reason == reason else reason),
            stage.view.reason == reason,
        )
        for reason, count in sorted(found.items(), key=lambda item: -item[1])
    ]
    return h("div", *chips, cls="facets")


def _table(stage: Stage, kind: intake.Kind, listed: Sequence[Mapping[str, Any]]) -> Markup:
    head = [stage.t(name) for name in _COLUMNS[kind]]
    line = _refused if kind == "refused" else _mended
    body = [(*_place(entry), *line(stage, entry)) for entry in listed]
    return pieces.table(head, body, numeric=[2], cls="data tight files")


def _place(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    row = f"{entry['row']:,}" if entry["row"] else "—"
    return entry["file"], entry["sheet"] or "—", row, entry["header"] or "—"


def _refused(stage: Stage, entry: Mapping[str, Any]) -> tuple[Any, ...]:
    what, todo = reason_words(entry["reason"], stage.lang)
    return _cell(stage, entry["value"]), what, h("span", todo, cls="note")


def _mended(stage: Stage, entry: Mapping[str, Any]) -> tuple[Any, ...]:
    what, _ = reason_words(entry["reason"], stage.lang)
    return _cell(stage, entry["before"]), _cell(stage, entry["after"]), what


def _cell(stage: Stage, value: str | None) -> Markup:
    """A cell's text; what only looks empty is said to be so."""
    if not value:
        return h("span", stage.t("empty_cell"), cls="muted")
    return h("span", value)


def _download(stage: Stage, rows: int) -> None:
    def build(out: Outgoing) -> bytes:
        whole = _reader(out.stage, reveal=True)
        refused = intake.refused_rows(whole, stage.view.reason, stage.view.file)
        known = uploads.known_layouts(stage.county.home)
        names = {layout.key: layout.zh for layout in known}
        mark = on_paper(out.mark)
        return refused_workbook.workbook(refused, names, stage.county.simulated, mark)

    snapshot = stage.county.snapshot
    name = f"{snapshot.county_code}_{snapshot.data_date}_{stage.t('refused_rows')}.xlsx"
    label, help_ = stage.t("download_refused"), stage.t("download_refused_help")
    download.button(
        stage, label, build, name, rows, key="download_refused", help=help_, act="refused_rows"
    )
