"""Places ranked by the chosen indicator, ties as spans of ranks, their case mix beside them."""

from __future__ import annotations

from typing import Any

from metrics import standing
from metrics.conditions import Condition
from metrics.standing import Standing
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import pieces
from views.sections.targets.screen import Here, aim

_HEAD = ("place", "board_rank", "value", "interval", "target", "verdict")
_MIX = ("mix_households", "mix_registered", "mix_size", "mix_without", "mix_without_share")


def ranked(stage: Stage, here: Here) -> None:
    """The places inside the one shown, the worst first, by the chosen indicator."""
    children = stage.county.children(stage.view.region, stage.scope) if here.paces else []
    codes = [place.code for place in children if stage.scope.contains(place.code)]
    if not codes:
        none = pieces.empty(stage, stage.t("part_standing"), stage.t("no_rows_hint"))
        components.paper(none, key="places")
        return
    one = here.chosen
    found = standing.standings(
        stage.county, stage.reader, one.indicator.key, stage.view.region, codes, one.due
    )
    scale = standing.scaled(found)
    head = [stage.t(key) for key in (*_HEAD, *_MIX)]
    rows = [_row(stage, each, scale[each.place]) for each in found]
    table = pieces.table(head, rows, numeric=(2, *range(6, 11)), cls="data tight standing")
    html = h(
        "section",
        pieces.heading(_title(stage, here, found), _rule(stage, here)),
        _choices(stage, here),
        h("div", table, cls="wide"),
    )
    components.paper(html, key="places")


def _title(stage: Stage, here: Here, found: list[Standing]) -> str:
    met, told = standing.met(found)
    name = stage.named(here.chosen.indicator)
    if not told:
        return stage.t("standing_unknown", name=name)
    return stage.t("standing_finding", name=name, met=met, told=told)


def _rule(stage: Stage, here: Here) -> str:
    """What makes a tie, in words."""
    indicator = here.chosen.indicator
    if not standing.is_ranked(indicator):
        return stage.t("standing_rule_amount")
    shares = standing.is_share_of_rows(indicator)
    return stage.t("standing_rule_share" if shares else "standing_rule_mean")


def _choices(stage: Stage, here: Here) -> Markup:
    """The other indicators that have a target here."""
    links = [
        pieces.facet_way(
            stage.named(one.indicator), stage.href("targets", indicator=key), one is here.chosen
        )
        for key, one in here.paces.items()
    ]
    return h("details", h("summary", stage.t("other_targets")), h("nav", *links, cls="facets"))


def _row(stage: Stage, one: Standing, scale: tuple[float, float, float]) -> tuple[Any, ...]:
    code, indicator, year = one.place, one.indicator, stage.newest
    page = "village" if len(code) == 12 else "targets"
    opens = stage.behind(indicator.key, code, year) if one.cell.numerator else ""
    few = h("span", stage.t("few_cases"), cls="few", title=stage.t("few_rate")) if one.few else None
    low, value, high = scale
    style = f"--low: {low:.1f}; --part: {value:.1f}; --high: {high:.1f}"
    return (
        pieces.Td(pieces.link(stage.href(page, region=code), stage.name(code)), "firm"),
        _rank(stage, one),
        h("span", pieces.number(stage, one.cell.value, indicator.unit, opens), few),
        pieces.Td(_interval(stage, one), "interval" if one.low is not None else "", style),
        aim(stage, indicator) if indicator.target else "—",
        _met(stage, one),
        *_mix(stage, one),
    )


def _rank(stage: Stage, one: Standing) -> Markup:
    """The rank, as a span where places within noise share it."""
    if one.first is None:
        return h("span", "—", cls="missing", title=stage.t("unknown"))
    if not one.tied:
        return h("span", str(one.first))
    text = stage.t("rank_span", first=one.first, last=one.last)
    return h("span", "≈ ", text, cls="tied", title=stage.t("rank_tied"))


def _interval(stage: Stage, one: Standing) -> str:
    if one.low is None or one.high is None:
        return ""
    number = stage.measure("percent").number
    return f"{number(one.low)}–{number(one.high)}"


def _met(stage: Stage, one: Standing) -> Markup | str:
    value = one.cell.value
    if value is None or one.indicator.target is None:
        return "—"
    meets = one.indicator.meets_target(value)
    word = stage.t("kpi_target_met" if meets else "kpi_target_missed")
    return h("span", word, cls=f"light {'good' if meets else 'bad'}")


def _mix(stage: Stage, one: Standing) -> tuple[Any, ...]:
    """The case mix: counts that open their households, and what these are of the place's."""
    mix, code, year = one.mix, one.place, stage.newest
    classed = (Condition("labour_class", ("weak", "no_labour")),)
    without = stage.href(
        "ledgers", region=code, year=year, indicator="", select=None, where=classed
    )
    registered = stage.behind("registered_households", code, year)
    percent = stage.measure("percent").text
    return (
        pieces.number(stage, mix.registered, "households", registered),
        percent(mix.registered_share),
        stage.measure("km").number(mix.size),
        pieces.number(stage, mix.without, "households", without),
        percent(mix.without_share),
    )
