"""A viewer: who is looking, which places they may see, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass

from store.scope import Scope
from store.settings import beyond_loopback, read_only, setting


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody looking at the dashboard.

    ``reveal`` is the right to see personal columns whole. ``loads`` is the right to load files, to
    go back to an earlier snapshot, and to take refused rows out whole, to mend them. ``finds`` is
    the right to search by somebody's whole name or number; without it a search finds by the start
    of a household's code.
    """

    name: str
    scope: Scope
    reveal: bool = False
    loads: bool = False
    finds: bool = False

    def root(self, county_code: str) -> str:
        """The place that the viewer's pages begin with: their own one place, else the county."""
        narrowed = self.scope.narrowed(county_code)
        return narrowed.codes[0] if len(narrowed.codes) == 1 else county_code


def demo_viewer(county_code: str, *, invented: bool = False) -> Viewer:
    """The viewer of the demo county: the whole county, personal columns masked.

    They load files too, where the server is not read-only. They find people by their whole name
    where that is set, or where all people are ``invented`` and nobody else reaches the server.
    """
    said: bool | None = setting("TAIZHANG_WHOLE_SEARCH")
    finds = (invented and not beyond_loopback()) if said is None else said
    return Viewer("demo", Scope.of([county_code]), loads=not read_only(), finds=finds)
