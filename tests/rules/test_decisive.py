"""What decides an answer: only the conditions without which it would be another."""

from __future__ import annotations

from typing import Any

import pytest

from rules.decisive import decisive
from rules.explain import Compared, explain
from rules.parameters import defaults
from rules.registry import rules


def _told(key: str, **facts: Any) -> list[str]:
    explanation = explain(rules()[key], {"year": 2025, **facts}, defaults())
    return [
        getattr(atom.left, "key", "") if isinstance(atom, Compared) else atom.fact.key
        for atom in decisive(explanation)
    ]


_DISABLED = {"disabled": True, "receives_allowance": True, "receives_extreme": False}


def test_all_parts_of_what_holds() -> None:
    told = _told("living_without", **_DISABLED, receives_living=False)
    assert told == ["disabled", "receives_allowance", "receives_extreme", "receives_living"]


def test_only_the_parts_that_fail() -> None:
    assert _told("living_without", **_DISABLED, receives_living=True) == ["receives_living"]


def test_of_a_rule_denied_only_what_fails_of_it() -> None:
    facts = {**_DISABLED, "receives_allowance": False, "receives_living": True}
    assert _told("living_beyond", **facts) == ["receives_living", "receives_allowance"]


def test_one_of_several_that_hold_is_enough() -> None:
    stricken = {"monitored": True, "monitor_kind": "stricken", "own_payment_yuan": None}
    assert _told("temporary_entitled", **stricken) == ["monitored", "monitor_kind"]
    assert _told("extreme_entitled", age=80, disabled=False, disability_grade=None, able_members=1,
                 weak_members=0, earned_per_capita_yuan=1.0) == ["able_members"]  # fmt: skip


def test_what_is_unknown_where_the_answer_is() -> None:
    assert _told("care_entitled", disabled=True, receives_extreme=False) == ["disability_grade"]


@pytest.mark.parametrize("year", [2013])
def test_nothing_decides_before_the_rule(year: int) -> None:
    explanation = explain(rules()["living_without"], {"year": year}, defaults())
    assert decisive(explanation) == []
