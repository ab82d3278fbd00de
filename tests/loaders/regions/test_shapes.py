"""The map's files are small, stable and versioned."""

import json

import geopandas as gpd
import pytest
import shapely
from shapely.geometry import LineString, box, shape

from loaders.reference import Reference
from loaders.regions import shapes
from loaders.regions.divisions import Divisions
from loaders.regions.schematic import CRS, schematic
from store.shapes import current_version, make_current, read_index, schematic_levels


@pytest.fixture(scope="module", params=["611025", "433125"])
def county(request):
    return request.param, schematic(Divisions.load(request.param))


def of(frame, level):
    return frame[frame["level"] == level]


@pytest.fixture(scope="module")
def written(county, tmp_path_factory):
    code, frame = county
    folder = tmp_path_factory.mktemp("shapes")
    return frame, folder, shapes.write_shapes(frame, shapes.read_rivers(Reference.of(code)), folder)


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
    crs=CRS,
)
RIVER = gpd.GeoDataFrame(geometry=[LineString([(108, 33.5), (112, 33.5)])], crs=CRS)


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
    version = shapes.ensure(tmp_path, Divisions.load("611025"))
    assert current_version(tmp_path, "611025") == version
    text = (tmp_path / "shapes" / version / "township.geojson").read_text("utf-8")
    assert "回龙" in text
    assert shapes.ensure(tmp_path, Divisions.load("611025")) == version


def test_a_version_says_which_levels_are_invented(tmp_path):
    folder = tmp_path
    assert schematic_levels(folder, "older") == {"township", "village"}
    invented = shapes.write_shapes(SQUARES, RIVER, folder)
    assert schematic_levels(folder, invented) == {"village"}
    own = shapes.write_shapes(SQUARES.assign(schematic=False), RIVER, folder)
    assert own != invented
    assert schematic_levels(folder, own) == set()


def test_a_version_is_there_whole_or_not_at_all(tmp_path, monkeypatch):
    monkeypatch.setattr(gpd.GeoDataFrame, "to_parquet", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        shapes.write_shapes(SQUARES, RIVER, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_county_with_shapes_of_its_own_keeps_them(tmp_path):
    own = shapes.write_shapes(SQUARES.assign(schematic=False), RIVER, tmp_path / "shapes")
    make_current(tmp_path, "611025", own)
    assert shapes.ensure(tmp_path, Divisions.load("611025")) == own
