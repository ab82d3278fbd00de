"""Each of the five matters by zone: the rule, what is open, unknown and expected, and how sure."""

from __future__ import annotations

from typing import Any

from glossary import label
from metrics.matters import MATTERS, Count, Standing
from rules.registry import rules
from views.browser import components
from views.browser.markup import h
from views.context.stage import Stage
from views.parts import pieces
from views.sections.zones.screen import Here, expected, name, opened, ratio

_HEADS = ("zones_open", "zones_asked", "zones_unknown", "zones_share", "zones_should",
          "zones_ratio", "zones_interval", "zones_judged")  # fmt: skip


def draw(stage: Stage, here: Here) -> None:
    """One table, a band a matter with its rule, below it a row a zone."""
    head = [label("zone_level", here.level, stage.lang), *map(stage.t, _HEADS)]
    rows: list[Any] = []
    for key in MATTERS:
        rule = rules()[key]
        definition = rule.definition_zh if stage.lang == "zh" else rule.definition_en
        rows.append(pieces.Band(h("span", stage.named(rule), " ", h("small", definition))))
        rows.extend(_row(stage, one, one.matters[key]) for one in here.standings)
    table = pieces.table(head, rows, numeric=range(1, 8), cls="data tight")
    heading = pieces.heading(stage.t("zones_matters"))
    components.paper(h("section", heading, h("div", table, cls="wide")), key="matters")


def _row(stage: Stage, one: Standing, count: Count) -> tuple[Any, ...]:
    href = opened(stage, one.zone, count.matter) if count.open else ""
    span = count.interval
    return (
        name(stage, one.zone),
        pieces.link(href, f"{count.open:,}") if href else "0",
        f"{count.asked:,}",
        f"{count.unknown:,}",
        stage.measure("percent").text(count.share),
        expected(stage, count),
        ratio(count),
        "—" if span is None else f"{span[0]:.2f}–{span[1]:.2f}",
        stage.t(f"zones_{count.judged}"),
    )
