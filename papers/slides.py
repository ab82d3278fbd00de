"""A briefing as slides with charts that can be edited: their numbers lie in a workbook inside."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION
from pptx.enum.text import PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Length, Pt

from charts.theme import ACCENT, INK, MUTED
from papers.content import Cell, Chart, Paper, Section, Table, Text, pieces
from papers.fonts import EAST_ASIAN, LATIN
from store.harmless import harmless

TEMPLATE = Path(__file__).with_name("briefing.pptx")
_ROWS = 12  # of a table on one slide, less those of words over it
_LINE, _LINE_HIGH = 48, 0.36  # characters of a line of words, and inches that it is high
_CHART_END = Inches(6.6)
_LEFT, _TEXT_WIDE = Inches(0.6), Inches(12.1)
_COVER, _PLAIN = 0, 5  # layouts of the template: title, and title only


def write(paper: Paper, template: Path | None = None) -> bytes:
    """The paper as a pptx over a template, ours or an office's own of the same layouts.

    Each text is a slide's first lines, each table one slide or more, each chart its own.
    """
    show = Presentation(str(template or TEMPLATE))
    cover = show.slides.add_slide(show.slide_layouts[_COVER])
    _say(cover.shapes.title.text_frame, paper.title)
    _say(cover.placeholders[1].text_frame, "\n".join(
        filter(None, (paper.subtitle, paper.about, paper.simulated))))  # fmt: skip
    _marked(cover, paper)
    _contents(show, paper)
    for section in paper.sections:
        _section(show, paper, section)
    target = BytesIO()
    show.save(target)
    return target.getvalue()


def _contents(show: Any, paper: Paper) -> None:
    if len(paper.sections) < 2:
        return
    slide = _slide(show, paper, paper.contents)
    frame = _frame(slide, Inches(1.4), Inches(5.2))
    for number, one in enumerate(paper.sections):
        _line(frame, one.title, 20, first=number == 0)


def _section(show: Any, paper: Paper, section: Section) -> None:
    """Its words stand over the first of what it shows, or on a slide of their own without any."""
    words = [block for block in section.blocks if isinstance(block, Text)]
    shown = [block for block in section.blocks if not isinstance(block, Text)]
    if not shown:
        _words(_slide(show, paper, section.title), words)
    for block in shown:
        if isinstance(block, Chart):
            title = f"{section.title} · {block.title}" if section.title else block.title
            slide = _slide(show, paper, title)
            _chart(slide, paper, block, _words(slide, words))
        elif isinstance(block, Table):
            for number, part in enumerate(pieces(block, _ROWS - len(words))):
                slide = _slide(show, paper, section.title)
                _table(slide, part, _words(slide, words if number == 0 else ()))
        words = []


def _words(slide: Any, words: Sequence[Text]) -> Length:
    """Paragraphs below the title; gives where they end."""
    top = Inches(1.3)
    if not words:
        return top
    lines = [len(one.text) // _LINE + 1 for one in words]
    high = Inches(_LINE_HIGH * sum(lines))
    frame = _frame(slide, top, high)
    for number, one in enumerate(words):
        _line(frame, one.text, 18, first=number == 0, href=one.href)
    return Length(top + high)


def _slide(show: Any, paper: Paper, title: str) -> Any:
    slide = show.slides.add_slide(show.slide_layouts[_PLAIN])
    _say(slide.shapes.title.text_frame, title)
    _marked(slide, paper)
    return slide


def _marked(slide: Any, paper: Paper) -> None:
    """The line of what it stands on, and the watermark behind all."""
    foot = _frame(slide, Inches(6.98), Inches(0.4))
    _line(foot, paper.foot, 9, first=True, color=MUTED)
    mark = slide.shapes.add_textbox(Inches(2), Inches(3), Inches(9.3), Inches(1.5))
    _line(mark.text_frame, paper.watermark, 32, first=True, color="#ececec")
    mark.text_frame.paragraphs[0].alignment = PP_ALIGN.CENTER
    mark.rotation = -20
    tree = slide.shapes._spTree
    tree.remove(mark._element)
    tree.insert(2, mark._element)  # behind everything


def _frame(slide: Any, top: Length, high: Length) -> Any:
    frame = slide.shapes.add_textbox(_LEFT, top, _TEXT_WIDE, high).text_frame
    frame.word_wrap = True
    return frame


def _say(frame: Any, text: str) -> None:
    for number, part in enumerate(text.split("\n")):
        _line(frame, part, None, first=number == 0)


def _line(
    frame: Any,
    text: str,
    size: int | None,
    *,
    first: bool,
    href: str = "",
    color: str = INK,
    bold: bool = False,
) -> Any:
    paragraph = frame.paragraphs[0] if first else frame.add_paragraph()
    run = paragraph.add_run()
    run.text = text
    if size:
        run.font.size = Pt(size)
        run.font.color.rgb = RGBColor.from_string(color.lstrip("#"))
    run.font.bold = bold or None
    _fonts(run._r.get_or_add_rPr())
    if href:
        run.hyperlink.address = href
    return paragraph


def _fonts(properties: Any) -> None:
    """Both faces in the run itself: what it is pasted into has another theme."""
    for tag, face in (("a:latin", LATIN), ("a:ea", EAST_ASIAN)):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
        one = etree.SubElement(properties, qn(tag))
        one.set("typeface", face)


def _table(slide: Any, table: Table, top: Length) -> None:
    rows, columns = len(table.rows) + 1, len(table.heads)
    high = Length(Inches(0.4) * rows)
    frame = slide.shapes.add_table(rows, columns, _LEFT, top, _TEXT_WIDE, high)
    grid = frame.table
    for index, head in enumerate(table.heads):
        _cell(grid.cell(0, index), Cell(head), index in table.numeric, bold=True)
    for at, row in enumerate(table.rows, 1):
        for index, cell in enumerate(row):
            _cell(grid.cell(at, index), cell, index in table.numeric)


def _cell(box: Any, cell: Cell, right: bool, *, bold: bool = False) -> None:
    color = "#FFFFFF" if bold else INK
    line = _line(box.text_frame, cell.text, 14, first=True, href=cell.href, color=color, bold=bold)
    line.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    box.margin_top = box.margin_bottom = Emu(30000)


def _chart(slide: Any, paper: Paper, chart: Chart, top: Length) -> None:
    """A chart that can be edited. Bars are drawn from below, so that they are turned round."""
    data = CategoryChartData(
        number_format=f"#,##0{'.' + '0' * chart.digits if chart.digits else ''}"
    )
    data.categories = [harmless(name) for name in chart.categories]
    data.add_series(f"{chart.series.name} ({chart.unit})", chart.series.values)
    bars = chart.kind == "bar"
    kind = XL_CHART_TYPE.BAR_CLUSTERED if bars else XL_CHART_TYPE.LINE_MARKERS
    place = (_LEFT, top, _TEXT_WIDE, Length(_CHART_END - top))
    made = slide.shapes.add_chart(kind, *place, data).chart
    made.has_legend = made.has_title = False
    made.font.size = Pt(14)
    made.font.color.rgb = RGBColor.from_string(INK.lstrip("#"))
    _fonts(made.font._rPr)
    plot = made.plots[0]
    plot.has_data_labels = bars or len(chart.categories) <= 15
    if plot.has_data_labels:
        labels = plot.data_labels
        labels.show_value = True
        labels.number_format_is_linked = True
        labels.position = XL_LABEL_POSITION.OUTSIDE_END if bars else XL_LABEL_POSITION.ABOVE
    made.value_axis.visible = False
    made.value_axis.has_major_gridlines = False
    made.category_axis.reverse_order = bars
    fill = plot.series[0].format
    colour = RGBColor.from_string(ACCENT.lstrip("#"))
    if bars:
        plot.gap_width = 45
        fill.fill.solid()
        fill.fill.fore_color.rgb = colour
    else:
        fill.line.color.rgb = colour
        plot.series[0].smooth = False
    note = _frame(slide, _CHART_END, Inches(0.4))
    words = f"{paper.opens} · {chart.unit}" if chart.href else chart.unit
    _line(note, words, 12, first=True, href=chart.href, color=MUTED)
