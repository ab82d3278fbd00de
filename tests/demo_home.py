"""The demo county, written as raw files and loaded by the loaders, once a test session."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from store.snapshots import Home

ROOT = Path(__file__).parents[1]


def load(folder: Path) -> Home:
    """Write and load the demo county into a folder, or use the one in ``TAIZHANG_DEMO_HOME``."""
    given = os.environ.get("TAIZHANG_DEMO_HOME")
    if given:
        return Home(Path(given))
    home = folder / "home"
    subprocess.run(
        [sys.executable, "-m", "loaders", "demo", "--home", home, "--raw", folder / "raw"],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return Home(home)
