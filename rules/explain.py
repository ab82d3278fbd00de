"""Why a rule holds for one subject: its condition as a tree with values, thresholds and gaps.

Made from the declaration alone. Views lay the tree out; ``rules.wording`` says it as plain text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from rules import conditions
from rules.conditions import Column, Comparison, Condition, Flag, Formula, How, Joined, Sign
from rules.expressions import computed
from rules.parameters import DatedValue, Parameter
from rules.registry import Rule, rules
from rules.vocabulary import fact
from store.county_folder import in_use, once_a_state


@dataclass(frozen=True, slots=True)
class FactValue:
    """A fact of the subject; ``codes`` is the list that its value is a code of."""

    key: str
    value: Any
    unit: str | None = None
    codes: str | None = None


@dataclass(frozen=True, slots=True)
class Threshold:
    """A parameter and its value in force: ``held`` has days, document and the weak mark.

    ``held`` is None where no value is known; ``assumed`` is a value that somebody tries out.
    """

    parameter: Parameter
    held: DatedValue | None
    assumed: float | None = None

    @property
    def unit(self) -> str:
        return self.parameter.unit

    @property
    def value(self) -> float | None:
        if self.assumed is not None:
            return self.assumed
        return self.held.value if self.held else None


@dataclass(frozen=True, slots=True)
class Number:
    """A number or code that the condition itself holds."""

    value: float | str
    unit: str | None = None
    codes: str | None = None


@dataclass(frozen=True, slots=True)
class Computed:
    """Arithmetic of two terms, and what it comes to."""

    left: Term
    sign: str
    right: Term
    value: float | None
    unit: str | None


Term = FactValue | Threshold | Number | Computed


@dataclass(frozen=True, slots=True)
class Gap:
    """How far the left side is above (or, negative, below) the right one."""

    size: float
    unit: str | None
    percent: float | None


@dataclass(frozen=True, slots=True)
class Compared:
    """One comparison: met, missed (False) or unknown (None), and by how much."""

    left: Term
    sign: Sign
    right: Term
    met: bool | None
    gap: Gap | None


@dataclass(frozen=True, slots=True)
class Said:
    """One true-or-false fact that should be as ``wanted``."""

    fact: FactValue
    wanted: bool
    met: bool | None


@dataclass(frozen=True, slots=True)
class RecordedFact:
    """One fact that should (or should not) be recorded."""

    fact: FactValue
    wanted: bool
    met: bool | None


@dataclass(frozen=True, slots=True)
class Nested:
    """Another rule's answer that should be as ``wanted``, with its own explanation."""

    explanation: Explanation
    wanted: bool
    met: bool | None


@dataclass(frozen=True, slots=True)
class Branch:
    """Parts of which all, any, or all but exactly one must hold."""

    how: How
    parts: tuple[Node, ...]
    met: bool | None


# One condition, asking no other.
Atom = Compared | Said | RecordedFact
Node = Atom | Nested | Branch


@dataclass(frozen=True, slots=True)
class Explanation:
    """A rule's answer for one subject. Before and after its time a rule is met by nobody."""

    rule: Rule
    year: int
    in_force: bool
    met: bool | None
    tree: Node
    evidence: tuple[FactValue, ...]

    def atoms(self) -> Iterator[Atom]:
        """Every single condition, those of the rules asked included, in the order of the tree."""
        yield from _atoms(self.tree)

    def thresholds(self) -> list[Threshold]:
        """Every threshold asked, once each."""
        asked = (term for atom in self.atoms() for term in thresholds_of(atom))
        return list({term.parameter.key: term for term in asked}.values())


def _atoms(node: Node) -> Iterator[Atom]:
    if isinstance(node, Branch):
        for part in node.parts:
            yield from _atoms(part)
    elif isinstance(node, Nested):
        yield from node.explanation.atoms()
    else:
        yield node


def thresholds_of(atom: Node) -> list[Threshold]:
    """The thresholds that one comparison names; none for any other condition."""
    if not isinstance(atom, Compared):
        return []
    terms = (*_terms(atom.left), *_terms(atom.right))
    return [term for term in terms if isinstance(term, Threshold)]


def _terms(term: Term) -> Iterator[Term]:
    if isinstance(term, Computed):
        yield from (*_terms(term.left), *_terms(term.right))
    else:
        yield term


def explain(
    rule: Rule,
    row: Mapping[str, Any],
    parameters: Mapping[str, Parameter],
    *,
    as_of: date | None = None,
    overrides: Mapping[str, float | None] | None = None,
) -> Explanation:
    """Why a subject meets the rule or not.

    ``row`` is the subject's row of the rule's fact relation, or the facts of it that the rule
    asks, with ``year``. Thresholds are those in force at the end of that year, or on the day
    ``as_of``, or those in ``overrides`` (None: not known); the row's own columns of thresholds are
    not looked at.
    """
    day = as_of or date(row["year"], 12, 31)
    return _Explainer(row, parameters, day, overrides or {}).rule(rule)


def _answers() -> dict[str, Rule]:
    """Every rule by the column of its answer."""
    return _by_column(in_use())


@once_a_state
def _by_column(home: Path | None) -> dict[str, Rule]:
    return {rule.column: rule for rule in rules().values()}


class _Explainer:
    def __init__(
        self,
        row: Mapping[str, Any],
        parameters: Mapping[str, Parameter],
        day: date,
        overrides: Mapping[str, float | None],
    ):
        self._row = row
        self._parameters = parameters
        self._overrides = overrides
        self._day = day

    def rule(self, rule: Rule) -> Explanation:
        tree = self._node(conditions.condition_of(rule))
        year = self._row["year"]
        in_force = rule.exists(year)
        met = tree.met if in_force else None
        evidence = tuple(self._fact(key) for key in rule.evidence)
        return Explanation(rule, year, in_force, met, tree, evidence)

    def _node(self, condition: Condition) -> Node:
        match condition:
            case Joined():
                parts = tuple(self._node(part) for part in condition.parts)
                met = conditions.joined(condition.how, [part.met for part in parts])
                return Branch(condition.how, parts, met)
            case Comparison():
                return self._compared(condition)
            case Flag(name=name, wanted=wanted) if name in _answers():
                inner = self.rule(_answers()[name])
                return Nested(inner, wanted, None if inner.met is None else inner.met == wanted)
            case Flag(name=name, wanted=wanted):
                said = self._fact(name)
                return Said(said, wanted, None if said.value is None else said.value == wanted)
            case _:
                known = self._fact(condition.name)
                return RecordedFact(
                    known, condition.wanted, (known.value is not None) == condition.wanted
                )

    def _compared(self, condition: Comparison) -> Compared:
        left, right = self._term(condition.left), self._term(condition.right)
        if isinstance(right, Number):
            codes = left.codes if isinstance(left, FactValue) else None
            right = Number(right.value, left.unit, codes)
        met = conditions.compared(condition.sign, left.value, right.value)
        return Compared(left, condition.sign, right, met, _gap(left, right))

    def _term(self, operand: conditions.Operand) -> Term:
        if isinstance(operand, Column):
            return self._column(operand.name)
        if isinstance(operand, Formula):
            left, right = self._term(operand.left), self._term(operand.right)
            value = computed(operand.sign, left.value, right.value)
            return Computed(left, operand.sign, right, value, left.unit or right.unit)
        return Number(operand.value)

    def _column(self, name: str) -> Term:
        if name in self._parameters:
            if name in self._overrides:
                return Threshold(self._parameters[name], None, self._overrides[name])
            return Threshold(self._parameters[name], self._parameters[name].at(self._day))
        return self._fact(name)

    def _fact(self, name: str) -> FactValue:
        known = fact(name)
        return FactValue(name, self._row.get(name), known.unit, known.codes)


def _gap(left: Term, right: Term) -> Gap | None:
    """The difference of two numbers; in percent of the right one where that says more."""
    a, b = left.value, right.value
    if not isinstance(a, int | float) or not isinstance(b, int | float):
        return None
    unit = left.unit or right.unit
    percent = (a - b) / b * 100 if b and unit == "yuan" else None
    return Gap(a - b, unit, percent)
