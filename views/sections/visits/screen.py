"""The first screen of /visits: the sentence, each standard, nights by role, who is found."""

from __future__ import annotations

from typing import Any

from glossary import label
from metrics import visits
from metrics.shares import percent
from metrics.visits import CHECKS, KEPT, MONTH_MISSED, OF_VILLAGES, OWED, STANDARDS, Summary
from rules.registry import rules
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import pieces, place_answers, standards_chart, tabs, threshold_sources
from views.sections.visits import lists

PLACES = "places"
_PARTS = {
    None: "tab_overview",
    PLACES: "part_places",
    KEPT: "part_visits",
    "cadre_nights": "part_cadres",
    "station_patrolled": "part_stations",
}


Here = place_answers.Here[Summary]


def look(stage: Stage) -> Here:
    """Pairings and the answers to every rule in the place shown."""
    return place_answers.look(stage, visits.summary, visits.answers)


def headline(stage: Stage, here: Here) -> None:
    """Who helps how many, to whom nobody came; the page's parts and lists."""
    quarter, late = here.answers["visit_quarter"], here.answers[MONTH_MISSED]
    ratio = here.summary.ratio
    if ratio is None:
        title = stage.t("visits_none", place=stage.place.name)
    else:
        title = stage.t(
            "visits_finding",
            place=stage.place.name,
            helpers=f"{here.summary.helpers:,}",
            paired=f"{here.summary.paired:,}",
            quarter=f"{quarter.missed:,}",
            month=f"{late.met:,}",
        )
    sub = stage.t(
        "visits_sub",
        date=stage.county.data_date,
        ratio="—" if ratio is None else stage.measure("km").number(ratio),
        asked=f"{quarter.asked:,}",
        owed=f"{here.answers[OWED].met:,}",
        share=stage.measure("percent").text(percent(quarter.met, quarter.met + quarter.missed)),
    )
    html = h(
        "section",
        h("h1", title),
        h("p", sub, cls="sub"),
        tabs.row(stage, _PARTS, stage.view.part or None),
        _lists(stage, here),
    )
    components.paper(html, key="headline")


def _lists(stage: Stage, here: Here) -> Markup:
    """Who helps and is helped, and to whom nobody came; numbers open lists."""
    paired = stage.selected("rule", "visit_paired", "met", year=stage.newest)
    counted = (
        ("helping_cadres", here.summary.helpers, visits.HELPING),
        ("paired_households", here.summary.paired, paired),
        ("nobody_for_a_quarter", here.answers["visit_quarter"].missed, "visit_quarter"),
        ("nobody_for_a_month", here.answers[MONTH_MISSED].met, MONTH_MISSED),
        ("too_many_households", here.answers["cadre_load"].missed, "cadre_load"),
    )
    facets = []
    for name, count, opens in counted:
        href = _list(stage, opens) if opens in visits.LISTS else opens
        chosen = bool(opens) and stage.view.part == opens
        facets.append(pieces.counted(stage.t(name), count, href, chosen))
    return h("div", *facets, cls="facets")


def standards(stage: Stage, here: Here) -> None:
    """Each standard of a visit: missed, not known, met; each part opens its households."""
    keys = (*STANDARDS, KEPT)
    title = stage.t("visits_standards", count=f"{here.answers[KEPT].missed:,}")
    rows = [standards_chart.row(stage, key, here.answers[key]) for key in keys]
    standards_chart.draw(stage, rows, title, stage.t("visits_standards_sub"), "standards")


def stays(stage: Stage, here: Here) -> None:
    """Each role's nights against what is owed."""
    found = visits.stays(stage.reader, stage.view.region, stage.newest)
    nights = here.answers["cadre_nights"]
    title = stage.t("stays_finding", count=f"{nights.missed:,}", asked=f"{nights.asked:,}")
    rows = [_stay(stage, role, one) for role, one in found.items()]
    keys = ("cadre_role", "unit_cadre", "nights_owed", "nights_a_week", "nights_kept_share",
            "nights_short", "days_short")  # fmt: skip
    head = [stage.t(key) for key in keys]
    table = pieces.table(head, rows, numeric=range(1, 7), cls="data tight")
    html = h("section", pieces.heading(title, stage.t("stays_sub")), table)
    components.paper(html, key="stays")


def _stay(stage: Stage, role: str, found: visits.Stays) -> tuple[Any, ...]:
    key = {"county_cadre": "county_cadre_nights", "helper": "helper_nights"}.get(role)
    held = stage.county.parameters[key or "team_nights"].in_year(stage.newest)
    decimal = stage.measure("km").number
    return (
        pieces.Td(label("cadre_role", role, stage.lang), "firm"),
        pieces.number(stage, found.cadres, "people"),
        decimal(held.value) if held else "—",
        "—" if found.average is None else decimal(found.average),
        stage.measure("percent").text(found.share),
        pieces.number(stage, found.nights.missed, "people", _list(stage, f"nights_{role}")),
        pieces.number(stage, found.days.missed, "people", _list(stage, f"days_{role}")),
    )


def _list(stage: Stage, part: str) -> str:
    return stage.href("visits", part=part)


def heaviest(stage: Stage) -> None:
    """The cadres with too many households, at most seven."""
    rows = visits.heaviest(stage.reader, stage.view.region, stage.newest)
    count = visits.count(stage.reader, "cadre_load", stage.view.region, stage.newest)
    title = stage.t("heaviest_finding", count=f"{count:,}") if count else stage.t("heaviest_none")
    body = [
        (
            pieces.Td(row["cadre_name"] or "—", "firm"),
            row["cadre_unit"] or "—",
            pieces.link(stage.href("village", region=row["village_code"]),
                        stage.name(row["village_code"])),
            pieces.number(stage, row["helped_households"], "households", lists.opens(stage, row)),
            pieces.number(stage, row["visits_in_quarter"], "households"),
        )
        for row in rows
    ]  # fmt: skip
    head = [stage.t(key) for key in ("cadre_name", "cadre_unit", "village_code",
                                     "helped_households", "visits_in_quarter")]  # fmt: skip
    table = pieces.table(head, body, numeric=(3, 4), cls="data tight") if body else None
    more = pieces.link(_list(stage, "cadre_load"), stage.t("whole_list")) if count else None
    html = pieces.folded(title, stage.t("heaviest_sub"), table, more)
    components.paper(html, key="heaviest")


def watched(stage: Stage, here: Here) -> None:
    """Whether villages were looked at, and what in the records cannot well be."""
    found = visits.found(stage.reader, stage.view.region)
    rows = [
        (
            pieces.Td(stage.t("select_missed", rule=stage.named(rules()[key])), "firm"),
            stage.t("village"),
            pieces.number(stage, here.answers[key].missed, "people", _list(stage, key)),
        )
        for key in OF_VILLAGES
    ]
    rows += [
        (
            pieces.Td(stage.named(stage.county.checks[key]), "firm"),
            stage.t("unit_cadre"),
            pieces.number(stage, found[key], "people", _list(stage, key)),
        )
        for key in CHECKS
    ]
    title = stage.t("watched_finding", count=f"{here.answers['station_patrolled'].missed:,}")
    head = [stage.t(key) for key in ("looked_into", "unit", "counted")]
    table = pieces.table(head, rows, numeric=(2,), cls="data tight")
    html = pieces.folded(title, stage.t("watched_sub"), table)
    components.paper(html, key="watched")


def sources(stage: Stage) -> None:
    """The thresholds and their documents."""
    known = threshold_sources.of_systems(stage, "visits", "stationed")
    components.paper(known, key="sources")
