"""Whether a county can be drawn, without the map libraries where it can already."""

from __future__ import annotations

from pathlib import Path

from loaders.regions.divisions import Divisions
from store.shapes import current_version


def ensure_drawn(home: Path, divisions: Divisions) -> None:
    """Give the county schematic shapes where it has none."""
    if current_version(home, divisions.county_code) is None:
        from loaders.regions import shapes  # takes as long to load as a small import

        shapes.ensure(home, divisions)
