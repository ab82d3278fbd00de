"""The parts that a page is divided into, by name; the one shown is marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from views.browser import components
from views.browser.markup import Markup, h
from views.context import address
from views.context.page_spec import Tab
from views.context.stage import Stage
from views.parts import pieces
from views.scenes import block
from views.scenes.block import Block


def nav(stage: Stage) -> Markup:
    """A link a part of the page."""
    shown = stage.tab
    links = (
        pieces.facet_way(stage.t(tab.title), _href(stage, tab), tab == shown)
        for tab in stage.spec.tabs
    )
    return _nav(stage, *links)


def row(
    stage: Stage, parts: Mapping[str | None, str], shown: str | None, *beside: Markup, **also: Any
) -> Markup:
    """The same of a page that says its parts itself, below its heading: values of ``part`` and
    their terms, ``shown`` the one that is marked. ``also`` is what a step to any of them changes,
    ``beside`` stands behind them."""
    links = (
        pieces.facet_way(
            stage.t(words), stage.href(stage.spec.key, part=part, **also), part == shown
        )
        for part, words in parts.items()
    )
    return _nav(stage, *links, *beside)


def _nav(stage: Stage, *links: Markup) -> Markup:
    return h("nav", *links, cls="facets parts", aria_label=stage.t("parts"))


def draw(stage: Stage) -> None:
    """The same under the filter bar, where the page is divided."""
    if stage.spec.tabs:
        components.paper(nav(stage), key="tabs")


def of_scene(stage: Stage) -> Block:
    """The same in a page that is one scene."""
    return block.html("tabs", nav(stage))


def _href(stage: Stage, tab: Tab) -> str:
    """Address of a part, from its beginning; the first without what would lead to another."""
    fresh, _ = address.parse({}, stage.bounds)
    changes: dict[str, Any] = {"part": tab.key or None, "page": 1}
    if not tab.key:
        others = {key for other in stage.spec.tabs for key in other.asked_by}
        changes |= {f.name: getattr(fresh, f.name) for f in fields(fresh) if f.name in others}
    return stage.href(stage.spec.key, **changes)
