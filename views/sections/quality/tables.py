"""Findings of suspicious data as tables: by check, by check and place, and one check alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from charts import bars
from charts.breaks import classify, make_breaks
from charts.foremost import rated
from glossary import documents
from metrics import quality
from metrics.county import Place
from metrics.quality import Asked, Tally
from metrics.shares import percent
from rules.checks import LEVELS, SEVERITIES, Check
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import chart_blocks, finding_words, pieces, threshold_sources

_ANY = ("new", "staying", "gone", "open")


def _ordered(checks: Iterable[Check], tally: Tally) -> list[Check]:
    """By level, then the gravest, then the most findings."""
    return sorted(
        checks,
        key=lambda check: (
            LEVELS.index(check.level),
            SEVERITIES.index(check.severity),
            -tally.of_check(check.key),
        ),
    )


def _with_findings(stage: Stage, tally: Tally) -> list[Check]:
    return [c for c in stage.county.checks.values() if any(tally.by_check[c.key, x] for x in _ANY)]


def by_check(stage: Stage, tally: Tally, told: Mapping[str, Asked], compared: bool) -> None:
    """Findings by check, grouped by what is looked at; bars with their numbers."""
    shown = _ordered(_with_findings(stage, tally), tally)
    most = max((tally.of_check(check.key) for check in shown), default=0)
    rows: list[Any] = []
    for index, check in enumerate(shown):
        if index == 0 or shown[index - 1].level != check.level:
            rows.append(pieces.Band(stage.t(f"checked_{check.level}")))
        rows.append(_check_row(stage, check, tally, told, most, compared))
    standing = [check for check in shown if tally.of_check(check.key)]
    title = stage.t("by_check_finding", found=len(standing), all=len(stage.county.checks))
    parts = [pieces.heading(title, stage.t("by_check_sub"))]
    if rows:
        parts.append(_by_check_table(stage, rows, compared))
    components.paper(h("section", *parts, _clean(stage, tally, told)), key="by_check")


def most_found(
    stage: Stage, tally: Tally, told: Mapping[str, Asked], compared: bool, lines: int = 7
) -> None:
    """The checks with the most findings, and where all of them are listed."""
    found = sorted(_with_findings(stage, tally), key=lambda c: (-tally.of_check(c.key), c.key))
    standing = [check for check in found if tally.of_check(check.key)]
    title = stage.t("by_check_finding", found=len(standing), all=len(stage.county.checks))
    head = pieces.heading(title, stage.t("most_found_sub", count=len(standing[:lines])))
    if not standing:
        components.paper(h("section", head, _clean(stage, tally, told)), key="by_check")
        return
    most = tally.of_check(standing[0].key)
    rows = [_check_row(stage, c, tally, told, most, compared) for c in standing[:lines]]
    every = pieces.link(stage.href("quality", part="checks"), stage.t("all_checks"))
    table = _by_check_table(stage, rows, compared)
    html = h("section", head, table, h("p", every, cls="sub"), _clean(stage, tally, told))
    components.paper(html, key="by_check")


def _by_check_table(stage: Stage, rows: Sequence[Any], compared: bool) -> Markup:
    head = [stage.t("check"), stage.t("severity"), stage.t("findings")]
    head += [stage.t("change_new"), stage.t("change_gone")] if compared else []
    head += [stage.t("looked_at"), stage.t("cannot_tell")]
    return pieces.table(head, rows, numeric=range(2, len(head)), cls="data tight checks")


def _check_row(
    stage: Stage, check: Check, tally: Tally, told: Mapping[str, Asked], most: int, compared: bool
) -> tuple[Any, ...]:
    count = tally.of_check(check.key)
    part = f"--part: {percent(count, most) or 0:.1f}"
    opens = stage.href("quality", check=check.key)
    number = pieces.number(stage, count, "entries", opens)
    changes = (
        pieces.number(
            stage,
            tally.by_check[check.key, change],
            "entries",
            stage.href("quality", check=check.key, change=change),
        )
        for change in (("new", "gone") if compared else ())
    )
    asked = told.get(check.key, Asked(0, 0))
    return (
        pieces.link(opens, stage.named(check)),
        finding_words.severity(stage, check.severity),
        pieces.Td(number, "bar", part),
        *changes,
        f"{asked.subjects:,}",
        pieces.number(stage, asked.unknown, "entries"),
    )


def _clean(stage: Stage, tally: Tally, told: Mapping[str, Asked]) -> Markup:
    """The checks that found nothing, and of how much they could not tell."""
    found = {check.key for check in _with_findings(stage, tally)}
    without = [check for check in stage.county.checks.values() if check.key not in found]
    rows = [
        (
            pieces.link(stage.href("quality", check=check.key), stage.named(check)),
            stage.t(f"checked_{check.level}"),
            f"{asked.subjects:,}",
            pieces.number(stage, asked.unknown, "entries"),
        )
        for check in without
        for asked in (told.get(check.key, Asked(0, 0)),)
    ]
    blind = [c for c in without if c.key in told and told[c.key].unknown]
    summary = stage.t("clean_checks", count=len(without), blind=len(blind))
    head = [stage.t(key) for key in ("check", "checked", "looked_at", "cannot_tell")]
    return h("details", h("summary", summary), pieces.table(head, rows, numeric=(2, 3)))


def matrix(stage: Stage, tally: Tally) -> None:
    """Checks by the places directly below: findings, shaded by size, each opening its list."""
    places = stage.county.children(stage.view.region, stage.scope)
    checks = [c for c in _ordered(_with_findings(stage, tally), tally) if tally.of_check(c.key)]
    if not places or not checks:
        return
    cells = {key: count for key, count in tally.by_place.items() if count}
    shades = dict(zip(cells, classify(cells.values(), make_breaks(cells.values())), strict=True))

    def cell(check: Check, place: str) -> pieces.Td:
        count = cells.get((check.key, place), 0)
        opens = stage.href("quality", region=place, check=check.key)
        shade = shades.get((check.key, place))
        cls = "heat" if shade is None else f"heat heat-{shade}"
        return pieces.Td(pieces.number(stage, count, "entries", opens), cls)

    names = [
        pieces.link(stage.href("quality", region=place.code), place.short_name) for place in places
    ]
    # What is of the place itself, such as a whole file, is of none of those below it.
    here = stage.view.region
    own = any(place == here for _, place in cells)
    head = [stage.t("check"), stage.t("total"), *names, *([stage.t("place_itself")] if own else [])]
    rows = [
        (
            stage.named(check),
            f"{tally.of_check(check.key):,}",
            *(cell(check, p.code) for p in places),
            *([pieces.number(stage, cells.get((check.key, here), 0), "entries")] if own else []),
        )
        for check in checks
    ]
    table = pieces.table(head, rows, numeric=range(1, len(head)), cls="data tight")
    asked = quality.asked_below(stage.reader, stage.view.region)
    title = pieces.heading(_rates(stage, tally, asked, places), stage.t("matrix_sub"))
    components.paper(h("section", title, h("div", table, cls="wide")), key="matrix")


def _rates(
    stage: Stage,
    tally: Tally,
    asked: Mapping[tuple[str, str], Asked],
    places: Sequence[Place],
    check: Check | None = None,
) -> str:
    """Where findings are frequent among what was looked at, of one check or of all."""
    rates = quality.rates(
        tally, asked, [place.code for place in places], check.key if check else None
    )
    placed = [rated(stage.name(code), *of) for code, of in rates.items()]
    return chart_blocks.ranking(stage, stage.t("matrix_finding"), placed, stage.t("places"))


def chosen(stage: Stage, check: Check, tally: Tally, told: Mapping[str, Asked]) -> None:
    """One check: what it says, what it looked at, and where it finds most."""
    asked = told.get(check.key, Asked(0, 0))
    facts = pieces.facts(
        [
            (stage.t("severity"), finding_words.severity(stage, check.severity)),
            (stage.t("findings"), f"{tally.of_check(check.key):,}"),
            (stage.t("looked_at"), f"{stage.t(f'checked_{check.level}')} {asked.subjects:,}"),
            (stage.t("cannot_tell"), f"{asked.unknown:,}"),
            (stage.t("source"), documents(check.source, stage.lang)),
        ]
    )
    back = pieces.link(stage.href("quality", check=None), stage.t("all_checks"))
    title = pieces.heading(stage.named(check), finding_words.general(stage, check))
    doubts = threshold_sources.note_on(stage, check.where, stage.county.data_date)
    components.paper(h("section", title, facts, doubts, h("p", back)), key="chosen")
    _places(stage, check, tally)


def _places(stage: Stage, check: Check, tally: Tally) -> None:
    places = stage.county.children(stage.view.region, stage.scope)
    found = [
        bars.Bar(
            place.short_name,
            tally.by_place[check.key, place.code],
            stage.href("quality", region=place.code),
        )
        for place in places
        if tally.by_place[check.key, place.code]
    ]
    if len(found) < 2:
        return
    measure = stage.measure("entries")
    asked = quality.asked_below(stage.reader, stage.view.region)
    title = _rates(stage, tally, asked, places, check)
    sub = stage.t("places_sub", found=len(found), all=len(places))
    chart = bars.ranked(
        found,
        measure=measure,
        words=chart_blocks.words(title, sub, stage.t("place"), measure.unit, stage=stage),
        frame=chart_blocks.frame(),
    )
    chart_blocks.show(chart, "places", stage)
