"""A list on the page itself: a page of rows, the pages near it, and a workbook of all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any

import pyarrow as pa
import xlsxwriter

from metrics.paging import PAGE_ROWS, first_row, page_count
from store.reader import Reader
from views.browser import components
from views.browser.markup import Markup, h
from views.context import choice_bar, witness
from views.context.stage import Stage
from views.parts import download, pieces, unrecorded
from views.parts.download import Outgoing
from views.parts.workbook import FIRST, file_name, plain_text, write_head
from views.sections.ledgers.households import turn_pages

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head's term, what a row says there, and what that opens.

    ``says`` gives text, or a number for a ``numeric`` column (None: not known), ``written`` what a
    workbook says instead. ``named`` is the head itself where no term says it.
    """

    head: str
    says: Callable[[Row], Any]
    opens: Callable[[Row], str] | None = None
    numeric: bool = False
    cls: str = ""
    width: int = 14
    named: str = ""
    written: Callable[[Row], Any] | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is listed: its finding, the filter in words, how many rows, and how to get them.

    ``rows`` are asked by a reader, from an offset on. ``whole`` says that another reader may show
    personal columns whole in them: rows that were made before this run's reader are masked already.
    """

    title: str
    words: str
    count: int
    rows: Callable[[Reader, int, int | None], pa.Table]
    whole: bool = False


def village(stage: Stage) -> Column:
    """The village of a row, leading to its page; a workbook has its official name."""
    return Column(
        "village_code",
        lambda row: stage.name(row["village_code"]),
        lambda row: stage.href("village", region=row["village_code"]),
        cls="firm",
        width=18,
        written=lambda row: stage.official(row["village_code"]),
    )


def choose(
    stage: Stage, bar: str, label: str, names: Mapping[str, str], part: str, width: int = 340
) -> None:
    """Which of a page's lists is shown: each is a part of the address, ``names`` what it is called.

    ``label`` is the term of the choice, ``bar`` the key of its row.
    """
    choice = choice_bar.Choice(
        "bar_part", stage.t(label), list(names), names.__getitem__, part, width=width
    )
    choice_bar.choices(stage, bar, [choice])


def show(stage: Stage, wanted: Wanted, columns: Sequence[Column]) -> None:
    """The list, fifty rows at a time; a designed nothing where there are none."""
    title = pieces.heading(wanted.title, wanted.words)
    if not wanted.count:
        hint = pieces.empty(stage, stage.t("no_rows"), stage.t("no_rows_hint"))
        components.paper(h("section", title, hint), key="list")
        return
    if not witness.listed(stage, wanted.count, wanted.title):
        components.paper(h("section", title), key="list")
        unrecorded.say(stage)
        return
    pages = page_count(wanted.count)
    page = min(stage.view.page, pages)
    rows = wanted.rows(stage.reader, first_row(page), PAGE_ROWS).to_pylist()
    body = [[_cell(stage, column, row) for column in columns] for row in rows]
    head = [pieces.Td(column.named or stage.t(column.head), column.cls) for column in columns]
    numeric = [i for i, column in enumerate(columns) if column.numeric]
    html = h("section", title, pieces.table(head, body, numeric=numeric, cls="data tight"))
    components.paper(html, key="list")
    turn_pages(stage, page, pages)
    export(stage, wanted, columns)


def _cell(stage: Stage, column: Column, row: Row) -> pieces.Td:
    said = column.says(row)
    if isinstance(said, Decimal):
        said = f"{said:,.2f}".removesuffix(".00")
    elif column.numeric and isinstance(said, int | float):
        said = stage.measure("entries").number(said)
    content = "—" if said is None or said == "" else said
    href = column.opens(row) if column.opens else ""
    return pieces.Td(pieces.link(href, content) if href else content, column.cls)


def export(stage: Stage, wanted: Wanted, columns: Sequence[Column]) -> None:
    """A button for a workbook of exactly the rows listed, built when it is asked for."""
    name = file_name(stage, stage.t(stage.spec.title), wanted.title)

    def build(out: Outgoing) -> bytes:
        return workbook(out.stage, wanted, columns, out.mark)

    download.button(stage, stage.t("export"), build, name, wanted.count, whole=wanted.whole)


def workbook(stage: Stage, wanted: Wanted, columns: Sequence[Column], mark: str) -> bytes:
    """An xlsx of every row as the stage's reader shows it, numbers as numbers."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet(stage.t("export_sheet"))
    county = stage.county.places[stage.county.code].name
    title = f"{county} {stage.t(stage.spec.title)}"
    heads = [(column.named or stage.t(column.head), column.width) for column in columns]
    write_head(stage, book, sheet, title, f"{wanted.title} {wanted.words}", heads, mark)
    every = wanted.rows(stage.reader, 0, None)
    for offset, row in enumerate(every.to_pylist(), start=FIRST):
        for index, column in enumerate(columns):
            value = (column.written or column.says)(row)
            if isinstance(value, int | float | Decimal):
                sheet.write_number(offset, index, value)
            elif value is not None:
                sheet.write_string(offset, index, plain_text(_text(value)))
    sheet.autofilter(FIRST - 1, 0, FIRST - 1 + wanted.count, len(columns) - 1)
    book.close()
    return target.getvalue()


def _text(value: Any) -> str:
    if isinstance(value, Markup):
        raise TypeError("a list's column says text or a number")
    return str(value)
