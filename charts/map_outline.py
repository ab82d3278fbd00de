"""Outlines of places as paths of an SVG, for browsers that draw no WebGL."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from charts.map_deck import MARGIN, Bounds

_DIGITS = 1  # of a pixel


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
