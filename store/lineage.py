"""Which snapshot was made from which, and which imports were taken back since.

An import names in its report the snapshot that it added to (``base``); one that takes an earlier
import back alone names that too (``withdraws``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from store.snapshots import MANIFEST, Home


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Who took an import back, when, and the snapshot that was made by it."""

    number: int
    who: str
    at: str


def lineage(home: Home, number: int | None) -> list[int]:
    """A snapshot and those that it was made from, the newest first, without imports taken back."""
    found: list[int] = []
    taken_back: set[int] = set()
    while number is not None and number not in found:
        report = _report(home, number)
        if report is None:
            break
        if number not in taken_back:
            found.append(number)
        if withdraws := report.get("withdraws"):
            taken_back.add(withdraws)
        number = report.get("base")
    return found


def withdrawals(home: Home) -> Mapping[int, Withdrawal]:
    """Imports that were taken back, by the number of the snapshot that they had made."""
    found = {}
    for number in home.numbers():
        manifest = _manifest(home, number) or {}
        if withdraws := manifest.get("report", {}).get("withdraws"):
            found[withdraws] = Withdrawal(number, manifest["loaded_by"], manifest["loaded_at"])
    return found


def contains(home: Home, number: int) -> list[int]:
    """Imports taken back since that a snapshot still holds."""
    return sorted(set(lineage(home, number)) & withdrawals(home).keys())


def _report(home: Home, number: int) -> dict[str, Any] | None:
    manifest = _manifest(home, number)
    return None if manifest is None else manifest.get("report", {})


def _manifest(home: Home, number: int) -> dict[str, Any] | None:
    try:
        text = (home.snapshots / f"{number:06d}" / MANIFEST).read_text("utf-8")
        found: dict[str, Any] = json.loads(text)
    except (FileNotFoundError, ValueError):
        return None
    return found
