"""Every rule by its written cases, and the kinds of case that every rule owes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rules.explain import (
    Branch,
    Compared,
    Computed,
    Explanation,
    Nested,
    Node,
    Said,
    Threshold,
    explain,
)
from rules.judge import fact_types, judge
from rules.parameters import defaults
from rules.registry import Rule, rules
from tests.rules.cases import Case, all_cases, cases_of

_BY_KEY = pytest.mark.parametrize("rule", [pytest.param(r, id=r.key) for r in rules().values()])


def explained(case: Case) -> Explanation:
    """The case explained, by the thresholds that it is judged by."""
    named = {key: value for key, value in case.given.items() if key in defaults()}
    return explain(case.rule, case.row, defaults(), overrides=named)


@pytest.mark.parametrize(
    "case", [pytest.param(c, id=f"{c.rule.key}: {c.name}") for c in all_cases()]
)
def test_written_case(case: Case) -> None:
    answer = judge(case.rule, case.given, case.year, defaults())
    assert answer is case.expect
    assert explained(case).met is case.expect


def test_there_are_enough_cases() -> None:
    assert len(all_cases()) >= 250


@_BY_KEY
def test_a_rule_is_met_missed_and_unknown_and_was_not_there_before(rule: Rule) -> None:
    cases = cases_of(rule)
    assert {case.expect for case in cases if rule.exists(case.year)} == {True, False, None}
    assert any(case.year < rule.since for case in cases)


def _own_branches(node: Node) -> Iterator[Branch]:
    """Branches of a rule's own condition, not those of rules it asks."""
    if isinstance(node, Branch):
        yield node
        for part in node.parts:
            yield from _own_branches(part)


# Facts that are true or unknown: whether days between dates are exact.
_NEVER_FALSE = {"decision_dated", "notice_dated", "measures_dated"}


def _answers(rule: Rule, case: Case) -> list[list[bool | None]]:
    return [[part.met for part in b.parts] for b in _own_branches(explained(case).tree)]


@_BY_KEY
def test_each_single_reason_decides_in_a_case(rule: Rule) -> None:
    cases = [case for case in cases_of(rule) if rule.exists(case.year)]
    branches = list(_own_branches(explained(cases[0]).tree))
    answers = [_answers(rule, case) for case in cases]
    for place, branch in enumerate(branches):
        met = [tuple(found[place]) for found in answers]
        for part, node in enumerate(branch.parts):
            if isinstance(node, Said) and node.fact.key in _NEVER_FALSE:
                continue
            decides = {
                "all": lambda a, p=part: a[p] is False and a.count(False) == 1,
                "any": lambda a, p=part: a[p] is True and a.count(True) == 1,
                "lacks_one": lambda a, p=part: a[p] is False and all(a[:p] + a[p + 1 :]),
            }[branch.how]
            assert any(decides(a) for a in met), f"no case for part {part} of {branch.how}"


def _own_comparisons(node: Node) -> Iterator[Compared]:
    if isinstance(node, Branch):
        for part in node.parts:
            yield from _own_comparisons(part)
    elif isinstance(node, Compared):
        yield node


def _has_threshold(node: Compared) -> bool:
    right = node.right
    return isinstance(right, Threshold | Computed)


@_BY_KEY
def test_a_threshold_has_a_case_exactly_at_it_and_one_after_a_change(rule: Rule) -> None:
    cases = [case for case in cases_of(rule) if rule.exists(case.year)]
    trees = [list(_own_comparisons(explained(case).tree)) for case in cases]
    for place, comparison in enumerate(trees[0]):
        if not _has_threshold(comparison):
            continue
        gaps = [tree[place].gap for tree in trees]
        assert any(gap and gap.size == 0 for gap in gaps), "none exactly at the threshold"
    own = {name for name in rule.names if name in defaults()}
    for key in own:
        values = {case.thresholds.get(key) for case in cases} - {None}
        assert len(values) > 1, f"{key} never changes"


@_BY_KEY
def test_what_a_rule_asks_and_shows_are_columns_of_its_relation(rule: Rule) -> None:
    types = fact_types(rule.relation)
    assert {*rule.names, *rule.evidence, rule.column} <= set(types)
    assert all(isinstance(part, str) and part in rules() for part in rule.parts)


def test_a_fact_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError, match="no such facts: luck"):
        judge(rules()["income_drop"], {"luck": 1}, 2025, defaults())


def test_the_answers_of_asked_rules_are_explained_too() -> None:
    case = next(c for c in cases_of(rules()["reliable"]) if c.expect is False)
    parts = explained(case).tree
    assert isinstance(parts, Branch)
    assert [p.explanation.rule.key for p in parts.parts if isinstance(p, Nested)] == [
        "able",
        "five_standards",
    ]
