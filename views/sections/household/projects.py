"""Projects that a household benefits from, and the dividends of assets that it had."""

from __future__ import annotations

from typing import Any

from metrics.files import HouseholdFile
from metrics.project_file import dividends_of, of_household
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import pieces
from views.parts.column_words import dated, say

_PROJECTS = ("year", "promised_jobs", "jobs", "promised_income_yuan", "income_yuan",
             "promised_dividend_yuan", "dividend_yuan")  # fmt: skip


def benefits_from(stage: Stage, file: HouseholdFile) -> None:
    """What it was promised of projects and had, and what it was paid, where there is any."""
    household = str(file.household["household_id"])
    projects = of_household(stage.reader, household)
    paid = dividends_of(stage.reader, household)
    parts: list[Markup] = []
    if projects:
        head = [stage.t(key) for key in ("project", *_PROJECTS, "source_file")]
        rows = [_project(stage, row) for row in projects]
        parts += [pieces.heading(stage.t("household_projects")),
                  pieces.table(head, rows, numeric=range(2, 8))]  # fmt: skip
    if paid:
        head = [stage.t(key) for key in ("year", "asset", "amount_yuan", "paid_on", "source_file")]
        rows = [_dividend(stage, row) for row in paid]
        parts += [pieces.heading(stage.t("household_dividends")),
                  pieces.table(head, rows, numeric=(2,))]  # fmt: skip
    if parts:
        components.paper(h("section", *parts), key="household_projects")


def _project(stage: Stage, row: dict[str, Any]) -> tuple[Any, ...]:
    named = row["project"] or row["project_id"]
    opens = stage.href("projects", project=row["project_id"]) if row["project"] else ""
    said = (say(stage, name, row[name], unit=False) for name in _PROJECTS)
    return pieces.link(opens, named), *said, _line(stage, row)


def _dividend(stage: Stage, row: dict[str, Any]) -> tuple[Any, ...]:
    return (
        str(row["year"]),
        row["asset"] or row["asset_id"],
        say(stage, "amount_yuan", row["amount_yuan"], unit=False),
        dated(stage, row, "paid_on"),
        _line(stage, row),
    )


def _line(stage: Stage, row: dict[str, Any]) -> Markup:
    told = stage.t("from_file", file=row["source_file"], row=row["source_row"])
    return h("span", told, cls="sub")
