"""What a household's file is folded by, and the systems of rules whose answers stand in each.

Apart from ``metrics.judgements``, as the list of pages names them and a start explains nothing yet.
"""

from __future__ import annotations

from collections.abc import Mapping

CONCERNS: Mapping[str, tuple[str, ...]] = {
    "family": ("groups", "labour_classes", "deprivation", "work", "workers", "posts"),
    "guarantees": ("household_exit", "six_inspections", "safety_net", "home_eligibility",
                   "home_residents", "package_211130"),
    "help": ("relocation", "visits", "calendar", "calendar_homes"),
    "watch": ("monitored", "war_zones"),
    "changes": (),
}  # fmt: skip
