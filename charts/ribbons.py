"""Bands from one bar to another, as thick as what they stand for."""

from __future__ import annotations

from charts.theme import Figure

Point = tuple[float, float]


def ribbon(start: Point, end: Point, thick: float, color: str, opacity: float) -> Figure:
    """A band whose upper border runs from a point to another one, level at both."""
    (x0, top), (x1, bottom) = start, end
    middle = (x0 + x1) / 2
    path = (
        f"M {x0},{top:.2f} C {middle},{top:.2f} {middle},{bottom:.2f} {x1},{bottom:.2f} "
        f"L {x1},{bottom + thick:.2f} C {middle},{bottom + thick:.2f} "
        f"{middle},{top + thick:.2f} {x0},{top + thick:.2f} Z"
    )
    return {
        "type": "path",
        "path": path,
        "fillcolor": color,
        "opacity": opacity,
        "line": {"width": 0},
    }


def along(start: float, end: float, t: float) -> float:
    """Height of a band's border at a part of its way."""
    return start + (end - start) * (3 * t * t - 2 * t * t * t)
