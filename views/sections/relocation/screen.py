"""The relocation page's first screen: the sentence, each standard, what sites have."""

from __future__ import annotations

from charts.foremost import Placed, foremost
from metrics import relocation
from metrics.relocation import OF_SITES, SETTLED, STANDARDS, Summary
from metrics.shares import percent
from rules.registry import rules
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import pieces, place_answers, standards_chart, tabs, threshold_sources

SITES, ORIGINS = "sites", "origins"
_PARTS = {
    None: "tab_overview",
    SITES: "part_sites",
    ORIGINS: "part_origins",
    relocation.BLOCKED: "part_blocked",
}


_BESIDE = (relocation.BLOCKED, "relocation_moved_in", "relocation_both_ways", "relocation_empty",
           "relocation_old_house_late", "relocation_area")  # fmt: skip


Here = place_answers.Here[Summary]


def look(stage: Stage) -> Here:
    """How many were relocated in the place shown, and how they answer each rule."""
    return place_answers.look(stage, relocation.summary, relocation.answers)


def headline(stage: Stage, here: Here) -> None:
    """How many moved and are settled, and what most of the others lack; the page's parts."""
    found, settled = here.summary, here.answers[SETTLED]
    if not found.households:
        title, sub = stage.t("relocation_none", place=stage.place.name), ""
    else:
        title = stage.t(
            "relocation_finding",
            place=stage.place.name,
            households=f"{found.households:,}",
            people=f"{found.people:,}",
            settled=f"{settled.met:,}",
        )
        title += "" if stage.view.part else _most(stage, here)
        sub = stage.t(
            "relocation_sub",
            date=stage.county.data_date,
            share=stage.measure("percent").text(percent(settled.met, settled.asked)),
            sites=found.sites,
            large=found.large,
            at_sites=f"{found.at_sites:,}",
            scattered=f"{relocation.scattered(found):,}",
        )
    html = h(
        "section",
        h("h1", title),
        h("p", sub, cls="sub"),
        tabs.row(stage, _PARTS, _shown(stage)),
        _lists(stage, here),
    )
    components.paper(html, key="headline")


def _most(stage: Stage, here: Here) -> str:
    """The standard that most of those not settled miss."""
    missed = here.answers[SETTLED].missed
    kinds = [
        Placed(lacking(stage, key), here.answers[key].known_missed, base=missed)
        for key in STANDARDS
    ]
    top = foremost(kinds, stage.measure("households")) if missed else None
    return stage.t("relocation_most", count=f"{missed:,}", most=top.text) if top else ""


def lacking(stage: Stage, key: str) -> str:
    """A standard by what a household without it lacks, in a word or two."""
    return stage.t(f"short_{key.removeprefix('relocation_')}")


def _shown(stage: Stage) -> str | None:
    """The part shown; a list of one standard is one of the lists of who is blocked."""
    part = stage.view.part or None
    return part if part in _PARTS else relocation.BLOCKED


def _lists(stage: Stage, here: Here) -> Markup:
    """Who moved and is settled, and what is wrong beside the standards; numbers open lists."""
    year = stage.newest
    counted = {
        "relocated_households": here.summary.households,
        "relocated_people": here.summary.people,
    }
    facets = [
        pieces.counted(
            stage.named(stage.county.indicators[key]), count, stage.behind(key, year=year)
        )
        for key, count in counted.items()
    ]
    settled = stage.selected("rule", SETTLED, "met", year=year)
    facets.append(pieces.counted(stage.named(rules()[SETTLED]), here.answers[SETTLED].met, settled))
    for key in _BESIDE:
        answer = relocation.LISTS[key][1]
        count = getattr(here.answers[relocation.LISTS[key][0]], answer)
        href = stage.href("relocation", part=key)
        facets.append(pieces.counted(stage.t(f"list_{key}"), count, href, stage.view.part == key))
    return h("div", *facets, cls="facets")


def standards(stage: Stage, here: Here) -> None:
    """Each standard of a settled household: missed, not known, met."""
    keys = (*STANDARDS, SETTLED)
    title = stage.t("relocation_standards", count=f"{here.answers[SETTLED].missed:,}")
    rows = [standards_chart.row(stage, key, here.answers[key]) for key in keys]
    standards_chart.draw(stage, rows, title, stage.t("relocation_standards_sub"), "standards")


def of_sites(stage: Stage, here: Here) -> None:
    """What the sites have at which households live, counted by household."""
    asked = here.answers[OF_SITES[0]].asked
    if not asked:
        return
    worst = max(OF_SITES, key=lambda key: here.answers[key].missed)
    title = stage.t(
        "relocation_sites_have",
        rule=lacking(stage, worst),
        count=f"{here.answers[worst].missed:,}",
        asked=f"{asked:,}",
    )
    rows = [standards_chart.row(stage, key, here.answers[key]) for key in OF_SITES]
    standards_chart.draw(stage, rows, title, stage.t("relocation_sites_have_sub"), "of_sites")


def sources(stage: Stage) -> None:
    """The thresholds and their documents."""
    known = threshold_sources.of_systems(stage, "relocation", "resettlement_sites")
    components.paper(known, key="sources")
