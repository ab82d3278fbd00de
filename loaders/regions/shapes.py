"""The region shapes that the map reads: one small GeoJSON a level, in versions.

A version's name is made from its content, so that a browser may keep its files for ever. A county
without shapes of its own gets schematic ones.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import geopandas as gpd
import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from loaders.reference import Reference
from loaders.regions.divisions import Divisions
from loaders.regions.schematic import CRS, DIGITS, LEVELS, schematic
from store import leftovers
from store.shapes import INDEX, SCHEMATIC, current_version, make_current, shapes_folder

REGIONS = "regions.parquet"
# Simplification per level, in degrees: about a pixel where that level is the one on screen.
TOLERANCE = {"county": 2e-4, "township": 2e-4, "village": 1e-4, "rivers": 3e-4}


def ensure(home: Path, divisions: Divisions) -> str:
    """The version that a county is drawn with; schematic shapes are made where it has none."""
    return current_version(home, divisions.county_code) or renew(home, divisions)


def renew(home: Path, divisions: Divisions) -> str:
    """Draw a county with schematic shapes from now on; their version."""
    frame = schematic(divisions).assign(schematic=True)
    frame["name"] = frame["region_code"].map(divisions.short_names)
    version = write_shapes(frame, read_rivers(divisions.reference), shapes_folder(home))
    make_current(home, divisions.county_code, version)
    return version


def read_rivers(reference: Reference) -> gpd.GeoDataFrame:
    """The rivers in and around the county, in degrees; none where there is no file of them."""
    if reference.rivers is None:
        return gpd.GeoDataFrame(geometry=[], crs=CRS)
    return gpd.read_file(reference.rivers).set_crs(CRS, allow_override=True)


def write_shapes(frame: gpd.GeoDataFrame, rivers: gpd.GeoDataFrame, folder: Path) -> str:
    """Write county, township, village and rivers .geojson below ``folder``; return the version.

    ``frame`` has columns region_code, level and geometry in any declared CRS. The files hold
    EPSG:4490 degrees at five decimals, simplified so that neighbours keep one border. Features
    carry ``id`` and properties ``code``, ``i`` (the index in the level's code order) and, where
    the frame has that column, ``name``. The version is made from the content: the same shapes
    give the same folder. A column ``schematic`` says which regions are invented: all, without it.
    Beside the files for the browser stands REGIONS, the frame as it came, for the next load.
    ValueError for a frame without CRS, with empty shapes or a code twice.
    """
    if frame.crs is None:
        raise ValueError("the shapes declare no CRS")
    if frame.geometry.isna().any() or frame.geometry.is_empty.any():
        raise ValueError("a region has no shape")
    if frame["region_code"].duplicated().any():
        raise ValueError("a region code occurs twice")
    degrees = frame.to_crs(CRS).sort_values("region_code")
    if "schematic" not in degrees:
        degrees["schematic"] = True
    files = {f"{level}.geojson": _level_text(degrees, level) for level in LEVELS}
    files["rivers.geojson"] = _rivers_text(degrees, rivers)
    files[INDEX] = json.dumps(_index(degrees))
    invented = degrees.loc[degrees["schematic"], "level"]
    files[SCHEMATIC] = json.dumps([level for level in LEVELS[1:] if level in set(invented)])
    version = hashlib.sha256("\n".join(files.values()).encode()).hexdigest()[:12]
    _write_version(Path(folder), version, files, degrees)
    return version


def _write_version(
    folder: Path, version: str, files: Mapping[str, str], frame: gpd.GeoDataFrame
) -> None:
    """Write the folder under a hidden name and rename it: it is there whole or not at all."""
    if (folder / version).is_dir():
        return
    folder.mkdir(parents=True, exist_ok=True)
    leftovers.clear(folder)
    work = leftovers.working_name(folder / version)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    try:
        for name, text in files.items():
            (work / name).write_text(text, encoding="utf-8")
        frame.to_parquet(work / REGIONS)
        work.rename(folder / version)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _index(frame: gpd.GeoDataFrame) -> dict[str, dict[str, list[float]]]:
    bounds = frame.geometry.bounds.round(DIGITS).to_numpy().tolist()
    index: dict[str, dict[str, list[float]]] = {level: {} for level in LEVELS}
    for code, level, box in zip(frame["region_code"], frame["level"], bounds, strict=True):
        index[level][code] = box
    return index


def _level_text(frame: gpd.GeoDataFrame, level: str) -> str:
    shapes = frame[frame["level"] == level]
    simple = shapely.coverage_simplify(shapes.geometry.to_numpy(), TOLERANCE[level])
    words = shapes[[c for c in ("region_code", "name") if c in shapes]].to_dict("records")
    return _collection(
        (word["region_code"], {"i": i, "code": word.pop("region_code"), **word}, shape)
        for i, (word, shape) in enumerate(zip(words, simple, strict=True))
    )


def _rivers_text(frame: gpd.GeoDataFrame, rivers: gpd.GeoDataFrame) -> str:
    """The rivers inside the county, merged into lines as long as they go."""
    county = shapely.union_all(frame.loc[frame["level"] == "county", "geometry"].to_numpy())
    inside = shapely.intersection(rivers.to_crs(CRS).geometry.to_numpy(), county)
    merged = shapely.get_parts(shapely.line_merge(shapely.union_all(inside)))
    lines = [line for line in merged if line.length > TOLERANCE["rivers"]]
    simple = shapely.simplify(lines, TOLERANCE["rivers"])
    return _collection((str(i), {"i": i}, line) for i, line in enumerate(simple))


def _collection(features: Iterable[tuple[str, dict, BaseGeometry]]) -> str:
    """A GeoJSON text without blanks, coordinates at five decimals."""
    collection = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": key,
                "properties": properties,
                "geometry": mapping(shapely.transform(shape, lambda xy: xy.round(DIGITS))),
            }
            for key, properties, shape in features
        ],
    }
    return json.dumps(collection, separators=(",", ":"), ensure_ascii=False)
