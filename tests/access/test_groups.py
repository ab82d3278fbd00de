"""Roles by the groups of the way in: they add to grants, and what is odd gives nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from access import groups
from access.groups import Mapped
from access.rights import together
from store.scope import Scope

COUNTY, EAST, WEST = "611025", "611025101", "611025102"


def write(home: Path, text: str) -> Path:
    path = home / "county" / groups.FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return home


def test_groups_give_roles_in_places_beside_grants(tmp_path: Path) -> None:
    home = write(
        tmp_path,
        "groups:\n"
        "  leaders: {role: county_leader, regions: 611025}\n"
        f'  east: [{{role: inspector, regions: ["{EAST}"]}}, '
        f'{{role: data_clerk, regions: ["{WEST}"]}}]\n',
    )
    assert groups.of(home, ()) == [] and groups.of(home, ["nobody"]) == []
    assert groups.of(home, ["leaders"]) == [Mapped("leaders", "county_leader", (COUNTY,))]
    rights = together("li", "李四", [], date(2026, 1, 1), groups.of(home, ["east", "other"]))
    assert rights.scope("see") == Scope.of([EAST, WEST])
    assert rights.scope("reveal") == Scope.of([EAST]) and rights.scope("load") == Scope.of([WEST])


def test_who_leaves_a_group_and_a_file_that_is_gone_count_at_once(tmp_path: Path) -> None:
    home = write(tmp_path, "groups:\n  east: {role: inspector, regions: 611025101}\n")
    assert groups.of(home, ["east"])
    (home / "county" / groups.FILE).unlink()
    assert not groups.of(home, ["east"]) and groups.mapped(home) == ([], [])


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("{role: king, regions: 611025}", "king"),
        ("{role: inspector, regions: 61102}", "地区代码"),
        ("{role: inspector, regions: []}", "地区代码"),
        ("{role: inspector}", "regions"),
        ("{role: inspector, regions: 611025, until: 2026-01-01}", "until"),
        ("inspector", "清单"),
    ],
)
def test_an_entry_that_means_nothing_is_named_and_gives_nothing(
    tmp_path: Path, entry: str, said: str
) -> None:
    text = f"groups:\n  good: {{role: inspector, regions: 611025101}}\n  odd: {entry}\n"
    home = write(tmp_path, text)
    found, faults = groups.mapped(home)
    assert [each.group for each in found] == ["good"]
    (fault,) = faults
    assert said in fault.why and fault.line == 3 and "groups.yaml" in fault.file


def test_a_file_that_is_no_yaml_gives_nothing(tmp_path: Path) -> None:
    found, faults = groups.mapped(write(tmp_path, "groups: [\n"))
    assert found == [] and len(faults) == 1
