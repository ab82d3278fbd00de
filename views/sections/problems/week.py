"""每周通报: what each unit opened, mended and closed within the week and has overdue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple
from io import BytesIO

import xlsxwriter

from findings import asking
from findings.asking import Filter
from findings.units import code_of
from findings.weekly import Week, week_by_unit
from state.database import StateError, kept_open
from views.browser import components
from views.browser.markup import h
from views.browser.notices import notice
from views.context.stage import Stage
from views.parts import download, pieces
from views.parts.download import Outgoing
from views.parts.workbook import FIRST, file_name, plain_text, write_head

PART = "week"
_HEADS = ("problem_unit", "week_opened", "week_mended", "week_closed", "problem_open",
          "problem_overdue")  # fmt: skip


def show(stage: Stage) -> None:
    """The week by unit, those with most overdue first, and its workbook."""
    wanted = Filter(stage.view.region, asking.today())
    try:
        every, units = _asked(stage, wanted)
    except StateError:
        return notice([stage.t("state_unread")], alert=True, key="week_unread")
    back = pieces.crumbs(
        pieces.link(stage.href("problems", part=None), stage.t("page_problems")),
        h("span", stage.t("week_notice"), cls="muted"),
    )
    title = stage.t("week_finding", place=stage.place.name, **_counts(every))
    html = h("section", back, h("h1", title), h("p", _span(stage, wanted), cls="sub"),
             _table(stage, every, units))  # fmt: skip
    components.paper(html, key="week")
    _export(stage, title, len(units))
    return None


def _asked(stage: Stage, wanted: Filter) -> tuple[Week, Mapping[str, Week]]:
    with kept_open(stage.county.home.path).reading() as session:
        return week_by_unit(session, stage.viewer, wanted)


def _counts(week: Week) -> dict[str, str]:
    names = ("opened", "mended", "closed", "standing", "overdue")
    return {name: f"{getattr(week, name):,}" for name in names}


def _span(stage: Stage, wanted: Filter) -> str:
    first = asking.first_day(wanted.today)
    return stage.t("week_sub", first=first, until=wanted.today)


def _unit(stage: Stage, unit: str) -> str:
    return unit or stage.t("week_unassigned")


def _table(stage: Stage, every: Week, units: Mapping[str, Week]) -> object:
    if not units:
        return h("p", stage.t("week_none"), cls="sub")

    def opens(unit: str, state: str) -> str:
        if not unit:
            return ""
        return stage.href("problems", part=None, unit=code_of(unit), state=state)

    rows = [
        (
            _unit(stage, unit),
            *(pieces.number(stage, n, "entries") for n in astuple(week)[:3]),
            pieces.number(stage, week.standing, "entries", opens(unit, "open")),
            pieces.number(stage, week.overdue, "entries", opens(unit, "overdue")),
        )
        for unit, week in units.items()
    ]
    total = (stage.t("all_units"), *(pieces.number(stage, n, "entries") for n in astuple(every)))
    head = [stage.t(key) for key in _HEADS]
    return pieces.table(head, [*rows, total], numeric=range(1, len(head)), cls="data tight")


def _export(stage: Stage, title: str, rows: int) -> None:
    def build(out: Outgoing) -> bytes:
        wanted = Filter(out.stage.view.region, asking.today())
        return written(out.stage, wanted, *_asked(out.stage, wanted), out.mark)

    name = file_name(stage, stage.t("week_notice"), str(asking.today()))
    download.button(stage, stage.t("export"), build, name, rows)


def written(
    stage: Stage, wanted: Filter, every: Week, units: Mapping[str, Week], mark: str
) -> bytes:
    """An xlsx of the week by unit, and of all in its last row."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet(stage.t("week_notice"))
    heads = [(stage.t(key), 30 if key == _HEADS[0] else 12) for key in _HEADS]
    title = f"{stage.place.name}{stage.t('week_notice')}"
    write_head(stage, book, sheet, title, _span(stage, wanted), heads, mark)
    rows = [(_unit(stage, unit), week) for unit, week in units.items()]
    for line, (unit, week) in enumerate([*rows, (stage.t("all_units"), every)], start=FIRST):
        sheet.write_string(line, 0, plain_text(unit))
        for column, number in enumerate(astuple(week), start=1):
            sheet.write_number(line, column, number)
    book.close()
    return target.getvalue()
