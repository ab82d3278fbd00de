"""An explanation as plain text in Chinese or English, one line a condition."""

from __future__ import annotations

from collections.abc import Iterator

from rules.explain import Atom, Branch, Explanation, Nested, Node, Said
from rules.phrases import Lang, Phrases, Words


def text(explanation: Explanation, lang: Lang, words: Words) -> str:
    """The whole explanation, the rule and its answer first, parts indented below."""
    return "\n".join(_Writer(Phrases(lang, words)).rule(explanation, ""))


class _Writer:
    def __init__(self, say: Phrases):
        self._say = say

    def rule(self, explanation: Explanation, indent: str) -> Iterator[str]:
        rule = explanation.rule
        verdict = self._say.verdict(explanation.met)
        yield indent + self._line(self._say.rule_name(rule), verdict)
        yield from self._why(explanation, indent + "  ")

    def _why(self, explanation: Explanation, indent: str) -> Iterator[str]:
        if explanation.in_force:
            yield from self._node(explanation.tree, indent)
            return
        rule = explanation.rule
        key = "rule_not_yet" if explanation.year < rule.since else "rule_no_more"
        yield indent + self._say.t(key, since=rule.since, until=rule.until)

    def _line(self, left: str, right: str) -> str:
        return self._say.t("rule_line", left=left, right=right)

    def _node(self, node: Node, indent: str) -> Iterator[str]:
        if isinstance(node, Branch):
            joined = self._say.joined(node)
            yield indent + self._line(joined, self._say.verdict(node.met))
            for part in node.parts:
                yield from self._node(part, indent + "  ")
        elif not isinstance(node, Nested):
            yield indent + self._atom(node, self._say.demand(node, basis=True))
        elif not node.wanted:
            verdict = self._say.denied_verdict(node.met)
            yield indent + self._line(self._say.denied(node), verdict)
            yield from self._why(node.explanation, indent + "  ")
        elif isinstance(node.explanation.tree, Said) and node.explanation.in_force:
            # A rule that is one fact says as much by its name.
            name = self._say.rule_name(node.explanation.rule)
            yield indent + self._atom(node.explanation.tree, name)
        else:
            yield from self.rule(node.explanation, indent)

    def _atom(self, atom: Atom, demand: str) -> str:
        comma = self._say.t("rule_comma")
        left = comma.join(filter(None, (demand, self._say.actual(atom))))
        right = comma.join(filter(None, (self._say.verdict(atom.met), self._say.gap(atom))))
        return self._line(left, right)
