"""The sentence that the overview opens with, and its figures."""

from __future__ import annotations

from charts.leads import lead
from charts.spark import spark
from metrics.figures import Figure, worst
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import pieces
from views.sections.overview.numbers import Overview

# Figures that open another list than their indicator's households: one that has their clock.
_OPENS = {"step_overdue_households": "overdue"}


def sentence(overview: Overview) -> Markup:
    """What became worse since the last data date, else how things stand."""
    stage = overview.stage
    turned = [_turned(stage, figure) for figure in worst(overview.figures)]
    if turned:
        opening = stage.t("lead_since", date=overview.since)
        return h("h1", lead(opening, turned, stage.lang), cls="lead")
    known = [figure for figure in overview.figures if figure.now.value is not None]
    stand = [
        f"{_short(stage, figure)}{' ' if stage.lang == 'en' else ''}"
        f"{stage.measure(figure.indicator.unit).say(figure.now.value)}"
        for figure in known
    ]
    key = "lead_no_worse" if overview.before else "lead_stands"
    opening = stage.t(key, place=stage.place.name, year=stage.view.year)
    return h("h1", lead(opening, stand or [stage.t("unknown")], stage.lang), cls="lead")


def _turned(stage: Stage, figure: Figure) -> str:
    measure = stage.measure(figure.indicator.unit)
    rose = (figure.since_last or 0) > 0
    return stage.t(
        "lead_rose" if rose else "lead_fell",
        name=_short(stage, figure),
        then=measure.number(figure.last),
        now=measure.say(figure.now.value),
    )


def _short(stage: Stage, figure: Figure) -> str:
    return stage.t(f"short_{figure.indicator.key}")


def cards(overview: Overview) -> Markup:
    """The figures, each opening its list."""
    return h("div", *(_card(overview, figure) for figure in overview.figures), cls="kpis")


def _card(overview: Overview, figure: Figure) -> Markup:
    stage, indicator = overview.stage, figure.indicator
    measure = stage.measure(indicator.unit)
    unit = h("span", measure.unit, cls="unit") if figure.now.value is not None else None
    value = h("span", measure.compact(figure.now.value), unit)
    content = (
        h("span", stage.named(indicator), cls="name"),
        h("span", value, _spark(figure), cls="value"),
        pieces.light(stage, indicator, figure.now.value, brief=True),
        _since_last(overview, figure),
        _since_year(overview, figure),
    )
    href = _href(stage, figure)
    return pieces.link(href, *content, cls="kpi") if href else h("div", *content, cls="kpi")


def _href(stage: Stage, figure: Figure) -> str:
    key = figure.indicator.key
    if not figure.now.numerator or figure.now.value is None:
        return ""
    return stage.href("monitoring", part=_OPENS[key]) if key in _OPENS else stage.behind(key)


def _spark(figure: Figure) -> Markup | None:
    drawn = spark(figure.series)
    if drawn is None:
        return None
    lines = [h("polyline", points=points) for points in drawn.lines]
    dot = h("circle", cx=drawn.end[0], cy=drawn.end[1], r=2.5) if drawn.end else None
    box = f"0 0 {drawn.width} {drawn.height}"
    return h("svg", *lines, dot, cls="spark", viewbox=box, aria_hidden="true")


def _since_last(overview: Overview, figure: Figure) -> Markup | None:
    """The change since the last data date, as long as the data date's year is shown."""
    stage = overview.stage
    if not overview.today:
        return None
    if overview.before is None:
        return h("span", stage.t("no_last_date"), cls="change none")
    since, missing = stage.t("change_since_date"), stage.t("not_known_then")
    return pieces.changed(stage, figure.indicator, figure.since_last, since, missing, brief=True)


def _since_year(overview: Overview, figure: Figure) -> Markup:
    stage = overview.stage
    year = stage.view.year - 1
    since = stage.t("change_since_year") if figure.monthly else stage.t("change_since", year=year)
    return pieces.changed(
        stage, figure.indicator, figure.since_year, since, stage.t("no_earlier"), brief=True
    )
