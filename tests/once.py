"""What a test run makes once, whichever of its workers needs it first."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def folder(factory: pytest.TempPathFactory) -> Path:
    """The folder that all workers of a run have in common; its own for a run without workers."""
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def made(common: Path, name: str, make: Callable[[Path], object]) -> Path:
    """The folder ``name`` that ``make`` fills; who asks meanwhile waits.

    It is there whole or not at all: after an exception in ``make`` the next who asks tries again.
    """
    target, work = common / name, common / f"{name}.part"
    with (common / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            shutil.rmtree(work, ignore_errors=True)
            work.mkdir()
            make(work)
            work.rename(target)
    return target
