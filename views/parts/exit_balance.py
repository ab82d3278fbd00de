"""Exits from poverty, reconciled: records less those who fell back are the last exits."""

from __future__ import annotations

from metrics import exits
from metrics.exits import Exits
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import pieces


def reconciled(stage: Stage) -> Markup | None:
    """A row a year: exits by record, those who fell back, last exits, and who lives there now;
    None where nobody left."""
    found = exits.by_year(stage.reader, stage.view.region)
    if not found:
        return None
    head = [stage.t(key) for key in ("year", "exits_gross", "exits_again", "exits_last",
                                     "exits_rest", "exits_stock")]  # fmt: skip
    return h(
        "section",
        pieces.heading(_finding(stage, found), stage.t("exits_sub")),
        pieces.table(head, [_row(stage, one) for one in found], numeric=range(1, 6)),
    )


def _finding(stage: Stage, found: list[Exits]) -> str:
    measure = stage.measure("people")
    all_years = exits.reconciled(found)
    last = measure.text(all_years.last_exit)
    words = {"first": found[0].year, "last": found[-1].year, "people": last}
    if all_years.gross is None:
        return stage.t("exits_without_records", **words)
    words |= {name: f"{getattr(all_years, name):,}" for name in ("gross", "again", "rest")}
    return stage.t("exits_finding_rest" if all_years.rest else "exits_finding", **words)


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
