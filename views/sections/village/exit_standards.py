"""The village page's exit: its own standards, its households' standards, its classes."""

from __future__ import annotations

from typing import Any

from glossary import documents
from metrics import classes
from metrics.files import village_facts
from rules.explain import Compared, Explanation, FactValue, Threshold, explain
from rules.registry import Rule, systems
from rules.tally import LEVELS, Tally, tally
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import pieces, threshold_sources
from views.parts.rule_explanation import Explained
from views.scenes import block
from views.scenes.block import Block

# A standard that counts people in households opens those households.
_COUNTED = {"village_rate": "poor_people"}
# What a household's answers are called in the heads of a table, in the order of a tally.
_ANSWERS = ("met", "missed", "unknown")
_WORDS = ("rule_met", "rule_not_met", "rule_unknown")


def village_standards(stage: Stage) -> Block | None:
    """Each standard for the village's exit: answer, value, threshold, since when, document;
    none for a place that is no village."""
    if stage.place.level != "village":
        return None
    system = systems()["village_exit"]
    year = stage.view.year
    row = village_facts(stage.reader, stage.view.region, year)
    title = f"{stage.named(system)} {year}"
    if row is None or not next(iter(system.rules.values())).exists(year):
        none = h("p", stage.t("village_not_judged", year=year), cls="sub")
        return block.html("village_standards", h("section", pieces.heading(title), none))
    if not row["asked"]:
        none = h("p", stage.t("village_not_poor"), cls="sub")
        return block.html("village_standards", h("section", pieces.heading(title), none))
    single = [rule for rule in system.rules.values() if rule.compose is None]
    found = [explain(rule, row, stage.county.parameters) for rule in single]
    missed = [stage.named(one.rule) for one in found if one.met is False]
    said = Explained(stage)
    told = stage.t("village_missed" if missed else "village_none_missed", names=said.listed(missed))
    head = [stage.t(k) for k in ("standard", "answer", "value", "threshold", "open_households")]
    html = h(
        "section",
        pieces.heading(title, told),
        pieces.table(head, [_standard(stage, said, one) for one in found]),
        threshold_sources.note(stage, single, year),
    )
    return block.html("village_standards", html)


def _standard(stage: Stage, said: Explained, one: Explanation) -> tuple[Any, ...]:
    tree = one.tree
    value, threshold = "—", h("span", documents(one.rule.source, stage.lang), cls="muted")
    if isinstance(tree, Compared):
        value = said.fact(tree.left) if isinstance(tree.left, FactValue) else "—"
        if isinstance(tree.right, Threshold):
            threshold = said.threshold(tree.right)
    elif atom := next(one.atoms(), None):
        value = said.fact(atom.fact) if not isinstance(atom, Compared) else "—"
    return (
        h("b", stage.named(one.rule)),
        said.verdict(one.met),
        value,
        threshold,
        _counted(stage, one.rule),
    )


def _counted(stage: Stage, rule: Rule) -> Markup | str:
    indicator = _COUNTED.get(rule.key)
    if indicator is None:
        return "—"
    value = stage.cell(indicator).value
    return pieces.link(
        stage.behind(indicator) if value else "", stage.measure("people").text(value)
    )


def household_standards(stage: Stage) -> Block:
    """How many registered households of the place meet each standard, miss it, or are unknown."""
    system = systems()["household_exit"]
    single = [rule for rule in system.rules.values() if rule.compose is None]
    year, region, level = stage.view.year, stage.view.region, stage.place.level
    found = tally(stage.reader, [r.key for r in single], year, level, region=region)
    code = region[: LEVELS[level]]
    rows = [_tallied(stage, rule, found.get(rule.key, {}).get(code)) for rule in single]
    head = [stage.t("standard"), *(stage.t(word) for word in _WORDS)]
    html = h(
        "section",
        pieces.heading(f"{stage.named(system)} {year}", stage.t("village_households_sub")),
        pieces.table(head, rows, numeric=(1, 2, 3)),
        threshold_sources.note(stage, single, year),
    )
    return block.html("household_standards", html)


def _tallied(stage: Stage, rule: Rule, counted: Tally | None) -> tuple[Any, ...]:
    cells = [
        pieces.number(
            stage,
            getattr(counted or Tally(), answer),
            "households",
            stage.selected("rule", rule.key, answer),
        )
        for answer in _ANSWERS
    ]
    return (stage.named(rule), *cells)


def classes_here(stage: Stage) -> Block:
    """Registered households of the place by class and sub-class, each number opening them."""
    region, year = stage.view.region, stage.view.year
    counted = classes.counts(stage.reader, region, year, len(region)).get(region, {})
    parts = []
    for index, column in enumerate(classes.COLUMNS):
        sums = classes.of_class(counted, index)
        order = (*classes.system().classes[column], classes.UNKNOWN)
        facets = [_class(stage, column, key, sums[key]) for key in order if key in sums]
        parts.append(h("div", *facets, cls="facets"))
    title = f"{stage.named(classes.system())} {year}"
    none = h("p", stage.t("no_rows"), cls="sub")
    html = h("section", pieces.heading(title), *(parts if counted else [none]))
    return block.html("classes", html)


def _class(stage: Stage, column: str, key: str, households: int) -> Markup:
    unknown = key == classes.UNKNOWN
    name = stage.t("select_class_unknown") if unknown else stage.named(classes.system().rules[key])
    count = stage.measure("households").text(households)
    return pieces.facet(name, count, stage.selected("class", column, key))
