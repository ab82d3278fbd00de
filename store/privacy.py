"""A home is its owner's alone: it holds whole identity numbers."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def keep_private(home: Path) -> None:
    """Let nobody else read what this process writes from now on, nor what the home holds already.

    Every command and the server begin with it: folders are 0700, files 0600. What belongs to
    somebody else is left as it is; the home's own folder is closed first, and with it all inside.
    """
    os.umask(_OTHERS)
    for path in _inside(home):
        with suppress(OSError):  # another owner's, or gone meanwhile
            mode = path.lstat().st_mode
            if mode & _OTHERS and not stat.S_ISLNK(mode):
                path.chmod(stat.S_IMODE(mode) & ~_OTHERS)


def _inside(home: Path) -> Iterator[Path]:
    """The home and everything in it, each folder before what it holds."""
    if home.is_dir():
        yield home
    for folder, folders, files in os.walk(home):
        for name in (*folders, *files):
            yield Path(folder) / name
