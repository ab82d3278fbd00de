"""Money from its sources over what it is for to what became of it, in bands that add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from charts.labels import spread, text_width, wrap
from charts.number_format import Measure
from charts.ribbons import along, ribbon
from charts.theme import (
    ACCENT,
    ALERT,
    CLEAR,
    INK,
    MUTED,
    PAGE,
    PAPER,
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

_BAR = 0.014  # of the width
_THIN = 1.5  # pixels that even the smallest band is wide
_MARKED = (0.15, 0.35, 0.5, 0.65, 0.85)  # where along a band a pointer finds it


@dataclass(frozen=True, slots=True)
class Node:
    """Where money is, in a column counted from the left; ``alert``: where it should not be."""

    key: str
    name: str
    column: int
    alert: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """Money from a node to one of a later column, and what that opens."""

    source: str
    target: str
    amount: float
    href: str | None = None


@dataclass(frozen=True, slots=True)
class _Laid:
    """A node as drawn: its bar's top and height, and where it begins from the left."""

    node: Node
    x: float
    top: float
    tall: float
    amount: float


def flow(
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    heads: Sequence[str],
    *,
    measure: Measure,
    words: Words,
    frame: Frame = PAGE,
) -> Chart:
    """Bands between the columns of nodes, each column from the top down in the order given.

    All columns share one scale. ``heads`` name the columns; ``words.columns``: heads for from, to
    and amount. Raises ValueError for no edge, a negative amount, an edge that does not lead to the
    right, or a node not given.
    """
    known = {node.key: node for node in nodes}
    if not edges or any(edge.amount < 0 for edge in edges):
        raise ValueError("a flow has edges with amounts of zero or more")
    if odd := {key for edge in edges for key in (edge.source, edge.target)} - set(known):
        raise ValueError(f"nodes not given: {', '.join(sorted(odd))}")
    if any(known[e.source].column >= known[e.target].column for e in edges):
        raise ValueError("money flows to the right")
    found = [edge for edge in edges if edge.amount]
    scale = _scale(nodes, found, frame)
    laid = _laid(nodes, found, scale, frame)
    bands = _bands(found, laid, scale)
    sides = [_label_width(laid, at, measure, frame) for at in (0, len(heads) - 1)]
    figure: Figure = {
        "data": [_points(known, bands, measure)],
        "layout": layout(
            frame,
            frame.height,
            margins(sides[0], sides[1], frame.leading * 1.4, 4),
            xaxis=bare_axis(0, 1),
            yaxis=bare_axis(_room(frame), 0),
            shapes=[*(band.shape for band in bands), *map(_bar, laid.values())],
            annotations=[*_labels(laid, len(heads), measure, frame), *_heads(heads, frame)],
        ),
    }
    table = [[known[e.source].name, known[e.target].name, e.amount] for e in found]
    return chart(figure, words, [list(words.columns[:3]), *table])


@dataclass(frozen=True, slots=True)
class _Band:
    """An edge as drawn between two points, ``thick`` pixels."""

    edge: Edge
    start: tuple[float, float]
    end: tuple[float, float]
    thick: float
    color: str

    @property
    def shape(self) -> Figure:
        return ribbon(self.start, self.end, self.thick, self.color, 0.75)

    def at(self, t: float) -> tuple[float, float]:
        """A point of the band's middle line at a part of its way."""
        x = self.start[0] + (self.end[0] - self.start[0]) * t
        return x, along(self.start[1], self.end[1], t) + self.thick / 2


def _room(frame: Frame) -> float:
    return frame.height - frame.leading * 1.4 - 4


def _gap(frame: Frame) -> float:
    return frame.leading * 0.9


def _amount(key: str, edges: Sequence[Edge]) -> float:
    """What a node has: all that leaves it or all that came, whichever is more."""
    out = sum(edge.amount for edge in edges if edge.source == key)
    return max(out, sum(edge.amount for edge in edges if edge.target == key))


def _thick(amount: float, scale: float) -> float:
    return max(amount * scale, _THIN)


def _tall(key: str, edges: Sequence[Edge], scale: float) -> float:
    """Pixels of a node's bar: as tall as the bands of its fuller side."""
    sides = ([e for e in edges if e.source == key], [e for e in edges if e.target == key])
    return max(sum(_thick(e.amount, scale) for e in side) for side in sides)


def _scale(nodes: Sequence[Node], edges: Sequence[Edge], frame: Frame) -> float:
    """Pixels of a unit of money, so that every column fits with the gaps between its nodes."""
    columns: dict[int, list[float]] = {}
    for node in nodes:
        if amount := _amount(node.key, edges):
            columns.setdefault(node.column, []).append(amount)
    return min(
        max(_room(frame) - _gap(frame) * (len(of) - 1) - 2 * _THIN * len(edges), frame.leading)
        / sum(of)
        for of in columns.values()
    )


def _laid(
    nodes: Sequence[Node], edges: Sequence[Edge], scale: float, frame: Frame
) -> dict[str, _Laid]:
    """Every node that has money, its column's nodes one below the other."""
    last = max(node.column for node in nodes) or 1
    at: dict[int, float] = {}
    found = {}
    for node in nodes:
        if not (amount := _amount(node.key, edges)):
            continue
        tall, top = _tall(node.key, edges, scale), at.get(node.column, 0.0)
        x = node.column / last * (1 - _BAR)
        found[node.key] = _Laid(node, x, top, tall, amount)
        at[node.column] = top + tall + _gap(frame)
    return found


def _bands(edges: Sequence[Edge], laid: Mapping[str, _Laid], scale: float) -> list[_Band]:
    """The bands; at each bar they lie in the order of the bars at their other ends."""
    out = {key: one.top for key, one in laid.items()}
    into = dict(out)
    starts: dict[int, float] = {}
    ends: dict[int, float] = {}
    order = range(len(edges))
    for i in sorted(order, key=lambda i: laid[edges[i].target].top):
        starts[i] = out[edges[i].source]
        out[edges[i].source] += _thick(edges[i].amount, scale)
    for i in sorted(order, key=lambda i: laid[edges[i].source].top):
        ends[i] = into[edges[i].target]
        into[edges[i].target] += _thick(edges[i].amount, scale)
    return [
        _Band(
            edge,
            (laid[edge.source].x + _BAR, starts[i]),
            (laid[edge.target].x, ends[i]),
            _thick(edge.amount, scale),
            ALERT if laid[edge.target].node.alert else QUIET,
        )
        for i, edge in enumerate(edges)
    ]


def _bar(one: _Laid) -> Figure:
    return {
        "type": "rect",
        "x0": one.x,
        "x1": one.x + _BAR,
        "y0": one.top,
        "y1": one.top + one.tall,
        "fillcolor": ALERT if one.node.alert else ACCENT,
        "line": {"width": 0},
    }


def _texts(one: _Laid, measure: Measure, frame: Frame) -> list[str]:
    limit = frame.width * 0.22
    return [*wrap(one.node.name, frame.small, limit), measure.compact(one.amount)]


def _label_width(laid: Mapping[str, _Laid], column: int, measure: Measure, frame: Frame) -> float:
    texts = [t for o in laid.values() if o.node.column == column for t in _texts(o, measure, frame)]
    return max((text_width(text, frame.small, True) for text in texts), default=0) + 10


def _labels(
    laid: Mapping[str, _Laid], columns: int, measure: Measure, frame: Frame
) -> list[Figure]:
    """Names and amounts outside the outer bars and beside the inner ones, moved apart."""
    found = []
    for column in range(columns):
        mine = [one for one in laid.values() if one.node.column == column]
        texts = [_texts(one, measure, frame) for one in mine]
        tall = [len(lines) * frame.small * 1.25 + 4 for lines in texts]
        middles = [one.top + one.tall / 2 for one in mine]
        placed = spread(middles, tall, 0, _room(frame))
        left = column == 0
        inner = {} if column in (0, columns - 1) else {"bgcolor": PAPER, "opacity": 0.85}
        for one, lines, y in zip(mine, texts, placed, strict=True):
            found.append(
                note(
                    lines_of(lines),
                    one.x + (0 if left else _BAR),
                    y,
                    size=frame.small,
                    color=INK,
                    xanchor="right" if left else "left",
                    align="right" if left else "left",
                    xshift=-6 if left else 6,
                    **inner,
                )
            )
    return found


def _heads(heads: Sequence[str], frame: Frame) -> list[Figure]:
    """The columns by name, over their bars."""
    more = {"yref": "paper", "yanchor": "bottom", "yshift": frame.small * 0.3}
    last = len(heads) - 1
    sides = {0: "left", last: "right"}
    return [
        note(
            f"<b>{plain(head)}</b>",
            at / last,
            1,
            size=frame.small,
            color=MUTED,
            xanchor=sides.get(at, "center"),
            **more,
        )
        for at, head in enumerate(heads)
    ]


def _points(known: Mapping[str, Node], bands: Sequence[_Band], measure: Measure) -> Figure:
    """Unseen points along each band, which tell of it and open its lines."""
    every = [(band, *band.at(t)) for band in bands for t in _MARKED]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [x for _, x, _ in every],
        "y": [y for _, _, y in every],
        "marker": {"size": 18, "color": CLEAR},
        "customdata": [band.edge.href for band, _, _ in every],
        "hovertext": [_hover(known, band.edge, measure) for band, _, _ in every],
        "hoverinfo": "text",
    }


def _hover(known: Mapping[str, Node], edge: Edge, measure: Measure) -> str:
    way = f"{plain(known[edge.source].name)} → {plain(known[edge.target].name)}"
    return f"{way}<br>{plain(measure.text(edge.amount))}"
