"""Region shapes: schematic ones inside a real outline, and the files that the map reads.

The public source of county outlines has no township or village shapes. Until a county loads its
own, ``schematic`` tiles the outline with one cell a village, and the screens label it 示意.
``write_shapes`` writes any shapes as one small GeoJSON a level under a name made from their
content, so that a browser may keep them for ever.
"""

from __future__ import annotations

import csv
import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from shapely import LineString, MultiPoint, Polygon
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge, polygonize

from store.shapes import INDEX, current_version, make_current, shapes_folder

REFERENCE = Path(__file__).parent.parent / "data" / "reference"
CRS = "EPSG:4490"
LEVELS = ("county", "township", "village")
DIGITS = 5  # of a degree: about one metre
EDITION = 2023
NOT_A_REGION = ("林厂", "苗圃", "虚拟生活区")
# Simplification per level, in degrees: about a pixel where that level is the one on screen.
TOLERANCE = {"county": 2e-4, "township": 2e-4, "village": 1e-4, "rivers": 3e-4}

_GRID = 10.0**-DIGITS
_RELAXATIONS = 150
_ANGLES = 24
_WOBBLE = (0.14, 0.07, 0.0)  # midpoint displacement tried, as a share of the edge's length


def schematic(county_code: str) -> gpd.GeoDataFrame:
    """Shapes of a county's regions, invented inside its real outline, the same at every call.

    Columns region_code, level (county, township, village) and geometry in EPSG:4490, ordered by
    level and code. Villages tile their township, townships the county, without gap or overlap.
    FileNotFoundError where the reference data lack the county's outline or code list.
    """
    outline = read_outline(county_code)
    towns = _villages_by_township(county_code)
    for attempt in range(20):
        cells = _even_cells(outline, sum(map(len, towns.values())), int(county_code) + attempt)
        split = _split(_Cells(cells), list(range(len(cells))), [*towns.items()])
        if split is not None:
            break
    else:
        raise ValueError(f"no contiguous townships found for {county_code}")
    villages: dict[str, Polygon] = {}
    faces = _natural_edges(cells, int(county_code))
    for town, members in split.items():
        north_first = sorted(members, key=lambda i: (-faces[i].centroid.y, faces[i].centroid.x))
        villages |= dict(zip(towns[town], (faces[i] for i in north_first), strict=True))
    townships = {
        town: shapely.union_all([villages[code] for code in codes]) for town, codes in towns.items()
    }
    county = {county_code: shapely.union_all([*townships.values()])}
    rows = [
        (code, level, shapes[code])
        for level, shapes in zip(LEVELS, (county, townships, villages), strict=True)
        for code in sorted(shapes)
    ]
    return gpd.GeoDataFrame(rows, columns=["region_code", "level", "geometry"], crs=CRS)


def ensure(home: Path, county_code: str, names: Mapping[str, str]) -> str:
    """The version that a county is drawn with; schematic shapes are made where it has none.

    ``names`` are the regions' short names by code, for the map's tooltips.
    """
    version = current_version(home, county_code)
    if version is None:
        frame = schematic(county_code)
        frame["name"] = frame["region_code"].map(names)
        version = write_shapes(frame, read_rivers(county_code), shapes_folder(home))
        make_current(home, county_code, version)
    return version


def read_outline(county_code: str) -> Polygon:
    """The county's published outline as one polygon, in degrees."""
    text = (REFERENCE / "boundaries" / f"{county_code}_tianditu.geojson").read_text("utf-8")
    return _largest(shapely.from_geojson(json.dumps(json.loads(text)["geometry"])))


def read_rivers(county_code: str) -> gpd.GeoDataFrame:
    """The rivers of the reference data in and around the county, in degrees."""
    path = REFERENCE / "rivers" / f"{county_code}_rivers_wdbii.geojson"
    return gpd.read_file(path).set_crs(CRS, allow_override=True)


def _villages_by_township(county_code: str) -> dict[str, list[str]]:
    """Village codes by township code, without forest farms, nurseries and their placeholders."""

    def codes(kind: str) -> list[str]:
        path = REFERENCE / "divisions" / f"{county_code}_{kind}_{EDITION}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            return sorted(
                row["code"]
                for row in csv.DictReader(file)
                if not any(word in row["name"] for word in NOT_A_REGION)
            )

    towns: dict[str, list[str]] = {code: [] for code in codes("towns")}
    for village in codes("villages"):
        if village[:9] in towns:
            towns[village[:9]].append(village)
    return {town: villages for town, villages in towns.items() if villages}


def _even_cells(outline: Polygon, count: int, seed: int) -> list[Polygon]:
    """Tile the outline with so many compact cells of about one size (Lloyd's relaxation)."""
    middle = math.cos(math.radians(outline.centroid.y))  # degrees east are shorter than north
    plane = shapely.transform(outline, lambda xy: xy * (middle, 1.0))
    shapely.prepare(plane)
    random = np.random.default_rng(seed)
    west, south, east, north = plane.bounds
    drawn = random.uniform((west, south), (east, north), (count * 20, 2))
    points = drawn[shapely.contains_xy(plane, drawn)][:count]
    for _ in range(_RELAXATIONS):
        points = shapely.get_coordinates(shapely.centroid(_voronoi(points, plane)))
    cells = _voronoi(points, plane)
    return _whole([shapely.transform(cell, lambda xy: xy / (middle, 1.0)) for cell in cells])


def _voronoi(points: np.ndarray, inside: Polygon) -> np.ndarray:
    """The Voronoi cell of each point, in the points' order, clipped."""
    diagram = shapely.voronoi_polygons(MultiPoint(points), extend_to=inside, ordered=True)
    return shapely.intersection(shapely.get_parts(diagram), inside)


def _whole(cells: Sequence[BaseGeometry]) -> list[Polygon]:
    """Make each cell one part: what a bend of the outline cut off goes to the best neighbour."""
    whole = [_largest(cell) for cell in cells]
    for cell, kept in zip(cells, list(whole), strict=True):
        for part in shapely.get_parts(cell):
            if part.equals(kept) or part.geom_type != "Polygon":
                continue
            shared = shapely.length(shapely.intersection(part.boundary, whole))
            best = int(np.argmax(shared))
            whole[best] = _largest(shapely.union(whole[best], part))
    return whole


def _largest(shape: BaseGeometry) -> Polygon:
    return max(shapely.get_parts(shape), key=lambda part: part.area)


class _Cells:
    """Centres of the cells and the length of border that each two share."""

    def __init__(self, cells: Sequence[Polygon]) -> None:
        self.centres = shapely.get_coordinates(shapely.centroid(cells))
        # A hair's breadth of buffer: a bend's cut-off part touches only within rounding.
        wide = shapely.buffer(cells, 2 * _GRID)
        a, b = shapely.STRtree(wide).query(wide, predicate="intersects")
        self.border: dict[int, dict[int, float]] = {i: {} for i in range(len(cells))}
        shared = shapely.length(shapely.intersection(shapely.boundary(np.take(cells, a)), wide[b]))
        for i, j, length in zip(a.tolist(), b.tolist(), shared.tolist(), strict=True):
            if i != j and length > 100 * _GRID:
                self.border[i][j] = length

    def connected(self, members: Iterable[int]) -> bool:
        left = set(members)
        reached = [left.pop()]
        while reached:
            near = left & self.border[reached.pop()].keys()
            left -= near
            reached.extend(near)
        return not left

    def cut(self, a: Iterable[int], b: set[int]) -> float:
        """Length of the border between two sets of cells."""
        return sum(length for i in a for j, length in self.border[i].items() if j in b)


def _split(
    cells: _Cells, members: list[int], towns: list[tuple[str, list[str]]]
) -> dict[str, list[int]] | None:
    """Deal the cells out to townships, each contiguous and of its own size, by halving.

    Of the straight cuts that leave both sides contiguous, the one with the shortest border is
    taken: that makes compact townships. None where there is no such cut.
    """
    if len(towns) == 1:
        return {towns[0][0]: members}
    middle = len(towns) // 2
    size = sum(len(villages) for _, villages in towns[:middle])
    cuts = []
    for angle in np.linspace(0, 2 * math.pi, _ANGLES, endpoint=False):
        along = cells.centres[members] @ (math.cos(angle), math.sin(angle))
        order = [members[i] for i in np.argsort(along, kind="stable")]
        a, b = order[:size], order[size:]
        if cells.connected(a) and cells.connected(b):
            cuts.append((cells.cut(a, set(b)), a, b))
    for _, a, b in sorted(cuts):
        first = _split(cells, a, towns[:middle])
        second = _split(cells, b, towns[middle:]) if first else None
        if first and second:
            return first | second
    return None


def _natural_edges(cells: Sequence[Polygon], seed: int) -> list[Polygon]:
    """The cells on a common grid, with their inner edges bent a little, still an exact tiling."""
    network = shapely.unary_union(shapely.boundary(cells), grid_size=_GRID)
    rim = shapely.union_all(list(polygonize(network))).boundary
    arcs = list(linemerge(network).geoms)
    inside = [not rim.covers(arc) for arc in arcs]
    centres = shapely.point_on_surface(cells)
    for share in _WOBBLE:
        random = np.random.default_rng(seed)
        bent = [
            _bend(arc, share, random) if inner else arc
            for arc, inner in zip(arcs, inside, strict=True)
        ]
        faces = [face for face in polygonize(bent) if not face.is_empty]
        owners = shapely.STRtree(faces).query(centres, predicate="within")[1]
        found = [faces[i] for i in owners]
        if len(set(owners.tolist())) == len(faces) == len(cells) and (
            shapely.coverage_is_valid(found)
        ):
            return found
    raise ValueError("the cells do not tile the outline")


def _bend(arc: LineString, share: float, random: np.random.Generator) -> LineString:
    """Displace midpoints across the line, twice, and put every point on the grid."""
    points = np.asarray(arc.coords)
    for _ in range(2):
        a, b = points[:-1], points[1:]
        across = (b - a)[:, ::-1] * (1, -1)
        middles = (a + b) / 2 + across * random.uniform(-share, share, (len(a), 1))
        points = np.insert(points, np.arange(1, len(points)), middles, axis=0)
    return LineString(points.round(DIGITS))


def write_shapes(frame: gpd.GeoDataFrame, rivers: gpd.GeoDataFrame, folder: Path) -> str:
    """Write county, township, village and rivers .geojson below ``folder``; return the version.

    ``frame`` has columns region_code, level and geometry in any declared CRS. The files hold
    EPSG:4490 degrees at five decimals, simplified so that neighbours keep one border. Features
    carry ``id`` and properties ``code``, ``i`` (the index in the level's code order) and, where
    the frame has that column, ``name``. The version is made from the content: the same shapes
    give the same folder. ValueError for a frame without CRS, with empty shapes or a code twice.
    """
    if frame.crs is None:
        raise ValueError("the shapes declare no CRS")
    if frame.geometry.isna().any() or frame.geometry.is_empty.any():
        raise ValueError("a region has no shape")
    if frame["region_code"].duplicated().any():
        raise ValueError("a region code occurs twice")
    degrees = frame.to_crs(CRS).sort_values("region_code")
    texts = {level: _level_text(degrees, level) for level in LEVELS}
    texts["rivers"] = _rivers_text(degrees, rivers)
    version = hashlib.sha256("\n".join(texts.values()).encode()).hexdigest()[:12]
    target = Path(folder) / version
    target.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (target / f"{name}.geojson").write_text(text, encoding="utf-8")
    (target / INDEX).write_text(json.dumps(_index(degrees)), encoding="utf-8")
    return version


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
