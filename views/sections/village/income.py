"""The village page's collective income: by source and year, and what is told of the year shown."""

from __future__ import annotations

from charts import theme
from metrics import village_income
from views.browser.markup import h
from views.context.stage import Stage
from views.parts import chart_blocks, income_chart, pieces
from views.parts.column_words import say
from views.scenes import block
from views.scenes.block import Block

_SHOWN = ("operating_income_yuan", "contracting_income_yuan", "investment_income_yuan",
          "grant_income_yuan", "other_collective_yuan", "sources_yuan", "account_expense_yuan",
          "surplus_yuan")  # fmt: skip


def income_here(stage: Stage) -> Block:
    """The kinds of income of each year as numbers, and where to ask further."""
    rows = village_income.by_year(stage.reader, stage.view.region)
    title = stage.t("village_income_here", place=stage.place.name)
    more = pieces.link(stage.href("village_income"), stage.t("village_income_more"))
    if not rows:
        none = h("p", stage.t("income_no_account"), cls="sub")
        return block.html("income", h("section", pieces.heading(title), none, h("p", more)))
    head = [stage.t("year"), *(stage.t(key) for key in _SHOWN)]
    body = [
        (row["year"], *(say(stage, key, row[key], unit=False) for key in _SHOWN)) for row in rows
    ]
    table = pieces.table(head, body, numeric=range(1, len(head)), cls="data tight")
    html = h("section", h("div", table, cls="wide"), h("p", more, cls="sub no-print"))
    head_of = block.html("income_heading", pieces.heading(title))
    drawn = income_chart.by_year(stage, rows, chart_blocks.frame(theme.PAGE))
    shown = chart_blocks.blocks(drawn, "income_years", stage) if drawn else ()
    return block.box("income", h("div"), head_of, *shown, block.html("income_table", html))
