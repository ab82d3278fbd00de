"""Zones and grids: places that cut across townships, each made of villages or village groups."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from store.scope import Scope, is_zone

ZONE, ZONES = "zone", "zone_fact"
LEVELS = (ZONE, "grid_1", "grid_2", "grid_3")
_GROUP = re.compile(r"[、,，;；\s]+")


@dataclass(frozen=True)
class Zone:
    """A zone or grid: its level, what it lies in, and its villages.

    ``codes`` are the regions that belong to it whole; of a grid of village groups ``groups`` holds
    their names by village. ``names`` is what it is called in the row of each region, ``places`` are
    all that it has a part of.
    """

    code: str
    level: str
    parent: str | None
    names: Mapping[str, str]
    codes: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]]

    @property
    def by_group(self) -> bool:
        """Whether village groups belong to it, which no number but the list is counted by."""
        return bool(self.groups)

    @property
    def places(self) -> tuple[str, ...]:
        """Codes of all that it has a part of."""
        return (*self.codes, *self.groups)

    @cached_property
    def scope(self) -> Scope:
        """What belongs to it, for a reader: nothing of a grid of village groups."""
        return Scope.of(() if self.by_group else self.codes)

    def name(self, scope: Scope) -> str:
        """What it is called where the scope sees it; its code where that is nowhere said."""
        seen = (text for region, text in self.names.items() if scope.touches(region))
        return next(seen, self.code)

    def touches(self, scope: Scope) -> bool:
        """Whether a scope sees anything of it."""
        return any(map(scope.touches, self.places))

    def seen(self, scope: Scope) -> bool:
        """Whether a page can be narrowed to it for somebody with this scope."""
        return not self.by_group and self.touches(scope)


def groups_of(text: str | None) -> tuple[str, ...]:
    """The village groups that a cell names, each once: ``1组、3组``."""
    return tuple(dict.fromkeys(filter(None, _GROUP.split(text or ""))))


def zones_of(rows: Iterable[Mapping[str, Any]], county: str) -> dict[str, Zone]:
    """Zones and grids of the rows of ``zone_member`` by code, the wider before the narrower.

    A code that reads like a region's, and a place outside the county, are nobody's: left out.
    """
    parts: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        if is_zone(row["zone_code"]) and row["village_code"].startswith(county):
            parts.setdefault(row["zone_code"], []).append(row)
    found = [_zone(code, mine) for code, mine in parts.items()]
    rank = {level: n for n, level in enumerate(LEVELS)}
    return {one.code: one for one in sorted(found, key=lambda one: (rank[one.level], one.code))}


def _zone(code: str, rows: list[Mapping[str, Any]]) -> Zone:
    rows = sorted(rows, key=lambda row: row["village_code"])
    first = rows[0]
    groups = {
        row["village_code"]: told for row in rows if (told := groups_of(row["village_groups"]))
    }
    codes = tuple(sorted(row["village_code"] for row in rows if row["village_code"] not in groups))
    names = {row["village_code"]: row["zone_name"] for row in rows if row["zone_name"]}
    return Zone(code, first["zone_level"], first["parent_zone"], names, codes, groups)


def lived_in(told: str) -> str:
    """SQL condition over ``f``: the household lives in a zone or grid of which ``told`` holds."""
    return (
        "f.village_code IN (SELECT m.village_code FROM {zone_member} AS m "
        "WHERE (m.village_groups IS NULL OR list_contains(string_split(m.village_groups, '、'), "
        f"f.village_group)) AND m.zone_code IN (SELECT s.zone_code FROM {{zone_fact}} AS s "
        f"WHERE s.year = $year AND {told}))"
    )
