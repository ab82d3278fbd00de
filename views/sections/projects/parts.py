"""The parts of the projects page: half-monthly sheets, all projects, assets, upkeep, shops."""

from __future__ import annotations

from functools import partial
from typing import Any

from charts import bars, theme
from glossary import label
from metrics import assets, project_library, upkeep
from metrics.assets import Assets
from metrics.project_library import LATE, STEPS, UNFINISHED, Moved
from metrics.upkeep import RAISED, ROUTES, SOURCES, Shops
from views.browser import components
from views.browser.markup import h
from views.context.stage import Stage
from views.parts import chart_blocks, pieces
from views.sections.projects import lists, opening


def schedule(stage: Stage) -> None:
    """What moved since the sheet before the newest."""
    days = project_library.sheets(stage.reader, stage.view.region)
    moved = Moved(stage.view.region, days)
    if days.newest is None:
        opening.opening(stage, stage.t("schedule_none"), stage.t("schedule_sub"))
        components.paper(
            pieces.empty(stage, stage.t("no_rows"), stage.t("no_rows_hint")), key="none"
        )
        return
    found = moved.totals(stage.reader)
    count = stage.measure("projects").number
    title = stage.t(
        "schedule_lead",
        date=days.newest,
        count=count(found["projects"]),
        moved=count(found["moved"]),
        stood=count(found["stood"]),
        paid=stage.measure("yuan").say(found["paid_since_yuan"] or 0),
    )
    before = days.before.isoformat() if days.before else stage.t("schedule_first")
    sub = stage.t(
        "schedule_since", before=before, new=count(found["new"]), hard=count(found["difficulties"])
    )
    opening.opening(stage, title, sub)
    lists.moved(stage, moved)


def every(stage: Stage) -> None:
    """All projects, by the step that they stand at or what a check finds of them."""
    region = stage.view.region
    found = project_library.library(stage.reader, region)
    count = stage.measure("projects").number
    title = stage.t(
        "list_lead",
        place=stage.place.name,
        count=count(found.projects),
        finished=count(found.finished),
        unfinished=count(found.unfinished),
    )
    facets = [
        opening.facet(stage, UNFINISHED, stage.t("unfinished"), found.unfinished),
        opening.facet(stage, LATE, stage.t("late"), found.late),
        *(
            opening.facet(stage, step, label("project_step", step, stage.lang), standing)
            for step in STEPS
            if (standing := found.standing.get(step))
        ),
    ]
    sub = stage.t("projects_sub", date=stage.county.data_date)
    opening.opening(stage, title, sub, facets, project_library.LEVEL)
    lists.projects(stage)


def of_assets(stage: Stage) -> None:
    """What projects left, by kind, and what the checks find of it."""
    every_one = Assets(stage.view.region)
    found = every_one.totals(stage.reader)
    yuan = stage.measure("yuan").say
    title = stage.t(
        "assets_lead",
        place=stage.place.name,
        count=stage.measure("assets").number(found["assets"]),
        value=yuan(found["value_yuan"] or 0),
        year=found["yield_year"] or "—",
        share=stage.measure("percent").text(found["yield_percent"]),
    )
    sub = stage.t("assets_sub", dividend=yuan(found["dividend_yuan"] or 0))
    opening.opening(stage, title, sub, level=assets.LEVEL)
    if found["assets"]:
        _kinds(stage, every_one)
    lists.of_assets(stage)


def _kinds(stage: Stage, found: Assets) -> None:
    rows = [
        (
            pieces.Td(label("asset_kind", row["asset_kind"], stage.lang), "firm"),
            stage.measure("assets").number(row["assets"]),
            stage.measure("assets").number(row["unused"]),
            stage.measure("yuan").number(row["value_yuan"]),
            stage.measure("yuan").number(row["yield_yuan"]),
            stage.measure("percent").text(row["yield_percent"]),
        )
        for row in found.by_kind(stage.reader)
    ]
    keys = (
        "asset_kind",
        "count_assets",
        "count_unused",
        "value_yuan",
        "yield_yuan",
        "yield_percent",
    )
    head = [stage.t(key) for key in keys]
    table = pieces.table(head, rows, numeric=range(1, 6), cls="data tight")
    html = h("details", h("summary", stage.t("assets_by_kind")), table, cls="about")
    components.paper(html, key="kinds")


def of_upkeep(stage: Stage) -> None:
    """Facilities by route, and what was raised for their upkeep."""
    region = stage.view.region
    found = upkeep.routes(stage.reader, region)
    raised = upkeep.money(stage.reader, region)
    count = stage.measure("facilities").number
    title = stage.t(
        "upkeep_lead",
        place=stage.place.name,
        count=count(upkeep.together(found, "facilities")),
        share=stage.measure("percent").text(upkeep.good_share(found)),
    )
    sub = stage.t("upkeep_sub")
    facets = [
        opening.facet(
            stage, route, label("upkeep_route", route, stage.lang), found[route]["facilities"]
        )
        for route in ROUTES
        if route in found
    ]
    opening.opening(stage, title, sub, facets, upkeep.FACILITY)
    if raised:
        chart_blocks.columns(
            2, [partial(_sources, stage, raised[-1]), partial(_years, stage, raised)]
        )
    lists.facilities(stage)


def _sources(stage: Stage, newest: dict[str, Any]) -> None:
    measure = stage.measure("yuan")
    title = stage.t("raised_title", year=newest["year"], amount=measure.say(newest["raised_yuan"]))
    chart = bars.ranked(
        [bars.Bar(stage.t(one), newest[one], _raised(stage)) for one in SOURCES],
        measure=measure,
        words=chart_blocks.words(
            title,
            stage.t("raised_sub"),
            stage.t("fund_source"),
            stage.t("amount_yuan"),
            stage=stage,
        ),
        frame=chart_blocks.frame(theme.HALF),
    )
    chart_blocks.show(chart, "sources", stage)


def _raised(stage: Stage) -> str:
    """Address of the lines of what was raised."""
    return stage.href("projects", state=RAISED)


def _years(stage: Stage, raised: list[dict[str, Any]]) -> None:
    rows = [
        (str(r["year"]), pieces.number(stage, r["raised_yuan"], "yuan", _raised(stage)))
        for r in raised
    ]
    head = (stage.t("year"), stage.t("raised_yuan"))
    html = h(
        "section", pieces.heading(stage.t("raised_years")), pieces.table(head, rows, numeric=(1,))
    )
    components.paper(html, key="raised")


def of_shops(stage: Stage) -> None:
    """Points shops: earned, redeemed, and those that stand still."""
    found = Shops(stage.view.region).totals(stage.reader)
    still = project_library.found(stage.reader, stage.view.region, upkeep.SHOP)
    title = stage.t(
        "shops_lead",
        place=stage.place.name,
        count=stage.measure("entries").number(found["shops"]),
        share=stage.measure("percent").text(found["redeemed_percent"]),
        still=stage.measure("entries").number(still.get("shop_stands_still", 0)),
    )
    opening.opening(stage, title, stage.t("shops_sub"), level=upkeep.SHOP)
    months = upkeep.points_by_month(stage.reader, stage.view.region)
    if months:
        _months(stage, months)
    lists.shops(stage)


def _months(stage: Stage, months: list[dict[str, Any]]) -> None:
    rows = [
        (
            f"{row['month_on']:%Y-%m}",
            stage.measure("score").number(row["points_earned"]),
            stage.measure("score").number(row["points_redeemed"]),
            f"{row['open_shops']:,}",
            f"{row['shops']:,}",
        )
        for row in reversed(months)
    ]
    keys = ("month_on", "points_earned", "points_redeemed", "open_shops", "shops")
    table = pieces.table(
        [stage.t(key) for key in keys], rows, numeric=range(1, 5), cls="data tight"
    )
    html = h("details", h("summary", stage.t("shops_by_month")), table, cls="about")
    components.paper(html, key="months")
