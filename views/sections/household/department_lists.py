"""What other departments' lists say of the people of a household."""

from __future__ import annotations

from glossary import label
from metrics.files import HouseholdFile
from views.browser import components
from views.browser.markup import h
from views.context.stage import Stage
from views.parts import pieces
from views.parts.column_words import dated

_ENTRY = ("entry_kind", "roll_state", "list_disability_grade", "list_event_on", "list_amount_yuan")


def listed(stage: Stage, file: HouseholdFile) -> None:
    """The entries, folded; nothing where no list names anybody of the household."""
    if not file.listed:
        return
    rows = [
        (
            row["member_name"] or "—",
            label("department_list", row["department_list"], stage.lang),
            *(dated(stage, row, key) for key in _ENTRY),
            stage.t(f"found_by_{row['found_by']}"),
        )
        for row in file.listed
    ]
    head = [stage.t(key) for key in ("member_name", "department_list", *_ENTRY, "found_by")]
    summary = h("summary", h("b", stage.t("lists_of_household", count=len(rows))))
    note = h("p", stage.t("lists_of_household_sub"), cls="sub")
    table = h("div", pieces.table(head, rows), cls="wide")
    html = h("section", h("details", summary, note, table, cls="system"))
    components.paper(html, key="department_lists")
