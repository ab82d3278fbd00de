"""How much is late: in all, by system, by place and by unit in charge."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pyarrow as pa

from charts.breaks import classify, make_breaks
from findings import asking
from glossary import offices
from metrics import overdue
from metrics.overdue import ALL, BETWEEN, PROBLEMS, SYSTEMS
from state.database import StateError, kept_open
from store.reader import Reader
from views.browser import components
from views.browser.markup import Markup, h
from views.browser.notices import notice
from views.context.stage import Stage
from views.parts import chart_blocks, pieces

# What each system is called: the page that it has, or its own term.
NAMES = {
    "ledgers": "page_ledgers",
    "monitoring": "page_monitoring",
    "sieves": "page_sieves",
    "inspections": "inspections_title",
    PROBLEMS: "page_problems",
}
_UNITS = 7  # of a list on the first screen


def asked(stage: Stage, reader: Reader | None = None) -> pa.Table:
    """All that is late in the view's place."""
    county = stage.county
    return overdue.overdue(
        reader or stage.reader, stage.view.region, county.data_date, _problems(stage)
    )


def _problems(stage: Stage) -> list[dict[str, Any]]:
    """Problems past the day that they were due, by this machine's clock; none, in words, where
    they cannot be read."""
    today = datetime.now().astimezone().date()
    wanted = asking.Filter(stage.view.region, today, "overdue")
    try:
        with kept_open(stage.county.home.path).reading() as session:
            rows = asking.listed(session, stage.viewer, wanted)
            return [_problem(row, asking.days_late(row, today)) for row in rows]
    except StateError:
        notice([stage.t("state_unread")], alert=True, key="problems_unread")
        return []


def _problem(row: asking.Row, days: int) -> dict[str, Any]:
    finding = row.finding
    return {
        "system": PROBLEMS,
        "item": str(finding.number),
        "kind": finding.kind,
        "village_code": finding.region_code,
        "household_id": finding.household_id,
        "what": finding.title,
        "responsible": BETWEEN.join(row.units) or None,
        "due_on": finding.due,
        "days": days,
    }


def headline(stage: Stage, found: pa.Table) -> None:
    """How many are late and for how long; each system opens its list."""
    here = overdue.together(overdue.by_place(found, len(stage.view.region)))
    count = overdue.all_systems(here)
    place = stage.place.name
    if count:
        said = stage.t("overdue_finding", place=place, count=count, days=here["longest"])
    else:
        said = stage.t("overdue_none", place=place)
    counts = {ALL: count} | {system: here[system] for system in SYSTEMS}
    html = h(
        "section",
        h("h1", said),
        h("p", stage.t("overdue_sub", date=stage.county.data_date), cls="sub"),
        h("div", *(_facet(stage, system, n) for system, n in counts.items()), cls="facets"),
    )
    components.paper(html, key="headline")


def name(stage: Stage, system: str) -> str:
    """What a system is called."""
    return stage.t(NAMES[system]) if system in NAMES else stage.t("overdue_all")


def _facet(stage: Stage, system: str, count: int) -> Markup:
    chosen = stage.view.part == system
    href = stage.href("overdue", part=None if chosen else system, page=1)
    return pieces.facet(name(stage, system), f"{count:,}", href if count or chosen else "", chosen)


def places_and_units(stage: Stage, found: pa.Table) -> None:
    """Places by systems beside the units that have most."""
    if not found.num_rows:
        hint = pieces.empty(stage, stage.t("overdue_nothing"), stage.t("overdue_nothing_hint"))
        components.paper(hint, key="places")
        return
    parts = [lambda: _places(stage, found)]
    units = overdue.by_unit(found)
    if units:
        parts.append(lambda: _units(stage, units))
    chart_blocks.columns([3, 2][: len(parts)], parts)


def _places(stage: Stage, found: pa.Table) -> None:
    below = stage.county.children(stage.view.region, stage.scope)
    digits = len(below[0].code) if below else len(stage.view.region)
    by = overdue.by_place(found, digits)
    order = sorted(by, key=lambda code: (-overdue.all_systems(by[code]), code))
    cells = {(code, system): by[code][system] for code in order for system in SYSTEMS}
    shades = dict(zip(cells, classify(cells.values(), make_breaks(cells.values())), strict=True))
    most = by[order[0]]
    title = stage.t(
        "overdue_most", place=_place(stage, order[0]), count=f"{overdue.all_systems(most):,}"
    )
    body = [_place_row(stage, code, by[code], shades) for code in order]
    head = (
        stage.t("place"),
        *(name(stage, system) for system in SYSTEMS),
        stage.t("overdue_all"),
        stage.t("overdue_longest"),
    )
    table = pieces.table(head, body, numeric=range(1, len(head)), cls="data tight places")
    html = h("section", pieces.heading(title, stage.t("overdue_places_sub")), table)
    components.paper(html, key="places")


def _place(stage: Stage, code: str) -> str:
    return stage.name(code) if code in stage.county.places else code


def _place_row(
    stage: Stage, code: str, one: Mapping[str, int], shades: Mapping[tuple[str, str], int | None]
) -> tuple[Any, ...]:
    def opens(system: str) -> str:
        return stage.href("overdue", region=code, part=system, page=1)

    def cell(system: str) -> pieces.Td:
        shown = pieces.number(stage, one[system], "entries", opens(system))
        shade = shades[code, system] if one[system] else None
        return pieces.Td(shown, "" if shade is None else f"heat heat-{shade}")

    here = stage.href("overdue", region=code)
    return (
        pieces.link(here, _place(stage, code), cls="firm"),
        *(cell(system) for system in SYSTEMS),
        pieces.number(stage, overdue.all_systems(one), "entries", opens(ALL)),
        f"{one['longest']:,}",
    )


def _units(stage: Stage, units: Mapping[str | None, tuple[int, int]]) -> None:
    shown = list(units.items())[:_UNITS]
    first, (count, _) = shown[0]
    title = stage.t("overdue_unit", unit=_unit(stage, first), count=f"{count:,}")
    body = [
        (pieces.Td(_unit(stage, unit), "said"), f"{late:,}", f"{days:,}")
        for unit, (late, days) in shown
    ]
    head = (stage.t("overdue_responsible"), stage.t("overdue_items"), stage.t("overdue_longest"))
    sub = stage.t("overdue_units_sub", shown=len(shown), count=len(units))
    table = pieces.table(head, body, numeric=(1, 2), cls="data tight")
    components.paper(h("section", pieces.heading(title, sub), table), key="units")


def _unit(stage: Stage, unit: str | None) -> str:
    return offices(unit, stage.lang) if unit else stage.t("overdue_nobody")
