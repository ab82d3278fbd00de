"""Who looks, when and at which snapshot, over every page with personal data, on paper too."""

from __future__ import annotations

from datetime import datetime

from views.browser import components
from views.browser.markup import h
from views.context.stage import Stage

_WIDE, _HIGH = 460, 240  # pixels from one mark to the next
_LINES = (60, 82)  # where the two lines of a mark stand in it
_ID = "watermark-words"


def draw(stage: Stage) -> None:
    """A layer of words that nothing is clicked through, where the page shows households or people.

    Drawn as shapes, not as a background, which browsers leave out on paper.
    """
    if not stage.spec.personal:
        return
    who = stage.viewer.name
    if stage.viewer.subject != who:
        who = f"{who} {stage.viewer.subject}"
    when = f"{datetime.now().astimezone():%Y-%m-%d %H:%M}"
    words = stage.t("watermark", when=when, number=stage.county.snapshot.number)
    lines = [h("text", line, x=20, y=y) for line, y in zip((who, words), _LINES, strict=True)]
    pattern = h(
        "pattern",
        *lines,
        id=_ID,
        width=_WIDE,
        height=_HIGH,
        patternunits="userSpaceOnUse",
        patterntransform="rotate(-24)",
    )
    area = h("rect", width="100%", height="100%", fill=f"url(#{_ID})")
    layer = h("svg", h("defs", pattern), area, cls="watermark", aria_hidden="true")
    components.paper(layer, key="watermark")
