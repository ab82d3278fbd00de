"""What a place's overview is told from, asked once a snapshot, place and scope: counts alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from metrics import late as lateness
from metrics import turns as turning
from metrics.county import County
from metrics.exceptions import Found, Ground, exceptions
from metrics.late import Late
from metrics.monitoring import Cases
from metrics.months import Months
from metrics.turns import CAME, LEFT, MOVED, Turn
from store.scope import Scope


@dataclass(frozen=True, slots=True)
class Outlook:
    """A place at its data date.

    ``turns`` and ``moved`` (households in another village) are since the last data date, None where
    there is none; ``largest`` are the largest turns, each with its households by the place below.
    ``more`` is how many exceptions there are beyond those listed.
    """

    months: Months
    turns: Mapping[str, Turn] | None
    largest: tuple[tuple[Turn, Mapping[str, int]], ...]
    moved: int | None
    late: Mapping[str, Late]
    exceptions: tuple[Found, ...]
    more: int


def outlook(
    county: County, before: County | None, region: str, places: Sequence[str], scope: Scope
) -> Outlook:
    """The outlook of a region and the ``places`` below it, codes of one length, within a scope.

    ``before`` is the county at the last data date. None of these change, so that it is made once.
    """
    earlier = before and (before.snapshot.number, before.rulebook.fingerprint)
    key = ("outlook", earlier, region, tuple(places), scope)
    return county.kept(key, lambda: _made(county, before, region, places, scope))


def _made(
    county: County, before: County | None, region: str, places: Sequence[str], scope: Scope
) -> Outlook:
    reader, day, digits = county.reader(scope), county.data_date, len(places[0])
    cases = Cases(reader, region)
    late = lateness.late(reader, cases, region, places, day)
    loaded = {table: county.snapshot.rows(table) for table in county.snapshot.tables}
    months = Months(reader, region, day, loaded, digits)
    ground = Ground(county, before, reader, region, places, late, cases.soonest(digits), months)
    found, more = exceptions(ground)
    turns, largest, moved = None, [], None
    if before is not None:
        between = turning.between(before, county, reader, region)
        turns, moved = between.each(), between.count(MOVED)
        for turn in turning.largest(turns):
            way = CAME if turn.came else LEFT
            largest.append((turn, between.below(turn.part(way), digits)))
    return Outlook(months, turns, tuple(largest), moved, late, tuple(found), more)
