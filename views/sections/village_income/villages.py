"""The list of villages by their income, its sources and the lines, and its workbook."""

from __future__ import annotations

from operator import itemgetter

import pyarrow as pa

from metrics import village_income_lists
from metrics.village_income import SOURCES
from metrics.village_income_lists import SORTS, UNKNOWN, VILLAGE_LISTS, VILLAGES
from store.reader import Reader
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import paged_list, pieces
from views.sections.village_income.screen import Here, line_name, source_name

_SHARES = ("own_share_percent", "largest_source_percent", "largest_payer_percent")
_FALLING = ("collective_income_yuan", "own_share_percent", "largest_source_percent",
            "largest_payer_percent")  # fmt: skip


def listed(stage: Stage, here: Here) -> None:
    """The villages of the list chosen in the order chosen; each opens its page."""
    part = stage.view.part if stage.view.part in VILLAGE_LISTS else VILLAGES
    names = {key: name(stage, here, key) for key in VILLAGE_LISTS}
    paged_list.choose(stage, "income_bar", "income_list", names, part)
    orders = [_order(stage, sort) for sort in (*SORTS, *(f"-{one}" for one in _FALLING))]
    components.paper(h("div", stage.t("income_by"), *orders, cls="facets"), key="orders")
    chosen, sort = here.villages(stage, part), stage.view.sort
    count = chosen.count(stage.reader)

    def rows(reader: Reader, offset: int, limit: int | None) -> pa.Table:
        return chosen.rows(reader, offset, limit, sort)

    wanted = paged_list.Wanted(
        stage.t("income_listed", list=names[part], count=f"{count:,}"),
        f"{stage.place.name} · {stage.view.year} · {stage.t('unit_yuan')}",
        count,
        rows,
    )
    paged_list.show(stage, wanted, _columns(stage, here))


def _order(stage: Stage, sort: str) -> Markup:
    plain = sort.removeprefix("-")
    words = stage.t("income_falling" if plain != sort else "income_rising", name=stage.t(plain))
    href = stage.href("village_income", sort=sort, page=1, part=stage.view.part or VILLAGES)
    return pieces.facet_way(words, href, stage.view.sort == sort)


def name(stage: Stage, here: Here, part: str) -> str:
    """What a list of villages is called."""
    if part in (VILLAGES, UNKNOWN) or part.startswith("largest_"):
        source = part.removeprefix("largest_")
        if source in SOURCES:
            return stage.t("list_largest", source=source_name(stage, source))
        return stage.t(f"list_{part}")
    key = village_income_lists.rule_of(part)
    assert key is not None
    goal = here.goals.get(key)
    if goal is None:
        return stage.t(f"list_{part}")
    told = "met" if part.startswith("met_") else "reach" if part.startswith("reach_") else "under"
    return stage.t(f"list_line_{told}", line=line_name(stage, goal.level))


def _columns(stage: Stage, here: Here) -> list[paged_list.Column]:
    column = paged_list.Column
    lines = {level.yuan: line_name(stage, level) for level in here.lines}

    def number(key: str) -> paged_list.Column:
        return column(key, lambda row: row[key], numeric=True)

    return [
        column(
            "village_code",
            lambda row: stage.name(row["village_code"]),
            lambda row: stage.href("village", region=row["village_code"], part="income"),
            cls="firm",
            width=18,
            written=lambda row: stage.official(row["village_code"]),
        ),
        number("collective_income_yuan"),
        *(
            column(f"source_{key}", itemgetter(value), numeric=True)
            for key, value in SOURCES.items()
        ),
        column("next_line_yuan", lambda row: lines.get(row["next_line_yuan"]), cls="firm"),
        number("lacking_yuan"),
        *(_share(stage, key) for key in _SHARES),
    ]


def _share(stage: Stage, key: str) -> paged_list.Column:
    head = stage.headed(stage.t(key), "%")
    return paged_list.Column(key, lambda row: row[key], numeric=True, cls="firm", named=head)
