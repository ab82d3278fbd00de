"""Addresses of pages made from the view of one: what a page, its menu and its choices lead to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from views.context import address, sitemap
from views.context.page_keys import BESIDE, EVERYWHERE, FILTER
from views.context.page_spec import PageSpec
from views.context.values import first_year
from views.context.view import Bounds, Fallen, View

# Keys that name one thing of a page that lists many.
_ONE_THING = ("finding", "draft", "sample", "seed", "id", "project", "meeting", "item")


@dataclass(frozen=True)
class Links:
    """A page's view and what is possible in it, from which every address on the page is made.

    ``carried`` are the place, zone and year that were chosen before on a page which knows them, by
    query key: this one does not, and only hands them on.
    """

    spec: PageSpec
    bounds: Bounds
    view: View
    fallen: tuple[Fallen, ...] = ()
    carried: Mapping[str, Any] = field(default_factory=dict, kw_only=True)

    @property
    def stop(self) -> Fallen | None:
        """What of the address leaves nothing to show; None where there is a view."""
        return next((one for one in self.fallen if one.stops and one.key in self.spec.keys), None)

    @cached_property
    def _queries(self) -> dict[str, tuple[dict[str, str], set[str]]]:
        return {}

    @cached_property
    def _others(self) -> dict[str, tuple[View, Bounds]]:
        return {}

    def href(self, page: str, /, *, pinned: bool = False, **changes: object) -> str:
        """Address of a page that keeps this view's place, year, snapshot and language.

        ``pinned`` is for sharing: it holds year and snapshot even where they are the defaults, and
        no text that stays in this session.
        """
        spec = sitemap.BY_KEY[page]
        base, bounds = self._base(spec)
        told: dict[str, Any] = base.changed(**{**self._other_tab(spec, base, changes), **changes})
        carried = self.carried if spec.key == self.spec.key else {}
        if not pinned and not carried:
            # A page has hundreds of links, each a change of little.
            found, keys = self._told(spec)
            return address.href(spec.path, address.altered(found, told, bounds, keys))
        view = replace(base, **told)
        if pinned:
            view = replace(view, link=None)
            return _address(spec, view, replace(bounds, searches={}), pinned=True)
        return _address(spec, replace(view, **carried), bounds, carried)

    def _told(self, spec: PageSpec) -> tuple[dict[str, str], set[str]]:
        """The query of a page's own view, and the keys that it follows."""
        if spec.key not in self._queries:
            base, bounds = self._base(spec)
            keys = {*spec.keys, *BESIDE}
            self._queries[spec.key] = (address.query(base, bounds, keys), keys)
        return self._queries[spec.key]

    def _other_tab(
        self, spec: PageSpec, view: View, changes: Mapping[str, object]
    ) -> dict[str, object]:
        """What leaves the part shown where a change asks for another part of the page."""
        asked = [tab for tab in spec.tabs if any(changes.get(key) for key in tab.asked_by)]
        if not asked or view.part is None or spec.tab(view.part) in asked:
            return {}
        return {"part": None}

    def carried_to(self, page: str, /, **changes: object) -> str:
        """Address of another page that shows the households of this view's filter, which both
        follow by the same keys."""
        kept = {key: getattr(self.view, key) for key in FILTER if key in self.spec.keys}
        return self.href(page, **{**kept, **changes})

    def menu(self, page: str) -> str:
        """Address of another page that keeps what was chosen, for it or for those after it.

        A year that nobody chose is not kept: each page opens with its own. From one problem or
        sample, or from writing one down, the page's own entry leads back to all.
        """
        spec = sitemap.BY_KEY[page]
        base, bounds = self._base(spec)
        if spec.key == self.spec.key:
            alone: dict[str, Any] = dict.fromkeys(_ONE_THING)
            return self.href(page, **alone)
        chosen = {**self._chosen, **self.carried}
        fresh = base.year if "year" in chosen else first_year(bounds)
        return _address(spec, replace(base, **{"year": fresh, **chosen}), bounds, chosen)

    @cached_property
    def _chosen(self) -> dict[str, Any]:
        """The place and the year of this page's view that are not those that it opens with."""
        fresh, _ = address.parse({}, self.bounds)
        return {
            key: value
            for key in ("region", "zone", "year")
            if key in self.spec.keys and (value := getattr(self.view, key)) != getattr(fresh, key)
        }

    def _base(self, spec: PageSpec) -> tuple[View, Bounds]:
        """This view, or another page's first view with this one's place, year and so on."""
        if spec.key == self.spec.key:
            return self.view, self.bounds
        if spec.key not in self._others:
            bounds = replace(
                self.bounds,
                sorts=spec.sorts,
                indicator=spec.indicator,
                level=spec.level,
                parts=spec.parts,
                states=spec.states,
                year=spec.year,
            )
            fresh, _ = address.parse({}, bounds)
            kept = {key: getattr(self.view, key) for key in EVERYWHERE}
            self._others[spec.key] = (replace(fresh, **kept), bounds)
        return self._others[spec.key]


def _address(
    spec: PageSpec,
    view: View,
    bounds: Bounds,
    further: Mapping[str, Any] | None = None,
    *,
    pinned: bool = False,
) -> str:
    keys = {*spec.keys, *BESIDE, *(further or ())}
    return address.href(spec.path, address.query(view, bounds, keys, pinned=pinned))
