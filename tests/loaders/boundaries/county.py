"""A county's boundaries as a survey would give them, for tests to write as files and to spoil."""

from __future__ import annotations

import zipfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import shapely

from loaders.boundaries import order_for
from loaders.boundaries.__main__ import answer
from loaders.boundaries.report import Report
from loaders.regions.divisions import Divisions
from loaders.regions.schematic import schematic
from loaders.regions.shapes import write_shapes
from store.shapes import make_current, shapes_folder

COUNTY = "433125"
SURVEY = "EPSG:4525"  # CGCS2000 / 3-degree zone 37, what a survey of this county comes in


@lru_cache(maxsize=1)
def divisions() -> Divisions:
    return Divisions.load(COUNTY)


@lru_cache(maxsize=1)
def _regions() -> gpd.GeoDataFrame:
    return schematic(Divisions.load(COUNTY))


def regions(level: str = "village") -> gpd.GeoDataFrame:
    """Shapes of a level in degrees with columns XZQDM (code), XZQMC (name) and 乡镇."""
    frame = _regions().query("level == @level").reset_index(drop=True)
    names = divisions().villages | divisions().towns
    frame["XZQDM"] = frame.pop("region_code")
    frame["XZQMC"] = frame["XZQDM"].map(names)
    frame["乡镇"] = frame["XZQDM"].str[:9].map(names)
    return frame.drop(columns="level")


def geopackage(frame: gpd.GeoDataFrame, path: Path, *, layer: str = "XZQ") -> Path:
    pyogrio.write_dataframe(frame, path, layer=layer)
    return path


def geojson(frame: gpd.GeoDataFrame, path: Path, crs: str = "") -> Path:
    """As it is written by most programs: no CRS but what is given as a member's text."""
    text = frame.set_crs(None, allow_override=True).to_json(drop_id=True, ensure_ascii=False)
    assert text.startswith("{") and '"crs"' not in text
    path.write_text("{" + (f'"crs": {crs}, ' if crs else "") + text[1:], "utf-8")
    return path


def shapefile(frame: gpd.GeoDataFrame, path: Path, encoding: str = "GBK") -> Path:
    """A Shapefile and its parts, with a .cpg."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pyogrio.write_dataframe(frame, path, driver="ESRI Shapefile", encoding=encoding)
    return path


def zipped(folder: Path, path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for part in sorted(folder.iterdir()):
            archive.write(part, f"界线/{part.name}")
    return path


def load(path: Path, home: Path, **options: Any) -> Report:
    """Load a file in this process: what the command does, without the process of its own."""
    usual = {"level": None, "column": None, "crs": None, "gcj02": False}
    report = answer(order_for(path, home, COUNTY, **(usual | options)))
    if report.version:
        make_current(home, COUNTY, report.version)
    return report


def bow_tie(shape: shapely.Polygon) -> shapely.Polygon:
    """The polygon with two of its corners swapped, so that the ring crosses itself."""
    ring = list(shape.exterior.coords)
    third = len(ring) // 3
    ring[third], ring[2 * third] = ring[2 * third], ring[third]
    broken = shapely.Polygon(ring)
    assert not broken.is_valid
    return broken


def current(home: Path, version: str | None, level: str) -> gpd.GeoDataFrame:
    """What the map draws, by region code."""
    assert version
    drawn = gpd.read_file(shapes_folder(home) / version / f"{level}.geojson")
    return drawn.set_index("code")


def other_shapes(home: Path) -> str:
    """A version in use before, to see that a refusal leaves it."""
    frame = _regions().assign(schematic=True)
    rivers = gpd.GeoDataFrame(geometry=[], crs=frame.crs)
    version = write_shapes(frame, rivers, shapes_folder(home))
    make_current(home, COUNTY, version)
    return version
