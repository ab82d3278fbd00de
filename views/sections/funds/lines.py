"""Lines of funds as a list: those of a band, of a check, of a ledger, with file and row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from glossary import label
from metrics.fund_lines import Lines
from metrics.funds import EVERY, PURPOSES, Which
from views.browser import components
from views.context import choice_bar
from views.context.stage import Stage
from views.parts import check_sources, paged_list
from views.parts.column_words import say
from views.parts.paged_list import Column, Row
from views.sections.funds.overview import level_name


def show(stage: Stage) -> None:
    """The lines that the address names: of a band, of a check, or all of the place and year."""
    view = stage.view
    which = view.fund or EVERY
    checks = ["", *(key for key in stage.county.checks if key.startswith("allotment_"))]

    def read(key: str) -> str:
        return stage.named(stage.county.checks[key]) if key else stage.t("all_lines")

    check = view.check if view.check in checks else None
    choice = choice_bar.Choice("bar_check", stage.t("check"), checks, read, check or "", width=260)
    choice_bar.choices(stage, "lines_bar", [choice])
    if check:
        components.paper(check_sources.folded(stage, [check]), key="check_sources")
    every = check is not None
    wanted = Lines(view.region, view.year, which, check, every_year=every)
    listed(stage, wanted, words(stage, which, check, every_year=every), [])


def listed(stage: Stage, wanted: Lines, said: str, further: Sequence[Column]) -> None:
    """The list of lines, its sum in the title; ``further`` columns stand before where it stood."""
    count, yuan = wanted.total(stage.reader)
    title = stage.t("lines_listed", count=f"{count:,}", yuan=stage.measure("yuan").text(yuan))
    asked = paged_list.Wanted(title, said, count, wanted.rows)
    paged_list.show(stage, asked, [*_columns(stage), *further, *stood()])


def words(stage: Stage, which: Which, check: str | None, *, every_year: bool = False) -> str:
    """What is listed, in words."""
    parts = [stage.place.name]
    if not every_year:
        parts.append(str(stage.view.year))
    if check:
        parts.append(stage.named(stage.county.checks[check]))
    if which.level:
        parts.append(level_name(stage, which.level))
    if which.purpose in PURPOSES:
        parts.append(label("fund_purpose", which.purpose, stage.lang))
    if which.whose:
        parts.append(stage.t("own_level"))
    if which.use:
        parts.append(stage.t(f"fund_use_{which.use}"))
    return " · ".join(parts)


def place_column(stage: Stage) -> Column:
    """The place of a row of any level; it leads to the place's own page of funds."""
    return Column(
        "place",
        lambda row: stage.name(row["region_code"]),
        lambda row: stage.href("funds", region=row["region_code"], part=None, id=None, fund=None),
        cls="firm",
        width=16,
        written=lambda row: stage.official(row["region_code"]),
    )


def line_column(stage: Stage) -> Column:
    """The number of a line, which opens it."""
    return Column(
        "line_id",
        lambda row: row["line_id"],
        lambda row: stage.href("funds", id=row["line_id"], page=1) if row["line_id"] else "",
        cls="firm",
        width=20,
    )


def money(name: str, head: str | None = None) -> Column:
    """An amount in yuan, to the fen where there are fen."""
    return Column(head or name, lambda row: row[name], numeric=True, width=14)


def told(stage: Stage, name: str) -> Callable[[Row], Any]:
    return lambda row: say(stage, name, row[name])


def _columns(stage: Stage) -> list[Column]:
    def level(row: Row) -> str:
        return level_name(stage, row["fund_level"] or "unknown")

    return [
        line_column(stage),
        place_column(stage),
        Column("fund_level", level, cls="firm"),
        Column("purpose", told(stage, "purpose"), cls="firm"),
        Column("content", lambda row: row["content"], cls="said", width=30),
        Column("unit_in_charge", told(stage, "unit_in_charge"), width=16),
        Column("allotted_on", told(stage, "allotted_on"), cls="firm"),
        money("amount_yuan"),
        money("paid_yuan"),
        money("left_yuan"),
        Column("months_since_allotted", _lain, numeric=True, width=10),
    ]


def _lain(row: Row) -> Any:
    """For how many months there has been money left of a line."""
    return row["months_since_allotted"] if row["left_yuan"] > 0 else None


def stood() -> list[Column]:
    """The file and row that a line was read from."""
    return [
        Column("source_file", lambda row: row["source_file"], cls="said", width=24),
        Column("source_row", lambda row: row["source_row"], numeric=True, width=8),
    ]
