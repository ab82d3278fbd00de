"""The demo county, written as raw files and loaded by the loaders."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from store.snapshots import Home

ROOT = Path(__file__).parents[1]


def given() -> Home | None:
    """The home named by ``TAIZHANG_DEMO_HOME``, in which the demo county is loaded already."""
    path = os.environ.get("TAIZHANG_DEMO_HOME")
    return Home(Path(path)) if path else None


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
