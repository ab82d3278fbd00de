"""A state in either database, people of the small county, and a problem of a household in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from access.viewer import Viewer
from findings import writing
from findings.evidence import Evidence, of_text
from findings.writing import Given, Measure, Problem
from state.database import State, opened
from tests import viewers
from tests.small_county import COUNTY, EAST, HILL, MILL, WEST

DUE = date(2026, 3, 31)
PROOF = of_text("已入户核实,房屋已加固。")
WATER = Measure("接通自来水", ("县水利局", "西川镇"))


@pytest.fixture
def state(kept_in: str, tmp_path: Path) -> Iterator[State]:
    with opened(tmp_path / "home") as found:
        yield found


def inspector(place: str = COUNTY, subject: str = "du.cha") -> Viewer:
    return viewers.role("inspector", place, subject=subject)


def township(place: str = WEST, subject: str = "zhen.zhang") -> Viewer:
    return viewers.role("township_leader", place, subject=subject)


def leader() -> Viewer:
    return viewers.role("county_leader", subject="xian.zhang")


def problem(household: str = "H05", kind: str = "rule.exit_housing", **more: object) -> Problem:
    """What a household in the west, or H01 in the east, is found to lack."""
    place = HILL if household in ("H01", "H02") else MILL
    told = {"source": "inspection", "title": "住房未达标", "due": DUE, **more}
    return Problem(kind=kind, subject_kind="household", subject_id=household,
                   household_id=household, region_code=place, **told)  # type: ignore[arg-type]  # fmt: skip


def mended(state: State, household: str = "H05", *evidence: Evidence, **more: object) -> int:
    """A finding that was opened, assigned and mended; its number."""
    number = writing.open_finding(state, inspector(), problem(household, **more))
    writing.take(state, inspector(), number, "assign", Given(measures=(WATER,)))
    place = EAST if household in ("H01", "H02") else WEST
    given = Given("已整改", evidence or (PROOF,))
    writing.take(state, township(place), number, "mend", given)
    return number


def closed(state: State, household: str = "H05") -> int:
    number = mended(state, household)
    writing.take(state, inspector(), number, "verify", Given())
    writing.take(state, leader(), number, "close", Given())
    return number
