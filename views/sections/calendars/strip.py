"""Months by kinds of money: to how many households a month's money did not come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from charts.breaks import classify, make_breaks
from glossary import label
from metrics import calendars
from metrics.calendars import KINDS, Summary
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import pieces

_Cells = Mapping[tuple[str, date], Summary]


def draw(stage: Stage) -> None:
    """The strip; a designed nothing where nothing is recorded."""
    cells = calendars.by_month(stage.reader, stage.view.region, stage.newest)
    if not cells:
        none = pieces.empty(stage, stage.t("calendar_kinds_none"), stage.t("no_rows_hint"))
        components.paper(none, key="strip")
        return
    shown = calendars.months(stage.county.data_date)
    shares = {at: share for at, one in cells.items() if (share := one.lacking_share)}
    shades = dict(zip(shares, classify(shares.values(), make_breaks(shares.values())), strict=True))
    kinds = [kind for kind in KINDS if any(at[0] == kind for at in cells)]
    rows = [
        (
            label("payment_kind", kind, stage.lang),
            *(_cell(stage, kind, month, cells, shades) for month in shown),
        )
        for kind in kinds
    ]
    head = [stage.t("payment_kind"), *(_month(month) for month in shown)]
    table = pieces.table(head, rows, numeric=range(1, len(head)), cls="data tight places strip")
    title = pieces.heading(_most(stage, cells), stage.t("calendar_strip_sub"))
    components.paper(h("section", title, h("div", table, cls="wide")), key="strip")


def _month(month: date) -> Markup:
    """A month's head, the year over the first of each."""
    text = f"{month.year}-{month.month:02d}"
    return h("time", f"{month.month:02d}", datetime=text, title=text)


def _most(stage: Stage, cells: _Cells) -> str:
    """The kind and month that most households waited for."""
    lacking, (kind, month) = max((one.lacking, at) for at, one in cells.items())
    if not lacking:
        return stage.t("calendar_strip_calm")
    named = label("payment_kind", kind, stage.lang)
    return stage.t("calendar_strip", kind=named, month=f"{month:%Y-%m}", count=f"{lacking:,}")


def _cell(
    stage: Stage,
    kind: str,
    month: date,
    cells: _Cells,
    shades: Mapping[tuple[str, date], int | None],
) -> pieces.Td:
    """How many households lack it; else what there is to say of the month, in a word."""
    one = cells.get((kind, month))
    if one is None:
        return pieces.Td(h("span", "·", cls="muted"), "")
    if one.lacking:
        content = pieces.number(
            stage, one.lacking, "households", opens(stage, kind, month, "lacking")
        )
        return pieces.Td(content, f"heat heat-{shades[kind, month]}")
    for state, mark, cls in (
        ("unknown", stage.t("calendar_unknown_mark"), "heat heat-missing"),
        ("late", stage.t("calendar_late_mark"), "heat"),
        ("open", "…", "heat"),
    ):
        if one.payments[state]:
            return pieces.Td(pieces.link(opens(stage, kind, month, state), mark), cls)
    return pieces.Td(pieces.number(stage, 0, "households"), "heat")


def opens(stage: Stage, kind: str, month: date | None, state: str) -> str:
    """Address of the households with such a payment."""
    when = "any" if month is None else calendars.month_key(month)
    return stage.selected("calendar", kind, when, state, year=stage.newest)
