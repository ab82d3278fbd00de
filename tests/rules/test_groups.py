"""The six groups, by written cases, and what every rule owes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from rules.judge import fact_types, judge
from rules.parameters import defaults
from rules.registry import groups

_CASES: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).parents[1] / "cases" / "groups.yaml").read_text(encoding="utf8")
)


@pytest.mark.parametrize(
    ("key", "case"),
    [
        pytest.param(key, c, id=f"{key}: {c['case']}")
        for key, cases in _CASES.items()
        for c in cases
    ],
)
def test_written_case(key: str, case: dict[str, Any]) -> None:
    answer = judge(groups()[key], case["given"], case.get("year", 2025), defaults())
    assert answer is case["expect"]


@pytest.mark.parametrize("key", groups())
def test_every_rule_has_a_case_of_each_kind(key: str) -> None:
    cases = _CASES[key]
    assert {case["expect"] for case in cases} == {True, False, None}
    assert any(case.get("year", 2025) < groups()[key].since for case in cases)


@pytest.mark.parametrize("key", groups())
def test_the_evidence_of_a_rule_are_facts(key: str) -> None:
    rule = groups()[key]
    assert rule.evidence
    assert set(rule.evidence) <= set(fact_types())
    assert rule.column in fact_types()


def test_a_fact_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError, match="no such facts: luck"):
        judge(groups()["income_drop"], {"luck": 1}, 2025, defaults())
