"""A threshold as an expression of others, 「1.5 * poverty_line_yuan」: read, checked, computed."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

_SIGNS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
# How a sign is written for people.
_WRITTEN = {"+": "+", "-": "−", "*": "×", "/": "÷"}
_KEY = re.compile(r"[a-z][a-z0-9_]*")
_PLAIN = ""  # the unit of a mere number


class ExpressionError(ValueError):
    """An expression says something impossible; the message says what, in Chinese."""


_COMPUTE: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


def computed(sign: str, left: Any, right: Any) -> float | None:
    """What arithmetic comes to; None where a side is not known, or divides by nothing."""
    if left is None or right is None or (sign == "/" and right == 0):
        return None
    return _COMPUTE[sign](left, right)


@dataclass(frozen=True, slots=True)
class Name:
    """Another threshold, by its key."""

    key: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is written."""

    value: float


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Two parts with +, -, * or / between them."""

    left: Expression
    sign: str
    right: Expression


Expression = Name | Number | Arithmetic


@cache
def parsed(text: str) -> Expression:
    """An expression of keys, numbers, + - * / and brackets. Raises ExpressionError for others."""
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        raise ExpressionError(f"不是数,也不是算式: {text}") from None
    found = _read(tree, text)
    if not list(names(found)):
        raise ExpressionError(f"算式里没有别的标准,应直接写数: {text}")
    return found


def _read(node: ast.expr, text: str) -> Expression:
    if isinstance(node, ast.Name) and _KEY.fullmatch(node.id):
        return Name(node.id)
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return Number(float(node.value))  # type: ignore[arg-type]
    if isinstance(node, ast.BinOp) and type(node.op) in _SIGNS:
        return Arithmetic(_read(node.left, text), _SIGNS[type(node.op)], _read(node.right, text))
    raise ExpressionError(f"不是数,也不是算式(标准的键、数、加减乘除和括号): {text}")


def names(found: Expression) -> Iterator[str]:
    """Keys of the thresholds that an expression asks, in the order written."""
    if isinstance(found, Name):
        yield found.key
    elif isinstance(found, Arithmetic):
        yield from names(found.left)
        yield from names(found.right)


def value_of(found: Expression, held: Mapping[str, float | None]) -> float | None:
    """What it comes to; None where a part is not known or divides by nothing."""
    if isinstance(found, Name):
        return held[found.key]
    if isinstance(found, Number):
        return found.value
    return computed(found.sign, value_of(found.left, held), value_of(found.right, held))


def unit_of(found: Expression, units: Mapping[str, str]) -> str:
    """The unit that it comes to in; "" for a mere number. Raises ExpressionError for 元 + 月.

    A percentage of something is that thing.
    """
    if isinstance(found, Name):
        return units[found.key]
    if isinstance(found, Number):
        return _PLAIN
    left, right = unit_of(found.left, units), unit_of(found.right, units)
    if found.sign in "+-":
        if left != right:
            raise ExpressionError(f"单位不同,不能相加减: {left or '数'}、{right or '数'}")
        return left
    if found.sign == "/":
        if left == right:
            return _PLAIN
        if right == _PLAIN:
            return left
    else:
        scaling = {_PLAIN, "percent"}
        if left in scaling or right in scaling:
            return left if right == _PLAIN or left not in scaling else right
    raise ExpressionError(f"单位不能相乘除: {left or '数'}、{right or '数'}")


def in_words(found: Expression, named: Callable[[str], str], number: Callable[[float], str]) -> str:
    """As people write it: names for keys, × for *, brackets where they are needed."""

    def said(part: Expression, within: str = "", right: bool = False) -> str:
        if isinstance(part, Name):
            return named(part.key)
        if isinstance(part, Number):
            return number(part.value)
        text = " ".join(
            (said(part.left, part.sign), _WRITTEN[part.sign], said(part.right, part.sign, True))
        )
        adds = part.sign in "+-"
        bracketed = (adds and within in ("*", "/", "-") and (right or within != "-")) or (
            right and within == "/"
        )
        return f"({text})" if bracketed else text

    return said(found)
