"""四大板块: what was published, what units have to mend, what was reported, what was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from findings import asking
from findings.units import code_of
from glossary import label
from metrics import answers
from metrics.fund_boards import REPORT_CHECKS, Entries, notice_counts
from metrics.fund_lines import Lines
from metrics.funds import EVERY, NOTICES, PROBLEMS, problem_kinds
from state.database import StateError, kept_open
from views.browser import components
from views.browser.markup import Markup, h
from views.browser.notices import notice
from views.context.stage import Stage
from views.parts import check_sources, follow_up, paged_list, pieces
from views.parts.paged_list import Column
from views.sections.funds import lines, notices
from views.sections.funds.overview import ways

Found = Callable[[paged_list.Row], Mapping[str, Any] | None]


def publication(stage: Stage) -> None:
    """公开公示: lines of the year published, published late, too briefly, never."""
    view = stage.view
    counts = notice_counts(stage.reader, view.region, view.year)
    said = stage.t(
        "notices_finding", year=view.year, all=f"{counts['all']:,}",
        published=f"{counts['published']:,}",
    )  # fmt: skip
    facets = [
        pieces.facet(
            stage.named(stage.county.checks[key]),
            f"{counts[key]:,}",
            stage.href("funds", part="publication", check=None if view.check == key else key)
            if counts[key]
            else "",
            view.check == key,
        )
        for key in NOTICES
    ]
    html = h(
        "section",
        pieces.heading(said, stage.t("notices_sub")),
        ways(stage),
        h("div", *facets, cls="facets"),
        check_sources.folded(stage, NOTICES),
    )
    components.paper(html, key="notices")
    check = view.check if view.check in NOTICES else None
    wanted = Lines(view.region, view.year, check=check, every_year=False)
    further = [
        Column("published_on", lines.told(stage, "published_on"), cls="firm"),
        Column("days_to_notice", lambda row: row["days_to_notice"], numeric=True),
        Column("notice_days", lambda row: row["notice_days"], numeric=True),
    ]
    if check:
        further.append(came_of_it(stage, lambda row: _found_of_line(row, check), [check]))
    lines.listed(stage, wanted, lines.words(stage, view.fund or EVERY, check), further)


def supervision(stage: Stage) -> None:
    """行业监管: the problems that checks of funds were made, by the unit that has to mend them."""
    kinds = problem_kinds(stage.county.checks)
    wanted = asking.Filter(stage.view.region, datetime.now().astimezone().date(), among=kinds)
    try:
        with kept_open(stage.county.home.path).reading() as session:
            found = asking.overdue_by_unit(session, stage.viewer, wanted)
            counts = asking.by_state(session, stage.viewer, wanted)
    except StateError:
        notice([stage.t("state_unread")], alert=True, key="problems_unread")
        return
    components.paper(_by_unit(stage, found, counts), key="supervision")


def _by_unit(
    stage: Stage, found: Mapping[str, tuple[int, int]], counts: Mapping[str, int]
) -> Markup:
    said = stage.t(
        "supervision_finding", open=f"{counts['open']:,}", overdue=f"{counts['overdue']:,}"
    )
    facets = [
        pieces.counted(stage.t(f"problem_{state}"), counts[state], _problems(stage, state))
        for state in ("open", "overdue", "closed")
    ]
    top = (pieces.heading(said, stage.t("supervision_sub")), h("div", *facets, cls="facets"))
    if not found:
        opens = pieces.link(stage.href("quality"), stage.t("page_quality"))
        key = "supervision_unassigned" if counts["open"] else "supervision_none"
        return h("section", *top, h("p", stage.t(key), " ", "" if counts["open"] else opens))

    def number(count: int, unit: str, state: str) -> Markup:
        href = _problems(stage, state, code_of(unit)) if count else ""
        return pieces.number(stage, count, "entries", href)

    rows = [
        (unit, number(opened, unit, "open"), number(late, unit, "overdue"))
        for unit, (opened, late) in found.items()
    ]
    head = (
        stage.t("unit_in_charge"),
        *(label("ledger_state", key, stage.lang) for key in ("open", "overdue")),
    )
    table = pieces.table(head, rows, numeric=(1, 2), cls="data tight")
    return h("section", *top, table)


def _problems(stage: Stage, state: str, unit: str | None = None) -> str:
    """The problems of funds in a state, of a unit where one is named."""
    return stage.href("problems", about=PROBLEMS, state=state, unit=unit)


def complaints(stage: Stage) -> None:
    """社会监督: reports and what was answered, those without an answer first."""
    _entries(stage, "complaint", [
        lines.line_column(stage),
        Column("unit_in_charge", lines.told(stage, "unit_in_charge"), width=16),
        Column("answer_text", lambda row: row["answer_text"], cls="said", width=26),
        came_of_it(stage, _found_of_report, REPORT_CHECKS.values()),
    ])  # fmt: skip


def inquiries(stage: Stage) -> None:
    """咨询服务: questions and when they were answered."""
    _entries(stage, "inquiry", [])


def _entries(stage: Stage, table: str, further: list[Column]) -> None:
    day, state = stage.county.data_date, stage.view.state
    limit = answers.limit(stage.county.parameters, day) if table == "complaint" else None
    wanted = Entries(table, stage.view.region, day, limit, state)
    counts = wanted.counts(stage.reader)
    components.paper(_states(stage, table, counts), key="answers")
    count = answers.counted(counts, state)
    title = stage.t(f"board_{table}_listed", count=f"{count:,}")
    words = " · ".join([stage.place.name, *([stage.t(f"objection_{state}")] if state else [])])
    asked = paged_list.Wanted(title, words, count, wanted.rows)
    key = f"{table}_id"
    paged_list.show(
        stage,
        asked,
        [
            Column(key, lambda row: row[key], cls="firm", width=18),
            lines.place_column(stage),
            Column("report_channel", lines.told(stage, "report_channel"), cls="firm"),
            Column("content", lambda row: row["content"], cls="said", width=28),
            Column("reported_on", lines.told(stage, "received_on"), cls="firm"),
            Column("answered_on", lines.told(stage, "answered_on"), cls="firm"),
            Column("days_to_answer", lambda row: row["days_to_answer"], numeric=True, width=10),
            *further,
        ],
    )


def _states(stage: Stage, table: str, counts: Mapping[str, int]) -> Markup:
    """How many wait, and how many are in each state; a state opens its entries."""
    every, waiting = answers.counted(counts), answers.unanswered(counts)
    said = stage.t(f"board_{table}", count=f"{every:,}", waiting=f"{waiting:,}")
    facets = [
        pieces.counted(
            stage.t(f"objection_{state}"),
            count,
            stage.href("funds", state=None if state == stage.view.state else state, page=1),
            state == stage.view.state,
        )
        for state, count in counts.items()
        if count or table == "complaint"
    ]
    title = pieces.heading(said, stage.t(f"board_{table}_sub"))
    known = REPORT_CHECKS.values() if table == "complaint" else ()
    sources = check_sources.folded(stage, known)
    return h("section", title, h("div", *facets, cls="facets"), sources)


def came_of_it(stage: Stage, found: Found, checks: Iterable[str]) -> Column:
    """What came of what a check found of a row, or the way to open a problem."""
    follow = follow_up.of_checks(stage, checks)

    def said(row: paged_list.Row) -> str:
        finding = found(row)
        return follow.said(finding) if finding else ""

    def opens(row: paged_list.Row) -> str:
        finding = found(row)
        return follow.opens(finding) if finding else ""

    return Column("came_of_it", said, opens, cls="firm")


def _found_of_line(row: paged_list.Row, check: str) -> Mapping[str, Any]:
    return _found(check, "allotment", row["line_id"], row["region_code"])


def _found_of_report(row: paged_list.Row) -> Mapping[str, Any] | None:
    check = REPORT_CHECKS.get(row["answer_state"])
    return _found(check, "complaint", row["complaint_id"], row["region_code"]) if check else None


def _found(check: str, level: str, subject: str, region: str) -> Mapping[str, Any]:
    """What a check found, as lists of findings have it."""
    return {"check_key": check, "level": level, "subject_id": subject, "household_id": None,
            "village_code": region}  # fmt: skip


BOARDS: dict[str, Callable[[Stage], None]] = {
    "publication": publication,
    "supervision": supervision,
    "complaints": complaints,
    "inquiries": inquiries,
    "notices": notices.show,
}
