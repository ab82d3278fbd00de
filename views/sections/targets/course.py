"""The chart of one target: values known, the target, the pace needed, the forecast and band."""

from __future__ import annotations

from dataclasses import replace

from charts import forecast, theme
from charts.forecast import Ahead, Known, Names
from metrics import pace
from metrics.pace import Pace, Point
from views.browser import components
from views.context.stage import Stage
from views.parts import chart_blocks, pieces

_ROOM = replace(theme.HALF, height=270)


def draw(stage: Stage, one: Pace) -> None:
    """The chart of a pace; said where nothing is known of the number."""
    measure = stage.measure(one.indicator.unit)
    if one.now.value is None:
        none = pieces.empty(stage, stage.named(one.indicator), stage.t("verdict_unknown_why"))
        components.paper(none, key="course")
        return
    due = stage.t("end_of_year", year=one.due)
    columns = [stage.t(key) for key in ("when", "value", "band_low", "band_high")]
    sub = stage.t("course_sub", place=stage.name(one.place), due=due, note=_note(stage, one))
    chart = forecast.forecast(
        [_known(stage, one, point) for point in one.points],
        one.aim,
        float(one.due),
        _ahead(one),
        Names(stage.t("target_now"), stage.t("target"), stage.t("pace_needed"),
              stage.t("forecast"), stage.t("band"), due),
        axis_words=_times(stage, one),
        needed=bool(one.lacking),
        measure=measure,
        words=chart_blocks.words(_title(stage, one), sub, *columns, stage=stage),
        frame=chart_blocks.frame(_ROOM),
    )  # fmt: skip
    chart_blocks.show(chart, "course", stage)


def _ahead(one: Pace) -> Ahead | None:
    found = one.forecast
    if found is None or not one.left:
        return None
    return Ahead(found.value, found.low, found.high)


def _known(stage: Stage, one: Pace, point: Point) -> Known:
    """A value with the list of its year; months before the data date have no list of their own."""
    at, value = point
    listed = not one.dated or at == one.at
    year = pace.day_of(at).year
    href = stage.behind(one.indicator.key, one.place, year) if listed and value else ""
    return Known(at, _when(stage, one, at), value, href or None)


def _when(stage: Stage, one: Pace, at: float) -> str:
    if at == one.at:
        return str(stage.county.data_date)
    if one.dated:
        return str(pace.day_of(at))
    return stage.t("end_of_year", year=pace.day_of(at).year)


def _times(stage: Stage, one: Pace) -> list[tuple[float, str]]:
    """What is written under the plot: of months the first, today and the end, else every year."""
    if one.dated:
        first = one.points[0][0]
        days = [(first, pace.day_of(first)), (one.at, pace.day_of(one.at))]
        return [*((at, day.isoformat()[:7]) for at, day in days), (float(one.due), f"{one.due}-12")]
    years = sorted({*(pace.day_of(at).year for at, _ in one.points), one.due})
    return [(float(year), str(year)) for year in years]


def _title(stage: Stage, one: Pace) -> str:
    """Where the number stands, where it comes to and whether that is enough, as a sentence."""
    measure, name = stage.measure(one.indicator.unit), stage.named(one.indicator)
    now, target = measure.text(one.now.value), measure.level(one.aim)
    said = {"name": name, "now": now, "target": f"{one.indicator.target_sign}{target}"}
    if one.verdict == "reached":
        return stage.t("course_reached", **said)
    if one.forecast is None or not one.left:
        key = f"course_short_{one.verdict}" if one.left else "course_over"
        return stage.t(key, **said, gap=measure.gap(one.lacking or 0), year=one.due)
    ends = measure.text(one.forecast.value)
    return stage.t(f"course_{one.verdict}", **said, ends=ends, year=one.due)


def _note(stage: Stage, one: Pace) -> str:
    """How the forecast was made, or why there is none."""
    if not one.left:
        return stage.t("forecast_over")
    if one.forecast is None:
        return stage.t("forecast_none" if one.kept is None else "forecast_two")
    key = "forecast_open" if one.open else "forecast_closed"
    return stage.t(key, count=len(one.points))
