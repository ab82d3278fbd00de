"""Outlines of places as paths of an SVG, for browsers that draw no WebGL."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from charts.map_deck import MARGIN, Bounds

_DIGITS = 1  # of a pixel


_STROKE = (0.8, 6.0)  # pixels of the thinnest and the widest line of a flow


@dataclass(frozen=True, slots=True)
class Flow:
    """A line between two points in degrees (longitude, latitude), so many pixels wide."""

    start: tuple[float, float]
    point: tuple[float, float]
    width: float
    told: str


def middle(area: Bounds) -> tuple[float, float]:
    """The middle of bounds (west, south, east, north)."""
    west, south, east, north = area
    return (west + east) / 2, (south + north) / 2


def stroke(amount: float, most: float) -> float:
    """How wide the line of an amount is, the largest being the widest."""
    thin, wide = _STROKE
    return round(thin + (wide - thin) * amount / max(most, 1), 1)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Degrees to pixels: north up, ``bounds`` (west, south, east, north) fitted into ``size``."""

    bounds: Bounds
    size: tuple[int, int]

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Pixels from the left and from the top."""
        west, south, east, north = self.bounds
        across, down = math.radians(east - west), _mercator(north) - _mercator(south)
        width, height = self.size
        scale = min(
            (width - 2 * MARGIN) / max(across, 1e-9), (height - 2 * MARGIN) / max(down, 1e-9)
        )
        x = width / 2 + scale * math.radians(longitude - (west + east) / 2)
        middle = (_mercator(north) + _mercator(south)) / 2
        y = height / 2 - scale * (_mercator(latitude) - middle)
        return round(x, _DIGITS), round(y, _DIGITS)

    def line(self, start: tuple[float, float], end: tuple[float, float]) -> str:
        """A straight line between two points in degrees, as the ``d`` of a path."""
        return self._line([start, end])

    def path(self, geometry: Mapping[str, Any]) -> str:
        """A GeoJSON geometry of lines or areas as the ``d`` of a path; areas are closed."""
        kind, coordinates = geometry["type"], geometry["coordinates"]
        end = "Z" if kind.endswith("Polygon") else ""
        if kind == "LineString":
            lines = [coordinates]
        elif kind in ("Polygon", "MultiLineString"):
            lines = coordinates
        elif kind == "MultiPolygon":
            lines = [ring for polygon in coordinates for ring in polygon]
        else:
            raise ValueError(f"{kind} is no line and no area")
        return "".join(self._line(line) + end for line in lines)

    def _line(self, points: Sequence[Sequence[float]]) -> str:
        pixels = [self.at(point[0], point[1]) for point in points]
        return "M" + "L".join(f"{x:g},{y:g}" for x, y in pixels)


def _mercator(latitude: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))
