"""What takes longer than ``make test`` may: run by ``make torture``, which sets TAIZHANG_TORTURE.

A test marked ``torture`` runs there alone. One marked ``harder`` runs in both, there with more of
what it tries: ``times(usual, torture)``. Where ``TAIZHANG_TORTURE_END`` says when the run has to be
over, as seconds since 1970, what has not begun by then is skipped and says so.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from typing import TypeVar

Case = TypeVar("Case")

ON = os.environ.get("TAIZHANG_TORTURE") == "1"
_END = os.environ.get("TAIZHANG_TORTURE_END")


def times(usual: int, torture: int) -> int:
    """How often to try: ``usual`` in ``make test``, ``torture`` in ``make torture``."""
    return torture if ON else usual


def some(cases: Sequence[Case], each: int = 3) -> list[Case]:
    """The cases that ``make test`` tries, one of ``each``; all of them in ``make torture``."""
    return list(cases[:: times(each, 1)])


def over() -> bool:
    """Whether the run has to be over by now."""
    return _END is not None and time.time() > float(_END)
