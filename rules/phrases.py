"""The single conditions of an explanation in words: what is asked, what there is, by how much.

Views lay these phrases out; ``rules.wording`` sets them line by line as plain text.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal, Protocol

from rules.conditions import Sign
from rules.explain import (
    Atom,
    Branch,
    Compared,
    Computed,
    FactValue,
    Gap,
    Nested,
    Number,
    RecordedFact,
    Said,
    Term,
    Threshold,
)
from rules.parameters import DatedValue
from rules.registry import Rule
from rules.vocabulary import CALENDAR_YEAR

Lang = Literal["zh", "en"]

_LEVEL: dict[Sign, str] = {
    "<": "rule_less",
    "<=": "rule_at_most",
    ">": "rule_more",
    ">=": "rule_at_least",
    "=": "rule_is",
    "<>": "rule_is_not",
}
# Money and shares are high or low, people and days many or few, years early or late.
_COUNT: dict[Sign, str] = _LEVEL | {
    "<": "rule_count_less",
    "<=": "rule_count_at_most",
    ">": "rule_count_more",
    ">=": "rule_count_at_least",
}
_YEAR: dict[Sign, str] = _LEVEL | {
    "<": "rule_before",
    "<=": "rule_not_after",
    ">": "rule_after",
    ">=": "rule_not_before",
}
_GRADE: dict[Sign, str] = _LEVEL | {"<=": "rule_grade_reached", ">": "rule_grade_not_reached"}
_WHOLE = ("people", "households", "entries", "items")
_SIGNS = {
    **dict.fromkeys((*_WHOLE, "days", "months"), _COUNT),
    CALENDAR_YEAR: _YEAR,
    "grade": _GRADE,
}
_GAPS = {
    **dict.fromkeys((*_WHOLE, "days", "months"), ("rule_many_more", "rule_many_fewer")),
    "years": ("rule_older", "rule_younger"),
    "grade": ("rule_lighter", "rule_heavier"),
}
VERDICTS = {True: "rule_met", False: "rule_not_met", None: "rule_unknown"}
_DENIED = {True: "rule_denied_kept", False: "rule_denied_broken", None: "rule_unknown"}
_JOINS = {"all": "rule_all_of", "any": "rule_any_of", "lacks_one": "rule_lacks_one"}
_ARITHMETIC = {"+": "+", "-": "−", "*": "×", "/": "÷"}
_WAN = 10_000


class Words(Protocol):
    """Where terms and codes are looked up; the ``glossary`` module is one."""

    def term(self, key: str, lang: Lang, /, **values: object) -> str: ...

    def documents(self, text: str, lang: Lang) -> str: ...
    def label(self, code_list: str, code: str | None, lang: Lang) -> str: ...


def number(value: float) -> str:
    """A number in full with thousands separated and at most two decimals."""
    return f"{value:,.2f}".rstrip("0").rstrip(".").replace("-", "−")


class Phrases:
    """Conditions in one language.

    ``general`` leaves the subject out: what a rule asks of anybody, as a book of rules says it,
    where a threshold that is not filled in is only named.
    """

    def __init__(self, lang: Lang, words: Words, *, general: bool = False):
        self._lang = lang
        self._words = words
        self._general = general

    @property
    def _ought(self) -> str:
        """How a demand begins: of a subject it should be so, in a book of rules it is so."""
        if not self._general:
            return self.t("rule_ought")
        return "" if self._lang == "zh" else "is"

    def t(self, key: str, **values: object) -> str:
        return self._words.term(key, self._lang, **values)

    def name(self, declared: Any) -> str:
        """The name of a rule or a threshold."""
        return getattr(declared, self._lang)

    def rule_name(self, rule: Rule) -> str:
        """The name of a rule, with the mark of one that no public document defines."""
        name = self.name(rule)
        return self.t("rule_name_weak", name=name) if rule.weak else name

    def verdict(self, met: bool | None) -> str:
        return self.t(VERDICTS[met])

    def joined(self, branch: Branch) -> str:
        """How the parts of a branch are taken together."""
        return self.t(_JOINS[branch.how])

    def denied(self, nested: Nested) -> str:
        """That another rule should not hold."""
        return self.t("rule_denied", name=self.rule_name(nested.explanation.rule))

    def denied_verdict(self, met: bool | None) -> str:
        """Whether a rule that should not hold indeed does not (met: True)."""
        return self.t(_DENIED[met])

    def demand(self, atom: Atom, *, basis: bool = False) -> str:
        """What a condition asks, its threshold with the value in force.

        ``basis`` adds the days that the value holds and its document.
        """
        match atom:
            case Said():
                wanted = self.t("is_yes" if atom.wanted else "is_no")
                fact = self.t(atom.fact.key)
                return self.t("rule_said", fact=fact, ought=self._ought, wanted=wanted)
            case RecordedFact():
                key = "rule_recorded" if atom.wanted else "rule_not_recorded"
                return self.t(key, fact=self.t(atom.fact.key), ought=self._ought)
        unit = atom.left.unit or atom.right.unit
        right = self._asked(atom.right, basis)
        sign, limit = atom.sign, atom.right
        if sign == ">" and isinstance(limit, Number) and unit in _WHOLE:
            # More than none of something whole is at least one.
            sign, right = ">=", self.amount(float(limit.value) + 1, unit)
        signs = _SIGNS.get(unit or "", _LEVEL)
        left = self._side_name(atom.left, basis)
        return self.t(signs[sign], left=left, ought=self._ought, right=right)

    def actual(self, atom: Atom) -> str:
        """What the subject has, empty where the verdict alone says it."""
        value = atom.left if isinstance(atom, Compared) else atom.fact
        if value.value is None:
            return "" if isinstance(atom, RecordedFact) else self.t("rule_not_on_record")
        if not isinstance(atom, Compared):
            return ""
        return self.t("rule_actual", value=self._value(value))

    def gap(self, atom: Atom) -> str:
        """By how much a threshold is met or missed, empty where that says nothing."""
        if not isinstance(atom, Compared) or isinstance(atom.right, Number):
            return ""
        gap = atom.gap
        if gap is None or gap.unit == CALENDAR_YEAR:
            return ""
        if gap.size == 0:
            return self.t("rule_equal")
        above, below = _GAPS.get(gap.unit or "", ("rule_above", "rule_below"))
        return self.t(above if gap.size > 0 else below, size=self._gap_size(gap))

    def _gap_size(self, gap: Gap) -> str:
        # Two shares differ by points, not by a share.
        unit = "points" if gap.unit == "percent" else gap.unit
        size = self.amount(abs(gap.size), unit)
        if gap.percent is None:
            return size
        return self.t("rule_share", size=size, percent=number(abs(gap.percent)))

    def basis(self, threshold: Threshold) -> str:
        """When a threshold's value holds, its document, where that was read, whether it is weak."""
        held = threshold.held
        if held is None:
            return ""
        weak = self.t("weak_source") if held.weak else ""
        parts = (self.period(held), *self.documents(held), weak)
        return self.t("rule_comma").join(filter(None, parts))

    def documents(self, held: DatedValue) -> tuple[str, str]:
        """A value's document, and where it was read if not there; either may be empty."""
        source, via = (self._words.documents(one, self._lang) for one in (held.source, held.via))
        return source, via

    def period(self, held: DatedValue) -> str:
        """The days that a value holds: 2016年适用, 2016年4月28日起."""
        year = held.start.year
        if (held.start, held.end) == (date(year, 1, 1), date(year, 12, 31)):
            return self.t("rule_in_year", year=year)
        if held.end == date.max:
            return self.t("rule_since", day=self.day(held.start))
        return self.t("rule_between", start=self.day(held.start), end=self.day(held.end))

    def day(self, day: date) -> str:
        """A day in words: 2025年1月1日, 2025-01-01."""
        pad = "" if self._lang == "zh" else "02"
        month, of_month = format(day.month, pad), format(day.day, pad)
        return self.t("rule_day", year=day.year, month=month, day=of_month)

    def amount(self, value: Any, unit: str | None) -> str:
        """A number with its unit; round sums from ten thousand on in 万元."""
        if unit == "yuan" and self._lang == "zh" and abs(value) >= _WAN and value % 100 == 0:
            return self.t("amount_wan_yuan", value=number(value / _WAN))
        if unit == CALENDAR_YEAR:
            return self.t("rule_year", year=f"{value:.0f}")
        if not unit:
            return number(value)
        if unit == "percent":
            return f"{number(value)}%"
        space = "" if self._lang == "zh" else " "
        return number(value) + space + self.t(f"unit_{unit}")

    def _value(self, term: Term) -> str:
        value = term.value
        if value is None:
            return self.t("rule_not_on_record")
        if isinstance(term, FactValue | Number) and term.codes:
            return self.t("rule_code", code=self._words.label(term.codes, str(value), self._lang))
        return self.amount(value, term.unit) if isinstance(value, int | float) else str(value)

    def _asked(self, term: Term, basis: bool) -> str:
        """A side of a comparison: names with their values."""
        match term:
            case Threshold():
                return self._threshold(term, basis)
            case FactValue():
                known = "" if self._general or term.value is None else self._value(term)
                return self._named(self.t(term.key), known)
            case Computed():
                return self._computed(term, basis)
        return self._value(term)

    def _side_name(self, term: Term, basis: bool) -> str:
        return self.t(term.key) if isinstance(term, FactValue) else self._asked(term, basis)

    def _named(self, name: str, value: str) -> str:
        return name + value if self._lang == "zh" else " ".join(filter(None, (name, value)))

    def _threshold(self, term: Threshold, basis: bool) -> str:
        name = self.t("rule_threshold", name=self.name(term.parameter))
        if term.assumed is not None:
            value = self.t("rule_assumed", value=self.amount(term.assumed, term.unit))
            return self._named(name, value)
        if term.held is None and self._general:
            return name
        if term.held is None:
            return self.t("rule_bracketed", text=name, more=self.t("value_missing"))
        said = self._named(name, self.amount(term.held.value, term.unit))
        return self.t("rule_bracketed", text=said, more=self.basis(term)) if basis else said

    def _computed(self, term: Computed, basis: bool) -> str:
        reduced = _reduced(term)
        if reduced:
            base, part = (self._asked(side, basis) for side in reduced)
            said = self.t("rule_reduced", base=base, part=part)
        else:
            said = self._formula(term, basis)
        if self._general or term.value is None:
            return said
        result = self.t("rule_comes_to", value=self.amount(term.value, term.unit))
        return self.t("rule_bracketed", text=said, more=result)

    def _formula(self, term: Term, basis: bool) -> str:
        if not isinstance(term, Computed):
            return self._asked(term, basis)
        left, right = (self._bracketed(side, basis) for side in (term.left, term.right))
        return f"{left} {_ARITHMETIC[term.sign]} {right}"

    def _bracketed(self, term: Term, basis: bool) -> str:
        said = self._formula(term, basis)
        return f"({said})" if isinstance(term, Computed) and term.sign in "+-" else said


def _reduced(term: Computed) -> tuple[Term, Term] | None:
    """Base and share of ``base * (100 - share) / 100``, the base less so many percent of it."""
    match term:
        case Computed(
            left=Computed(
                left=base, sign="*", right=Computed(left=Number(value=100), sign="-", right=part)
            ),
            sign="/",
            right=Number(value=100),
        ):
            return base, part
    return None
