"""The conditions that decide an answer: of all that was asked, what made it so."""

from __future__ import annotations

from rules.explain import Atom, Branch, Explanation, Nested, Node


def decisive(explanation: Explanation) -> list[Atom]:
    """The single conditions that alone make the answer what it is, in the order declared.

    Of parts that must all hold these are all of them if they do, else those that do not; of parts
    of which one is enough, those that hold, else all. Where exactly one must be missed, those
    missed, or all parts if none is.
    """
    return list(dict.fromkeys(_of(explanation.tree))) if explanation.in_force else []


def deciding(branch: Branch) -> list[Node]:
    """The parts that make a branch's answer, those that have it; where exactly one must be missed,
    those missed."""
    answer = False if branch.how == "lacks_one" and branch.met is not None else branch.met
    return [part for part in branch.parts if part.met is answer]


def _of(node: Node) -> list[Atom]:
    if isinstance(node, Nested):
        return decisive(node.explanation)
    if not isinstance(node, Branch):
        return [node]
    return [atom for part in deciding(node) or node.parts for atom in _of(part)]
