"""A view narrowed to a zone or grid: what of what its viewer sees lies in the zone's villages.

The page is then that of somebody who sees these alone; a zone is no region that queries name.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import NamedTuple

from access.viewer import Viewer
from metrics.county import County, Place
from metrics.zones import Zone
from store.scope import Scope
from views.context import address
from views.context.links import Links
from views.context.page_spec import PageSpec
from views.context.view import Bounds, Fallen, View


@dataclass(frozen=True, kw_only=True)
class Zoned(Links):
    """A page's view of a county, with who looks at it.

    ``whole_viewer`` is who looks where no zone narrows what they see; None where none does.
    """

    county: County
    viewer: Viewer
    whole_viewer: Viewer | None = None

    @property
    def scope(self) -> Scope:
        return self.viewer.scope

    @property
    def wide(self) -> Viewer:
        """Who looks, with all that they see: of the other pages, and of this one without a zone."""
        return self.whole_viewer or self.viewer

    @property
    def zone(self) -> Zone | None:
        """The zone or grid that narrows what the page shows; None where nothing does."""
        if self.whole_viewer is None or self.view.zone is None:
            return None
        return self.county.zones[self.view.zone]

    def held(self, viewer: Viewer) -> Viewer:
        """Somebody who looks at this view: what of their own lies in its zone is what they see."""
        zone = self.zone
        return viewer if zone is None else viewer.narrowed(zone.scope)

    def zone_and(self, place: Place) -> str:
        """What a view of a zone is of: the zone, or what of a place lies in it."""
        zone = self.zone
        if zone is None or place.code == self.bounds.root:
            return place.name if zone is None else zone.name(self.scope)
        return f"{zone.name(self.scope)} · {place.name}"

    @property
    def place(self) -> Place:
        """The place shown; in a zone it is called by the zone, and holds what of it lies there."""
        here = self.county.places[self.view.region]
        return here if self.zone is None else replace(here, name=self.zone_and(here))


class Read(NamedTuple):
    """What a query was read as: the view, what could not be used, within which bounds, and who
    looks at it; ``whole`` is who they are without the zone that narrows it."""

    view: View
    fallen: list[Fallen]
    bounds: Bounds
    viewer: Viewer
    whole: Viewer | None


def read(
    spec: PageSpec,
    given: address.Query,
    opened: County,
    viewer: Viewer,
    bounds: Bounds,
    keys: Collection[str],
) -> Read:
    """A query read for a page, within its zone if it names one that narrows the page."""
    given = _with_zone(given, opened)
    bounds = replace(bounds, places=opened.within(bounds.root, viewer.scope))
    view, fallen = address.parse(given, bounds, keys)
    zone = opened.zones[view.zone] if view.zone and narrows(spec) else None
    if zone is None:
        return Read(view, fallen, bounds, viewer, None)
    held = viewer.narrowed(zone.scope)
    bounds = replace(bounds, places=opened.within(bounds.root, held.scope))
    return Read(*address.parse(given, bounds, keys), bounds, held, viewer)


def narrows(spec: PageSpec) -> bool:
    """Whether a zone narrows what a page shows; a household's own file is of one place anyway."""
    return "zone" in spec.keys and not spec.whole and not address.is_file(spec.keys)


def _with_zone(given: address.Query, opened: County) -> address.Query:
    """A query in which a zone stands where a place would, with the zone under its own key."""
    codes = address.meant(given, "region", opened.zones.__contains__)
    if not codes:
        return given
    kept = {
        key: [value for value in ([values] if isinstance(values, str) else values)
              if key != "region" or value not in codes]
        for key, values in given.items()
    }  # fmt: skip
    return {**kept, "zone": [*kept.get("zone", ()), *codes]}
