"""A county's outline and rivers out of a file of shapes, as GeoJSON in degrees."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from loaders.boundaries import files, placing, shaping
from loaders.boundaries.refusal import Refused

SUFFIXES = (".geojson", ".json", ".gpkg", ".shp", ".zip")
_CHINA = (73.0, 3.0, 136.0, 54.0)  # west, south, east, north, in degrees
_OUTLINE = 20  # features at most: parts of one county, not its villages
_NAMES = ("name", "名称", "县名", "行政区名称", "xzqmc")


@dataclass(frozen=True, slots=True)
class Drawn:
    """Shapes in degrees: ``kind`` is outline, rivers or places; ``note`` says by which CRS."""

    kind: str
    shape: BaseGeometry
    name: str
    note: str

    def write(self, path: Path) -> None:
        """Write as GeoJSON: the outline as one feature, rivers as a collection."""
        parts = [self.shape] if self.kind == "outline" else shapely.get_parts(self.shape)
        features = [
            {
                "type": "Feature",
                "properties": {"name": self.name},
                "geometry": json.loads(shapely.to_geojson(part)),
            }
            for part in parts
        ]
        whole = {"type": "FeatureCollection", "features": features}
        path.write_text(json.dumps(features[0] if self.kind == "outline" else whole), "utf-8")


def read(path: Path, *, crs: str | None, gcj02: bool) -> Drawn:
    """What a file of shapes holds. Raises Refused."""
    with tempfile.TemporaryDirectory(prefix="outline-") as workspace:
        layers = files.layers(path, Path(workspace), lines=True)
        layer = max(layers, key=lambda each: each.features)
        shapes = layer.shapes()
        found = np.array([s for s in shapes if s is not None and not s.is_empty], dtype=object)
        if not len(found):
            raise Refused("no_polygons")
        flat = shapely.force_2d(found)
        degrees, name, source = placing.in_degrees(flat, layer.declared, option=crs, shifted=gcj02)
        _inside_china(degrees)
        note = f"{name},{files_word(source)}" if not gcj02 else "火星坐标,已换算"
        lines = all("Line" in shape.geom_type for shape in degrees)
        if lines:
            return Drawn("rivers", shapely.union_all(degrees), "", note)
        if layer.features > _OUTLINE:
            return Drawn("places", shapely.MultiPolygon(), "", note)
        return Drawn("outline", _whole(degrees), _name(layer), note)


def files_word(source: str) -> str:
    """Where a CRS came from, in words."""
    return {"file": "取自文件", "option": "由命令声明", "format": "GeoJSON 的通例"}[source]


def _whole(degrees: np.ndarray) -> BaseGeometry:
    sound = shaping.sound(degrees)
    kept = [shape for shape in sound.shapes if shape is not None]
    if not kept:
        raise Refused("no_polygons")
    return shapely.union_all(kept)


def _name(layer: files.Layer) -> str:
    columns = {key.lower(): values for key, values in layer.columns.items()}
    found = (value for key in _NAMES for value in columns.get(key, ()) if value)
    return next(found, "")


def _inside_china(degrees: np.ndarray) -> None:
    west, south, east, north = shapely.total_bounds(degrees)
    if _CHINA[0] <= west and east <= _CHINA[2] and _CHINA[1] <= south and north <= _CHINA[3]:
        return
    turned = _CHINA[0] <= south and north <= _CHINA[2] and _CHINA[1] <= west and east <= _CHINA[3]
    if turned:
        raise Refused("swapped_axes")
    raise Refused("outside", east=f"{(west + east) / 2:.2f}°", north=f"{(south + north) / 2:.2f}°")
