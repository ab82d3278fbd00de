"""One line of a fund: its document, what was paid of it, and the households that it reached."""

from __future__ import annotations

from metrics import fund_boards
from metrics.fund_boards import Line, Receipts
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import finding_words, fund_line, paged_list, pieces
from views.parts.column_words import say
from views.parts.paged_list import Column
from views.sections.funds import lines
from views.sections.funds.overview import level_name

_FACTS = ("year", "document_number", "purpose", "use_form", "unit_in_charge", "content",
          "allotted_on", "budget_yuan", "amount_yuan", "paid_yuan", "left_yuan", "household_yuan",
          "listed_yuan", "township_book_yuan", "village_book_yuan", "follow_up_on", "return_yuan",
          "source_file", "source_row")  # fmt: skip


def show(stage: Stage) -> None:
    """All that is known of the line; a designed nothing where the viewer sees none of it."""
    found = fund_boards.line(stage.reader, stage.view.id or "")
    back = pieces.link(stage.href("funds", id=None, part="lines"), stage.t("back_to_lines"))
    if found is None:
        none = pieces.empty(stage, stage.t("no_such_line"), back)
        components.paper(h("section", none), key="line")
        return
    components.paper(h("section", _head(stage, found), back), key="line")
    components.paper(_payments(stage, found), key="payments")
    _receipts(stage, found)


def _head(stage: Stage, found: Line) -> Markup:
    facts, text = found.facts, stage.measure("yuan").text
    title = stage.t(
        "line_finding",
        place=stage.name(facts["region_code"]),
        fund=facts["fund_name"] or stage.t("fund_level_unknown"),
        amount=text(facts["amount_yuan"]),
        paid=text(facts["paid_yuan"]),
        left=text(facts["left_yuan"]),
    )
    pairs = [(stage.t("line_id"), facts["line_id"])]
    pairs += [(stage.t("fund_level"), level_name(stage, facts["fund_level"] or "unknown"))]
    if facts["project"]:
        pairs.append((stage.t("project"), f"{facts['project']}({facts['project_code']})"))
    pairs += [
        (stage.t(key), say(stage, key, facts[key])) for key in _FACTS if facts[key] is not None
    ]
    pairs += [
        (stage.t("published_on"), f"{say(stage, 'published_on', one['published_on'])} "
                                  f"{one['published_at'] or ''}")
        for one in found.notices
    ]  # fmt: skip
    doubts = [
        h(
            "li",
            finding_words.severity(stage, each["severity"]),
            " ",
            finding_words.sentence(stage, each),
            " ",
            fund_line.beside(stage, found, each["check_key"]),
        )
        for each in found.findings
    ]
    reports = [
        h("li", say(stage, "received_on", one["received_on"]), " ", one["content"])
        for one in found.reports
    ]
    return h(
        "div",
        pieces.heading(title, facts["content"] or ""),
        h("ul", *doubts, cls="plain") if doubts else None,
        pieces.facts(pairs),
        h("ul", *reports, cls="plain") if reports else None,
    )


def _payments(stage: Stage, found: Line) -> Markup:
    text = stage.measure("yuan").text
    rows = [
        (
            one["payment_id"],
            pieces.Td(say(stage, "paid_on", one["paid_on"]), "firm"),
            say(stage, "payee_kind", one["payee_kind"]),
            one["payee"] or "—",
            text(one["amount_yuan"]),
            one["source_file"],
            one["source_row"],
        )
        for one in found.payments
    ]
    names = (
        "payment_id",
        "paid_on",
        "payee_kind",
        "payee",
        "amount_yuan",
        "source_file",
        "source_row",
    )
    head = [stage.t(name) for name in names]
    title = stage.t("payments_listed", count=f"{len(rows):,}", yuan=text(found.facts["paid_yuan"]))
    return h("section", pieces.heading(title), pieces.table(head, rows, numeric=(4, 6)))


def _receipts(stage: Stage, found: Line) -> None:
    """Down to the households: what the lists say beside what was paid to households."""
    wanted = Receipts(found.facts["line_id"])
    count, yuan = wanted.total(stage.reader)
    if not count and not found.facts["household_yuan"]:
        return
    text = stage.measure("yuan").text
    title = stage.t(
        "receipts_listed", count=f"{count:,}", yuan=text(yuan),
        paid=text(found.facts["household_yuan"]),
    )  # fmt: skip
    asked = paged_list.Wanted(
        title, stage.name(found.facts["region_code"]), count, wanted.rows, whole=True
    )
    paged_list.show(
        stage,
        asked,
        [
            Column("receipt_id", lambda row: row["receipt_id"], cls="firm", width=18),
            paged_list.village(stage),
            Column(
                "household_id",
                lambda row: row["household_id"],
                lambda row: stage.href("household", id=row["household_id"]),
                cls="firm",
                width=18,
            ),
            Column("head_name", lambda row: row["head_name"], cls="firm"),
            Column("credited_on", lines.told(stage, "received_on"), cls="firm"),
            lines.money("amount_yuan"),
            Column("source_file", lambda row: row["source_file"], cls="said", width=20),
            Column("source_row", lambda row: row["source_row"], numeric=True, width=8),
        ],
    )
