"""What stands in the place of what is not shown, since the audit could not be written."""

from __future__ import annotations

from views.browser.notices import notice
from views.context.stage import Stage


def say(stage: Stage, *, key: str = "unrecorded") -> None:
    """Say that it is not shown, why, and whom to ask."""
    notice([stage.t("view_not_recorded")], alert=True, key=key)
