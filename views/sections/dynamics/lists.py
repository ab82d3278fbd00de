"""The lists of the dynamics page: households of an edge, events of a kind, members come or gone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from glossary import label
from metrics.dynamics import EDGE_PARTS, EVENT_PARTS, UNRECORDED
from metrics.people import MEMBER_PARTS, REST_PARTS, Counts, Members
from metrics.turns import TURN_PARTS
from views.browser import components
from views.browser.markup import h
from views.context.stage import Stage
from views.parts import paged_list, pieces
from views.parts.column_words import say
from views.parts.paged_list import Column, Wanted
from views.sections.dynamics.balances import state, step_name
from views.sections.dynamics.ends import Ends, turned
from views.sections.overview.changed import part_name

Row = Mapping[str, Any]


def show(stage: Stage, found: Ends) -> None:
    """The list that the address asks for, and the way back to the whole."""
    part = stage.view.part or ""
    back = pieces.link(stage.href("dynamics", part=None), stage.t("dyn_back"), cls="clear")
    components.paper(h("p", back), key="back")
    if part in EVENT_PARTS:
        _events(stage, found, EVENT_PARTS[part])
    elif part in MEMBER_PARTS:
        _members(stage, found, MEMBER_PARTS[part])
    elif part in REST_PARTS:
        _rests(stage, found, part)
    elif part in TURN_PARTS:
        _turned(stage, found, part)
    else:
        _households(stage, found, part)


def _words(stage: Stage, found: Ends) -> str:
    return " · ".join((stage.place.name, f"{found.then} → {found.now}"))


def _said(stage: Stage, column: str) -> Callable[[Row], Any]:
    """A column as a person reads it, named as in the schema."""
    return lambda row: None if row[column] is None else say(stage, column, row[column])


def _number(column: str) -> Callable[[Row], Any]:
    return lambda row: row[column]


def _home(stage: Stage, found: Ends) -> Column:
    """The household's number; one that is gone opens in the snapshot that still has it."""

    def opens(row: Row) -> str:
        if found.before and (row.get("state_now") == "absent" or not row.get("village_now", True)):
            return stage.href("household", id=row["household_id"], snapshot=found.before)
        return stage.href("household", id=row["household_id"])

    return Column("household_id", _said(stage, "household_id"), opens, width=20)


def _households(stage: Stage, found: Ends, part: str) -> None:
    def happened(row: Row) -> str:
        gap = "、" if stage.lang == "zh" else ", "
        return gap.join(label("change_kind", kind, stage.lang) for kind in row["happened"] or ())

    columns = [
        _home(stage, found),
        Column("head_name", _said(stage, "head_name"), cls="firm"),
        paged_list.village(stage),
        Column("state_then", lambda row: state(stage, row["state_then"])),
        Column("state_now", lambda row: state(stage, row["state_now"])),
        Column("people_then", _number("people_then"), numeric=True),
        Column("people_now", _number("people_now"), numeric=True),
        Column("income_then", _number("income_then"), numeric=True),
        Column("income_now", _number("income_now"), numeric=True),
        Column("happened", happened, width=30),
    ]
    if part == UNRECORDED:
        title = stage.t("dyn_list_unrecorded", count=f"{found.span.count(part):,}")
    else:
        then, now = (state(stage, key) for key in EDGE_PARTS[part])
        title = stage.t("dyn_list", then=then, now=now, count=f"{found.span.count(part):,}")
    wanted = Wanted(
        title,
        _words(stage, found),
        found.span.count(part),
        lambda _reader, *rows: found.span.listed(part, *rows),
    )
    paged_list.show(stage, wanted, columns)


def _events(stage: Stage, found: Ends, kind: str) -> None:
    columns = [
        Column("changed_on", _said(stage, "changed_on"), cls="firm"),
        _home(stage, found),
        Column("head_name", _said(stage, "head_name"), cls="firm"),
        paged_list.village(stage),
        Column("member_name", _number("member_name"), cls="firm"),
        Column("people", _number("people"), numeric=True),
        Column("note", _number("note"), width=30),
    ]
    count, households = found.span.happened_count(kind)
    name = label("change_kind", kind, stage.lang)
    wanted = Wanted(
        stage.t("dyn_list_events", kind=name, count=f"{count:,}", households=f"{households:,}"),
        _words(stage, found),
        count,
        lambda _reader, *rows: found.span.happened(kind, *rows),
    )
    paged_list.show(stage, wanted, columns)


def _members(stage: Stage, found: Ends, fate: str) -> None:
    """Members of two snapshots; two years of one have none to compare."""
    if not isinstance(found.people, Members):
        told = pieces.empty(stage, stage.t("no_rows"), stage.t("dyn_people_by_count"))
        components.paper(told, key="list")
        return
    held = found.people
    steps = {step.key: step.people for step in (*held.flow().came, *held.flow().went)}
    columns = [
        Column("member_name", _number("name"), cls="firm"),
        Column("relation", _said(stage, "relation")),
        Column("birth_date", _said(stage, "birth_date"), cls="firm"),
        _home(stage, found),
        paged_list.village(stage),
    ]
    wanted = Wanted(
        stage.t("dyn_list_members", fate=step_name(stage, fate), count=f"{steps[fate]:,}"),
        _words(stage, found),
        steps[fate],
        lambda _reader, *rows: held.listed(fate, *rows),
    )
    paged_list.show(stage, wanted, columns)


def _rests(stage: Stage, found: Ends, part: str) -> None:
    """Households whose people changed otherwise than recorded; snapshots leave no such rest."""
    if not isinstance(found.people, Counts):
        told = pieces.empty(stage, stage.t("no_rows"), stage.t("dyn_people_by_number"))
        components.paper(told, key="list")
        return
    held = found.people
    columns = [
        _home(stage, found),
        Column("head_name", _said(stage, "head_name"), cls="firm"),
        paged_list.village(stage),
        Column("people_then", _number("people_then"), numeric=True),
        Column("people_now", _number("people_now"), numeric=True),
        Column("dyn_explained", lambda row: int(row["explained"]), numeric=True),
        Column("dyn_rest", lambda row: int(row["rest"]), numeric=True),
    ]
    wanted = Wanted(
        stage.t(f"dyn_list_{part}", count=f"{held.count(part):,}"),
        _words(stage, found),
        held.count(part),
        lambda _reader, *rows: held.listed(part, *rows),
    )
    paged_list.show(stage, wanted, columns)


def _turned(stage: Stage, found: Ends, part: str) -> None:
    """Households that came to be counted, left or moved between two data dates."""
    held = turned(stage, found)
    if held is None:
        told = pieces.empty(stage, stage.t("no_rows"), stage.t("turn_by_dates"))
        components.paper(told, key="list")
        return
    count = held.count(part)

    def village_then(row: Row) -> str:
        code = row["village_then"]
        return stage.name(code) if code in stage.county.places else code or "—"

    columns = [
        _home(stage, found),
        Column("head_name", _said(stage, "head_name"), cls="firm"),
        paged_list.village(stage),
        Column("village_then", village_then, cls="firm"),
        Column("people_then", _number("people_then"), numeric=True),
        Column("people_now", _number("people_now"), numeric=True),
    ]
    wanted = Wanted(
        stage.t("turn_listed", part=part_name(stage, part), count=f"{count:,}"),
        _words(stage, found),
        count,
        lambda _reader, *rows: held.listed(part, *rows),
    )
    paged_list.show(stage, wanted, columns)
