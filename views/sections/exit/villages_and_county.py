"""What the exit page draws of villages and the county: each standard with value and threshold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

import pyarrow as pa

import glossary
from charts import theme
from charts.compare import compare
from charts.foremost import Placed, foremost
from charts.lines import Line
from metrics import exit as standards
from metrics.exit import LACKS_ONE
from metrics.paging import PAGE_ROWS, first_row, page_count
from rules.explain import Compared, Explanation, Threshold, explain
from rules.phrases import Phrases
from rules.registry import Rule, rules
from views.browser import components
from views.browser.markup import Markup, h
from views.context.pages_check import EXIT_PARTS
from views.context.stage import Stage
from views.parts import chart_blocks, paged_list, pieces, threshold_sources
from views.sections.exit.households import judged_by
from views.sections.ledgers.households import turn_pages

Row = Mapping[str, Any]
_LIGHT = {True: "light good", False: "light bad", None: "light"}
_SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "=": "=", "<>": "≠"}


def _explained(stage: Stage, rule: Rule, row: Row) -> Explanation:
    """A single standard of a village or the county, by the thresholds that the page judges by."""
    year = judged_by(stage)[1]
    return explain(rule, row, stage.county.parameters, as_of=date(year, 12, 31))


def _cell(stage: Stage, rule: Rule, row: Row) -> Markup:
    """Met, missed or unknown with the value; under it the threshold and since when it holds."""
    told = _explained(stage, rule, row)
    [atom] = told.atoms()
    say = Phrases(stage.lang, glossary)
    hover = (say.demand(atom, basis=True), say.actual(atom), say.gap(atom))
    value, asked = say.verdict(told.met), ""
    if isinstance(atom, Compared):
        value = _amount(stage, say, atom.left.value, atom.left.unit)
        asked = _asked(stage, say, atom)
    title = stage.t("rule_comma").join(filter(None, hover))
    light = h("span", value, cls=_LIGHT[told.met], title=title)
    return h("div", light, h("br"), h("small", asked, cls="nowrap")) if asked else light


def _amount(stage: Stage, say: Phrases, value: Any, unit: str | None) -> str:
    if value is None:
        return stage.t("unknown")
    return say.amount(round(value, 0 if unit == "yuan" else 2), unit)


def _asked(stage: Stage, say: Phrases, atom: Compared) -> str:
    """The threshold in short: sign, value, the days that it holds."""
    asked = f"{_SIGNS[atom.sign]} {_amount(stage, say, atom.right.value, atom.right.unit)}"
    held = atom.right.held if isinstance(atom.right, Threshold) else None
    return stage.t("rule_bracketed", text=asked, more=say.period(held)) if held else asked


def _chosen(stage: Stage) -> str | None:
    """The standard that the villages listed lack; None for all of them."""
    return stage.view.part if stage.view.part in EXIT_PARTS else None


def villages(stage: Stage) -> None:
    """Villages by standards, fifty a page: all, who miss one of them, or who miss exactly one."""
    view = stage.view
    today, newest = judged_by(stage)
    rule = rules()[LACKS_ONE]
    if not rule.exists(view.year):
        none = pieces.empty(
            stage, stage.t("villages_title"), stage.t("rule_not_yet", since=rule.since)
        )
        components.paper(none, key="villages")
        return
    count = standards.count_villages(
        stage.reader, view.region, view.year, part=_chosen(stage), today=today
    )
    pages = max(1, page_count(count))
    page = min(view.page, pages)
    rows = _rows(stage, first_row(page), PAGE_ROWS).to_pylist()
    single = standards.standards("village_exit")
    head = [stage.t("village"), *map(stage.named, single)]
    body = [
        (_village(stage, row), *(_cell(stage, standard, row) for standard in single))
        for row in rows
    ]
    matrix = (
        h("div", pieces.table(head, body, cls="data tight"), cls="wide")
        if rows
        else pieces.empty(stage, stage.t("no_rows"), stage.t("no_rows_hint"))
    )
    html = h(
        "section",
        _villages_head(stage, count),
        matrix,
        threshold_sources.note(stage, single, newest),
    )
    components.paper(html, key="villages")
    if pages > 1:
        turn_pages(stage, page, pages)
    if rows:
        _export(stage, single, count)


def _rows(stage: Stage, offset: int, limit: int | None) -> pa.Table:
    view, today = stage.view, judged_by(stage)[0]
    return standards.villages(
        stage.reader, view.region, view.year, offset, limit, part=_chosen(stage), today=today
    )


def _export(stage: Stage, single: list[Rule], count: int) -> None:
    """A workbook of the villages listed, each standard with its answer and value."""
    view = stage.view
    title = stage.t("villages_title")
    sub = stage.t("villages_sub", place=stage.name(view.region), year=view.year, count=count)
    wanted = paged_list.Wanted(title, sub, count, lambda _reader, *part: _rows(stage, *part))
    columns = [
        paged_list.Column("village_code", lambda row: row["village_code"]),
        paged_list.Column("village", lambda row: stage.official(row["village_code"]), width=18),
    ]
    columns += [
        paged_list.Column("", partial(_in_words, stage, rule), width=24, named=stage.named(rule))
        for rule in single
    ]
    paged_list.export(stage, wanted, columns)


def _in_words(stage: Stage, rule: Rule, row: Row) -> str:
    """A standard's answer and value, as text."""
    told = _explained(stage, rule, row)
    [atom] = told.atoms()
    say = Phrases(stage.lang, glossary)
    return " ".join(filter(None, (say.verdict(told.met), say.actual(atom), say.gap(atom))))


def _village(stage: Stage, row: Row) -> Markup:
    """The village, and the one standard that keeps it from exit."""
    name = pieces.link(
        stage.href("village", region=row["village_code"]), stage.name(row["village_code"])
    )
    part = row[f"{LACKS_ONE}_part"]
    if part is None:
        return name
    only = stage.t("only_lacks", part=stage.named(rules()[part]))
    return h("div", name, h("br"), h("small", only))


def _villages_head(stage: Stage, count: int) -> Markup:
    """What is found, and how many villages miss what; each number lists them below."""
    view, today = stage.view, judged_by(stage)[0]
    keys = [rule.key for rule in standards.standards("village_exit")]
    found = standards.answers(
        stage.reader, [*keys, "village_met", LACKS_ONE], view.year, view.region, today=today
    )
    mended = standards.mended_one(stage.reader, view.region, view.year, today=today)
    measure = stage.measure("villages")

    def facet(name: str, part: str | None, number: int) -> Markup:
        href = stage.href("exit", part=part or "villages") if number else ""
        return pieces.facet(name, measure.number(number), href, _chosen(stage) == part)

    every = found["village_met"].asked
    chips = [
        facet(stage.t("villages_all"), None, every),
        facet(stage.named(rules()[LACKS_ONE]), LACKS_ONE, found[LACKS_ONE].met),
        h("span", stage.t("villages_missing"), cls="name"),
        *(facet(stage.named(rules()[key]), key, found[key].missed) for key in keys),
    ]
    one = found[LACKS_ONE].met
    kinds = [Placed(stage.named(rules()[key]), n, base=one) for key, n in mended.items()]
    top = foremost(kinds, measure)
    finding = stage.t(
        "villages_finding" if found[LACKS_ONE].met else "villages_finding_none",
        asked=measure.text(every),
        met=measure.text(found["village_met"].met),
        one=measure.text(one),
    )
    finding += stage.t("villages_most", most=top.text) if one and top else ""
    sub = stage.t("villages_sub", place=stage.name(view.region), year=view.year, count=count)
    outside = standards.villages_outside(stage.reader, view.region, view.year)
    note = h("p", stage.t("villages_outside", count=measure.text(outside)), cls="sub")
    chosen = h("div", *chips, cls="facets")
    return h("div", pieces.heading(finding, sub), note if outside else "", chosen)


def county(stage: Stage) -> None:
    """The county's standards with values and thresholds, and its growth beside the nation's.

    Nothing where the viewer may not see the whole county.
    """
    today, newest = judged_by(stage)
    single = [rule for rule in standards.standards("county_exit") if rule.exists(stage.view.year)]
    row = standards.county_judged(stage.reader, stage.view.year, today=today)
    if row is None or not single:
        return
    chart_blocks.columns(
        [5, 4], [lambda: _county_table(stage, single, row), lambda: _growth(stage)]
    )
    components.paper(threshold_sources.note(stage, single, newest), key="county_sources")


def _county_table(stage: Stage, single: list[Rule], row: Row) -> None:
    say = Phrases(stage.lang, glossary)
    lines = []
    for rule in single:
        explained = _explained(stage, rule, row)
        [atom] = explained.atoms()
        assert isinstance(atom, Compared)
        value = _amount(stage, say, atom.left.value, atom.left.unit)
        verdict = h("span", say.verdict(explained.met), cls=_LIGHT[explained.met])
        asked = _asked(stage, say, atom)
        lines.append((_standard(stage, rule), value, asked, verdict, say.gap(atom)))
    told = standards.verdicts(row, single)
    title = stage.t(
        "county_finding",
        year=stage.view.year,
        met=told.met,
        missed=told.missed,
        unknown=told.unknown,
    )
    head = [
        stage.t(key) for key in ("standard", "value", "threshold", "answer", "gap_to_threshold")
    ]
    heading = pieces.heading(title, stage.t("county_sub"))
    table = pieces.table(head, lines, cls="data tight")
    components.paper(h("section", heading, table), key="county")


def _standard(stage: Stage, rule: Rule) -> str:
    """A standard's name; that of a growth with the years that it is between."""
    name = stage.named(rule)
    if not any(column.endswith("_growth_percent") for column in rule.names):
        return name
    return stage.t("growth_in", name=name, year=stage.view.year, before=stage.view.year - 1)


def _growth(stage: Stage) -> None:
    """Growth of rural income in the county and in the nation over the years."""
    by_year = standards.county_years(stage.reader)
    columns = ("income_growth_percent", "national_growth_percent")
    known = {
        year: [row[column] for column in columns]
        for year, row in by_year.items()
        if any(row[column] is not None for column in columns)
    }
    both, faster = standards.growth_compared(by_year)
    if not both:
        none = pieces.empty(stage, stage.t("growth_title"), stage.t("growth_none"))
        components.paper(none, key="growth_none")
        return
    title = stage.t("growth_finding", years=both, faster=faster)
    names = (stage.county.places[stage.county.code].short_name, stage.t("nation"))
    lines = [
        Line(name, list(known), [pair[i] for pair in known.values()])
        for i, name in enumerate(names)
    ]
    chart = compare(
        lines,
        measure=stage.measure("percent"),
        words=chart_blocks.words(title, stage.t("growth_sub"), stage.t("year"), stage=stage),
        frame=chart_blocks.frame(theme.HALF),
    )
    chart_blocks.show(chart, "growth", stage)
