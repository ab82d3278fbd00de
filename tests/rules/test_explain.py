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
from rules.wording import number, text

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


def test_before_its_time_a_rule_is_met_by_nobody() -> None:
    found = explain(rules()["exit_income"], {**_POOR, "year": 2013}, defaults())
    assert (found.in_force, found.met) == (False, False)
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
    assert said.splitlines()[0] == "收入超过标准:不符合"
    for part in ("人均纯收入 2,700元", "高于", "2,952元", "2016-01-01起", "低252元", "8.54%"):
        assert part in said
    english = text(explain(rules()["exit_income"], _POOR, defaults()), "en", glossary)
    assert "252 yuan, 8.54% below" in english


def test_the_text_marks_what_is_weak_missing_or_tried_out() -> None:
    drop = {"year": 2025, "per_capita_net_income_yuan": 8500, "previous_per_capita_yuan": 10000}
    assert "来源待核" in text(explain(rules()["income_drop"], drop, defaults()), "zh", glossary)
    allowance = explain(rules()["allowance_entitled"], {"year": 2025}, defaults())
    assert "未填" in text(allowance, "zh", glossary)
    tried = explain(
        rules()["exit_income"], _POOR, defaults(), overrides={"poverty_line_yuan": 2700.0}
    )
    assert "2,700元(推演)" in text(tried, "zh", glossary)
    assert "恰好相等" in text(tried, "zh", glossary)


def test_the_text_reads_codes_years_and_arithmetic() -> None:
    row = {"year": 2025, "registered": True, "exit_year": 2016}
    said = text(explain(rules()["exited_2014_2015"], row, defaults()), "en", glossary)
    assert "2016, should be at most 2015" in said
    row = {"year": 2025, "monitored": True, "monitor_kind": "unstable", "registered": True}
    assert "脱贫不稳定户 应等于 边缘易致贫户" in text(
        explain(rules()["borderline"], row, defaults()), "zh", glossary
    )
    row = {"year": 2025, "per_capita_net_income_yuan": 8500, "previous_per_capita_yuan": 10000}
    assert "× (100 − " in text(explain(rules()["income_drop"], row, defaults()), "zh", glossary)


@pytest.mark.parametrize("key", rules())
def test_every_rule_reads_in_both_languages_with_nothing_known(key: str) -> None:
    found = explain(rules()[key], {"year": 2021}, defaults())
    for lang in glossary.LANGUAGES:
        lines = text(found, lang, glossary).splitlines()
        assert len(lines) >= 2
        assert not any("None" in line or "{" in line for line in lines)


@pytest.mark.parametrize(
    ("value", "said"), [(2952, "2,952"), (8.5366, "8.54"), (0, "0"), (-1.5, "−1.5"), (100, "100")]
)
def test_numbers_read_in_full(value: float, said: str) -> None:
    assert number(value) == said
