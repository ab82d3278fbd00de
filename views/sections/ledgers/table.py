"""The list of households: a row each in the columns that were chosen, and which rows are picked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from metrics.conditions import MOST_NAMED
from metrics.lists import COLUMNS, GROUPS
from views.browser.markup import Markup, h, join, link
from views.context.stage import Stage
from views.parts import pieces
from views.parts.list_columns import FIRST, SHOWN, Columns, moved

Row = Mapping[str, Any]
_PAGE = "ledgers"


def of_rows(stage: Stage, rows: Sequence[Row], *, picks: bool) -> Markup:
    """One row a household; heads sort, the number opens the file, the village its page.

    ``picks`` puts a box before each row, for who may do something with the rows that they pick.
    """
    columns = Columns(stage)
    head = [_sort_head(stage, columns, key) for key in columns.shown]
    body = [[_cell(stage, columns, key, row) for key in columns.shown] for row in rows]
    numeric = [i for i, key in enumerate(columns.shown) if columns.numeric(key)]
    if picks:
        head = [_all_box(stage, rows), *head]
        body = [[_box(stage, row), *cells] for row, cells in zip(rows, body, strict=True)]
        numeric = [i + 1 for i in numeric]
    table = pieces.table(head, body, numeric=numeric, cls="data tight")
    return join(table, _chosen(stage, columns))


def _box(stage: Stage, row: Row) -> Markup:
    """A box that picks a household, or leaves it again."""
    key = str(row[FIRST])
    picked = key in stage.view.pick
    others = tuple(one for one in stage.view.pick if one != key)
    return _checkbox(stage, key, picked, others if picked else (*others, key),
                     stage.t("pick_one", household=key))  # fmt: skip


def _all_box(stage: Stage, rows: Sequence[Row]) -> Markup:
    """A box that picks all rows of the page, or leaves them."""
    here = [str(row[FIRST]) for row in rows]
    picked = set(here) <= {*stage.view.pick}
    others = tuple(one for one in stage.view.pick if one not in here)
    then = others if picked else (*others, *here)
    return _checkbox(stage, "all", picked, then, stage.t("pick_page"))


def _checkbox(stage: Stage, key: str, picked: bool, then: tuple[str, ...], name: str) -> Markup:
    """A box that is a link, so that a tick is a view like any other; no more than may be picked."""
    then = then[:MOST_NAMED]
    return link(
        stage.href(_PAGE, pick=then),
        h("span", "☑" if picked else "☐", aria_hidden="true"),
        role="checkbox",
        aria_checked="true" if picked else "false",
        aria_label=name,
        data_same=True,
        id=f"pick-{key}",
        cls="box",
    )


def _sort_head(stage: Stage, columns: Columns, key: str) -> Markup | str:
    name = columns.head(key)
    if key not in stage.bounds.sorts:
        return name
    current = stage.view.sort
    first = f"-{key}" if columns.numeric(key) else key
    other = key if first != key else f"-{key}"
    arrow = {key: " ▲", f"-{key}": " ▼"}.get(current, "")
    target = other if current == first else first
    return pieces.link(stage.href(_PAGE, sort=target, page=1), name, arrow)


def _cell(stage: Stage, columns: Columns, key: str, row: Row) -> Markup | str:
    text = columns.says(key, row)
    if key == FIRST:
        return pieces.link(stage.href("household", id=row[key]), text)
    if key == "village_code":
        return pieces.link(stage.href("village", region=row[key]), text)
    return h("span", text, cls="note") if key == GROUPS else text


def _chosen(stage: Stage, columns: Columns) -> Markup:
    """The columns in their order, each with a way to move it or take it away, and what else a list
    has; further ones are added where a condition on them is chosen."""
    shown = columns.shown
    chips = [_column(stage, columns, key) for key in shown if key != FIRST]
    lacking = [key for key in (*COLUMNS, GROUPS) if key not in shown]
    more = [
        link(stage.href(_PAGE, cols=(*shown, key)), f"+ {columns.head(key)}") for key in lacking
    ]
    again = link(stage.href(_PAGE, cols=()), stage.t("columns_again")) if stage.view.cols else None
    return h(
        "details",
        h("summary", stage.t("columns_chosen", count=len(shown))),
        h("p", stage.t("columns_hint"), cls="sub"),
        h("div", *chips, cls="facets conditions"),
        h("div", *more, again, cls="facets"),
        cls="list-columns no-print",
        open=bool(stage.view.cols and stage.view.cols != SHOWN),
    )


def _column(stage: Stage, columns: Columns, key: str) -> Markup:
    shown, name = columns.shown, columns.head(key)

    def way(then: Sequence[str], sign: str, word: str) -> Markup:
        said = stage.t(word, name=name)
        return link(stage.href(_PAGE, cols=tuple(then)), sign, title=said, aria_label=said)

    return h(
        "span",
        way(moved(shown, key, -1), "‹", "column_left"),
        h("span", name, cls="name"),
        way(moved(shown, key, 1), "›", "column_right"),
        way([one for one in shown if one != key], "×", "column_off"),
        cls="chip",
    )
