"""The first screen: H, A and M0 in a sentence, what contributes, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from charts import bars, theme
from charts.bars import Bar
from charts.foremost import Placed
from charts.place_findings import over_places
from metrics import deprivation
from metrics.deprivation import DIMENSIONS, M0, RULE, Profile, share_of
from rules.registry import rules
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import chart_blocks, pieces, tabs, threshold_sources

PLACES, YEARS, TRY = "places", "years", "try"
_PARTS = {None: "part_deprived", PLACES: "part_deprived_places", YEARS: "part_deprived_years",
          TRY: "part_deprived_try"}  # fmt: skip
_MOST_BARS = 7


@dataclass(frozen=True, slots=True)
class Here:
    """The place shown, and each place in it."""

    whole: Profile
    places: dict[str, Profile]


def look(stage: Stage) -> Here:
    """What the page tells, by the thresholds in force in its year."""
    children = stage.county.children(stage.view.region, stage.scope)
    digits = len(children[0].code) if children else len(stage.view.region)
    found = deprivation.by_place(
        stage.reader, stage.county.parameters, stage.view.region, stage.view.year, digits
    )
    return Here(deprivation.together(found.values()), found)


def rate(stage: Stage, value: float | None) -> str:
    """A share in words; what is not known is a dash, which is not zero."""
    return stage.measure("percent").text(value)


def weight(stage: Stage, size: float | None) -> str:
    """A weight as it is written: 1, not 1.0."""
    return "—" if size is None else f"{size:g}"


def named(stage: Stage, dimension: str) -> str:
    """A dimension in a word."""
    return stage.t(f"dimension_{dimension}")


def headline(stage: Stage, here: Here) -> None:
    """H, A and M0, what contributes most, how many cannot be told; the page's parts."""
    whole = here.whole
    on_map = pieces.link(stage.href("map", indicator=M0), stage.t("deprived_map"))
    html = h(
        "section",
        h("h1", _finding(stage, whole)),
        h("p", _basis(stage, whole), cls="sub"),
        tabs.row(stage, _PARTS, stage.view.part or None, on_map, what=None),
        _numbers(stage, whole),
    )
    components.paper(html, key="headline")


def _finding(stage: Stage, whole: Profile) -> str:
    about: dict[str, Any] = {"place": stage.place.name, "year": stage.view.year}
    if not whole.people:
        return stage.t("deprived_unknown", **about)
    if not whole.poor_people:
        return stage.t("deprived_nobody", **about)
    told = stage.t(
        "deprived_finding",
        **about,
        headcount=rate(stage, whole.headcount),
        intensity=rate(stage, whole.intensity),
        m0=rate(stage, whole.m0),
    )
    if foremost := whole.foremost():
        first = foremost[0]
        share = rate(stage, whole.share(first))
        told += stage.t("deprived_most", dimension=named(stage, first), share=share)
    if stage.cell("poverty_rate").value == 0:
        told += stage.t("deprived_beside_zero")
    return told


def _basis(stage: Stage, whole: Profile) -> str:
    people = stage.measure("people")
    held = stage.county.parameters[deprivation.CUTOFF].in_year(stage.view.year)
    return stage.t(
        "deprived_sub",
        people=people.text(whole.people),
        unknown=people.text(whole.unknown_people),
        cutoff=weight(stage, held.value if held else None),
        whole=weight(stage, whole.whole),
    )


def _numbers(stage: Stage, whole: Profile) -> Markup:
    """The numbers behind the sentence, those of households opening them."""
    counted = stage.measure("households")
    opened = (
        ("deprived_households", whole.poor_households, "met"),
        ("deprived_not", whole.other_households, "missed"),
        ("deprived_untold", whole.unknown_households, "unknown"),
    )
    facets = [
        pieces.facet(
            stage.t(name),
            counted.number(count),
            stage.selected("rule", RULE, answer) if count else "",
        )
        for name, count, answer in opened
    ]
    people = stage.behind(deprivation.PEOPLE) if whole.poor_people else ""
    facets.append(pieces.facet(stage.t("deprived_people"), f"{whole.poor_people:,}", people))
    return h("div", *facets, cls="facets")


def dimensions(stage: Stage, here: Here) -> None:
    """What each dimension contributes to M0; the bars open the households that lack it."""
    whole = here.whole
    if not whole.weighed:
        return
    found = [
        Bar(
            named(stage, one),
            whole.share(one),
            stage.behind(share_of(one)) if whole.share(one) else None,
        )
        for one in DIMENSIONS
    ]
    first = whole.foremost()[0]
    title = stage.t(
        "deprived_by_dimension",
        dimension=named(stage, first),
        share=rate(stage, whole.share(first)),
    )
    chart = bars.ranked(
        found,
        measure=stage.measure("percent"),
        words=chart_blocks.words(
            title,
            stage.t("deprived_by_dimension_sub"),
            stage.t("deprived_dimension"),
            stage.t("deprived_share"),
            stage=stage,
        ),
        chosen=named(stage, first),
        frame=chart_blocks.frame(theme.HALF),
    )
    chart_blocks.show(chart, "dimensions", stage)


def of_places(stage: Stage, here: Here) -> None:
    """The places where M0 is highest; the bars lead there."""
    placed = {code: one for code, one in here.places.items() if one.m0 is not None}
    if len(placed) < 2:
        return
    order = sorted(placed, key=lambda code: (-(placed[code].m0 or 0), code))
    rated = [Placed(stage.name(code), placed[code].m0) for code in order]
    title = over_places(
        stage.t("deprived_m0"), rated, stage.t("places"), stage.measure("percent"), additive=False
    )
    chart = bars.ranked(
        [
            Bar(stage.name(code), placed[code].m0, stage.href("deprivation", region=code))
            for code in order[:_MOST_BARS]
        ],
        measure=stage.measure("percent"),
        words=chart_blocks.words(
            title,
            stage.t("deprived_places_sub", count=min(len(order), _MOST_BARS), all=len(order)),
            stage.t("place"),
            stage.t("deprived_m0"),
            stage=stage,
        ),
        mean=(here.whole.m0, stage.place.name) if here.whole.m0 is not None else None,
        frame=chart_blocks.frame(theme.HALF),
    )
    chart_blocks.show(chart, "places_chart", stage)


def sources(stage: Stage) -> None:
    """The thresholds and their documents."""
    html = threshold_sources.note(stage, [rules()[RULE]], stage.view.year)
    components.paper(html, key="sources")
