"""A rule's condition as a small tree, read off its SQL, and how answers are taken together.

The SQL is what judges a county; the tree is what explains one subject. Only what can be said in
words is allowed in a condition: comparisons, plain facts, IS NULL, AND, OR, NOT and arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import sqlglot
from sqlglot import exp

from rules.registry import Rule, RuleError

Sign = Literal["<", "<=", ">", ">=", "=", "<>"]
How = Literal["all", "any", "lacks_one"]


@dataclass(frozen=True, slots=True)
class Column:
    """A fact, a threshold, or the answer of a rule."""

    name: str


@dataclass(frozen=True, slots=True)
class Constant:
    """A number or a code that the condition itself holds."""

    value: float | str


@dataclass(frozen=True, slots=True)
class Formula:
    """Arithmetic of two operands; ``sign`` is one of + - * /."""

    left: Operand
    sign: str
    right: Operand


Operand = Column | Constant | Formula


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two operands compared."""

    left: Operand
    sign: Sign
    right: Operand


@dataclass(frozen=True, slots=True)
class Flag:
    """A true-or-false fact, or the answer of another rule, that should be as ``wanted``."""

    name: str
    wanted: bool


@dataclass(frozen=True, slots=True)
class Recorded:
    """Whether a fact is recorded at all."""

    name: str
    wanted: bool


@dataclass(frozen=True, slots=True)
class Joined:
    """Conditions of which all, any, or all but exactly one must hold."""

    how: How
    parts: tuple[Condition, ...]


Condition = Comparison | Flag | Recorded | Joined

_SIGNS: dict[type[exp.Expr], tuple[Sign, Sign]] = {
    exp.LT: ("<", ">="),
    exp.LTE: ("<=", ">"),
    exp.GT: (">", "<="),
    exp.GTE: (">=", "<"),
    exp.EQ: ("=", "<>"),
    exp.NEQ: ("<>", "="),
}
_ARITHMETIC: dict[type[exp.Expr], str] = {
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
    exp.Div: "/",
}


@cache
def condition_of(rule: Rule) -> Condition:
    """The rule's condition as a tree. Raises RuleError for SQL that cannot be said in words."""
    if rule.compose == "lacks_one_of":
        return Joined("lacks_one", tuple(Flag(f"in_{part}", True) for part in rule.parts))
    try:
        return _condition(sqlglot.parse_one(rule.where, read="duckdb"), True)
    except (sqlglot.ParseError, RuleError) as error:
        raise RuleError(f"{rule.key}: {error}") from None


def _condition(node: exp.Expr, wanted: bool) -> Condition:
    """A tree of the node, or of its denial: NOT is carried down to what it denies."""
    match node:
        case exp.Paren():
            return _condition(node.this, wanted)
        case exp.Not():
            return _condition(node.this, not wanted)
        case exp.And() | exp.Or():
            how: How = "all" if isinstance(node, exp.And) == wanted else "any"
            parts = [_condition(part, wanted) for part in (node.this, node.expression)]
            return Joined(how, tuple(_flat(parts, how)))
        case exp.Column():
            return Flag(node.name, wanted)
        case exp.Is(this=exp.Column(), expression=exp.Null()):
            return Recorded(node.this.name, not wanted)
    if type(node) in _SIGNS:
        left, right = _operand(node.this), _operand(node.expression)
        return Comparison(left, _SIGNS[type(node)][not wanted], right)
    raise RuleError(f"no words for {node.sql()}")


def _flat(parts: list[Condition], how: How) -> Iterator[Condition]:
    for part in parts:
        if isinstance(part, Joined) and part.how == how:
            yield from part.parts
        else:
            yield part


def _operand(node: exp.Expr) -> Operand:
    match node:
        case exp.Paren():
            return _operand(node.this)
        case exp.Column():
            return Column(node.name)
        case exp.Literal():
            return Constant(node.name if node.is_string else float(node.name))
    if type(node) in _ARITHMETIC:
        left, right = _operand(node.this), _operand(node.expression)
        return Formula(left, _ARITHMETIC[type(node)], right)
    raise RuleError(f"no words for {node.sql()}")


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
}


def compared(sign: Sign, left: Any, right: Any) -> bool | None:
    """Whether two values compare as the sign says; None where one is not known."""
    return None if left is None or right is None else _COMPARE[sign](left, right)


def joined(how: How, answers: Sequence[bool | None]) -> bool | None:
    """Answers taken together as SQL does: one that is not known may leave the whole unknown."""
    missed, unknown = answers.count(False), answers.count(None)
    if how == "all":
        return False if missed else (None if unknown else True)
    if how == "any":
        return True if True in answers else (None if unknown else False)
    return False if missed > 1 else (None if unknown else missed == 1)
