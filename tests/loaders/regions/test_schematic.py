"""Schematic shapes tile the real outline, or the real townships."""

import pytest
import shapely
from shapely.geometry import box

from loaders.reference import Reference
from loaders.regions import schematic
from loaders.regions.divisions import Divisions

COUNTS = {"611025": (15, 156), "433125": (12, 172)}
METRES = "EPSG:32649"


@pytest.fixture(scope="module", params=sorted(COUNTS))
def county(request):
    return request.param, schematic.schematic(Divisions.load(request.param))


def of(frame, level):
    return frame[frame["level"] == level]


def test_one_cell_for_each_region_of_the_code_list(county):
    code, frame = county
    assert list(of(frame, "county").region_code) == [code]
    assert (len(of(frame, "township")), len(of(frame, "village"))) == COUNTS[code]
    assert frame.crs == schematic.CRS
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
    outline = schematic.read_outline(Reference.of(code))
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
    first, second = (schematic.schematic(Divisions.load("433125")) for _ in range(2))
    assert first.equals(second)


def test_an_unknown_county_has_no_outline():
    with pytest.raises(FileNotFoundError):
        schematic.schematic(Divisions.load("999999"))


def test_real_townships_are_tiled_with_their_villages():
    """A thin one and one in two parts too; a township that is not there has no villages."""
    thin = box(109.0, 33.2, 109.2, 33.202)
    parts = shapely.union(box(109.3, 33.2, 109.4, 33.3), box(109.5, 33.2, 109.52, 33.22))
    found = schematic.schematic_within(
        Divisions.load("611025"), {"611025101": thin, "611025102": parts}
    )
    names = [code for code in found if code.startswith("611025101")]
    assert len(names) == 6 and len(found) > len(names)
    assert all(code[:9] in ("611025101", "611025102") for code in found)
    cells = [found[code] for code in names]
    assert shapely.union_all(cells).symmetric_difference(thin).area < 1e-3 * thin.area
    assert sum(cell.area for cell in cells) < 1.001 * thin.area
