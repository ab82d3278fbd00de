"""易地搬迁 in the small county: each count beside the households of its list."""

from __future__ import annotations

import pytest

from metrics import lists, relocation
from metrics.county import County
from metrics.filters import HouseholdFilter
from metrics.selections import SelectionError, selection
from rules.registry import rules, systems
from store.reader import Reader
from store.scope import Scope
from tests.small_county import COUNTY, EAST, MILL, WEST

_YEAR = 2025


def _reader(county: County, *codes: str) -> Reader:
    return county.reader(Scope.of(codes or [COUNTY]))


def _selected(reader: Reader, text: str, region: str = COUNTY) -> int:
    wanted = HouseholdFilter(region, _YEAR, select=selection(text))
    return lists.counted(reader, wanted)[0]


def test_who_was_relocated_and_where(small: County) -> None:
    assert relocation.summary(_reader(small), COUNTY, _YEAR) == relocation.Summary(1, 5, 1, 1, 1)
    nobody = relocation.Summary(0, 0, 0, 0, 0)
    assert relocation.summary(_reader(small, EAST), EAST, _YEAR) == nobody


def test_each_answer_is_that_of_the_list_behind_it(small: County) -> None:
    reader = _reader(small)
    found = relocation.answers(reader, COUNTY, _YEAR, "county")
    assert found["relocation_settled"].missed == 1
    for key, told in found.items():
        for answer in ("met", "missed", "unknown"):
            count = _selected(reader, f"rule.{key}.{answer}")
            assert count == getattr(told, answer), (key, answer)


@pytest.mark.parametrize("part", relocation.LISTS)
def test_a_list_has_as_many_rows_as_it_says(small: County, part: str) -> None:
    reader = _reader(small)
    key, answer = relocation.LISTS[part]
    count = relocation.count(reader, part, COUNTY, _YEAR)
    assert relocation.blocked(reader, part, COUNTY, _YEAR).num_rows == count
    asked = relocation.answers(reader, COUNTY, _YEAR, "county")[key]
    assert count == getattr(asked, answer)


def test_what_blocks_a_household(small: County) -> None:
    (row,) = relocation.blocked(_reader(small), "blocked", COUNTY, _YEAR).to_pylist()
    assert row["household_id"] == "H05" and row["head_name"] == "孙*七"
    assert relocation.blocks(row) == ["relocation_lives_there", "relocation_land"]
    assert row["blocks"] == 2


def test_a_site_has_what_its_households_answer(small: County) -> None:
    reader = _reader(small)
    (row,) = relocation.sites(reader, COUNTY, _YEAR)
    assert (row["name"], row["households"], row["planned_households"]) == ("磨坊安置点", 1, 40)
    for key in (*relocation.STANDARDS, *relocation.OF_SITES):
        for answer in ("met", "missed"):
            count = row[f"{key.removeprefix('relocation_')}_{answer}"]
            assert count == _selected(reader, f"site.S1.{key}.{answer}"), key
    assert _selected(reader, "site.S1") == 1 and _selected(reader, "site.S2") == 0


def test_a_scope_is_kept(small: County) -> None:
    assert _selected(_reader(small, EAST), "site.S1", EAST) == 0
    assert relocation.sites(_reader(small, EAST), EAST, _YEAR) == []
    assert len(relocation.flows(_reader(small, WEST), WEST, _YEAR)) == 1
    assert relocation.flows(_reader(small, EAST), COUNTY, _YEAR) == []


def test_the_largest_flows_carry_half() -> None:
    flows = [{"village_code": v, "site_village": MILL, "households": n}
             for v, n in (("a", 1), ("b", 20), ("c", 37), (MILL, 42))]  # fmt: skip
    kept, share = relocation.main_flows(flows)
    assert [row["households"] for row in kept] == [37, 42] and share == 79.0
    top = relocation.largest_flow(flows)
    assert top is not None and top["village_code"] == "c", "who stayed in the village is no flow"
    assert relocation.main_flows([]) == ([], None)


@pytest.mark.parametrize(
    "text",
    [
        "site",
        "site.",
        "site.S1'--",
        "site.S1 OR 1=1",
        "site.S1.relocation_land",
        "site.S1.relocation_land.maybe",
        "site.S1.exit_income.met",
        f"site.{'S' * 41}",
    ],
)
def test_what_names_no_site_is_refused(text: str) -> None:
    with pytest.raises(SelectionError):
        selection(text)


def test_the_parts_of_being_settled_are_standards() -> None:
    own = {*systems()["relocation"].rules}
    assert set(relocation.STANDARDS) < own
    assert rules()["relocation_lacks_one"].parts == relocation.STANDARDS
