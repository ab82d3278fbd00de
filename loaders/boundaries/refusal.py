"""Why a boundary file is not taken, and the words for it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from store.yamls import load_yaml

_WORDS = Path(__file__).parents[2] / "data" / "reference" / "boundary_words.yaml"


class Refused(Exception):
    """The file is not taken: a key of the refusals, and what its sentence is filled in with."""

    def __init__(self, reason: str, **details: Any) -> None:
        super().__init__(reason)
        self.reason, self.details = reason, details


@lru_cache(maxsize=1)
def words() -> dict[str, dict[str, str]]:
    """Sentences and words by kind: refusals, left_out, faults, levels, sources."""
    found: dict[str, dict[str, str]] = load_yaml(_WORDS.read_text("utf-8"))
    return found
