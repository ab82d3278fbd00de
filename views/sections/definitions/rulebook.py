"""The county's book of rules: each system, its rules in words, each threshold with its history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property

import glossary
from rules.explain import Branch, Explanation, Nested, Node, Threshold, explain, thresholds_of
from rules.expressions import in_words
from rules.parameters import DatedValue, Parameter
from rules.phrases import Phrases
from rules.region_kinds import region_kinds
from rules.registry import Rule, System, needed, systems
from rules.registry import rules as all_rules
from views.browser import components, markup
from views.browser.markup import Markup, h, join
from views.context.stage import Stage
from views.parts import pieces, threshold_sources


class Book:
    """Rules and thresholds as they stand on the data date, in one language."""

    def __init__(self, stage: Stage):
        self._stage = stage
        self._say = Phrases(stage.lang, glossary, general=True)
        self._day = stage.county.snapshot.data_date

    @cached_property
    def _asked_by(self) -> dict[str, list[Rule]]:
        """Parameter or rule, by key, to the rules whose own condition names it."""
        found: dict[str, list[Rule]] = {}
        for rule in all_rules().values():
            for name in sorted(rule.names):
                found.setdefault(name.removeprefix("in_"), []).append(rule)
        return found

    def name(self, rule: Rule) -> Markup:
        """A rule's name, leading to it by itself."""
        stage = self._stage
        return markup.link(stage.href("definitions", rule=rule.key), stage.named(rule))

    def _names(self, rules: Iterable[Rule]) -> Markup:
        gap = "、" if self._stage.lang == "zh" else ", "
        parts: list[object] = []
        for rule in rules:
            parts += [gap, self.name(rule)] if parts else [self.name(rule)]
        return join(*parts)

    def system(self, system: System) -> Markup:
        """One system: what it is, how its classes are taken, its rules."""
        stage = self._stage
        lead = getattr(system, f"definition_{stage.lang}")
        classes = [
            h("p", stage.t("book_first_of"), self._names(system.rules[key] for key in keys))
            for keys in system.classes.values()
        ]
        rules = [self.rule(rule) for rule in system.rules.values()]
        head = pieces.heading(stage.named(system), lead)
        return h("section", head, *classes, *rules, cls="book")

    def rule(self, rule: Rule) -> Markup:
        """One rule: name and since when, what it means and its document, its conditions."""
        stage = self._stage
        weak = h("span", stage.t("weak_source"), cls="mark weak") if rule.weak else ""
        since = h("small", stage.t("book_since", year=rule.since))
        meaning = getattr(rule, f"definition_{stage.lang}")
        named = glossary.documents(rule.source, stage.lang)
        source = h("small", stage.t("book_source", source=named))
        row = {"year": self._day.year}
        asks = explain(rule, row, stage.county.parameters, as_of=self._day)
        return h(
            "article",
            h("div", h("b", stage.named(rule)), " ", weak, since),
            h("div", meaning, source),
            h("div", self._conditions(asks)),
            cls="rule",
        )

    def _conditions(self, explanation: Explanation) -> Markup:
        tree, rule = explanation.tree, explanation.rule
        if isinstance(tree, Branch):
            return join(h("p", self._say.joined(tree), cls="joined"), self._list(tree.parts, rule))
        return self._list([tree], rule)

    def _list(self, nodes: Iterable[Node], rule: Rule) -> Markup:
        return h("ul", *(h("li", self._condition(node, rule)) for node in nodes))

    def _condition(self, node: Node, rule: Rule) -> Markup:
        match node:
            case Branch():
                return join(self._say.joined(node), self._list(node.parts, rule))
            case Nested():
                name = self.name(node.explanation.rule)
                return join(name, "" if node.wanted else self._stage.t("book_denied"))
        marks = [self._mark(term, rule) for term in thresholds_of(node)]
        return join(self._say.demand(node), *marks)

    def _mark(self, term: Threshold, rule: Rule) -> Markup:
        """That a threshold is weak or missing, leading to the rule with its thresholds' history."""
        mark = threshold_sources.mark(self._stage, term.held)
        there = self._stage.href("definitions", rule=rule.key)
        return join(" ", markup.link(there, mark)) if mark else mark

    def parameter(self, parameter: Parameter) -> list[pieces.Row | pieces.Band]:
        """A threshold's rows: its name with the rules that use it, then its dated values."""
        stage = self._stage
        name = h("b", stage.named(parameter))
        told = [name, " ", h("code", parameter.key)]
        if users := self._asked_by.get(parameter.key):
            told.append(h("span", " ", stage.t("book_used_by"), self._names(users), cls="users"))
        band = pieces.Band(join(told))
        history = parameter.history()
        others = [self._dated(parameter, v.start, v.end, v) for v in parameter.elsewhere]
        if not history:
            trust = threshold_sources.mark(stage, None)
            return [band, ("—", stage.t("book_county_fills_in"), "—", "—", trust), *others]
        return [band, *(self._dated(parameter, *entry) for entry in history), *others]

    def _dated(
        self, parameter: Parameter, start: date, end: date, value: DatedValue | None
    ) -> pieces.Row:
        stage = self._stage
        known = value or DatedValue(start, end, 0, "—")
        return (
            "—" if value is None else self._value(parameter, value),
            self._say.period(known),
            *self._say.documents(known),
            threshold_sources.mark(stage, value)
            or h("span", stage.t("book_known"), cls="light good"),
        )

    def _value(self, parameter: Parameter, value: DatedValue) -> Markup:
        """A number; under it what it comes of, and which counties it holds for."""
        stage = self._stage
        number = stage.measure(parameter.unit).level
        told = []
        if value.asks is not None:
            known = stage.county.parameters
            told.append(in_words(value.asks, lambda key: stage.named(known[key]), "{:g}".format))
        elsewhere = value in parameter.elsewhere
        if value.kind:
            told.append(stage.named(region_kinds()[value.kind]))
        elif elsewhere:
            told.append(stage.t("book_elsewhere"))
        small = h("div", h("small", " · ".join(told))) if told else ""
        return h("span", number(value.value), small, cls="muted" if elsewhere else None)

    def thresholds(self, parameters: Iterable[Parameter]) -> Markup:
        """The history of thresholds as one table."""
        head = [self._stage.t(k) for k in ("value", "valid", "document", "read_in", "trust")]
        rows = [row for parameter in parameters for row in self.parameter(parameter)]
        return pieces.table(head, rows, cls="data history")

    def entry(self, rule: Rule) -> Markup:
        """One rule by itself: its conditions, the rules that ask it, its thresholds' history."""
        stage = self._stage
        system = systems()[rule.system]
        parts = [self.rule(rule)]
        if users := self._asked_by.get(rule.key):
            parts.append(h("p", stage.t("book_used_by"), self._names(users), cls="sub"))
        if asked := threshold_sources.asked(stage, [rule]):
            parts.append(self.thresholds(asked))
        below = [other for layer in needed([rule]) for other in layer if other is not rule]
        if below:
            parts.append(h("h3", stage.t("book_asks")))
            parts += [self.rule(other) for other in reversed(below)]
        all_of_them = markup.link(stage.href("definitions", rule=None), stage.t("book_whole"))
        head = pieces.heading(stage.named(rule), stage.named(system))
        return h("section", head, *parts, h("p", all_of_them), cls="book chosen")


def chosen(stage: Stage) -> None:
    """The rule that the address names, by itself at the head of the page."""
    if stage.view.rule:
        components.paper(Book(stage).entry(all_rules()[stage.view.rule]), key="chosen")


def rules(stage: Stage) -> None:
    """The system of rules that the address names, whole."""
    if stage.view.part:
        components.paper(Book(stage).system(systems()[stage.view.part]), key="rules")


def parameters(stage: Stage) -> None:
    """Every threshold with its dated values and their documents; weak and missing ones say so."""
    table = Book(stage).thresholds(stage.county.parameters.values())
    head = pieces.heading(stage.t("definitions_parameters"), stage.t("book_thresholds_lead"))
    html = h("section", head, table, id="definitions_parameters", cls="book")
    components.paper(html, key="parameters")
