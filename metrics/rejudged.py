"""A past year's facts judged by today's thresholds: the same relation, with other answers.

Today's thresholds are those that the relation's newest year is judged by, so that numbers and the
lists behind them come from one query.
"""

from __future__ import annotations

from collections.abc import Sequence

from rules.registry import Rule, RuleError, answered, needed, rules
from rules.whatif import adjustable


def source(keys: Sequence[str], *, today: bool) -> str:
    """A relation for FROM with the answers of the rules in ``$year``, by its name the rules' own.

    ``today``: thresholds of the newest year instead of that year's. Raises RuleError for rules of
    several relations.
    """
    chosen = [rules()[key] for key in keys]
    relations = {rule.relation for rule in chosen}
    if len(relations) != 1:
        raise RuleError(f"rules of one relation are judged together, not {sorted(relations)}")
    relation = f"{{{relations.pop()}}}"
    if not today:
        return f"(SELECT * FROM {relation} WHERE year = $year)"
    layers = needed(chosen)
    told = [rule for rule in chosen if rule.compose == "lacks_one_of"]
    judged = answered(_facts(relation, chosen, layers), layers)
    parts = "".join(f", {rule.which_sql}" for rule in told)
    return f"(SELECT known.*{parts} FROM ({judged}) AS known)"


def _facts(relation: str, chosen: Sequence[Rule], layers: Sequence[Sequence[Rule]]) -> str:
    """The year's facts without the answers, each threshold replaced by the newest year's."""
    answers = [rule.column for layer in layers for rule in layer]
    answers += [f"{rule.key}_part" for rule in chosen if rule.compose == "lacks_one_of"]
    thresholds = dict.fromkeys(key for rule in chosen for key in adjustable(rule))
    newest = f"SELECT MAX(year) FROM {relation}"
    replaced = ", ".join(
        f"(SELECT MAX(t.{key}) FROM {relation} AS t WHERE t.year = ({newest})) AS {key}"
        for key in thresholds
    )
    replacing = f" REPLACE ({replaced})" if replaced else ""
    return f"SELECT * EXCLUDE ({', '.join(answers)}){replacing} FROM {relation} WHERE year = $year"
