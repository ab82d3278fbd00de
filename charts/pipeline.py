"""How many stand at which step of a way, those overdue in the accent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from charts.bars import name_column, row_axis, span_for
from charts.labels import text_width
from charts.number_format import Measure
from charts.theme import (
    ACCENT,
    INK,
    MUTED,
    PAGE,
    QUIET,
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
)


@dataclass(frozen=True, slots=True)
class Stop:
    """One step: how many stand at it, how many of them are late, and what each part opens."""

    name: str
    count: int
    late: int
    href: str | None = None
    href_late: str | None = None


def pipeline(
    stops: Sequence[Stop],
    late: str,
    *,
    measure: Measure,
    words: Words,
    frame: Frame = PAGE,
) -> Chart:
    """Rows of bars in the order of the steps, each begun with those late, all from zero.

    ``late`` is the word for them. ``words.columns``: heads for step, count and late. Raises
    ValueError for no steps, a negative count or more late than there are.
    """
    if not stops or any(not 0 <= stop.late <= stop.count for stop in stops):
        raise ValueError("steps need counts, with no more late than there are")
    column = name_column([stop.name for stop in stops], frame)
    texts = [_text(stop, late, measure) for stop in stops]
    widest = max(text_width(text, frame.small, True) for text in texts) + 12
    ends = span_for([stop.count for stop in stops], 0, widest, frame.width - column.width)
    head = frame.leading * 1.3
    figure: Figure = {
        "data": [_trace(stops, late, measure, part) for part in ("late", "rest")],
        "layout": layout(
            frame,
            head + column.pitch * len(stops) + 4,
            margins(left=column.width, top=head, bottom=4),
            barmode="stack",
            bargap=0.28,
            xaxis=bare_axis(*ends),
            yaxis=row_axis(column, [False] * len(stops), frame),
            annotations=[
                note(plain(text), stop.count, row, size=frame.small, xshift=5,
                     color=INK if stop.count else MUTED)
                for row, (stop, text) in enumerate(zip(stops, texts, strict=True))
            ] + [_legend(late, frame)],
        ),
    }  # fmt: skip
    body = [[stop.name, stop.count, stop.late] for stop in stops]
    return chart(figure, words, [list(words.columns[:3]), *body])


def _text(stop: Stop, late: str, measure: Measure) -> str:
    told = measure.number(stop.count)
    return f"{told} · {late} {measure.number(stop.late)}" if stop.late else told


def _trace(stops: Sequence[Stop], late: str, measure: Measure, part: str) -> Figure:
    is_late = part == "late"
    counts = [stop.late if is_late else stop.count - stop.late for stop in stops]
    said = f"{plain(late)} " if is_late else ""
    return {
        "type": "bar",
        "orientation": "h",
        "x": counts,
        "y": list(range(len(stops))),
        "customdata": [(s.href_late if is_late else s.href) if n else None
                       for s, n in zip(stops, counts, strict=True)],
        "hovertext": [
            f"{plain(stop.name)}<br>{said}{plain(measure.text(n))}"
            for stop, n in zip(stops, counts, strict=True)
        ],
        "hoverinfo": "text",
        "marker": {"color": ACCENT if is_late else QUIET, "line": {"width": 0}},
    }  # fmt: skip


def _legend(late: str, frame: Frame) -> Figure:
    text = f'<b><span style="color:{ACCENT}">{plain(late)}</span></b>'
    legend = note(text, 0, 1, size=frame.small)
    return legend | {"xref": "paper", "yref": "paper", "yanchor": "bottom", "yshift": 4}
