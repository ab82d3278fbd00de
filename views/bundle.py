"""The plotly.js bundle of the plotly wheel: where it lies and the address it is served at."""

from __future__ import annotations

from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

PLOTLY_URL = f"/assets/plotly-{version('plotly')}.min.js"


def plotly_path() -> Path:
    """The bundle's file; plotly itself is not imported for it."""
    spec = find_spec("plotly")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("plotly is not installed")
    return Path(spec.origin).parent / "package_data" / "plotly.min.js"
