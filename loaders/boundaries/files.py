"""What boundary files hold: GeoJSON, GeoPackage and Shapefiles, bare or zipped.

The parser's file is always one of our own naming in a folder of our own, and what it is told from
is the file's first bytes: no other driver of GDAL's many, which open addresses too, gets to see it.
"""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyproj
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError
from pyproj.exceptions import CRSError

from loaders.boundaries.refusal import Refused

BYTES = 1 << 29  # of a file, unpacked
FEATURES = 100_000
LAYERS = 40

_SHAPEFILE = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_NEEDED = (".shp", ".shx", ".dbf")
_HEAD = 1 << 22  # bytes of an attribute table that tell its encoding
_SAMPLE = 1 << 12
_CRS_MEMBER = re.compile(r'"crs"\s*:\s*(?:null|"([^"]*)"|\{(?:[^{}]|\{[^{}]*\})*\})')
_CRS_NAME = re.compile(r'"name"\s*:\s*"([^"]*)"')
_FAULTS = (DataLayerError, DataSourceError, FeatureError, FieldError, ValueError)


@dataclass(frozen=True, slots=True)
class Declared:
    """The CRS that a file declares: its name, and what it is if anybody knows it.

    ``name`` is empty where nothing is declared; ``by_format`` where the format's standard speaks.
    """

    name: str = ""
    crs: pyproj.CRS | None = None
    by_format: bool = False

    @classmethod
    def of(cls, name: str, *, by_format: bool = False) -> Declared:
        """A declaration by name, code or WKT; a GeoPackage's "undefined" ones are none."""
        if not name:
            return cls()
        try:
            crs = pyproj.CRS.from_user_input(name)
        except CRSError:
            return cls(name)
        undefined = crs.name.lower().startswith(("undefined", "unknown"))
        return cls() if undefined else cls(crs.name, crs, by_format)


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: where it stands, what it declares, its columns as text, a value a feature."""

    path: Path
    name: str
    encoding: str | None
    declared: Declared
    columns: dict[str, list[str]]

    @property
    def features(self) -> int:
        return len(next(iter(self.columns.values()), []))

    def shapes(self) -> np.ndarray:
        """The features' geometries in the file's CRS; None where there is none."""
        _, _, found, _ = _raw(self.path, self.name, self.encoding, columns=[])
        return shapely.from_wkb(found, on_invalid="fix")


def layers(path: Path, workspace: Path, *, lines: bool = False) -> list[Layer]:
    """The layers of a file that can hold polygons; ``workspace`` is an empty folder to unpack in.

    With ``lines`` also those that hold lines.

    Raises Refused: missing_file, unknown_format, unreadable_file, too_large, too_many,
    no_shapefile, shapefile_parts, no_polygons.
    """
    if not path.is_file():
        raise Refused("missing_file")
    if path.stat().st_size > BYTES:
        raise Refused("too_large")
    try:
        found = [layer for part in _parts(path, workspace) for layer in _layers(part, lines)]
    except (zipfile.BadZipFile, *_FAULTS):
        raise Refused("unreadable_file") from None
    if not found:
        raise Refused("no_polygons")
    return found


def _parts(path: Path, workspace: Path) -> Iterator[Path]:
    """The data sets of a file, each under a plain name in the workspace."""
    with path.open("rb") as handle:
        head = handle.read(_SAMPLE)
    kind = _kind(head)
    if kind == "zip":
        yield from _unpacked(path, workspace)
    elif kind == ".shp":
        beside = {p.suffix.lower(): p for p in path.parent.iterdir() if p.stem == path.stem}
        _require(beside)
        for suffix in _SHAPEFILE:
            if suffix in beside:
                _copy(beside[suffix], workspace / f"shapes{suffix}")
        yield workspace / "shapes.shp"
    else:
        yield _copy(path, workspace / f"shapes{kind}")


def _kind(head: bytes) -> str:
    """The suffix of a format, told from a file's first bytes."""
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head.startswith(b"\x00\x00\x27\x0a"):
        return ".shp"
    if head.startswith(b"SQLite format 3\0") and head[68:72] in (b"GPKG", b"GP10", b"GP11"):
        return ".gpkg"
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return ".geojson"
    raise Refused("unknown_format")


def _unpacked(path: Path, workspace: Path) -> Iterator[Path]:
    """The data sets of a zip; members get names of ours, so theirs can lead nowhere."""
    with zipfile.ZipFile(path) as archive:
        members = [m for m in archive.infolist() if not m.is_dir()]
        if sum(m.file_size for m in members) > BYTES:
            raise Refused("too_large")
        named = {m.filename.lower(): m for m in members if "__macosx/" not in m.filename.lower()}
        whole = [n for n in named if n.endswith((".gpkg", ".geojson", ".json"))]
        stems = sorted(name.removesuffix(".shp") for name in named if name.endswith(".shp"))
        for number, name in enumerate(whole[:LAYERS]):
            target = _unpack(archive, named[name], workspace / f"whole{number}")
            with target.open("rb") as handle:
                kind = _kind(handle.read(_SAMPLE))
            yield target.rename(target.with_suffix(kind))
        for number, stem in enumerate(stems[:LAYERS]):
            parts = {s: named[stem + s] for s in _SHAPEFILE if stem + s in named}
            _require(parts)
            for suffix, member in parts.items():
                _unpack(archive, member, workspace / f"part{number}{suffix}")
            yield workspace / f"part{number}.shp"
    if not whole and not stems:
        raise Refused("no_shapefile")


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> Path:
    """Write a member, and no more of it than the archive declares."""
    if member.flag_bits & 1:
        raise Refused("unreadable_file")  # encrypted
    with archive.open(member) as source, target.open("wb") as handle:
        shutil.copyfileobj(source, handle, 1 << 20)
    return target


def _copy(source: Path, target: Path) -> Path:
    if source.stat().st_size > BYTES:
        raise Refused("too_large")
    shutil.copyfile(source, target)
    return target


def _require(parts: Mapping[str, object]) -> None:
    missing = [suffix for suffix in _NEEDED if suffix not in parts]
    if missing:
        raise Refused("shapefile_parts", parts="、".join(missing))


def _layers(path: Path, lines: bool) -> Iterator[Layer]:
    encoding = None
    if path.suffix == ".shp":
        encoding = table_encoding(path)
        path.with_suffix(".cpg").unlink(missing_ok=True)  # the parser would believe it
    declared = _geojson_crs(_as_utf8(path)) if path.suffix == ".geojson" else None
    for name, kind in pyogrio.list_layers(path)[:LAYERS]:
        if kind is not None and any(w in kind for w in ("Point", "" if lines else "Line") if w):
            continue
        if pyogrio.read_info(path, layer=name, force_feature_count=True)["features"] > FEATURES:
            raise Refused("too_many", limit=FEATURES)
        meta, _, _, fields = _raw(path, name, encoding and "ISO-8859-1", read_geometry=False)
        columns = {
            _decoded(str(field), encoding): [_decoded(_text(v), encoding) for v in values]
            for field, values in zip(meta["fields"], fields, strict=True)
        }
        yield Layer(path, name, encoding, declared or Declared.of(meta["crs"] or ""), columns)


def _raw(path: Path, layer: str, encoding: str | None, **options: Any) -> tuple:
    return pyogrio.raw.read(
        path, layer=layer, encoding=encoding, datetime_as_string=True, **options
    )


def _text(value: object) -> str:
    """A value as text: whole numbers without a point, nothing for what is not there."""
    if value is None or value != value:  # NaN
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _decoded(text: str, encoding: str | None) -> str:
    """What the parser read as single bytes, in the table's own encoding."""
    if encoding is None:
        return text
    return text.encode("latin-1", "replace").decode(encoding, "replace")


def table_encoding(path: Path) -> str:
    """The encoding of a Shapefile's attribute table: what its .cpg says unless the bytes say no."""
    with path.with_suffix(".dbf").open("rb") as handle:
        table = handle.read(_HEAD)
    declared = path.with_suffix(".cpg")
    said = declared.read_text("ascii", "replace")[:40].strip() if declared.is_file() else ""
    order = [_python_name(said), "utf-8", "gb18030"]
    tried: Sequence[str] = [name for name in dict.fromkeys(order) if name]
    # Fields are cut at a number of bytes, so a right encoding may leave a few halves.
    return min(tried, key=lambda name: table.decode(name, "replace").count("\ufffd"))


def _python_name(said: str) -> str:
    """GBK for 936 and the like; all of them are read as GB18030, which holds them."""
    plain = said.lower().replace("-", "").replace("_", "")
    if plain in {"gbk", "gb2312", "936", "cp936", "ansi936", "gb18030", "54936", "oem936"}:
        return "gb18030"
    if plain in {"utf8", "65001"}:
        return "utf-8"
    return "big5" if plain in {"big5", "950", "cp950"} else ""


def _as_utf8(path: Path) -> str:
    """The text of a GeoJSON file, which is written again where it was not UTF-8."""
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
        path.write_text(text, "utf-8")
        return text


def _geojson_crs(text: str) -> Declared:
    """What a GeoJSON text declares; its standard speaks for one that declares nothing.

    Read here, as the parser takes a name that it does not know for WGS 84.
    """
    found = _CRS_MEMBER.search(text)
    if not found:
        return Declared.of("OGC:CRS84", by_format=True)
    inner = _CRS_NAME.search(found[0])
    return Declared.of(json.loads(f'"{found[1] or (inner[1] if inner else "")}"'))
