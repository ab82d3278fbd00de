"""Pieces of pages as HTML: links to households, numbers with their change, tables, lights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from glossary import offices
from metrics.cube import Cell
from metrics.registry import Indicator, Target
from views.browser import markup
from views.browser.markup import Markup, h
from views.context.stage import Stage

Row = Sequence[Any]


def link(href: str, *children: Any, cls: str | None = None) -> Markup:
    """A link inside the program; plain text where there is nothing to open."""
    return markup.link(href, *children, cls=cls) if href else h("span", *children, cls=cls)


@dataclass(frozen=True, slots=True)
class Td:
    """A table cell with a class of its own, such as a shade; ``style`` sets the class's numbers."""

    content: Any
    cls: str
    style: str | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A row of a table that names the rows below it."""

    title: Any


def number(stage: Stage, value: float | None, unit: str, href: str = "") -> Markup:
    """A number that opens its households. Unknown and zero look different."""
    if value is None:
        return h("span", "—", cls="missing", title=stage.t("unknown"))
    text = stage.measure(unit).number(value)
    return link(href if value else "", text, cls=None if value else "muted")


def heading(title: str, subtitle: str = "") -> Markup:
    """A chart's or a table's finding, and in small under it what is measured."""
    small = h("p", subtitle, cls="sub") if subtitle else ""
    return h("div", h("h2", title), small, cls="finding")


def light(
    stage: Stage, indicator: Indicator, reached: float | None, *, brief: bool = False
) -> Markup | None:
    """Whether a target is met: a shape and a word, never a colour alone.

    ``brief`` leaves the unit to the number beside it, and is one line on a card.
    """
    target = indicator.target
    meets = None if reached is None else indicator.meets_target(reached)
    if target is None or meets is None:
        return None
    measure = stage.measure(indicator.unit)
    sign = indicator.target_sign
    if brief:
        aim = f"{sign}{measure.number(target.value)}"
    else:
        aim = stage.t("kpi_target", sign=sign, value=measure.level(target.value))
    word = stage.t("kpi_target_met" if meets else "kpi_target_missed")
    return h(
        "span",
        f"{word} · {aim}",
        cls=f"light {'good' if meets else 'bad'}",
        title=whose(stage, target),
    )


def whose(stage: Stage, target: Target) -> str:
    """Whose target it is, in words: as it was declared, or of which year it was loaded."""
    if target.year is None:
        return stage.named(target)
    told = stage.t("target_of_year", year=target.year)
    if not target.office:
        return told
    return stage.t("target_of_office", target=told, office=offices(target.office, stage.lang))


def change(stage: Stage, indicator: Indicator, now: Cell, before: Cell | None, year: int) -> Markup:
    """The change since an earlier year, as ``changed`` says it."""
    since = stage.t("change_since", year=year)
    return changed(stage, indicator, now.change_since(before), since, stage.t("no_earlier"))


def changed(
    stage: Stage,
    indicator: Indicator,
    delta: float | None,
    since: str,
    missing: str,
    *,
    brief: bool = False,
) -> Markup:
    """A change since some time, in points for a rate, with its direction as good or bad; in the
    words of ``missing`` where it is not known. ``brief`` leaves the unit of an amount to the number
    beside it."""
    if delta is None:
        return h("span", missing, cls="change none")
    gap = " ".join if stage.lang == "en" else "".join
    if not delta:
        return h("span", gap([since, stage.t("no_change")]), cls="change same")
    good = {"lower": delta < 0, "higher": delta > 0}.get(indicator.better)
    tone = "same" if good is None else "better" if good else "worse"
    arrow = "▲" if delta > 0 else "▼"
    measure = stage.measure(indicator.unit)
    size = measure.compact(abs(delta)) if brief and measure.kind == "count" else measure.gap(delta)
    text = f"{arrow} {size}"
    return h("span", gap([since, " "]), h("b", text), cls=f"change {tone}")


def kpi(stage: Stage, key: str) -> Markup:
    """One card: the indicator's name, its number opening the households, light, and change."""
    year = stage.view.year
    indicator = stage.county.targets.aimed(key, stage.view.region, year, stage.scope)
    now, before = stage.cell(key), stage.cell(key, year=year - 1)
    measure = stage.measure(indicator.unit)
    value = measure.compact(now.value)
    href = stage.behind(key) if now.numerator else ""
    content = (
        h("span", stage.named(indicator), cls="name"),
        h("span", value, h("span", measure.unit, cls="unit"), cls="value"),
        light(stage, indicator, now.value),
        change(stage, indicator, now, before, year - 1),
    )
    return link(href, *content, cls="kpi") if href else h("div", *content, cls="kpi")


def table(
    head: Iterable[Any],
    rows: Iterable[Row | Band],
    *,
    numeric: Iterable[int] = (),
    cls: str = "data",
) -> Markup:
    """A table; ``numeric`` columns are right aligned. The first cell of a row is its head."""
    right = set(numeric)
    heads = list(head)

    def cell(tag: str, index: int, given: Any) -> Markup:
        td = given if isinstance(given, Td) else Td(given, "")
        classes = " ".join(filter(None, ("num" if index in right else None, td.cls)))
        if tag == "td" and index == 0:
            return h("th", td.content, cls=classes or None, scope="row")
        scope = "col" if tag == "th" else None
        return h(tag, td.content, cls=classes or None, style=td.style, scope=scope)

    def line(row: Row | Band) -> Markup:
        if isinstance(row, Band):
            wide = h("th", row.title, colspan=len(heads), scope="rowgroup")
            return h("tr", wide, cls="band")
        return h("tr", *(cell("td", i, c) for i, c in enumerate(row)))

    body = [line(row) for row in rows]
    top = h("thead", h("tr", *(cell("th", i, c) for i, c in enumerate(heads))))
    return h("div", h("table", top, h("tbody", *body), cls=cls), cls="table")


def folded(title: str, subtitle: str, *content: Any) -> Markup:
    """A finding with what tells it in detail, folded until it is asked for."""
    small = h("p", subtitle, cls="sub") if subtitle else ""
    return h("details", h("summary", h("h2", title)), small, *content, cls="fold")


def facts(pairs: Iterable[tuple[str, Any]]) -> Markup:
    """Names over values, side by side as far as the width goes."""
    cells = (h("div", h("dt", name), h("dd", value)) for name, value in pairs)
    return h("dl", *cells, cls="facts cells")


def crumbs(*steps: Any) -> Markup:
    """Where this is: from the county inwards."""
    return h("nav", h("ol", *(h("li", step) for step in steps)), cls="crumbs")


def facet(name: str, count: str, href: str, chosen: bool = False) -> Markup:
    """A filter with the number that it would leave; without one there is nothing to click."""
    told = h("span", count, cls="count num")
    if not href:
        return h("span", name, told, cls="facet muted")
    return markup.link(href, name, told, aria_current="true" if chosen else None)


def counted(name: str, count: int, href: str, chosen: bool = False) -> Markup:
    """The same of a count; of none there is nothing to open."""
    return facet(name, f"{count:,}", href if count else "", chosen)


def facet_way(name: str, href: str, chosen: bool) -> Markup:
    """A part of the page to go to; the one shown is marked."""
    return markup.link(href, name, aria_current="true" if chosen else None)


def chosen_facet(stage: Stage, name: str, href: str) -> Markup:
    """A filter that is on, and a click that takes it off; how many it leaves is said above."""
    title = stage.t("take_back")
    return markup.link(href, name, h("span", "×", cls="count"), aria_current="true", title=title)


def groups_unknown(stage: Stage) -> Markup:
    """Why nothing is known of the six groups: they were not watched yet, or facts are missing."""
    first = min(rule.since for rule in stage.county.rules.values())
    if stage.view.year < first:
        said = stage.t("six_groups_not_yet", since=first, year=stage.view.year)
    else:
        said = stage.t("six_groups_unknown")
    return empty(stage, stage.t("six_groups"), said)


def empty(stage: Stage, title: str, hint: Any) -> Markup:
    """A designed nothing: what is not there, what to do, and which tables were never loaded."""
    absent = [stage.t(f"table_{table}") for table in stage.absent_tables]
    names = ("、" if stage.lang == "zh" else ", ").join(absent)
    missing = h("p", stage.t("tables_absent", tables=names)) if absent else None
    return h("div", h("strong", title), hint, missing, cls="empty", role="status")
