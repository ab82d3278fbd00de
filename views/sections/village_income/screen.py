"""The first screen of /village-income: the sentence, what is missing to each target, the villages
along the lines and the nearest ones; the sources over the years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from charts import theme
from charts.income_levels import Bin, Mark, levels
from metrics import village_income, village_income_lists
from metrics.village_income import BASE, Goal, Level
from metrics.village_income_lists import (
    AGREED,
    DIFFERENCES,
    IN_FORCE,
    PAID,
    PAYER,
    SHELL,
    SPREAD,
    UNKNOWN,
    Villages,
)
from rules.registry import rules
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import chart_blocks, income_chart, pieces, threshold_sources

_STEP, _STEPS = 10_000.0, 20  # yuan a bar, and how many before the open one
_LOW = replace(theme.HALF, height=290)


@dataclass(frozen=True, slots=True)
class Here:
    """What villages of the place earn in the year, the lines, and how far the targets are met."""

    incomes: Mapping[str, float | None]
    lines: tuple[Level, ...]
    goals: Mapping[str, Goal]

    def villages(self, stage: Stage, part: str) -> Villages:
        """The villages of a list of this place and year."""
        goal = self.goals.get(village_income_lists.goal_of(part) or "")
        reach = goal.nearest if goal else ()
        return Villages(stage.view.region, stage.view.year, self.lines, part, reach)


def look(stage: Stage) -> Here:
    """What the page tells of the place and year shown."""
    region, year, county = stage.view.region, stage.view.year, stage.county
    told = village_income.incomes(stage.reader, region, year)
    lines = village_income.levels(county.parameters, year)
    found = village_income.goals(told, lines, county.targets, region, year)
    return Here(told, lines, found)


def line_name(stage: Stage, level: Level) -> str:
    """A line of income in words: any income at all, or an amount."""
    if level.yuan is None:
        return stage.named(rules()[level.key])
    if not level.yuan:
        return stage.t("line_any")
    return stage.t(f"line_{level.key}", yuan=stage.measure("yuan").say(level.yuan))


def headline(stage: Stage, here: Here) -> None:
    """How many of the targets the place meets and what is missing to each; the lists beside."""
    year, name = stage.view.year, stage.place.name
    asked = [goal for goal in here.goals.values() if goal.met is not None]
    if not asked:
        title = stage.t("village_income_none", place=name, year=year)
    else:
        title = stage.t(
            "village_income_finding",
            place=name,
            year=year,
            met=village_income.count_met(here.goals),
            targets=len(asked),
        )
    sub = stage.t("rule_comma").join(_standing(stage, goal) for goal in asked)
    html = h("section", h("h1", title), h("p", sub, cls="sub"), _lists(stage, here))
    components.paper(html, key="headline")


def _standing(stage: Stage, goal: Goal) -> str:
    """A target and what is missing to it, as a clause."""
    percent = stage.measure("percent")
    return stage.t(
        "goal_met" if goal.met else "goal_missing",
        line=line_name(stage, goal.level),
        share=percent.text(goal.share),
        wanted=percent.level(goal.wanted or 0),
        missing=f"{goal.missing or 0:,}",
    )


def _lists(stage: Stage, here: Here) -> Markup:
    """Villages and contracts with something wrong; each number opens its list."""
    reader, region, year = stage.reader, stage.view.region, stage.view.year
    facets = [
        _facet(stage, part, here.villages(stage, part).count(reader))
        for part in (SHELL, SPREAD, PAYER, UNKNOWN)
    ]
    facets += [
        _facet(stage, part, village_income_lists.count_contracts(reader, part, region, year))
        for part in (PAID, IN_FORCE, AGREED)
    ]
    found = village_income_lists.count_differences(reader, DIFFERENCES, region, year)
    facets.append(_facet(stage, DIFFERENCES, found))
    return h("div", *facets, cls="facets")


def _facet(stage: Stage, part: str, count: int) -> Markup:
    return pieces.counted(stage.t(f"list_{part}"), count, _list(stage, part))


def _list(stage: Stage, part: str) -> str:
    return stage.href("village_income", part=part)


def distribution(stage: Stage, here: Here) -> None:
    """The villages along the axis of income with the lines, those under the first in the accent."""
    known = [yuan for yuan in here.incomes.values() if yuan is not None]
    if not known:
        none = pieces.empty(stage, stage.t("income_levels"), stage.t("no_rows_hint"))
        components.paper(none, key="levels")
        return
    nothing, steps = village_income.steps(here.incomes, _STEP, _STEPS)
    villages = stage.measure("villages")
    marks = [
        Mark(
            level.yuan,
            stage.t(
                "line_reached",
                line=line_name(stage, level),
                count=villages.text(village_income.reaching(here.incomes, level)),
            ),
            level.key == BASE,
        )
        for level in here.lines
        if level.yuan is not None
    ]
    under = here.goals[BASE]
    title = stage.t("income_levels")
    if under.level.yuan is not None:
        title = stage.t(
            "income_levels_finding",
            count=villages.text(under.under),
            yuan=stage.measure("yuan").say(under.level.yuan),
        )
    drawn = levels(
        nothing,
        [Bin(step.low, step.villages) for step in steps],
        marks,
        nothing=stage.t("income_nothing"),
        amount=stage.measure("yuan"),
        counted=villages,
        words=chart_blocks.words(
            title, stage.t("income_levels_sub", known=f"{len(known):,}"),
            stage.t("collective_income_yuan"), stage.t("unit_villages"), stage=stage,
        ),
        frame=chart_blocks.frame(_LOW),
    )  # fmt: skip
    chart_blocks.show(drawn, "levels", stage)


def by_year(stage: Stage) -> None:
    """The kinds of income over the years."""
    rows = village_income.by_year(stage.reader, stage.view.region)
    drawn = income_chart.by_year(stage, rows, chart_blocks.frame())
    if drawn is None:
        none = pieces.empty(stage, stage.t("income_years"), stage.t("income_no_account"))
        components.paper(none, key="years")
        return
    chart_blocks.show(drawn, "years", stage)


def aims(stage: Stage, here: Here) -> None:
    """How far each target is reached, and the villages that lack least to one."""
    goals(stage, here)
    nearest(stage, here)


def goals(stage: Stage, here: Here) -> None:
    """Each target: the share to reach, villages that do, how many are missing, what they lack."""
    lacking = [goal for goal in here.goals.values() if goal.missing]
    told = any(goal.met is not None for goal in here.goals.values())
    title = stage.t("goals_missing" if lacking else "goals_met", count=len(lacking))
    title = title if told else stage.t("goals_untold")
    keys = ("target", "goal_wanted", "goal_reached", "goal_share", "goal_missing_villages",
            "goal_yuan")  # fmt: skip
    rows = [_goal(stage, key, goal) for key, goal in here.goals.items()]
    table = pieces.table(
        [stage.t(key) for key in keys], rows, numeric=range(1, 6), cls="data tight"
    )
    html = h("section", pieces.heading(title, stage.t("goals_sub")), table)
    components.paper(html, key="goals")


def _goal(stage: Stage, key: str, goal: Goal) -> tuple[Any, ...]:
    if goal.level.yuan is None:  # nothing was set: nobody reached or missed it
        none = pieces.number(stage, None, "villages")
        return (pieces.Td(line_name(stage, goal.level), "firm"), none, none, none, none, none)
    opens = _list(stage, village_income_lists.met(key)) if goal.reached else ""
    reach = _list(stage, village_income_lists.reach(key)) if goal.missing else ""
    yuan = goal.yuan if goal.missing else 0 if goal.missing == 0 else None
    words = stage.t("any_amount") if goal.missing and goal.yuan is None else None
    return (
        pieces.Td(line_name(stage, goal.level), "firm"),
        pieces.number(stage, goal.wanted, "percent"),
        pieces.number(stage, goal.reached, "villages", opens),
        pieces.number(stage, goal.share, "percent"),
        pieces.number(stage, goal.missing, "villages", reach),
        words or pieces.number(stage, yuan, "yuan"),
    )


def nearest(stage: Stage, here: Here) -> None:
    """The villages that lack least to their next line, at most seven."""
    rows = here.villages(stage, village_income_lists.VILLAGES).nearest(stage.reader)
    if not rows:
        return
    by_yuan = {level.yuan: level for level in here.lines}
    head = [stage.t(key) for key in ("village_code", "collective_income_yuan", "next_line_yuan",
                                     "lacking_yuan", "largest_source")]  # fmt: skip
    body = [
        (
            pieces.link(_village(stage, row), stage.name(row["village_code"]), cls="firm"),
            pieces.number(stage, row["collective_income_yuan"], "yuan"),
            line_name(stage, by_yuan[row["next_line_yuan"]]),
            pieces.number(stage, row["lacking_yuan"], "yuan"),
            source_name(stage, row["largest_source"]),
        )
        for row in rows
    ]
    title = stage.t("nearest_finding", village=stage.name(rows[0]["village_code"]),
                    yuan=stage.measure("yuan").text(rows[0]["lacking_yuan"]))  # fmt: skip
    table = pieces.table(head, body, numeric=(1, 3), cls="data tight")
    html = pieces.folded(title, stage.t("nearest_sub"), table)
    components.paper(html, key="nearest")


def _village(stage: Stage, row: Mapping[str, Any]) -> str:
    return stage.href("village", region=row["village_code"], part="income")


def source_name(stage: Stage, source: str | None) -> str:
    """A kind of income in words."""
    return "—" if source is None else stage.t(f"source_{source}")


def thresholds(stage: Stage) -> None:
    """The thresholds and their documents."""
    known = threshold_sources.of_systems(stage, "collective_income", "entrusted_operation")
    components.paper(known, key="sources")
