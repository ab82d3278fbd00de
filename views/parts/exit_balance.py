"""Exits from poverty, reconciled: records less those who fell back are the last exits."""

from __future__ import annotations

from metrics import exits
from metrics.exits import Exits
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import pieces


def reconciled(stage: Stage) -> None:
    """A row a year: exits by record, those who fell back, last exits, and who lives there now."""
    found = exits.by_year(stage.reader, stage.view.region)
    if not found:
        return
    head = [stage.t(key) for key in ("year", "exits_gross", "exits_again", "exits_last",
                                     "exits_rest", "exits_stock")]  # fmt: skip
    html = h(
        "section",
        pieces.heading(_finding(stage, found), stage.t("exits_sub")),
        pieces.table(head, [_row(stage, one) for one in found], numeric=range(1, 6)),
    )
    components.paper(html, key="exits")


def _finding(stage: Stage, found: list[Exits]) -> str:
    measure = stage.measure("people")
    last = sum(one.last_exit for one in found)
    words = {"first": found[0].year, "last": found[-1].year, "people": measure.text(last)}
    if any(one.gross is None for one in found):
        return stage.t("exits_without_records", **words)
    gross, again = (sum(getattr(one, key) or 0 for one in found) for key in ("gross", "again"))
    rest = sum(one.rest or 0 for one in found)
    key = "exits_finding_rest" if rest else "exits_finding"
    return stage.t(key, gross=f"{gross:,}", again=f"{again:,}", rest=f"{rest:,}", **words)


def _row(stage: Stage, one: Exits) -> tuple[Markup | str, ...]:
    def number(value: int | None, indicator: str = "") -> Markup:
        opens = stage.behind(indicator, year=one.year) if indicator else ""
        return pieces.number(stage, value, "people", opens)

    # 2014 is the register as set up: whoever exited in it was poor when it was made.
    stock = one.stock if stage.county.indicators["exited_people"].exists(one.year) else None
    return (
        str(one.year),
        number(one.gross),
        number(one.again),
        number(one.last_exit, "exited_this_year_people"),
        number(one.rest),
        number(stock, "exited_people"),
    )
