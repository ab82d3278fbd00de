"""The written cases (tests/cases/<system>.yaml), read: one file a system, one list a rule."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rules.cases import read_cases
from rules.judge import thresholds_in
from rules.parameters import defaults
from rules.registry import SYSTEMS, Rule, rules

_FOLDER = Path(__file__).parents[1] / "cases"


@dataclass(frozen=True)
class Case:
    """What is known of one subject in a year, and what the rule should answer."""

    rule: Rule
    name: str
    year: int
    given: dict[str, Any]
    expect: bool | None

    @property
    def row(self) -> dict[str, Any]:
        return {"year": self.year, **self.given}

    @property
    def thresholds(self) -> dict[str, float | None]:
        """The thresholds that the case is judged by, those it names itself included."""
        held: dict[str, float | None] = {**thresholds_in(self.year, defaults())}
        return held | {k: v for k, v in self.given.items() if k in defaults()}


@cache
def all_cases() -> tuple[Case, ...]:
    found: list[Case] = []
    for system in SYSTEMS:
        cases, faults = read_cases(_FOLDER / f"{system}.yaml", _FOLDER)
        assert not faults
        found += [Case(rules()[c.key], c.name, c.year, c.given, c.expect) for c in cases]
    return tuple(found)


def cases_of(rule: Rule) -> list[Case]:
    return [case for case in all_cases() if case.rule is rule]
