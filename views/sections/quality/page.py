"""What the quality page draws around its tables: choices, the headline, the list, the export."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import pyarrow as pa

from metrics.paging import page_count
from metrics.quality import (
    CHANGES,
    FindingFilter,
    Findings,
    Tally,
    comparable,
    findings_of,
)
from rules.checks import SEVERITIES
from store.scope import Scope
from store.snapshots import Home, NoSnapshot, SnapshotDamaged
from views.browser import components
from views.browser.markup import Markup, h
from views.context import choice_bar, witness
from views.context.stage import Stage
from views.parts import finding_words, follow_up, pieces, unrecorded, withdrawn_notice
from views.parts.follow_up import ChecksFollowUp
from views.parts.rolls_note import rolls_note
from views.sections.ledgers.households import turn_pages
from views.sections.quality import field_workbook


@lru_cache(maxsize=8)
def _earlier(folder: str, number: int, scope: Scope) -> pa.Table | None:
    """Another snapshot's findings; None where its files are gone or damaged."""
    try:
        return findings_of(Home(folder), number, scope)
    except (NoSnapshot, SnapshotDamaged):
        return None


def against(stage: Stage) -> int | None:
    """The snapshot that findings are compared with: the one asked for, or the one before."""
    others = comparable(stage.county.home, stage.view.snapshot)
    if stage.view.against in others:
        return stage.view.against
    return next((number for number in others if number < stage.view.snapshot), None)


def compared(stage: Stage) -> Findings:
    """The viewer's findings, beside those of the snapshot compared with."""
    other = against(stage)
    table = None
    if other is not None:
        table = _earlier(str(stage.county.home.path), other, stage.scope)
    return Findings(stage.reader, stage.county.checks, table)


def wanted(stage: Stage) -> FindingFilter:
    """The findings that the address asks for."""
    view = stage.view
    return FindingFilter(view.region, view.check, view.severity, view.change)


def filter_row(stage: Stage) -> None:
    """The check, and the snapshot compared with."""
    checks = stage.county.checks

    def read_check(key: str) -> str:
        if not key:
            return stage.t("all_checks")
        return f"{stage.t(f'checked_{checks[key].level}')} · {stage.named(checks[key])}"

    choices = [
        choice_bar.Choice(
            "bar_check",
            stage.t("check"),
            ["", *checks],
            read_check,
            stage.view.check or "",
            width=340,
        ),
        *_against_choice(stage),
    ]
    choice_bar.choices(stage, "quality_bar", choices)


def _against_choice(stage: Stage) -> list[choice_bar.Choice]:
    home, chosen = stage.county.home, against(stage)
    others = comparable(home, stage.view.snapshot)
    if chosen is None or len(others) < 2:
        return []
    read = withdrawn_notice.dated(stage, "against_of", others).__getitem__
    return [choice_bar.Choice("bar_against", stage.t("against"), others, read, chosen, width=220)]


def headline(stage: Stage, found: Findings, tally: Tally) -> None:
    """How many findings in how many households, and what changed; each number opens its list."""
    count, households = found.count(FindingFilter(stage.view.region))
    text = stage.t(
        "quality_finding", place=stage.place.name, count=f"{count:,}", households=f"{households:,}"
    )
    facets = [
        _facet(stage, finding_words.severity(stage, key), tally.by_severity[key], "severity", key)
        for key in SEVERITIES
    ]
    if found.compared:
        facets += [
            _facet(stage, stage.t(f"change_{key}"), tally.changes[key], "change", key)
            for key in CHANGES
        ]
    sub = h("p", _since(stage, found), cls="sub")
    components.paper(
        h("section", h("h1", text), sub, rolls_note(stage), h("div", *facets, cls="facets")),
        key="headline",
    )


def _since(stage: Stage, found: Findings) -> str:
    other = against(stage)
    if other is None or not found.compared:
        return stage.t("quality_alone", date=stage.county.data_date)
    date = stage.county.home.open(other, verify=False).data_date
    return stage.t("quality_since", date=stage.county.data_date, other=date, number=other)


def _facet(stage: Stage, name: Any, count: int, key: str, value: str) -> Markup:
    chosen = getattr(stage.view, key) == value
    asked: dict[str, Any] = {key: None if chosen else value}
    href = stage.href("quality", **asked)
    return pieces.facet(name, f"{count:,}", href if count or chosen else "", chosen)


def listed(stage: Stage, found: Findings) -> None:
    """The findings asked for, a page at a time, and the workbook for the field."""
    asked = wanted(stage)
    count, households = found.count(asked)
    text = stage.t("listed_finding", count=f"{count:,}", households=f"{households:,}")
    title = pieces.heading(text, filter_words(stage))
    if not count:
        hint = pieces.empty(stage, stage.t("no_findings"), stage.t("no_findings_hint"))
        components.paper(h("section", title, hint), key="list")
        return
    if not witness.listed(stage, count):
        components.paper(h("section", title), key="list")
        unrecorded.say(stage)
        return
    pages = page_count(count)
    page = min(stage.view.page, pages)
    listed = found.page(asked, page)
    follow = follow_up.of_checks(stage, {row["check_key"] for row in listed})
    rows = [_row(stage, row, follow) for row in listed]
    keys = ["household_id", "village_code", "subject", "severity", "findings", "evidence"]
    if asked.check:
        keys.remove("severity")
    heads = [pieces.Td(stage.t(key), "firm") for key in (*keys, "quality_change", "came_of_it")]
    components.paper(h("section", title, pieces.table(heads, rows, cls="data tight")), key="list")
    turn_pages(stage, page, pages)
    field_workbook.export(stage, found.all, asked, filter_words(stage), count)


def _row(stage: Stage, row: Mapping[str, Any], follow: ChecksFollowUp) -> tuple[Any, ...]:
    household = row["household_id"]
    village = row["village_code"]
    said = finding_words.sentence(stage, row)
    grade: tuple[Any, ...] = ()
    if stage.view.check is None:
        check = stage.county.checks[row["check_key"]]
        said = h("span", h("b", stage.named(check)), " ", said)
        grade = (finding_words.severity(stage, row["severity"]),)
    opens = stage.href("household", id=household) if household else ""
    subject: object = finding_words.subject(stage, row)
    if row["level"] == "allotment":
        subject = pieces.link(stage.href("funds", id=row["subject_id"]), subject)
    there = pieces.link(stage.href("village", region=village), stage.name(village))
    named = "" if row["level"] in ("project", *finding_words.OF_FUNDS) else "firm"
    return (
        pieces.Td(pieces.link(opens, household or "—"), "firm"),
        pieces.Td(there, "firm"),
        pieces.Td(subject, named),
        *grade,
        pieces.Td(said, "said"),
        pieces.Td(h("span", finding_words.evidence(stage, row, beside=True), cls="note"), "said"),
        pieces.Td(finding_words.change(stage, row), "firm"),
        pieces.Td(follow.beside(row), "firm"),
    )


def filter_words(stage: Stage) -> str:
    """The filter in words: what stands above the list and in the workbook."""
    view = stage.view
    parts = [stage.place.name, str(stage.county.data_date)]
    if view.check:
        parts.append(stage.named(stage.county.checks[view.check]))
    if view.severity:
        parts.append(stage.t(f"severity_{view.severity}"))
    if view.change:
        parts.append(stage.t(f"change_{view.change}"))
    return " · ".join(parts)
