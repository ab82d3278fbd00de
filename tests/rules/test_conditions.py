"""Conditions read off SQL: what they become, and that they answer as SQL does."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.conditions import (
    Column,
    Comparison,
    Constant,
    Flag,
    Joined,
    Recorded,
    condition_of,
    joined,
)
from rules.explain import explain
from rules.expressions import computed
from rules.judge import fact_types, judge
from rules.parameters import defaults
from rules.registry import Rule, RuleError, needed, rules


def _rule(where: str) -> Rule:
    texts = dict.fromkeys(("zh", "en", "definition_zh", "definition_en", "source"), "x")
    return Rule(key="x", since=2014, where=where, evidence=(), **texts)


def test_not_is_carried_down_to_what_it_denies() -> None:
    condition = condition_of(_rule("NOT (poor OR member_count < 3) AND monitor_kind IS NOT NULL"))
    assert condition == Joined(
        "all",
        (
            Flag("poor", False),
            Comparison(Column("member_count"), ">=", Constant(3.0)),
            Recorded("monitor_kind", True),
        ),
    )


def test_a_composed_rule_is_its_parts() -> None:
    condition = condition_of(rules()["exit_lacks_one"])
    assert isinstance(condition, Joined) and condition.how == "lacks_one"
    assert condition.parts[0] == Flag("in_exit_income", True)


@pytest.mark.parametrize("where", ["COALESCE(poor, TRUE)", "member_count IN (1, 2)", "poor AND"])
def test_sql_without_words_is_refused(where: str) -> None:
    with pytest.raises(RuleError, match=r"^x: "):
        condition_of(_rule(where))


def test_dividing_by_nothing_is_not_known() -> None:
    assert computed("/", 5.0, 0.0) is None
    assert computed("-", 5.0, None) is None
    assert computed("*", 5.0, 2.0) == 10


_ANSWERS = st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=5)


@given(_ANSWERS)
def test_answers_are_joined_as_sql_joins_them(answers: list[bool | None]) -> None:
    names = [f"b{place}" for place in range(len(answers))]
    columns = ", ".join(f"CAST(? AS BOOLEAN) AS {name}" for name in names)
    sql = f"SELECT {' AND '.join(names)}, {' OR '.join(names)} FROM (SELECT {columns})"
    found = duckdb.execute(sql, answers).fetchall()
    assert found == [(joined("all", answers), joined("any", answers))]


_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "BOOLEAN": st.booleans(),
    "VARCHAR": st.sampled_from(
        ["five_guarantee", "general", "met", "unmet", "stricken", "natural"]
    ),
}
_NUMBERS = st.integers(-1, 4) | st.sampled_from([2952, 6000, 6000.01])


@st.composite
def _rows(draw: st.DrawFn) -> tuple[Rule, dict[str, Any]]:
    rule = draw(st.sampled_from(list(rules().values())))
    layers = needed([rule])
    names = {n for layer in layers for r in layer for n in r.names}
    names -= {*defaults(), *(r.column for layer in layers for r in layer)}
    types = fact_types(rule.relation)
    row = {n: draw(st.none() | _VALUES.get(types[n], _NUMBERS)) for n in sorted(names)}
    return rule, row | {"year": draw(st.sampled_from([2013, 2016, 2021, 2025]))}


@settings(max_examples=150)
@given(_rows())
def test_an_explanation_answers_as_the_sql_does(drawn: tuple[Rule, dict[str, Any]]) -> None:
    rule, row = drawn
    facts = {key: value for key, value in row.items() if key != "year"}
    assert explain(rule, row, defaults()).met is judge(rule, facts, row["year"], defaults())


@pytest.mark.parametrize(
    ("answers", "lacks"),
    [
        ([False, True, True], True),
        ([False, False, None], False),
        ([False, None, True], None),
        ([True, None, True], None),
        ([True, True], False),
    ],
)
def test_lacking_one_is_unknown_while_another_is(
    answers: list[bool | None], lacks: bool | None
) -> None:
    assert joined("lacks_one", answers) is lacks
