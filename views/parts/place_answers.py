"""What is counted in the place shown and how it answers each rule: what several pages open with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from rules.tally import Tally
from store.reader import Reader
from views.context.stage import Stage

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Here(Generic[S]):
    """The page's own counts of the place shown, and the tally of each of its rules by key."""

    summary: S
    answers: dict[str, Tally]


def look(
    stage: Stage,
    summary: Callable[[Reader, str, int], S],
    answers: Callable[[Reader, str, int, str], dict[str, Tally]],
) -> Here[S]:
    """What ``summary`` and ``answers`` of the page's metrics tell of the place at the data date."""
    reader, region, year = stage.reader, stage.view.region, stage.newest
    return Here(summary(reader, region, year), answers(reader, region, year, stage.place.level))
