"""No room, or no right to write: the old snapshot stands, and one sentence says why."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from store.snapshots import Home
from tests import torture
from tests.faults import county
from tests.test_walls import ROOT

HELD = 30  # households of the old snapshot
NEW = 2_000  # of the files that do not fit any more
# KiB that are left on the disk, and that a file may grow to.
ROOM = [0, 50, 100, 200, 400] if torture.ON else [0, 200]
GROWTH = [4, 16, 60, 120] if torture.ON else [4, 60]


@contextmanager
def mounted(folder: Path, size: str) -> Iterator[Path]:
    """A small disk of its own; skips where this user may not mount one."""
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        pytest.skip("only root may mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def imported(raw: Path, home: Path, limit: int | None = None) -> subprocess.CompletedProcess[str]:
    """The import command in a process of its own; ``limit`` is the largest file it may write."""

    def restrict() -> None:
        if limit is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.run(
        [
            sys.executable,
            "-m",
            "loaders",
            "import",
            str(raw),
            "--home",
            str(home),
            *("--county", "611025", "--date", "2025-12-31"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=restrict,
    )


def refused(done: subprocess.CompletedProcess[str], home: Path, before: object) -> str:
    """The sentence of an import that could not write, with the old snapshot as it was."""
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert county.state(home) == before
    assert Home(home).current_number() == 1
    (said,) = [line for line in done.stderr.splitlines() if "未入库" in line]
    return said


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    county.write(folder / "before", HELD)
    county.write(folder / "new", NEW)
    return folder


@pytest.mark.harder
@pytest.mark.parametrize("room", ROOM)
def test_a_full_disk_leaves_the_old_snapshot(raw: Path, tmp_path: Path, room: int) -> None:
    """``room`` in KiB: it is full at once, while reading, or while writing tables."""
    with mounted(tmp_path / "disk", "16m") as disk:
        home = disk / "home"
        county.load(raw / "before", home)
        before = county.state(home)
        free = shutil.disk_usage(disk).free - room * 1024
        (disk / "other").write_bytes(bytes(free))
        said = refused(imported(raw / "new", home), home, before)
        assert "空间" in said
        (disk / "other").unlink()
        assert county.load(raw / "new", home).exit_code == 0
        assert county.state(home)["household"][0] == NEW
        assert county.remains(home) == []


@pytest.mark.harder
@pytest.mark.parametrize("limit", GROWTH)
def test_a_file_that_may_not_grow_leaves_the_old_snapshot(
    raw: Path, tmp_path: Path, limit: int
) -> None:
    """``limit`` in KiB: where no small disk can be mounted, this is the same fault."""
    home = tmp_path / "home"
    county.load(raw / "before", home)
    before = county.state(home)
    refused(imported(raw / "new", home, limit * 1024), home, before)
    assert county.load(raw / "new", home).exit_code == 0
    assert county.remains(home) == []


@contextmanager
def read_only(home: Path) -> Iterator[None]:
    """The home on a disk mounted read-only, or without the right to write where that suffices."""
    if os.geteuid():
        home.chmod(0o555)
        (home / "snapshots").chmod(0o555)
        yield
        home.chmod(0o755)
        (home / "snapshots").chmod(0o755)
        return
    for options in (["--bind"], ["-o", "remount,bind,ro"]):
        made = subprocess.run(
            ["mount", *options, str(home), str(home)], capture_output=True, check=False
        )
        if made.returncode:
            pytest.skip("root ignores permissions and may not mount here")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(home)], check=True)


def test_a_read_only_folder_is_told_in_a_sentence(raw: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    county.load(raw / "before", home)
    before = county.state(home)
    with read_only(home):
        said = refused(imported(raw / "new", home), home, before)
        assert "写" in said
    assert county.load(raw / "new", home).exit_code == 0
