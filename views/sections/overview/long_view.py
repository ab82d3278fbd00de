"""The long view: an indicator over the years, as the overview and the trends page have it."""

from __future__ import annotations

from dataclasses import replace

from charts import headlines, theme
from charts import trend as trends
from charts.lines import Line
from charts.theme import Chart, Frame
from metrics.national import delisted_in, national_series
from metrics.registry import Indicator
from views.context.stage import Stage
from views.parts import chart_blocks, pieces
from views.scenes import block
from views.scenes.block import Block


def trend(
    stage: Stage,
    indicator: Indicator,
    room: Frame = theme.PAGE,
    years: tuple[int, int] | None = None,
) -> Chart:
    """An indicator over the years, or from one to another: the place strong, its parent and the
    nation for context."""
    place = chart_blocks.line(stage, indicator, stage.view.region)
    if years is not None:
        place = place.between(*years)
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
    target = stage.county.targets.aimed(
        indicator.key, stage.view.region, stage.view.year, stage.scope
    ).target
    return trends.trend(
        place,
        measure=measure,
        words=chart_blocks.words(title, sub, stage.t("year"), stage=stage),
        parent=parent,
        national=national,
        target=(target.value, pieces.whose(stage, target)) if target else None,
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


def poverty(stage: Stage) -> tuple[Block, ...]:
    """The poverty rate over the years; said to be unknown where no file gave one."""
    return _over_years(stage, "poverty_rate", "trend")


def watched(stage: Stage) -> tuple[Block, ...]:
    """The monitored households over the years, beside the rate that has come to nothing."""
    return _over_years(stage, "monitored_households", "watched")


def _over_years(stage: Stage, indicator: str, key: str) -> tuple[Block, ...]:
    declared = stage.county.indicators[indicator]
    if stage.county.cube.years(indicator):
        return chart_blocks.blocks(trend(stage, declared, _ROOM), key, stage)
    none = stage.t("map_no_value", year=stage.view.year)
    return (block.html(f"{key}_unknown", pieces.empty(stage, stage.named(declared), none)),)
