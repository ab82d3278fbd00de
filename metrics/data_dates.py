"""The data dates of a home: which snapshot shows the one before, and how far apart they lie."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from store.snapshots import Home, NoSnapshot, Snapshot, SnapshotDamaged

_Known = tuple[date, str]


def last_before(home: Home, snapshot: Snapshot) -> int | None:
    """Number of the newest snapshot of the same county with an earlier data date; None without.

    A second import of the same data date corrects the first: it is no date before.
    """
    for number in reversed(home.numbers()):
        if number < snapshot.number and (known := _known(home, number)) is not None:
            day, county = known
            if day < snapshot.data_date and county == snapshot.county_code:
                return number
    return None


def _known(home: Home, number: int) -> _Known | None:
    """Data date and county of a snapshot; None for one that cannot be read."""
    try:
        return _read(str(home.path), number)
    except (NoSnapshot, SnapshotDamaged, KeyError):
        return None


@lru_cache(maxsize=500)
def _read(folder: str, number: int) -> _Known:
    """A manifest never changes."""
    found = Home(folder).open(number, verify=False)
    return found.data_date, found.county_code
