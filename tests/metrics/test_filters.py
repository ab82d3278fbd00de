"""One filter object: its condition finds what it says, alone and combined."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.county import County
from metrics.filters import STATES, HouseholdFilter
from metrics.lists import count_each, counted
from metrics.registry import indicators
from rules.registry import Rule, groups
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
        (HouseholdFilter(COUNTY, 2025, groups=(_G["income_drop"],)), {"H02"}),
        (HouseholdFilter(COUNTY, 2025, only=(_G["exited_2014_2015"],)), {"H01"}),
        (
            HouseholdFilter(
                COUNTY, 2025, only=(_G["major_illness_disability"], _G["exited_2014_2015"])
            ),
            {"H03"},
        ),
        (HouseholdFilter(COUNTY, 2025, state="overdue"), {"H02"}),
        # H03's entry in the ledger of falls is due soon, and its income did not fall so far.
        (HouseholdFilter(COUNTY, 2025, ledger=_G["income_drop"], state="due"), {"H03"}),
        (HouseholdFilter(COUNTY, 2025, ledger=_G["income_drop"]), {"H02", "H03"}),
        (HouseholdFilter(COUNTY, 2025, groups=(_G["income_drop"],), state="due"), set()),
        (
            HouseholdFilter(COUNTY, 2025, groups=(_G["elderly_living_alone"],), state="overdue"),
            {"H02"},
        ),
        (
            HouseholdFilter(
                COUNTY, 2025, groups=(_G["major_illness_disability"], _G["exited_2014_2015"])
            ),
            {"H03"},
        ),
        (HouseholdFilter(COUNTY, 2025, groups=(_G["income_drop"],), state="overdue"), set()),
        (HouseholdFilter(MILL, 2025, state="missing"), {"H05", "H06"}),
        (HouseholdFilter(COUNTY, 2025, state="without_cause"), {"H03"}),
        (HouseholdFilter(COUNTY, 2025, _I["ledger_overdue"]), {"H02"}),
        (HouseholdFilter(COUNTY, 2025, _I["population"], groups=(_G["borderline"],)), {"H04"}),
        (HouseholdFilter(COUNTY, 2025, q="H0"), {"H01", "H02", "H03", "H04", "H05", "H06"}),
        (HouseholdFilter(COUNTY, 2025, q="H03"), {"H03"}),
        (HouseholdFilter(COUNTY, 2025, q="李试梅", whole=True), {"H01"}),
        (HouseholdFilter(COUNTY, 2025, q="李试", whole=True), {"H02"}),
        (HouseholdFilter(COUNTY, 2025, q="61992519500101" + "0003", whole=True), {"H02"}),
        (HouseholdFilter(COUNTY, 2025, q="李试梅"), set()),
        (HouseholdFilter(COUNTY, 2025, q="61992519500101" + "0003"), set()),
        (HouseholdFilter(COUNTY, 2025, q="高坡村村民委员会"), {"H01", "H02"}),
        (HouseholdFilter(COUNTY, 2025, q="高坡村"), {"H01", "H02"}),
        (HouseholdFilter(COUNTY, 2025, q="高坡", whole=True), {"H01", "H02"}),
        (HouseholdFilter(COUNTY, 2025, q="高"), set()),
        (HouseholdFilter(COUNTY, 2025, q="西川镇"), {"H05", "H06"}),
        (HouseholdFilter(EAST, 2025, q="西川镇"), set()),
        (HouseholdFilter(COUNTY, 2025, q="试验县"), set()),
        (HouseholdFilter(COUNTY, 2025, q="%"), set()),
        (HouseholdFilter(COUNTY, 2025, q="H_3"), set()),
        (HouseholdFilter(COUNTY, 2025, q="'; DROP TABLE household; --"), set()),
    ],
)
def test_a_filter_finds(small: County, wanted: HouseholdFilter, found: set[str]) -> None:
    assert _ids(small, wanted) == found


def test_no_filter_reaches_beyond_the_scope(small: County) -> None:
    for state in (None, *STATES):
        for groups_ in ((), *((rule,) for rule in _G.values())):
            wanted = HouseholdFilter(COUNTY, 2025, groups=groups_, state=state)
            assert _ids(small, wanted, EAST) <= {"H01", "H02", "H03", "H04"}


def test_a_state_that_there_is_not_is_refused(small: County) -> None:
    with pytest.raises(ValueError, match="no state"):
        HouseholdFilter(COUNTY, 2025, state="lost' OR TRUE --").condition()


_RULES = st.sampled_from(list(_G.values()))


@settings(max_examples=60)
@given(
    st.lists(_RULES, unique=True, max_size=2).map(tuple),
    st.none() | st.sampled_from(STATES),
    st.none() | _RULES,
    _RULES,
    st.sampled_from(STATES),
)
def test_what_is_added_narrows_and_is_counted_by_its_own_list(
    small: County,
    chosen: tuple[Rule, ...],
    state: str | None,
    ledger: Rule | None,
    another: Rule,
    then: str,
) -> None:
    base = HouseholdFilter(COUNTY, 2025, groups=chosen, state=state, ledger=ledger)
    meant = ledger or (chosen[0] if state and len(chosen) == 1 else None)
    more = tuple(dict.fromkeys((*chosen, another)))
    narrowed = {"by_group": replace(base, groups=more, ledger=meant)}
    if state is None:
        narrowed["by_state"] = replace(base, state=then)
    reader = small.reader(Scope.of([COUNTY]))
    left = count_each(reader, base, narrowed)
    within = _ids(small, base)
    assert counted(reader, base)[0] == len(within)
    for name, wanted in narrowed.items():
        found = _ids(small, wanted)
        assert found <= within
        assert left[name] == len(found)
