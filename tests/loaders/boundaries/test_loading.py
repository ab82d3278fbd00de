"""A file of boundaries becomes what the map draws, with an account of every feature."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from shapely.affinity import scale, translate
from shapely.geometry import LineString, Point, Polygon, box

from loaders.boundaries.report import Report
from loaders.reference import Reference
from loaders.regions.schematic import read_outline
from store.shapes import current_version, schematic_levels, shapes_folder
from tests.loaders.boundaries import county
from tests.loaders.boundaries.county import COUNTY, SURVEY

SHARED = "马王村"  # a name in two townships


def text(report: Report) -> str:
    return "\n".join(report.lines())


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    """All villages, with codes as numbers, in a survey's projection."""
    home = tmp_path_factory.mktemp("home")
    frame = county.regions().astype({"XZQDM": "float64"}).to_crs(SURVEY)
    return home, county.load(county.geopackage(frame, home / "cunjie.gpkg"), home)


def test_every_village_of_a_whole_file_is_drawn(whole: tuple[Path, Report]) -> None:
    home, report = whole
    assert (report.exit_code, report.features, report.joined, report.places) == (0, 172, 172, 172)
    assert (report.level, report.column, report.crs_source) == ("village", "XZQDM", "file")
    assert not report.left_out and not report.missing and not report.mended
    assert (report.overlaps[0], report.gaps[0]) == (0, 0)
    assert current_version(home, COUNTY) == report.version
    villages = county.current(home, report.version, "village")
    given = county.regions().set_index("XZQDM").geometry
    assert sorted(villages.index) == sorted(given.index)
    assert villages.name["433125104201"] == "普戎"
    for code in given.index[::20]:
        assert villages.geometry[code].symmetric_difference(given[code]).area < 0.02 * (
            given[code].area
        )


def test_townships_and_county_are_the_sum_of_the_villages(whole: tuple[Path, Report]) -> None:
    home, report = whole
    townships = county.current(home, report.version, "township")
    assert len(townships) == 12
    (outline,) = county.current(home, report.version, "county").geometry
    assert (
        outline.symmetric_difference(read_outline(Reference.of(COUNTY))).area < 1e-2 * outline.area
    )


def test_nothing_is_schematic_any_more(whole: tuple[Path, Report]) -> None:
    home, report = whole
    assert schematic_levels(shapes_folder(home), report.version or "") == set()
    assert "示意" not in text(report)


def test_names_find_their_village_and_the_township_tells_two_of_one_name(tmp_path: Path) -> None:
    frame = county.regions().drop(columns="XZQDM")
    assert list(frame.XZQMC).count(SHARED) == 2
    report = county.load(county.geopackage(frame, tmp_path / "a.gpkg"), tmp_path)
    assert (report.column, report.parent, report.places) == ("XZQMC", "乡镇", 172)
    report = county.load(
        county.geopackage(frame.drop(columns="乡镇"), tmp_path / "b.gpkg"), tmp_path
    )
    assert [entry["reason"] for entry in report.left_out] == ["ambiguous_village"] * 2
    assert (report.exit_code, report.places, len(report.missing)) == (3, 170, 2)
    assert "没有图形, 地图上空缺: " in text(report) and "马王" in text(report)


def test_old_codes_lead_to_todays_and_merged_villages_are_united(tmp_path: Path) -> None:
    """In the edition of 2020 the place that is 433125109235 today was two villages."""
    frame = county.regions().to_crs(SURVEY)
    (index,) = frame.index[frame.XZQDM == "433125109235"]
    shape = frame.geometry[index]
    west, south, east, north = shape.bounds
    halves = [
        shape.intersection(box(west, south, (west + east) / 2, north)),
        shape.intersection(box((west + east) / 2, south, east, north)),
    ]
    old = gpd.GeoDataFrame({"XZQDM": ["433125109009"]}, geometry=halves[1:], crs=SURVEY)
    frame.loc[[index], "geometry"] = gpd.GeoSeries(halves[:1], index=[index], crs=SURVEY)
    joined = gpd.GeoDataFrame(pd.concat([frame, old]), crs=SURVEY)
    report = county.load(county.geopackage(joined, tmp_path / "a.gpkg"), tmp_path)
    assert (report.features, report.joined, report.places) == (173, 173, 172)
    assert list(report.dissolved.values()) == [2]
    assert report.editions == {"2020": 1}
    drawn = county.current(tmp_path, report.version, "village").geometry["433125109235"]
    given = county.regions().set_index("XZQDM").geometry["433125109235"]
    assert drawn.geom_type == "Polygon"
    assert drawn.symmetric_difference(given).area < 0.02 * given.area


def spoilt() -> tuple[gpd.GeoDataFrame, dict[int, str]]:
    """Villages, most of them whole, and by number why each of the others is not used."""
    frame = county.regions()
    shapes = list(frame.geometry)
    shapes[0] = county.bow_tie(shapes[0])
    shapes[1] = None
    shapes[2] = Polygon()
    shapes[3] = Point(109.6, 28.7)
    shapes[4] = LineString([(109.6, 28.7), (109.7, 28.7)])
    shapes[5] = shapes[5].centroid.buffer(1e-5)
    shapes[6] = translate(shapes[6], 3, 0)
    shapes[7] = shapely.force_3d(shapes[7], 400.0)
    shapes[8] = shapely.GeometryCollection([shapes[8], Point(109.6, 28.7)])
    frame = frame.set_geometry(gpd.GeoSeries(shapes, crs=frame.crs))
    frame.loc[9, "XZQDM"] = "433125101999"
    frame.loc[10, "XZQDM"] = "611025001200"
    frame.loc[11, "XZQDM"] = "433125101"
    frame.loc[12, "XZQDM"] = None
    reasons = ["no_geometry", "no_geometry", "not_polygon", "not_polygon", "tiny", "outside"]
    left_out = dict(enumerate(reasons, start=2))
    codes = ["unknown_code", "other_county", "other_level", "no_value"]
    return frame, left_out | dict(enumerate(codes, start=10))


def test_what_cannot_be_used_is_left_out_with_its_reason(tmp_path: Path) -> None:
    frame, expected = spoilt()
    path = county.geojson(frame, tmp_path / "a.geojson")
    report = county.load(path, tmp_path)
    assert report.exit_code == 3
    assert {entry["feature"]: entry["reason"] for entry in report.left_out} == expected
    assert report.features == report.joined + len(report.left_out) == 172
    assert report.places == 162 and len(report.missing) == 10
    (mended,) = report.mended
    assert (mended["feature"], mended["fault"]) == (1, "Self-intersection")
    assert report.flattened == 1
    assert "修复 第 1 个 433125104201: 自相交, 在 109." in text(report)


def test_a_place_without_a_shape_is_left_blank_inside_the_published_outline(
    tmp_path: Path,
) -> None:
    frame = county.regions().iloc[1:]
    report = county.load(county.geopackage(frame, tmp_path / "a.gpkg"), tmp_path)
    assert list(report.missing) == ["433125104201"]
    assert "433125104201" not in county.current(tmp_path, report.version, "village").index
    (outline,) = county.current(tmp_path, report.version, "county").geometry
    assert (
        outline.symmetric_difference(read_outline(Reference.of(COUNTY))).area < 1e-2 * outline.area
    )


def test_overlaps_and_gaps_are_counted_and_narrow_ones_closed(tmp_path: Path) -> None:
    frame = county.regions().to_crs(SURVEY)
    shapes = list(frame.geometry)
    inner = next(
        i for i, s in enumerate(shapes) if shapely.union_all(shapes).contains(s.buffer(200))
    )
    shapes[inner] = scale(shapes[inner], 1.01, 1.01)
    far = max(range(len(shapes)), key=lambda i: shapes[inner].distance(shapes[i]))
    shapes[far] = shapely.difference(shapes[far], shapes[far].centroid.buffer(50))
    frame = frame.set_geometry(gpd.GeoSeries(shapes, crs=SURVEY))
    report = county.load(county.geopackage(frame, tmp_path / "a.gpkg"), tmp_path)
    assert report.overlaps[0] >= 3 and report.overlaps[1] > 0.5
    assert report.gaps == (1, pytest.approx(0.78, abs=0.02))
    drawn = county.current(tmp_path, report.version, "village").geometry
    assert shapely.coverage_is_valid(drawn.to_numpy())


def test_of_two_equal_shapes_one_is_said_to_be_covered(tmp_path: Path) -> None:
    frame = county.regions()
    frame.loc[[1], "geometry"] = gpd.GeoSeries([frame.geometry[0]], index=[1], crs=frame.crs)
    report = county.load(county.geopackage(frame, tmp_path / "a.gpkg"), tmp_path)
    assert [entry["reason"] for entry in report.left_out] == ["covered"]
    assert report.places == 171


def test_real_townships_alone_keep_schematic_villages_inside_them(tmp_path: Path) -> None:
    frame = county.regions("township")
    frame["XZQDM"] += "000"  # as land surveys write them
    report = county.load(county.geopackage(frame, tmp_path / "a.gpkg"), tmp_path)
    assert (report.level, report.places, report.expected) == ("township", 12, 12)
    assert report.schematic == ["village"]
    assert "村(社区)界仍为示意" in text(report)
    villages = county.current(tmp_path, report.version, "village")
    assert len(villages) == 172
    towns = county.current(tmp_path, report.version, "township").geometry
    for code, shape in villages.geometry.items():
        assert shape.intersection(towns[code[:9]]).area > 0.95 * shape.area


def test_two_files_one_a_level_stand_together(tmp_path: Path) -> None:
    """Townships loaded after villages leave the villages, and the other way round."""
    villages = county.geopackage(county.regions().iloc[5:], tmp_path / "v.gpkg")
    towns = county.geopackage(county.regions("township"), tmp_path / "t.gpkg")
    county.load(villages, tmp_path)
    second = county.load(towns, tmp_path)
    assert second.schematic == []
    assert len(county.current(tmp_path, second.version, "village")) == 167
    third = county.load(county.geopackage(county.regions(), tmp_path / "w.gpkg"), tmp_path)
    assert len(county.current(tmp_path, third.version, "village")) == 172
    assert len(county.current(tmp_path, third.version, "township")) == 12


def test_a_citys_file_gives_the_countys_part(tmp_path: Path) -> None:
    frame = county.regions()
    others = frame.assign(XZQDM="4331" + "27" + frame.XZQDM.str[6:], geometry=frame.translate(1, 0))
    both = gpd.GeoDataFrame(pd.concat([frame, others]), crs=frame.crs)
    report = county.load(county.geopackage(both, tmp_path / "a.gpkg"), tmp_path)
    assert (report.features, report.joined, report.places) == (344, 172, 172)
    assert {entry["reason"] for entry in report.left_out} == {"other_county"}


def test_the_same_file_again_gives_the_same_version(whole: tuple[Path, Report]) -> None:
    home, report = whole
    assert county.load(home / "cunjie.gpkg", home).version == report.version
