"""资金安排表: notices of funds as they were published, with their lines, apart from all books."""

from __future__ import annotations

from metrics.fund_notices import Items, Notice, Notices, counted, named, totals
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import paged_list, pieces
from views.parts.paged_list import Column
from views.sections.funds import lines
from views.sections.funds.overview import ways

_HEADS = ("fund_notice", "fund_notice_of", "book_lines", "amount_yuan", "fund_notice_noted",
          "fund_notice_totals", "source_file")  # fmt: skip


def show(stage: Stage) -> None:
    """Every notice of the place and of elsewhere, and the lines of the one that is named."""
    region = stage.view.region
    found = Notices(region).found(stage.reader)
    chosen = named(found, stage.view.id)
    components.paper(_every(stage, found, chosen), key="fund_notices")
    if chosen is not None:
        _lines(stage, chosen)


def _every(stage: Stage, found: list[Notice], chosen: Notice | None) -> Markup:
    own, others = counted(found)
    said = stage.t("fund_notices_finding", own=own, others=others)
    title = pieces.heading(said, stage.t("fund_notices_sub"))
    if not found:
        none = pieces.empty(stage, stage.t("fund_notices_none"), stage.t("fund_notices_none_hint"))
        return h("section", title, ways(stage), none)
    head = [pieces.Td(stage.t(key), "firm") for key in _HEADS]
    rows = [_row(stage, one, one == chosen) for one in found]
    table = pieces.table(head, rows, numeric=(2, 3, 4), cls="data tight")
    return h("section", title, ways(stage), h("div", table, cls="wide"))


def _row(stage: Stage, one: Notice, chosen: bool) -> tuple[object, ...]:
    href = stage.href("funds", part="notices", id=one.code, page=1)
    return (
        pieces.Td(pieces.link(href, one.title), "said chosen" if chosen else "said"),
        pieces.Td(_whose(stage, one), "firm"),
        pieces.number(stage, one.lines, "entries", href),
        pieces.link(href, stage.measure("yuan").number(one.yuan)),
        pieces.number(stage, one.noted, "entries", href if one.noted else ""),
        pieces.Td(_totals(stage, one, href), "firm"),
        pieces.Td(one.source_file, "said"),
    )


def _whose(stage: Stage, one: Notice) -> str:
    return stage.t("fund_notice_own" if one.own else "fund_notice_elsewhere")


def _totals(stage: Stage, one: Notice, href: str) -> Markup | str:
    if not one.totals:
        return "—" if one.totals is None else stage.t("fund_notice_no_totals")
    tone = "bad" if one.differing else "good"
    return pieces.link(href, h("span", _totals_said(stage, one), cls=f"light {tone}"))


def _totals_said(stage: Stage, one: Notice) -> str:
    """Whether the notice's own total lines say what its lines add up to."""
    key = "fund_notice_differ" if one.differing else "fund_notice_agree"
    return stage.t(key, count=one.totals, differing=one.differing)


def _lines(stage: Stage, one: Notice) -> None:
    yuan = stage.measure("yuan").text(one.yuan)
    title = stage.t("fund_notice_lines", title=one.title, count=f"{one.lines:,}", yuan=yuan)
    words = stage.t("fund_notice_own_words" if one.own else "fund_notice_elsewhere_words")
    asked = Items(one.title, stage.view.region)
    columns = [
        Column("sequence", lambda row: row["sequence"], numeric=True, width=8),
        Column("place", lambda row: row["place"], width=20),
        Column("project", lambda row: row["project"], width=24),
        Column("content", lambda row: row["content"], cls="said", width=30),
        lines.money("amount_yuan"),
        Column("note", lambda row: row["note"], cls="said", width=24),
        *lines.stood(),
    ]
    paged_list.show(stage, paged_list.Wanted(title, words, one.lines, asked.rows), columns)
    _stated(stage, one)


def _stated(stage: Stage, one: Notice) -> None:
    """Each total line of the notice beside what its lines add up to."""
    found = totals(stage.reader, one)
    if not found:
        return
    number = stage.measure("yuan").number
    rows = [
        (
            str(row["row"]),
            row["header"],
            "—" if row["declared"] is None else number(row["declared"]),
            number(row["added"]),
        )
        for row in found
    ]
    head = [stage.t(key) for key in ("source_row", "header", "declared", "added")]
    table = pieces.table(head, rows, numeric=(0, 2, 3), cls="data tight")
    title = pieces.heading(_totals_said(stage, one), stage.t("fund_notice_totals"))
    components.paper(h("section", title, table), key="totals")
