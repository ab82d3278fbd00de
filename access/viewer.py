"""A viewer: who is looking, which places they may see, and whether personal columns show whole."""

from __future__ import annotations

from dataclasses import dataclass

from store.scope import Scope


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody looking at the dashboard. ``reveal`` is the right to see personal columns whole."""

    name: str
    scope: Scope
    reveal: bool = False

    def root(self, county_code: str) -> str:
        """The place that the viewer's pages begin with: their own one place, else the county."""
        narrowed = self.scope.narrowed(county_code)
        return narrowed.codes[0] if len(narrowed.codes) == 1 else county_code


def demo_viewer(county_code: str) -> Viewer:
    """The viewer of the demo county: the whole county, personal columns masked."""
    return Viewer("demo", Scope.of([county_code]))
