"""An explanation as plain text in Chinese or English, one line a condition."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal, Protocol

from rules.explain import (
    Branch,
    Compared,
    Computed,
    Explanation,
    FactValue,
    Nested,
    Node,
    Number,
    RecordedFact,
    Said,
    Term,
    Threshold,
)
from rules.vocabulary import CALENDAR_YEAR

Lang = Literal["zh", "en"]

SIGNS = {
    "<": "rule_less",
    "<=": "rule_at_most",
    ">": "rule_more",
    ">=": "rule_at_least",
    "=": "rule_is",
    "<>": "rule_is_not",
}
VERDICTS = {True: "rule_met", False: "rule_not_met", None: "rule_unknown"}
JOINS = {"all": "rule_all_of", "any": "rule_any_of", "lacks_one": "rule_lacks_one"}
_ARITHMETIC = {"+": "+", "-": "−", "*": "×", "/": "÷"}


class Words(Protocol):
    """Where terms and codes are looked up; the ``glossary`` module is one."""

    def term(self, key: str, lang: Lang, /, **values: object) -> str: ...
    def label(self, code_list: str, code: str | None, lang: Lang) -> str: ...


def text(explanation: Explanation, lang: Lang, words: Words) -> str:
    """The whole explanation, the rule and its answer first, parts indented below."""
    return "\n".join(_Writer(lang, words).rule(explanation, ""))


def number(value: float) -> str:
    """A number in full with thousands separated and at most two decimals."""
    return f"{value:,.2f}".rstrip("0").rstrip(".").replace("-", "−")


class _Writer:
    def __init__(self, lang: Lang, words: Words):
        self._lang = lang
        self._words = words

    def t(self, key: str, **values: object) -> str:
        return self._words.term(key, self._lang, **values)

    def named(self, declared: Any) -> str:
        return getattr(declared, self._lang)

    def rule(self, explanation: Explanation, indent: str) -> Iterator[str]:
        rule = explanation.rule
        name = self.named(rule) + (self.t("rule_weak") if rule.weak else "")
        yield indent + self._line(name, self.t(VERDICTS[explanation.met]))
        if not explanation.in_force:
            key = "rule_not_yet" if explanation.year < rule.since else "rule_no_more"
            yield indent + "  " + self.t(key, since=rule.since, until=rule.until)
            return
        yield from self._node(explanation.tree, indent + "  ")

    def _line(self, left: str, right: str) -> str:
        return self.t("rule_line", left=left, right=right)

    def _node(self, node: Node, indent: str) -> Iterator[str]:
        match node:
            case Branch():
                joined = self.t(JOINS[node.how])
                yield indent + self._line(joined, self.t(VERDICTS[node.met]))
                for part in node.parts:
                    yield from self._node(part, indent + "  ")
            case Nested():
                if not node.wanted:
                    yield indent + self.t("rule_denied")
                yield from self.rule(node.explanation, indent)
            case Compared():
                yield indent + self._compared(node)
            case Said():
                wanted = self.t("is_yes" if node.wanted else "is_no")
                said = self.t("rule_said", fact=self.t(node.fact.key), wanted=wanted)
                yield indent + self._line(said, self._outcome(node.met, self._value(node.fact)))
            case RecordedFact():
                key = "rule_recorded" if node.wanted else "rule_not_recorded"
                said = self.t(key, fact=self.t(node.fact.key))
                yield indent + self._line(said, self.t(VERDICTS[node.met]))

    def _compared(self, node: Compared) -> str:
        left, right = self._term(node.left), self._term(node.right)
        said = self.t("rule_compared", left=left, sign=self.t(SIGNS[node.sign]), right=right)
        return self._line(said, self._outcome(node.met, self._gap(node)))

    def _outcome(self, met: bool | None, detail: str) -> str:
        verdict = self.t(VERDICTS[met])
        return self.t("rule_outcome", verdict=verdict, detail=detail) if detail else verdict

    def _gap(self, node: Compared) -> str:
        if node.gap is None or node.gap.unit == CALENDAR_YEAR:
            return ""
        if node.gap.size == 0:
            return self.t("rule_equal")
        size = self.amount(abs(node.gap.size), node.gap.unit)
        if node.gap.percent is not None:
            size = self.t("rule_share", size=size, percent=number(abs(node.gap.percent)))
        return self.t("rule_above" if node.gap.size > 0 else "rule_below", size=size)

    def amount(self, value: Any, unit: str | None) -> str:
        """A number with its unit."""
        if unit == CALENDAR_YEAR:
            return f"{value:.0f}"
        if not unit:
            return number(value)
        if unit == "percent":
            return f"{number(value)}%"
        space = "" if self._lang == "zh" else " "
        return number(value) + space + self.t(f"unit_{unit}")

    def _value(self, fact: FactValue | Number) -> str:
        if fact.value is None:
            return self.t("unknown")
        if isinstance(fact.value, bool):
            return self.t("is_yes" if fact.value else "is_no")
        if fact.codes:
            return self._words.label(fact.codes, str(fact.value), self._lang)
        if isinstance(fact.value, int | float):
            return self.amount(fact.value, fact.unit)
        return str(fact.value)

    def _term(self, term: Term) -> str:
        match term:
            case FactValue():
                return f"{self.t(term.key)} {self._value(term)}"
            case Threshold():
                return f"{self.named(term.parameter)} {self._threshold(term)}"
            case Computed():
                left, right = self._side(term.left), self._side(term.right)
                return f"{left} {_ARITHMETIC[term.sign]} {right}"
            case _:
                return self._value(term)

    def _side(self, term: Term) -> str:
        sum_of = isinstance(term, Computed) and term.sign in "+-"
        return f"({self._term(term)})" if sum_of else self._term(term)

    def _threshold(self, term: Threshold) -> str:
        if term.assumed is not None:
            return self.t("rule_assumed", value=self.amount(term.assumed, term.unit))
        if term.held is None:
            return self.t("value_missing")
        held = term.held
        end = "" if held.end == date.max else self.t("rule_until", day=held.end.isoformat())
        return self.t(
            "rule_in_force",
            value=self.amount(held.value, term.unit),
            start=held.start.isoformat(),
            end=end,
            source=held.source,
            weak=self.t("rule_weak") if held.weak else "",
        )
