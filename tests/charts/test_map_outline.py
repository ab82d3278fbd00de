"""Outlines in pixels: where the WebGL map has them, north up, whole."""

import pytest

from charts.map_deck import MARGIN, fit
from charts.map_outline import Sheet

BOUNDS = (109.0, 33.0, 109.5, 33.6)
SIZE = (850, 470)
SHEET = Sheet(BOUNDS, SIZE)


def test_the_bounds_are_fitted_north_up():
    (left, bottom), (right, top) = SHEET.at(109.0, 33.0), SHEET.at(109.5, 33.6)
    assert (top, bottom) == (MARGIN, SIZE[1] - MARGIN)
    assert left + right == pytest.approx(SIZE[0])
    assert left > MARGIN


def test_it_is_as_large_as_the_other_map():
    left, right = SHEET.at(109.0, 33.3)[0], SHEET.at(109.5, 33.3)[0]
    degrees = 512 * 2 ** fit(BOUNDS, SIZE).zoom / 360
    assert right - left == pytest.approx(0.5 * degrees, rel=0.01)


def test_areas_are_closed_and_lines_are_not():
    ring = [[109.0, 33.0], [109.5, 33.0], [109.5, 33.6]]
    area = SHEET.path({"type": "Polygon", "coordinates": [ring, ring]})
    assert area.count("M") == area.count("Z") == 2 and area.count("L") == 4
    assert SHEET.path({"type": "MultiPolygon", "coordinates": [[ring], [ring]]}) == area
    line = SHEET.path({"type": "LineString", "coordinates": ring})
    assert "Z" not in line and line.startswith("M")
    assert SHEET.path({"type": "MultiLineString", "coordinates": [ring]}) == line


def test_what_is_neither_is_refused():
    with pytest.raises(ValueError, match="Point"):
        SHEET.path({"type": "Point", "coordinates": [109, 33]})
