"""What became of the numbers of a view that was opened by a short link, over the page."""

from __future__ import annotations

from collections.abc import Sequence

from views.browser import components
from views.browser.markup import Markup, h
from views.context import sharing
from views.context.sharing import Differing, Moved, Since
from views.context.stage import Stage
from views.parts import pieces

_FIRST = 4  # numbers that are told at once


def tell(stage: Stage) -> None:
    """Say which numbers are others than those the link showed, which households make it, and lead
    to the view as it was sent and as it is today."""
    link = sharing.opened(stage) if stage.view.link else None
    if link is None:
        return
    found = sharing.since(stage, link)
    day = f"{link.made_at.astimezone():%Y-%m-%d %H:%M}"
    name = h("p", stage.t("link_of", title=link.title, when=day, date=link.data_date))
    lines: list[Markup | None] = [h("div", name, _ways(stage, found), cls="head")]
    moved = [line for one in found.moved if (line := _moved(stage, one)) is not None]
    if found.narrowed:
        lines.append(h("p", stage.t("link_narrowed")))
    elif found.counted and not found.told:
        lines.append(h("p", stage.t("link_untold")))
    elif moved:
        lines.append(h("div", *moved[:_FIRST], cls="moved"))
        lines.append(_others(stage, moved[_FIRST:]))
    elif found.counted:
        lines.append(h("p", stage.t("link_same"), cls="sub"))
    if not found.then:
        lines.append(h("p", stage.t("link_snapshot_gone"), cls="sub"))
    told = h("section", *lines, cls="banner sent", role="status")
    components.paper(told, key="shared_link")


def _ways(stage: Stage, found: Since) -> Markup:
    """To the view as it was sent and as it is now; where this is one of them, it is marked."""
    newest = _is_newest(stage)
    ways = [(found.then, "link_then", not newest), (found.now, "link_now", newest)]
    chips = [
        h("b", stage.t(key), aria_current="page") if here else pieces.link(href, stage.t(key))
        for href, key, here in ways
        if href
    ]
    return h("nav", *chips, cls="pager")


def _others(stage: Stage, moved: Sequence[Markup]) -> Markup | None:
    """The numbers after the first few, folded: the page itself is to stay in sight."""
    if not moved:
        return None
    summary = h("summary", stage.t("link_more", count=len(moved)))
    return h("details", summary, h("div", *moved, cls="moved"))


def _is_newest(stage: Stage) -> bool:
    return stage.county.snapshot.number == stage.county.home.current_number()


def _moved(stage: Stage, one: Moved) -> Markup | None:
    """A number then and now; None where they read the same."""
    measure = stage.measure(one.unit)
    then, now = (
        stage.t("unknown") if value is None else measure.text(value)
        for value in (one.then, one.now)
    )
    if then == now:
        return None
    words = stage.t("link_moved", then=then, now=now)
    parts = [_differing(stage, one.went, "link_went"), _differing(stage, one.came, "link_came")]
    return h("p", h("b", one.name), " ", words, *parts)


def _differing(stage: Stage, one: Differing | None, key: str) -> Markup | None:
    if one is None or not one.households:
        return None
    count = stage.measure("households").text(one.households)
    return h("span", " ", pieces.link(one.href, stage.t(key, count=count)))
