"""The lists of the page of visits: households, cadres and villages that miss a rule."""

from __future__ import annotations

from glossary import label
from metrics import visits
from metrics.visits import (
    CADRE_LISTS,
    CHECKS,
    HOUSEHOLD_LISTS,
    KEPT,
    LISTS,
    MONTH_MISSED,
    OF_CADRES,
    OF_ROLES,
    OF_VILLAGES,
    STANDARDS,
)
from rules.registry import rules
from views.context.stage import Stage
from views.parts import paged_list
from views.parts.column_words import say


def listed(stage: Stage) -> None:
    """The rows of the list chosen and their workbook."""
    part, region, year = stage.view.part or KEPT, stage.view.region, stage.newest
    names = {key: name(stage, key) for key in LISTS}
    paged_list.choose(stage, "visits_bar", "visits_list", names, part)
    count = visits.count(stage.reader, part, region, year)
    unit = "visits_listed_villages"
    if part in HOUSEHOLD_LISTS:
        unit = "visits_listed_households"
    elif part in CADRE_LISTS:
        unit = "visits_listed_cadres"
    wanted = paged_list.Wanted(
        stage.t(unit, list=names[part], count=f"{count:,}"),
        f"{stage.place.name} · {stage.county.data_date}",
        count,
        lambda reader, *page: visits.listed(reader, part, region, year, *page),
        whole=True,
    )
    columns = _villages(stage)
    if part in HOUSEHOLD_LISTS:
        columns = _households(stage)
    elif part in CADRE_LISTS:
        columns = _cadres(stage)
    paged_list.show(stage, wanted, columns)


def name(stage: Stage, part: str) -> str:
    """What a list is called: the check or the rule that finds its rows, or what they miss."""
    if part in CHECKS:
        return stage.named(stage.county.checks[part])
    if part == visits.HELPING:
        return stage.t("helping_cadres")
    if part in OF_ROLES:
        rule, role = OF_ROLES[part]
        said = label("cadre_role", role, stage.lang)
        return stage.t("role_short", role=said, rule=name(stage, rule))
    named = stage.named(rules()[part])
    return named if part == MONTH_MISSED else stage.t("select_missed", rule=named)


def _missed(stage: Stage, keys: tuple[str, ...]) -> paged_list.Column:
    def said(row: paged_list.Row) -> str:
        told = (stage.named(rules()[key]) for key in visits.missed(row, keys))
        return stage.t("rule_comma").join(told)

    return paged_list.Column("visits_missed", said, cls="said", width=40)


def _told(stage: Stage, key: str) -> paged_list.Column:
    return paged_list.Column(key, lambda row: say(stage, key, row[key]), cls="firm")


def _number(key: str) -> paged_list.Column:
    return paged_list.Column(key, lambda row: row[key], numeric=True)


def _households(stage: Stage) -> list[paged_list.Column]:
    column = paged_list.Column

    def household(row: paged_list.Row) -> str:
        return stage.href("household", id=row["household_id"])

    def undone(row: paged_list.Row) -> str:
        return stage.t("rule_comma").join(stage.t(task) for task in visits.undone(row))

    return [
        column("household_id", lambda row: row["household_id"], household, cls="firm", width=20),
        column("head_name", lambda row: row["head_name"], cls="firm"),
        paged_list.village(stage),
        column("helper_names", lambda row: row["helper_names"], cls="firm"),
        _told(stage, "unsettled"),
        _told(stage, "last_visited_on"),
        _number("days_since_visit"),
        _number("visits_in_quarter"),
        column("tasks_undone", undone, cls="said", width=36),
        _missed(stage, STANDARDS),
    ]


def opens(stage: Stage, row: paged_list.Row) -> str:
    """Address of the households that a cadre helps; empty for none, and for an odd number."""
    if not row["helped_households"] or not visits.allows((row["cadre_id"],)):
        return ""
    return stage.selected("cadre", row["cadre_id"], year=stage.newest)


def _cadres(stage: Stage) -> list[paged_list.Column]:
    column = paged_list.Column

    def helped(row: paged_list.Row) -> str:
        return opens(stage, row)

    return [
        column("cadre_id", lambda row: row["cadre_id"], cls="firm", width=16),
        column("cadre_name", lambda row: row["cadre_name"], cls="firm"),
        column("cadre_unit", lambda row: row["cadre_unit"], cls="firm", width=18),
        column("cadre_role", lambda row: label("cadre_role", row["cadre_role"], stage.lang)),
        paged_list.village(stage),
        column("helped_households", lambda row: row["helped_households"], helped, numeric=True),
        _number("visits_in_quarter"),
        _number("nights_a_week"),
        _number("days_a_week"),
        _missed(stage, OF_CADRES),
    ]


def _villages(stage: Stage) -> list[paged_list.Column]:
    return [
        paged_list.village(stage),
        _number("team_members"),
        _told(stage, "last_patrolled_on"),
        _told(stage, "last_inspected_on"),
        _missed(stage, OF_VILLAGES),
    ]
