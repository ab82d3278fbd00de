"""Nobody else reads a home: folders are 0700, files 0600, those of before too."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from store import __main__ as store_command
from store.privacy import keep_private
from tests import small_county
from tests.loaders import sheets
from tests.loaders.sheets import HOUSEHOLD, household

ROOT = Path(__file__).parents[2]
PRIVATE = {"folders": {0o700}, "files": {0o600}}


@pytest.fixture
def open_umask() -> Iterator[None]:
    """As a shell usually has it: others may read."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def _modes(home: Path) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {"folders": set(), "files": set()}
    for path in (home, *home.rglob("*")):
        found["folders" if path.is_dir() else "files"].add(path.stat().st_mode & 0o777)
    return found


def test_what_an_import_writes_is_its_owners_alone(tmp_path: Path, open_umask: None) -> None:
    """Snapshot, derived relations, shapes, counters and locks, by the whole command."""
    file = sheets.workbook(tmp_path / "户信息_20251231.xlsx", {"a": [HOUSEHOLD, household(1)]})
    home = tmp_path / "home"
    command = [
        sys.executable,
        "-m",
        "loaders",
        "import",
        str(file),
        "--home",
        str(home),
        "--county",
        "611025",
    ]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    for part in ("snapshots/000001", "derived", "shapes", "LOCK", "CURRENT"):
        assert (home / part).exists(), part
    assert _modes(home) == PRIVATE


def test_a_home_of_before_is_closed_by_the_next_command(tmp_path: Path, open_umask: None) -> None:
    home = tmp_path / "home"
    small_county.publish(home)
    assert _modes(home) != PRIVATE
    assert store_command.main(["list", "--home", str(home)]) == 0
    assert _modes(home) == PRIVATE
    assert (home / "CURRENT").read_text() == "1\n"


def test_links_out_of_the_home_are_left_alone(tmp_path: Path, open_umask: None) -> None:
    outside, home = tmp_path / "outside", tmp_path / "home"
    outside.write_text("x")
    home.mkdir()
    (home / "link").symlink_to(outside)
    keep_private(home)
    assert outside.stat().st_mode & 0o777 == 0o644


def test_no_home_is_made(tmp_path: Path, open_umask: None) -> None:
    keep_private(tmp_path / "none")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    "path", ["loaders/__main__.py", "loaders/jobs.py", "metrics/__main__.py",
             "store/__main__.py", "server.py"]
)  # fmt: skip
def test_every_command_and_the_server_begin_with_it(path: str) -> None:
    assert "keep_private(" in (ROOT / path).read_text("utf-8")
