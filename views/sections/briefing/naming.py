"""How numbers and addresses stand in a paper: in full words, and whole, as they are to be opened
by somebody else later."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from charts.number_format import Measure
from metrics.registry import Indicator
from papers.content import Cell
from views.context import address, possible, sharing, sitemap
from views.context.stage import Stage, staged
from views.parts import share


def whole(stage: Stage, href: str) -> str:
    """An address of this view whole, with place, year and snapshot; empty for none, and where the
    browser does not say which address it has open."""
    if not href or not share.site():
        return ""
    parts = urlsplit(href)
    spec = sitemap.BY_PATH[parts.path.removeprefix(address.base()).strip("/")]
    bounds = possible.bounds(stage.county, stage.wide, spec)
    query = dict(parse_qsl(parts.query))
    query["snapshot"] = str(stage.county.snapshot.number)
    opened = staged(spec, query, stage.county, stage.wide, bounds)
    return share.site() + address.href(spec.path, sharing.pinned(opened))


def digits(measure: Measure, value: float | None) -> int:
    """How many decimals a number is written with: of a rate one, two below one percent."""
    if measure.kind == "count" or value is None:
        return 0
    return 2 if measure.kind == "rate" and 0 < abs(value) < 1 else 1


def cell(stage: Stage, indicator: Indicator, value: float | None, href: str = "") -> Cell:
    """A number with its unit beside it in words, and its value as it is."""
    measure = stage.measure(indicator.unit)
    text = stage.t("unknown") if value is None else measure.text(value)
    return Cell(text, value, whole(stage, href) if value else "", digits(measure, value))


def change(stage: Stage, indicator: Indicator, delta: float | None, missing: str) -> Cell:
    """A change with its sign."""
    if delta is None:
        return Cell(missing)
    measure = stage.measure(indicator.unit)
    if not delta:
        return Cell(stage.t("no_change"), 0.0)
    sign = "+" if delta > 0 else "−"
    return Cell(f"{sign}{measure.gap(delta)}", delta, digits=digits(measure, delta))


def changed(stage: Stage, indicator: Indicator, delta: float | None, since: str) -> str:
    """A change as a sentence has it: more or less by how much, since when."""
    if delta is None:
        return stage.t("brief_unknown_change", since=since)
    if not delta:
        return stage.t("brief_same", since=since)
    gap = stage.measure(indicator.unit).gap(delta)
    return stage.t("brief_more" if delta > 0 else "brief_less", since=since, gap=gap)
