"""The data dates of published snapshots, each read once: what is published stays as it is."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

from store.snapshots import MANIFEST, Home, NoSnapshot


def data_date(home: Home, number: int) -> date:
    """The data date of a snapshot; raises NoSnapshot or SnapshotDamaged.

    A manifest names every file and its hash: reading that of each snapshot offered was most of what
    a filter bar costs.
    """
    try:
        told = (home.snapshots / f"{number:06d}" / MANIFEST).stat()
    except FileNotFoundError:
        raise NoSnapshot(f"no snapshot {number}") from None
    return _read(home.path, number, told.st_mtime_ns, told.st_size)


@lru_cache(maxsize=256)
def _read(path: Path, number: int, *_written: int) -> date:
    return Home(path).open(number, verify=False).data_date
