"""What an address asks for and its viewer is not shown, whether it is there or not."""

from __future__ import annotations

from typing import Literal, NamedTuple

from views.context import sharing
from views.context.stage import Stage


class Refusal(NamedTuple):
    """A page, region, household, finding or short link that is refused, and which."""

    what: Literal["page", "region", "household", "finding", "link"]
    given: str


def refusal_of(stage: Stage) -> Refusal | None:
    """What of a stage's address is refused; None where nothing is."""
    if not stage.spec.opens_to(stage.viewer):
        return Refusal("page", stage.spec.key)
    for one in stage.fallen:
        if one.key == "region" and one.why == "bad" and "region" in stage.spec.keys:
            return Refusal("region", one.given)
    if "id" in stage.spec.keys and stage.village is None:
        return Refusal("household", stage.view.id or "")
    if bad := next((one for one in stage.fallen if one.key == "link"), None):
        return Refusal("link", bad.given)
    if stage.view.link and sharing.opened(stage) is None:
        return Refusal("link", stage.view.link)
    return None
