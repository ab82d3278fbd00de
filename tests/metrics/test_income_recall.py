"""What is planted in villages' collective income and entrusted contracts is found, and no more.

The villages of the demo county with their incomes, written as files and loaded; run with ``-s`` to
see recall and precision. The shares of the seeds are held too.
"""

from __future__ import annotations

import pytest

from metrics import village_income, village_income_lists
from metrics.county import County, open_county
from metrics.judgements import looked_into
from metrics.village_income import ANY, BASE, STRONG
from rules.checks import checks
from rules.registry import rules
from store.reader import Reader
from store.scope import Scope
from store.snapshots import Home
from tests import income_county, once
from tests.income_county import COUNTY

_YEAR = 2025
_SUBJECTS = {"income_fact": "village_code", "entrust_fact": "entrust_id"}


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    made = once.made(once.folder(tmp_path_factory), "incomes", income_county.publish)
    return open_county(Home(made / "home"))


@pytest.fixture(scope="module")
def reader(county: County) -> Reader:
    return county.reader(Scope.of([COUNTY]))


@pytest.fixture(scope="module")
def planned() -> dict[str, set[str]]:
    return {key: set(ids) for key, ids in income_county.simulated().incomes.planned.items()}


def _found(reader: Reader, key: str) -> set[str]:
    """The villages or contracts that a rule or check finds in the last year."""
    if key in checks():
        sql = "SELECT subject_id AS id FROM {finding} WHERE check_key = $key"
        return {row["id"] for row in reader.rows(sql, key=key)}
    rule = rules()[key]
    wanted = "IS TRUE" if looked_into(rule) else "IS FALSE"
    rows = reader.rows(
        f"SELECT {_SUBJECTS[rule.relation]} AS id FROM {{{rule.relation}}} "
        f"WHERE year = $year AND {rule.column} {wanted}",
        year=_YEAR,
    )
    return {row["id"] for row in rows}


def test_all_that_is_planted_is_found_and_no_more(
    reader: Reader, planned: dict[str, set[str]]
) -> None:
    print("\ncollective income, planted in the last year")
    wrong = {}
    for key, ids in sorted(planned.items()):
        found = _found(reader, key)
        hit = len(ids & found)
        print(f"  {key:<28} {hit:>3} of {len(ids):<3} recall {hit / len(ids):.1%}"
              f"  precision {hit / len(found) if found else 0:.1%}")  # fmt: skip
        if found != ids:
            wrong[key] = (sorted(ids - found), sorted(found - ids))
    assert len(planned) == 14 and all(planned.values())
    assert not wrong


def test_every_check_and_rule_of_the_kind_has_something_planted(
    planned: dict[str, set[str]],
) -> None:
    asked = {key for key, one in checks().items() if one.level in ("income", "entrusted")}
    asked |= {key for key, one in rules().items() if one.relation in _SUBJECTS}
    assert asked - {ANY, BASE, STRONG} == set(planned)


def test_every_line_of_the_files_is_taken(county: County) -> None:
    rows = county.snapshot.rows
    made = income_county.simulated().incomes
    assert not rows("quarantine")
    for name in ("village_account", "village_receipt", "entrust_contract", "entrust_year"):
        assert rows(name) == len(getattr(made, name)), name


def test_the_totals_that_the_sheets_declare_are_what_their_rows_add_up_to(reader: Reader) -> None:
    rows = reader.rows(
        "SELECT declared, added FROM {declared_total} WHERE layout = 'village_account'"
    )
    assert len(rows) > 500
    assert all(abs(row["declared"] - row["added"]) < 1 for row in rows)


def test_accounts_agree_with_the_forms_but_where_planted(
    reader: Reader, planned: dict[str, set[str]]
) -> None:
    rows = reader.rows(
        "SELECT village_code, year, form_gap_yuan FROM {income_fact} WHERE sources_yuan IS NOT NULL"
    )
    off = {row["village_code"] for row in rows if row["form_gap_yuan"] > 50}
    assert len(rows) == 8 * 156
    assert off == planned["income_form_differs"] > planned["income_total_differs"]


def test_the_page_lists_what_the_checks_find(reader: Reader, planned: dict[str, set[str]]) -> None:
    counted = village_income_lists.differences_by_check(reader, COUNTY, _YEAR)
    assert counted == {key: len(planned[key]) for key in counted}
    for key, count in counted.items():
        rows = village_income_lists.differences(reader, key, COUNTY, _YEAR).to_pylist()
        assert {row["subject_id"] for row in rows} == planned[key] and len(rows) == count
        assert all(row["gap_yuan"] > 0 for row in rows), key
        exact = [abs(row["here_yuan"] - row["there_yuan"]) for row in rows]
        assert exact == pytest.approx([row["gap_yuan"] for row in rows]), key


def test_2020_holds_the_shares_of_the_seeds(county: County, reader: Reader) -> None:
    """S3: all villages with an income, at least 80 % with 50,000 and 50 % with 100,000 by the end
    of 2020; S1: 50,000 on average, no empty shell."""
    told = village_income.incomes(reader, COUNTY, 2020)
    lines = village_income.levels(county.parameters, 2020)
    found = village_income.goals(told, lines, county.targets, COUNTY, 2020)
    assert found[ANY].share == 100
    assert (found[BASE].share or 0) >= 80 and (found[STRONG].share or 0) >= 50
    assert village_income.count_met(found) == 3
    scope = Scope.of([COUNTY])
    mean = county.cube.cell("collective_per_village", COUNTY, 2020, scope).value
    assert mean is not None and mean >= 50_000
    assert county.cube.cell("collective_shells", COUNTY, 2020, scope).value == 0
    assert county.cube.cell("collective_shells", COUNTY, _YEAR, scope).value == 5


def test_a_township_says_what_it_lacks(county: County, reader: Reader) -> None:
    """The cheapest villages, each under the line, and together what is missing in yuan."""
    lacking = 0
    lines = village_income.levels(county.parameters, _YEAR)
    for town in sorted({code[:9] for code in village_income.incomes(reader, COUNTY, _YEAR)}):
        told = village_income.incomes(reader, town, _YEAR)
        for goal in village_income.goals(told, lines, county.targets, town, _YEAR).values():
            assert len(goal.nearest) == goal.missing
            if not goal.missing or goal.yuan is None or goal.level.yuan is None:
                continue
            lacks = {code: goal.level.yuan - (yuan or 0) for code, yuan in told.items()}
            mine = [lacks.pop(code) for code in goal.nearest]
            assert min(mine) > 0 and sum(mine) == pytest.approx(goal.yuan)
            assert max(mine) <= min((yuan for yuan in lacks.values() if yuan > 0), default=1e9)
            lacking += 1
    assert lacking > 3
