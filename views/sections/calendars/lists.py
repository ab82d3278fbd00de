"""The lists of the calendar: households to which something did not come whole and in time."""

from __future__ import annotations

from glossary import label
from metrics import calendars
from metrics.calendars import HOME_MONTH, LATE, LISTS, MISSED
from metrics.paging import PAGE_ROWS, first_row, page_count
from rules.registry import rules
from views.context.stage import Stage
from views.parts import paged_list, wall_sheets
from views.parts.column_words import say
from views.parts.workbook import file_name

_COUNTS = ("payments_due", "payments_missed", "payments_short", "longest_missed", "waiting_months")
_MONEY = ("due_yuan", "came_yuan", "waiting_yuan")


def listed(stage: Stage) -> None:
    """The rows of the list chosen, most lacking first, and their workbook."""
    part, region, year = stage.view.part or MISSED, stage.view.region, stage.newest
    names = {key: name(stage, key) for key in LISTS}
    paged_list.choose(stage, "calendar_bar", "calendar_list", names, part)
    count = calendars.count(stage.reader, part, region, year)
    wanted = paged_list.Wanted(
        stage.t("calendar_listed", list=names[part], count=f"{count:,}"),
        f"{stage.place.name} · {stage.county.data_date}",
        count,
        lambda reader, *page: calendars.listed(reader, part, region, year, *page),
        whole=True,
    )
    paged_list.show(stage, wanted, _columns(stage, part))
    if count:
        first = first_row(min(stage.view.page, page_count(count)))
        wall_sheets.button(
            stage,
            stage.t("calendar_sheets_pdf"),
            file_name(stage, stage.t("page_calendar"), names[part]),
            len(calendars.numbers(stage.reader, part, region, year, first, PAGE_ROWS)),
            lambda reader: calendars.numbers(reader, part, region, year, first, PAGE_ROWS),
            "calendar_pdf",
        )


def name(stage: Stage, part: str) -> str:
    """What a list is called: the rule that finds its rows, or what they miss."""
    named = stage.named(rules()[part])
    return stage.t("select_missed", rule=named) if part == HOME_MONTH else named


def _columns(stage: Stage, part: str) -> list[paged_list.Column]:
    column = paged_list.Column

    def household(row: paged_list.Row) -> str:
        return stage.href("household", id=row["household_id"])

    def kinds(row: paged_list.Row) -> str:
        told = (row["kinds"] or "").split(",")
        return stage.t("rule_comma").join(
            label("payment_kind", key, stage.lang) for key in told if key
        )

    def told(key: str) -> paged_list.Column:
        return column(key, lambda row: say(stage, key, row[key]), cls="firm")

    def number(key: str) -> paged_list.Column:
        return column(key, lambda row: row[key], numeric=True)

    about = [number(key) for key in _COUNTS]
    if part == HOME_MONTH:
        about = [told("home_month_yuan"), number("payments_missed")]
    elif part == LATE:
        about = [number("payments_due"), told("most_days_late")]
    return [
        column("household_id", lambda row: row["household_id"], household, cls="firm", width=20),
        column("head_name", lambda row: row["head_name"], cls="firm"),
        paged_list.village(stage),
        *about,
        *(number(key) for key in _MONEY),
        column("payment_kind", kinds, cls="said", width=40),
    ]
