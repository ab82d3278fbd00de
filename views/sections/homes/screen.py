"""The first screen of the homes: the sentence, what homes owe, what households have."""

from __future__ import annotations

from charts.answer_bars import Answer, Row
from charts.foremost import Placed, foremost
from metrics import homes
from metrics.homes import (
    AREA,
    BY_PLACE,
    EVERY_HOME,
    IN_ORDER,
    ITEMS,
    LACKS_ONE,
    LEFT,
    PACKAGE,
    PATH,
    STANDARDS,
    UNENTITLED,
    UNHOUSED,
    Summary,
)
from rules.tally import Tally
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import pieces, place_answers, standards_chart, tabs, threshold_sources

_PARTS = {
    None: "tab_overview",
    EVERY_HOME: "part_homes",
    BY_PLACE: "part_package",
    UNHOUSED: "part_home_lists",
}
_BESIDE = (UNHOUSED, UNENTITLED, AREA, PATH, LACKS_ONE, LEFT)


Here = place_answers.Here[Summary]


def look(stage: Stage) -> Here:
    """The homes and households of the place shown, and how they answer each rule."""
    return place_answers.look(stage, homes.summary, homes.answers)


def headline(stage: Stage, here: Here) -> None:
    """Who lives in how many homes, and who should and does not; the page's parts and lists."""
    found = here.summary
    if not found.homes and not found.surveyed:
        title, sub = stage.t("homes_none", place=stage.place.name), ""
    else:
        title = stage.t(
            "homes_finding",
            place=stage.place.name,
            homes=f"{found.homes:,}",
            households=f"{found.households:,}",
            people=f"{found.people:,}",
            unhoused=f"{here.answers[UNHOUSED].met:,}",
        )
        sub = stage.t(
            "homes_sub",
            date=stage.county.data_date,
            surveyed=f"{found.surveyed:,}",
            surveyed_people=f"{found.surveyed_people:,}",
            eligible=f"{here.answers['home_eligible'].met:,}",
            planned=f"{found.planned:,}",
            came=f"{found.came:,}",
            left=f"{found.left:,}",
            deaths=f"{found.deaths:,}",
        )
    html = h(
        "section",
        h("h1", title),
        h("p", sub, cls="sub"),
        tabs.row(stage, _PARTS, _shown(stage)),
        _lists(stage, here),
    )
    components.paper(html, key="headline")


def _shown(stage: Stage) -> str | None:
    """The part shown; each list is one of those of the last part."""
    part = stage.view.part or None
    return part if part in _PARTS else UNHOUSED


def _lists(stage: Stage, here: Here) -> Markup:
    """Who lives in homes, and what is wrong; each number opens its list."""
    year = stage.newest
    counted = {
        "home_households": here.summary.households,
        "home_people": here.summary.people,
    }
    facets = [
        pieces.counted(
            stage.named(stage.county.indicators[key]), count, stage.behind(key, year=year)
        )
        for key, count in counted.items()
    ]
    for key in _BESIDE:
        count = homes.count(stage.reader, key, stage.view.region, year)
        href = stage.href("homes", part=key)
        facets.append(pieces.counted(stage.t(f"list_{key}"), count, href, stage.view.part == key))
    return h("div", *facets, cls="facets")


def standards(stage: Stage, here: Here) -> None:
    """What homes owe: by standard how many miss it, cannot be told, or meet it."""
    keys = (*STANDARDS, IN_ORDER)
    missed = here.answers[IN_ORDER].missed
    title = stage.t("homes_standards", count=f"{missed:,}", most=_most(stage, here))
    rows = [_home_row(stage, key, here.answers[key]) for key in keys]
    _draw(stage, rows, "homes", title, stage.t("homes_standards_sub"), "standards")


def _most(stage: Stage, here: Here) -> str:
    """The standard that most homes miss, in words; nothing where none is missed."""
    base = here.answers[IN_ORDER].asked
    kinds = [
        Placed(stage.t(f"lack_{key}"), here.answers[key].known_missed, base=base)
        for key in STANDARDS
    ]
    top = foremost(kinds, stage.measure("homes")) if here.answers[IN_ORDER].missed else None
    return stage.t("homes_most", most=top.text) if top else ""


def _home_row(stage: Stage, key: str, counts: Tally) -> Row:
    opens: dict[Answer, str] = {
        "missed": stage.href("homes", part=key),
        "met": stage.href("homes", part=EVERY_HOME),
    }
    return standards_chart.row(stage, key, counts, opens)


def package(stage: Stage, here: Here) -> None:
    """What households have of the package: by item who misses it, cannot be told, or has it."""
    whole = here.answers[PACKAGE]
    title = stage.t("package_finding", met=f"{whole.met:,}", asked=f"{whole.asked:,}",
                    one=f"{here.answers[LACKS_ONE].met:,}")  # fmt: skip
    keys = (*ITEMS, PACKAGE)
    rows = [standards_chart.row(stage, key, here.answers[key]) for key in keys]
    _draw(stage, rows, "households", title, stage.t("package_sub"), "package")


def _draw(stage: Stage, rows: list[Row], unit: str, title: str, sub: str, key: str) -> None:
    if not any(row.total for row in rows):
        none = pieces.empty(stage, title, stage.t("no_rows_hint"))
        components.paper(none, key=key)
        return
    standards_chart.draw(stage, rows, title, sub, key, unit)


def sources(stage: Stage) -> None:
    """The thresholds and their documents."""
    known = threshold_sources.of_systems(
        stage, "happiness_homes", "home_eligibility", "home_residents", "package_211130"
    )
    components.paper(known, key="sources")
