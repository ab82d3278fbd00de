"""The list as a formatted workbook: title, filter and data date above, one row a household."""

from __future__ import annotations

import re
from collections.abc import Iterable
from io import BytesIO

import pyarrow as pa
import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from charts.theme import MUTED
from metrics.lists import GROUPS
from store.harmless import harmless
from views.context.stage import Stage
from views.parts.list_columns import Columns

_WIDTHS = {
    "household_id": 20,
    "village_code": 18,
    "poverty_state": 14,
    "monitor_kind": 16,
    GROUPS: 40,
}
_A4 = 9  # as spreadsheets count paper
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|·;,;,_\x00-\x1f]+')
_PART = 24  # characters of each part of a name
FIRST = 4  # the first row below the heads, counted from 0
_MARK = 120  # characters of a mark on paper: a header holds 255, and & is written twice
_LONGEST, _KEPT = 32_767, 32_700  # characters that a cell holds, and those kept of a longer text
# Names and widths of columns.
Heads = Iterable[tuple[str, int]]


def households_workbook(stage: Stage, rows: pa.Table, words: str, mark: str) -> bytes:
    """An xlsx of the filtered rows as they come, in the columns that the stage's viewer chose,
    amounts as numbers; ``mark`` is printed on it."""
    columns = Columns(stage)
    keys = columns.exported
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet(stage.t("export_sheet"))
    county = stage.county.places[stage.county.code].name
    title = f"{county} {stage.t('export_sheet')}"
    heads = [(columns.headed(key), _WIDTHS.get(key, 12)) for key in keys]
    write_head(stage, book, sheet, title, words, heads, mark)
    amount = book.add_format({"num_format": "#,##0"})
    rate = book.add_format({"num_format": "0.0"})
    for offset, row in enumerate(rows.to_pylist(), start=FIRST):
        for index, column in enumerate(keys):
            value = row.get(column)
            if isinstance(value, float):
                sheet.write_number(offset, index, value, amount if _is_amount(column) else rate)
            elif isinstance(value, int) and not isinstance(value, bool):
                sheet.write_number(offset, index, value)
            elif value is not None or column == GROUPS:
                official = column == "village_code"
                text = stage.official(value) if official else columns.says(column, row)
                sheet.write_string(offset, index, plain_text(text))
    sheet.autofilter(FIRST - 1, 0, FIRST - 1 + rows.num_rows, len(keys) - 1)
    book.close()
    return target.getvalue()


def plain_text(text: str) -> str:
    """Text that is harmless in a spreadsheet and fits its cell.

    What is longer than a cell holds is cut, and says how much of how much is there: a spreadsheet
    would leave the cell empty.
    """
    text = harmless(text)
    return text if len(text) <= _LONGEST else f"{text[:_KEPT]}…[{_KEPT:,}/{len(text):,}]"


def write_head(
    stage: Stage,
    book: Workbook,
    sheet: Worksheet,
    title: str,
    words: str,
    heads: Heads,
    mark: str,
) -> None:
    """Title, filter and data date over a row of heads that stays in sight.

    ``heads`` are names and widths of the columns; rows begin at ``FIRST``, counted from 0. ``mark``
    says who took it out and when: on the sheet, and on every page of it that is printed.
    """
    bold = book.add_format({"bold": True, "font_size": 14})
    quiet = book.add_format({"font_color": MUTED})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"})
    named = f"{title}({stage.simulated})" if stage.simulated else title
    sheet.write_string(0, 0, plain_text(named), bold)
    sheet.write_string(1, 0, plain_text(f"{stage.t('export_filter')}: {words}"), quiet)
    about = (f"{stage.t('data_date')}: {stage.county.data_date}", mark)
    sheet.write_string(2, 0, plain_text(" · ".join(filter(None, about))), quiet)
    for index, (name, width) in enumerate(heads):
        sheet.write_string(FIRST - 1, index, plain_text(name), head)
        sheet.set_column(index, index, width)
    sheet.freeze_panes(FIRST, 1)
    _set_paper(sheet, title, mark)


def _set_paper(sheet: Worksheet, title: str, mark: str) -> None:
    """A4 across, as wide as the table; heads, title and page number stand on every page."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(FIRST - 1)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.set_header(on_paper(mark))
    sheet.set_footer(f"&L{title.replace('&', '&&')}&R&P / &N")


def on_paper(mark: str) -> str:
    """A mark as the header of printed pages: small, right, within what a spreadsheet takes."""
    return f"&R&8{mark[:_MARK].replace('&', '&&')}"


def file_name(stage: Stage, what: str, words: str = "") -> str:
    """A workbook's name: place, what it lists by which filter, and the data date.

    A name that tells two lists of one page apart, and that every system takes as it stands.
    """
    said = [stage.place.name, what, words, stage.simulated, str(stage.county.data_date)]
    parts = (_NOT_IN_NAMES.sub(" ", part).strip() for part in said)
    # A file system's longest name is 255 bytes, and a Chinese character has three.
    return "_".join(" ".join(part.split())[:_PART] for part in parts if part) + ".xlsx"


def _is_amount(column: str) -> bool:
    return column.endswith("_yuan")
