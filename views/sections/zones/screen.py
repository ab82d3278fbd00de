"""The first screen of the zones: the sentence, and the five matters of each, like with like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from glossary import label
from metrics import matters
from metrics.matters import FEW, KINDS, MATTERS, Count, Standing
from metrics.zones import ZONE
from rules.registry import rules
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import pieces, threshold_sources

_MARKS = {"above": "▲", "below": "▼", "level": "≈", "small": "△"}


@dataclass(frozen=True, slots=True)
class Here:
    """The zones of the place shown, or the grids of the zone shown, and how its villages lie."""

    level: str
    standings: list[Standing]
    missing: int
    several: int


def look(stage: Stage) -> Here:
    """What the page tells of the place shown, at the data date."""
    every, zone = stage.county.zones, stage.zone
    inside = [code for code in stage.bounds.zones if zone and every[code].parent == zone.code]
    if zone is not None:
        codes = inside or [zone.code]
    else:
        codes = [code for code in stage.bounds.zones if every[code].level == ZONE]
    region = stage.view.region
    _, missing, several = matters.count_members(stage.reader, region)
    found = matters.standings(stage.reader, region, stage.newest, codes)
    level = every[codes[0]].level if codes else ZONE
    return Here(level, found, missing, several)


def headline(stage: Stage, here: Here) -> None:
    """Which zone stands out in which matter, and how it is compared; the page's parts."""
    place = stage.place.name
    if not here.standings:
        none = pieces.empty(stage, stage.t("zones_none", place=place), stage.t("zones_none_hint"))
        components.paper(none, key="headline")
        return
    title = (
        stage.t("zones_lists", place=place)
        if stage.tab.listing
        else stage.t("zones_finding", place=place, count=f"{len(here.standings):,}",
                     worst=_worst(stage, here))
    )  # fmt: skip
    households = matters.supervised(stage.reader, stage.view.region, stage.newest)
    sub = stage.t("zones_sub", date=stage.county.data_date, households=f"{households:,}", few=FEW)
    odd = None
    if here.missing or here.several:
        words = stage.t("zones_doubled", several=here.several, missing=here.missing)
        odd = h("p", pieces.link(stage.href("zones", part="members"), words), cls="sub")
    components.paper(h("section", h("h1", title), h("p", sub, cls="sub"), odd), key="headline")


def _worst(stage: Stage, here: Here) -> str:
    top = matters.foremost(here.standings)
    if top is None:
        return stage.t("zones_alike")
    one, count = top
    return stage.t(
        "zones_worst",
        matter=stage.named(rules()[count.matter]),
        zone=name(stage, one.zone),
        open=f"{count.open:,}",
        expected=expected(stage, count),
    )


def name(stage: Stage, code: str) -> str:
    """What a zone or grid is called, as far as the viewer sees it."""
    return stage.county.zones[code].name(stage.scope)


def expected(stage: Stage, count: Count) -> str:
    """Households expected, in words: a part of one tells where there are few."""
    if count.expected is None:
        return "—"
    return f"{count.expected:,.0f}" if count.expected >= 10 else f"{count.expected:.1f}"


def ratio(count: Count) -> str:
    """Open by expected; a dash where nothing is expected."""
    return "—" if count.ratio is None else f"{count.ratio:.2f}"


def opened(stage: Stage, zone: str, matter: str) -> str:
    """Address of the households of a zone that have a matter open."""
    return stage.selected("rule", matter, "met", year=stage.newest, zone=zone)


def ranking(stage: Stage, here: Here) -> None:
    """Each zone with its leader, its case mix, and its matters beside what would be expected."""
    if not here.standings:
        return
    heads = (
        label("zone_level", here.level, stage.lang),
        stage.t("board_rank"),
        stage.t("zones_mix"),
        *(stage.named(rules()[key]) for key in MATTERS),
    )
    rows = [_row(stage, one) for one in here.standings]
    title = stage.t("zones_ranking", level=label("zone_level", here.level, stage.lang))
    html = h(
        "section",
        pieces.heading(title, stage.t("zones_ranking_sub")),
        h("div", pieces.table(heads, rows, cls="data tight level"), cls="wide"),
    )
    components.paper(html, key="ranking")


def _row(stage: Stage, one: Standing) -> tuple[Any, ...]:
    spans = {one.first, one.last}
    rank = "—" if one.first is None else "–".join(map(str, sorted(spans)))  # type: ignore[type-var]
    leader = one.leader or stage.t("zones_no_leader")
    said = " ".join(filter(None, (leader, one.post)))
    zone = h(
        "span",
        pieces.link(stage.href("zones", zone=one.zone, region=stage.bounds.root),
                    name(stage, one.zone)),
        h("br"),
        h("small", said),
    )  # fmt: skip
    return (
        zone,
        rank,
        _mix(stage, one),
        *(_cell(stage, one.zone, c) for c in one.matters.values()),
    )


def _mix(stage: Stage, one: Standing) -> Markup:
    """The kinds of a zone's households, as shares of them."""
    parts = [
        f"{label('case_kind', kind, stage.lang)} {stage.measure('percent').text(share)}"
        for kind in KINDS[:-1]
        if (share := one.mix(kind)) is not None
    ]
    return h("span", f"{one.households:,}", h("br"), h("small", " · ".join(parts)))


def _cell(stage: Stage, zone: str, count: Count) -> Markup:
    """Households open of those asked, which they open; below, what was expected, and a mark."""
    if not count.told:
        return h("span", stage.t("answer_unknown") if count.asked else "—")
    href = opened(stage, zone, count.matter) if count.open else ""
    share = stage.measure("percent").text(count.share or 0)
    asked = stage.t("zones_of", told=f"{count.told:,}", share=share)
    below = f"{_MARKS[count.judged]} " + stage.t(
        "zones_expected", expected=expected(stage, count), ratio=ratio(count)
    )
    tone = {"above": "light bad", "below": "light good"}.get(count.judged, "")
    open_ = pieces.link(href, f"{count.open:,}") if href else h("span", "0")
    return h("span", open_, " ", asked, h("br"), h("small", below, cls=tone))


def sources(stage: Stage) -> None:
    """The thresholds and their documents."""
    components.paper(threshold_sources.of_systems(stage, "war_zones", "zone_grids"), key="sources")
