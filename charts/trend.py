"""One indicator over the years: the place strong, its county and the nation thin beside it."""

from __future__ import annotations

from collections.abc import Sequence

from charts.events import Event
from charts.lines import Line, table_of, years_of
from charts.number_format import Measure
from charts.theme import (
    ACCENT,
    GREY,
    INK,
    MUTED,
    PAGE,
    Chart,
    Frame,
    Words,
    chart,
    rule,
)
from charts.timechart import Sketch, Stroke, time_chart


def trend(
    place: Line,
    *,
    measure: Measure,
    words: Words,
    parent: Line | None = None,
    national: Line | None = None,
    target: tuple[float, str] | None = None,
    events: Sequence[Event] = (),
    frame: Frame = PAGE,
) -> Chart:
    """A line chart of ``place``, 2 to 12 years; its points carry their href as customdata.

    ``parent`` is a thin grey line, ``national`` a thin dashed one, both cut to the years of
    ``place``; ``target`` is (value, words) and ``events`` are (year, words), those outside the
    years left out. ``words.columns``: the head for years; the lines' names head the rest.
    Raises ValueError when ``place`` has no year at all.
    """
    years = years_of([place])
    if not years:
        raise ValueError(f"{place.name}: no years")
    context = [line.between(years[0], years[-1]) for line in (parent, national) if line]
    sketch = time_chart(
        _strokes(place, context, national, frame),
        years,
        measure,
        frame,
        events=[event for event in events if years[0] <= event[0] <= years[-1]],
        levels=[target[0]] if target else [],
    )
    _write_first(sketch, place, measure)
    if target:
        _draw_target(sketch, target, measure, years)
    return chart(sketch.figure, words, table_of([place, *context], years, words.columns))


def _strokes(
    place: Line, context: Sequence[Line], national: Line | None, frame: Frame
) -> list[Stroke]:
    thin = max(1.5, frame.stroke * 0.5)
    found = [
        Stroke(
            line, GREY, MUTED, thin, "dash" if national and line.name == national.name else "solid"
        )
        for line in context
    ]
    # Drawn last, so that it lies over its context.
    strong = Stroke(place, ACCENT, ACCENT, frame.stroke, mark=frame.stroke * 2.6, bold=True)
    return [*found, strong]


def _write_first(sketch: Sketch, place: Line, measure: Measure) -> None:
    known = place.known()
    if len(known) > 1:
        year, value = known[0]
        sketch.write([measure.text(value)], [(year, value)], ACCENT, bold=True)


def _draw_target(
    sketch: Sketch, target: tuple[float, str], measure: Measure, years: Sequence[int]
) -> None:
    value, label = target
    sketch.figure["layout"]["shapes"].append(
        rule(0, 1, value, value, xref="paper", color=INK, dash="6px,4px", layer="below")
    )
    text = f"{label} {measure.level(value)}"
    spots = [(year, value) for year in (years[0], years[-1], years[len(years) // 2])]
    sketch.write([text], spots, INK, size=sketch.frame.small)
