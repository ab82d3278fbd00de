"""The village map: a pydeck deck that asks no one for a basemap and sends only what changed.

Shapes are our own versioned files, which the browser keeps. An interaction sends one digit a
region for its colour and one short text a region for the tooltip: some kilobytes in all. It is
drawn by pydeck's own script (``views/assets/map.js``), which keeps the deck that stands: what has
the same id, data and triggers is not loaded or computed again.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pydeck as pdk

from charts.theme import CHANGE, INK, MISSING, MUTED, PAPER, RAMP

__all__ = ["CHANGE", "RAMP", "Site", "bounds_of", "fit", "labelled", "village_map"]

Bounds = tuple[float, float, float, float]
Color = list[int]
Level = Literal["township", "village"]

OUTSIDE = "#f1efeb"  # a region that the view leaves out
RIVER = "#9dbccb"
MARGIN = 14  # pixels left free around the shapes
_TILE = 512  # pixels of the world's width at zoom 0


@dataclass(frozen=True, slots=True)
class Site:
    """A place drawn as a point, in degrees; a click on it chooses its ``region_code``."""

    name: str
    longitude: float
    latitude: float
    region_code: str
    label: str = ""


def village_map(
    shapes_url: str,
    index: Mapping[str, Mapping[str, Bounds]],
    level: Level,
    classes: Mapping[str, int | None],
    *,
    palette: Sequence[str] = RAMP,
    size: tuple[int, int] = (720, 520),
    selected: str | None = None,
    focus: str | None = None,
    sites: Sequence[Site] = (),
) -> pdk.Deck:
    """The county's regions of a level, coloured by class, for a block of a scene.

    ``shapes_url`` is the folder of the shape files (``/shapes/<version>``) and ``index`` their
    codes and bounds per level. ``classes`` gives each region its class, an index into
    ``palette`` (at most eight hex colours); None is drawn as not known and a region left out as
    outside the view. ``size`` is the frame in pixels that the region ``focus`` (by default the
    county) is fitted into. ``selected``, of any level, gets a strong outline.
    """
    regions = list(index[level])
    area = bounds_of(index, focus)
    return pdk.Deck(
        layers=[
            _fill(f"{shapes_url}/{level}.geojson", _digits(regions, classes, palette), palette),
            *_borders(shapes_url, level),
            *_marked(shapes_url, index, selected),
            *_points(sites, len(regions)),
        ],
        initial_view_state=fit(area, size),
        views=[
            pdk.View(
                "MapView",
                # North stays up, and the wheel goes on scrolling the page.
                controller={
                    "dragRotate": False,
                    "touchRotate": False,
                    "scrollZoom": False,
                    "doubleClickZoom": False,
                },
            )
        ],
        map_provider=None,  # with map_style left alone: the one setting that asks nobody
    )


def labelled(
    regions: Sequence[str], labels: Mapping[str, str], sites: Sequence[Site] = ()
) -> list[str]:
    """What a tooltip says below the name: a text a region in the files' order, then one a site."""
    return [*(labels.get(code, "") for code in regions), *(site.label for site in sites)]


def fit(bounds: Bounds, size: tuple[int, int], margin: int = MARGIN) -> pdk.ViewState:
    """The view, north up, that shows degrees ``bounds`` as large as ``size`` pixels allow."""
    west, south, east, north = bounds
    width, height = (max(1, pixels - 2 * margin) for pixels in size)
    across = (east - west) / 360
    down = (_mercator(north) - _mercator(south)) / (2 * math.pi)
    room = min(width / max(across, 1e-9), height / max(down, 1e-9))
    middle = (_mercator(north) + _mercator(south)) / 2
    return pdk.ViewState(
        longitude=round((west + east) / 2, 6),
        latitude=round(math.degrees(2 * math.atan(math.exp(middle)) - math.pi / 2), 6),
        zoom=round(math.log2(room / _TILE), 3),
        pitch=0,
        bearing=0,
    )


def _mercator(latitude: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))


def bounds_of(index: Mapping[str, Mapping[str, Bounds]], code: str | None) -> Bounds:
    """The bounds of a region of any level; of the county where the code is not known."""
    for regions in index.values():
        if code is not None and code in regions:
            return regions[code]
    (county,) = index["county"].values()
    return county


def _digits(
    regions: Sequence[str], classes: Mapping[str, int | None], palette: Sequence[str]
) -> str:
    """One digit a region: its class, or the two after the palette for unknown and outside."""
    if len(palette) > 8:
        raise ValueError(f"{len(palette)} colours: a class is one digit, so at most 8")
    unknown, outside = len(palette), len(palette) + 1
    if any(number is not None and not 0 <= number < unknown for number in classes.values()):
        raise ValueError("a class has no colour in the palette")
    found = (classes.get(code, outside) for code in regions)
    return "".join(str(unknown if number is None else number) for number in found)


def _fill(url: str, digits: str, palette: Sequence[str]) -> pdk.Layer:
    colors = [_rgb(color) for color in (*palette, MISSING, OUTSIDE)]
    # pydeck marks the text as an expression. The brackets are needed: the browser's parser takes an
    # index after a group only. What the pointer is on lies under a veil, and is what a click opens.
    return pdk.Layer(
        "GeoJsonLayer",
        url,
        id="fill",
        stroked=True,
        filled=True,
        get_line_color=_rgb(PAPER),
        get_line_width=1,
        line_width_units="'pixels'",
        pickable=True,
        auto_highlight=True,
        highlight_color=[*_rgb(INK), 40],
        get_fill_color=f'({_compact(colors)})[("{digits}")[properties.i]]',
        update_triggers={"getFillColor": digits},
    )


def _borders(shapes_url: str, level: Level) -> list[pdk.Layer]:
    rivers = _lines(f"{shapes_url}/rivers.geojson", "rivers", RIVER, 1.2)
    townships = _lines(f"{shapes_url}/township.geojson", "townships", MUTED, 1.2)
    county = _lines(f"{shapes_url}/county.geojson", "county", INK, 1.8)
    return [rivers, *([townships] if level == "village" else []), county]


def _lines(url: str, key: str, color: str, width: float | str, **more: Any) -> pdk.Layer:
    return pdk.Layer(
        "GeoJsonLayer",
        url,
        id=key,
        stroked=True,
        filled=False,
        get_line_color=_rgb(color),
        get_line_width=width,
        line_width_units="'pixels'",
        line_joint_rounded=True,
        line_cap_rounded=True,
        **more,
    )


def _marked(
    shapes_url: str, index: Mapping[str, Mapping[str, Bounds]], selected: str | None
) -> list[pdk.Layer]:
    """The selected region's outline, light under dark so that it shows on every colour.

    The layers are there without a selection as well, so that a click need not load them.
    """
    level = next((name for name, codes in index.items() if selected in codes), "village")
    place = next((i for i, code in enumerate(index[level]) if code == selected), -1)
    return [
        _lines(
            f"{shapes_url}/{level}.geojson",
            f"{name}-{level}",
            color,
            f"properties.i == {place} ? {width} : 0",
            update_triggers={"getLineWidth": place},
        )
        for name, color, width in (("casing", PAPER, 8), ("marked", INK, 4))
    ]


def _points(sites: Sequence[Site], first: int) -> list[pdk.Layer]:
    if not sites:
        return []
    rows = [
        {
            "position": [round(site.longitude, 5), round(site.latitude, 5)],
            "i": first + i,
            "code": site.region_code,
            "name": site.name,
        }
        for i, site in enumerate(sites)
    ]
    return [
        pdk.Layer(
            "ScatterplotLayer",
            rows,
            id="sites",
            get_position="position",
            get_radius=4,
            radius_units="'pixels'",
            get_fill_color=_rgb(PAPER),
            get_line_color=_rgb(INK),
            get_line_width=1.5,
            line_width_units="'pixels'",
            stroked=True,
            pickable=True,
        )
    ]


def _rgb(color: str) -> Color:
    return [int(color[i : i + 2], 16) for i in (1, 3, 5)]


def _compact(colors: Sequence[Color]) -> str:
    return "[" + ",".join(f"[{r},{g},{b}]" for r, g, b in colors) + "]"
