"""What the last meeting decided that names a zone: its unit, its leader, or a place of it."""

from __future__ import annotations

from collections.abc import Iterator

from findings.asking import today
from metrics.matters import Standing
from state import meetings
from state.database import StateError, kept_open
from state.meeting_tables import Meeting, MeetingDecision
from views.browser import components
from views.browser.markup import h
from views.browser.notices import notice
from views.context.stage import Stage
from views.parts import pieces
from views.sections.meeting import decided
from views.sections.zones.screen import Here, name

_MOST = 7


def draw(stage: Stage, here: Here) -> None:
    """The decisions of the latest meeting that has any about a zone shown, those open first."""
    try:
        found = _last(stage, here)
    except StateError:
        notice([stage.t("state_unread")], alert=True, key="promised_unread")
        return
    if found is None:
        components.paper(h("p", stage.t("zones_promised_none"), cls="sub"), key="promised")
        return
    meeting, lines = found
    head = [stage.t(key) for key in ("zone", "decide_text", "decide_unit", "decide_due",
                                     "decision_state")]  # fmt: skip
    rows = [
        (zones, one.text, one.unit or "—", f"{one.due}" if one.due else "—",
         decided.standing(stage, one))
        for zones, one in lines[:_MOST]
    ]  # fmt: skip
    sub = stage.t("zones_promised_sub", date=meeting.held_on, title=meeting.title)
    way = pieces.link(stage.href("meeting", meeting=meeting.number), stage.t("page_meeting"))
    table = pieces.table(head, rows, cls="data tight")
    title = stage.t("zones_promised_finding", count=len(lines))
    html = pieces.folded(title, sub, table, h("p", way))
    components.paper(html, key="promised")


def _last(stage: Stage, here: Here) -> tuple[Meeting, list[tuple[str, MeetingDecision]]] | None:
    """The latest meeting held whose decisions name a zone, and these; None where there is none."""
    if not stage.viewer.where("share").codes:
        return None
    state = kept_open(stage.county.home.path)
    words = {one.zone: tuple(_names(stage, one)) for one in here.standings}
    for meeting in meetings.listed(state, stage.viewer.subject):
        if meeting.held_on > today():
            continue
        lines = [
            (zones, one)
            for one in meetings.decisions(state, [meeting.number])
            if (zones := _named(stage, words, one))
        ]
        if lines:
            return meeting, sorted(lines, key=lambda line: line[1].stands != "open")
    return None


def _named(stage: Stage, words: dict[str, tuple[str, ...]], one: MeetingDecision) -> str:
    """The zones that a decision names, in words; empty for none."""
    said = f"{one.unit} {one.text}"
    return "、".join(
        name(stage, code) for code, names in words.items() if any(word in said for word in names)
    )


def _names(stage: Stage, one: Standing) -> Iterator[str]:
    """By what a decision may name a zone: its own name, its unit, its leader, its places."""
    yield name(stage, one.zone)
    yield from filter(None, (one.unit, one.leader))
    for code in stage.county.zones[one.zone].codes:
        village = stage.county.places.get(code)
        if village is not None and stage.scope.touches(code):
            yield village.name
