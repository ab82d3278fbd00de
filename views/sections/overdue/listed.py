"""The list of what is late, and its workbook."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from glossary import label
from metrics import overdue
from metrics.overdue import PROBLEMS
from store.reader import Reader
from views.browser import components
from views.browser.markup import h
from views.context.stage import Stage
from views.parts import paged_list, pieces, problem_words
from views.sections.monitoring.open_cases import awaited
from views.sections.overdue.standing import asked, name

# The codes that a system's kind is one of.
_CODES = {
    "sieves": "sieve",
    "inspections": "inspection_item",
}


def show(stage: Stage, found: pa.Table) -> None:
    """What is late of the system that is asked for, in the order asked for.

    ``found`` is all that is late, as this run's reader shows it; another is asked anew.
    """
    part, sort = stage.view.part or overdue.ALL, stage.view.sort

    def rows(reader: Reader, offset: int = 0, limit: int | None = None) -> pa.Table:
        every = found if reader is stage.reader else asked(stage, reader)
        every = overdue.of_system(every, part)
        return overdue.ordered(every, sort).slice(offset, limit)

    count = rows(stage.reader).num_rows
    orders = [_order(stage, one) for one in overdue.SORTS]
    components.paper(h("div", stage.t("overdue_by"), *orders, cls="facets"), key="orders")
    words = " · ".join((stage.place.name, str(stage.county.data_date), name(stage, part)))
    title = stage.t("overdue_listed", count=f"{count:,}")
    wanted = paged_list.Wanted(title, words, count, rows, whole=True)
    paged_list.show(stage, wanted, _columns(stage))


def _order(stage: Stage, column: str) -> Any:
    href = stage.href("overdue", sort=column, page=1)
    return pieces.facet_way(stage.t(f"overdue_by_{column}"), href, stage.view.sort == column)


def _kind(stage: Stage, row: paged_list.Row) -> str:
    """What is late, in its system's words."""
    system, kind = row["system"], row["kind"]
    if system == PROBLEMS:
        return problem_words.kind(stage, kind)
    if system == "ledgers":
        return stage.named(stage.county.rules[kind]) if kind in stage.county.rules else kind
    if system == "monitoring":
        return awaited(stage, kind)
    return label(_CODES[system], kind, stage.lang)


def _opens(stage: Stage, row: paged_list.Row) -> str:
    """A problem's own view, a household's file, else the village."""
    if row["system"] == PROBLEMS:
        return stage.href("problems", finding=int(row["item"]))
    if row["household_id"]:
        return stage.href("household", id=row["household_id"])
    return stage.href("village", region=row["village_code"])


def _columns(stage: Stage) -> list[paged_list.Column]:
    def of_place(row: paged_list.Row) -> str:
        return problem_words.place(stage, row["village_code"])

    def plain(column: str) -> Any:
        return lambda row: row[column]

    column = paged_list.Column
    return [
        column("overdue_system", lambda row: name(stage, row["system"]), cls="firm"),
        column("overdue_kind", lambda row: _kind(stage, row),
               lambda row: _opens(stage, row), cls="firm", width=20),
        column("place", of_place, cls="firm", width=18),
        column("household_id", plain("household_id"), cls="firm", width=20),
        column("head_name", plain("head_name"), cls="firm"),
        column("overdue_what", plain("what"), cls="said", width=36),
        column("overdue_responsible", plain("responsible"), cls="said", width=18),
        column("due_on", lambda row: row["due_on"].isoformat() if row["due_on"] else None,
               cls="firm"),
        column("overdue_days", plain("days"), numeric=True),
    ]  # fmt: skip
