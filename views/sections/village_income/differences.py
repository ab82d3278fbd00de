"""What two tables say differently of the same income, and lines that look wrong."""

from __future__ import annotations

from metrics import village_income_lists
from metrics.village_income_lists import DIFFERENCE_LISTS, DIFFERENCES
from views.browser import components
from views.browser.markup import h
from views.context.stage import Stage
from views.parts import paged_list, pieces


def summary(stage: Stage) -> None:
    """Each comparison and how many it finds; the number opens its list."""
    region, year = stage.view.region, stage.view.year
    counted = village_income_lists.differences_by_check(stage.reader, region, year)
    facets = [
        pieces.counted(
            stage.named(stage.county.checks[key]),
            count,
            stage.href("village_income", part=key),
            stage.view.part == key,
        )
        for key, count in counted.items()
    ]
    every = village_income_lists.count_differences(stage.reader, DIFFERENCES, region, year)
    title = stage.t("differences_finding", year=year, count=f"{every:,}")
    html = h(
        "section",
        pieces.heading(title, stage.t("differences_sub")),
        h("div", *facets, cls="facets"),
    )
    components.paper(html, key="kinds")


def listed(stage: Stage) -> None:
    """The differences of the list chosen, the largest first."""
    part = stage.view.part if stage.view.part in DIFFERENCE_LISTS else DIFFERENCES
    names = {key: _name(stage, key) for key in DIFFERENCE_LISTS}
    paged_list.choose(stage, "difference_bar", "income_list", names, part)
    region, year = stage.view.region, stage.view.year
    count = village_income_lists.count_differences(stage.reader, part, region, year)
    wanted = paged_list.Wanted(
        stage.t("differences_listed", list=names[part], count=f"{count:,}"),
        f"{stage.place.name} · {year} · {stage.t('unit_yuan')}",
        count,
        lambda reader, *page: village_income_lists.differences(reader, part, region, year, *page),
    )
    paged_list.show(stage, wanted, _columns(stage))


def _name(stage: Stage, part: str) -> str:
    if part == DIFFERENCES:
        return stage.t("list_differences")
    return stage.named(stage.county.checks[part])


def _columns(stage: Stage) -> list[paged_list.Column]:
    column = paged_list.Column

    def compared(row: paged_list.Row) -> str:
        here, there = village_income_lists.compared(row["check_key"])
        return stage.t("compared_facts", here=stage.t(here), there=stage.t(there))

    def contract(row: paged_list.Row) -> str:
        return "" if row["subject_id"] == row["village_code"] else row["subject_id"]

    return [
        paged_list.village(stage),
        column("entrust_id", contract, cls="firm", width=16),
        column("differs_what", lambda row: _name(stage, row["check_key"]), cls="firm", width=26),
        column("compared_what", compared, cls="said", width=30),
        column("here_yuan", lambda row: row["here_yuan"], numeric=True),
        column("there_yuan", lambda row: row["there_yuan"], numeric=True),
        column("gap_yuan", lambda row: row["gap_yuan"], numeric=True),
    ]
