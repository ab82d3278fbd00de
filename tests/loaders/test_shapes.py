"""Schematic shapes tile the real outline; the map's files are small, stable and versioned."""

import json

import geopandas as gpd
import pytest
import shapely
from shapely.geometry import LineString, box, shape

from loaders import shapes
from store.shapes import current_version, read_index

COUNTS = {"611025": (15, 156), "433125": (12, 172)}
METRES = "EPSG:32649"


@pytest.fixture(scope="module", params=sorted(COUNTS))
def county(request):
    return request.param, shapes.schematic(request.param)


def of(frame, level):
    return frame[frame["level"] == level]


def test_one_cell_for_each_region_of_the_code_list(county):
    code, frame = county
    assert list(of(frame, "county").region_code) == [code]
    assert (len(of(frame, "township")), len(of(frame, "village"))) == COUNTS[code]
    assert frame.crs == shapes.CRS
    assert set(frame.geom_type) == {"Polygon"}, "each region is in one piece"
    towns = set(of(frame, "township").region_code)
    assert {village[:9] for village in of(frame, "village").region_code} == towns


def test_forest_farms_and_placeholders_are_left_out(county):
    _, frame = county
    assert not frame.region_code.str.contains("^61102540[012]").any()


def test_cells_tile_their_township_and_the_outline_exactly(county):
    code, frame = county
    villages = of(frame, "village")
    assert shapely.coverage_is_valid(villages.geometry.to_numpy())
    for town in of(frame, "township").itertuples():
        mine = villages[villages.region_code.str[:9] == town.region_code]
        assert shapely.union_all(mine.geometry.to_numpy()).equals(town.geometry)
    outline = shapes.read_outline(code)
    drawn = of(frame, "county").geometry.iloc[0]
    assert drawn.symmetric_difference(outline).area < 1e-4 * outline.area
    assert not drawn.interiors


def test_villages_are_compact_and_of_about_one_size(county):
    _, frame = county
    metric = of(frame, "village").to_crs(METRES)
    assert metric.area.max() < 2.5 * metric.area.min()
    roundness = 12.57 * metric.area / metric.length**2
    assert roundness.min() > 0.3, "no slivers"


def test_the_same_county_is_drawn_the_same_every_time():
    first, second = (shapes.schematic("433125") for _ in range(2))
    assert first.equals(second)


def test_an_unknown_county_has_no_outline():
    with pytest.raises(FileNotFoundError):
        shapes.schematic("999999")


@pytest.fixture(scope="module")
def written(county, tmp_path_factory):
    code, frame = county
    folder = tmp_path_factory.mktemp("shapes")
    return frame, folder, shapes.write_shapes(frame, shapes.read_rivers(code), folder)


def features(folder, version, name):
    return json.loads((folder / version / f"{name}.geojson").read_text("utf-8"))["features"]


def test_features_are_numbered_in_code_order(written):
    frame, folder, version = written
    for level in shapes.LEVELS:
        found = features(folder, version, level)
        codes = sorted(of(frame, level).region_code)
        assert [f["id"] for f in found] == codes
        assert [f["properties"] for f in found] == [
            {"i": i, "code": c} for i, c in enumerate(codes)
        ]


def test_files_are_small_and_rounded(written):
    _, folder, version = written
    sizes = {path.stem: path.stat().st_size for path in (folder / version).glob("*.geojson")}
    assert sizes["village"] < 120_000
    assert sizes["township"] < 40_000
    assert sizes["county"] < 10_000
    for feature in features(folder, version, "village"):
        for x, y in feature["geometry"]["coordinates"][0]:
            assert (round(x, 5), round(y, 5)) == (x, y)


def test_simplified_neighbours_still_share_their_border(written):
    _, folder, version = written
    for level in ("village", "township"):
        drawn = [shape(f["geometry"]) for f in features(folder, version, level)]
        assert shapely.coverage_is_valid(drawn)


def test_rivers_stay_inside_the_county(written):
    frame, folder, version = written
    county = of(frame, "county").geometry.iloc[0].buffer(1e-3)
    rivers = [shape(f["geometry"]) for f in features(folder, version, "rivers")]
    assert rivers
    assert all(county.covers(river) for river in rivers)


def test_index_gives_codes_in_order_and_bounds(written):
    frame, folder, version = written
    index = read_index(folder, version)
    assert list(index["village"]) == sorted(of(frame, "village").region_code)
    (bounds,) = index["county"].values()
    assert bounds == pytest.approx(tuple(of(frame, "county").total_bounds), abs=1e-5)


SQUARES = gpd.GeoDataFrame(
    {
        "region_code": ["1", "12", "11"],
        "level": ["county", "village", "village"],
        "geometry": [box(109, 33, 111, 34), box(110, 33, 111, 34), box(109, 33, 110, 34)],
    },
    crs=shapes.CRS,
)
RIVER = gpd.GeoDataFrame(geometry=[LineString([(108, 33.5), (112, 33.5)])], crs=shapes.CRS)


def test_version_follows_the_content_not_the_order_or_the_crs(tmp_path):
    version = shapes.write_shapes(SQUARES, RIVER, tmp_path)
    assert shapes.write_shapes(SQUARES.iloc[::-1], RIVER, tmp_path) == version
    mercator = SQUARES.to_crs("EPSG:3857")
    assert shapes.write_shapes(mercator, RIVER, tmp_path) == version
    moved = SQUARES.assign(geometry=SQUARES.geometry.translate(0.01))
    assert shapes.write_shapes(moved, RIVER, tmp_path) != version


def test_names_travel_with_the_shapes_where_there_are_any(tmp_path):
    version = shapes.write_shapes(SQUARES.assign(name=["县", "乙村", "甲村"]), RIVER, tmp_path)
    villages = features(tmp_path, version, "village")
    assert [f["properties"]["name"] for f in villages] == ["甲村", "乙村"]
    assert [f["id"] for f in villages] == ["11", "12"]


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (SQUARES.set_crs(None, allow_override=True), "no CRS"),
        (SQUARES.assign(region_code=["1", "2", "2"]), "twice"),
        (SQUARES.assign(geometry=[box(0, 0, 1, 1), None, box(0, 0, 1, 1)]), "no shape"),
    ],
)
def test_shapes_that_cannot_be_joined_are_refused(broken, said, tmp_path):
    with pytest.raises(ValueError, match=said):
        shapes.write_shapes(broken, RIVER, tmp_path)


def test_a_county_without_shapes_gets_schematic_ones_once(tmp_path):
    version = shapes.ensure(tmp_path, "611025", {"611025101": "回龙"})
    assert current_version(tmp_path, "611025") == version
    text = (tmp_path / "shapes" / version / "township.geojson").read_text("utf-8")
    assert "回龙" in text
    assert shapes.ensure(tmp_path, "611025", {}) == version
