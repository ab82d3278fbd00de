"""The household file's work: nine verifications, six inspections, screenings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from glossary import codes, label
from metrics.files import HouseholdFile, loaded
from views.browser import components
from views.browser.markup import Markup, h, join
from views.context.stage import Stage
from views.parts import pieces
from views.parts.column_words import dated, say
from views.parts.follow_up import FollowUp

Row = Mapping[str, Any]

_VERIFIED = ("checked_on", "verifier", "check_result", "note")
_INSPECTED = ("inspected_on", "inspector", "inspection_result", "mended_on", "note")
_LIGHTS = {
    **dict.fromkeys(("agrees", "corrected", "met"), "good"),
    **dict.fromkeys(("pending", "unclear"), "watch"),
    "unmet": "bad",
}
# Tables of the file that a county may never have loaded, by the term of their section.
_TABLES = {
    "nine_check": "nine_checks",
    "inspection": "six_inspections",
    "sieve_result": "screenings",
    "benefit": "benefits",
    "change_event": "changes_of_register",
}


def never_loaded(stage: Stage) -> None:
    """Which sections are not here because no file ever gave their table."""
    absent = [stage.t(term) for name, term in _TABLES.items() if not loaded(stage.county, name)]
    if absent:
        names = "、".join(absent) if stage.lang == "zh" else ", ".join(absent)
        note = h("p", stage.t("never_loaded", names=names), cls="sub")
        components.paper(note, key="never_loaded")


def checked(stage: Stage, file: HouseholdFile) -> None:
    """The nine verifications and the six inspections side by side, missing ones said."""
    parts = []
    if loaded(stage.county, "nine_check"):
        done = {r["check_item"]: r for r in file.verifications}
        parts.append(_items(stage, "nine_checks", "nine_item", _VERIFIED, done))
    if loaded(stage.county, "inspection"):
        done = {r["inspection_item"]: r for r in file.inspections}
        parts.append(_items(stage, "six_inspections", "inspection_item", _INSPECTED, done))
    if parts:
        components.paper(h("div", *parts, cls="columns"), key="checked")


def _items(
    stage: Stage, title: str, code_list: str, columns: Sequence[str], done: Mapping[str, Row]
) -> Markup:
    """Every item of a list with what was recorded of it; the first column says when."""
    when = columns[0]
    missing = [item for item in codes()[code_list] if not (done.get(item) or {}).get(when)]
    told = stage.t("items_missing" if missing else "items_all_done", count=len(missing))
    if not done:
        return h("section", pieces.heading(stage.t(title)), h("p", stage.t("no_rows"), cls="sub"))
    # A column that nothing stands in only takes room.
    shown = [c for c in columns if c == when or any(row[c] is not None for row in done.values())]
    body = [
        (label(code_list, item, stage.lang), *_cells(stage, shown, done.get(item)))
        for item in codes()[code_list]
    ]
    head = [stage.t("item"), *(stage.t(column) for column in shown)]
    return h("section", pieces.heading(stage.t(title), told), pieces.table(head, body))


def _cells(stage: Stage, columns: Sequence[str], row: Row | None) -> list[Any]:
    if row is None or row[columns[0]] is None:
        none = h("span", stage.t("item_missing"), cls="light watch")
        return [none, *(_cell(stage, row or {}, c) for c in columns[1:])]
    return [pieces.Td(_cell(stage, row, c), "firm" if c == columns[0] else "") for c in columns]


def _cell(stage: Stage, row: Row, column: str) -> Any:
    told, value = dated(stage, row, column), row.get(column)
    return h("span", told, cls=f"light {_LIGHTS[value]}") if value in _LIGHTS else told


def screenings(stage: Stage, file: HouseholdFile, follow: FollowUp) -> None:
    """What each screening found here, and whether it was mended in time."""
    if not loaded(stage.county, "sieve_result"):
        return
    heading = pieces.heading(stage.t("screenings"), _found(stage, file.screenings))
    if not file.screenings:
        content = h("p", stage.t("no_rows"), cls="sub")
        components.paper(h("section", heading, content), key="screenings")
        return
    body = [
        (
            say(stage, "sieve", row["sieve"]),
            pieces.Td(dated(stage, row, "screened_on"), "firm"),
            say(stage, "unit_in_charge", row["unit_in_charge"]),
            say(stage, "finding", row["finding"]),
            pieces.Td(dated(stage, row, "due_on"), "firm"),
            _screened(stage, row, follow),
        )
        for row in file.screenings
    ]
    columns = ("sieve", "screened_on", "unit_in_charge", "finding", "due_on", "ledger_state")
    table = pieces.table([stage.t(column) for column in columns], body)
    components.paper(h("section", heading, table), key="screenings")


def _found(stage: Stage, rows: Sequence[Row]) -> str:
    done = [row for row in rows if row["screened_on"]]
    unmended = [row for row in rows if row["finding"] and not row["mended_on"]]
    return stage.t("screenings_sub", count=len(done), open=len(unmended))


def _screened(stage: Stage, row: Row, follow: FollowUp) -> Markup:
    """How a screening stands: not done yet, nothing found, mended, overdue, or being mended."""
    if not row["screened_on"]:
        return h("span", stage.t("item_missing"), cls="light open")
    if not row["finding"]:
        return h("span", stage.t("nothing_found"), cls="light good")
    if row["mended_on"]:
        told = stage.t("mended_then", date=dated(stage, row, "mended_on"))
        return h("span", told, cls="light good")
    due = row["due_on_until"] or row["due_on"]
    if due and due < stage.county.data_date:
        late = h("span", stage.t("mending_overdue"), cls="light bad")
        return join(late, " ", follow.beside(f"sieve.{row['sieve']}"))
    return h("span", stage.t("mending"), cls="light watch")
