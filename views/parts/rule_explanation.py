"""A rule's explanation as markup: one line with its answer, opened for the conditions behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import glossary
from rules.decisive import deciding
from rules.explain import Atom, Branch, Explanation, FactValue, Nested, Node, Said, Threshold
from rules.phrases import Phrases
from views.browser import markup
from views.browser.markup import Markup, h, join
from views.context.stage import Stage
from views.parts import threshold_sources

# A shape for each answer, drawn before its word by the stylesheet.
_SHAPES = {True: "yes", False: "no", None: "open"}
# How many deciding parts a folded line names.
_MOST = 3


class Explained:
    """Lays explanations out in the language of a stage."""

    def __init__(self, stage: Stage):
        self._stage = stage
        self._say = Phrases(stage.lang, glossary)

    def verdict(self, met: bool | None, word: str = "") -> Markup:
        """Met, missed or not to be told: a shape and a word."""
        return h("span", word or self._say.verdict(met), cls=f"light {_SHAPES[met]}")

    def listed(self, words: Iterable[str]) -> str:
        """Words one after the other."""
        return (";" if self._stage.lang == "zh" else "; ").join(words)

    def line(
        self,
        explanation: Explanation,
        *,
        before: str = "",
        after: str = "",
        beside: Markup | None = None,
        whole: bool = False,
    ) -> Markup:
        """One rule: answer, name and the deciding values; the conditions when opened.

        ``beside`` is what can be done about it, behind them.
        ``whole``: opened already, with the conditions of the rules that it asks; else these are
        one line each, for where they have lines of their own.
        """
        single = _single(explanation)
        said = "" if whole and not single else self._deciding(explanation)
        head = h(
            "summary",
            self.verdict(explanation.met),
            " ",
            h("b", before, self._say.rule_name(explanation.rule)),
            " ",
            h("span", self.listed(filter(None, (said, after))), cls="gist"),
        )
        told = h(
            "details",
            head,
            None if single else h("ul", *self._why(explanation, whole), cls="why"),
            self._meaning(explanation),
            self._evidence(explanation.evidence),
            self.basis(explanation),
            cls="judged",
            open=whole,
        )
        # What a summary holds is one thing to press: a link of its own stands beside it.
        return h("div", told, beside, cls="with-way") if beside else told

    def gist(self, explanation: Explanation) -> str:
        """What a rule of one condition found and by how much; of any other, nothing."""
        atom = _single(explanation)
        return self._comma(self._say.actual(atom), self._say.gap(atom)) if atom else ""

    def _deciding(self, explanation: Explanation) -> str:
        """In short what decided: the condition of a rule that has one, or the parts that did."""
        tree = explanation.tree
        if not explanation.in_force or (isinstance(tree, Said) and tree.wanted):
            # A rule that is one fact says as much by its name.
            return ""
        parts = _told(tree) if isinstance(tree, Branch) else [tree]
        return self.listed(self._short(part) for part in parts[:_MOST])

    def _short(self, part: Node) -> str:
        if isinstance(part, Branch):
            return self._say.joined(part)
        if not isinstance(part, Nested):
            return self._condition(part, self._say.demand(part))
        return self._say.name(part.explanation.rule) if part.wanted else self._say.denied(part)

    def basis(self, explanation: Explanation) -> Markup:
        """Thresholds with value, days and document, and the document of the rule itself."""
        rule = explanation.rule
        told = [self.threshold(line) for line in explanation.thresholds()]
        source = glossary.documents(rule.source, self._stage.lang)
        name = self._stage.t("book_source", source=source)
        told.append(markup.link(self._stage.href("definitions", rule=rule.key), name))
        return h("p", *(h("span", part, cls="part") for part in told), cls="sub sources")

    def threshold(self, threshold: Threshold) -> Markup:
        """A threshold: name, value, days that it holds, document, mark where weak or missing."""
        held, name = threshold.held, self._say.name(threshold.parameter)
        if held is None:
            return join(name, " ", threshold_sources.mark(self._stage, None))
        value = self._say.amount(held.value, threshold.unit)
        origin = self._comma(self._say.period(held), *self._say.documents(held))
        said = self._say.t("rule_bracketed", text=f"{name} {value}", more=origin)
        mark = threshold_sources.mark(self._stage, held)
        return join(said, " ", mark) if mark else join(said)

    def fact(self, fact: FactValue) -> str:
        """A value of the subject in words."""
        value = fact.value
        if value is None:
            return "—"
        if fact.codes:
            return glossary.label(fact.codes, value, self._stage.lang)
        if isinstance(value, bool):
            return self._stage.t("is_yes" if value else "is_no")
        if isinstance(value, date):
            return value.isoformat()
        return self._say.amount(value, fact.unit) if isinstance(value, int | float) else str(value)

    def _meaning(self, explanation: Explanation) -> Markup:
        """What a rule that is one recorded fact asks for: its name alone does not say."""
        if not isinstance(explanation.tree, Said):
            return Markup()
        rule = explanation.rule
        asked = rule.definition_zh if self._stage.lang == "zh" else rule.definition_en
        told = self._stage.t("fact_recorded", year=explanation.year)
        return h("p", asked, " ", told, cls="sub")

    def _evidence(self, facts: Sequence[FactValue]) -> Markup:
        if not facts:
            return Markup()
        pairs = self.listed(f"{self._stage.t(fact.key)} {self.fact(fact)}" for fact in facts)
        return h("p", self._stage.t("file_evidence", values=pairs), cls="sub")

    def _why(self, explanation: Explanation, whole: bool) -> list[Markup]:
        if explanation.in_force:
            return self._node(explanation.tree, whole)
        rule = explanation.rule
        key = "rule_not_yet" if explanation.year < rule.since else "rule_no_more"
        return [h("li", self._say.t(key, since=rule.since, until=rule.until))]

    def _node(self, node: Node, whole: bool) -> list[Markup]:
        """The lines of a part of the tree, its own parts indented below."""
        if isinstance(node, Branch):
            below = [line for part in node.parts for line in self._node(part, whole)]
            return [self._parts(self.verdict(node.met), self._say.joined(node), below)]
        if isinstance(node, Nested):
            return [self._nested(node, whole)]
        return [self._atom(node, self._say.demand(node))]

    def _nested(self, node: Nested, whole: bool) -> Markup:
        inner = node.explanation
        if node.wanted and isinstance(inner.tree, Said) and inner.in_force:
            # A rule that is one fact says as much by its name.
            return self._atom(inner.tree, self._say.rule_name(inner.rule))
        if node.wanted:
            shape, title = self.verdict(inner.met), self._say.rule_name(inner.rule)
        else:
            shape = self.verdict(node.met, self._say.denied_verdict(node.met))
            title = self._say.denied(node)
        if whole:
            return self._parts(shape, h("b", title), self._why(inner, whole))
        return h("li", shape, " ", self._comma(title, self.gist(inner)))

    def _parts(self, shape: Markup, title: Any, below: Sequence[Markup]) -> Markup:
        return h("li", shape, " ", title, h("ul", *below))

    def _atom(self, atom: Atom, demand: str) -> Markup:
        return h("li", self.verdict(atom.met), " ", self._condition(atom, demand))

    def _condition(self, atom: Atom, demand: str) -> str:
        """What is asked, what there is, by how much."""
        return self._comma(demand, self._say.actual(atom), self._say.gap(atom))

    def _comma(self, *parts: str) -> str:
        return self._say.t("rule_comma").join(filter(None, parts))


def _single(explanation: Explanation) -> Atom | None:
    """The one condition of a rule that has no more."""
    tree = explanation.tree
    if not explanation.in_force or isinstance(tree, Branch | Nested):
        return None
    return tree


def _told(branch: Branch) -> list[Node]:
    """The parts that made a branch what it is; none where all of them had to."""
    every = {"all": True, "any": False}.get(branch.how)
    return [] if branch.met is every else deciding(branch)
