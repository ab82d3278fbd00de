"""What-if questions: which rules a threshold moves, where sliders go."""

from __future__ import annotations

import pytest

from rules.parameters import defaults
from views.context.choice_bar import Span
from views.parts import what_if
from views.parts.what_if import Question

_QUESTIONS = (what_if.GROUPS, what_if.EXIT, what_if.MONITORING)
_ALL = [(question, key) for question in _QUESTIONS for key in question.thresholds]


@pytest.mark.parametrize(("question", "threshold"), _ALL)
def test_every_threshold_offered_moves_rules_of_one_relation(
    question: Question, threshold: str
) -> None:
    moved = question.moved_by(threshold)
    assert len({rule.relation for rule in moved}) == 1


def test_every_rule_asked_is_moved_by_something() -> None:
    for question in _QUESTIONS:
        moved = {rule.key for key in question.thresholds for rule in question.moved_by(key)}
        assert moved == set(question.rules)


@pytest.mark.parametrize(
    ("key", "size", "span"),
    [
        ("monitoring_line_yuan", 6_000, Span(3_000, 12_000, 50)),
        ("poverty_line_yuan", 2_952, Span(1_450, 5_900, 50)),
        ("own_payment_limit_yuan", 20_000, Span(10_000, 40_000, 1_000)),
        ("village_poverty_rate_percent", 2, Span(0, 10, 0.5)),
        ("income_drop_percent", 10, Span(1, 60, 1)),
    ],
)
def test_a_slider_goes_from_half_to_twice_or_through_the_percents(
    key: str, size: float, span: Span
) -> None:
    assert what_if.span(defaults()[key], size) == span


def test_a_slider_holds_the_size_of_the_address() -> None:
    assert Span(1, 60, 1).around(75) == Span(1, 75, 1)
    assert Span(1, 60, 1).around(0.5) == Span(0.5, 60, 1)
