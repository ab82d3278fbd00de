"""The demo county, written as raw files and loaded by the loaders."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from store.snapshots import Home

ROOT = Path(__file__).parents[1]
# What the county's files and tables are made by. Rules and indicators are not: what they derive
# has a fingerprint of its own in the home.
_MADE_BY = ("loaders", "store", "data", "glossary/__init__.py", "requirements.txt")
_KEPT = ROOT / "build" / "demo"


def given() -> Home | None:
    """The home named by ``TAIZHANG_DEMO_HOME``, in which the demo county is loaded already."""
    path = os.environ.get("TAIZHANG_DEMO_HOME")
    return Home(Path(path)) if path else None


def fingerprint() -> str:
    """A hash over every file that the demo county is made by."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *_MADE_BY],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    digest = hashlib.sha256(sys.version.encode())
    for name in sorted(set(listed)):
        path = ROOT / name
        digest.update(name.encode() + b"\0" + (path.read_bytes() if path.is_file() else b""))
    return digest.hexdigest()[:16]


def kept() -> Home:
    """The demo county that these files make: made once, then kept for the runs that follow.

    It lies in ``build/demo``; what other files made is removed. Who asks meanwhile waits.
    """
    _KEPT.mkdir(parents=True, exist_ok=True)
    target = _KEPT / fingerprint()
    with (_KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            for old in _KEPT.iterdir():
                if old.is_dir():
                    shutil.rmtree(old)
            work = target.with_suffix(".part")
            load(work)
            work.rename(target)
    return Home(target / "home")


def load(folder: Path) -> None:
    """Write the demo county to ``raw`` and load it to ``home``, both in a folder."""
    subprocess.run(
        [
            *(sys.executable, "-m", "loaders", "demo"),
            *("--home", folder / "home", "--raw", folder / "raw"),
        ],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
