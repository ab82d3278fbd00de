"""The query keys of a sample: its design, what it asks, its seed and number; and how each reads."""

from __future__ import annotations

from collections.abc import Container

from metrics.exit import standards
from sampling.designs import MOST, MOST_VILLAGES

KEYS = ("design", "share", "size", "villages", "asks", "seed", "sample")
# What of a sample is shown: how it was drawn, its households, what came back.
PARTS = ("draw", "list", "results")
SIZE, VILLAGES = 100, 10  # where nobody says another
SIZES, VILLAGE_COUNTS = range(1, MOST + 1), range(2, MOST_VILLAGES + 1)
NO_RULE = "none"  # ``asks=none``: no rule is put to every household
_DIGITS = 12  # of a seed


def asks(given: str, known: Container[str]) -> tuple[str, ...]:
    """The rules that are put to every household. Raises ValueError."""
    keys = () if given == NO_RULE else tuple(dict.fromkeys(given.split(".")))
    if unknown := [key for key in keys if key not in known]:
        raise ValueError(unknown)
    return keys


def asks_text(keys: tuple[str, ...]) -> str:
    return ".".join(keys) or NO_RULE


def usual_asks() -> tuple[str, ...]:
    """The standards of leaving poverty: what an evaluation looks at in every household."""
    return tuple(rule.key for rule in standards("household_exit"))


def seed(given: str) -> int:
    """A seed as it is written. Raises ValueError."""
    if not (given.isascii() and given.isdigit() and len(given) <= _DIGITS):
        raise ValueError(given)
    if str(int(given)) != given:
        raise ValueError(given)
    return int(given)
