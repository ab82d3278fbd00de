"""What every part of the projects page begins with: its sentence and the parts."""

from __future__ import annotations

from collections.abc import Sequence

from metrics.project_library import found
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import check_sources, pieces

PARTS: dict[str | None, str] = {
    None: "part_pipeline",
    "schedule": "part_schedule",
    "list": "part_list",
    "assets": "part_assets",
    "upkeep": "part_upkeep",
    "points": "part_shops",
}


def opening(
    stage: Stage, title: str, sub: str, facets: Sequence[Markup] = (), level: str = ""
) -> None:
    """The sentence of the part shown, the ways to the others, and filters with their counts; those
    of checks of a ``level`` last, with what they rest on."""
    counts = found(stage.reader, stage.view.region, level) if level else {}
    checks = [key for key in stage.county.checks if key in counts]
    facets = [*facets, *(_of_check(stage, key, counts[key]) for key in checks)]
    shown = stage.view.part
    ways = [
        pieces.facet_way(
            stage.t(words), stage.href("projects", part=part, state=None), part == shown
        )
        for part, words in PARTS.items()
    ]
    nav = h("nav", *ways, cls="facets parts", aria_label=stage.t("parts"))
    filters = h("div", *facets, cls="facets") if facets else ""
    html = h("section", nav, h("h1", title), h("p", sub, cls="sub"), filters,
             check_sources.folded(stage, checks))  # fmt: skip
    components.paper(html, key="headline")


def facet(stage: Stage, state: str, name: str, count: int) -> Markup:
    """A filter of the part's list with how many it leaves; clicked again it is taken off."""
    chosen = stage.view.state == state
    href = stage.href("projects", state=None if chosen else state)
    return pieces.facet(name, f"{count:,}", href if count or chosen else "", chosen)


def _of_check(stage: Stage, key: str, count: int) -> Markup:
    return facet(stage, key, stage.named(stage.county.checks[key]), count)


def words(stage: Stage, state: str) -> str:
    """The place, the data date and what the list is narrowed by."""
    parts = [stage.place.name, str(stage.county.data_date)]
    return " · ".join([*parts, state] if state else parts)
