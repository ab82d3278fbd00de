"""What the trends page draws beside the trend: small multiples, comparison, flows."""

from __future__ import annotations

from collections.abc import Sequence

from charts import compare, flow_bars, headlines, theme
from charts import multiples as panels
from charts.lines import Line
from metrics.registry import Indicator
from views.browser import components
from views.browser.notices import notice
from views.context import choice_bar, values
from views.context.stage import Stage
from views.parts import chart_blocks, pieces

MOST_PANELS = 16
# Lower than the trend above it: both on two screens.
_COMPARED = theme.Frame(860, 300, 16, 3)


def multiples(stage: Stage, indicator: Indicator) -> None:
    """Every place directly below this one, on one scale."""
    here = stage.place if stage.place.level != "village" else None
    places = stage.county.children(here.code, stage.scope) if here else []
    if not here or len(places) < 2:
        return
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
    chart_blocks.show(chart, "multiples", stage)


def compared(stage: Stage, indicator: Indicator) -> None:
    """The places that the viewer chose, in one chart."""
    codes = [p.code for p in stage.county.places.values() if p.code in stage.bounds.places]
    choice_bar.choose_many(
        stage, "compare", stage.t("compare_places"), codes, stage.name, values.MOST_COMPARED
    )
    if not stage.view.compare:
        return
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
    chart_blocks.show(chart, "compared", stage)


def _over(stage: Stage, indicator: Indicator, codes: Sequence[str], lines: Sequence[Line]) -> str:
    """Which place stood where, as a sentence: in the view's year, or the last that tells any."""
    telling = [year for line in lines for year, value in line.known() if value]
    upto = [year for year in telling if year <= stage.view.year] or telling or [stage.view.year]
    year = max(upto)
    return chart_blocks.over(stage, indicator, codes, year, stage.t("places"))


def leaving_and_falling_back(stage: Stage) -> None:
    """People who left poverty and who fell back, by year."""
    county = stage.county
    out, back = county.indicators["exited_this_year_people"], county.indicators["fell_back_people"]
    left = chart_blocks.line(stage, out, stage.view.region, name=stage.t("leaving"))
    fell = chart_blocks.line(stage, back, stage.view.region, name=stage.t("falling_back"))
    if not any(value for _, value in [*left.known(), *fell.known()]):
        return
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
    chart_blocks.show(chart, "flows", stage)


def one_year(stage: Stage, indicator: Indicator, years: Sequence[int]) -> None:
    """An indicator known for one year only: its values by place instead of a line."""
    name = stage.named(indicator)
    if not years:
        components.paper(
            pieces.empty(stage, name, stage.t("map_no_value", year=stage.view.year)), key="none"
        )
        return
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
    notice([stage.t("one_year_only", year=years[-1])], key="one_year_only")
    head = (stage.t("place"), stage.headed(name, stage.measure(indicator.unit).unit))
    components.paper(pieces.table(head, rows, numeric=(1,)), key="one_year")
