"""kill -9 at any moment of a write: the change is there whole or not at all, the audit is whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest

from state.database import ADDRESS
from tests.test_walls import ROOT
from tests.torture import times

KILLS = times(30, 200)

pytestmark = pytest.mark.harder


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What became of each write that was killed."""
    place = tmp_path_factory.mktemp("kills")
    command = [sys.executable, "-m", "tests.state.killing", str(place), str(KILLS)]
    plain = {name: value for name, value in os.environ.items() if name != ADDRESS}
    done = subprocess.run(command, cwd=ROOT, env=plain, stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_kills_come_while_something_is_written(told: list[dict[str, Any]]) -> None:
    assert len(told) == KILLS
    killed = Counter(entry["way"] for entry in told if entry["status"] == -9)
    assert all(killed[way] == KILLS // 5 for way in ("rights", "findings", "samples")), killed
    assert all(killed[way] >= KILLS // 15 for way in ("new", "rotation")), killed


def test_samples_were_drawn_before_the_kills(told: list[dict[str, Any]]) -> None:
    """What is whole of none at all says nothing."""
    assert max(entry.get("samples", 0) for entry in told) > 0


def test_no_change_is_half_written_and_the_audit_is_whole(told: list[dict[str, Any]]) -> None:
    assert [entry for entry in told if entry["wrong"]] == []
