"""Settlement sites: what each has, how many of its households are settled, and what they lack."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from metrics import relocation
from metrics.relocation import OF_SITES, STANDARDS
from metrics.shares import percent
from rules.registry import rules
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import pieces
from views.parts.column_words import dated, say

_MORE = ("workshops", "jobs", "follow_up_yuan", "accepted_on")
_SHORT = tuple(key.removeprefix("relocation_") for key in STANDARDS)


def worst(stage: Stage) -> None:
    """The sites where most households are not settled, at most seven."""
    found = relocation.sites(stage.reader, stage.view.region, stage.newest)
    rows = relocation.worst(found)
    if not rows:
        return
    first = rows[0]
    title = stage.t(
        "relocation_worst",
        site=_name(first),
        count=f"{first['settled_missed']:,}",
        households=f"{first['households']:,}",
    )
    html = pieces.folded(title, stage.t("relocation_worst_sub"), _table(stage, rows))
    components.paper(html, key="worst")


def every(stage: Stage) -> None:
    """Every site: what it has, and its households by standard."""
    found = relocation.sites(stage.reader, stage.view.region, stage.newest)
    if not found:
        none = pieces.empty(stage, stage.t("part_sites"), stage.t("no_rows_hint"))
        components.paper(none, key="sites")
        return
    table = h("div", _table(stage, found, whole=True), cls="wide")
    title = stage.t("relocation_every_site", count=len(found))
    html = h("section", pieces.heading(title, stage.t("relocation_every_site_sub")), table)
    components.paper(html, key="sites")


def _table(stage: Stage, rows: Iterable[Mapping[str, Any]], *, whole: bool = False) -> Markup:
    numbers = ["planned_households", "relocation_here", *(_MORE if whole else ())]
    lacking = ["short_settled", *(f"short_{key}" for key in _SHORT)]
    keys = ["site", *numbers, *(f"short_{key}" for key in OF_SITES), *lacking]
    numeric = [i for i, key in enumerate(keys) if key in (*numbers, *lacking)]
    head = [stage.t(key) for key in keys]
    body = [_row(stage, row, whole) for row in rows]
    return pieces.table(head, body, numeric=numeric, cls="data tight")


def _row(stage: Stage, row: Mapping[str, Any], whole: bool) -> tuple[Any, ...]:
    def opens(*told: str) -> str:
        if not relocation.allows((row["site_id"],)):
            return ""
        return stage.selected("site", row["site_id"], *told, year=stage.newest)

    def number(column: str, href: str = "", unit: str = "households") -> Markup:
        return pieces.number(stage, row[column], unit, href)

    about = (
        number("workshops", unit="sites"),
        number("jobs", unit="entries"),
        say(stage, "follow_up_yuan", row["follow_up_yuan"], unit=False),
        dated(stage, row, "accepted_on"),
    )
    missed = [
        number(f"{short}_missed", opens(key, "missed"))
        for short, key in zip(_SHORT, STANDARDS, strict=True)
    ]
    share = stage.measure("percent").text(percent(row["settled_met"], row["households"]))
    return (
        pieces.Td(_name_of(stage, row), "firm"),
        number("planned_households"),
        number("households", opens()),
        *(about if whole else ()),
        *(_has(stage, row, key) for key in OF_SITES),
        share,
        *missed,
    )


def _name_of(stage: Stage, row: Mapping[str, Any]) -> Markup:
    """The site, which opens its village where that may be seen, and whether it is large."""
    village = row["village_code"]
    href = stage.href("village", region=village) if village else ""
    large = h("small", " ", stage.t("large_site"), cls="sub") if row["large"] else None
    return h("span", pieces.link(href, _name(row)), large)


def _name(row: Mapping[str, Any]) -> str:
    return row["name"] or row["site_id"]


def _has(stage: Stage, row: Mapping[str, Any], key: str) -> Markup:
    """Whether a site has something: a shape and a word; all of its households answer alike."""
    if row[f"{key}_met"]:
        return h("span", stage.t("has_it"), cls="light good", title=stage.named(rules()[key]))
    if row[f"{key}_missed"]:
        return h("span", stage.t("lacks_it"), cls="light bad", title=stage.named(rules()[key]))
    return h("span", "—", cls="missing", title=stage.t("unknown"))
