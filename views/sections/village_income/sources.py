"""Where collective income comes from: by kind, and who paid most of it."""

from __future__ import annotations

from charts.foremost import Placed, foremost
from metrics import village_income, village_income_lists
from metrics.village_income_lists import PAYER, SPREAD
from views.browser import components
from views.browser.markup import h
from views.context.stage import Stage
from views.parts import pieces
from views.sections.village_income.screen import source_name


def by_kind(stage: Stage) -> None:
    """The five kinds: amount, share, and of how many villages it is the largest."""
    region, year = stage.view.region, stage.view.year
    rows = village_income.by_source(stage.reader, region, year)
    if not village_income.summed(rows, "yuan"):
        none = pieces.empty(stage, stage.t("tab_sources"), stage.t("income_no_account"))
        components.paper(none, key="kinds")
        return
    top = foremost(
        [Placed(source_name(stage, row["source"]), row["percent"]) for row in rows if row["yuan"]],
        stage.measure("percent"),
    )
    title = stage.t("sources_finding", year=year, most=top.text if top else "—")
    head = [stage.t(key) for key in ("collective_source", "amount_yuan", "source_share",
                                     "largest_of_villages")]  # fmt: skip
    body = [
        (
            pieces.Td(source_name(stage, row["source"]), "firm"),
            pieces.number(stage, row["yuan"], "yuan"),
            pieces.number(stage, row["percent"], "percent"),
            pieces.number(
                stage,
                row["villages"],
                "villages",
                stage.href("village_income", part=village_income_lists.largest(row["source"])),
            ),
        )
        for row in rows
    ]
    links = [
        pieces.link(stage.href("village_income", part=part), stage.t(f"list_{part}"))
        for part in (SPREAD, PAYER)
    ]
    table = pieces.table(head, body, numeric=(1, 2, 3), cls="data tight")
    html = h(
        "section",
        pieces.heading(title, stage.t("sources_sub")),
        table,
        h("div", *links, cls="facets no-print"),
    )
    components.paper(html, key="kinds")


def payers(stage: Stage) -> None:
    """Who paid most of what is no grant, at most seven."""
    rows = village_income.payers(stage.reader, stage.view.region, stage.view.year)
    if not rows:
        none = pieces.empty(stage, stage.t("payers"), stage.t("payers_none"))
        components.paper(none, key="payers")
        return
    head = [stage.t(key) for key in ("payer", "payer_villages", "amount_yuan", "source_share")]
    body = [
        (
            pieces.Td(row["payer"], "firm"),
            pieces.number(stage, row["villages"], "villages"),
            pieces.number(stage, row["yuan"], "yuan"),
            pieces.number(stage, row["percent"], "percent"),
        )
        for row in rows
    ]
    title = stage.t("payers_finding", payer=rows[0]["payer"],
                    share=stage.measure("percent").text(rows[0]["percent"]))  # fmt: skip
    table = pieces.table(head, body, numeric=(1, 2, 3), cls="data tight")
    html = h("section", pieces.heading(title, stage.t("payers_sub")), table)
    components.paper(html, key="payers")
