"""双委: what is entrusted to whom, what it should yield and did, and what is not in order."""

from __future__ import annotations

from typing import Any

from glossary import label
from metrics import village_income_lists
from metrics.village_income_lists import AGREED, CONTRACT_LISTS, ENTRUSTED, IN_FORCE, PAID
from rules.registry import rules
from views.browser import components
from views.browser.markup import h
from views.context.stage import Stage
from views.parts import paged_list, pieces
from views.parts.column_words import say


def summary(stage: Stage) -> None:
    """Contracts by kind: how many, how much, what was due and paid, what is not in order."""
    reader, region, year = stage.reader, stage.view.region, stage.view.year
    rows = village_income_lists.by_kind(reader, region, year)
    found = village_income_lists.entrusted(reader, region, year)
    if not rows:
        none = pieces.empty(stage, stage.t("tab_entrusted"), stage.t("no_rows_hint"))
        components.paper(none, key="kinds")
        return
    yuan = stage.measure("yuan")
    title = stage.t(
        "entrusted_finding",
        villages=f"{found['villages']:,}",
        contracts=f"{found['contracts']:,}",
        due=yuan.say(found["due_yield_yuan"]),
        paid=yuan.say(found["entrust_paid_yuan"]),
        short=yuan.say(found["short_yield_yuan"]),
    )
    keys = ("entrust_kind", "entrust_contracts", "entrusted_yuan", "due_yield_yuan",
            "entrust_paid_yuan")  # fmt: skip
    head = [stage.t(key) for key in keys]
    head += [stage.t(f"list_{key}") for key in (PAID, IN_FORCE, AGREED)]
    body = [_kind(stage, row) for row in rows]
    table = pieces.table(head, body, numeric=range(1, len(head)), cls="data tight")
    html = h("section", pieces.heading(title, stage.t("entrusted_sub")), table)
    components.paper(html, key="kinds")


def _kind(stage: Stage, row: dict[str, Any]) -> tuple[Any, ...]:
    kind = row["entrust_kind"]

    def opens(part: str) -> str:
        of_kind = village_income_lists.of_kind(kind, part)
        return stage.href("village_income", part=of_kind) if of_kind else ""

    return (
        pieces.Td(label("entrust_kind", kind, stage.lang) if kind else "—", "firm"),
        pieces.number(stage, row["contracts"], "contracts", opens(ENTRUSTED)),
        *(
            pieces.number(stage, row[key], "yuan")
            for key in ("entrusted_yuan", "due_yield_yuan", "entrust_paid_yuan")
        ),
        *(
            pieces.number(stage, row[key], "contracts", opens(key))
            for key in (PAID, IN_FORCE, AGREED)
        ),
    )


def listed(stage: Stage) -> None:
    """The contracts of the list chosen, those that paid least of what was due first."""
    part = stage.view.part if stage.view.part in CONTRACT_LISTS else ENTRUSTED
    names = {key: _name(stage, key) for key in CONTRACT_LISTS}
    paged_list.choose(stage, "entrusted_bar", "income_list", names, part)
    region, year = stage.view.region, stage.view.year
    count = village_income_lists.count_contracts(stage.reader, part, region, year)
    wanted = paged_list.Wanted(
        stage.t("entrusted_listed", list=names[part], count=f"{count:,}"),
        f"{stage.place.name} · {year} · {stage.t('unit_yuan')}",
        count,
        lambda reader, *page: village_income_lists.contracts(reader, part, region, year, *page),
    )
    paged_list.show(stage, wanted, _columns(stage))


def _name(stage: Stage, part: str) -> str:
    """What a list of contracts is called."""
    kind, asked = village_income_lists.kind_of(part)
    named = stage.t(f"list_{asked}")
    if kind is None:
        return named
    return stage.t("list_of_kind", kind=label("entrust_kind", kind, stage.lang), list=named)


def _columns(stage: Stage) -> list[paged_list.Column]:
    column = paged_list.Column

    def told(key: str) -> paged_list.Column:
        return column(key, lambda row: say(stage, key, row[key]), cls="firm")

    def number(key: str) -> paged_list.Column:
        return column(key, lambda row: row[key], numeric=True)

    def missed(row: paged_list.Row) -> str:
        keys = (PAID, IN_FORCE, AGREED)
        names = (stage.named(rules()[key]) for key in keys if row[f"in_{key}"] is False)
        return stage.t("rule_comma").join(names)

    return [
        column("entrust_name", lambda row: row["name"], cls="firm", width=20),
        paged_list.village(stage),
        column("entrust_operator", lambda row: row["operator"], cls="said", width=24),
        number("entrusted_yuan"),
        number("agreed_yield_yuan"),
        number("due_yield_yuan"),
        number("entrust_paid_yuan"),
        number("short_yield_yuan"),
        told("entrusted_on"),
        told("entrusted_until"),
        column("visits_missed", missed, cls="said", width=30),
    ]
