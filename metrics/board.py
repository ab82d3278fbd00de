"""The board of places: what each is compared by, its rank, and the rank that it had before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from metrics.county import County
from metrics.shares import percent
from store.scope import Scope

INCOME_GROWTH = "income_growth"
_INCOME = "per_capita_income"
# Columns in their order: rates, since places differ in size; which way is better, and whether the
# rate is an indicator's or the growth of income.
COLUMNS = (
    "ledger_overdue_share",
    "step_overdue_share",
    "ledger_closed_share",
    "open_guarantee_share",
    INCOME_GROWTH,
)
Third = Literal["front", "middle", "back"]
# Under so many cases one more or less moves a rate by more than three points.
FEW = 30


@dataclass(frozen=True, slots=True)
class Mark:
    """A place's rate in percent, what it is made of, and its rank among the places: 1 is the best.

    ``tied`` says that another place has the same rank, since their rates read the same; ``moved``
    by how many ranks it has risen since the last data date (None: not known). ``third`` is where
    that stands among those that have a rank; None where all have the same.
    """

    value: float | None
    part: float | None = None
    base: float | None = None
    rank: int | None = None
    tied: bool = False
    moved: int | None = None
    third: Third | None = None

    @property
    def few(self) -> bool:
        """Whether the rate is one of few cases."""
        return self.base is not None and self.base < FEW


def better_of(county: County, column: str) -> Literal["higher", "lower", "none"]:
    """Which way a column's rates are better."""
    return "higher" if column == INCOME_GROWTH else county.indicators[column].better


def growth(county: County, place: str, year: int, scope: Scope) -> float | None:
    """Growth in percent of net income a person since the year before; None where not known."""
    now, then = (county.cube.cell(_INCOME, place, at, scope).value for at in (year, year - 1))
    return None if now is None or not then else percent(now - then, then)


def _mark(county: County, column: str, place: str, year: int, scope: Scope) -> Mark:
    if column == INCOME_GROWTH:
        return Mark(growth(county, place, year, scope))
    cell = county.cube.cell(column, place, year, scope)
    return Mark(cell.value, cell.numerator, cell.denominator)


def _ranks(values: Mapping[str, float | None], better: str) -> dict[str, int]:
    """Place to its rank by rates that read differently; those not known have none."""
    shown = {place: round(value, 1) for place, value in values.items() if value is not None}
    order = sorted(shown.values(), reverse=better == "higher")
    return {place: order.index(value) + 1 for place, value in shown.items()}


def _third(rank: int | None, ranks: Sequence[int]) -> Third | None:
    """The third of the ranks that one lies in; equals lie in the same."""
    if rank is None or max(ranks) == min(ranks):
        return None
    part = (rank - 1) / (len(ranks) - 1)
    return "front" if part < 1 / 3 else "middle" if part < 2 / 3 else "back"


def board(
    county: County, before: County | None, places: Iterable[str], year: int, scope: Scope
) -> dict[str, dict[str, Mark]]:
    """Place to its mark in each of ``COLUMNS``, for the places that the scope contains."""
    codes = [place for place in places if scope.contains(place)]
    found: dict[str, dict[str, Mark]] = {code: {} for code in codes}
    for column in COLUMNS:
        better = better_of(county, column)
        marks = {code: _mark(county, column, code, year, scope) for code in codes}
        ranks = _ranks({code: mark.value for code, mark in marks.items()}, better)
        earlier: dict[str, int] = {}
        if before is not None:
            at = before.data_date.year
            then = {code: _mark(before, column, code, at, scope).value for code in codes}
            earlier = _ranks(then, better)
        held = list(ranks.values())
        for code, mark in marks.items():
            rank, was = ranks.get(code), earlier.get(code)
            moved = was - rank if rank is not None and was is not None else None
            tied = rank is not None and held.count(rank) > 1
            found[code][column] = replace(
                mark, rank=rank, tied=tied, moved=moved, third=_third(rank, held)
            )
    return found


def ordered(
    found: Mapping[str, Mapping[str, Mark]], column: str, best_first: bool = False
) -> list[str]:
    """Places by their rank in a column, the worst first; those without a rank last."""
    ranked = [code for code in found if found[code][column].rank is not None]
    sign = 1 if best_first else -1
    ranked.sort(key=lambda code: (sign * (found[code][column].rank or 0), code))
    return ranked + [code for code in found if code not in ranked]
