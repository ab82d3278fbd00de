"""The parts of a briefing that tell of a place: what its overview shows, as tables and charts."""

from __future__ import annotations

from collections.abc import Callable

from charts.foremost import Placed, foremost
from metrics.board import COLUMNS, INCOME_GROWTH, ordered
from metrics.late import ranked, together
from metrics.turns import CAME, LEFT
from papers.content import Block, Cell, Chart, Series, Table
from views.sections.briefing.naming import cell, change, changed, digits, whole
from views.sections.overview import lists
from views.sections.overview.numbers import Overview

_TRENDS = (
    "monitored_households",
    "step_overdue_households",
    "ledger_overdue",
    "ledger_closed_share",
)


def figures(overview: Overview) -> list[Block]:
    """Each figure now, and its change since the last data date and since a year ago."""
    stage = overview.stage
    heads = ("brief_figure", "brief_now", "brief_since_last", "brief_since_year", "brief_target")
    rows = []
    for one in overview.figures:
        indicator = one.indicator
        target = indicator.target
        aim = "—"
        if target is not None:
            level = stage.measure(indicator.unit).level(target.value)
            aim = f"{indicator.target_sign}{level}"
        rows.append((
            Cell(stage.named(indicator)),
            cell(stage, indicator, one.now.value, stage.behind(indicator.key)),
            change(stage, indicator, one.since_last, "—"),
            change(stage, indicator, one.since_year, "—"),
            Cell(aim),
        ))  # fmt: skip
    return [Table(tuple(map(stage.t, heads)), tuple(rows), frozenset({1, 2, 3, 4}))]


def changed_since(overview: Overview) -> list[Block]:
    """Who came and left since the last data date, by what they are counted by."""
    stage, turns = overview.stage, overview.outlook.turns
    if overview.before is None or not turns:
        return []
    heads = ("brief_figure", "brief_came", "brief_left")
    against = overview.before.snapshot.number

    def count(number: int, part: str) -> Cell:
        href = stage.href("dynamics", against=against, part=part) if number else ""
        return Cell(stage.measure("households").text(number), float(number), whole(stage, href))

    rows = tuple(
        (
            Cell(stage.named(stage.county.indicators[turn.key])),
            count(turn.came, turn.part(CAME)),
            count(turn.left, turn.part(LEFT)),
        )
        for turn in turns.values()
    )
    return [Table(tuple(map(stage.t, heads)), rows, frozenset({1, 2}))]


def trend(overview: Overview) -> list[Block]:
    """Figures by month up to the data date, as far as dates tell them."""
    if not overview.today:
        return []
    stage, days = overview.stage, overview.outlook.months.days
    found: list[Block] = []
    for one in overview.figures:
        if one.indicator.key in _TRENDS and one.monthly:
            measure = stage.measure(one.indicator.unit)
            name = stage.named(one.indicator)
            found.append(Chart("line", name, measure.unit, tuple(f"{day:%Y-%m}" for day in days),
                               Series(name, one.series), digits(measure, one.now.value),
                               whole(stage, stage.behind(one.indicator.key))))  # fmt: skip
    return found


def ranking(overview: Overview) -> list[Block]:
    """The places by the first column of the board, the worst first, and all columns of each."""
    stage, board = overview.stage, overview.board
    order = ordered(board, COLUMNS[0])
    if len(order) < 2:
        return []
    heads = (stage.t("place"), stage.t("board_rank"), *(stage.t(f"board_{key}") for key in COLUMNS))
    measure = stage.measure("percent")
    rows = []
    for code in order:
        marks = board[code]
        rates = [
            Cell(measure.text(mark.value) if mark.value is not None else "—", mark.value,
                 whole(stage, "" if key == INCOME_GROWTH or not mark.part
                       else stage.behind(key, code)), digits(measure, mark.value))
            for key in COLUMNS
            for mark in [marks[key]]
        ]  # fmt: skip
        rank = marks[COLUMNS[0]].rank
        place = Cell(stage.name(code), href=whole(stage, stage.href("overview", region=code)))
        rows.append((place, Cell(str(rank or "—"), rank), *rates))
    values = tuple(board[code][COLUMNS[0]].value for code in order)
    name = stage.t(f"board_{COLUMNS[0]}")
    drawn = Chart("bar", name, measure.unit, tuple(map(stage.name, order)), Series(name, values), 1,
                  whole(stage, stage.href("overview", part="board")))  # fmt: skip
    return [drawn, Table(heads, tuple(rows), frozenset(range(1, len(heads))))]


def late(overview: Overview) -> list[Block]:
    """Overdue entries and cases by place, the most first."""
    stage = overview.stage
    order = ranked(overview.outlook.late.values()) if overview.today else []
    if not order:
        return []
    heads = tuple(map(stage.t, ("place", "late_entries", "late_cases", "late_days")))
    rows = tuple(
        (
            Cell(stage.name(one.place)),
            Cell(f"{one.entries:,}", float(one.entries), whole(stage, stage.href(
                "ledgers", region=one.place, year=stage.newest, state="overdue", by="entry"))),
            Cell(f"{one.cases:,}", float(one.cases), whole(stage, stage.href(
                "monitoring", region=one.place, part="overdue"))),
            Cell(f"{one.days:,}", float(one.days)),
        )
        for one in order
    )  # fmt: skip
    return [Table(heads, rows, frozenset({1, 2, 3}))]


def exceptions(overview: Overview) -> list[Block]:
    """What the declared rules found, each with its list."""
    stage = overview.stage
    found = overview.outlook.exceptions if overview.today else ()
    if not found:
        return []
    heads = tuple(map(stage.t, ("decide_days", "decide_what", "decide_count")))
    rows = tuple(
        (
            Cell(lists.clock(stage, one)[0]),
            Cell(lists.said(stage, one)),
            Cell(lists.number(stage, one), href=whole(stage, lists.opens(stage, one))),
        )
        for one in found
    )
    return [Table(heads, rows, frozenset({2}))]


PARTS: dict[str, Callable[[Overview], list[Block]]] = {
    "figures": figures,
    "changed": changed_since,
    "trend": trend,
    "ranking": ranking,
    "late": late,
    "exceptions": exceptions,
}


def facts(overview: Overview) -> dict[str, str]:
    """What the words of a briefing may hold of a place (``papers.templates.FIELDS``)."""
    stage = overview.stage
    every = together(overview.outlook.late.values() if overview.today else (), "")
    watched = (overview.outlook.turns or {}).get("monitored_households")
    households, entries = stage.measure("households"), stage.measure("entries")
    unknown = stage.t("unknown")
    found = {
        "place": stage.place.name,
        "date": f"{stage.county.data_date}",
        "since": f"{overview.before.data_date}" if overview.before else unknown,
        "late_entries": entries.text(every.entries),
        "late_cases": households.text(every.cases),
        "late_days": f"{every.days:,}",
        "came": households.text(watched.came) if watched else unknown,
        "left": households.text(watched.left) if watched else unknown,
        "worst": _worst(overview),
        "exceptions": f"{len(overview.outlook.exceptions) if overview.today else 0}",
    }
    for one in overview.figures:
        key, indicator = one.indicator.key, one.indicator
        value = one.now.value
        found[key] = unknown if value is None else stage.measure(indicator.unit).text(value)
        last, year = stage.t("brief_since_last"), stage.t("brief_since_year")
        found[f"{key}_last"] = changed(stage, indicator, one.since_last, last)
        found[f"{key}_year"] = changed(stage, indicator, one.since_year, year)
    return found


def _worst(overview: Overview) -> str:
    column, stage = COLUMNS[0], overview.stage
    placed = [
        Placed(stage.name(code), marks[column].value, marks[column].part, marks[column].base)
        for code, marks in overview.board.items()
    ]
    top = foremost(placed, stage.measure("percent"))
    return top.text if top is not None else stage.t("brief_no_worst")
