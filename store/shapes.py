"""Which shape files a home's county is drawn with: a version, its folder and its index."""

from __future__ import annotations

import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

INDEX = "index.json"
SCHEMATIC = "schematic.json"
Bounds = tuple[float, float, float, float]
Feature = dict[str, Any]


def shapes_folder(home: Path) -> Path:
    """The folder that holds a folder of shape files a version."""
    return home / "shapes"


def make_current(home: Path, county_code: str, version: str) -> None:
    """Name the version that a county is drawn with from now on."""
    pointer = shapes_folder(home) / f"{county_code}.current"
    temporary = pointer.with_suffix(f".{os.getpid()}")
    temporary.write_text(version, encoding="ascii")
    temporary.replace(pointer)


def current_version(home: Path, county_code: str) -> str | None:
    """The version a county is drawn with; None where it has no shapes."""
    try:
        return (shapes_folder(home) / f"{county_code}.current").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None


@lru_cache(maxsize=4)
def read_index(folder: Path, version: str) -> dict[str, dict[str, Bounds]]:
    """Per level, each region's (west, south, east, north) in degrees, in the files' ``i`` order."""
    text = (folder / version / INDEX).read_text(encoding="utf8")
    levels = json.loads(text)
    return {
        level: {code: (b[0], b[1], b[2], b[3]) for code, b in regions.items()}
        for level, regions in levels.items()
    }


@lru_cache(maxsize=8)
def read_features(version: Path, name: str) -> list[Feature]:
    """The features of one file (county, township, village, rivers) in a version's folder."""
    text = (version / f"{name}.geojson").read_text(encoding="utf8")
    features: list[Feature] = json.loads(text)["features"]
    return features


@lru_cache(maxsize=4)
def schematic_levels(folder: Path, version: str) -> frozenset[str]:
    """The levels (township, village) whose shapes are invented, not the county's own."""
    try:
        text = (folder / version / SCHEMATIC).read_text(encoding="utf8")
    except FileNotFoundError:  # written before there were others
        return frozenset({"township", "village"})
    return frozenset(json.loads(text))
