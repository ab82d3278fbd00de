"""What the village page draws: who lives there, every indicator, groups, projects."""

from __future__ import annotations

from typing import Any

from metrics.files import village_projects
from metrics.groups import indicator_of
from metrics.registry import themes
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import pieces
from views.parts.column_words import say
from views.parts.rolls_note import rolls_note
from views.scenes import block
from views.scenes.block import Block

_PROJECT = ("name", "category", "year", "planned_yuan", "paid_yuan", "state",
            "beneficiary_households")  # fmt: skip


def head(stage: Stage) -> Block:
    """Which place, what it lies in, and its main numbers."""
    place = stage.place
    above = [code for code in (place.parent,) if code and code in stage.bounds.places]
    crumbs = [
        pieces.link(stage.href("overview", region=code), stage.county.places[code].name)
        for code in above
    ]
    finding = stage.t(
        "village_finding",
        people=stage.measure("people").number(stage.cell("population").value),
        households=stage.measure("households").number(stage.cell("registered_households").value),
    )
    links = [
        pieces.link(stage.href("ledgers"), stage.t("open_households")),
        pieces.link(stage.href("map"), stage.t("page_map")),
        pieces.link(stage.href("trends"), stage.t("page_trends")),
        pieces.link(stage.href("quality"), stage.t("page_quality")),
    ]
    html = h(
        "section",
        pieces.crumbs(*crumbs, h("span", place.code, cls="muted")),
        h("h1", place.name),
        _official(stage),
        h("p", finding, cls="sub"),
        rolls_note(stage),
        h("div", *links, cls="facets no-print"),
        h("section", *(pieces.kpi(stage, key) for key in stage.spec.headlines), cls="kpis"),
    )
    return block.html("head", html)


def _official(stage: Stage) -> Markup | str:
    """What documents call the place, where people write it otherwise."""
    place = stage.place
    if place.official_name == place.name:
        return ""
    return h("p", f"{stage.t('official_name')}: {place.official_name}", cls="sub")


def indicators_here(stage: Stage) -> Block:
    """Every indicator of the place, its year before, and that of the widest place seen."""
    year, county = stage.view.year, stage.county
    rows: list[tuple[Any, ...]] = []
    for indicator in county.indicators.values():
        now, before = stage.cell(indicator.key), stage.cell(indicator.key, year=year - 1)
        if now.value is None and before.value is None:
            continue
        whole = stage.cell(indicator.key, region=stage.bounds.root)
        opens = stage.behind(indicator.key)
        measure = stage.measure(indicator.unit)
        rows.append(
            (
                themes()[indicator.theme][stage.lang],
                pieces.link(stage.href("trends", indicator=indicator.key), stage.named(indicator)),
                pieces.number(stage, now.value, indicator.unit, opens),
                measure.unit,
                measure.number(before.value),
                measure.number(whole.value),
            )
        )
    root = stage.bounds.root
    beside = stage.t("compared_to") if root == county.code else stage.name(root)
    head = (stage.t("kind_of"), stage.t("indicator"), year, stage.t("unit"), year - 1, beside)
    table = pieces.table(head, rows, numeric=(2, 4, 5))
    html = h("section", pieces.heading(stage.t("indicators_here")), table)
    return block.html("indicators", html)


def groups_here(stage: Stage) -> Block:
    """Households of the place by group, each number opening them."""
    cards = [_group(stage, key, indicator_of(rule)) for key, rule in stage.county.rules.items()]
    html = h("section", pieces.heading(stage.t("groups_here")), h("div", *cards, cls="facets"))
    return block.html("groups", html)


def _group(stage: Stage, key: str, indicator: str) -> Markup:
    value = stage.cell(indicator).value
    name = stage.named(stage.county.rules[key])
    text = stage.measure("households").number(value)
    return pieces.facet(name, text, stage.href("ledgers", group=key) if value else "")


def projects(stage: Stage) -> Block:
    """Projects of the place, the newest first; those of the year open as a list of their own."""
    found, in_all = village_projects(stage.reader, stage.view.region)
    body = [tuple(say(stage, column, row[column]) for column in _PROJECT) for row in found]
    head = [stage.t("project" if column == "name" else column) for column in _PROJECT]
    content = (
        pieces.table(head, body, numeric=(3, 4, 6))
        if found
        else h("p", stage.t("no_projects"), cls="sub")
    )
    counted = stage.measure("projects")
    title = f"{stage.t('projects')} {counted.number(in_all)}"
    newest = stage.t("projects_newest", count=len(found)) if in_all > len(found) else ""
    of_year = stage.cell("projects").value
    words = stage.t("projects_of_year", year=stage.view.year, count=counted.text(of_year))
    listed = pieces.link(stage.behind("projects"), words) if of_year else ""
    html = h("section", pieces.heading(title, newest), content, h("p", listed, cls="sub"))
    return block.html("projects", html)
