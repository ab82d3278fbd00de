"""The lists of the page of homes: households that miss something, and homes."""

from __future__ import annotations

from metrics import homes
from metrics.homes import (
    AREA,
    HOUSEHOLD_LISTS,
    ITEMS,
    LACKS_ONE,
    LEFT,
    LISTS,
    PACKAGE,
    STANDARDS,
    STEPS,
    UNENTITLED,
    UNHOUSED,
    VALUES,
)
from rules.registry import rules
from views.context.stage import Stage
from views.parts import paged_list
from views.parts.column_words import say

_LAST = "last_"
_DATES = ("applied_on", "village_notice_on", "township_notice_on", "reviewed_on",
          "review_departments", "decided_on", "moved_in_on")  # fmt: skip
_ELIGIBLE = ("surveyed_people", "old_dwelling", "three_without", "applied_on", "decided_on",
             "moved_in_on")  # fmt: skip
_MOVES = ("moved_in_on", "left_home_on", "home_left_reason")


def listed(stage: Stage) -> None:
    """The rows of the list chosen, those that lack most first, and their workbook."""
    part, region, year = stage.view.part or UNHOUSED, stage.view.region, stage.newest
    names = {key: name(stage, key) for key in LISTS}
    paged_list.choose(stage, "homes_bar", "homes_list", names, part)
    count = homes.count(stage.reader, part, region, year)
    unit = "homes_listed_households" if part in HOUSEHOLD_LISTS else "homes_listed_homes"
    wanted = paged_list.Wanted(
        stage.t(unit, list=names[part], count=f"{count:,}"),
        f"{stage.place.name} · {stage.county.data_date}",
        count,
        lambda reader, *page: homes.listed(reader, part, region, year, *page),
        whole=True,
    )
    columns = _households(stage, part) if part in HOUSEHOLD_LISTS else _homes(stage)
    paged_list.show(stage, wanted, columns)


def name(stage: Stage, part: str) -> str:
    """What a list is called: the rule that finds its rows, or what they miss."""
    if part == LEFT:
        return stage.t("list_left_home")
    if part.startswith(_LAST):
        return stage.t("package_last_of", item=stage.named(rules()[part.removeprefix(_LAST)]))
    named = stage.named(rules()[part])
    met = HOUSEHOLD_LISTS.get(part, "").endswith("TRUE")
    return named if met else stage.t("select_missed", rule=named)


def _told(stage: Stage, key: str) -> paged_list.Column:
    return paged_list.Column(key, lambda row: say(stage, key, row[key]), cls="firm")


def _missed(stage: Stage, keys: tuple[str, ...]) -> paged_list.Column:
    def said(row: paged_list.Row) -> str:
        told = (stage.named(rules()[key]) for key in homes.lacking(row, keys))
        return stage.t("rule_comma").join(told)

    return paged_list.Column("visits_missed", said, cls="said", width=40)


def _about(stage: Stage, part: str) -> list[paged_list.Column]:
    """What a list is about: the package, who may live in a home, leaving it, the floor area, or the
    way in."""
    people = paged_list.Column("home_people", lambda row: row["home_people"], numeric=True)
    if part.startswith(_LAST) or part in (*ITEMS, PACKAGE, LACKS_ONE):
        values = [_told(stage, value) for value in VALUES.values()]
        return [*values, _missed(stage, ITEMS)]
    if part in (UNHOUSED, UNENTITLED):
        return [_told(stage, key) for key in _ELIGIBLE]
    if part == LEFT:
        return [people, *(_told(stage, key) for key in _MOVES)]
    if part == AREA:
        return [people, _told(stage, "home_m2"), _told(stage, "moved_in_on")]
    return [*(_told(stage, key) for key in _DATES), _missed(stage, STEPS)]


def _households(stage: Stage, part: str) -> list[paged_list.Column]:
    column = paged_list.Column

    def household(row: paged_list.Row) -> str:
        return stage.href("household", id=row["household_id"])

    return [
        column("household_id", lambda row: row["household_id"], household, cls="firm", width=20),
        column("head_name", lambda row: row["head_name"], cls="firm"),
        paged_list.village(stage),
        column("home", lambda row: row["home_name"] or row["home_id"], cls="firm", width=18),
        *_about(stage, part),
    ]


def _homes(stage: Stage) -> list[paged_list.Column]:
    column = paged_list.Column

    def lived(row: paged_list.Row) -> str:
        if not row["households"] or not homes.allows((row["home_id"],)):
            return ""
        return stage.selected("home", row["home_id"], year=stage.newest)

    def lacks(row: paged_list.Row) -> str:
        return stage.t("rule_comma").join(
            stage.t(f"lack_{key}") for key in STANDARDS if row[f"in_{key}"] is False
        )

    def number(key: str, head: str = "") -> paged_list.Column:
        return column(head or key, lambda row: row[key], numeric=True)

    return [
        column("home", lambda row: row["name"], cls="firm", width=18),
        paged_list.village(stage),
        number("planned_households"),
        column("home_households_here", lambda row: row["households"], lived, numeric=True),
        number("people", "people_here"),
        column("director_name", lambda row: row["director_name"], cls="firm"),
        _told(stage, "director_month_yuan"),
        column("homes_lack", lacks, cls="said", width=40),
    ]
