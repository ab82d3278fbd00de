"""Which groups households belong to at once: bars over (or beside) a matrix of dots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from charts.bars import name_column, span_for
from charts.labels import text_width, wrap
from charts.number_format import Measure
from charts.theme import (
    ACCENT,
    HAIR,
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
    lines_of,
    margins,
    note,
    plain,
)

MOST = 12
_QUOTES = str.maketrans("“”", "﹃﹄")  # as they stand in text set downwards


@dataclass(frozen=True, slots=True)
class Group:
    """One group: its key, its name, and how many belong to it in all."""

    key: str
    name: str
    total: int


@dataclass(frozen=True, slots=True)
class Intersection:
    """How many belong to exactly these groups (keys) and to no other."""

    members: frozenset[str]
    count: int
    href: str | None = None


@dataclass(frozen=True, slots=True)
class _Matrix:
    groups: Sequence[Group]
    shown: Sequence[Intersection]
    measure: Measure
    frame: Frame

    def dots(self, held: bool) -> list[tuple[int, int]]:
        """(intersection, group) of the dots that are full, or of those that are empty."""
        return [
            (i, g)
            for i, one in enumerate(self.shown)
            for g, group in enumerate(self.groups)
            if (group.key in one.members) is held
        ]

    def stems(self) -> list[tuple[int, int, int]]:
        """(intersection, first group, last group) of those that hold several."""
        keys = [group.key for group in self.groups]
        held = [sorted(keys.index(key) for key in one.members) for one in self.shown]
        return [(i, found[0], found[-1]) for i, found in enumerate(held) if len(found) > 1]

    def color(self, one: Intersection) -> str:
        return ACCENT if len(one.members) > 1 else QUIET

    def texts(self) -> list[str]:
        return [self.measure.compact(one.count) for one in self.shown]


def overlap(
    groups: Sequence[Group],
    intersections: Sequence[Intersection],
    *,
    measure: Measure,
    words: Words,
    horizontal: bool | None = None,
    frame: Frame = PAGE,
) -> Chart:
    """The twelve largest intersections, the largest first; several groups at once in accent.

    Upright on a page, lying (a row an intersection) in a narrow frame or where ``horizontal``
    says so: that is the one to project. The table has every intersection. ``words.columns``:
    heads for the groups together and for the count. Raises ValueError for an unknown key, no
    members or nothing to draw.
    """
    keys = {group.key for group in groups}
    if any(not one.members or one.members - keys for one in intersections):
        raise ValueError("an intersection names no group, or one that is not given")
    ordered = sorted(
        (one for one in intersections if one.count), key=lambda one: (-one.count, len(one.members))
    )
    if not ordered:
        raise ValueError("no intersection has anyone in it")
    matrix = _Matrix(groups, ordered[:MOST], measure, frame)
    lying = frame.narrow if horizontal is None else horizontal
    figure = _lying(matrix) if lying else _upright(matrix)
    body = [
        [" + ".join(g.name for g in groups if g.key in one.members), one.count] for one in ordered
    ]
    return chart(figure, words, [list(words.columns[:2]), *body])


def _hover(matrix: _Matrix, one: Intersection) -> str:
    names = " + ".join(plain(g.name) for g in matrix.groups if g.key in one.members)
    return f"{names}<br>{plain(matrix.measure.text(one.count))}"


def _bars(matrix: _Matrix) -> Figure:
    return {
        "type": "bar",
        "customdata": [one.href for one in matrix.shown],
        "hovertext": [_hover(matrix, one) for one in matrix.shown],
        "hoverinfo": "text",
        "marker": {"color": [matrix.color(one) for one in matrix.shown], "line": {"width": 0}},
    }


def _dot_traces(matrix: _Matrix, upright: bool, pitch: float) -> list[Figure]:
    """Empty dots, stems, full dots: three traces whatever the size of the matrix."""
    width = matrix.frame.stroke
    stems = matrix.stems()
    along = [v for i, _, _ in stems for v in (i, i, None)]
    across = [v for _, first, last in stems for v in (first, last, None)]
    lines = _placed(along, across, upright)
    lines |= {"mode": "lines", "line": {"color": ACCENT, "width": width}}
    found = []
    for held in (False, True):
        dots = matrix.dots(held)
        colors = [matrix.color(matrix.shown[i]) if held else HAIR for i, _ in dots]
        trace = _placed([i for i, _ in dots], [g for _, g in dots], upright)
        size = min(pitch * 0.55, matrix.frame.size * 0.85)
        found.append(trace | {"mode": "markers", "marker": {"color": colors, "size": size}})
    return [found[0], lines, found[1]]


def _placed(along: Sequence[int | None], across: Sequence[int | None], upright: bool) -> Figure:
    x, y = (along, across) if upright else (across, along)
    second = {"yaxis": "y2"} if upright else {"xaxis": "x2"}
    return {"type": "scatter", "x": list(x), "y": list(y), "hoverinfo": "skip", **second}


def _upright(matrix: _Matrix) -> Figure:
    frame, count = matrix.frame, len(matrix.shown)
    names = [f"{group.name} {matrix.measure.number(group.total)}" for group in matrix.groups]
    column = name_column(names, frame)
    below = column.pitch * len(names)
    above = frame.height * 0.6
    height = above + below
    pitch = (frame.width - column.width) / count
    widest = frame.leading * 1.2
    low, high = span_for([one.count for one in matrix.shown], 0, widest, above - 8)
    bars = _bars(matrix) | {
        "x": list(range(count)),
        "y": [one.count for one in matrix.shown],
        "orientation": "v",
    }
    return {
        "data": [bars, *_dot_traces(matrix, True, min(pitch, column.pitch))],
        "layout": layout(
            frame,
            height,
            margins(left=column.width),
            bargap=0.35,
            xaxis=bare_axis(-0.5, count - 0.5),
            yaxis=bare_axis(low, high, domain=[(below + 8) / height, 1]),
            yaxis2=bare_axis(len(names) - 0.5, -0.5, domain=[0, below / height]),
            annotations=[*_bar_notes(matrix, True), *_row_names(column.texts, matrix)],
        ),
    }


def _bar_notes(matrix: _Matrix, upright: bool) -> list[Figure]:
    size = matrix.frame.small
    found = []
    for i, (one, text) in enumerate(zip(matrix.shown, matrix.texts(), strict=True)):
        color = ACCENT if len(one.members) > 1 else MUTED
        text = f"<b>{plain(text)}</b>" if len(one.members) > 1 else plain(text)
        if upright:
            text_note = note(text, i, one.count, size=size, color=color)
            found.append(text_note | {"xanchor": "center", "yanchor": "bottom", "yshift": 2})
        else:
            found.append(note(text, one.count, i, size=size, color=color, xshift=5))
    return found


def _row_names(texts: Sequence[list[str]], matrix: _Matrix) -> list[Figure]:
    size = matrix.frame.small
    more = {"xref": "paper", "yref": "y2", "xanchor": "right", "align": "right", "xshift": -8}
    return [
        note(lines_of(lines), 0, row, size=size, color=INK, **more)
        for row, lines in enumerate(texts)
    ]


def _lying(matrix: _Matrix) -> Figure:
    frame, count = matrix.frame, len(matrix.shown)
    pitch = frame.size * 1.9
    across = frame.size * (1.9 if frame.narrow else 2.7)
    heads = [_column_head(group.name, across, frame) for group in matrix.groups]
    head = max(tall for _, tall, _ in heads) + 8
    wide = across * len(matrix.groups)
    room = frame.width - wide - frame.size
    widest = max(text_width(text, frame.small, True) for text in matrix.texts()) + 8
    low, high = span_for([one.count for one in matrix.shown], 0, widest, room)
    bars = _bars(matrix) | {
        "x": [one.count for one in matrix.shown],
        "y": list(range(count)),
        "orientation": "h",
    }
    # The matrix keeps its nominal share of the width, so dots and heads stay together.
    share = wide / frame.width
    return {
        "data": [bars, *_dot_traces(matrix, False, pitch)],
        "layout": layout(
            frame,
            head + pitch * count,
            margins(top=head),
            bargap=0.3,
            xaxis=bare_axis(low, high, domain=[share + frame.size / frame.width, 1]),
            xaxis2=bare_axis(-0.5, len(matrix.groups) - 0.5, domain=[0, share]),
            yaxis=bare_axis(count - 0.5, -0.5),
            annotations=[*_bar_notes(matrix, False), *_column_heads(heads, frame)],
        ),
    }


def _column_head(name: str, across: float, frame: Frame) -> tuple[str, float, int]:
    """A column's name as markup, its height, its angle: Chinese set downwards, Latin turned.

    Digits in a Chinese name stand together on one line, as print sets them.
    """
    size = frame.small
    if any(east_asian_width(char) in "WF" for char in name):
        pieces = _upright_pieces(name)
        return "<br>".join(map(plain, pieces)), len(pieces) * size * 1.3, 0
    room = text_width(name, size) / (1 if across < size * 2.6 else 1.6)
    lines = wrap(name, size, room + size)
    return lines_of(lines), max(text_width(line, size) for line in lines), -90


def _upright_pieces(name: str) -> list[str]:
    pieces: list[str] = []
    for char in name.translate(_QUOTES):
        if pieces and char.isascii() and char.isalnum() and pieces[-1].isascii():
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def _column_heads(heads: Sequence[tuple[str, float, int]], frame: Frame) -> list[Figure]:
    more = {"xref": "x2", "yref": "paper", "xanchor": "center", "yanchor": "bottom", "yshift": 4}
    return [
        note(text, column, 1, size=frame.small, color=INK, textangle=angle, align="center", **more)
        for column, (text, _, angle) in enumerate(heads)
    ]
