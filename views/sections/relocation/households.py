"""The lists of the relocation page: who misses what, and what blocks each household."""

from __future__ import annotations

from metrics import relocation
from rules.registry import rules
from views.context.stage import Stage
from views.parts import paged_list
from views.parts.column_words import say


def listed(stage: Stage) -> None:
    """The households of the list chosen, those with most to mend first, and their workbook."""
    part = stage.view.part or relocation.BLOCKED
    region, year = stage.view.region, stage.newest
    names = {key: name(stage, key) for key in relocation.LISTS}
    paged_list.choose(stage, "relocation_bar", "relocation_list", names, part)
    count = relocation.count(stage.reader, part, region, year)
    wanted = paged_list.Wanted(
        stage.t("relocation_listed", list=names[part], count=f"{count:,}"),
        f"{stage.place.name} · {stage.county.data_date}",
        count,
        lambda reader, *page: relocation.blocked(reader, part, region, year, *page),
        whole=True,
    )
    paged_list.show(stage, wanted, _columns(stage))


def name(stage: Stage, part: str) -> str:
    """What a list is called: the rule that finds its households, or what they miss."""
    if part == relocation.BLOCKED:
        return stage.t("part_blocked")
    key, answer = relocation.LISTS[part]
    named = stage.named(rules()[key])
    return named if answer == "met" else stage.t("select_missed", rule=named)


def _columns(stage: Stage) -> list[paged_list.Column]:
    column = paged_list.Column

    def household(row: paged_list.Row) -> str:
        return stage.href("household", id=row["household_id"])

    def blocks(row: paged_list.Row) -> str:
        return stage.t("rule_comma").join(
            stage.named(rules()[key]) for key in relocation.blocks(row)
        )

    def told(key: str) -> paged_list.Column:
        return column(key, lambda row: say(stage, key, row[key]), cls="firm")

    return [
        column("household_id", lambda row: row["household_id"], household, cls="firm", width=20),
        column("head_name", lambda row: row["head_name"], cls="firm"),
        paged_list.village(stage),
        column("site_name", lambda row: row["site_name"] or row["site_id"], cls="firm", width=18),
        column("people", lambda row: row["people"], numeric=True),
        told("moved_in_on"),
        column("months_in_new_home", lambda row: row["months_in_new_home"], numeric=True),
        told("kept_reason"),
        column("relocation_blocks", blocks, cls="said", width=60),
    ]
