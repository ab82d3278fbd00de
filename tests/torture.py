"""What takes longer than ``make test`` may: run by ``make torture``, which sets TAIZHANG_TORTURE.

A test marked ``torture`` runs there alone. One marked ``harder`` runs in both, there with more of
what it tries: ``times(usual, torture)``.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

Case = TypeVar("Case")

ON = os.environ.get("TAIZHANG_TORTURE") == "1"


def times(usual: int, torture: int) -> int:
    """How often to try: ``usual`` in ``make test``, ``torture`` in ``make torture``."""
    return torture if ON else usual


def some(cases: Sequence[Case], each: int = 3) -> list[Case]:
    """The cases that ``make test`` tries, one of ``each``; all of them in ``make torture``."""
    return list(cases[:: times(each, 1)])
