"""幸福院 and “211130” of one household: how it was chosen, where it lives, what it has."""

from __future__ import annotations

from metrics.files import HouseholdFile
from metrics.homes import ITEMS, STEPS, VALUES, lacking
from rules.registry import rules
from views.browser import components
from views.browser.markup import h
from views.context.stage import Stage
from views.parts import pieces
from views.parts.column_words import dated, say

_HOUSED = ("home_name", "home_people", "home_m2", "moved_in_on", "left_home_on",
           "home_left_reason")  # fmt: skip
_CHOSEN = ("old_dwelling", "three_without", "surveyed_on", "applied_on", "village_notice_on",
           "township_notice_on", "reviewed_on", "review_departments", "decided_on")  # fmt: skip


def homed(stage: Stage, file: HouseholdFile) -> None:
    """Its place in a home, the way in, and the items of the package; nothing where it was never
    surveyed and never lived in one."""
    row = file.homed
    if row is None:
        return
    parts = [pieces.heading(stage.t("home_of_household"), _said(stage, file))]
    if row["home_id"]:
        parts.append(pieces.facts((stage.t(key), dated(stage, row, key)) for key in _HOUSED))
    if row["surveyed"]:
        parts.append(h("h3", stage.t("home_selection")))
        parts.append(pieces.facts((stage.t(key), dated(stage, row, key)) for key in _CHOSEN))
    items = [
        (
            pieces.Td(stage.named(rules()[key]), "firm"),
            say(stage, VALUES[key], row[VALUES[key]]),
            _answer(stage, row[f"in_{key}"]),
        )
        for key in ITEMS
    ]
    head = [stage.t(key) for key in ("package_item", "package_has", "package_answer")]
    parts.append(h("h3", stage.t("part_package")))
    parts.append(pieces.table(head, items))
    components.paper(h("section", *parts), key="homed")


def _answer(stage: Stage, met: bool | None) -> str:
    return stage.t({True: "rule_met", False: "rule_not_met", None: "unknown"}[met])


def _said(stage: Stage, file: HouseholdFile) -> str:
    """What is missing of the way in and of the package."""
    assert file.homed is not None
    missing = lacking(file.homed, (*STEPS, *ITEMS))
    if not missing:
        return stage.t("home_nothing_missing")
    named = stage.t("rule_comma").join(stage.named(rules()[key]) for key in missing)
    return stage.t("home_missing", named=named)
