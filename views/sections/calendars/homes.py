"""The calendar of the happiness homes: home by home, what came, who came by and who moved."""

from __future__ import annotations

from metrics import calendar_homes, calendars, homes
from metrics.calendar_homes import HomeCalendar, HomeMonth
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import pieces
from views.sections.ledgers.households import turn_pages

_MOVES = ("moved_in", "left", "died")


def every(stage: Stage) -> None:
    """Every home of the place with its months, those with most lacking first."""
    shown = calendars.months(stage.county.data_date)
    found = calendar_homes.homes(
        stage.reader, stage.view.region, stage.newest, stage.county.data_date, shown
    )
    if not found:
        none = pieces.empty(stage, stage.t("calendar_home_calendar"), stage.t("no_rows_hint"))
        components.paper(none, key="homes")
        return
    mine, page, pages = calendar_homes.page_of(found, stage.view.page)
    head = [stage.t("home"), stage.t("village_code"), stage.t("home_households_here"),
            *(f"{month:%y-%m}" for month in shown)]  # fmt: skip
    rows = [
        (
            pieces.Td(_home(stage, one), "firm"),
            pieces.Td(stage.name(one.village_code), "firm"),
            f"{one.households:,}",
            *(pieces.Td(_month(stage, one.months[month]), "said") for month in shown),
        )
        for one in mine
    ]
    table = pieces.table(head, rows, numeric=(2,), cls="data tight")
    lacking = len([one for one in found if one.lacking])
    title = pieces.heading(
        stage.t("calendar_homes_finding", count=f"{lacking:,}"), stage.t("calendar_homes_sub")
    )
    components.paper(h("section", title, h("div", table, cls="wide")), key="homes")
    if pages > 1:
        turn_pages(stage, page, pages)


def _home(stage: Stage, one: HomeCalendar) -> Markup:
    known = homes.allows((one.home_id,)) and one.households
    href = stage.selected("home", one.home_id, year=stage.newest) if known else ""
    return pieces.link(href, one.name or one.home_id)


def _month(stage: Stage, one: HomeMonth) -> Markup:
    """What came, what is lacking, visits and moves, each on a line."""
    came = stage.measure("yuan").number(one.came_yuan) if one.told else "·"
    lines: list[Markup | str] = [h("span", came)]
    if one.lacking:
        told = stage.t("calendar_home_lacking", count=one.lacking)
        lines.append(h("span", told, cls="light bad"))
    visits = "—" if one.visits is None else stage.t("calendar_home_visits", count=one.visits)
    lines.append(h("small", visits, cls="muted"))
    for key in _MOVES:
        if count := getattr(one, key):
            lines.append(h("small", stage.t(f"calendar_home_{key}", count=count)))
    return h("div", *(h("div", line) for line in lines))
