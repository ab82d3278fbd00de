"""What checks rest on, folded: each with its document, and one mark for weak thresholds."""

from __future__ import annotations

from collections.abc import Iterable

from glossary import documents
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import threshold_sources


def folded(stage: Stage, keys: Iterable[str]) -> Markup:
    """To stand under what checks found; empty without a check."""
    checks = [stage.county.checks[key] for key in keys]
    if not checks:
        return Markup()
    lines = [
        h("li", h("b", stage.named(check)), " ", documents(check.source, stage.lang))
        for check in checks
    ]
    said = h("summary", stage.t("checks_rest_on", count=len(checks)))
    condition = " ".join(check.where for check in checks)
    doubts = threshold_sources.note_on(stage, condition, stage.county.data_date)
    return h("div", h("details", said, h("ul", *lines), cls="sub"), doubts)
