"""The village map's deck: what is sent, how small it is, and what a click may say."""

import json
import math
import re

import pytest

from charts import map_deck
from charts.theme import RAMP

COUNTY = (108.5, 33.1, 109.7, 33.7)
TOWNS = {f"6110251{t:02}": (108.6 + t * 0.01, 33.2, 108.7, 33.3) for t in range(1, 16)}
VILLAGES = {
    f"{town}{v:03}": (109.0, 33.4, 109.0 + v / 1000, 33.41) for town in TOWNS for v in range(1, 11)
}
INDEX = {"county": {"611025": COUNTY}, "township": TOWNS, "village": VILLAGES}
CODES = list(VILLAGES)
URL = "/shapes/0123456789ab"


def build(level="village", classes=None, **more):
    classes = dict.fromkeys(INDEX[level], 0) if classes is None else classes
    return map_deck.village_map(URL, INDEX, level, classes, **more)


def sent(built):
    return json.loads(built.to_json())


def layers(built):
    return {layer["id"]: layer for layer in sent(built)["layers"]}


def fill(built):
    """Palette and digits of the colour expression, as the browser reads them."""
    props = layers(built)["fill"]
    found = re.fullmatch(r'@@=\((\[.*\])\)\[\("(\d+)"\)\[properties\.i\]\]', props["getFillColor"])
    return json.loads(found[1]), found[2], props["updateTriggers"]["getFillColor"]


def test_no_basemap_is_asked_for():
    spec = sent(build())
    assert "mapProvider" not in spec
    assert spec["mapStyle"] == "__MAP_STYLE__", "left alone: anything else asks a tile host"


def test_shapes_are_ours_and_never_inline():
    for built in (build(), build("township"), build(selected=CODES[3])):
        for layer in sent(built)["layers"]:
            assert re.fullmatch(rf"{URL}/\w+\.geojson", layer["data"])


def test_each_region_gets_its_class_unknown_and_outside_their_own_colours():
    classes = {CODES[0]: 4, CODES[1]: None, CODES[2]: 0}
    palette, digits, trigger = fill(build(classes=classes))
    assert digits[:4] == "4506"
    assert set(digits[3:]) == {"6"}
    assert len(digits) == len(CODES)
    assert trigger == digits, "the browser repaints when a class changes"
    assert [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in palette[:5]] == list(RAMP)
    assert len(palette) == 7
    assert len({tuple(color) for color in palette}) == 7


def test_colours_are_an_expression_that_the_browser_reads_once():
    found = [layer for layer in sent(build())["layers"] if "@@=@@=" in json.dumps(layer)]
    assert not found, "pydeck marks an expression itself"


@pytest.mark.parametrize("number", [5, 6, 7, -1])
def test_a_class_without_a_colour_is_refused(number):
    with pytest.raises(ValueError, match="no colour"):
        build(classes={CODES[0]: number})


def test_a_palette_that_does_not_fit_one_digit_is_refused():
    with pytest.raises(ValueError, match="at most 8"):
        build(palette=["#000000"] * 9)


def test_township_borders_are_drawn_over_villages_only():
    assert "townships" in layers(build())
    assert "townships" not in layers(build("township"))


@pytest.mark.parametrize(
    ("selected", "level"), [(CODES[7], "village"), ("611025103", "township"), ("611025", "county")]
)
def test_a_selected_region_of_any_level_is_marked(selected, level):
    found = layers(build(selected=selected))
    place = list(INDEX[level]).index(selected)
    for name in ("casing", "marked"):
        layer = found[f"{name}-{level}"]
        assert layer["data"] == f"{URL}/{level}.geojson"
        assert f"== {place} ?" in layer["getLineWidth"]
        assert layer["updateTriggers"] == {"getLineWidth": place}


@pytest.mark.parametrize("selected", [None, "999"])
def test_nothing_is_marked_without_a_known_selection(selected):
    stroke = layers(build(selected=selected))["marked-village"]
    assert "== -1 ?" in stroke["getLineWidth"]


def test_another_selection_is_the_same_layers():
    found = [list(layers(build(selected=one))) for one in (None, *CODES[:3])]
    assert found.count(found[0]) == 4, "what stays is not loaded again"
    taking = [key for key, layer in layers(build()).items() if layer.get("pickable")]
    assert taking == ["fill"]


def test_every_layer_has_an_id_of_its_own():
    spec = sent(build(sites=[map_deck.Site("点", 109, 33.4, CODES[0])], selected=CODES[0]))
    ids = [layer["id"] for layer in spec["layers"]]
    assert len(set(ids)) == len(ids)


def test_the_tooltips_are_one_a_region_then_one_a_site():
    labels = {CODES[0]: "12.3%", CODES[1]: "a <i>"}
    lines = map_deck.labelled(CODES, labels, [map_deck.Site("点", 109, 33.4, CODES[0], "60户")])
    assert len(lines) == len(CODES) + 1
    assert lines[:3] == ["12.3%", "a <i>", ""]
    assert lines[-1] == "60户"


def test_sites_are_inline_points_numbered_after_the_regions():
    sites = [
        map_deck.Site("甲点", 109.123456, 33.4, CODES[5]),
        map_deck.Site("乙点", 109.2, 33.5, CODES[6]),
    ]
    layer = layers(build(sites=sites))["sites"]
    assert [row["i"] for row in layer["data"]] == [len(CODES), len(CODES) + 1]
    assert layer["data"][0]["position"] == [109.12346, 33.4]
    assert "sites" not in layers(build())


def test_an_interaction_sends_a_few_kilobytes():
    labels = map_deck.labelled(CODES, dict.fromkeys(CODES, "31.3%(1234人)"))
    packed = json.dumps(sent(build(selected=CODES[0])), separators=(",", ":"))
    assert len(packed) + len(json.dumps(labels)) < 8_000


def project(view, longitude, latitude):
    world = 512 * 2**view.zoom
    y = math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))
    return longitude / 360 * world, -y / (2 * math.pi) * world


@pytest.mark.parametrize("size", [(900, 560), (360, 300), (1500, 720), (300, 900)])
@pytest.mark.parametrize("bounds", [COUNTY, (109.0, 33.0, 109.1, 33.6)])
def test_the_view_fills_its_frame_and_leaves_the_margin(size, bounds):
    view = map_deck.fit(bounds, size)
    assert (view.pitch, view.bearing) == (0, 0)
    west, south, east, north = bounds
    left, bottom = project(view, west, south)
    right, top = project(view, east, north)
    x, y = project(view, view.longitude, view.latitude)
    spare = (size[0] - (right - left), size[1] - (bottom - top))
    assert min(spare) == pytest.approx(2 * map_deck.MARGIN, abs=2)
    assert (x, y) == pytest.approx(((left + right) / 2, (top + bottom) / 2), abs=1)


def test_focus_fits_a_township_and_an_unknown_one_the_county():
    county = sent(build())["initialViewState"]
    assert sent(build(focus="611025101"))["initialViewState"]["zoom"] > county["zoom"]
    assert sent(build(focus="999"))["initialViewState"] == county
