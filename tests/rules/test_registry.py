"""Declarations: how rules are composed and layered, how a class is the first rule that holds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import duckdb
import pytest

from rules import registry
from rules.facts import RELATIONS, thresholds
from rules.parameters import defaults
from rules.registry import Registry, Rule, RuleError, answered, groups, needed, rules, systems
from store.yamls import DeclarationError


def _rule(key: str, where: str, **more: Any) -> Rule:
    texts = dict.fromkeys(("zh", "en", "definition_zh", "definition_en", "source"), key)
    return Rule(key=key, since=2014, where=where, evidence=(), **texts, **more)


def _together(*chosen: Rule) -> Registry:
    """A registry of these rules alone."""
    held = {rule.key: rule for rule in chosen}
    return Registry({"groups": replace(systems()["groups"], rules=held)})


def test_every_system_has_rules_over_known_relations() -> None:
    assert list(systems()) == list(registry.SYSTEMS)
    assert {rule.relation for rule in rules().values()} <= set(RELATIONS)
    assert sum(len(system.rules) for system in systems().values()) == len(rules())
    assert next(iter(groups())) == "major_illness_disability"


def test_every_rule_says_what_it_is_and_where_from() -> None:
    for rule in rules().values():
        assert rule.definition_zh.endswith("。") and rule.definition_en.endswith("."), rule.key
        assert rule.source, rule.key


def test_a_rule_comes_after_those_it_asks() -> None:
    layers = [[rule.key for rule in layer] for layer in needed([rules()["reliable"]])]
    depth = {key: place for place, layer in enumerate(layers) for key in layer}
    assert depth["no_labour"] < depth["able"] < depth["reliable"]
    assert depth["exit_income"] < depth["five_standards"] < depth["reliable"]
    assert "weak" not in depth


def test_rules_that_ask_one_another_are_refused() -> None:
    ring = _rule("a", "in_b"), _rule("b", "NOT in_a")
    with pytest.raises(RuleError, match="asks itself"):
        _together(*ring).needed(ring[:1])


def test_rules_over_different_relations_are_not_mixed() -> None:
    mixed = _rule("a", "in_b"), _rule("b", "poor", relation="member_fact")
    with pytest.raises(RuleError, match="b judges member_fact"):
        _together(*mixed).needed(mixed[:1])


def test_a_rule_ends() -> None:
    rule = _rule("ended", "poor", until=2020)
    layers = _together(rule).needed([rule])
    sql = answered("SELECT UNNEST([2013, 2014, 2020, 2021]) AS year, TRUE AS poor", layers)
    answers = duckdb.sql(f"SELECT in_ended FROM ({sql}) ORDER BY year").fetchall()
    assert [answer for (answer,) in answers] == [None, True, True, None]
    assert [rule.exists(year) for year in (2013, 2014, 2020, 2021)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ((True, False, False), "no_labour"),
        ((False, True, False), "able"),
        ((False, None, False), "unknown"),
        ((None, True, False), "unknown"),
        ((False, False, False), None),
    ],
)
def test_a_class_is_the_first_rule_that_holds(
    answers: tuple[bool | None, ...], expected: str | None
) -> None:
    system = systems()["labour_classes"]
    columns = ", ".join(f"CAST(? AS BOOLEAN) AS in_{key}" for key in system.classes["labour_class"])
    sql = f"SELECT {system.class_sql('labour_class')} FROM (SELECT TRUE AS registered, {columns})"
    assert duckdb.execute(sql, answers).fetchall() == [(expected,)]
    outside = sql.replace("TRUE AS registered", "FALSE AS registered")
    assert duckdb.execute(outside, answers).fetchall() == [(None,)]


def test_the_one_part_missed_is_named() -> None:
    rule = rules()["county_met"]
    lacking = _rule("x", "in_x", parts=rule.parts)
    answers = {
        "x": "TRUE",
        "county_rate": "TRUE",
        "county_income": "FALSE",
        "county_growth": "NULL",
    }
    columns = ", ".join(f"{answer} AS in_{key}" for key, answer in answers.items())
    found = duckdb.sql(f"SELECT {lacking.which_sql} FROM (SELECT {columns})").fetchall()
    assert found == [("county_income",)]


def test_a_relation_carries_the_thresholds_its_rules_name() -> None:
    assert "village_collective_income_yuan" in thresholds("village_fact", defaults())
    assert "poverty_line_yuan" not in thresholds("village_fact", defaults())
    assert thresholds("project_fact", defaults()) == ()


def test_an_unknown_word_in_a_declaration_is_refused() -> None:
    with pytest.raises(DeclarationError, match=r"groups\.x"):
        registry.rule_of(
            "x", {"zh": "x", "colour": "red"}, "groups", {"relation": "household_fact"}
        )
