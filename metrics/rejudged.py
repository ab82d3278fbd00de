"""A past year's facts judged by other thresholds: the same relation, with other answers.

Those are today's, by which the relation's newest year is judged, or such as somebody tries out.
Numbers and the lists behind them come from one query.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rules.registry import Rule, RuleError, answered, needed, rules
from rules.whatif import adjustable


def source(
    keys: Sequence[str], *, today: bool = False, tried: Mapping[str, float] | None = None
) -> str:
    """A relation for FROM with the answers of the rules in ``$year``, by its name the rules' own.

    ``today``: thresholds of the newest year instead of that year's; ``tried``: these instead.
    Raises RuleError for rules of several relations, or a threshold that none of them is judged by.
    """
    chosen = [rules()[key] for key in keys]
    relations = {rule.relation for rule in chosen}
    if len(relations) != 1:
        raise RuleError(f"rules of one relation are judged together, not {sorted(relations)}")
    relation = f"{{{relations.pop()}}}"
    if not today and not tried:
        return f"(SELECT * FROM {relation} WHERE year = $year)"
    layers = needed(chosen)
    told = [rule for rule in chosen if rule.compose == "lacks_one_of"]
    replaced = _newest(relation, chosen) if today else {}
    replaced |= _tried(chosen, tried or {})
    judged = answered(_facts(relation, chosen, layers, replaced), layers)
    parts = "".join(f", {rule.which_sql}" for rule in told)
    return f"(SELECT known.*{parts} FROM ({judged}) AS known)"


def _facts(
    relation: str,
    chosen: Sequence[Rule],
    layers: Sequence[Sequence[Rule]],
    replaced: Mapping[str, str],
) -> str:
    """The year's facts without the answers, thresholds replaced by SQL values."""
    answers = [rule.column for layer in layers for rule in layer]
    answers += [f"{rule.key}_part" for rule in chosen if rule.compose == "lacks_one_of"]
    values = ", ".join(f"{value} AS {key}" for key, value in replaced.items())
    replacing = f" REPLACE ({values})" if values else ""
    return f"SELECT * EXCLUDE ({', '.join(answers)}){replacing} FROM {relation} WHERE year = $year"


def _newest(relation: str, chosen: Sequence[Rule]) -> dict[str, str]:
    """Each threshold as the newest year has it."""
    newest = f"SELECT MAX(year) FROM {relation}"
    return {
        key: f"(SELECT MAX(t.{key}) FROM {relation} AS t WHERE t.year = ({newest}))"
        for rule in chosen
        for key in adjustable(rule)
    }


def _tried(chosen: Sequence[Rule], tried: Mapping[str, float]) -> dict[str, str]:
    """Each threshold that is tried out, as a number."""
    if odd := set(tried) - {key for rule in chosen for key in adjustable(rule)}:
        raise RuleError(f"no thresholds of these rules: {', '.join(sorted(odd))}")
    return {key: f"CAST({float(size)!r} AS DOUBLE)" for key, size in tried.items()}
