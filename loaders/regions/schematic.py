"""Schematic region shapes inside a real outline.

The public source of county outlines has no township or village shapes. Until a county loads its
own, the outline (or a real township) is tiled with one cell a village, and the map says 示意.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence

import geopandas as gpd
import numpy as np
import shapely
from shapely import LineString, MultiPoint, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge, polygonize

from loaders.reference import Reference
from loaders.regions.divisions import Divisions

CRS = "EPSG:4490"
LEVELS = ("county", "township", "village")
DIGITS = 5  # of a degree: about one metre

_GRID = 10.0**-DIGITS
_RELAXATIONS = 150
_ANGLES = 24
_WOBBLE = (0.14, 0.07, 0.0)  # midpoint displacement tried, as a share of the edge's length


def schematic(divisions: Divisions) -> gpd.GeoDataFrame:
    """Shapes of a county's regions, invented inside its real outline, the same at every call.

    Columns region_code, level (county, township, village) and geometry in EPSG:4490, ordered by
    level and code. Villages tile their township, townships the county, without gap or overlap.
    ValueError for an outline that cannot be tiled so.
    """
    county_code = divisions.county_code
    outline = read_outline(divisions.reference)
    towns = _villages_by_township(divisions)
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


def schematic_within(
    divisions: Divisions, townships: Mapping[str, BaseGeometry]
) -> dict[str, BaseGeometry]:
    """Schematic village cells by code, tiling the real shapes of their townships (degrees)."""
    villages = _villages_by_township(divisions)
    return {
        code: cell
        for town, shape in sorted(townships.items())
        for code, cell in zip(
            villages.get(town, ()),
            _even_cells(shape, len(villages.get(town, ())), int(town)),
            strict=True,
        )
    }


def read_outline(reference: Reference) -> Polygon:
    """The county's outline as one polygon, in degrees; holes in it are other counties' land."""
    declared = json.loads(reference.outline.read_text("utf-8"))
    return _largest(shapely.from_geojson(json.dumps(declared["geometry"])))


def _villages_by_township(divisions: Divisions) -> dict[str, list[str]]:
    """Village codes by township code, of the townships that have any."""
    towns: dict[str, list[str]] = {}
    for village in sorted(divisions.villages):
        towns.setdefault(village[:9], []).append(village)
    return dict(sorted(towns.items()))


def _even_cells(outline: BaseGeometry, count: int, seed: int) -> list[Polygon]:
    """Tile the outline with so many compact cells of about one size (Lloyd's relaxation)."""
    if count < 2:
        return [_largest(outline)][:count]
    middle = math.cos(math.radians(outline.centroid.y))  # degrees east are shorter than north
    plane = shapely.transform(outline, lambda xy: xy * (middle, 1.0))
    shapely.prepare(plane)
    random = np.random.default_rng(seed)
    west, south, east, north = plane.bounds
    drawn = random.uniform((west, south), (east, north), (count * 20, 2))
    points = drawn[shapely.contains_xy(plane, drawn)][:count]
    while len(points) < count:  # a thin outline
        drawn = random.uniform((west, south), (east, north), (count * 100, 2))
        points = np.concatenate((points, drawn[shapely.contains_xy(plane, drawn)]))[:count]
    for _ in range(_RELAXATIONS):
        points = shapely.get_coordinates(shapely.centroid(_voronoi(points, plane)))
    cells = _voronoi(points, plane)
    return _whole([shapely.transform(cell, lambda xy: xy / (middle, 1.0)) for cell in cells])


def _voronoi(points: np.ndarray, inside: Polygon) -> np.ndarray:
    """The Voronoi cell of each point, in the points' order, clipped."""
    diagram = shapely.voronoi_polygons(MultiPoint(points), extend_to=inside, ordered=True)
    cells = shapely.get_parts(diagram)
    # Most lie within, and the outline has thousands of points: only those on its edge are cut.
    edge = ~shapely.contains_properly(inside, cells)
    cells[edge] = shapely.intersection(cells[edge], inside)
    return cells


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
    centres = shapely.point_on_surface(cells)
    whole = list(polygonize(network))
    # A face that holds no cell's centre is a hole of the outline, whose edge is rim as well.
    inner = shapely.STRtree(whole).query(centres, predicate="within")[1]
    rim = shapely.union_all([whole[i] for i in inner]).boundary
    arcs = list(linemerge(network).geoms)
    inside = [not rim.covers(arc) for arc in arcs]
    for share in _WOBBLE:
        random = np.random.default_rng(seed)
        bent = [
            _bend(arc, share, random) if inner else arc
            for arc, inner in zip(arcs, inside, strict=True)
        ]
        faces = [face for face in polygonize(bent) if not face.is_empty]
        owners = shapely.STRtree(faces).query(centres, predicate="within")[1]
        found = [faces[i] for i in owners]
        holes = len(whole) - len(cells)
        if len(set(owners.tolist())) == len(cells) == len(faces) - holes and (
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
