"""Groups and ledgers together: the monitored whose entry was closed."""

from __future__ import annotations

import pytest

from metrics.county import County
from metrics.groups import monitored_with_closed
from store.scope import Scope
from tests.small_county import BROOK, COUNTY, EAST, HILL


@pytest.mark.parametrize(
    ("region", "found"),
    [(COUNTY, (1, 1, 1)), (EAST, (1, 1, 1)), (BROOK, (1, 1, 1)), (HILL, (0, 0, 0))],
)
def test_a_closed_entry_of_a_monitored_household_is_counted(
    small: County, region: str, found: tuple[int, int, int]
) -> None:
    """H04's entry was closed while it is monitored still; H01's was, and it is not."""
    assert monitored_with_closed(small.reader(Scope.of([COUNTY])), region) == found
