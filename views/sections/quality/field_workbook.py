"""Findings as a workbook for the field: a sheet a township, with columns left for what is found."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

import pyarrow as pa
import xlsxwriter
from xlsxwriter.workbook import Workbook

from metrics.quality import FindingFilter
from views.context.stage import Stage
from views.parts import download, finding_words
from views.parts.download import Outgoing
from views.parts.workbook import FIRST, file_name, plain_text, write_head

# Columns of a sheet by their terms, with widths; the last three are filled in by hand.
_COLUMNS = {
    "village_code": 14,
    "household_id": 19,
    "subject": 14,
    "check": 24,
    "severity": 8,
    "findings": 48,
    "evidence": 36,
    "quality_change": 8,
    "verified_result": 24,
    "verified_by": 10,
    "verified_on": 12,
}
# Letters that a sheet's name cannot have, and its greatest length.
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_NAME_LENGTH = 31


def export(
    stage: Stage,
    rows: Callable[[FindingFilter], pa.Table],
    wanted: FindingFilter,
    words: str,
    count: int,
) -> None:
    """A button for the workbook of exactly the ``count`` findings listed."""
    label, of = stage.t("export_findings"), words.removeprefix(stage.place.name)
    name = file_name(stage, stage.t("page_quality"), of)

    def build(out: Outgoing) -> bytes:
        return workbook(out.stage, rows(wanted), words, out.mark)

    download.button(stage, label, build, name, count)


def workbook(stage: Stage, rows: pa.Table, words: str, mark: str) -> bytes:
    """An xlsx with a sheet a township; what belongs to none stands on the county's own sheet."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    by_place: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows.to_pylist():
        by_place.setdefault(row["village_code"][:9], []).append(row)
    for place, found in sorted(by_place.items()):
        _write(stage, book, place, found, words, mark)
    book.close()
    return target.getvalue()


def _write(
    stage: Stage,
    book: Workbook,
    place: str,
    found: list[Mapping[str, Any]],
    words: str,
    mark: str,
) -> None:
    sheet = book.add_worksheet(_sheet_name(stage, book, place))
    title = f"{stage.official(place)} {stage.t('page_quality')}"
    heads = [(stage.t(key), width) for key, width in _COLUMNS.items()]
    write_head(stage, book, sheet, title, words, heads, mark)
    sheet.freeze_panes(FIRST, 2)  # the head and the household stay in sight
    cell = book.add_format({"text_wrap": True, "valign": "top", "border": 4})
    for offset, row in enumerate(found, start=FIRST):
        texts = _texts(stage, row)
        for index, key in enumerate(_COLUMNS):
            sheet.write_string(offset, index, plain_text(texts.get(key, "")), cell)
    sheet.autofilter(FIRST - 1, 0, FIRST - 1 + len(found), len(_COLUMNS) - 1)


def _sheet_name(stage: Stage, book: Workbook, place: str) -> str:
    """The place's name as a sheet may be called; its code where another has that name."""
    name = _NOT_IN_NAMES.sub(" ", stage.county.places[place].name)[:_NAME_LENGTH]
    return place if name in (sheet.get_name() for sheet in book.worksheets()) else name


def _texts(stage: Stage, row: Mapping[str, Any]) -> dict[str, str]:
    return {
        "village_code": stage.official(row["village_code"]),
        "household_id": row["household_id"] or "",
        "subject": finding_words.subject(stage, row),
        "check": stage.named(stage.county.checks[row["check_key"]]),
        "severity": stage.t(f"severity_{row['severity']}"),
        "findings": finding_words.sentence(stage, row),
        "evidence": finding_words.evidence(stage, row),
        "quality_change": finding_words.change(stage, row),
    }
