"""Broken and hostile files end the process that reads them, and nothing else."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import shapely

from loaders import __main__ as command
from loaders import boundaries
from store.shapes import current_version
from tests.loaders.boundaries import county
from tests.loaders.boundaries.county import COUNTY


def empty(folder: Path) -> Path:
    path = folder / "a.gpkg"
    path.write_bytes(b"")
    return path


def truncated(folder: Path) -> Path:
    path = county.geopackage(county.regions(), folder / "a.gpkg")
    path.write_bytes(path.read_bytes()[:20_000])
    return path


def half_a_shapefile(folder: Path) -> Path:
    path = county.shapefile(county.regions(), folder / "a.shp")
    path.with_suffix(".dbf").unlink()
    return path


def noise(folder: Path) -> Path:
    path = county.shapefile(county.regions(), folder / "a.shp")
    data = bytearray(path.read_bytes())
    data[100:] = np.random.default_rng(1).bytes(len(data) - 100)
    path.write_bytes(data)
    return path


def address_inside(folder: Path) -> Path:
    """A driver of GDAL's that would open an address: told by its first bytes, it is not asked."""
    path = folder / "a.gpkg"
    source = "<SrcDataSource>/vsicurl/http://127.0.0.1:9/a.geojson</SrcDataSource>"
    path.write_text(f'<OGRVRTDataSource><OGRVRTLayer name="a">{source}</OGRVRTLayer>', "utf-8")
    return path


def other_database(folder: Path) -> Path:
    path = folder / "a.gpkg"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE a (b)")
    return path


def encrypted(folder: Path) -> Path:
    path = folder / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.geojson", "{}")
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    path.write_bytes(data)
    return path


def bad_checksum(folder: Path) -> Path:
    inside = folder / "in"
    county.shapefile(county.regions(), inside / "a.shp")
    path = county.zipped(inside, folder / "a.zip")
    data = bytearray(path.read_bytes())
    data[data.index(b"a.dbf") + 2_000] ^= 1
    path.write_bytes(data)
    return path


def workbook_inside(folder: Path) -> Path:
    path = folder / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("村界.xlsx", "x")
    return path


def bomb(folder: Path) -> Path:
    path = folder / "a.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("a.geojson", "w", force_zip64=True) as member,
    ):
        for _ in range(600):
            member.write(b" " * (1 << 20))
    return path


def points_only(folder: Path) -> Path:
    frame = county.regions()
    frame = frame.set_geometry(frame.representative_point())
    return county.geopackage(frame, folder / "a.gpkg")


def unclosed_json(folder: Path) -> Path:
    path = folder / "a.geojson"
    path.write_text('{"type": "FeatureCollection", "features": [' * 5_000, "utf-8")
    return path


MADE: list[tuple[Callable[[Path], Path], str]] = [
    (lambda folder: folder / "缺.gpkg", "missing_file"),
    (empty, "unknown_format"),
    (truncated, "unreadable_file"),
    (half_a_shapefile, "shapefile_parts"),
    (noise, "no_polygons"),
    (address_inside, "unknown_format"),
    (other_database, "unknown_format"),
    (encrypted, "unreadable_file"),
    (bad_checksum, "unreadable_file"),
    (workbook_inside, "no_shapefile"),
    (bomb, "too_large"),
    (points_only, "no_polygons"),
    (unclosed_json, "unreadable_file"),
]


@pytest.mark.parametrize(("make", "reason"), MADE, ids=lambda value: getattr(value, "__name__", ""))
def test_a_broken_file_is_refused_in_words(
    make: Callable[[Path], Path], reason: str, tmp_path: Path
) -> None:
    report = county.load(make(tmp_path), tmp_path / "home")
    assert report.refusal == reason
    assert next(report.lines()).startswith("边界未入库 ")
    assert not (tmp_path / "home").exists()


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_members_with_paths_stay_in_the_workspace(tmp_path: Path) -> None:
    """Names that lead out, and the same name twice: the last one counts, as for any unpacker."""
    inside = county.shapefile(county.regions(), tmp_path / "in" / "a.shp").parent
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../a.dbf", b"nothing")
        for part in inside.iterdir():
            archive.write(part, f"../../{part.name}")
    before = {p for p in tmp_path.rglob("*") if tmp_path / "home" not in p.parents}
    assert county.load(path, tmp_path / "home").places == 172
    assert {p for p in tmp_path.rglob("*") if tmp_path / "home" not in p.parents} == (
        before | {tmp_path / "home"}
    )


def test_no_personal_number_in_what_is_said(tmp_path: Path) -> None:
    number = "619925198001011234"
    frame = county.regions()
    frame.loc[0, "XZQDM"] = number
    path = county.geopackage(frame, tmp_path / f"{number}.gpkg")
    report = county.load(path, tmp_path)
    assert report.left_out and number not in "\n".join(report.lines())


def needle(spikes: int) -> shapely.Polygon:
    """A valid polygon of many long spikes: two of them, crossed, have spikes² corners."""
    x = np.linspace(109.4, 109.6, 2 * spikes + 1)
    y = np.where(np.arange(len(x)) % 2, 28.9, 28.6)
    return shapely.Polygon([*zip(x, y, strict=True), (109.6, 28.5), (109.4, 28.5)])


def test_a_shape_that_asks_for_hours_ends_with_its_process(tmp_path: Path) -> None:
    """Through the process of its own, with its limits on time and memory."""
    county.other_shapes(tmp_path)
    before = current_version(tmp_path, COUNTY)
    frame = county.regions().iloc[:2].reset_index(drop=True)
    comb = needle(8_000)
    turned = shapely.transform(comb, lambda xy: xy[:, ::-1] - [28.75 - 109.5, 109.5 - 28.75])
    frame["geometry"] = [comb, turned]
    path = county.geopackage(frame.set_crs("EPSG:4490", allow_override=True), tmp_path / "a.gpkg")
    report = boundaries.load(path, tmp_path, COUNTY, seconds=8)
    assert report.refusal in ("timeout", "too_large")
    assert current_version(tmp_path, COUNTY) == before


def test_the_command_loads_a_file_and_says_what_came_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = county.geopackage(county.regions().iloc[2:], tmp_path / "村界.gpkg")
    home = tmp_path / "home"
    arguments = ["boundaries", str(path), "--home", str(home), "--county", COUNTY]
    assert command.main(arguments) == 3
    said = capsys.readouterr().out
    assert "要素 170  对上 170  未用 0" in said and "地图已换用此边界" in said
    assert current_version(home, COUNTY)
    assert command.main([*arguments, "--gcj02"]) == 2
    assert "边界未入库 村界.gpkg" in capsys.readouterr().err


def test_the_process_is_limited(tmp_path: Path) -> None:
    """Its own limits, read back in it: memory, time, file size, no dump."""
    code = (
        "import json, resource\n"
        "from loaders.boundaries.__main__ import limit\n"
        "limit()\n"
        "names = ('AS', 'CPU', 'FSIZE', 'CORE')\n"
        "print(json.dumps([resource.getrlimit(getattr(resource, f'RLIMIT_{n}')) for n in names]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env=os.environ
    )
    memory, seconds, size, dump = json.loads(done.stdout)
    assert memory == [1 << 30] * 2 and dump == [0, 0]
    assert seconds[0] <= 240 and size[0] <= 1 << 30
