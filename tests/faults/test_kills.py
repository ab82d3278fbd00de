"""kill -9 at any moment of an import: the old snapshot or the new one, never a third thing."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.faults import county
from tests.test_walls import ROOT
from tests.torture import ON, times

KILLS = times(24, 200)
AT_EVERY_STAGE = times(1, 3)
# Assembling takes a twentieth of an import of so few households: few kills may all miss it.
SHORT = () if ON else ("assembling",)

pytestmark = pytest.mark.harder


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kills")
    county.load(county.write(folder / "before", 30), folder / "base")
    county.write(folder / "raw", 60)
    return folder


@pytest.fixture(scope="module")
def told(place: Path) -> list[dict[str, Any]]:
    """What became of each killed import; both ways to kill at once, as there are two cores."""
    ways = ("time", "change")
    series = [subprocess.Popen(_command(place, how), cwd=ROOT) for how in ways]
    assert [process.wait() for process in series] == [0, 0]
    texts = [(place / f"told-{how}.jsonl").read_text() for how in ways]
    return [json.loads(line) for text in texts for line in text.splitlines()]


def _command(place: Path, how: str) -> list[str]:
    return [sys.executable, "-m", "tests.faults.killing", str(place), how, str(KILLS // 2)]


@pytest.fixture(scope="module")
def states(place: Path) -> tuple[Any, Any]:
    """The old snapshot's tables and the new one's, from imports that nobody killed."""
    old = county.state(place / "base")
    county.load(place / "raw", place / "whole")
    return _plain(old), _plain(county.state(place / "whole"))


def _plain(state: Any) -> Any:
    return json.loads(json.dumps(state))


def test_the_kills_come_at_every_stage(told: list[dict[str, Any]]) -> None:
    assert len(told) == KILLS
    assert {entry["status"] for entry in told} <= {-9, 0}
    killed = Counter(entry["stage"] for entry in told if entry["status"] == -9)
    assert sum(killed.values()) > 0.8 * KILLS
    stages = {"reading", "staging", "assembling", "publishing"}.difference(SHORT)
    assert all(killed[stage] >= AT_EVERY_STAGE for stage in stages), killed


def test_the_home_holds_the_old_snapshot_or_the_new(
    told: list[dict[str, Any]], states: tuple[Any, Any]
) -> None:
    """Hashes were verified when the home was opened; here all tables are one version's."""
    for entry in told:
        assert (entry["number"], entry["state"]) in [("1", states[0]), ("2", states[1])], entry


def test_the_next_import_works_and_clears_up(
    told: list[dict[str, Any]], states: tuple[Any, Any]
) -> None:
    for entry in told:
        assert entry["next"] == 0, entry
        assert entry["next_state"] == states[1], entry
        assert entry["remains"] == [], entry


def test_no_process_of_a_killed_import_stays(told: list[dict[str, Any]]) -> None:
    assert [entry for entry in told if entry["orphans"]] == []
