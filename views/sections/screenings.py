"""What the screenings page draws: the headline, units in charge, places, and the findings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from charts.breaks import classify, make_breaks
from charts.foremost import rated
from glossary import label, offices
from metrics import sieves
from metrics.county import Place
from metrics.gaps import every as every_gap
from metrics.shares import percent
from metrics.sieves import SIEVES, STATES, Clock, Concerned, FindingFilter, Screening
from views.browser import components
from views.browser.markup import Markup, h
from views.context import choice_bar
from views.context.stage import Stage
from views.parts import chart_blocks, paged_list, pieces
from views.parts.column_words import dated
from views.sections import gaps

# The part of the page that lists the findings of all screenings.
_LIST = "list"
_COUNTED = ("found", "closed", "open", "due", "overdue")


def clock(stage: Stage) -> Clock:
    day = stage.county.data_date
    held = stage.county.parameters["due_soon_days"].at(day)
    return Clock(day, day + timedelta(days=held.value if held else 0))


def _name(stage: Stage, sieve: str) -> str:
    return label("sieve", sieve, stage.lang)


def _state(stage: Stage, state: str) -> str:
    """What became of a finding; ``found`` is any of them."""
    return (
        stage.t("sieve_mended") if state == "closed" else label("ledger_state", state, stage.lang)
    )


def _wanted(stage: Stage) -> FindingFilter:
    state = stage.view.state if stage.view.state in STATES else None
    return FindingFilter(stage.view.region, _sieve(stage), state, gaps.asked(stage))


def _sieve(stage: Stage) -> str | None:
    """The screening whose findings are listed; None for all."""
    return stage.view.part if stage.view.part in SIEVES else None


def _here(stage: Stage) -> dict[str, Screening]:
    found = sieves.screenings(stage.reader, clock(stage), stage.view.region)
    return {key: by_place[stage.view.region] for key, by_place in found.items()}


def headline(stage: Stage) -> None:
    """How much was found and mended, and what is overdue; each state narrows the list."""
    here = _here(stage)
    total = dict.fromkeys(_COUNTED, 0) | sieves.findings_total(here.values())
    text = stage.t(
        "sieves_finding",
        place=stage.place.name,
        count=len(here),
        found=f"{total['found']:,}",
        mended=f"{total['closed']:,}",
        share=stage.measure("percent").text(percent(total["closed"], total["found"])),
        overdue=f"{total['overdue']:,}",
    )
    facets = [_facet(stage, state, total[state]) for state in STATES]
    sub = h("p", stage.t("sieves_sub", date=stage.county.data_date), cls="sub")
    html = h("section", h("h1", text), sub, h("div", *facets, cls="facets"))
    components.paper(html, key="headline")


def _facet(stage: Stage, state: str, count: int) -> Markup:
    chosen = stage.view.state == state
    href = stage.href("sieves", state=None if chosen else state)
    return pieces.facet(_state(stage, state), f"{count:,}", href if count or chosen else "", chosen)


def by_unit(stage: Stage) -> None:
    """Every screening under its unit in charge: how far it went, what it found, what was mended."""
    here = _here(stage)
    known, day = stage.county.parameters, stage.county.data_date
    held = {key: known[key].at(day) for key in sieves.THRESHOLDS}
    limits = {key: value.value if value else None for key, value in held.items()}
    about = sieves.concerned(stage.reader, stage.view.region, stage.newest, here, limits)
    units: dict[str | None, list[str]] = {}
    for sieve in SIEVES:
        unit = here[sieve].unit if sieve in here else None
        units.setdefault(unit, []).append(sieve)
    rows = [
        _row(stage, key, unit, here.get(key), about.get(key, Concerned(None)))
        for unit, keys in units.items()
        for key in keys
    ]
    head = (
        stage.t("sieve"),
        stage.t("unit_in_charge"),
        stage.t("screened"),
        stage.t("sieve_about"),
        stage.t("screened_share"),
        stage.t("sieve_findings"),
        *(_state(stage, state) for state in ("closed", "open", "due", "overdue")),
        stage.t("mended_share"),
    )
    html = h(
        "section",
        pieces.heading(_slowest(stage, here), stage.t("sieves_units_sub")),
        pieces.table(head, rows, numeric=range(2, 11), cls="data tight"),
    )
    components.paper(html, key="by_unit")


def _slowest(stage: Stage, here: Mapping[str, Screening]) -> str:
    """Whose findings are overdue most often, as a sentence."""
    by = sieves.by_unit(here)
    if not any(late for late, _ in by.values()):
        return stage.t("sieves_none_late")
    rates = [rated(_office(stage, unit), *counts) for unit, counts in by.items()]
    return chart_blocks.ranking(stage, stage.t("sieves_late"), rates, stage.t("units_in_charge"))


def _office(stage: Stage, unit: str | None) -> str:
    return offices(unit, stage.lang) if unit else stage.t("no_unit")


def _row(
    stage: Stage, sieve: str, office: str | None, found: Screening | None, about: Concerned
) -> tuple[Any, ...]:
    link = pieces.link(stage.href("sieves", part=sieve), _name(stage, sieve))
    name = pieces.Td(link, "firm")
    if found is None:
        unknown = (pieces.number(stage, None, "entries") for _ in range(9))
        return (name, _office(stage, office), *unknown)
    unit = stage.t("unit_villages" if found.of_villages else "unit_households")
    opens = "" if found.of_villages else stage.selected("sieve", sieve, "screened")
    screened = h("span", pieces.number(stage, found.screened, "entries", opens), " ", unit)
    rate = stage.measure("percent").text
    return (
        name,
        pieces.Td(_office(stage, office), "firm" if stage.lang == "zh" else ""),
        screened,
        _about(stage, sieve, found, about),
        rate(percent(found.screened, about.count)),
        *(
            pieces.number(stage, getattr(found, key), "entries", _opens(stage, sieve, key))
            for key in _COUNTED
        ),
        rate(percent(found.closed, found.found)),
    )


def _about(stage: Stage, sieve: str, found: Screening, about: Concerned) -> Markup:
    """How many a screening is about, and whom: villages, or the households that it is for, with
    how many others are on its list."""
    kind = "villages" if found.of_villages else sieve if sieve in sieves.ABOUT else "listed"
    whom = stage.t(f"about_{kind}")
    if about.beside and kind != "listed":
        whom = stage.t("sieve_about_beside", whom=whom, beside=f"{about.beside:,}")
    told = h("small", whom, cls="sub")
    return h("span", pieces.number(stage, about.count, "entries"), " ", told)


def _opens(stage: Stage, sieve: str, state: str, region: str | None = None) -> str:
    return stage.href(
        "sieves",
        region=region or stage.view.region,
        part=sieve,
        state=None if state == "found" else state,
    )


def by_place(stage: Stage) -> None:
    """Places by screenings: findings not mended yet, of all that were found."""
    places = stage.county.children(stage.view.region, stage.scope)
    if not places:
        return
    digits = len(places[0].code)
    found = sieves.screenings(stage.reader, clock(stage), stage.view.region, digits)
    left = {
        (sieve, code): one.left for sieve, by_code in found.items() for code, one in by_code.items()
    }
    if not any(left.values()):
        return
    shades = dict(zip(left, classify(left.values(), make_breaks(left.values())), strict=True))
    totals = sieves.unmended(found)
    rates = [rated(stage.name(p.code), *totals.get(p.code, (None, None))) for p in places]
    title = chart_blocks.ranking(stage, stage.t("sieves_most"), rates, stage.t("places"))
    body = [_place_row(stage, place, found, shades) for place in places]
    head = (stage.t("place"), *(_name(stage, sieve) for sieve in SIEVES))
    html = h(
        "section",
        pieces.heading(title, stage.t("sieves_places_sub")),
        h(
            "div",
            pieces.table(head, body, numeric=range(1, len(head)), cls="data tight places"),
            cls="wide",
        ),
    )
    components.paper(html, key="by_place")


def _place_row(
    stage: Stage,
    place: Place,
    found: Mapping[str, Mapping[str, Screening]],
    shades: Mapping[tuple[str, str], int | None],
) -> tuple[Any, ...]:
    def cell(sieve: str) -> pieces.Td:
        one = found.get(sieve, {}).get(place.code)
        if one is None:
            return pieces.Td(pieces.number(stage, None, "entries"), "heat heat-missing")
        text = f"{one.left}/{one.found}" if one.found else "0"
        href = _opens(stage, sieve, "found", place.code) if one.found else ""
        content = pieces.link(href, text, cls=None if one.found else "muted")
        return pieces.Td(content, f"heat heat-{shades[sieve, place.code]}")

    opens = stage.href("village" if place.level == "village" else "sieves", region=place.code)
    return (pieces.link(opens, place.short_name, cls="firm"), *(cell(key) for key in SIEVES))


def findings(stage: Stage) -> None:
    """The findings asked for, those overdue longest first, and their workbook."""
    options = [_LIST, *SIEVES]

    def read(sieve: str) -> str:
        return stage.t("all_sieves") if sieve == _LIST else _name(stage, sieve)

    choice = choice_bar.Choice("bar_part", stage.t("sieve"), options, read, stage.view.part)
    named = {"": stage.t("gap_any"), **{f"gap.{key}": gaps.name(stage, key) for key in every_gap()}}
    about = f"gap.{gaps.asked(stage)}" if gaps.asked(stage) else ""
    mended = choice_bar.Choice(
        "bar_about", stage.t("gap_named"), list(named), named.__getitem__, about
    )
    choice_bar.choices(stage, "sieves_bar", [choice, mended])
    wanted, now = _wanted(stage), clock(stage)
    count = sieves.count_findings(stage.reader, now, wanted)
    title = stage.t("sieves_listed", count=f"{count:,}")
    asked = paged_list.Wanted(
        title,
        _words(stage, wanted),
        count,
        lambda reader, *part: sieves.findings(reader, now, wanted, *part),
        whole=True,
    )
    paged_list.show(stage, asked, _columns(stage))


def _words(stage: Stage, wanted: FindingFilter) -> str:
    parts = [stage.place.name, str(stage.county.data_date)]
    if wanted.sieve:
        parts.append(_name(stage, wanted.sieve))
    if wanted.state:
        parts.append(_state(stage, wanted.state))
    if wanted.gap:
        parts.append(gaps.name(stage, wanted.gap))
    return " · ".join(parts)


def _columns(stage: Stage) -> list[paged_list.Column]:
    def household(row: paged_list.Row) -> str:
        return stage.href("household", id=row["household_id"]) if row["household_id"] else ""

    def village(row: paged_list.Row) -> str:
        return stage.href("village", region=row["village_code"])

    def told(column: str) -> Any:
        return lambda row: dated(stage, row, column)

    column = paged_list.Column
    return [
        column("sieve", told("sieve"), cls="firm"),
        column("village_code", told("village_code"), village, cls="firm"),
        column("household_id", lambda row: row["household_id"] or stage.t("whole_village"),
               household, cls="firm", width=20),
        column("head_name", lambda row: row["head_name"], cls="firm"),
        column("finding", lambda row: row["finding"], cls="said", width=36),
        column("unit_in_charge", told("unit_in_charge"), width=18),
        column("screened_on", told("screened_on"), cls="firm"),
        column("due_on", told("due_on"), cls="firm"),
        column("mended_on", told("mended_on"), cls="firm"),
        column("state", lambda row: _state(stage, row["state"]), cls="firm"),
        column("days_late", lambda row: row["days_late"], numeric=True),
    ]  # fmt: skip
