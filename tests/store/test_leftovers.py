"""What killed processes leave is cleared, and nothing that somebody is still writing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from store.leftovers import clear, working_name


def gone() -> int:
    """The number of a process that was there and is no more."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_only_names_of_processes_that_are_no_more_are_cleared(tmp_path: Path) -> None:
    ours = working_name(tmp_path / "CURRENT")
    assert ours == tmp_path / f".CURRENT-{os.getpid()}"
    theirs = tmp_path / ".CURRENT-1"
    left = tmp_path / f".CURRENT-{gone()}"
    others = [tmp_path / "CURRENT", tmp_path / ".CURRENT-old", tmp_path / f".LAST-{gone()}"]
    for path in (ours, theirs, left, *others):
        path.write_text("1")
    clear(tmp_path, "CURRENT")
    assert sorted(tmp_path.iterdir()) == sorted([ours, theirs, *others])


def test_a_folder_is_cleared_with_what_is_in_it(tmp_path: Path) -> None:
    left = tmp_path / f".0123456789ab-{gone()}"
    (left / "inside").mkdir(parents=True)
    clear(tmp_path)
    assert list(tmp_path.iterdir()) == []
