"""What the browser loads from ``/assets/``: our scripts and styles, and a bundle of plotly.js.

The bundle of plotly.js is npm's ``plotly.js-basic-dist-min``: bars and lines, which is all that
``charts`` draws, in a quarter of the size of the one in the plotly wheel and of the same version.
That of deck.gl is pydeck's own, so that what writes a map and what draws it are of one version.

An address carries the content's hash, so a browser may keep the file for ever. It is below the
program's own path (``views.context.address.base``).
"""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path

_FOLDER = Path(__file__).parents[1] / "assets"


def _address(path: Path) -> str:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return f"/assets/{path.stem}-{digest}{path.suffix}"


# Found without importing pydeck, which a start does not need yet.
DECK = Path(str(find_spec("pydeck").origin)).parent / "nbextension" / "static" / "index.js"  # type: ignore[union-attr]
DECK_URL = _address(DECK)
PLOTLY = _FOLDER / "plotly-basic.min.js"
PLOTLY_URL = _address(PLOTLY)
COMPONENTS_URL = _address(_FOLDER / "components.js")
SCENE_URL = _address(_FOLDER / "scene.js")
MAP_URL = _address(_FOLDER / "map.js")
SURROUNDINGS_URL = _address(_FOLDER / "surroundings.js")
PRESENT_URL = _address(_FOLDER / "present.js")
ORDER_URL = _address(_FOLDER / "order.js")
STYLE_URL = _address(_FOLDER / "paper.css")
BOOT_URL = _address(_FOLDER / "boot.js")

# Every address that is served, and its file.
ASSETS = {
    PLOTLY_URL: PLOTLY,
    COMPONENTS_URL: _FOLDER / "components.js",
    SCENE_URL: _FOLDER / "scene.js",
    MAP_URL: _FOLDER / "map.js",
    DECK_URL: DECK,
    SURROUNDINGS_URL: _FOLDER / "surroundings.js",
    PRESENT_URL: _FOLDER / "present.js",
    ORDER_URL: _FOLDER / "order.js",
    STYLE_URL: _FOLDER / "paper.css",
    BOOT_URL: _FOLDER / "boot.js",
}
