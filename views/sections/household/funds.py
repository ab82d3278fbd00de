"""钱到户: each amount of a fund that reached the household, with fund, document and project."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from metrics.files import HouseholdFile, loaded
from metrics.fund_boards import of_household
from views.browser import components
from views.browser.markup import h
from views.context.stage import Stage
from views.parts import pieces
from views.parts.column_words import say

_HEAD = ("credited_on", "fund_name", "document_number", "content", "project", "paid_to",
         "amount_yuan", "source_file", "source_row")  # fmt: skip


def receipts(stage: Stage, file: HouseholdFile) -> None:
    """What funds paid to the household, the newest first, and what it comes to."""
    if not loaded(stage.county, "fund_receipt"):
        return
    rows = of_household(stage.reader, str(file.household["household_id"]))
    if not rows:
        content = h("p", stage.t("no_rows"), cls="sub")
        title = pieces.heading(stage.t("household_funds_none"))
        components.paper(h("section", title, content), key="receipts")
        return
    head = [stage.t(name) for name in _HEAD]
    body = [_row(stage, file, row) for row in rows]
    said = stage.t(
        "household_funds",
        count=f"{len(rows):,}",
        yuan=stage.measure("yuan").text(rows[0]["in_all"]),
    )
    table = pieces.table(head, body, numeric=(6, 8), cls="data tight")
    html = h("section", pieces.heading(said, stage.t("household_funds_sub")), table)
    components.paper(html, key="receipts")


def _row(stage: Stage, file: HouseholdFile, row: Mapping[str, Any]) -> tuple[object, ...]:
    href = stage.href("funds", id=row["line_id"]) if row["line_seen"] else ""
    return (
        pieces.Td(say(stage, "received_on", row["received_on"]), "firm"),
        row["fund_name"] or "—",
        row["document_number"] or "—",
        pieces.link(href, row["content"] or row["line_id"]),
        row["project"] or "—",
        file.name(row["member_id"]) or stage.t("whole_household"),
        stage.measure("yuan").text(row["amount_yuan"]),
        row["source_file"],
        row["source_row"],
    )
