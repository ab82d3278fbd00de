"""The twelve months of one household: what came in, who came by, what is due and missed."""

from __future__ import annotations

from collections.abc import Sequence

from metrics.files import HouseholdFile
from metrics.household_calendar import HouseholdCalendar, HouseholdMonth, Item
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import household_months, pieces, wall_sheets
from views.parts.column_words import say
from views.parts.follow_up import FollowUp
from views.parts.workbook import file_name


def months(stage: Stage, file: HouseholdFile, follow: FollowUp) -> None:
    """The grid and the sheet for the wall; nothing where there is nothing to tell of any month."""
    told = household_months.of_page(stage, file, follow.findings)
    if not (file.payments or file.visits or told.later or any(one.items for one in told.months)):
        return
    kinds = [household_months.kind(stage, key) for key in told.kinds]
    head = [stage.t("month_on"), *kinds, stage.t("calendar_visits"), stage.t("calendar_agenda")]
    rows = [_row(stage, told, one) for one in told.months]
    table = pieces.table(head, rows, cls="data tight")
    parts = [
        pieces.heading(stage.t("calendar_of_household"), _said(stage, file)),
        h("div", table, cls="wide"),
    ]
    if told.later:
        parts.append(h("h3", stage.t("calendar_later")))
        lines = [h("li", _item(stage, one, whole=True)) for one in told.later]
        parts.append(h("ul", *lines, cls="breaks"))
    components.paper(h("section", *parts), key="calendar")
    number = file.household["household_id"]
    name = file_name(stage, stage.t("page_calendar"), number)
    wall_sheets.button(
        stage, stage.t("calendar_sheet_pdf"), name, 1, lambda _: [number], "calendar_pdf"
    )


def _said(stage: Stage, file: HouseholdFile) -> str:
    """How much came within twelve months, and what did not."""
    row = file.calendar
    if row is None:
        return stage.t("calendar_household_none")
    came = say(stage, "all_came_yuan", row["all_came_yuan"])
    if row["payments_missed"] or row["payments_short"]:
        return stage.t(
            "calendar_household_waits",
            came=came,
            missed=row["payments_missed"] or 0,
            short=row["payments_short"] or 0,
            waiting=say(stage, "waiting_yuan", row["waiting_yuan"]),
        )
    if row["payments_untold"]:
        return stage.t("calendar_household_untold", came=came, untold=row["payments_untold"])
    return stage.t("calendar_household_whole", came=came)


def _row(
    stage: Stage, told: HouseholdCalendar, one: HouseholdMonth
) -> Sequence[pieces.Td | Markup | str]:
    payments = [_payment(stage, one, key) for key in told.kinds]
    visits: Markup | str
    if one.visits is None:
        visits = h("span", "—", cls="missing", title=stage.t("calendar_no_visits_yet"))
    elif not one.visits:
        visits = h("span", stage.t("calendar_nobody"), cls="muted")
    else:
        visits = _lines([household_months.visitor(stage, row) for row in one.visits])
    due = _lines([_item(stage, each) for each in one.items])
    return (
        pieces.Td(f"{one.month:%Y-%m}", "firm"),
        *payments,
        pieces.Td(visits, "firm"),
        pieces.Td(due, "said"),
    )


def _payment(stage: Stage, one: HouseholdMonth, key: str) -> Markup | str:
    row = one.payments.get(key)
    if row is None:
        return h("span", "·", cls="muted")
    text, bad = household_months.payment(stage, row)
    return h("span", text, cls="light bad") if bad else text


def _item(stage: Stage, one: Item, *, whole: bool = False) -> Markup:
    text, late = household_months.item(stage, one, whole=whole)
    return h("span", text, cls="light bad" if late else None)


def _lines(given: Sequence[Markup | str]) -> Markup:
    return h("div", *(h("div", line) for line in given))
