"""Villages that worsened and improved most since the year before, and what their means hide."""

from __future__ import annotations

from collections.abc import Sequence

from metrics import incomes
from metrics.groups import changes
from metrics.registry import Indicator
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import pieces

MOST_CHANGED = 5
_INCOME = "per_capita_income"
# The indicators that villages are compared by, year against year.
COMPARED = ("poverty_rate", _INCOME)


def changed_villages(stage: Stage, indicator: Indicator) -> Markup | None:
    """Villages that worsened and improved most since the year before, each a link; None for an
    indicator that they are not compared by, and where all had nothing then, so that none can be
    told from another."""
    year, before = stage.view.year, stage.view.year - 1
    known = indicator.key in COMPARED and before in stage.county.cube.years(indicator.key)
    if not known or not stage.cell(indicator.key, year=before).value:
        return None
    villages = [
        p.code
        for p in stage.county.level("village", stage.scope)
        if p.code.startswith(stage.view.region)
    ]
    now = stage.county.cube.across(indicator.key, villages, year, stage.scope)
    then = stage.county.cube.across(indicator.key, villages, before, stage.scope)
    pairs = {code: (then[code].value, now[code].value) for code in now}
    every = len(pairs)
    worse, better = changes(pairs, indicator.better, every)
    title = stage.t("changed_finding", down=len(worse), up=len(better))
    name = stage.named(indicator)
    sub = stage.t("changed_sub", indicator=name, year=year, before=before)
    parts = [_side(stage, indicator, "improved", better[:MOST_CHANGED], pairs)]
    if worse or indicator.key != _INCOME:
        parts.insert(0, _side(stage, indicator, "worsened", worse[:MOST_CHANGED], pairs))
    if indicator.key == _INCOME:
        title = _beside_mean(stage, title)
        parts.insert(0, _lost(stage))
    sides = h("div", *parts, cls="columns")
    return h("section", pieces.heading(title, sub), sides)


def _beside_mean(stage: Stage, title: str) -> str:
    """What the villages' means hide, beside their finding."""
    found = incomes.changed(stage.reader, stage.view.region, stage.view.year)
    whole = found.get(stage.view.region)
    if whole is None:
        return title
    return stage.t(
        "changed_incomes",
        means=title,
        fell=f"{whole.fell:,}",
        households=f"{whole.households:,}",
        share=stage.measure("percent").text(whole.fell_percent),
    )


def _lost(stage: Stage) -> Markup:
    """Villages where the largest share of households lost income, with the medians."""
    year = stage.view.year
    found = incomes.changed(stage.reader, stage.view.region, year, digits=12)
    yuan, percent = stage.measure("yuan"), stage.measure("percent")
    rows = []
    for code in incomes.hardest(found, MOST_CHANGED):
        one = found[code]
        opens = stage.behind("income_fell_share", code)
        name = pieces.link(stage.href("village", region=code), stage.name(code))
        rows.append(
            (
                pieces.Td(name, "firm"),
                pieces.Td(stage.name(code[:9]), "firm"),
                pieces.number(stage, one.fell, "households", opens),
                f"{one.households:,}",
                percent.text(one.fell_percent),
                yuan.signed(one.median_change),
            )
        )
    head = (stage.t("village"), stage.t("township"), stage.t("fell_households"),
            stage.t("of_households"), stage.t("fell_share"),
            stage.t("median_change", year=year - 1))  # fmt: skip
    title = h("h3", stage.t("lost_most"))
    if not rows:
        return h("div", title, h("p", stage.t("none_lost"), cls="sub"))
    return h("div", title, pieces.table(head, rows, numeric=range(2, 6)))


def _side(
    stage: Stage,
    indicator: Indicator,
    which: str,
    moved: Sequence[tuple[str, float]],
    pairs: dict[str, tuple[float | None, float | None]],
) -> Markup:
    if not moved:
        return h("div", h("h3", stage.t(which)), h("p", stage.t(f"none_{which}"), cls="sub"))
    measure = stage.measure(indicator.unit)
    rows = [
        (
            pieces.link(stage.href("village", region=code), stage.name(code)),
            stage.name(code[:9]),
            measure.number(pairs[code][0]),
            pieces.number(stage, pairs[code][1], indicator.unit, stage.behind(indicator.key, code)),
            measure.signed(change),
        )
        for code, change in moved
    ]
    year = stage.view.year
    moved_by = stage.headed(stage.t("change"), measure.unit)
    head = (stage.t("village"), stage.t("township"), year - 1, year, moved_by)
    return h("div", h("h3", stage.t(which)), pieces.table(head, rows, numeric=(2, 3, 4)))
