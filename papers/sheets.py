"""A briefing as a workbook: a sheet a section, numbers as numbers, charts that can be edited."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import xlsxwriter

from charts.theme import ACCENT, MUTED
from papers.content import Cell, Chart, Paper, Section, Table, Text
from papers.fonts import EAST_ASIAN
from store.harmless import harmless

_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_NAME = 28  # characters of a sheet's name, which holds 31
_HEADER = 120  # characters of a mark on paper: a header holds 255, and & is written twice
_ROWS_OF_CHART = 18
_A4 = 9


def write(paper: Paper) -> bytes:
    """The paper as an xlsx."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.formats[0].set_font_name(EAST_ASIAN)
    forms = _Forms(book)
    for number, section in enumerate(paper.sections, 1):
        name = f"{number} {_NOT_IN_NAMES.sub(' ', section.title)}"[:_NAME]
        _section(book, book.add_worksheet(name), paper, section, forms)
    book.close()
    return target.getvalue()


class _Forms:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        def made(**more: Any) -> Any:
            return book.add_format({"font_name": EAST_ASIAN, **more})

        self.plain = made(text_wrap=True, valign="top")
        self.link = made(font_color=ACCENT, underline=1, text_wrap=True, valign="top")
        self.title = made(bold=True, font_size=14)
        self.quiet = made(font_color=MUTED)
        self.head = made(bold=True, bottom=1, text_wrap=True)
        self.numbers = {n: made(num_format=f"#,##0{'.' + '0' * n if n else ''}") for n in range(3)}
        self.linked = {
            n: made(num_format=f"#,##0{'.' + '0' * n if n else ''}", font_color=ACCENT, underline=1)
            for n in range(3)
        }


def _section(book: Any, sheet: Any, paper: Paper, section: Section, forms: _Forms) -> None:
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_header(f"&R&8{paper.mark[:_HEADER].replace('&', '&&')}")
    sheet.set_footer(f"&L&8{paper.watermark[:_HEADER].replace('&', '&&')}&R&P / &N")
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 12, 16)
    title = f"{paper.title} · {section.title}"
    sheet.write_string(0, 0, harmless(title), forms.title)
    sheet.write_string(1, 0, harmless(paper.foot), forms.quiet)
    at = 3
    for block in section.blocks:
        if isinstance(block, Text):
            at = _text(sheet, at, block, forms)
        elif isinstance(block, Table):
            at = _table(sheet, at, block, forms)
        else:
            at = _chart(book, sheet, at, block, forms)


def _text(sheet: Any, at: int, block: Text, forms: _Forms) -> int:
    sheet.merge_range(at, 0, at, 6, "", forms.plain)
    sheet.set_row(at, 15 * (1 + len(block.text) // 55))
    _write(sheet, at, 0, Cell(block.text, href=block.href), forms)
    return at + 2


def _table(sheet: Any, at: int, table: Table, forms: _Forms) -> int:
    for column, head in enumerate(table.heads):
        sheet.write_string(at, column, harmless(head), forms.head)
    for row, cells in enumerate(table.rows, at + 1):
        for column, cell in enumerate(cells):
            _write(sheet, row, column, cell, forms)
    return at + len(table.rows) + 2


def _write(sheet: Any, row: int, column: int, cell: Cell, forms: _Forms) -> None:
    if cell.value is not None:
        if cell.href:  # the number itself stands in the cell: the link only covers it
            sheet.write_url(row, column, cell.href)
        form = forms.linked if cell.href else forms.numbers
        sheet.write_number(row, column, cell.value, form[cell.digits])
    elif cell.href:
        sheet.write_url(row, column, cell.href, forms.link, harmless(cell.text))
    else:
        sheet.write_string(row, column, harmless(cell.text), forms.plain)


def _chart(book: Any, sheet: Any, at: int, chart: Chart, forms: _Forms) -> int:
    sheet.write_string(at, 0, harmless(chart.title), forms.head)
    sheet.write_string(at, 1, harmless(chart.unit), forms.head)
    first, last = at + 1, at + len(chart.categories)
    values = zip(chart.categories, chart.series.values, strict=True)
    for row, (name, value) in enumerate(values, first):
        _write(sheet, row, 0, Cell(name), forms)
        _write(sheet, row, 1, Cell(chart.text(value), value, digits=chart.digits), forms)
    drawn = book.add_chart({"type": "bar" if chart.kind == "bar" else "line"})
    drawn.add_series({
        "name": [sheet.name, at, 0],
        "categories": [sheet.name, first, 0, last, 0],
        "values": [sheet.name, first, 1, last, 1],
        "data_labels": {"value": True, "font": {"name": EAST_ASIAN}},
        "fill": {"color": ACCENT},
        "line": {"color": ACCENT},
    })  # fmt: skip
    drawn.set_legend({"none": True})
    drawn.set_title({"name": chart.title, "name_font": {"name": EAST_ASIAN, "size": 12}})
    drawn.set_x_axis({"num_font": {"name": EAST_ASIAN}})
    drawn.set_y_axis({"num_font": {"name": EAST_ASIAN}, "reverse": chart.kind == "bar"})
    sheet.insert_chart(at, 3, drawn, {"x_scale": 1.2})
    return max(last, at + _ROWS_OF_CHART) + 2
