"""Where a file is: undeclared, shifted, turned round or somewhere else, it is refused in words."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from loaders.boundaries import gcj02
from loaders.boundaries.report import Report
from store.shapes import current_version
from tests.loaders.boundaries import county
from tests.loaders.boundaries.county import COUNTY, SURVEY


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose map has shapes: every refusal leaves them."""
    county.other_shapes(tmp_path)
    return tmp_path


def refused(report: Report, home: Path, reason: str) -> str:
    """The sentence of a refusal that left the map as it was."""
    assert (report.refusal, report.version, report.exit_code) == (reason, None, 2)
    assert current_version(home, COUNTY) == county.other_shapes(home)
    (line,) = report.lines()
    assert "{" not in line and line.endswith("原有边界未动。")
    return line


def shifted() -> gpd.GeoDataFrame:
    frame = county.regions()
    moved = shapely.transform(frame.geometry.to_numpy(), gcj02.forward)
    return frame.set_geometry(gpd.GeoSeries(moved, crs=frame.crs))


def undeclared(frame: gpd.GeoDataFrame, path: Path) -> Path:
    with pytest.warns(UserWarning, match="'crs' was not provided"):
        return county.geopackage(frame.set_crs(None, allow_override=True), path)


def test_no_crs_is_refused_unless_the_command_declares_it(home: Path) -> None:
    path = undeclared(county.regions().to_crs(SURVEY), home / "a.gpkg")
    assert "--crs" in refused(county.load(path, home), home, "no_crs")
    report = county.load(path, home, crs=SURVEY)
    assert (report.exit_code, report.crs_source) == (0, "option")


def test_a_shapefile_without_prj_declares_nothing(home: Path) -> None:
    path = county.shapefile(county.regions(), home / "a.shp")
    path.with_suffix(".prj").unlink()
    refused(county.load(path, home), home, "no_crs")
    assert county.load(path, home, crs="EPSG:4490").places == 172


def test_geojson_needs_no_crs_where_it_fits(home: Path) -> None:
    """Its standard says WGS 84; the county's outline must say so too."""
    report = county.load(county.geojson(county.regions(), home / "a.geojson"), home)
    assert (report.exit_code, report.crs_source) == (0, "format")


def test_geojson_too_small_to_tell_must_be_declared(home: Path) -> None:
    few = county.geojson(county.regions().iloc[:3], home / "a.geojson")
    assert "--gcj02" in refused(county.load(few, home), home, "undecided_crs")
    assert county.load(few, home, crs="EPSG:4326").places == 3


@pytest.mark.parametrize("format_", ["geojson", "gpkg"])
def test_gcj02_is_found_out_and_converted_when_declared(home: Path, format_: str) -> None:
    write = county.geojson if format_ == "geojson" else county.geopackage
    path = write(shifted(), home / f"a.{format_}")
    sentence = refused(county.load(path, home), home, "gcj02")
    assert "火星坐标" in sentence and "--gcj02" in sentence
    assert " 5" in sentence or " 4" in sentence  # hundreds of metres
    refused(county.load(path, home, crs="EPSG:4326"), home, "gcj02")
    report = county.load(path, home, gcj02=True)
    assert (report.exit_code, report.gcj02) == (0, True)
    drawn = county.current(home, report.version, "village").geometry
    for code, shape in county.regions().set_index("XZQDM").geometry.iloc[::20].items():
        assert drawn[code].symmetric_difference(shape).area < 0.02 * shape.area


def test_true_coordinates_declared_as_shifted_are_refused(home: Path) -> None:
    path = county.geopackage(county.regions(), home / "a.gpkg")
    assert "去掉 --gcj02" in refused(county.load(path, home, gcj02=True), home, "not_gcj02")


@pytest.mark.parametrize(
    ("crs", "reason"),
    [
        ('{"type": "name", "properties": {"name": "GCJ-02"}}', "gcj02"),
        ('"GCJ02"', "gcj02"),
        ('{"type": "name", "properties": {"name": "BD-09"}}', "bd09"),
        ('{"type": "name", "properties": {"name": "本地坐标系"}}', "unknown_crs"),
        ("null", "no_crs"),
    ],
)
def test_what_geojson_says_of_its_crs_is_read(home: Path, crs: str, reason: str) -> None:
    path = county.geojson(county.regions(), home / "a.geojson", crs)
    assert refused(county.load(path, home), home, reason)


def test_gcj02_of_a_projection_makes_no_sense(home: Path) -> None:
    path = county.geopackage(shifted().to_crs(SURVEY), home / "a.gpkg")
    assert refused(county.load(path, home, gcj02=True), home, "gcj02_projected")
    assert refused(county.load(path, home), home, "gcj02")


def test_a_crs_that_nobody_knows_is_refused(home: Path) -> None:
    path = county.geopackage(county.regions(), home / "a.gpkg")
    assert "EPSG:99999" in refused(county.load(path, home, crs="EPSG:99999"), home, "unknown_crs")


@pytest.mark.parametrize("crs", ["EPSG:4490", SURVEY])
def test_swapped_axes_are_told_from_a_wrong_place(home: Path, crs: str) -> None:
    frame = county.regions().to_crs(crs)
    turned = shapely.transform(frame.geometry.to_numpy(), lambda xy: xy[:, ::-1])
    frame = frame.set_geometry(gpd.GeoSeries(turned, crs=frame.crs))
    path = county.geopackage(frame, home / "a.gpkg")
    assert "颠倒" in refused(county.load(path, home), home, "swapped_axes")


def test_a_wrong_zone_is_somewhere_else(home: Path) -> None:
    """Zone 38 instead of 37 puts the county 330 km to the east."""
    path = county.geopackage(county.regions().to_crs(SURVEY), home / "a.gpkg")
    sentence = refused(county.load(path, home, crs="EPSG:4526"), home, "outside")
    assert "核对坐标系" in sentence
    moved = county.regions().assign(geometry=county.regions().translate(2, 1))
    path = county.geopackage(moved, home / "b.gpkg")
    assert "东经 111." in refused(county.load(path, home), home, "outside")
