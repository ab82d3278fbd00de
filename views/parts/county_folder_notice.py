"""What of the county's own declarations is broken and left out, said where it is looked for."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import glossary
from metrics import registry
from papers import templates
from rules import own
from store.county_folder import Fault, in_use
from views.browser import components
from views.browser.markup import h
from views.context.stage import Stage


def faults() -> list[Fault]:
    """What the home in use declares and what of it is left out."""
    home = in_use()
    if home is None:
        return []
    every = (own.faults, registry.faults, glossary.faults, templates.faults)
    return [fault for of in every for fault in of(home)]


def say(stage: Stage, more: Sequence[Fault] = ()) -> None:
    """A notice that lists them and ``more``; nothing where all can be used."""
    found = [*faults(), *more]
    if not found or not stage.viewer.loads:
        return
    title = h("strong", stage.t("own_broken", count=len(found)))
    html = h(
        "div",
        title,
        h("ul", *(h("li", str(fault)) for fault in found), cls="note"),
        h("div", stage.t("own_broken_hint"), cls="note"),
        cls="banner alert",
        role="status",
    )
    components.paper(html, key="own_broken")


def log() -> None:
    """Write them to the server's log."""
    for fault in faults():
        print(f"未采用 {fault}", file=sys.stderr)
