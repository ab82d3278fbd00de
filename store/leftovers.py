"""Hidden names that a process works under, and what is left of one that was killed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def working_name(path: Path) -> Path:
    """A hidden name beside ``path``, of this process alone, to write under and then rename."""
    return path.with_name(f".{path.name}-{os.getpid()}")


def clear(folder: Path, name: str = "*") -> None:
    """Remove the working names of ``name`` in a folder whose processes are no more."""
    for left in folder.glob(f".{name}-*"):
        process = left.name.rpartition("-")[2]
        if process.isdigit() and not _runs(int(process)):
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        return True
    return True
