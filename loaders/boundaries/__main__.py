"""The process that works on one boundary file: an order as JSON in, its report as JSON out."""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from loaders.accounts.audit import masked
from loaders.boundaries import MEMORY, SECONDS, codes, files, placing, shaping
from loaders.boundaries.refusal import Refused
from loaders.boundaries.report import Report
from loaders.regions.divisions import Divisions
from loaders.regions.schematic import read_outline
from loaders.regions.shapes import REGIONS, read_rivers, write_shapes
from store.shapes import current_version, shapes_folder


def work(order: Mapping[str, Any], workspace: Path) -> Report:
    """Read, join, mend, check and write one file's shapes; ``workspace`` is an empty folder.

    Raises Refused.
    """
    report = Report(order["file"], order["county_code"])
    try:
        divisions = Divisions.load(order["county_code"], Path(order["home"]))
    except FileNotFoundError:
        raise Refused("county", county=order["county_code"]) from None
    layers = files.layers(Path(order["path"]), workspace)
    join = codes.join(layers, divisions, level=order["level"], column=order["column"])
    _describe(report, join, several=len(layers) > 1)
    left_out = {i: f.reason for i, f in enumerate(join.found) if f.reason}
    shapes = _placed(report, join, left_out, order, divisions)
    own = shaping.dissolved([str(join.found[i].code) for i in shapes], [*shapes.values()])
    report.overlaps, report.gaps = shaping.overlaps([*own.values()]), shaping.gaps([*own.values()])
    drawn = {code: s for code, s in shaping.fitted(own).items() if not s.is_empty}
    left_out |= {i: "covered" for i in shapes if join.found[i].code not in drawn}
    _account(report, join, left_out)
    names = divisions.short_names
    _compare(report, join, left_out, set(drawn), divisions, names)
    home = Path(order["home"])
    frame = shaping.levels(drawn, join.level, divisions, _held(home, divisions.county_code))
    report.schematic = sorted(set(frame.loc[frame["schematic"], "level"]))
    frame["name"] = frame["region_code"].map(names)
    report.version = _write(frame, home, divisions)
    return report


def _describe(report: Report, join: codes.Join, *, several: bool) -> None:
    report.layer = join.layer.name if several else ""
    report.level, report.column, report.parent = join.level, join.column, join.parent
    report.encoding = join.layer.encoding
    report.features = join.layer.features


def _placed(
    report: Report,
    join: codes.Join,
    left_out: dict[int, str],
    order: Mapping[str, Any],
    divisions: Divisions,
) -> dict[int, BaseGeometry]:
    """The shapes in degrees of the features that have a region and a usable shape."""
    sound = shaping.sound(join.layer.shapes())
    left_out |= {i: reason for i, reason in sound.left_out.items() if i not in left_out}
    kept = [i for i in range(join.layer.features) if i not in left_out]
    if not kept:
        raise Refused("no_polygons")
    outline = read_outline(divisions.reference)
    placed = placing.place(
        sound.shapes[kept],
        join.layer.declared,
        outline,
        option=order["crs"],
        shifted=order["gcj02"],
    )
    report.crs, report.crs_source = placed.crs, placed.source
    report.accuracy, report.gcj02 = placed.accuracy, order["gcj02"]
    report.flattened = sound.flattened
    report.mended = [
        {**_entry(join, i), "fault": fault, "where": where}
        for i, fault, where in sound.mended
        if i not in left_out
    ]
    near = placing.inside(placed.shapes, outline)
    tiny = placing.square_metres(placed.shapes) < shaping.TINY
    left_out |= {i: "outside" for i, yes in zip(kept, near, strict=True) if not yes}
    left_out |= {i: "tiny" for i, yes in zip(kept, tiny, strict=True) if yes}
    return {i: s for i, s in zip(kept, placed.shapes, strict=True) if i not in left_out}


def _account(report: Report, join: codes.Join, left_out: Mapping[int, str]) -> None:
    report.left_out = [{**_entry(join, i), "reason": left_out[i]} for i in sorted(left_out)]
    report.joined = report.features - len(left_out)
    report.editions = {str(edition): count for edition, count in join.editions.items()}


def _compare(
    report: Report,
    join: codes.Join,
    left_out: Mapping[int, str],
    drawn: set[str],
    divisions: Divisions,
    names: Mapping[str, str],
) -> None:
    """Which places have a shape, from how many features, and which have none."""
    wanted = divisions.villages if join.level == "village" else divisions.towns
    report.places, report.expected = len(drawn), len(wanted)
    report.missing = {
        code: f"{names[code[:9]]}·{names[code]}" if join.level == "village" else names[code]
        for code in sorted(wanted)
        if code not in drawn
    }
    used = Counter(str(f.code) for i, f in enumerate(join.found) if i not in left_out)
    report.dissolved = {f"{names[c]}({c})": n for c, n in sorted(used.items()) if n > 1}


def _entry(join: codes.Join, index: int) -> dict[str, Any]:
    value = join.layer.columns[join.column][index]
    return {"feature": index + 1, "value": masked(value[:40]) or ""}


def _held(home: Path, county_code: str) -> gpd.GeoDataFrame | None:
    """The regions of the version in use, where it keeps them."""
    version = current_version(home, county_code)
    path = shapes_folder(home) / (version or "") / REGIONS
    return gpd.read_parquet(path) if version and path.is_file() else None


def _write(frame: gpd.GeoDataFrame, home: Path, divisions: Divisions) -> str:
    try:
        return write_shapes(frame, read_rivers(divisions.reference), shapes_folder(home))
    except OSError:
        raise Refused("folder") from None


def limit() -> None:
    """Keep this process to its memory and time, and leave no dump of what it read."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (2 * SECONDS, 2 * SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (2 * files.BYTES, 2 * files.BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("ignore")


def answer(order: Mapping[str, Any]) -> Report:
    """The report on an order, whatever its file holds."""
    with tempfile.TemporaryDirectory(prefix="boundaries-") as workspace:
        try:
            return work(order, Path(workspace))
        except Refused as refusal:
            reason, details = refusal.reason, refusal.details
        except MemoryError:
            reason, details = "too_large", {}
        except GEOSException as error:
            reason, details = "too_large" if "alloc" in str(error) else "unreadable_file", {}
    return Report(order["file"], order["county_code"], refusal=reason, details=details)


def main() -> None:
    """Work, under limits, on the order that stands on the standard input."""
    limit()
    json.dump(answer(json.load(sys.stdin)).as_dict(), sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
