"""Change between two years, a row a place: what worsened and what improved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from charts.bars import name_column, row_axis
from charts.labels import text_width
from charts.number_format import Measure, tick_texts, ticks
from charts.theme import (
    ACCENT,
    ALERT,
    GREY,
    HAIR,
    INK,
    MUTED,
    PAGE,
    PAPER,
    Chart,
    Figure,
    Frame,
    Words,
    axis,
    chart,
    layout,
    margins,
    note,
    plain,
    rule,
)

Better = Literal["down", "up"]


@dataclass(frozen=True, slots=True)
class Change:
    """One place before and after; ``href`` opens its households after, ``opens_before`` before."""

    name: str
    before: float
    after: float
    href: str | None = None
    opens_before: str | None = None

    @property
    def gap(self) -> float:
        """How much more it is after; below zero where it is less."""
        return self.after - self.before


def dumbbell(
    changes: Sequence[Change],
    *,
    years: tuple[str, str],
    measure: Measure,
    words: Words,
    better: Better = "down",
    headings: tuple[str, str, str] = ("", "", ""),
    frame: Frame = PAGE,
) -> Chart:
    """Two dots a place, before (hollow) and after (full): what worsened first, then what improved.

    ``years`` are the words over the two dots; ``headings`` name the places that worsened, improved
    and stayed, each over its group with the number of its places. ``words.columns``: heads for
    place, before, after and change. Raises ValueError for no places.
    """
    if not changes:
        raise ValueError("no places")
    sign = 1 if better == "down" else -1
    groups = split(changes, better)
    rows: list[Change | str] = []
    for heading, group in zip(headings, groups, strict=True):
        if group:
            rows += [f"{heading} {len(group)}"] if heading else []
            rows += group
    figure = _dumbbell_figure(rows, years, measure, sign, frame)
    body = [[c.name, c.before, c.after, c.after - c.before] for group in groups for c in group]
    return chart(figure, words, [list(words.columns[:4]), *body])


def split(changes: Sequence[Change], better: Better) -> tuple[list[Change], ...]:
    """The places that worsened, improved and stayed; the greatest change first."""
    sign = 1 if better == "down" else -1

    def size(change: Change) -> float:
        return sign * (change.after - change.before)

    worse = sorted((c for c in changes if size(c) > 0), key=size, reverse=True)
    improved = sorted((c for c in changes if size(c) < 0), key=size)
    return worse, improved, [c for c in changes if size(c) == 0]


def _tone(change: Change, sign: int) -> str:
    size = sign * (change.after - change.before)
    return ALERT if size > 0 else ACCENT if size < 0 else GREY


def _dumbbell_figure(
    rows: Sequence[Change | str],
    years: tuple[str, str],
    measure: Measure,
    sign: int,
    frame: Frame,
) -> Figure:
    column = name_column([r if isinstance(r, str) else r.name for r in rows], frame)
    changes = [(y, row) for y, row in enumerate(rows) if isinstance(row, Change)]
    head = 4 if isinstance(rows[0], str) else frame.leading * 1.3
    foot = frame.small * 1.9
    texts = [*years, *(measure.signed(c.after - c.before) for _, c in changes)]
    widest = max(text_width(text, frame.small, True) for text in texts)
    room = frame.width - column.width - widest - frame.size * 2
    values = list(chain.from_iterable((c.before, c.after) for _, c in changes))
    low, high = min([0.0, *values]), max([0.0, *values]) or 1.0
    scale = room / (high - low)
    marks = [v for v in ticks(low, high, 3, measure.kind == "count") if low <= v <= high]
    names = row_axis(column, [False] * len(rows), frame)
    figure: Figure = {
        "data": _dumbbell_traces(changes, years, measure, sign, frame),
        "layout": layout(
            frame,
            head + column.pitch * len(rows) + foot,
            margins(left=column.width, top=head, bottom=foot),
            xaxis=axis(
                marks,
                tick_texts(marks, measure),
                low - frame.size * 0.6 / scale,
                high + (widest + frame.size * 1.4) / scale,
                frame.small,
            ),
            yaxis=names,
            shapes=[
                rule(v, v, 0, 1, yref="paper", color=GREY if v == 0 else HAIR, layer="below")
                for v in marks
            ],
            annotations=[
                *_change_notes(changes, measure, sign, frame),
                *_year_notes(changes[0], years, scale, frame),
            ],
        ),
    }
    _mark_headings(names, rows)
    return figure


def _mark_headings(names: Figure, rows: Sequence[Change | str]) -> None:
    names["ticktext"] = [
        f"<b>{text}</b>" if isinstance(row, str) else text
        for row, text in zip(rows, names["ticktext"], strict=True)
    ]


def _dumbbell_traces(
    changes: Sequence[tuple[int, Change]],
    years: tuple[str, str],
    measure: Measure,
    sign: int,
    frame: Frame,
) -> list[Figure]:
    """A line a tone from dot to dot, then the hollow dots, then the full ones."""
    tones = [_tone(change, sign) for _, change in changes]
    lines = [_stems(changes, tones, tone, frame) for tone in (ALERT, ACCENT)]
    before, after = _dots(changes, years[0], measure), _dots(changes, years[1], measure, now=True)
    edge: Figure = {"width": frame.stroke * 0.6, "color": tones}
    before["marker"] = {"size": frame.stroke * 3.6, "color": PAPER, "line": edge}
    after["marker"] = {"size": frame.stroke * 3.6, "color": tones, "line": edge}
    return [*lines, before, after]


def _stems(
    changes: Sequence[tuple[int, Change]], tones: Sequence[str], tone: str, frame: Frame
) -> Figure:
    own = [row for row, own_tone in zip(changes, tones, strict=True) if own_tone == tone]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [v for _, c in own for v in (c.before, c.after, None)],
        "y": [v for y, _ in own for v in (y, y, None)],
        "line": {"color": tone, "width": frame.stroke},
        "hoverinfo": "skip",
    }


def _dots(
    changes: Sequence[tuple[int, Change]], year: str, measure: Measure, now: bool = False
) -> Figure:
    values = [c.after if now else c.before for _, c in changes]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": plain(year),
        "x": values,
        "y": [y for y, _ in changes],
        "customdata": [c.href if now else c.opens_before for _, c in changes],
        "hovertext": [
            f"{plain(c.name)} {plain(year)}<br>{plain(measure.text(v))}"
            for (_, c), v in zip(changes, values, strict=True)
        ],
        "hoverinfo": "text",
        "cliponaxis": False,
    }


def _change_notes(
    changes: Sequence[tuple[int, Change]], measure: Measure, sign: int, frame: Frame
) -> list[Figure]:
    found = []
    for y, change in changes:
        tone = _tone(change, sign)
        text = plain(measure.signed(change.after - change.before))
        color = MUTED if tone == GREY else tone
        x = max(change.before, change.after)
        found.append(note(text, x, y, size=frame.small, color=color, xshift=frame.size * 0.8))
    return found


def _year_notes(
    row: tuple[int, Change], years: tuple[str, str], scale: float, frame: Frame
) -> list[Figure]:
    """The two years over the first row's dots, drawn apart where the dots are close."""
    size = frame.small
    y, first = row
    near = abs(first.after - first.before) * scale < text_width("".join(years), size) / 2 + size
    leftmost = "after" if first.after < first.before else "before"
    found = []
    for year, which, x in zip(years, ("before", "after"), (first.before, first.after), strict=True):
        anchor = ("right" if which == leftmost else "left") if near else "center"
        color = INK if which == "after" else MUTED
        found.append(note(plain(year), x, y - 0.4, size=size, color=color, xanchor=anchor))
    return [text | {"yanchor": "bottom"} for text in found]
