"""A list's sheet for the board: seen here, as a workbook, and as a PDF; objections and answers."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from metrics import disclosure
from metrics.disclosure import OF_PEOPLE
from papers import fonts
from papers.notices import notice_pdf
from store.reader import Reader
from views.browser import components
from views.browser.markup import h
from views.browser.notices import notice
from views.context.stage import Stage
from views.parts import download, paged_list, pieces
from views.parts.column_words import say
from views.parts.download import Outgoing
from views.parts.paged_list import Column
from views.parts.workbook import file_name
from views.sections.publish import objections, totals

# A board holds a village's list or a township's; of more there is the workbook.
_MOST = 3_000
# The columns of each sheet, and what its rows' words and days are called.
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "register": ("head_name", "village_code", "member_count", "identified_on"),
    "exits": ("head_name", "village_code", "member_count"),
    "monitoring": ("head_name", "village_code", "member_count", "monitor_kind", "notice_on"),
    "benefits": ("head_name", "village_code", "member_count", "benefit_kind", "month_yuan"),
    "projects": ("project", "village_code", "beneficiary_households", "unit_in_charge",
                 "planned_yuan"),
    "funds": ("content", "village_code", "purpose", "amount_yuan", "published_on"),
}  # fmt: skip
_IN_ROW = {
    "village_code": "place",
    **dict.fromkeys(("head_name", "project", "content"), "name"),
    **dict.fromkeys(("member_count", "beneficiary_households"), "people"),
    **dict.fromkeys(("monitor_kind", "benefit_kind", "unit_in_charge", "purpose"), "told"),
    **dict.fromkeys(("month_yuan", "planned_yuan", "amount_yuan"), "yuan"),
    **dict.fromkeys(("identified_on", "notice_on", "published_on"), "day"),
}
_NUMBERS = ("people", "yuan")


def draw(stage: Stage, key: str) -> None:
    """The list as its sheet has it, and the ways to take it out."""
    region, year = stage.view.region, stage.view.year
    count = disclosure.count(stage.reader, key, region, year)
    _paper(stage, key, count)

    def rows(reader: Reader, offset: int, limit: int | None) -> pa.Table:
        return disclosure.rows(reader, key, region, year, offset, limit)

    title = stage.t("publish_sheet", list=stage.t(f"disclosed_{key}"), count=f"{count:,}")
    paged_list.show(
        stage, paged_list.Wanted(title, _duty(stage, key), count, rows), _columns(stage, key)
    )
    totals.draw(stage, key)
    _objections(stage, key)


def _columns(stage: Stage, key: str) -> list[Column]:
    return [_column(stage, name) for name in _COLUMNS[key]]


def _column(stage: Stage, name: str) -> Column:
    field = _IN_ROW[name]
    if field in _NUMBERS:
        return Column(name, lambda row: row[field], numeric=True)
    return Column(name, lambda row: say(stage, name, row[field]), cls="firm", width=18)


def _duty(stage: Stage, key: str) -> str:
    """Where it hangs and how long, and what its sheet leaves out."""
    days = disclosure.held_days(stage.county.parameters, key, stage.view.year)
    told = stage.t(
        "publish_duty",
        where=stage.t(f"disclosed_where_{key}"),
        days=stage.measure("days").text(days),
    )
    return told + (stage.t("publish_masked") if key in OF_PEOPLE else "")


def _paper(stage: Stage, key: str, count: int) -> None:
    if not count or count > _MOST:
        return
    if fonts.drawing() is None:
        notice([stage.t("no_chinese_font")], key="no_font")
        return
    name = file_name(stage, stage.t("page_publish"), stage.t(f"disclosed_{key}"))
    download.button(
        stage, stage.t("publish_pdf"), lambda out: _pdf(out, key),
        name.removesuffix(".xlsx") + ".pdf", count, key="notice_pdf",
        media_type="application/pdf",
    )  # fmt: skip


def _pdf(out: Outgoing, key: str) -> bytes:
    """The notice for who takes it out, as they may see it then: names are masked for everybody."""
    stage, columns = out.stage, _COLUMNS[key]
    region, year = stage.view.region, stage.view.year
    found = disclosure.rows(stage.reader, key, region, year).to_pylist()
    told = {
        "lang": stage.lang,
        "title": stage.t(
            "publish_title",
            place=stage.official(region),
            year=year,
            list=stage.t(f"disclosed_{key}"),
        ),
        "mark": out.mark,
        "tag": stage.simulated,
        "preface": [stage.t("publish_preface", date=stage.county.data_date), _duty(stage, key)],
        "heads": ["", *(stage.t(name) for name in columns)],
        "rows": [
            [str(number), *(say(stage, name, row[_IN_ROW[name]]) for name in columns)]
            for number, row in enumerate(found, 1)
        ],
        "blocks": [objections.lines(stage, key)],
        "signs": [stage.t("publish_object"), stage.t("publish_sign")],
    }
    return notice_pdf(told)


def _objections(stage: Stage, key: str) -> None:
    told = objections.lines(stage, key)
    html = h(
        "section",
        pieces.heading(told["title"], stage.t("publish_objections_of_list")),
        h("ul", *(h("li", line) for line in told["lines"])),
    )
    components.paper(html, key="objections")
