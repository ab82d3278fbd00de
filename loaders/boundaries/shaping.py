"""A file's shapes made sound, one a region, and the levels that the map draws from them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from loaders.boundaries.placing import square_metres
from loaders.regions.divisions import Divisions
from loaders.regions.schematic import CRS, LEVELS, read_outline, schematic_within

TINY = 1_000.0  # square metres: no village is as small as a house with its yard
NOTICED = 100.0  # square metres of overlap or gap that are counted
GAP = 2e-4  # degrees, about 20 m: a narrower gap between neighbours is closed

_POLYGONAL = ("Polygon", "MultiPolygon")
_REASON = re.compile(r"(.*?)\[(.*)\]")


@dataclass(slots=True)
class Sound:
    """Valid polygons, an item a feature: None where ``left_out`` says by index why not.

    ``mended`` holds index, fault (GEOS's word) and where, in the file's coordinates; ``flattened``
    counts the features that had heights.
    """

    shapes: np.ndarray
    left_out: dict[int, str] = field(default_factory=dict)
    mended: list[tuple[int, str, str]] = field(default_factory=list)
    flattened: int = 0


def sound(shapes: np.ndarray) -> Sound:
    """Polygons that are valid and flat of whatever the file holds."""
    made = Sound(shapely.force_2d(shapes), flattened=int(shapely.has_z(shapes).sum()))
    for index, shape in enumerate(made.shapes):
        if shape is None or shape.is_empty:
            made.left_out[index] = "no_geometry"
        elif not np.isfinite(shapely.get_coordinates(shape)).all():
            made.left_out[index] = "bad_coordinates"
        elif shape.geom_type not in (*_POLYGONAL, "GeometryCollection"):
            made.left_out[index] = "not_polygon"
        elif not shape.is_valid or shape.geom_type not in _POLYGONAL:
            _mend(made, index, shape)
    made.shapes[list(made.left_out)] = None
    return made


def _mend(made: Sound, index: int, shape: BaseGeometry) -> None:
    reason = _REASON.match(shapely.is_valid_reason(shape))
    mended = polygons(shape)
    if mended.is_empty:
        made.left_out[index] = "tiny" if reason else "not_polygon"
    elif reason:
        made.mended.append((index, reason[1], reason[2]))
    made.shapes[index] = mended


def polygons(shape: BaseGeometry) -> BaseGeometry:
    """The valid polygons in a geometry of any kind; empty where it has none."""
    valid = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    parts = [p for p in shapely.get_parts([valid]) if p.geom_type in _POLYGONAL]
    nested = [p for c in shapely.get_parts(valid) for p in shapely.get_parts(c)]
    return shapely.union_all(parts or [p for p in nested if p.geom_type in _POLYGONAL])


def dissolved(codes: Sequence[str], shapes: Sequence[BaseGeometry]) -> dict[str, BaseGeometry]:
    """One shape a region: features of one code are united."""
    features: dict[str, list[BaseGeometry]] = {}
    for code, shape in zip(codes, shapes, strict=True):
        features.setdefault(code, []).append(polygons(shape))
    return {
        code: shapely.union_all(parts) if len(parts) > 1 else parts[0]
        for code, parts in sorted(features.items())
    }


def overlaps(shapes: Sequence[BaseGeometry]) -> tuple[int, float]:
    """Pairs of shapes that overlap, and the area they share in hectares."""
    a, b = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    a, b = a[a < b], b[a < b]
    held = np.asarray(shapes, dtype=object)
    return _noticed(shapely.intersection(held[a], held[b]))


def gaps(shapes: Sequence[BaseGeometry]) -> tuple[int, float]:
    """Holes that the shapes leave between them, and their area in hectares."""
    parts = shapely.get_parts(shapely.union_all(shapes))
    rings = [shapely.polygons(ring) for part in parts for ring in part.interiors]
    return _noticed(np.array(rings, dtype=object))


def _noticed(areas: np.ndarray) -> tuple[int, float]:
    metres = square_metres(areas) if len(areas) else np.zeros(0)
    noticed = metres[metres > NOTICED]
    return len(noticed), round(float(noticed.sum()) / 1e4, 2)


def fitted(shapes: Mapping[str, BaseGeometry]) -> dict[str, BaseGeometry]:
    """The shapes with shared borders: no overlap, no narrow gap. Empty where one is covered."""
    clean = shapely.coverage_clean(list(shapes.values()), gap_width=GAP)
    return dict(zip(shapes, clean, strict=True))


def levels(
    own: Mapping[str, BaseGeometry],
    level: str,
    divisions: Divisions,
    held: gpd.GeoDataFrame | None,
) -> gpd.GeoDataFrame:
    """What the map draws when one level has ``fitted`` shapes: region_code, level, schematic.

    The other level keeps what the county loaded for it before (``held``, the regions of the
    version in use). Else townships are dissolved from villages, and villages drawn schematically
    within their township. The county is their sum, or its published outline while one is missing.
    """
    kept = _kept(held, "township" if level == "village" else "village")
    schematic: set[str] = set()
    if level == "village":
        villages, townships = dict(own), kept
        if not townships:
            townships = {
                town: shapely.coverage_union_all([s for c, s in own.items() if c[:9] == town])
                for town in sorted({code[:9] for code in own})
            }
    else:
        townships, villages = dict(own), kept
        if not villages:
            villages = schematic_within(divisions, townships)
            schematic = set(villages)
    complete = set(own) == set(divisions.villages if level == "village" else divisions.towns)
    outline = read_outline(divisions.reference)
    whole = shapely.coverage_union_all([*own.values()]) if complete else outline
    county = {divisions.county_code: whole}
    rows = [
        (code, name, code in schematic, shape)
        for name, found in zip(LEVELS, (county, townships, villages), strict=True)
        for code, shape in found.items()
    ]
    columns = ["region_code", "level", "schematic", "geometry"]
    return gpd.GeoDataFrame(rows, columns=columns, crs=CRS)


def _kept(held: gpd.GeoDataFrame | None, level: str) -> dict[str, BaseGeometry]:
    if held is None:
        return {}
    mine = held[(held["level"] == level) & ~held["schematic"]]
    return dict(zip(mine["region_code"], mine.geometry, strict=True))
