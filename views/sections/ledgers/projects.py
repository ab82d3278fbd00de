"""The ledgers page where its rows are projects: the sentence in their unit, and the list."""

from __future__ import annotations

from functools import partial

from metrics.projects import Projects
from views.context.stage import Stage
from views.parts import paged_list
from views.parts.column_words import say, unit_of
from views.sections.ledgers import households as ledgers

_COLUMNS = ("project", "village_code", "category", "content", "unit_in_charge", "planned_yuan",
            "paid_yuan", "unpaid_yuan", "paid_percent", "project_state", "started_on",
            "accepted_on", "beneficiary_households")  # fmt: skip
_FIRM = ("village_code", "project_state", "started_on", "accepted_on")
_WIDTHS = {"project": 30, "content": 36, "unit_in_charge": 18}


def show(stage: Stage) -> None:
    """The sentence with the count, the list with most unpaid first, and its workbook."""
    view = stage.view
    found = Projects(view.region, view.year, stage.indicator)
    count = found.count(stage.reader)
    words = ledgers.filter_words(stage)
    ledgers.sentence(stage, stage.t("sentence_project", parts=words, count=f"{count:,}"))
    paged_list.show(
        stage,
        paged_list.Wanted(
            stage.t("rows_project", count=f"{count:,}"),
            stage.t("order_project"),
            count,
            found.rows,
        ),
        [_column(stage, name) for name in _COLUMNS],
    )


def _column(stage: Stage, name: str) -> paged_list.Column:
    source = "state" if name == "project_state" else name
    numeric = unit_of(name) is not None

    def says(row: paged_list.Row) -> object:
        value = row[source]
        if value is None:
            return None
        return round(value, 1) if numeric else say(stage, name, value)

    opens = partial(_village, stage) if name == "village_code" else None
    cls = "firm" if name in _FIRM else ""
    return paged_list.Column(name, says, opens, numeric, cls=cls, width=_WIDTHS.get(name, 12))


def _village(stage: Stage, row: paged_list.Row) -> str:
    return stage.href("village", region=row["village_code"])
