"""The ledgers page where its rows are entries or people: the sentence in their unit, the list."""

from __future__ import annotations

from metrics.subjects import ENTRY, HOUSEHOLD, Subjects
from views.browser import components
from views.browser.markup import h
from views.context.stage import Stage
from views.parts import paged_list, pieces
from views.parts.column_words import dated
from views.sections.ledgers import households as ledgers

_COLUMNS = {
    ENTRY: ("household_id", "head_name", "village_code", "group_key", "reason", "measure",
            "responsible", "opened_on", "due_on", "ledger_state", "days_late"),
    "member": ("household_id", "name", "relation", "age", "health", "labour", "work_months",
               "village_code", "poverty_state", "monitor_kind", "per_capita_net_income_yuan"),
}  # fmt: skip
_FIRM = ("household_id", "village_code", "head_name", "name", "opened_on", "due_on", "ledger_state")
_NUMERIC = ("days_late", "age", "work_months", "per_capita_net_income_yuan")
_WIDTHS = {"household_id": 20, "reason": 30, "measure": 30, "monitor_kind": 16}


def show(stage: Stage) -> None:
    """The sentence with the count, the same by household, the list and its workbook."""
    kind, wanted = stage.subject, stage.households()
    found = Subjects(kind, wanted, stage.county.data_date)
    count, households = found.count(stage.reader)
    ledgers.sentence(stage, stage.t(f"sentence_{kind}", parts=ledgers.filter_words(stage),
                                    count=f"{count:,}", households=f"{households:,}"))  # fmt: skip
    by_household = stage.href("ledgers", by=HOUSEHOLD)
    switch = pieces.link(by_household, stage.t("by_household")) if households else ""
    told = h("p", stage.t(f"order_{kind}"), " ", switch, cls="sub")
    components.paper(told, key="by")
    paged_list.show(
        stage,
        paged_list.Wanted(
            stage.t(f"rows_{kind}", count=f"{count:,}"),
            ledgers.filter_words(stage),
            count,
            found.rows,
            whole=True,
        ),
        [_column(stage, name) for name in _COLUMNS[kind]],
    )


def _column(stage: Stage, name: str) -> paged_list.Column:
    opens = None
    if name == "household_id":
        opens = lambda row: stage.href("household", id=row["household_id"])  # noqa: E731
    elif name == "village_code":
        opens = lambda row: stage.href("village", region=row["village_code"])  # noqa: E731
    numeric = name in _NUMERIC
    return paged_list.Column(
        name,
        (lambda row: row[name]) if numeric else (lambda row: _said(stage, name, row)),
        opens,
        numeric,
        cls="firm" if name in _FIRM else "",
        width=_WIDTHS.get(name, 12),
    )


def _said(stage: Stage, name: str, row: paged_list.Row) -> str | None:
    """A value in words; nothing where it is not known, which the list shows as a dash."""
    if row[name] is None:
        return None
    return str(row[name]) if name == "household_id" else dated(stage, row, name)
