"""A viewer: who is looking, which places they may see, and what they may do."""

from __future__ import annotations

import os
from dataclasses import dataclass

from store.scope import Scope


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody looking at the dashboard.

    ``reveal`` is the right to see personal columns whole. ``loads`` is the right to load files, to
    go back to an earlier snapshot, and to take refused rows out whole, to mend them.
    """

    name: str
    scope: Scope
    reveal: bool = False
    loads: bool = False

    def root(self, county_code: str) -> str:
        """The place that the viewer's pages begin with: their own one place, else the county."""
        narrowed = self.scope.narrowed(county_code)
        return narrowed.codes[0] if len(narrowed.codes) == 1 else county_code


def demo_viewer(county_code: str) -> Viewer:
    """The viewer of the demo county: the whole county, personal columns masked.

    They load files too, unless ``TAIZHANG_READ_ONLY`` is set to 1.
    """
    loads = os.environ.get("TAIZHANG_READ_ONLY", "") != "1"
    return Viewer("demo", Scope.of([county_code]), loads=loads)
