"""What the overview is made of: the place at this data date, beside the last and those before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from metrics import board, figures
from metrics.board import Mark
from metrics.county import County
from metrics.data_dates import last_before
from metrics.exceptions import MOST
from metrics.figures import Figure
from metrics.outlook import Outlook, outlook
from store.snapshots import NoSnapshot, SnapshotDamaged
from views.browser.components import screen_size
from views.context.counties import county
from views.context.stage import Stage

# How many places a list on the one screen has room for.
_DECISIONS = {"page": 5}
_ROOM = {"wall": 15, "page": 5, "phone": 8, "slide": 5}


@dataclass(frozen=True)
class Overview:
    """A stage with what its overview shows, each asked for once."""

    stage: Stage

    @property
    def today(self) -> bool:
        """Whether the data date's own year is shown: of others nothing is late or due any more."""
        return self.stage.view.year == self.stage.newest

    @cached_property
    def before(self) -> County | None:
        """The county at the last data date; None where there is none that can be opened."""
        here = self.stage.county
        number = last_before(here.home, here.snapshot) if self.today else None
        try:
            return county(number) if number is not None else None
        except (NoSnapshot, SnapshotDamaged):
            return None

    @property
    def since(self) -> str:
        """The last data date as a sentence has it; empty without one."""
        return day_words(self.stage, self.before.data_date) if self.before else ""

    @cached_property
    def places(self) -> list[str]:
        """The places directly below that the viewer sees whole; the place itself without any."""
        stage = self.stage
        below = stage.county.children(stage.view.region, stage.scope)
        seen = [place.code for place in below if stage.scope.contains(place.code)]
        return seen or [stage.view.region]

    @property
    def decisions(self) -> int:
        """How many matters to decide have room on this screen."""
        return _DECISIONS.get(screen_size(), MOST)

    @property
    def room(self) -> int:
        """How many places a list has room for on this screen."""
        return _ROOM[screen_size()]

    @cached_property
    def outlook(self) -> Outlook:
        """What the data date tells of the place."""
        stage = self.stage
        return outlook(stage.county, self.before, stage.view.region, self.places, stage.scope)

    @cached_property
    def figures(self) -> list[Figure]:
        stage = self.stage
        months = self.outlook.months if self.today else None
        return figures.figures(
            stage.county, self.before, stage.view.region, stage.view.year, stage.scope, months
        )

    @cached_property
    def board(self) -> dict[str, dict[str, Mark]]:
        stage = self.stage
        return board.board(stage.county, self.before, self.places, stage.view.year, stage.scope)


def day_words(stage: Stage, day: date) -> str:
    """A day of the data date's year without it, another with it."""
    key = "day_short" if day.year == stage.county.data_date.year else "day_long"
    words = {"month": stage.t(f"month_{day.month}"), "day": day.day}
    return stage.t(key, **words, **({} if key == "day_short" else {"year": day.year}))
