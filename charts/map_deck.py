"""The village map: a pydeck deck that asks no one for a basemap and sends only what changed.

Shapes are our own versioned files, which the browser keeps. An interaction sends one digit a
region for its colour and one short text a region for the tooltip: some kilobytes in all.

Two habits of the browser side shape the layers. While something is selected, Streamlit dims
what ``getFillColor`` of a layer paints and drops its other update triggers, so what changes is
given to the sub-layers. And it keeps a selection until the layer's id is gone, so the layer that
takes the clicks is named after the selected region: a second click on the same place is news too.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

import pydeck as pdk

from charts.theme import CHANGE, FONT, GREY, INK, MISSING, MUTED, PAPER, RAMP

__all__ = ["CHANGE", "RAMP", "Site", "bounds_of", "clicked", "fit", "village_map"]

Bounds = tuple[float, float, float, float]
Color = list[int]
Level = Literal["township", "village"]

OUTSIDE = "#f1efeb"  # a region that the view leaves out
RIVER = "#9dbccb"
MARGIN = 14  # pixels left free around the shapes
_TILE = 512  # pixels of the world's width at zoom 0
_PICK = "pick-"


@dataclass(frozen=True, slots=True)
class Site:
    """A place drawn as a point, in degrees; a click on it chooses its ``region_code``."""

    name: str
    longitude: float
    latitude: float
    region_code: str
    label: str = ""


class _Deck(pdk.Deck):
    """A deck that is sent without the blanks that pydeck writes: a third less."""

    def to_json(self) -> str:
        return json.dumps(json.loads(super().to_json()), separators=(",", ":"), ensure_ascii=False)


def village_map(
    shapes_url: str,
    index: Mapping[str, Mapping[str, Bounds]],
    level: Level,
    classes: Mapping[str, int | None],
    labels: Mapping[str, str],
    *,
    palette: Sequence[str] = RAMP,
    size: tuple[int, int] = (720, 520),
    selected: str | None = None,
    focus: str | None = None,
    sites: Sequence[Site] = (),
) -> pdk.Deck:
    """The county's regions of a level, coloured by class, for ``st.pydeck_chart``.

    ``shapes_url`` is the folder of the shape files (``/shapes/<version>``) and ``index`` their
    codes and bounds per level. ``classes`` gives each region its class, an index into
    ``palette`` (at most eight hex colours); None is drawn as not known and a region left out as
    outside the view. ``labels`` are the tooltips' second lines. ``size`` is the frame in pixels
    that the region ``focus`` (by default the county) is fitted into. ``selected``, of any
    level, gets a strong outline.
    """
    regions = list(index[level])
    area = bounds_of(index, focus)
    return _Deck(
        layers=[
            _fill(f"{shapes_url}/{level}.geojson", _digits(regions, classes, palette), palette),
            *_borders(shapes_url, level),
            *_marked(shapes_url, index, selected),
            _pick(f"{shapes_url}/{level}.geojson", selected),
            *_points(sites, len(regions), selected),
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
        tooltip=_tooltip(
            [*(labels.get(code, "") for code in regions), *(site.label for site in sites)]
        ),
    )


def clicked(selection: Mapping[str, Any] | None, known: Collection[str]) -> str | None:
    """The region code chosen by a click, from the ``selection`` of the chart's state.

    The browser sends the whole feature: only its code is read, and only one that is known.
    """
    objects = (selection or {}).get("objects") or {}
    for layer, picked in objects.items():
        if not layer.startswith(_PICK) or not picked:
            continue
        found = picked[0].get("code") or (picked[0].get("properties") or {}).get("code")
        if isinstance(found, str) and found in known:
            return found
    return None


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
    # The brackets are needed: the browser's parser takes an index after a group only.
    return pdk.Layer(
        "GeoJsonLayer",
        url,
        id="fill",
        stroked=True,
        filled=True,
        get_line_color=_rgb(PAPER),
        get_line_width=1,
        line_width_units="'pixels'",
        _sub_layer_props={
            "polygons-fill": {
                "getFillColor": f'@@=({_compact(colors)})[("{digits}")[properties.i]]',
                "updateTriggers": {"getFillColor": digits},
            }
        },
    )


def _borders(shapes_url: str, level: Level) -> list[pdk.Layer]:
    rivers = _lines(f"{shapes_url}/rivers.geojson", "rivers", RIVER, 1.2)
    townships = _lines(f"{shapes_url}/township.geojson", "townships", MUTED, 1.2)
    county = _lines(f"{shapes_url}/county.geojson", "county", INK, 1.8)
    return [rivers, *([townships] if level == "village" else []), county]


def _lines(url: str, key: str, color: str, width: float, **more: Any) -> pdk.Layer:
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
            0,
            _sub_layer_props={
                "polygons-stroke": {
                    "getWidth": f"@@=__source.object.properties.i == {place} ? {width} : 0",
                    "updateTriggers": {"getWidth": place},
                }
            },
        )
        for name, color, width in (("casing", PAPER, 8), ("marked", INK, 4))
    ]


def _pick(url: str, selected: str | None) -> pdk.Layer:
    """The layer that takes pointer and clicks: invisible but for the place under the pointer."""
    return pdk.Layer(
        "GeoJsonLayer",
        url,
        id=f"{_PICK}{selected or ''}",
        stroked=False,
        filled=True,
        pickable=True,
        auto_highlight=True,
        highlight_color=[*_rgb(INK), 40],
        _sub_layer_props={"polygons-fill": {"getFillColor": [0, 0, 0, 0]}},
    )


def _points(sites: Sequence[Site], first: int, selected: str | None) -> list[pdk.Layer]:
    if not sites:
        return []
    rows = [
        {
            "position": [round(site.longitude, 5), round(site.latitude, 5)],
            "i": first + i,
            "code": site.region_code,
            "name": site.name,  # Streamlit escapes what it puts into the tooltip
        }
        for i, site in enumerate(sites)
    ]
    return [
        pdk.Layer(
            "ScatterplotLayer",
            rows,
            id=f"{_PICK}sites-{selected or ''}",
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


def _tooltip(labels: Sequence[str]) -> dict[str, Any]:
    """Name and label of the place under the pointer.

    The stock tooltip can put in a property but not look one up, so it holds all labels and a rule
    that shows the one at the feature's index; the first, which comes after none, by paper.css.
    Nothing rests on the height of a line: a browser's smallest font may make it another.
    """
    lines = "".join(f"<li>{escape(' '.join(label.split()))}" for label in labels)
    return {
        "html": (
            "<b>{name}</b><style>.deck-tooltip li:nth-of-type({i})+li{display:block}</style>"
            f"<ul data-i='{{i}}'>{lines}</ul>"
        ),
        "style": {
            "background": PAPER,
            "color": INK,
            "border": f"1px solid {GREY}",
            "font": f"16px/1.5 {FONT}",
            "padding": "6px 10px",
            "zIndex": "3",
        },
    }


def _rgb(color: str) -> Color:
    return [int(color[i : i + 2], 16) for i in (1, 3, 5)]


def _compact(colors: Sequence[Color]) -> str:
    return "[" + ",".join(f"[{r},{g},{b}]" for r, g, b in colors) + "]"
