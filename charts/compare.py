"""Up to six chosen places over the years, each named at the right end of its line."""

from __future__ import annotations

from collections.abc import Sequence

from charts.lines import Line, table_of, years_of
from charts.number_format import Measure
from charts.theme import PAGE, SERIES, SYMBOLS, Chart, Frame, Words, chart
from charts.timechart import Stroke, time_chart

MOST = len(SERIES)


def compare(
    places: Sequence[Line], *, measure: Measure, words: Words, frame: Frame = PAGE
) -> Chart:
    """Lines of one to six places, told apart by colour, by shape of point and by name.

    A place's colour goes with its position in ``places``. ``words.columns``: the head for years;
    the places' names head the rest. Raises ValueError for no years or for more than six places.
    """
    years = years_of(places)
    if not years:
        raise ValueError("no years to compare")
    if len(places) > MOST:
        raise ValueError(f"{len(places)} places, at most {MOST} can be told apart")
    strokes = [
        Stroke(line, color, color, frame.stroke * 0.8, "solid", frame.stroke * 2.4, symbol, True)
        for line, color, symbol in zip(places, SERIES, SYMBOLS, strict=False)
    ]
    # The first is drawn last: where lines lie on each other it is the one seen.
    sketch = time_chart(strokes[::-1], years, measure, frame)
    return chart(sketch.figure, words, table_of(places, years, words.columns))
