"""The bundle of plotly.js that browsers load, beside the plotly wheel that figures are made for."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

from views.browser.bundle import PLOTLY


def version_of(bundle: Path) -> str:
    with bundle.open(encoding="utf-8") as file:
        found = re.search(r"plotly\.js .*v(\d+\.\d+\.\d+)", file.read(200))
    assert found
    return found[1]


def test_the_bundle_is_of_the_wheels_version() -> None:
    spec = find_spec("plotly")
    assert spec and spec.origin
    wheels = Path(spec.origin).parent / "package_data" / "plotly.min.js"
    assert version_of(PLOTLY) == version_of(wheels)


def test_its_licence_lies_beside_it() -> None:
    licence = PLOTLY.with_name("plotly-basic.LICENSE.txt").read_text(encoding="utf-8")
    assert "MIT" in licence and "Plotly" in licence
