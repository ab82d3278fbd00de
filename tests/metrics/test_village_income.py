"""Collective income of the small county: each count beside the rows of its list."""

from __future__ import annotations

from itertools import combinations
from types import SimpleNamespace

import pytest

from metrics import lists, village_income, village_income_lists
from metrics.county import County
from metrics.filters import HouseholdFilter
from metrics.registry import indicators
from metrics.selections import selection
from metrics.targets import Targets
from metrics.village_income import ANY, BASE, EXIT, STRONG, Goal, Level
from metrics.village_income_lists import CONTRACT_LISTS, DIFFERENCE_LISTS, VILLAGE_LISTS, Villages
from rules.checks import checks
from rules.registry import rules
from store.reader import Reader
from store.scope import Scope
from tests.small_county import BROOK, COUNTY, EAST, HILL, MILL, WEST

_YEAR = 2025


def _reader(county: County, *codes: str) -> Reader:
    return county.reader(Scope.of(codes or [COUNTY]))


def _lines(county: County, year: int = _YEAR) -> tuple[Level, ...]:
    return village_income.levels(county.parameters, year)


def _goals(county: County, region: str = COUNTY, year: int = _YEAR) -> dict[str, Goal]:
    told = village_income.incomes(_reader(county), region, year)
    return village_income.goals(told, _lines(county, year), county.targets, region, year)


def test_the_lines_are_those_of_the_seeds(small: County) -> None:
    """S3: any, 50,000, 100,000; S4: over 40,000."""
    assert [(one.key, one.yuan, one.strict) for one in _lines(small)] == [
        (ANY, 0.0, True),
        (EXIT, 40000.0, True),
        (BASE, 50000.0, False),
        (STRONG, 100000.0, False),
    ]
    before = {one.key: one.yuan for one in _lines(small, 2018)}
    assert before == {ANY: None, EXIT: 40000.0, BASE: None, STRONG: None}


def test_the_shares_are_those_of_the_seed() -> None:
    """S3: all villages, at least 80 %, at least 50 %; the amounts are those of the indicators."""
    wanted = {key: indicators()[one].target for key, one in village_income.GOALS.items()}
    assert {key: one.value for key, one in wanted.items() if one} == {
        ANY: 100, BASE: 80, STRONG: 50,
    }  # fmt: skip
    for key, yuan in ((BASE, 50_000), (STRONG, 100_000)):
        where = indicators()[village_income.GOALS[key]].numerator.where
        assert where == f"collective_income_yuan >= {yuan}"


def test_what_is_missing_to_each_target(small: County) -> None:
    """Two of three villages have an income and 50,000, one has 100,000, where 45 % are to."""
    found = _goals(small)
    assert [(one.reached, one.needed, one.missing) for one in found.values()] == [
        (2, 3, 1), (2, 3, 1), (1, 2, 1),
    ]  # fmt: skip
    assert found[ANY].nearest == (MILL,) and found[ANY].yuan is None
    assert found[BASE].nearest == (MILL,) and found[BASE].yuan == 50_000
    assert found[STRONG].nearest == (HILL,) and found[STRONG].yuan == 40_000
    assert village_income.count_met(found) == 0
    east = _goals(small, EAST)
    assert [one.met for one in east.values()] == [True, True, True]
    assert village_income.count_met(east) == 3


def test_the_cheapest_set_is_the_cheapest_of_all() -> None:
    """Against every set of villages that would do."""
    told = {f"v{i}": yuan for i, yuan in enumerate((0, 12e3, 49e3, 30e3, 48e3, 70e3, 51e3, 9e3))}
    held = Targets([], indicators())
    lines = (Level(BASE, 50_000.0, False), Level(STRONG, 100_000.0, False))
    for key, goal in village_income.goals(told, lines, held, COUNTY, _YEAR).items():
        line = goal.level.yuan
        assert line and goal.needed and goal.missing
        under = [code for code, yuan in told.items() if yuan < line]
        costs = (sum(line - told[c] for c in some) for some in combinations(under, goal.missing))
        assert goal.yuan == min(costs), key
        brought = {code: line if code in goal.nearest else yuan for code, yuan in told.items()}
        again = village_income.goals(brought, (goal.level,), held, COUNTY, _YEAR)[key]
        assert again.missing == 0


def test_unknown_is_not_zero() -> None:
    held, lines = Targets([], indicators()), (Level(BASE, 50_000.0, False),)
    goal = village_income.goals({"a": None, "b": 60e3}, lines, held, COUNTY, _YEAR)[BASE]
    assert (goal.known, goal.unknown, goal.reached, goal.missing) == (1, 1, 1, 0)
    none = village_income.goals({"a": None}, lines, held, COUNTY, _YEAR)[BASE]
    assert none.met is None and none.share is None
    bare = village_income.goals({"a": 1.0}, (Level(BASE, None, False),), held, COUNTY, _YEAR)[BASE]
    assert bare.met is None and bare.nearest == ()


def test_a_line_to_be_passed_is_not_reached_at_it() -> None:
    assert Level(EXIT, 40_000.0, True).reached(40_000) is False
    assert Level(BASE, 50_000.0, False).reached(50_000) is True
    assert Level(BASE, 50_000.0, False).reached(None) is None


def test_steps_hold_every_village_once() -> None:
    told = {"a": 0.0, "b": 1.0, "c": 9_999.0, "d": 10_000.0, "e": 5e6, "f": None}
    none, steps = village_income.steps(told, 10_000, 3)
    assert none == 1 and [one.villages for one in steps] == [2, 1, 0, 1]


def test_the_share_by_rules_is_that_of_the_cube(small: County) -> None:
    for year in (2023, 2024, 2025):
        for key, goal in _goals(small, year=year).items():
            cell = small.cube.cell(village_income.GOALS[key], COUNTY, year, Scope.of([COUNTY]))
            assert cell.value == pytest.approx(goal.share), (key, year)


def _villages(county: County, part: str, region: str = COUNTY) -> Villages:
    goal = _goals(county, region).get(village_income_lists.goal_of(part) or "")
    return Villages(region, _YEAR, _lines(county), part, goal.nearest if goal else ())


@pytest.mark.parametrize("part", VILLAGE_LISTS)
def test_a_list_has_as_many_villages_as_it_says(small: County, part: str) -> None:
    reader, wanted = _reader(small), _villages(small, part)
    rows = wanted.rows(reader).to_pylist()
    assert len(rows) == wanted.count(reader)
    if (goal := _goals(small).get(village_income_lists.rule_of(part) or "")) is not None:
        under, met = goal.known - goal.reached, goal.reached
        reach = len(goal.nearest)
        kind = part.partition("_")[0]
        assert len(rows) == {"met": met, "reach": reach}.get(kind, under)


def test_villages_by_what_is_wrong(small: County) -> None:
    reader = _reader(small)

    def codes(part: str) -> list[str]:
        return [row["village_code"] for row in _villages(small, part).rows(reader).to_pylist()]

    assert codes("income_shell") == [MILL]
    assert codes("income_source_spread") == [BROOK]
    assert codes("income_payer_spread") == [BROOK]
    assert codes("largest_operating") == [HILL]
    assert codes("income_any") == [MILL] and codes("met_income_strong") == [BROOK]
    assert codes("reach_income_base") == [MILL]


def test_the_next_line_and_what_it_lacks(small: County) -> None:
    rows = _villages(small, "villages").rows(_reader(small)).to_pylist()
    told = {row["village_code"]: (row["next_line_yuan"], row["lacking_yuan"]) for row in rows}
    assert told == {MILL: (0.0, 0.0), HILL: (100_000.0, 40_000.0), BROOK: (None, None)}
    near = _villages(small, "villages").nearest(_reader(small))
    assert [row["village_code"] for row in near] == [MILL, HILL]


def test_villages_in_another_order(small: County) -> None:
    rows = _villages(small, "villages").rows(_reader(small), sort="-collective_income_yuan")
    assert [row["village_code"] for row in rows.to_pylist()] == [BROOK, HILL, MILL]


def test_sources_and_years(small: County) -> None:
    reader = _reader(small)
    found = {row["source"]: row for row in village_income.by_source(reader, COUNTY, _YEAR)}
    assert {key: row["yuan"] for key, row in found.items()} == {
        "operating": 30000, "contracting": 6000, "investment": 24000, "grant": 120000, "other": 0,
    }  # fmt: skip
    assert sum(row["percent"] for row in found.values()) == pytest.approx(100)
    assert {key: row["villages"] for key, row in found.items() if row["villages"]} == {
        "operating": 1, "grant": 1,
    }  # fmt: skip
    years = village_income.by_year(reader, COUNTY)
    assert [(row["year"], row["villages"], row["surplus_yuan"]) for row in years] == [
        (2024, 1, 42000), (2025, 3, 110000),
    ]  # fmt: skip
    assert village_income.earned(years[0]) == pytest.approx(100 * 46 / 60)


def test_payers_are_those_of_what_is_no_grant(small: County) -> None:
    rows = village_income.payers(_reader(small), COUNTY, _YEAR)
    assert [(row["payer"], row["villages"], row["yuan"]) for row in rows] == [
        ("青禾商贸", 1, 30000), ("光伏公司", 2, 20000), ("家庭农场", 1, 6000),
        ("试验农商行", 1, 4000),
    ]  # fmt: skip
    assert rows[0]["percent"] == pytest.approx(50)


@pytest.mark.parametrize("part", CONTRACT_LISTS)
def test_a_list_has_as_many_contracts_as_it_says(small: County, part: str) -> None:
    reader = _reader(small)
    rows = village_income_lists.contracts(reader, part, COUNTY, _YEAR).to_pylist()
    assert len(rows) == village_income_lists.count_contracts(reader, part, COUNTY, _YEAR)
    kind, asked = village_income_lists.kind_of(part)
    known = {"mutual_fund": ["E1"], "project": ["E2"], None: ["E2", "E1"]}[kind]
    wanted = known if asked == "entrusted" else [one for one in known if one == "E2"]
    assert [row["entrust_id"] for row in rows] == wanted


def test_contracts_owe_by_the_months_in_force(small: County) -> None:
    reader = _reader(small)
    told = village_income_lists.entrusted(reader, COUNTY, _YEAR)
    assert (told["contracts"], told["villages"], told["due_yield_yuan"]) == (2, 2, 10000)
    assert (told["entrust_paid_yuan"], told["short_yield_yuan"]) == (4000, 6000)
    kinds = village_income_lists.by_kind(reader, COUNTY, _YEAR)
    assert {row["entrust_kind"]: row["entrust_paid_whole"] for row in kinds} == {
        "mutual_fund": 0, "project": 1,
    }  # fmt: skip
    for row in kinds:
        for key in ("entrust_paid_whole", "entrust_in_force", "entrust_agreements"):
            part = village_income_lists.of_kind(row["entrust_kind"], key) or ""
            count = village_income_lists.count_contracts(reader, part, COUNTY, _YEAR)
            assert count == row[key], part
    assert village_income_lists.of_kind(None, "entrusted") is None


def test_differences_are_those_that_the_checks_find(small: County) -> None:
    reader = _reader(small)
    found = village_income_lists.differences_by_check(reader, COUNTY, _YEAR)
    rows = reader.rows("SELECT check_key, subject_id FROM {finding}")
    held = {key: sum(row["check_key"] == key for row in rows) for key in found}
    assert found == held
    assert {key for key, one in checks().items() if one.level in ("income", "entrusted")} == set(
        found
    )
    assert not any(found.values()), "the small county's tables agree"


@pytest.mark.parametrize("part", DIFFERENCE_LISTS)
def test_a_list_has_as_many_differences_as_it_says(small: County, part: str) -> None:
    reader = _reader(small)
    rows = village_income_lists.differences(reader, part, COUNTY, _YEAR)
    assert rows.num_rows == village_income_lists.count_differences(reader, part, COUNTY, _YEAR)


def test_lists_that_there_are_not(small: County) -> None:
    reader = _reader(small)
    with pytest.raises(KeyError):
        village_income_lists.count_contracts(reader, "income_any", COUNTY, _YEAR)
    with pytest.raises(KeyError):
        village_income_lists.count_differences(reader, "village_road", COUNTY, _YEAR)
    with pytest.raises(KeyError):
        _villages(small, "income_most").count(reader)


def test_a_scope_is_kept(small: County) -> None:
    assert village_income.incomes(_reader(small, EAST), COUNTY, _YEAR).keys() == {HILL, BROOK}
    assert village_income.incomes(_reader(small, WEST), EAST, _YEAR) == {}
    assert (
        village_income_lists.count_contracts(_reader(small, EAST), "entrusted", COUNTY, _YEAR) == 1
    )


def test_rules_over_villages_open_their_households(small: County) -> None:
    wanted = HouseholdFilter(COUNTY, _YEAR, select=selection("rule.income_shell.met"))
    rows = lists.all_households(_reader(small), wanted, {}, "household_id").to_pylist()
    assert {row["household_id"] for row in rows} == {"H05", "H06"}
    assert rules()["income_shell"].weak


def test_a_county_without_a_line_says_so() -> None:
    none = SimpleNamespace(in_year=lambda year: None)
    keys = ("collective_any_yuan", "village_collective_income_yuan", "collective_base_yuan",
            "collective_strong_yuan")  # fmt: skip
    parameters = dict.fromkeys(keys, none)
    assert {one.yuan for one in village_income.levels(parameters, _YEAR)} == {None}  # type: ignore[arg-type]
