"""Addresses live for ever: what those of an earlier version are called today.

An address that is to last says of which version it is (``v=1``). Whoever gives a page, a key or a
value another name, or lets what is left out mean something else, adds a step here: a pure function
from the version before to the next. ``tests/addresses.yaml`` holds addresses that were printed or
sent; each must lead to the view that was meant.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple


class Written(NamedTuple):
    """An address: a page's path without its first slash, and its query's pairs."""

    path: str
    pairs: tuple[tuple[str, str], ...]


Step = Callable[[Written], Written]

# From version 1 to 2, from 2 to 3, and so on.
STEPS: tuple[Step, ...] = ()
VERSION = len(STEPS) + 1
_KEY = "v"


def today(written: Written, steps: Sequence[Step] = STEPS) -> Written:
    """The address as it is written today.

    One that does not say its version is today's: those that nobody means to keep do not. So is one
    of a version that there is not, of which the page says so.
    """
    said = [value for key, value in written.pairs if key == _KEY]
    newest = len(steps) + 1
    if len(said) != 1 or said[0] not in map(str, range(1, newest)):
        return written
    for step in steps[int(said[0]) - 1 :]:
        written = step(written)
    kept = tuple(pair for pair in written.pairs if pair[0] != _KEY)
    return Written(written.path, (*kept, (_KEY, str(newest))))
