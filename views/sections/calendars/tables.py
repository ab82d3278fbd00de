"""The calendar by place, by kind of money, and what nobody wrote down."""

from __future__ import annotations

from glossary import label
from metrics import calendar_gaps, calendars
from metrics.calendars import MISSED, Summary
from metrics.county import Place
from rules.tally import Tally
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import pieces, place_table
from views.sections.calendars.strip import opens

_FEW = 7
_STATES = ("whole", "late", "short", "missed", "unknown", "open", "came")


def places(stage: Stage) -> None:
    """The places inside the one shown where most households waited, at most seven."""
    inside = stage.county.children(stage.view.region, stage.scope)
    if not inside:
        return None
    level = inside[0].level
    reader, region, year = stage.reader, stage.view.region, stage.newest
    missed = calendars.missed_by_place(reader, region, year, level)
    came = calendars.by_place(reader, region, year, level)
    asked = [place for place in inside if missed.get(place.code, Tally()).asked]
    if not asked:
        return place_table.none(stage)
    first = {code: place for place, code in enumerate(calendars.worst_first(missed))}
    worst = sorted(asked, key=lambda place: first[place.code])[:_FEW]
    place_table.show(
        stage,
        place_table.meeting(stage, stage.t("calendar_places"), missed, asked, level),
        stage.t("calendar_places_sub"),
        [stage.t("list_calendar_month_missed"), stage.t("calendar_came_head")],
        worst,
        lambda place: _of_place(stage, place, missed[place.code], came.get(place.code)),
    )
    return None


def _of_place(stage: Stage, place: Place, told: Tally, came: Summary | None) -> list[Markup | str]:
    href = stage.selected("rule", MISSED, "met", region=place.code, year=stage.newest)
    number = pieces.number(stage, told.known_met, "households", href)
    return [number, stage.measure("percent").text(came.share if came else None)]


def kinds(stage: Stage) -> None:
    """Each kind: households, money due and come, and households by what became of payments."""
    found = calendars.by_kind(stage.reader, stage.view.region, stage.newest)
    if not found:
        none = pieces.empty(stage, stage.t("calendar_kinds_none"), stage.t("no_rows_hint"))
        components.paper(none, key="kinds")
        return
    told = calendars.households_by_state(stage.reader, stage.view.region, stage.newest)
    rows = [_kind(stage, kind, one, told) for kind, one in found.items()]
    states = [
        stage.t("calendar_payments_head", state=stage.t(f"calendar_{state}")) for state in _STATES
    ]
    keys = ("due_yuan", "came_yuan", "calendar_came_head", "waiting_yuan")
    head = [stage.t("payment_kind"), *(stage.t(key) for key in keys), *states]
    table = pieces.table(head, rows, numeric=range(1, len(head)), cls="data tight")
    title = pieces.heading(_least(stage, found), stage.t("calendar_kinds_sub"))
    components.paper(h("section", title, h("div", table, cls="wide")), key="kinds")


def _least(stage: Stage, found: dict[str, Summary]) -> str:
    shares = {kind: one.share for kind, one in found.items() if one.share is not None}
    if not shares:
        return stage.t("calendar_kinds_none")
    kind = min(shares, key=lambda key: shares[key] or 0.0)
    return stage.t(
        "calendar_kinds_finding",
        kind=label("payment_kind", kind, stage.lang),
        share=stage.measure("percent").text(shares[kind]),
    )


def _kind(
    stage: Stage, kind: str, one: Summary, told: dict[tuple[str, str], int]
) -> tuple[Markup | pieces.Td | str, ...]:
    def money(value: float) -> str:
        return stage.measure("yuan").number(value) if one.share is not None else "—"

    states = (
        pieces.number(
            stage, told.get((kind, state), 0), "households", opens(stage, kind, None, state)
        )
        for state in _STATES
    )
    return (
        pieces.Td(label("payment_kind", kind, stage.lang), "firm"),
        money(one.due_yuan),
        money(one.came_yuan),
        stage.measure("percent").text(one.share),
        money(one.waiting_yuan),
        *states,
    )


def untold(stage: Stage) -> None:
    """What the data say nothing about, how much of it, and what would mend it."""
    found = calendar_gaps.gaps(stage.reader, stage.view.region, stage.newest)
    if not found:
        html = h("section", pieces.heading(stage.t("calendar_untold_none")))
        components.paper(html, key="untold")
        return
    rows = [
        (
            pieces.Td(stage.t(f"gap_{one.key}"), "said"),
            label("payment_kind", one.kind, stage.lang) if one.kind else "—",
            stage.measure(one.unit).text(one.count),
            pieces.Td(stage.t(f"gap_{one.key}_do"), "said"),
        )
        for one in found
    ]
    keys = ("calendar_gap_head", "payment_kind", "calendar_gap_count", "calendar_gap_do")
    head = [stage.t(key) for key in keys]
    title = stage.t("calendar_untold_finding", count=len({one.key for one in found}))
    heading = pieces.heading(title, stage.t("calendar_untold_sub"))
    table = pieces.table(head, rows, numeric=(2,), cls="data tight")
    components.paper(h("section", heading, table), key="untold")
