"""A meeting that the viewer may see, and acts on one: done as they stand at that moment."""

from __future__ import annotations

from state import meetings
from state.database import StateError, kept_open
from state.meeting_tables import Meeting
from views.browser.notices import notice
from views.context import witness
from views.context.refusal import Refusal
from views.context.stage import Stage


def find(stage: Stage, number: int) -> Meeting | None:
    """The meeting; None for one that there is not or that is not theirs, and that is said."""
    try:
        found = meetings.find(kept_open(stage.county.home.path), number, stage.viewer.subject)
    except StateError:
        notice([stage.t("state_unread")], alert=True, key="meeting_unread")
        return None
    if found is None:
        witness.refused(stage, Refusal("meeting", str(number)))
        notice([stage.t("refused_hint")], key="meeting_refused")
    return found
