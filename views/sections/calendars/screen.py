"""The head of the calendar's page: the sentence, the page's parts and its lists."""

from __future__ import annotations

from metrics import calendars
from metrics.calendars import (
    BY_KIND,
    HOMES,
    LISTS,
    MISSED,
    UNTOLD,
    Summary,
)
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import pieces, place_answers, tabs, threshold_sources, wall_sheets
from views.parts.workbook import file_name

_PARTS = {
    None: "tab_overview",
    BY_KIND: "part_calendar_kinds",
    HOMES: "part_calendar_homes",
    UNTOLD: "part_calendar_untold",
    MISSED: "part_calendar_lists",
}


Here = place_answers.Here[Summary]


def look(stage: Stage) -> Here:
    """What came to the place shown, and how its households answer each rule."""
    return place_answers.look(stage, calendars.summary, calendars.answers)


def headline(stage: Stage, here: Here) -> None:
    """How much of what was due came, and how many waited; the page's parts and lists."""
    found = here.summary
    yuan, shown = stage.measure("yuan"), calendars.months(stage.county.data_date)
    if not found.households:
        title = stage.t("calendar_none", place=stage.place.name)
    else:
        title = stage.t(
            "calendar_finding",
            place=stage.place.name,
            due=yuan.text(found.due_yuan),
            share=stage.measure("percent").text(found.share),
            households=f"{here.answers[MISSED].met:,}",
        )
    sub = stage.t(
        "calendar_sub",
        **{"from": f"{shown[0]:%Y-%m}", "to": f"{shown[-1]:%Y-%m}"},
        asked=f"{found.households:,}",
        waiting=yuan.text(found.waiting_yuan),
    )
    html = h(
        "section",
        h("h1", title),
        h("p", sub, cls="sub"),
        tabs.row(stage, _PARTS, _shown(stage)),
        _lists(stage),
    )
    components.paper(html, key="headline")


def _shown(stage: Stage) -> str | None:
    """The part shown; each list is one of those of the last part."""
    part = stage.view.part or None
    return part if part in _PARTS else MISSED


def _lists(stage: Stage) -> Markup:
    """Who waits or waited; each number opens its list."""
    facets = []
    for key in LISTS:
        count = calendars.count(stage.reader, key, stage.view.region, stage.newest)
        href = stage.href("calendar", part=key)
        facets.append(pieces.counted(stage.t(f"list_{key}"), count, href, stage.view.part == key))
    return h("div", *facets, cls="facets")


def sheets(stage: Stage) -> None:
    """The sheets for the wall of a village's households."""
    if stage.place.level != "village":
        return
    region, year = stage.view.region, stage.newest
    wall_sheets.button(
        stage,
        stage.t("calendar_sheet_pdf"),
        file_name(stage, stage.t("page_calendar"), stage.place.name),
        len(calendars.numbers(stage.reader, None, region, year)),
        lambda reader: calendars.numbers(reader, None, region, year),
        "calendar_pdf",
    )


def sources(stage: Stage) -> None:
    """The thresholds and their documents."""
    known = threshold_sources.of_systems(stage, "calendar", "calendar_homes")
    components.paper(known, key="sources")
