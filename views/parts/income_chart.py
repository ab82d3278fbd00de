"""The kinds of collective income over the years: of a county, a township or one village."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from charts.income_stack import income
from charts.lines import Line
from charts.theme import Chart, Frame
from metrics import village_income
from views.context.stage import Stage
from views.parts import chart_blocks

# Earned from the darkest up; grants and other income, which are not, stand on top of them.
_PARTS = (
    ("operating_income_yuan", "source_operating"),
    ("contracting_income_yuan", "source_contracting"),
    ("investment_income_yuan", "source_investment"),
    ("given_yuan", "source_given"),
)


def by_year(stage: Stage, rows: Sequence[Mapping[str, Any]], frame: Frame) -> Chart | None:
    """The chart of rows as ``village_income.by_year`` gives them; None where there are none."""
    if not rows:
        return None
    years = [row["year"] for row in rows]

    def line(column: str, word: str) -> Line:
        return Line(stage.t(word), years, [row[column] for row in rows])

    last = rows[-1]
    share = village_income.earned(last)
    title = stage.t(
        "income_years_finding", year=last["year"], share=stage.measure("percent").text(share)
    )
    return income(
        [line(column, word) for column, word in _PARTS],
        line("account_expense_yuan", "account_expense_yuan"),
        line("surplus_yuan", "surplus_yuan"),
        Line("", [], []),
        measure=stage.measure("yuan"),
        words=chart_blocks.words(title, stage.t("income_years_sub"), stage.t("year"), stage=stage),
        frame=frame,
    )
