"""The conditions that decide an answer: of all that was asked, what made it so."""

from __future__ import annotations

from rules.explain import Branch, Compared, Explanation, Nested, Node, RecordedFact, Said

Atom = Compared | Said | RecordedFact


def decisive(explanation: Explanation) -> list[Atom]:
    """The single conditions that alone make the answer what it is, in the order declared.

    Of parts that must all hold these are all of them if they do, else those that do not; of parts
    of which one is enough, those that hold, else all. Where all but one must hold, all parts.
    """
    return list(dict.fromkeys(_of(explanation.tree))) if explanation.in_force else []


def _of(node: Node) -> list[Atom]:
    if isinstance(node, Nested):
        return decisive(node.explanation)
    if not isinstance(node, Branch):
        return [node]
    same = [part for part in node.parts if part.met is node.met]
    asked = node.parts if node.how == "lacks_one" else same
    return [atom for part in asked for atom in _of(part)]
