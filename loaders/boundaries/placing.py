"""From a file's coordinates to degrees in EPSG:4490, or a clear word why not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from loaders.boundaries import gcj02
from loaders.boundaries.files import Declared
from loaders.boundaries.refusal import Refused
from loaders.regions.schematic import CRS

MARGIN = 0.03  # degrees, about 3 km: outlines are generalised, and older datums lie off a little
INSIDE = 0.5  # share of a shape within outline and margin, so that it counts as the county's
_TELLS = 0.25  # share of the shift's effect on the fit with the outline that tells
_COARSE = 2e-4  # degrees, about 20 m: enough to see a shift of 500 m
_METRES = 111_320.0  # of a degree of latitude


@dataclass(frozen=True, slots=True)
class Placed:
    """Geometries in degrees, and where their CRS came from: file, option or format.

    ``accuracy`` is that of the datum's change in metres, None where it is not known.
    """

    shapes: np.ndarray
    crs: str
    source: str
    accuracy: float | None


def square_metres(shapes: np.ndarray | BaseGeometry) -> np.ndarray:
    """Areas of geometries in degrees, right to about one part in a hundred within a county."""
    middle = shapely.get_y(shapely.centroid(shapes))
    per_degree = _METRES**2 * np.cos(np.radians(np.nan_to_num(middle)))
    return np.asarray(shapely.area(shapes) * per_degree)


def place(
    shapes: np.ndarray,
    declared: Declared,
    outline: BaseGeometry,
    *,
    option: str | None = None,
    shifted: bool = False,
) -> Placed:
    """Valid geometries in EPSG:4490, checked against the county's ``outline`` (degrees).

    ``option`` is the CRS that the command declares, in place of the file's; ``shifted`` that the
    coordinates are GCJ-02. Raises Refused: no_crs, undecided_crs, unknown_crs, gcj02, not_gcj02,
    gcj02_projected, bd09, swapped_axes, outside.
    """
    crs, source = _declared(declared, option, shifted)
    change = _to_degrees(crs)
    degrees = _changed(shapes, change)
    if not _mostly_inside(degrees, outline):
        turned = _changed(shapely.transform(shapes, lambda xy: xy[:, ::-1]), change)
        if _mostly_inside(turned, outline):
            raise Refused("swapped_axes")
        raise Refused("outside", **_where(degrees))
    degrees = _unshifted(degrees, outline, shifted=shifted, sure=source != "format")
    accuracy = change.accuracy if change.accuracy >= 0 else None
    return Placed(degrees, crs.name, source, accuracy)


def in_degrees(
    shapes: np.ndarray, declared: Declared, *, option: str | None = None, shifted: bool = False
) -> tuple[np.ndarray, str, str]:
    """Geometries in EPSG:4490 where there is no outline to compare them with, CRS and its source.

    Raises Refused: no_crs, unknown_crs, gcj02, gcj02_projected, bd09.
    """
    crs, source = _declared(declared, option, shifted)
    degrees = _changed(shapes, _to_degrees(crs))
    return (shapely.transform(degrees, gcj02.inverse) if shifted else degrees), crs.name, source


def _declared(declared: Declared, option: str | None, shifted: bool) -> tuple[pyproj.CRS, str]:
    """The CRS to read by, and who says so."""
    chosen, source = declared, "format" if declared.by_format else "file"
    if option:
        chosen, source = Declared.of(option), "option"
        if chosen.crs is None:
            raise Refused("unknown_crs", crs=option)
    name = f"{chosen.name} {chosen.crs.to_wkt() if chosen.crs else ''}".upper()
    if "BD09" in name or "BD-09" in name:
        raise Refused("bd09")
    if shifted:
        if chosen.crs is not None and not chosen.crs.is_geographic:
            raise Refused("gcj02_projected", crs=chosen.name)
        return pyproj.CRS.from_user_input(CRS), "option"
    if "GCJ" in name:
        raise Refused("gcj02", metres=500)
    if chosen.crs is None and chosen.name:
        raise Refused("unknown_crs", crs=chosen.name[:60])
    if chosen.crs is None:
        raise Refused("no_crs")
    return chosen.crs, source


@cache
def _to_degrees(crs: pyproj.CRS) -> pyproj.Transformer:
    """The way from a CRS to EPSG:4490; looking it up takes half a second, and files share few."""
    return pyproj.Transformer.from_crs(crs, CRS, always_xy=True)


def _changed(shapes: np.ndarray, change: pyproj.Transformer) -> np.ndarray:
    return shapely.transform(
        shapes, lambda xy: np.column_stack(change.transform(xy[:, 0], xy[:, 1]))
    )


def inside(shapes: np.ndarray, outline: BaseGeometry) -> np.ndarray:
    """Which shapes lie at least half within the outline and its margin."""
    wide = outline.buffer(MARGIN)
    shapely.prepare(wide)
    found = np.zeros(len(shapes), bool)
    sound = np.flatnonzero(np.isfinite(shapely.bounds(shapes)).all(axis=1))
    found[sound] = shapely.covers(wide, shapes[sound])
    partly = sound[~found[sound] & shapely.intersects(wide, shapes[sound])]
    within = shapely.area(shapely.intersection(shapes[partly], wide))
    found[partly] = within >= INSIDE * shapely.area(shapes[partly])
    return found


def _mostly_inside(shapes: np.ndarray, outline: BaseGeometry) -> bool:
    return bool(inside(shapes, outline).mean() >= 0.5)


def _where(shapes: np.ndarray) -> dict[str, str]:
    """The middle of the shapes in words for a person who looks for the fault."""
    middle = np.median(shapely.bounds(shapes), axis=0)
    east, north = (middle[:2] + middle[2:]) / 2
    sound = np.isfinite([east, north]).all()
    return (
        {"east": f"{east:.2f}°", "north": f"{north:.2f}°"}
        if sound
        else {"east": "(无法换算)", "north": "(无法换算)"}
    )


def _unshifted(
    degrees: np.ndarray, outline: BaseGeometry, *, shifted: bool, sure: bool
) -> np.ndarray:
    """The geometries without the shift of GCJ-02, if they have one that is declared.

    The fit with the outline tells: by how much does it grow when the shift is taken away, as a
    share of what the shift would do to the outline itself? Near 1 for shifted shapes, near -1 for
    true ones, near 0 for a few villages in the middle, where nothing can be told.
    """
    whole = shapely.union_all(shapely.simplify(degrees, _COARSE))
    back = shapely.transform(whole, gcj02.inverse)
    effect = outline.symmetric_difference(shapely.transform(outline, gcj02.forward)).area
    as_is, unshifted = (s.symmetric_difference(outline).area for s in (whole, back))
    tells = (as_is - unshifted) / effect
    if shifted and tells < -_TELLS:
        raise Refused("not_gcj02")
    if not shifted and tells > _TELLS:
        raise Refused("gcj02", metres=_metres(outline))
    if not shifted and not sure and tells > -_TELLS:
        raise Refused("undecided_crs")
    return shapely.transform(degrees, gcj02.inverse) if shifted else degrees


def _metres(outline: BaseGeometry) -> int:
    """How far GCJ-02 lies off in the middle of the county."""
    middle = shapely.get_coordinates(outline.centroid)
    east, north = (gcj02.forward(middle) - middle)[0]
    east *= np.cos(np.radians(middle[0, 1]))
    return round(float(np.hypot(east, north)) * _METRES / 10) * 10
