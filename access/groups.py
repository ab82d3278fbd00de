"""Roles by the groups that a way in tells of somebody, if the county maps them: ``groups.yaml``.

The file stands in the home's ``county`` folder, read anew with every look. What it gives has no end
of its own: who leaves a group loses it. An entry that cannot be used gives nobody anything.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from access.roles import ROLES, Role
from store.county_folder import Fault, misfit, path_in, read
from store.scope import Scope

FILE = "groups.yaml"


@dataclass(frozen=True, slots=True)
class Mapped:
    """What being in a group gives: a role in some places."""

    group: str
    role: Role
    codes: tuple[str, ...]


def mapped(home: Path) -> tuple[list[Mapped], list[Fault]]:
    """What the county's file gives, and which of its entries cannot be used."""
    entries, faults = read(home, path_in(home, FILE), "groups")
    found: list[Mapped] = []
    for group, said in entries.items():
        for entry in said if isinstance(said, list) else [said]:
            one = _entry(group, entry)
            if isinstance(one, str):
                faults.append(entries.fault(group, one))
            else:
                found.append(one)
    return found, faults


def of(home: Path, groups: Collection[str]) -> list[Mapped]:
    """What some groups together give."""
    return [each for each in mapped(home)[0] if each.group in groups] if groups else []


def _entry(group: str, entry: object) -> Mapped | str:
    """What an entry gives, or why it cannot be used."""
    if why := misfit(entry, ("role", "regions")):
        return why
    assert isinstance(entry, dict)
    role, regions = entry["role"], entry["regions"]
    if role not in ROLES:
        return f"没有 {role} 这个角色, 只有 {', '.join(ROLES)}"
    try:
        codes = Scope.of(map(str, regions if isinstance(regions, list) else [regions])).codes
    except ValueError:
        codes = ()
    if not codes:
        return "regions 应是地区代码 (2、4、6、9 或 12 位数字)"
    return Mapped(group, role, codes)
