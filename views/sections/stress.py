"""What the stress page draws: how far households are from the line, who a shock takes under it.

A what-if: the line and the shock stand in the address, nothing is written anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, get_args

import pyarrow as pa

from charts import theme
from charts.distance_histogram import TONES, Step, distances
from charts.foremost import rated
from metrics.shares import percent
from rules import stress as shocks
from rules.stress import SHOCKS, Shock, ShockKind, Struck, stress
from store.reader import Reader
from views.browser import components
from views.browser.markup import Markup, h
from views.context import choice_bar
from views.context.choice_bar import Span
from views.context.stage import Stage
from views.context.view import Amount
from views.parts import chart_blocks, paged_list, pieces, threshold_sources
from views.parts.column_words import say
from views.parts.paged_list import Column, Wanted

LINE = "monitoring_line_yuan"
PARTS = ("falls", "under", "all")
_STEP = 1_000.0
# Farther from the line than this is one last bar.
_FAR = (-6, 20)
_NEAR_MONTHS = 3
_LOW = replace(theme.PAGE, height=190)  # what is asked stands above, on the same screen
_SPANS: dict[ShockKind, tuple[Span, float]] = {
    "household_yuan": (Span(1_000, 100_000, 1_000), 5_000.0),
    "person_yuan": (Span(500, 20_000, 500), 3_000.0),
    "percent": (Span(1, 100, 1), 20.0),
}


@dataclass(frozen=True, slots=True)
class Tried:
    """The line and the shock tried, and every household by its distance from the line."""

    line: float
    assumed: bool
    shock: Amount
    table: pa.Table

    def only(self, part: str) -> pa.Table:
        """Those who fall, those already under, or all, nearest to falling first."""
        return self.table if part == "all" else self.table.filter(self.table[part])


def tried(stage: Stage) -> Tried:
    """The address's line and shock over the households of the view."""
    line, assumed = _line(stage)
    amount = stage.view.shock or Amount("household_yuan", _SPANS["household_yuan"][1])
    [kind] = [kind for kind in SHOCKS if kind == amount.key]
    table = stress(
        stage.reader, stage.view.year, line, Shock(kind, amount.size), region=stage.view.region
    )
    return Tried(line, assumed, amount, table)


def _line(stage: Stage) -> tuple[float, bool]:
    """The line in yuan, and whether it is another than the one in force (or none is known)."""
    parameter = stage.county.parameters[LINE]
    held = parameter.in_year(stage.view.year)
    what = stage.view.what
    if what is not None and what.key == LINE and what.size > 0:
        return what.size, held is None or held.value != what.size
    value = held or parameter.values[-1]
    return float(value.value), held is None


def controls(stage: Stage, given: Tried) -> None:
    """The shock's kind and size, and the line."""
    choice = choice_bar.Choice(
        "shock_kind",
        stage.t("shock"),
        list(get_args(ShockKind)),
        lambda kind: stage.t(f"shock_{kind}"),
        given.shock.key,
        "segments",
    )
    choice_bar.choose(
        stage, "shock_which", choice, lambda _, kind: {"shock": Amount(kind, _SPANS[kind][1])}
    )
    chart_blocks.columns([1, 1], [lambda: _size(stage, given), lambda: _under(stage, given)])


def _size(stage: Stage, given: Tried) -> None:
    unit = stage.measure("yuan").unit
    span = _SPANS[given.shock.key]  # type: ignore[index]
    label = stage.t(f"shock_{given.shock.key}")
    of = "%" if given.shock.key == "percent" else unit
    choice_bar.slider(
        stage,
        f"shock_{given.shock.key}",
        stage.headed(label, of),
        span[0],
        given.shock.size,
        lambda _, size: {"shock": Amount(given.shock.key, size)},
    )


def _under(stage: Stage, given: Tried) -> None:
    parameter = stage.county.parameters[LINE]
    choice_bar.slider(
        stage,
        "stress_line",
        stage.headed(stage.named(parameter), stage.measure("yuan").unit),
        Span(2_000, 20_000, 50),
        given.line,
        lambda at, size: {"what": Amount(LINE, size)},
    )


def headline(stage: Stage, given: Tried) -> None:
    """How many fall, how many are under already, and what the line rests on."""
    here = shocks.struck(given.table)
    count = stage.measure("households").text
    text = stage.t("stress_finding", shock=shock_words(stage, given.shock), falls=count(here.falls))
    line = stage.measure("yuan").level(given.line)
    sub = stage.t("stress_sub", place=stage.place.name, line=line, under=count(here.under))
    known = stage.county.parameters[LINE]
    told = stage.t("stress_assumed") if given.assumed else ""
    html = h(
        "section",
        h("h1", h("span", stage.t("what_tag"), cls="tag strong"), " ", text),
        h("p", sub, " ", told, cls="sub"),
        h(
            "p",
            stage.t("what_now"),
            threshold_sources.threshold(stage, known, stage.view.year),
            cls="sub",
        ),
    )
    components.paper(html, key="stress_head")


def shock_words(stage: Stage, shock: Amount) -> str:
    """The shock in words: 一次每户20,000元的支出."""
    measure = stage.measure("percent" if shock.key == "percent" else "yuan")
    return stage.t(f"shock_said_{shock.key}", size=measure.level(shock.size))


def picture(stage: Stage, given: Tried) -> None:
    """Households by their distance from the line, a person and year."""
    if not given.table.num_rows:
        components.paper(
            pieces.empty(stage, stage.t("no_rows"), stage.t("stress_unknown")), key="none"
        )
        return
    count = stage.measure("households")
    title = stage.t("distance_finding", share=_near(stage, given))
    sub = stage.t(
        "distance_sub",
        place=stage.name(stage.view.region),
        year=stage.view.year,
        step=stage.measure("yuan").level(_STEP),
    )
    names = {tone: stage.t(f"stress_{tone}") for tone in TONES}
    chart = distances(
        steps(given.table),
        _STEP,
        names=names,
        line=stage.t("stress_line", line=stage.measure("yuan").level(given.line)),
        distance=stage.measure("yuan"),
        counted=count,
        words=chart_blocks.words(
            title, sub, stage.t("distance_yuan"), *names.values(), stage=stage
        ),
        frame=chart_blocks.frame(_LOW),
    )
    chart_blocks.show(chart, "distances", stage)


def _near(stage: Stage, given: Tried) -> str:
    """The share of households above the line by no more than three months of their income."""
    near = shocks.within_months(given.table, _NEAR_MONTHS)
    return stage.measure("percent").text(percent(near, given.table.num_rows))


def steps(table: pa.Table) -> list[Step]:
    """Households by steps of their distance from the line; the far ends are one step each."""
    counted = shocks.by_distance(table, _STEP, *_FAR)
    return [Step(low, {tone: counts[tone] for tone in TONES}) for low, counts in counted]


def places(stage: Stage, given: Tried) -> None:
    """Where they fall: a row a place, most first."""
    children = stage.county.children(stage.view.region, stage.scope)
    if not children or not given.table.num_rows:
        return
    counted = shocks.struck_by_place(given.table, len(children[0].code))
    found = {place.code: counted.get(place.code, Struck()) for place in children}
    order = sorted(found, key=lambda code: (-found[code].falls, code))
    rows = [_place(stage, code, found[code]) for code in order]
    share = stage.headed(stage.t("stress_share"), "%")
    head = [stage.t("place"), stage.t("stress_falls"), share, stage.t("stress_under")]
    rates = [rated(stage.name(code), at.falls, at.households) for code, at in found.items()]
    told = chart_blocks.ranking(stage, stage.t("stress_where"), rates, stage.t("places"))
    title = pieces.heading(told)
    html = h("section", title, pieces.table(head, rows, numeric=(1, 2, 3)))
    components.paper(html, key="stress_places")


def _place(stage: Stage, code: str, here: Struck) -> tuple[Markup, ...]:
    """One place: each count opens the list on this page."""

    def opened(part: str, count: int) -> Markup:
        return pieces.number(stage, count, "households", _listed(stage, part, region=code))

    return (
        pieces.link(stage.href("stress", region=code), stage.name(code)),
        opened("falls", here.falls),
        pieces.number(stage, percent(here.falls, here.households), "percent"),
        opened("under", here.under),
    )


def _listed(stage: Stage, part: str, **changes: Any) -> str:
    return stage.href("stress", part=part, page=1, **changes)


def households(stage: Stage, given: Tried) -> None:
    """The households: those who would fall unless the address asks for others."""
    part = stage.view.part or PARTS[0]
    links = [
        pieces.facet(
            stage.t(f"stress_{name}"), f"{given.only(name).num_rows:,}", _listed(stage, name),
            name == part,
        )
        for name in PARTS
    ]  # fmt: skip
    components.paper(h("div", *links, cls="facets"), key="stress_parts")
    table = given.only(part)

    def rows(_reader: Reader, offset: int, count: int | None) -> pa.Table:
        return table.slice(offset, count)

    title = stage.t(
        "stress_listed",
        part=stage.t(f"stress_{part}"),
        count=stage.measure("households").text(table.num_rows),
    )
    words = f"{stage.t('what_tag')} · {shock_words(stage, given.shock)} · " + stage.t(
        "stress_line", line=stage.measure("yuan").level(given.line)
    )
    paged_list.show(stage, Wanted(title, words, table.num_rows, rows), _columns(stage))


def _columns(stage: Stage) -> list[Column]:
    def said(name: str, row: Mapping[str, Any]) -> str:
        return say(stage, name, row[name])

    def rounded(name: str, row: Mapping[str, Any]) -> float | None:
        value = row[name]
        return None if value is None else round(value, 1 if name == "distance_months" else 0)

    def opens(page: str, key: str, row: Mapping[str, Any]) -> str:
        return stage.href(page, **{key: row["household_id" if key == "id" else "village_code"]})

    amounts = (
        "member_count",
        "per_capita_net_income_yuan",
        "distance_yuan",
        "distance_months",
        "after_yuan",
    )
    return [
        Column(
            "household_id",
            partial(said, "household_id"),
            partial(opens, "household", "id"),
            width=20,
        ),
        Column("head_name", partial(said, "head_name")),
        Column("village_code", partial(said, "village_code"), partial(opens, "village", "region")),
        *(Column(name, partial(rounded, name), numeric=True) for name in amounts),
    ]
