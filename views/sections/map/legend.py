"""The legend: classes from low to high, each with its bounds and a bar for the places in it."""

from __future__ import annotations

from charts import theme
from charts.class_scale import Scale
from charts.number_format import Measure
from metrics.registry import Indicator
from metrics.shares import counted
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.sections.map.numbers import Shown


def legend(shown: Shown) -> Markup:
    """The classes, what is not known, and how many sites there are."""
    stage, indicator, measure = shown.stage, shown.indicator, shown.measure
    counts = counted(shown.classes.values())
    most = max([*counts.values(), 1])
    steps = [
        _step(
            stage,
            _range(measure, shown.scale, number),
            counts[number] / most,
            counts[number],
            color,
        )
        for number, color in enumerate(shown.palette)
    ]
    if missing := counts[None]:
        name = stage.t(_missing(stage, indicator))
        steps.append(_step(stage, name, missing / most, missing, theme.MISSING))
    unit = stage.headed(stage.named(indicator), measure.unit)
    how = stage.t("scale_year_told" if stage.view.scale == "year" else "scale_told")
    sites = len(shown.sites)
    marked = h("p", h("span", cls="site"), " ", stage.t("legend_sites", count=sites), cls="sub")
    return h(
        "div",
        h("p", unit, cls="sub"),
        h("ul", *steps, cls="legend"),
        h("p", h("small", how), cls="sub"),
        marked if sites else None,
    )


def _missing(stage: Stage, indicator: Indicator) -> str:
    """Why a place has no value: nobody was asked in that year, or it cannot be told."""
    return "legend_missing" if indicator.exists(stage.view.year) else "legend_not_in_force"


def _range(measure: Measure, scale: Scale, number: int) -> str:
    """A class's bounds; a rate's classes beside zero begin and end right at it."""
    low, high = (measure.compact(end) for end in scale.ends(number))
    beside = scale.step < 1 and scale.zero
    if beside and number == scale.below + 1:
        return f">0–{high}"
    if beside and number == scale.below - 1:
        return f"{low}…<0"
    # A dash would pass for a sign.
    between = "…" if number < scale.below else "–"
    return low if low == high else f"{low}{between}{high}"


def _step(stage: Stage, name: str, share: float, count: int, color: str) -> Markup:
    return h(
        "li",
        h("span", cls="swatch", style=f"--color:{color}"),
        h("span", name, cls="bounds"),
        h("span", cls="column", style=f"--share:{share:.3f}"),
        h("span", stage.t("legend_places", count=count), cls="count"),
    )
