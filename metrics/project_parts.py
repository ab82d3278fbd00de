"""The parts of the page of projects, and what their lists are narrowed by."""

from __future__ import annotations

from metrics import assets, project_library, upkeep

PARTS = ("schedule", "list", "assets", "upkeep", "points")
STATES = (
    *project_library.STATES,
    *assets.STATES,
    *upkeep.FACILITY_STATES,
    *upkeep.SHOP_STATES,
)
