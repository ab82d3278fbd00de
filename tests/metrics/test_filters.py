"""One filter object: its condition finds what it says, alone and combined."""

from __future__ import annotations

import pytest

from metrics.county import County
from metrics.filters import STATES, HouseholdFilter, facets
from metrics.registry import indicators
from rules.registry import groups
from store.scope import Scope
from tests.small_county import COUNTY, EAST, MILL


def _ids(small: County, wanted: HouseholdFilter, scope: str = COUNTY) -> set[str]:
    condition, given = wanted.condition()
    rows = small.reader(Scope.of([scope])).rows(
        f"SELECT f.household_id FROM {{household_fact}} AS f WHERE {condition}", **given
    )
    return {row["household_id"] for row in rows}


_G = groups()
_I = indicators()


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (HouseholdFilter(COUNTY, 2025), {"H01", "H02", "H03", "H04", "H05", "H06"}),
        (HouseholdFilter(EAST, 2025), {"H01", "H02", "H03", "H04"}),
        (HouseholdFilter(COUNTY, 2025, _I["poor_people"]), {"H06"}),
        (HouseholdFilter(COUNTY, 2024, _I["poor_people"]), {"H05", "H06"}),
        (HouseholdFilter(COUNTY, 2025, group=_G["income_drop"]), {"H02"}),
        (HouseholdFilter(COUNTY, 2025, only=(_G["exited_2014_2015"],)), {"H01"}),
        (
            HouseholdFilter(
                COUNTY, 2025, only=(_G["major_illness_disability"], _G["exited_2014_2015"])
            ),
            {"H03"},
        ),
        (HouseholdFilter(COUNTY, 2025, state="overdue"), {"H02"}),
        (HouseholdFilter(COUNTY, 2025, group=_G["income_drop"], state="due"), {"H03"}),
        (HouseholdFilter(COUNTY, 2025, group=_G["income_drop"], state="overdue"), set()),
        (HouseholdFilter(MILL, 2025, state="missing"), {"H05", "H06"}),
        (HouseholdFilter(COUNTY, 2025, state="without_cause"), {"H01", "H03"}),
        (HouseholdFilter(COUNTY, 2025, _I["ledger_overdue"]), {"H02"}),
        (HouseholdFilter(COUNTY, 2025, _I["population"], group=_G["borderline"]), {"H04"}),
        (HouseholdFilter(COUNTY, 2025, q="H0"), {"H01", "H02", "H03", "H04", "H05", "H06"}),
        (HouseholdFilter(COUNTY, 2025, q="H03"), {"H03"}),
        (HouseholdFilter(COUNTY, 2025, q="李试梅"), {"H01"}),
        (HouseholdFilter(COUNTY, 2025, q="李试"), {"H02"}),
        (HouseholdFilter(COUNTY, 2025, q="61992519500101" + "0003"), {"H02"}),
        (HouseholdFilter(COUNTY, 2025, q="'; DROP TABLE household; --"), set()),
    ],
)
def test_a_filter_finds(small: County, wanted: HouseholdFilter, found: set[str]) -> None:
    assert _ids(small, wanted) == found


def test_no_filter_reaches_beyond_the_scope(small: County) -> None:
    for state in (None, *STATES):
        for group in (None, *_G.values()):
            ids = _ids(small, HouseholdFilter(COUNTY, 2025, group=group, state=state), EAST)
            assert ids <= {"H01", "H02", "H03", "H04"}


def test_facets_count_under_the_same_condition(small: County) -> None:
    condition, given = HouseholdFilter(EAST, 2025).condition()
    row = small.reader(Scope.of([COUNTY])).one(
        f"SELECT {facets(_G)} FROM {{household_fact}} AS f WHERE {condition}", **given
    )
    assert row is not None
    assert (row["households"], row["people"]) == (4, 10)
    assert (row["major_illness_disability"], row["split_residence_relocated"]) == (2, 0)
