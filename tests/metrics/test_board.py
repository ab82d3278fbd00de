"""The board of places: ranks, ties, movement, and rates of few cases."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from metrics import board as boards
from metrics.board import COLUMNS, INCOME_GROWTH, Mark, board, ordered
from metrics.cube import Cell
from metrics.registry import indicators
from store.scope import Scope

_ALL = Scope.of(["619925"])
_COLUMN = "ledger_overdue_share"


def _county(rates: Mapping[str, tuple[float, float] | None], year: int = 2025) -> Any:
    """A county whose every rate is these parts of these wholes; income has grown by a tenth."""

    def cell(key: str, place: str, at: int, scope: Scope) -> Cell:
        if key == "per_capita_income":
            return Cell(1000.0 + 100 * (at - year), 1.0, 1.0, 0)
        pair = rates[place]
        if pair is None:
            return Cell(None, 0.0, None, 0)
        return Cell(100 * pair[0] / pair[1], pair[0], pair[1], 0)

    return SimpleNamespace(
        indicators=indicators(),
        cube=SimpleNamespace(cell=cell),
        data_date=SimpleNamespace(year=year),
    )


_A, _B, _C, _D = (f"61992510{n}" for n in range(1, 5))


def _board(now: Any, before: Any = None) -> dict[str, Mark]:
    found = board(now, before, [_A, _B, _C, _D], 2025, _ALL)
    return {place: marks[_COLUMN] for place, marks in found.items()}


def test_the_best_is_first_and_equals_share_a_rank() -> None:
    marks = _board(_county({_A: (1, 100), _B: (5, 100), _C: (5.04, 100), _D: (9, 100)}))
    assert [marks[p].rank for p in (_A, _B, _C, _D)] == [1, 2, 2, 4], "5.0 % and 5.04 % read alike"
    assert [marks[p].tied for p in (_A, _B, _C, _D)] == [False, True, True, False]
    assert [marks[p].third for p in (_A, _B, _C, _D)] == ["front", "middle", "middle", "back"]


def test_a_column_of_which_more_is_better_ranks_the_other_way() -> None:
    found = board(_county({_A: (1, 100), _B: (9, 100), _C: (5, 100), _D: (2, 100)}), None,
                  [_A, _B, _C, _D], 2025, _ALL)  # fmt: skip
    assert found[_B]["ledger_closed_share"].rank == 1 and found[_B][_COLUMN].rank == 4


def test_a_rank_says_how_it_moved_since_the_last_data_date() -> None:
    before = _county({_A: (1, 100), _B: (2, 100), _C: (3, 100), _D: None})
    marks = _board(_county({_A: (8, 100), _B: (2, 100), _C: (3, 100), _D: (9, 100)}), before)
    assert (marks[_A].moved, marks[_B].moved, marks[_C].moved) == (-2, 1, 1)
    assert marks[_D].moved is None, "it had no rank then"


def test_what_is_not_known_has_no_rank_and_stands_last() -> None:
    found = board(_county({_A: (1, 100), _B: None, _C: (9, 100), _D: (5, 100)}), None,
                  [_A, _B, _C, _D], 2025, _ALL)  # fmt: skip
    assert found[_B][_COLUMN] == Mark(None, 0.0, None)
    assert ordered(found, _COLUMN) == [_C, _D, _A, _B]
    assert ordered(found, _COLUMN, best_first=True) == [_A, _D, _C, _B]


def test_where_all_are_alike_nobody_is_in_front() -> None:
    marks = _board(_county(dict.fromkeys((_A, _B, _C, _D), (2, 100))))
    assert {mark.rank for mark in marks.values()} == {1}
    assert {mark.third for mark in marks.values()} == {None}


@pytest.mark.parametrize(("whole", "few"), [(29, True), (30, False)])
def test_a_rate_of_few_cases_says_so(whole: int, few: bool) -> None:
    assert Mark(10.0, 1, whole).few is few


def test_growth_is_of_the_year_before_and_of_places_in_scope_only() -> None:
    county = _county({_A: (1, 100), _B: (1, 100), _C: (1, 100), _D: (1, 100)})
    found = board(county, None, [_A, _B], 2025, Scope.of([_A]))
    assert list(found) == [_A] and list(found[_A]) == list(COLUMNS)
    assert found[_A][INCOME_GROWTH].value == pytest.approx(100 / 9)
    assert boards.better_of(county, INCOME_GROWTH) == "higher"
