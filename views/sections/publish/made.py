"""The notices of one list, village by village: what hung where and how long, and what failed."""

from __future__ import annotations

from collections.abc import Mapping

from findings import asking
from metrics import disclosure, notices
from metrics.disclosure import FUNDS
from metrics.funds import own_code
from metrics.notices import STATES
from state.database import StateError, kept_open
from state.tables import Finding
from views.browser import components
from views.browser.markup import h
from views.context.stage import Stage
from views.context.view import Draft
from views.parts import paged_list, pieces
from views.parts.column_words import say
from views.parts.paged_list import Column

_SHEETS = ("posted_at", "posted_on", "withdrawn_on", "notice_days", "entries_due", "sheet_entries",
           "photo_reference", "unit_in_charge")  # fmt: skip
_LINES = ("unit_in_charge", "amount_yuan", "allotted_on", "published_on", "notice_days")
_NUMBERS = ("notice_days", "entries_due", "sheet_entries", "amount_yuan")


def draw(stage: Stage, key: str, *, own: bool = False) -> None:
    """The notices of a list, those of a state where that is asked, and their workbook; ``own`` ones
    are of the place itself and of none inside it."""
    region, year, state = stage.view.region, stage.view.year, _state(stage)
    region = own_code(region) if own else region
    _facets(stage, key, region, state)
    wanted = disclosure.owed(stage.county.parameters, key, region, year, state)
    count = wanted.count(stage.reader)
    title = stage.t("publish_made", list=stage.t(f"disclosed_{key}"), count=f"{count:,}")
    words = [stage.place.name, *([stage.t("own_level")] if own else []), str(year)]
    words += [stage.t(f"notice_{state}")] if state else []
    columns = _of_lines(stage) if key == FUNDS else _of_sheets(stage)
    paged_list.show(stage, paged_list.Wanted(title, " · ".join(words), count, wanted.rows), columns)


def _state(stage: Stage) -> str | None:
    """The state of notices asked for; what is one of objections alone narrows nothing."""
    state = stage.view.state
    return state if state in STATES or state in notices.SETS else None


def _facets(stage: Stage, key: str, region: str, shown: str | None) -> None:
    """How many notices are in each state; each narrows the list."""
    parameters = stage.county.parameters
    counts = {
        state: disclosure.owed(parameters, key, region, stage.view.year, state).count(stage.reader)
        for state in STATES
    }
    facets = [
        pieces.counted(
            stage.t(f"notice_{state}"),
            count,
            stage.href("publish", state=None if state == shown else state, page=1),
            state == shown,
        )
        for state, count in counts.items()
    ]
    components.paper(h("div", *facets, cls="facets"), key="notice_states")


def _of_sheets(stage: Stage) -> list[Column]:
    problems = _followed(stage)
    return [
        paged_list.village(stage),
        Column("notice_state", lambda row: stage.t(f"notice_{row['state']}"), cls="firm"),
        *(_column(stage, name) for name in _SHEETS),
        Column("problem", lambda row: _says(stage, problems, row),
               lambda row: _opens(stage, problems, row), cls="firm"),
    ]  # fmt: skip


def _of_lines(stage: Stage) -> list[Column]:
    return [
        Column("content", lambda row: row["content"] or row["line_id"],
               lambda row: stage.href("funds", id=row["line_id"]), cls="said", width=30),
        Column("place", lambda row: stage.name(row["region_code"]), cls="firm", width=18),
        Column("notice_state", lambda row: stage.t(f"notice_{row['state']}"), cls="firm"),
        *(_column(stage, name) for name in _LINES),
    ]  # fmt: skip


def _column(stage: Stage, name: str) -> Column:
    if name in _NUMBERS:
        return Column(name, lambda row: row[name], numeric=True)
    return Column(name, lambda row: say(stage, name, row[name]), cls="firm")


def _followed(stage: Stage) -> Mapping[tuple[str, str], Finding] | None:
    """The open problems of notices by kind and notice; None where they cannot be read."""
    try:
        with kept_open(stage.county.home.path).reading() as session:
            return asking.open_about(session, stage.viewer, "notice")
    except StateError:
        return None


Problems = Mapping[tuple[str, str], Finding] | None


def _open_one(problems: Problems, row: paged_list.Row) -> Finding | None:
    check = notices.check_of(row)
    return (problems or {}).get((f"check.{check}", row["notice_duty_id"]))


def _says(stage: Stage, problems: Problems, row: paged_list.Row) -> str:
    """The problem that follows what failed, or that one may be opened."""
    found = _open_one(problems, row)
    if found is not None:
        word = stage.t(f"problem_{found.state}")
        return stage.t("problem_is_open", code=found.code, state=word)
    return stage.t("open_problem") if _may_open(stage, problems, row) else "—"


def _may_open(stage: Stage, problems: Problems, row: paged_list.Row) -> bool:
    failed = notices.check_of(row) is not None and problems is not None
    return failed and stage.viewer.may("open_findings", row["village_code"])


def _opens(stage: Stage, problems: Problems, row: paged_list.Row) -> str:
    found = _open_one(problems, row)
    if found is not None:
        return stage.href("problems", finding=found.number)
    if not _may_open(stage, problems, row):
        return ""
    draft = Draft(f"check.{notices.check_of(row)}", row["notice_duty_id"])
    return stage.href("problems", draft=draft)
