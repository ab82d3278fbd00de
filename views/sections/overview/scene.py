"""What the overview is made of: the place at this data date, beside the last one and those before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from metrics import board, exceptions, figures, late, turns
from metrics.board import Mark
from metrics.county import County
from metrics.data_dates import last_before
from metrics.exceptions import Found, Ground
from metrics.figures import Figure
from metrics.late import Late
from metrics.monitoring import Cases
from metrics.months import Months
from metrics.turns import Turns
from store.snapshots import NoSnapshot, SnapshotDamaged
from views.browser.components import screen_size
from views.context.counties import county
from views.context.stage import Stage

# How many places a list on the one screen has room for.
_ROOM = {"wall": 15, "page": 5, "phone": 8}


@dataclass(frozen=True)
class Scene:
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
    def room(self) -> int:
        """How many places a list has room for on this screen."""
        return _ROOM[screen_size()]

    @cached_property
    def months(self) -> Months:
        stage, snapshot = self.stage, self.stage.county.snapshot
        loaded = {table: snapshot.rows(table) for table in snapshot.tables}
        day, digits = stage.county.data_date, len(self.places[0])
        return Months(stage.reader, stage.view.region, day, loaded, digits)

    @cached_property
    def figures(self) -> list[Figure]:
        stage = self.stage
        months = self.months if self.today else None
        return figures.figures(
            stage.county, self.before, stage.view.region, stage.view.year, stage.scope, months
        )

    @cached_property
    def turns(self) -> Turns | None:
        """What turned since the last data date; None without one."""
        if self.before is None:
            return None
        stage = self.stage
        return turns.between(self.before, stage.county, stage.reader, stage.view.region)

    @cached_property
    def cases(self) -> Cases:
        return Cases(self.stage.reader, self.stage.view.region)

    @cached_property
    def late(self) -> dict[str, Late]:
        stage = self.stage
        day = stage.county.data_date
        return late.late(stage.reader, self.cases, stage.view.region, self.places, day)

    @cached_property
    def exceptions(self) -> tuple[list[Found], int]:
        """What needs a decision, and how many more there are."""
        stage = self.stage
        soon = self.cases.soonest(len(self.places[0]))
        ground = Ground(stage.county, self.before, stage.reader, stage.view.region, self.places,
                        self.late, soon, self.months)  # fmt: skip
        return exceptions.exceptions(ground)

    @cached_property
    def board(self) -> dict[str, dict[str, Mark]]:
        stage = self.stage
        return board.board(stage.county, self.before, self.places, stage.view.year, stage.scope)


def day_words(stage: Stage, day: date) -> str:
    """A day of the data date's year without it, another with it."""
    key = "day_short" if day.year == stage.county.data_date.year else "day_long"
    words = {"month": stage.t(f"month_{day.month}"), "day": day.day}
    return stage.t(key, **words, **({} if key == "day_short" else {"year": day.year}))
