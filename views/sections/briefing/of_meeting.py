"""The parts of a briefing that tell of meetings: what was decided and how it stands."""

from __future__ import annotations

from collections.abc import Sequence

from findings.asking import today
from papers.content import Block, Cell, Table
from state import meetings
from state.database import kept_open
from state.meeting_tables import MeetingDecision
from views.context.stage import Stage
from views.sections.meeting.decided import is_late, state_words


def of_all(stage: Stage) -> list[MeetingDecision]:
    """What the meetings that the viewer sees decided. Raises StateError."""
    state = kept_open(stage.county.home.path)
    seen = [one.number for one in meetings.listed(state, stage.viewer.subject)]
    return meetings.decisions(state, seen)


def blocks(stage: Stage, found: Sequence[MeetingDecision]) -> list[Block]:
    """Each decision with its unit, day and state."""
    if not found:
        return []
    heads = ("decide_text", "decide_unit", "decide_due", "decision_state")
    rows = tuple(
        (Cell(one.text), Cell(one.unit or "—"), Cell(f"{one.due}" if one.due else "—"),
         Cell(state_words(stage, one)))
        for one in found
    )  # fmt: skip
    return [Table(tuple(map(stage.t, heads)), rows)]


def facts(found: Sequence[MeetingDecision]) -> dict[str, str]:
    """What the words of a briefing may hold of decisions."""
    states = [one.stands for one in found]
    day = today()
    return {
        "decisions": str(len(found)),
        "decisions_open": str(states.count("open")),
        "decisions_done": str(states.count("done")),
        "decisions_late": str(len([one for one in found if is_late(one, day)])),
    }
