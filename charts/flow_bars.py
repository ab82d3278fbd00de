"""People out of poverty, upwards, and people fallen back or newly identified, downwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from charts.labels import text_width
from charts.lines import Line, table_of, years_of
from charts.number_format import MISSING, Measure
from charts.theme import (
    ACCENT,
    ALERT,
    GREY,
    MUTED,
    PAGE,
    SERIES,
    Chart,
    Figure,
    Frame,
    Words,
    bare_axis,
    chart,
    layout,
    margins,
    note,
    plain,
    rule,
    year_axis,
)

DOWN = (ALERT, SERIES[4])


@dataclass(frozen=True, slots=True)
class _Flows:
    out: Line
    back: Sequence[Line]
    years: Sequence[int]
    measure: Measure
    frame: Frame

    @property
    def series(self) -> list[tuple[Line, str, int]]:
        """Each line with its colour and its direction."""
        down = [(line, color, -1) for line, color in zip(self.back, DOWN, strict=False)]
        return [(self.out, ACCENT, 1), *down]

    def ups(self) -> list[float | None]:
        return self.out.on(self.years)[0]

    def downs(self) -> list[float]:
        """What went down in each year, all kinds together."""
        columns = [line.on(self.years)[0] for line in self.back]
        return [sum(v or 0 for v in cells) for cells in zip(*columns, strict=True)]

    def up_text(self, value: float | None) -> str:
        return self.measure.compact(value)

    def down_texts(self, index: int) -> list[tuple[str, str]]:
        """The words under one year's bar, each with its colour: one a kind, none left out."""
        cells = [line.on(self.years)[0][index] for line in self.back]
        texts = [(self.measure.compact(v), c) for v, c in zip(cells, DOWN, strict=False)]
        return texts if any(cells) else texts[:1]


def flows(
    out: Line, back: Sequence[Line], *, measure: Measure, words: Words, frame: Frame = PAGE
) -> Chart:
    """Diverging bars by year, counts given as positive numbers in ``out`` and in ``back``.

    ``back`` has one or two kinds (fell back, newly identified). Both directions share one scale.
    Bars stand upright where their numbers fit side by side and lie otherwise, as on a phone.
    ``words.columns``: the head for years; the lines' names head the rest. Raises ValueError for
    no years, a negative count or more than two kinds.
    """
    years = years_of([out, *back])
    if not years or not 1 <= len(back) <= len(DOWN):
        raise ValueError(f"{len(years)} years and {len(back)} ways down cannot be drawn")
    if any(value < 0 for line in (out, *back) for _, value in line.known()):
        raise ValueError("flows are counts, and none of them is negative")
    data = _Flows(out, back, years, measure, frame)
    widest = max(text_width(data.up_text(v), frame.small, True) for v in data.ups())
    upright = (frame.width - frame.size) / len(years) > widest + frame.size * 0.5
    figure = _upright(data) if upright else _lying(data)
    return chart(figure, words, table_of([out, *back], years, words.columns))


def _traces(data: _Flows, upright: bool) -> list[Figure]:
    found = []
    for line, color, sign in data.series:
        values, hrefs = line.on(data.years)
        lengths = [sign * v if v else None for v in values]
        years, name = list(data.years), plain(line.name)
        found.append(
            {
                "type": "bar",
                "name": name,
                "orientation": "v" if upright else "h",
                "x": years if upright else lengths,
                "y": lengths if upright else years,
                "customdata": hrefs,
                "hovertext": [
                    f"{name} {year}<br>{plain(data.measure.text(v))}"
                    for year, v in zip(years, values, strict=True)
                ],
                "hoverinfo": "text",
                # The outline keeps a few people among thousands from vanishing.
                "marker": {"color": color, "line": {"color": color, "width": 1}},
            }
        )
    return found


def _bars(data: _Flows, height: float, **more: object) -> Figure:
    return layout(data.frame, height, margins(), barmode="relative", bargap=0.3, **more)


def _upright(data: _Flows) -> Figure:
    frame, leading = data.frame, data.frame.small * 1.25
    up, down = max((v or 0 for v in data.ups()), default=0), max(data.downs())
    below = leading * len(data.back) + 6
    heading = frame.leading * 1.2
    plot = frame.height - frame.small * 1.9
    scale = (plot - 2 * heading - leading - below) / ((up + down) or 1)
    top, bottom = up + (heading + leading) / scale, down + (below + heading) / scale
    span = (data.years[0] - 0.6, data.years[-1] + 0.6)
    figure = _bars(
        data,
        frame.height,
        xaxis=year_axis(data.years, *span, frame.small),
        yaxis=bare_axis(-bottom, top),
        shapes=[rule(0, 1, 0, 0, xref="paper", color=GREY)],
        annotations=[*_upright_notes(data), *_headings(data)],
    )
    figure["margin"] = margins(bottom=frame.small * 1.9)
    return {"data": _traces(data, upright=True), "layout": figure}


def _headings(data: _Flows) -> list[Figure]:
    """What goes up, at the top left; what goes down, at the bottom left, each in its colour."""
    size = data.frame.size
    above = note(_bold([(data.out.name, ACCENT)]), 0, 1, size=size, yanchor="top")
    below = note(
        _bold([(line.name, color) for line, color, sign in data.series if sign < 0]),
        0,
        0,
        size=size,
        yanchor="bottom",
    )
    return [text | {"xref": "paper", "yref": "paper"} for text in (above, below)]


def _colored(parts: Sequence[tuple[str, str]], between: str) -> str:
    return between.join(
        f'<span style="color:{color}">{plain(text)}</span>' for text, color in parts
    )


def _bold(parts: Sequence[tuple[str, str]]) -> str:
    return f"<b>{_colored(parts, '  ')}</b>"


def _upright_notes(data: _Flows) -> list[Figure]:
    size = data.frame.small
    found = []
    for index, (year, up, down) in enumerate(
        zip(data.years, data.ups(), data.downs(), strict=True)
    ):
        above = note(data.up_text(up), year, up or 0, size=size, color=ACCENT if up else MUTED)
        below = note(
            _colored(data.down_texts(index), "<br>") if down else MISSING if up is None else "0",
            year,
            -down,
            size=size,
        )
        found.append(above | {"xanchor": "center", "yanchor": "bottom", "yshift": 3})
        found.append(
            below | {"xanchor": "center", "yanchor": "top", "yshift": -4, "align": "center"}
        )
    return found


def _lying(data: _Flows) -> Figure:
    frame, size = data.frame, data.frame.small
    years = text_width("2000", size) + 12
    ups = [text_width(data.up_text(v), size, True) for v in data.ups()]
    downs = [
        text_width(" ".join(text for text, _ in data.down_texts(i)), size, True) + 6
        for i in range(len(data.years))
    ]
    up, down = max((v or 0 for v in data.ups()), default=0), max(data.downs())
    left = max(*downs, text_width("  ".join(line.name for line in data.back), frame.size) * 0.6)
    scale = (frame.width - years - max(ups) - left - 16) / ((up + down) or 1)
    head = frame.leading * 1.4
    height = head + len(data.years) * frame.size * 2
    figure = _bars(
        data,
        height,
        xaxis=bare_axis(-down - (left + 6) / scale, up + (max(ups) + 10) / scale),
        yaxis=year_axis(data.years, data.years[-1] + 0.5, data.years[0] - 0.5, size),
        shapes=[rule(0, 0, 0, 1, yref="paper", color=GREY)],
        annotations=[*_lying_notes(data), *_lying_heads(data)],
    )
    figure["margin"] = margins(left=years, top=head)
    return {"data": _traces(data, upright=False), "layout": figure}


def _lying_heads(data: _Flows) -> list[Figure]:
    size = data.frame.size
    right = note(_bold([(data.out.name, ACCENT)]), 0, 1, size=size, xshift=4)
    names = [(line.name, color) for line, color, sign in data.series if sign < 0]
    left = note(_bold(names[::-1]), 0, 1, size=size, xshift=-4, xanchor="right")
    return [text | {"yref": "paper", "yanchor": "bottom"} for text in (right, left)]


def _lying_notes(data: _Flows) -> list[Figure]:
    size = data.frame.small
    found = []
    for index, (year, up, down) in enumerate(
        zip(data.years, data.ups(), data.downs(), strict=True)
    ):
        color = ACCENT if up else MUTED
        found.append(note(data.up_text(up), up or 0, year, size=size, color=color, xshift=5))
        text = _colored(data.down_texts(index)[::-1], " ") if down else "0"
        found.append(note(text, -down, year, size=size, xanchor="right", xshift=-5))
    return found
