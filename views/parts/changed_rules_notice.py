"""A shared link that was made under other rules or thresholds: what changed since, in words."""

from __future__ import annotations

from collections.abc import Iterable

from metrics import rulebook
from metrics.rulebook import Changes, Record
from rules.registry import registry
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import pieces

_MOST = 8  # names in a row; the others are counted


def tell(stage: Stage) -> None:
    """Say over the page what changed since its link was made, and which of its numbers with it."""
    if stage.view.rules == stage.bounds.rulebook or "rules" not in stage.spec.keys:
        return
    then = rulebook.read(stage.county.home.path, stage.view.rules)
    if then is None:
        lines: list[Markup | str] = [h("p", stage.t("rules_unrecorded"))]
    else:
        now = stage.county.rulebook.record
        found = rulebook.changes(then, now, registry(), stage.county.indicators)
        lines = [*_changed(stage, then, now, found), h("p", _here(stage, found))]
    here = pieces.link(stage.href(stage.spec.key, rules=stage.bounds.rulebook), stage.t("rules_go"))
    told = h("section", h("b", stage.t("rules_changed")), *lines, here, role="status")
    components.paper(told, key="rules_changed")


def _changed(stage: Stage, then: Record, now: Record, found: Changes) -> list[Markup]:
    """What changed: thresholds with both values of the year shown, then names."""
    lines = [h("p", _threshold(stage, then, now, key)) for key in found.thresholds]
    rules, checks = registry().rules, stage.county.checks
    named = [stage.named(rules[key]) if key in rules else key for key in found.declared]
    if named:
        lines.append(h("p", stage.t("rules_declared", names=_list(stage, named))))
    before, after = then["checks"], now["checks"]
    other = [key for key in after if before.get(key) != after[key]]
    if other:
        names = (stage.named(checks[key]) for key in other)
        lines.append(h("p", stage.t("rules_checks", names=_list(stage, names))))
    if found.facts:
        lines.append(h("p", stage.t("rules_facts")))
    return lines


def _threshold(stage: Stage, then: Record, now: Record, key: str) -> str:
    """A threshold then and now; that other years' values changed where the year's did not."""
    parameter = stage.county.parameters.get(key)
    name = stage.named(parameter) if parameter else key
    year = stage.view.year
    values = [rulebook.value_in(record, key, year) for record in (then, now)]
    if values[0] == values[1]:
        return stage.t("rules_other_years", name=name, year=year)
    unit = stage.measure(parameter.unit) if parameter else None
    words = [
        stage.t("unknown") if value is None else unit.level(value) if unit else f"{value:g}"
        for value in values
    ]
    return stage.t("rules_threshold", name=name, year=year, then=words[0], now=words[1])


def _here(stage: Stage, found: Changes) -> str:
    """Which of the page's numbers rest on what changed."""
    if found.facts:
        return stage.t("rules_touch_all")
    spec, rules = stage.spec, registry().rules
    names = [stage.named(rules[key]) for key in found.rules if rules[key].system in spec.systems]
    shown = stage.county.indicators if spec.indicators else {stage.view.indicator}
    listed = spec.indicators or "indicator" in spec.keys
    names += [
        stage.named(stage.county.indicators[key])
        for key in found.indicators
        if listed and key in shown
    ]
    if spec.key == "quality":
        names += [stage.named(stage.county.checks[key]) for key in found.checks]
    if not names:
        return stage.t("rules_touch_none")
    return stage.t("rules_touch", names=_list(stage, dict.fromkeys(names)))


def _list(stage: Stage, names: Iterable[str]) -> str:
    """Names in a row, the first ones where they are many."""
    every = list(names)
    gap = "、" if stage.lang == "zh" else ", "
    told = gap.join(every[:_MOST])
    return stage.t("and_more", names=told, count=len(every)) if len(every) > _MOST else told
