"""Every usual format, encoding and way of writing a code."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.boundaries.codes import code_of, region
from tests.loaders.boundaries import county
from tests.loaders.boundaries.county import SURVEY


@pytest.fixture(scope="module")
def villages() -> gpd.GeoDataFrame:
    """A tenth of the county: enough to find columns by."""
    return county.regions().iloc[::10].reset_index(drop=True)


def named(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame[["XZQMC", "乡镇", "geometry"]].rename(columns={"XZQMC": "村名"})


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4326", SURVEY, "EPSG:4527", "EPSG:3857"])
def test_any_declared_crs_leads_to_the_same_place(
    villages: gpd.GeoDataFrame, tmp_path: Path, crs: str
) -> None:
    report = county.load(county.geopackage(villages.to_crs(crs), tmp_path / "a.gpkg"), tmp_path)
    drawn = county.current(tmp_path, report.version, "village").geometry
    for code, shape in villages.set_index("XZQDM").geometry.items():
        assert drawn[code].hausdorff_distance(shape) < 3e-4


def test_an_older_datum_is_converted_and_its_doubt_told(
    villages: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    path = county.geopackage(villages.to_crs("EPSG:4610"), tmp_path / "a.gpkg")  # Xian 1980
    lines = [*county.load(path, tmp_path).lines()]
    assert any("精度" in line and "抽查" in line for line in lines)


@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
@pytest.mark.parametrize("with_cpg", [True, False])
@pytest.mark.parametrize("packed", [True, False])
def test_a_shapefile_in_any_encoding_bare_or_zipped(
    villages: gpd.GeoDataFrame, tmp_path: Path, encoding: str, with_cpg: bool, packed: bool
) -> None:
    """Columns and values are Chinese, so nothing is found by a wrong encoding."""
    path = county.shapefile(named(villages).to_crs(SURVEY), tmp_path / "界" / "村界.shp", encoding)
    if not with_cpg:
        path.with_suffix(".cpg").unlink()
    if packed:
        path = county.zipped(path.parent, tmp_path / "村界.zip")
    report = county.load(path, tmp_path)
    assert (report.column, report.parent, report.joined) == ("村名", "乡镇", len(villages))
    assert report.encoding == ("utf-8" if encoding == "UTF-8" else "gb18030")


def test_a_cpg_that_lies_is_not_believed(villages: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = county.shapefile(named(villages), tmp_path / "a.shp", "GBK")
    path.with_suffix(".cpg").write_text("UTF-8", "ascii")
    assert county.load(path, tmp_path).joined == len(villages)


def test_an_upper_case_shapefile_is_found_whole(villages: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = county.shapefile(villages, tmp_path / "A.shp")
    for part in list(tmp_path.iterdir()):
        part.rename(part.with_suffix(part.suffix.upper()))
    assert county.load(path.with_suffix(".SHP"), tmp_path).joined == len(villages)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_geojson_in_any_encoding(villages: gpd.GeoDataFrame, tmp_path: Path, encoding: str) -> None:
    crs = '{"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}'
    path = county.geojson(named(villages), tmp_path / "a.json", crs)
    path.write_bytes(path.read_text("utf-8").encode(encoding))
    report = county.load(path, tmp_path)
    assert (report.column, report.joined) == ("村名", len(villages))
    assert report.crs == "China Geodetic Coordinate System 2000"


def test_zipped_geojson_and_geopackage(villages: gpd.GeoDataFrame, tmp_path: Path) -> None:
    for number, suffix in enumerate((".geojson", ".gpkg")):
        inside = tmp_path / str(number)
        inside.mkdir()
        path = inside / f"村{suffix}"
        villages.to_file(path)
        assert county.load(county.zipped(inside, tmp_path / "a.zip"), tmp_path).exit_code == 3


def test_the_layer_that_fits_is_taken_and_named(tmp_path: Path) -> None:
    path = county.geopackage(county.regions("township"), tmp_path / "a.gpkg", layer="乡镇界")
    county.regions().to_file(path, layer="村界")
    points = county.regions().assign(geometry=county.regions().representative_point())
    points.to_file(path, layer="村委会驻地")
    report = county.load(path, tmp_path)
    assert (report.layer, report.level, report.places) == ("村界", "village", 172)
    report = county.load(path, tmp_path, level="township")
    assert (report.layer, report.level, report.places) == ("乡镇界", "township", 12)


def test_a_column_may_be_named(villages: gpd.GeoDataFrame, tmp_path: Path) -> None:
    frame = villages.assign(旧代码=villages.XZQDM.where(villages.index > 2))
    path = county.geopackage(frame, tmp_path / "a.gpkg")
    assert county.load(path, tmp_path).column == "XZQDM"
    report = county.load(path, tmp_path, column="旧代码")
    assert (report.column, len(report.left_out)) == ("旧代码", 3)
    report = county.load(path, tmp_path, column="编码")
    assert report.refusal == "no_column"
    assert "XZQDM、XZQMC、乡镇、旧代码" in " ".join(report.lines())


def test_codes_are_believed_before_names(villages: gpd.GeoDataFrame, tmp_path: Path) -> None:
    """One wrong code does not make the names the better column."""
    frame = villages.copy()
    frame.loc[0, "XZQDM"] = "433125101999"
    report = county.load(county.geopackage(frame, tmp_path / "a.gpkg"), tmp_path)
    assert (report.column, len(report.left_out)) == ("XZQDM", 1)


def test_another_countys_file_does_not_fit_by_chance(tmp_path: Path) -> None:
    frame = county.regions()
    frame["XZQDM"] = "610000" + frame.XZQDM.str[6:]
    frame["XZQMC"] = [f"某{n}村" for n in range(170)] + ["普戎村", "波溪村"]
    path = county.geopackage(frame.drop(columns="乡镇"), tmp_path / "a.gpkg")
    report = county.load(path, tmp_path)
    assert (report.refusal, report.exit_code) == ("no_codes", 2)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("433125104201", "433125104201"),
        ("433125104201.0", "433125104201"),
        ("'433125104201", "433125104201"),
        ("4331251042010000000", "433125104201"),
        ("433125104000", "433125104"),
        ("433125104", "433125104"),
        ("433125104201001", "433125104201001"),
        ("普戎村", ""),
        ("4.33125E+11", ""),
        ("12", ""),
    ],
)
def test_ways_to_write_a_code(written: str, code: str) -> None:
    assert code_of(written) == code


@given(st.text(max_size=20) | st.from_regex(r"\A4331\d{0,16}\Z"))
def test_any_value_leads_to_a_region_or_a_reason(value: str) -> None:
    for level, known in (
        ("village", county.divisions().villages),
        ("township", county.divisions().towns),
    ):
        found = region(value, level, county.divisions())
        assert found.code in known if found.code else found.reason
