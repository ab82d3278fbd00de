"""Explanations: values, thresholds in force, gaps, and the same as plain text."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import glossary
from rules.explain import Branch, Compared, FactValue, Gap, Nested, Said, Threshold, explain
from rules.parameters import defaults
from rules.registry import rules
from rules.vocabulary import Fact, fact
from rules.wording import text

_POOR = {
    "year": 2016,
    "per_capita_net_income_yuan": 2700.0,
    "food_ok": True,
    "clothing_ok": True,
    "schooling_ok": True,
    "medical_ok": True,
    "housing_ok": None,
    "water_ok": True,
}


def _only(key: str, row: dict[str, Any], **more: Any) -> Compared:
    node = explain(rules()[key], row, defaults(), **more).tree
    assert isinstance(node, Compared)
    return node


def test_a_comparison_has_both_sides_and_the_gap() -> None:
    node = _only("exit_income", _POOR)
    assert node.left == FactValue("per_capita_net_income_yuan", 2700.0, "yuan")
    assert isinstance(node.right, Threshold) and node.right.held is not None
    assert (node.right.value, node.right.held.start) == (2952, date(2016, 1, 1))
    assert node.met is False
    assert node.gap == Gap(-252.0, "yuan", pytest.approx(-8.537, abs=0.001))


def test_a_threshold_not_known_leaves_it_unknown() -> None:
    node = _only("exit_income", {**_POOR, "year": 2018})
    assert (node.met, node.gap, node.right.value) == (None, None, None)


def test_another_day_judges_by_its_own_threshold() -> None:
    node = _only("exit_income", _POOR, as_of=date(2011, 6, 1))
    assert (node.met, node.right.value) == (True, 2536)


def test_a_value_tried_out_stands_for_the_one_in_force() -> None:
    node = _only("exit_income", _POOR, overrides={"poverty_line_yuan": 2600.0})
    assert isinstance(node.right, Threshold)
    assert (node.met, node.right.assumed, node.right.held) == (True, 2600.0, None)


def test_a_composed_rule_explains_its_parts() -> None:
    found = explain(rules()["exit_met"], _POOR, defaults())
    assert isinstance(found.tree, Branch) and found.tree.how == "all"
    met = {n.explanation.rule.key: n.met for n in found.tree.parts if isinstance(n, Nested)}
    assert [key for key, answer in met.items() if answer is not True] == [
        "exit_income",
        "exit_housing",
    ]
    assert found.met is False
    assert [t.parameter.key for t in found.thresholds()] == ["poverty_line_yuan"]
    assert sum(isinstance(atom, Said) for atom in found.atoms()) == 6


def test_arithmetic_is_worked_out_and_keeps_its_unit() -> None:
    row = {"year": 2025, "per_capita_net_income_yuan": 8500, "previous_per_capita_yuan": 10000}
    node = _only("income_drop", row)
    assert (node.right.value, node.right.unit) == (9000, "yuan")
    assert node.gap == Gap(-500, "yuan", pytest.approx(-5.556, abs=0.001))


def test_before_its_time_a_rule_has_no_answer() -> None:
    found = explain(rules()["exit_income"], {**_POOR, "year": 2013}, defaults())
    assert (found.in_force, found.met) == (False, None)
    assert "2014年起才有" in text(found, "zh", glossary)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("per_capita_net_income_yuan", Fact("per_capita_net_income_yuan", "yuan")),
        ("able_members", Fact("able_members", "people")),
        ("decision_days", Fact("decision_days", "days")),
        ("exit_year", Fact("exit_year", "calendar_year")),
        ("inspected_water", Fact("inspected_water", None, "inspection_result")),
        ("monitor_kind", Fact("monitor_kind", None, "monitor_kind")),
        ("poor", Fact("poor")),
    ],
)
def test_what_a_fact_is(key: str, expected: Fact) -> None:
    assert fact(key) == expected


def test_the_text_says_value_threshold_document_and_gap() -> None:
    said = text(explain(rules()["exit_income"], _POOR, defaults()), "zh", glossary)
    assert said.splitlines() == [
        "收入超过标准:不符合",
        "  人均纯收入应高于国家农村贫困标准2,952元(2016年适用,云南调查年鉴2017 表4-2;"
        "村级动态管理报告(2017)),实际2,700元:不符合,低252元,即8.54%",
    ]
    english = text(explain(rules()["exit_income"], _POOR, defaults()), "en", glossary)
    assert "should be above “National rural poverty line” 2,952 yuan (for 2016" in english
    assert "is 2,700 yuan: Does not meet, 252 yuan, 8.54% below" in english


def test_the_text_marks_what_is_weak_missing_or_tried_out() -> None:
    drop = {"year": 2025, "per_capita_net_income_yuan": 8500, "previous_per_capita_yuan": 10000}
    assert "来源待核" in text(explain(rules()["income_drop"], drop, defaults()), "zh", glossary)
    allowance = explain(rules()["allowance_entitled"], {"year": 2025}, defaults())
    assert "(未填),没有登记:无法判定" in text(allowance, "zh", glossary)
    tried = explain(
        rules()["exit_income"], _POOR, defaults(), overrides={"poverty_line_yuan": 2700.0}
    )
    assert "2,700元(推演)" in text(tried, "zh", glossary)
    assert "恰好相等" in text(tried, "zh", glossary)


def test_a_rule_asked_that_is_one_fact_takes_one_line() -> None:
    said = text(explain(rules()["exit_met"], _POOR, defaults()), "zh", glossary).splitlines()
    assert "    不愁吃:符合" in said
    assert "    住房安全有保障,没有登记:无法判定" in said
    assert not any("应为“是”" in line for line in said)


def test_a_rule_that_should_not_hold_says_so_and_why() -> None:
    row = {"year": 2025, "able_members": 2, "weak_members": 0, "able_percent": 50, "ill_percent": 0}
    said = text(explain(rules()["able"], row, defaults()), "zh", glossary).splitlines()
    at = said.index("    “无劳动能力户”应不成立:确不成立")
    assert said[at + 2] == "        普通以上劳动力应为0人,实际2人:不符合"
    none = {**row, "able_members": 0}
    assert "“无劳动能力户”应不成立:实际成立" in text(
        explain(rules()["able"], none, defaults()), "zh", glossary
    )


@pytest.mark.parametrize("key", rules())
def test_every_rule_reads_in_both_languages_with_nothing_known(key: str) -> None:
    found = explain(rules()[key], {"year": 2021}, defaults())
    for lang in glossary.LANGUAGES:
        lines = text(found, lang, glossary).splitlines()
        assert len(lines) >= 2
        assert not any("None" in line or "{" in line for line in lines)
