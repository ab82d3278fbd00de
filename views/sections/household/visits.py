"""Who helps a household, who came and what was done."""

from __future__ import annotations

from metrics.files import HouseholdFile
from views.browser import components
from views.browser.markup import h
from views.context.stage import Stage
from views.parts import pieces
from views.parts.column_words import dated, say

_HELPER = ("cadre_name", "cadre_role", "cadre_unit", "cadre_phone", "paired_on", "unpaired_on")
_VISIT = ("visited_on", "cadre_name", "cadre_role", "talked", "measures_reviewed", "data_verified",
          "home_tidied", "entered_on")  # fmt: skip


def visited(stage: Stage, file: HouseholdFile) -> None:
    """The helpers and the visits, the latest first; nothing where none is recorded."""
    if not (file.helpers or file.visits):
        return
    found = file.visited or {}
    title = stage.t("visits_of_household_none")
    if file.visits:
        title = stage.t(
            "visits_of_household",
            count=found.get("visits_in_quarter") or 0,
            last=say(stage, "visited_on", file.visits[0]["visited_on"]),
        )
    helpers = [tuple(dated(stage, row, column) for column in _HELPER) for row in file.helpers]
    made = [tuple(dated(stage, row, column) for column in _VISIT) for row in file.visits]
    parts = [pieces.heading(stage.t("helpers_of"), title)]
    if helpers:
        parts.append(pieces.table([stage.t(key) for key in _HELPER], helpers))
    if made:
        parts.append(h("h3", stage.t("visits_made")))
        parts.append(pieces.table([stage.t(key) for key in _VISIT], made))
    components.paper(h("section", *parts), key="visits")
