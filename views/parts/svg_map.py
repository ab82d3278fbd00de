"""The map as markup, for browsers without WebGL: the same places, colours, words and links."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from charts.map_deck import OUTSIDE, RIVER, Bounds, Site
from charts.map_outline import Flow, Sheet
from charts.theme import ACCENT, INK, MISSING, MUTED, PAPER
from store.shapes import Feature, read_features
from views.browser.markup import Markup, h, link

_LINES = (("rivers", RIVER, 1.2), ("township", MUTED, 1.2), ("county", INK, 1.8))
_OUTLINE = ((PAPER, 8.0), (INK, 4.0))  # light under dark, so that it shows on every colour


@dataclass(frozen=True, slots=True)
class SvgMap:
    """What is drawn, and where: degrees ``bounds`` in ``size`` pixels.

    ``colors`` are those of the regions of the view, None where the value is not known; ``labels``
    their values in words, and ``opens`` where a click on one leads.
    """

    shapes: Path
    level: str
    bounds: Bounds
    size: tuple[int, int]
    colors: Mapping[str, str | None]
    labels: Mapping[str, str]
    opens: Callable[[str], str]
    selected: str | None
    sites: Sequence[Site]
    flows: Sequence[Flow] = ()

    def draw(self, alt: str) -> Markup:
        """The map; ``alt`` is its accessible name."""
        sheet = Sheet(self.bounds, self.size)
        features = {name: read_features(self.shapes, name) for name, *_ in _LINES}
        features[self.level] = read_features(self.shapes, self.level)
        lines = [
            _line(sheet, feature, color, width)
            for name, color, width in _LINES
            for feature in features[name]
        ]
        outline = [
            _line(sheet, feature, color, width)
            for color, width in _OUTLINE
            for feature in (*features["township"], *features[self.level])
            if self.selected is not None and _code(feature) == self.selected
        ]
        areas = [self._area(sheet, feature) for feature in features[self.level]]
        points = [self._site(sheet, site) for site in self.sites]
        flows = [self._flow(sheet, flow) for flow in self.flows]
        width, height = self.size
        return h(
            "svg",
            *(areas, lines, outline, flows, points),
            cls="map",
            viewbox=f"0 0 {width} {height}",
            style=f"height:{height}px",
            role="group",
            aria_label=alt,
        )

    def _area(self, sheet: Sheet, feature: Feature) -> Markup:
        code, path = _code(feature), sheet.path(feature["geometry"])
        if code not in self.colors:
            return h("path", d=path, fill=OUTSIDE, stroke=PAPER)
        told = f"{feature['properties']['name']} {self.labels.get(code, '')}"
        area = h("path", h("title", told), d=path, fill=self.colors[code] or MISSING, stroke=PAPER)
        return link(self.opens(code), area, aria_label=told)

    def _flow(self, sheet: Sheet, flow: Flow) -> Markup:
        """A flow with its words."""
        return h(
            "path",
            h("title", flow.told),
            d=sheet.line(flow.start, flow.point),
            fill="none",
            stroke=ACCENT,
            stroke_width=flow.width,
            stroke_linecap="round",
            opacity="0.55",
        )

    def _site(self, sheet: Sheet, site: Site) -> Markup:
        x, y = sheet.at(site.longitude, site.latitude)
        told = f"{site.name} {site.label}"
        point = h("circle", h("title", told), cx=x, cy=y, r=4, fill=PAPER, stroke=INK)
        return link(self.opens(site.region_code), point, aria_label=told)


def _line(sheet: Sheet, feature: Feature, color: str, width: float) -> Markup:
    path = sheet.path(feature["geometry"])
    return h("path", d=path, fill="none", stroke=color, stroke_width=width, cls="line")


def _code(feature: Feature) -> str:
    return str(feature["properties"].get("code", ""))
