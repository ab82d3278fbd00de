"""What the browser loads from ``/assets/``: our scripts and styles, and plotly's own bundle.

An address carries the version or the content's hash, so a browser may keep the file for ever. It is
below the program's own path (``views.context.address.base``).
"""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

_FOLDER = Path(__file__).parents[1] / "assets"


def plotly_path() -> Path:
    """The bundle in the plotly wheel; plotly itself is not imported for it."""
    spec = find_spec("plotly")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("plotly is not installed")
    return Path(spec.origin).parent / "package_data" / "plotly.min.js"


def _address(path: Path) -> str:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return f"/assets/{path.stem}-{digest}{path.suffix}"


PLOTLY_URL = f"/assets/plotly-{version('plotly')}.min.js"
COMPONENTS_URL = _address(_FOLDER / "components.js")
SURROUNDINGS_URL = _address(_FOLDER / "surroundings.js")
STYLE_URL = _address(_FOLDER / "paper.css")
BOOT_URL = _address(_FOLDER / "boot.js")

# Every address that is served, and its file.
ASSETS = {
    PLOTLY_URL: plotly_path(),
    COMPONENTS_URL: _FOLDER / "components.js",
    SURROUNDINGS_URL: _FOLDER / "surroundings.js",
    STYLE_URL: _FOLDER / "paper.css",
    BOOT_URL: _FOLDER / "boot.js",
}
