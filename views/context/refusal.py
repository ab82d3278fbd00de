"""What an address asks for and its viewer is not shown, whether it is there or not."""

from __future__ import annotations

from typing import Literal, NamedTuple

from views.context import sharing
from views.context.address import is_file
from views.context.stage import Stage

What = Literal[
    "page",
    "region",
    "grid",
    "household",
    "project",
    "finding",
    "line",
    "subject",
    "sample",
    "meeting",
    "link",
]


class Refusal(NamedTuple):
    """What is refused (a grid is one of village groups, a line one of a fund, a subject
    one of a check), and which."""

    what: What
    given: str


def refusal_of(stage: Stage) -> Refusal | None:
    """What of a stage's address is refused; None where nothing is."""
    if not stage.spec.opens_to(stage.viewer):
        return Refusal("page", stage.spec.key)
    for one in stage.fallen:
        if one.key in ("region", "zone") and one.why == "bad" and one.key in stage.spec.keys:
            return Refusal(_place_or_grid(stage, one.given), one.given)
    if is_file(stage.spec.keys) and stage.village is None:
        return Refusal("household", stage.view.id or "")
    if bad := next((one for one in stage.fallen if one.key == "link"), None):
        return Refusal("link", bad.given)
    if stage.view.link and sharing.opened(stage) is None:
        return Refusal("link", stage.view.link)
    return None


def _place_or_grid(stage: Stage, code: str) -> What:
    """A grid of village groups narrows no page but the list of households, which says so."""
    grid = stage.county.zones.get(code)
    return "grid" if grid is not None and grid.by_group and grid.touches(stage.scope) else "region"
