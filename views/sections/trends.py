"""What the trends page shows: the trend and places compared, small multiples, flows."""

from __future__ import annotations

from collections.abc import Sequence

from charts import compare, flow_bars, headlines, theme
from charts import multiples as panels
from charts.lines import Line
from metrics.registry import Indicator
from views.browser import notices
from views.browser.markup import Markup, h
from views.context import values
from views.context.stage import Stage
from views.context.standing import told_apart
from views.parts import chart_blocks, exit_balance, pieces, tabs, threshold_sources
from views.scenes import block
from views.scenes.block import Block
from views.sections import village_changes
from views.sections.overview.long_view import trend

MOST_PANELS = 16
# One screen with the choices above it and the places to compare below.
_TREND = theme.Frame(860, 310, 16, 3)
# Lower than the trend above it: both on two screens.
_COMPARED = theme.Frame(860, 300, 16, 3)


def blocks(stage: Stage) -> tuple[Block, ...]:
    """The page: its parts by name, and what the one shown draws."""
    return (tabs.of_scene(stage), *_part(stage))


def _part(stage: Stage) -> tuple[Block, ...]:
    if stage.tab.key == "flows":
        return (*leaving_and_falling_back(stage), *_told("exits", exit_balance.reconciled(stage)))
    indicator = stage.indicator
    assert indicator is not None
    years = stage.county.cube.years(indicator.key)
    if len(years) < 2:
        shown = one_year(stage, indicator, years)
    elif stage.tab.key == "places":
        changed = village_changes.changed_villages(stage, indicator)
        shown = (*multiples(stage, indicator), *_told("changed", changed))
    else:
        drawn = chart_blocks.blocks(trend(stage, indicator, _TREND), "trend", stage)
        shown = (*drawn, *compared(stage, indicator))
    sources = threshold_sources.of_indicator(stage, indicator, stage.view.year)
    return (*shown, block.html("sources", h("div", sources)))


def _told(key: str, found: Markup | None) -> tuple[Block, ...]:
    return () if found is None else (block.html(key, found),)


def multiples(stage: Stage, indicator: Indicator) -> tuple[Block, ...]:
    """Every place directly below this one, on one scale."""
    here = stage.place if stage.place.level != "village" else None
    places = stage.county.children(here.code, stage.scope) if here else []
    if not here or len(places) < 2:
        return ()
    lines = [chart_blocks.line(stage, indicator, place.code) for place in places[:MOST_PANELS]]
    measure = stage.measure(indicator.unit)
    level = "by_township" if here.level == "county" else "by_village"
    name = stage.named(indicator)
    title = _over(stage, indicator, [p.code for p in places[:MOST_PANELS]], lines)
    chart = panels.multiples(
        lines,
        chart_blocks.line(stage, indicator, here.code),
        measure=measure,
        words=chart_blocks.words(title, f"{stage.t(level)} · {name}", stage.t("year"), stage=stage),
        frame=chart_blocks.frame(theme.PAGE),
    )
    return chart_blocks.blocks(chart, "multiples", stage)


def compared(stage: Stage, indicator: Indicator) -> tuple[Block, ...]:
    """The places that the viewer chose, in one chart, and the choice of them."""
    choice = block.html("compare", _places(stage))
    if not stage.view.compare:
        return (choice,)
    lines = [chart_blocks.line(stage, indicator, code) for code in stage.view.compare]
    measure = stage.measure(indicator.unit)
    name = stage.named(indicator)
    title = _over(stage, indicator, stage.view.compare, lines)
    chart = compare.compare(
        lines,
        measure=measure,
        words=chart_blocks.words(
            title, f"{stage.t('compared')} · {name}", stage.t("year"), stage=stage
        ),
        frame=chart_blocks.frame(_COMPARED),
    )
    return (choice, *chart_blocks.blocks(chart, "compared", stage))


def _places(stage: Stage) -> Markup:
    """The places compared, each a click from being left out, and all that could be added."""
    chosen, label = stage.view.compare, stage.t("compare_places", most=values.MOST_COMPARED)

    def then(codes: Sequence[str]) -> str:
        return stage.href("trends", compare=tuple(codes))

    chips = [
        pieces.chosen_facet(stage, stage.name(code), then([c for c in chosen if c != code]))
        for code in chosen
    ]
    others = [p for p in stage.county.places if p in stage.bounds.places and p not in chosen]
    names = told_apart(others, stage.name)
    added = h(
        "select",
        h("option", label, value="", selected=True),
        *(h("option", names[code], value=then([*chosen, code])) for code in others),
        aria_label=label,
        data_choice="compare",
    )
    full = len(chosen) == values.MOST_COMPARED
    return h("div", *chips, None if full else added, cls="facets compare no-print")


def _over(stage: Stage, indicator: Indicator, codes: Sequence[str], lines: Sequence[Line]) -> str:
    """Which place stood where, as a sentence: in the view's year, or the last that tells any."""
    telling = [year for line in lines for year, value in line.known() if value]
    upto = [year for year in telling if year <= stage.view.year] or telling or [stage.view.year]
    year = max(upto)
    return chart_blocks.over(stage, indicator, codes, year, stage.t("places"))


def leaving_and_falling_back(stage: Stage) -> tuple[Block, ...]:
    """People who left poverty and who fell back, by year."""
    county = stage.county
    out, back = county.indicators["exited_this_year_people"], county.indicators["fell_back_people"]
    left = chart_blocks.line(stage, out, stage.view.region, name=stage.t("leaving"))
    fell = chart_blocks.line(stage, back, stage.view.region, name=stage.t("falling_back"))
    if not any(value for _, value in [*left.known(), *fell.known()]):
        return ()
    # Nobody left or fell back after the last year with a bar: the axis ends there.
    last = max(year for year, value in [*left.known(), *fell.known()] if value)
    first = min(left.years)
    left, fell = left.between(first, last), fell.between(first, last)
    measure = stage.measure("people")
    title = headlines.movements(left, [fell], measure)
    sub = stage.t("flows_sub", place=stage.name(stage.view.region))
    chart = flow_bars.flows(
        left,
        [fell],
        measure=measure,
        words=chart_blocks.words(
            title, sub, stage.t("year"), alt=stage.t("flows_alt"), stage=stage
        ),
        frame=chart_blocks.frame(),
    )
    return chart_blocks.blocks(chart, "flows", stage)


def one_year(stage: Stage, indicator: Indicator, years: Sequence[int]) -> tuple[Block, ...]:
    """An indicator known for one year only: its values by place instead of a line."""
    name = stage.named(indicator)
    if not years:
        none = stage.t("map_no_value", year=stage.view.year)
        return (block.html("none", pieces.empty(stage, name, none)),)
    places = stage.county.children(stage.view.region, stage.scope) or [stage.place]
    cells = stage.county.cube.across(
        indicator.key, [p.code for p in places], years[-1], stage.scope
    )
    rows = [
        (
            stage.name(code),
            pieces.number(
                stage, cell.value, indicator.unit, stage.behind(indicator.key, code, years[-1])
            ),
        )
        for code, cell in cells.items()
    ]
    head = (stage.t("place"), stage.headed(name, stage.measure(indicator.unit).unit))
    only = notices.banner([stage.t("one_year_only", year=years[-1])])
    table = pieces.table(head, rows, numeric=(1,))
    return (block.html("one_year_only", only), block.html("one_year", table))
