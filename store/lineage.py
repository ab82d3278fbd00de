"""Which snapshot was made from which, and which imports were taken back since.

An import names in its report the snapshot that it added to (``base``); one that takes an earlier
import back alone names that too (``withdraws``).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from store.snapshots import MANIFEST, Home, NoSnapshot


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Who took an import back, when, and the snapshot that was made by it."""

    number: int
    who: str
    at: str


@dataclass(frozen=True, slots=True)
class _Origin:
    """What a snapshot was made from, which import it takes back, who made it and when."""

    base: int | None
    withdraws: int | None
    who: str
    at: str


def lineage(home: Home, number: int | None) -> list[int]:
    """A snapshot and those that it was made from, the newest first, without imports taken back."""
    found: list[int] = []
    taken_back: set[int] = set()
    while number is not None and number not in found:
        origin = _origin(home.path, number)
        if origin is None:
            break
        if number not in taken_back:
            found.append(number)
        if origin.withdraws is not None:
            taken_back.add(origin.withdraws)
        number = origin.base
    return found


def bases(home: Home, numbers: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Snapshots that imports are compared with when they are taken back, each with these imports.

    Asked are the imports ``numbers``; those that the current snapshot does not hold cannot be taken
    back.
    """
    found: dict[int, tuple[int, ...]] = {}
    try:
        chain = lineage(home, home.current_number())
    except NoSnapshot:
        return found
    for number in sorted(set(chain) & set(numbers)):
        origin = _origin(home.path, number)
        if origin is not None and origin.base is not None:
            found[origin.base] = (*found.get(origin.base, ()), number)
    return found


def withdrawals(home: Home) -> Mapping[int, Withdrawal]:
    """Imports that were taken back, by the number of the snapshot that they had made."""
    found = {}
    for number in home.numbers():
        origin = _origin(home.path, number)
        if origin is not None and origin.withdraws is not None:
            found[origin.withdraws] = Withdrawal(number, origin.who, origin.at)
    return found


def contains(home: Home, number: int) -> list[int]:
    """Imports taken back since that a snapshot still holds."""
    return sorted(set(lineage(home, number)) & withdrawals(home).keys())


def _origin(path: Path, number: int) -> _Origin | None:
    """None for a snapshot that is not there (any more)."""
    manifest = path / "snapshots" / f"{number:06d}" / MANIFEST
    return _read(manifest) if manifest.is_file() else None


@lru_cache(maxsize=512)
def _read(manifest: Path) -> _Origin | None:
    """Manifests never change, and no number is used twice."""
    try:
        told = json.loads(manifest.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    report = told.get("report", {})
    return _Origin(
        report.get("base"), report.get("withdraws"), told["loaded_by"], told["loaded_at"]
    )
