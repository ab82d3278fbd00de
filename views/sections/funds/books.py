"""三级三账: nine ledgers, each against the one above it, and the lines of one."""

from __future__ import annotations

from glossary import label
from metrics.fund_lines import BOOK_CHECK, Book, Lines, books
from metrics.funds import BOOK_PARTS, BOOKS, PURPOSES
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import check_sources, pieces
from views.parts.paged_list import Column
from views.sections.funds import lines


def show(stage: Stage) -> None:
    """The nine ledgers, and below them the lines of the one that the address names."""
    view = stage.view
    found = books(stage.reader, view.region, view.year)
    components.paper(
        h(
            "section",
            _heading(stage, found),
            _table(stage, found),
            check_sources.folded(stage, BOOK_CHECK.values() if found else ()),
        ),
        key="books",
    )
    if view.part in BOOK_PARTS:
        level, purpose = str(view.part).split("_")
        check = view.check if view.check == BOOK_CHECK.get(level) else None
        wanted = Lines(view.region, view.year, check=check, book=(level, purpose))
        parts = [stage.place.name, str(view.year), name(stage, level, purpose)]
        said = " · ".join([*parts, *([stage.named(stage.county.checks[check])] if check else [])])
        lines.listed(stage, wanted, said, _columns(stage, level))


def name(stage: Stage, level: str, purpose: str) -> str:
    """What a ledger is called."""
    return stage.t(
        "book_name",
        level=label("region_level", level, stage.lang),
        purpose=label("fund_purpose", purpose, stage.lang),
    )


def _heading(stage: Stage, found: dict[tuple[str, str], Book]) -> Markup:
    off = [one for one in found.values() if one.differs]
    if not found:
        return pieces.heading(stage.t("books_none"), stage.t("books_sub"))
    if not off:
        return pieces.heading(stage.t("books_agree", year=stage.view.year), stage.t("books_sub"))
    worst = max(off, key=lambda one: one.differs or 0)
    said = stage.t(
        "books_differ",
        year=stage.view.year,
        count=len(off),
        book=name(stage, worst.level, worst.purpose),
        lines=f"{worst.differs:,}",
    )
    return pieces.heading(said, stage.t("books_sub"))


def _table(stage: Stage, found: dict[tuple[str, str], Book]) -> Markup:
    rows = [
        _row(stage, found[level, purpose])
        for level in BOOKS
        for purpose in PURPOSES
        if (level, purpose) in found
    ]
    head = [stage.t(key) for key in ("book", "book_lines", "received_yuan", "spent_yuan",
                                     "book_above", "book_differs")]  # fmt: skip
    return pieces.table(head, rows, numeric=range(1, len(head)), cls="data tight")


def _row(stage: Stage, one: Book) -> tuple[object, ...]:
    part = f"{one.level}_{one.purpose}"
    href = stage.href("funds", part=part, fund=None, check=None)
    text = stage.measure("yuan").number
    differs: object = "—"
    if one.differs is not None:
        opened = stage.href("funds", part=part, fund=None, check=BOOK_CHECK[one.level])
        word = pieces.number(stage, one.differs, "entries", opened if one.differs else "")
        differs = h("span", word, cls=f"light {'bad' if one.differs else 'good'}")
    said = name(stage, one.level, one.purpose)
    chosen = stage.view.part == part
    return (
        pieces.Td(
            pieces.link(href, said),
            "firm chosen" if chosen else "firm",
        ),
        pieces.number(stage, one.lines, "entries", href),
        text(one.received),
        text(one.spent),
        "—" if one.above is None else text(one.above),
        differs,
    )


def _columns(stage: Stage, level: str) -> list[Column]:
    if level == "county":
        return []
    return [
        lines.money("above_yuan", "book_above"),
        lines.money("book_yuan", "received_yuan"),
        lines.money("book_spent_yuan", "spent_yuan"),
        Column("book_differs", lambda row: stage.t("is_yes") if row["differs"] else "", cls="firm"),
    ]
