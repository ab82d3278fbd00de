"""What the overview and the trends page draw: trends, the six groups, villages that moved."""

from __future__ import annotations

from collections.abc import Sequence

from charts import bars, headlines, theme
from charts import trend as trends
from charts.foremost import Placed, foremost
from charts.lines import Line
from charts.theme import Chart, Frame
from metrics import incomes
from metrics.groups import changes
from metrics.national import delisted_in, national_series
from metrics.registry import Indicator
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import chart_blocks, pieces, threshold_sources

MOST_CHANGED = 5


def trend(stage: Stage, indicator: Indicator, room: Frame = theme.PAGE) -> Chart:
    """An indicator over the years: the place strong, its parent and the nation for context."""
    place = chart_blocks.line(stage, indicator, stage.view.region)
    above = stage.place.parent if stage.place.parent in stage.bounds.places else None
    parent = chart_blocks.line(stage, indicator, above) if above else None
    national = None
    if indicator.national:
        found = national_series(indicator.national)
        national = Line(stage.t("nation"), list(found), list(found.values()))
    measure = stage.measure(indicator.unit)
    name = stage.named(indicator)
    title = headlines.over_years(name, place, measure)
    sub = stage.t("trend_sub", place=place.name, indicator=name, unit=measure.unit)
    target = indicator.target
    return trends.trend(
        place,
        measure=measure,
        words=chart_blocks.words(title, sub, stage.t("year"), stage=stage),
        parent=parent,
        national=national,
        target=(target.value, stage.named(target)) if target else None,
        events=_events(stage) if indicator.national else (),
        frame=chart_blocks.frame(room),
    )


def _events(stage: Stage) -> list[tuple[int, str]]:
    """What is marked on the time lines: the nation's years, and the county's where it is known."""
    delisted = delisted_in(stage.county.code)
    years = [(2014, stage.t("event_register")), (2020, stage.t("event_cleared"))]
    if delisted:
        years.append((delisted, stage.t("event_delisted")))
    return sorted(years)


def poverty(stage: Stage, room: Frame) -> None:
    """The poverty rate over the years; said to be unknown where no file gave one."""
    rate = stage.county.indicators["poverty_rate"]
    if stage.county.cube.years(rate.key):
        chart_blocks.show(trend(stage, rate, room), "trend", stage)
        return
    none = stage.t("map_no_value", year=stage.view.year)
    components.paper(pieces.empty(stage, stage.named(rate), none), key="trend_unknown")


def groups(stage: Stage, keys: Sequence[str]) -> None:
    """The six groups as bars, each opening its households."""
    cells = {key: stage.cell(key) for key in keys}
    if all(cell.value is None for cell in cells.values()):
        components.paper(pieces.groups_unknown(stage), key="groups_unknown")
        return
    indicator = stage.county.indicators
    measure = stage.measure("households")
    top = foremost(
        [Placed(stage.named(indicator[key]), cell.value) for key, cell in cells.items()], measure
    )
    finding = stage.t("six_groups_finding", most=top.text) if top else stage.t("six_groups")
    sub = stage.t("six_groups_sub", place=stage.name(stage.view.region), year=stage.view.year)
    chart = bars.ranked(
        [
            bars.Bar(stage.named(indicator[key]), cell.value, stage.behind(key) or None)
            for key, cell in cells.items()
        ],
        measure=measure,
        words=chart_blocks.words(finding, sub, stage.t("group"), measure.unit, stage=stage),
        chosen=top.only if top else None,
        frame=chart_blocks.frame(theme.HALF),
    )
    chart_blocks.show(chart, "groups", stage)
    rules = list(stage.county.rules.values())
    components.paper(threshold_sources.note(stage, rules, stage.view.year), key="groups_sources")


def changed_villages(stage: Stage) -> None:
    """Villages that worsened and improved most since the year before, each a link."""
    rate = stage.county.indicators["poverty_rate"]
    year, before = stage.view.year, stage.view.year - 1
    # Once nobody is poor the rate cannot tell villages apart: income then does.
    still_poor = stage.cell(rate.key, year=before).value
    indicator = rate if still_poor else stage.county.indicators["per_capita_income"]
    if before not in stage.county.cube.years(indicator.key):
        return
    villages = [
        p.code
        for p in stage.county.level("village", stage.scope)
        if p.code.startswith(stage.view.region)
    ]
    now = stage.county.cube.across(indicator.key, villages, year, stage.scope)
    then = stage.county.cube.across(indicator.key, villages, before, stage.scope)
    pairs = {code: (then[code].value, now[code].value) for code in now}
    every = len(pairs)
    worse, better = changes(pairs, indicator.better, every)
    title = stage.t("changed_finding", down=len(worse), up=len(better))
    name = stage.named(indicator)
    sub = stage.t("changed_sub", indicator=name, year=year, before=before)
    parts = [_side(stage, indicator, "improved", better[:MOST_CHANGED], pairs)]
    if worse or indicator is rate:
        parts.insert(0, _side(stage, indicator, "worsened", worse[:MOST_CHANGED], pairs))
    if indicator is not rate:
        title = _beside_mean(stage, title)
        parts.insert(0, _lost(stage))
    sides = h("div", *parts, cls="columns")
    components.paper(h("section", pieces.heading(title, sub), sides), key="changed")


def _beside_mean(stage: Stage, title: str) -> str:
    """What the villages' means hide, beside their finding."""
    found = incomes.changed(stage.reader, stage.view.region, stage.view.year)
    whole = found.get(stage.view.region)
    if whole is None:
        return title
    return stage.t(
        "changed_incomes",
        means=title,
        fell=f"{whole.fell:,}",
        households=f"{whole.households:,}",
        share=stage.measure("percent").text(whole.fell_percent),
    )


def _lost(stage: Stage) -> Markup:
    """Villages where the largest share of households lost income, with the medians."""
    year = stage.view.year
    found = incomes.changed(stage.reader, stage.view.region, year, digits=12)
    yuan, percent = stage.measure("yuan"), stage.measure("percent")
    rows = []
    for code in incomes.hardest(found, MOST_CHANGED):
        one = found[code]
        opens = stage.behind("income_fell_share", code)
        name = pieces.link(stage.href("village", region=code), stage.name(code))
        rows.append(
            (
                pieces.Td(name, "firm"),
                pieces.Td(stage.name(code[:9]), "firm"),
                pieces.number(stage, one.fell, "households", opens),
                f"{one.households:,}",
                percent.text(one.fell_percent),
                yuan.signed(one.median_change),
            )
        )
    head = (stage.t("village"), stage.t("township"), stage.t("fell_households"),
            stage.t("of_households"), stage.t("fell_share"),
            stage.t("median_change", year=year - 1))  # fmt: skip
    title = h("h3", stage.t("lost_most"))
    if not rows:
        return h("div", title, h("p", stage.t("none_lost"), cls="sub"))
    return h("div", title, pieces.table(head, rows, numeric=range(2, 6)))


def _side(
    stage: Stage,
    indicator: Indicator,
    which: str,
    moved: Sequence[tuple[str, float]],
    pairs: dict[str, tuple[float | None, float | None]],
) -> Markup:
    if not moved:
        return h("div", h("h3", stage.t(which)), h("p", stage.t(f"none_{which}"), cls="sub"))
    measure = stage.measure(indicator.unit)
    rows = [
        (
            pieces.link(stage.href("village", region=code), stage.name(code)),
            stage.name(code[:9]),
            measure.number(pairs[code][0]),
            pieces.number(stage, pairs[code][1], indicator.unit, stage.behind(indicator.key, code)),
            measure.signed(change),
        )
        for code, change in moved
    ]
    year = stage.view.year
    moved_by = stage.headed(stage.t("change"), measure.unit)
    head = (stage.t("village"), stage.t("township"), year - 1, year, moved_by)
    return h("div", h("h3", stage.t(which)), pieces.table(head, rows, numeric=(2, 3, 4)))
