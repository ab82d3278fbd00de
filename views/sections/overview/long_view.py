"""The long view: an indicator over the years, as the overview and the trends page have it."""

from __future__ import annotations

from dataclasses import replace

from charts import headlines, theme
from charts import trend as trends
from charts.lines import Line
from charts.theme import Chart, Frame
from metrics.national import delisted_in, national_series
from metrics.registry import Indicator
from views.browser import components
from views.context.stage import Stage
from views.parts import chart_blocks, pieces


def trend(stage: Stage, indicator: Indicator, room: Frame = theme.PAGE) -> Chart:
    """An indicator over the years: the place strong, its parent and the nation for context."""
    place = chart_blocks.line(stage, indicator, stage.view.region)
    above = stage.place.parent if stage.place.parent in stage.bounds.places else None
    parent = chart_blocks.line(stage, indicator, above) if above else None
    national = None
    if indicator.national:
        found = national_series(indicator.national)
        national = Line(stage.t("nation"), list(found), list(found.values()))
    measure = stage.measure(indicator.unit)
    name = stage.named(indicator)
    title = headlines.over_years(name, place, measure)
    sub = stage.t("trend_sub", place=place.name, indicator=name, unit=measure.unit)
    target = indicator.target
    return trends.trend(
        place,
        measure=measure,
        words=chart_blocks.words(title, sub, stage.t("year"), stage=stage),
        parent=parent,
        national=national,
        target=(target.value, stage.named(target)) if target else None,
        events=_events(stage) if indicator.national else (),
        frame=chart_blocks.frame(room),
    )


def _events(stage: Stage) -> list[tuple[int, str]]:
    """What is marked on the time lines: the nation's years, and the county's where it is known."""
    delisted = delisted_in(stage.county.code)
    years = [(2014, stage.t("event_register")), (2020, stage.t("event_cleared"))]
    if delisted:
        years.append((delisted, stage.t("event_delisted")))
    return sorted(years)


# Two beside each other, on one screen with what stands above and below them.
_ROOM = replace(theme.HALF, height=290)


def poverty(stage: Stage) -> None:
    """The poverty rate over the years; said to be unknown where no file gave one."""
    _over_years(stage, "poverty_rate", "trend")


def watched(stage: Stage) -> None:
    """The monitored households over the years, beside the rate that has come to nothing."""
    _over_years(stage, "monitored_households", "watched")


def _over_years(stage: Stage, indicator: str, key: str) -> None:
    declared = stage.county.indicators[indicator]
    if stage.county.cube.years(indicator):
        chart_blocks.show(trend(stage, declared, _ROOM), key, stage)
        return
    none = stage.t("map_no_value", year=stage.view.year)
    components.paper(pieces.empty(stage, stage.named(declared), none), key=f"{key}_unknown")
