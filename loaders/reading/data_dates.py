"""The data date that names of files and folders say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

_DATED = re.compile(r"(?<!\d)(20\d{2})[-._年]?(0[1-9]|1[0-2])[-._月]?(0[1-9]|[12]\d|3[01])(?!\d)")


def date_of(paths: Iterable[Path]) -> date | None:
    """The latest date in the names of files and of the folders that they stand in."""
    names = [name for path in paths for name in (path.name, path.parent.name)]
    found = [tuple(map(int, match)) for name in names for match in _DATED.findall(name)]
    return max((date(*parts) for parts in found if _is_day(parts)), default=None)


def _is_day(parts: Sequence[int]) -> bool:
    try:
        date(*parts)
    except ValueError:
        return False
    return True
