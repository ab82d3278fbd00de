"""A briefing as a document: contents, headings, tables, and its charts as pictures."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from xml.sax.saxutils import quoteattr

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import OxmlElement
from docx.shared import Cm, Pt, RGBColor

from charts.theme import ACCENT, INK, MUTED
from papers import fonts, pdf
from papers.content import Cell, Chart, Paper, Section, Table, Text
from papers.fonts import BODY, HEADING, LATIN

_MARK = """<w:pict {namespaces} xmlns:v="urn:schemas-microsoft-com:vml"
  xmlns:o="urn:schemas-microsoft-com:office:office"><v:shapetype id="_x0000_t136"
  coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas>
  <v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/>
  <v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>
  <v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/></v:formulas>
  <v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/></v:shapetype>
  <v:shape id="watermark" type="#_x0000_t136" style="position:absolute;margin-left:0;margin-top:0;
  width:420pt;height:50pt;rotation:330;z-index:-251;mso-position-horizontal:center;
  mso-position-horizontal-relative:margin;mso-position-vertical:center;
  mso-position-vertical-relative:margin" fillcolor="#e6e6e6" stroked="f"><v:textpath
  style="font-family:&quot;Arial&quot;" string={words}/></v:shape></w:pict>"""


def write(paper: Paper) -> bytes:
    """The paper as a docx. Where this machine has no font to draw with, charts stand as tables."""
    book = Document()
    _styles(book)
    _page(book, paper)
    title = book.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(title, paper.title, size=22, bold=True, face=HEADING)
    under = book.add_paragraph()
    under.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(under, paper.subtitle, size=12, color=MUTED)
    if len(paper.sections) > 1:
        _contents(book, paper)
    for number, section in enumerate(paper.sections, 1):
        _section(book, paper, section, number)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _styles(book: Any) -> None:
    for name, face, size in (
        ("Normal", BODY, 12),
        ("Heading 1", HEADING, 16),
        ("Heading 2", HEADING, 13),
    ):
        style = book.styles[name]
        style.font.name, style.font.size = LATIN, Pt(size)
        style.font.color.rgb = RGBColor.from_string(INK.lstrip("#"))
        faces = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            faces.attrib.pop(qn(attribute), None)
        faces.set(qn("w:eastAsia"), face)


def _page(book: Any, paper: Paper) -> None:
    """A4, with what it stands on at the foot and the watermark behind each page."""
    section = book.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    head = section.header.paragraphs[0]
    _run(head, "  ".join(filter(None, (paper.title, paper.simulated))), size=9, color=MUTED)
    words = quoteattr(paper.watermark)
    mark = parse_xml(_MARK.format(namespaces=nsdecls("w"), words=words))
    head.add_run()._r.append(mark)
    foot = section.footer.paragraphs[0]
    _run(foot, f"{paper.foot} · ", size=8, color=MUTED)
    _field(foot, "PAGE", "1")


def _contents(book: Any, paper: Paper) -> None:
    """The sections with links; their pages are counted by whatever opens it."""
    head = book.add_paragraph()
    _run(head, paper.contents, size=14, bold=True, face=HEADING)
    for number, one in enumerate(paper.sections, 1):
        line = book.add_paragraph()
        line.paragraph_format.tab_stops.add_tab_stop(Cm(16), 2, 1)
        inner = OxmlElement("w:hyperlink")
        inner.set(qn("w:anchor"), f"section{number}")
        run = _run(line, one.title, size=12)
        inner.append(run._r)
        line._p.append(inner)
        _run(line, "\t", size=12)
        _field(line, f"PAGEREF section{number} \\h", "")
    book.add_page_break()


def _field(paragraph: Any, code: str, shown: str) -> None:
    """A field that is counted when the document is opened."""
    for kind in ("begin", None, "separate", "text", "end"):
        run = _run(paragraph, shown if kind == "text" else "", size=9, color=MUTED)
        if kind is None:
            text = OxmlElement("w:instrText")
            text.set(qn("xml:space"), "preserve")
            text.text = f" {code} "
            run._r.append(text)
        elif kind != "text":
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            if kind == "begin":
                mark.set(qn("w:dirty"), "true")
            run._r.append(mark)


def _section(book: Any, paper: Paper, section: Section, number: int) -> None:
    heading = book.add_heading(level=1)
    _run(heading, section.title, face=HEADING)
    for tag in ("w:bookmarkStart", "w:bookmarkEnd"):
        mark = OxmlElement(tag)
        mark.set(qn("w:id"), str(number))
        if tag == "w:bookmarkStart":
            mark.set(qn("w:name"), f"section{number}")
        heading._p.append(mark)
    for block in section.blocks:
        if isinstance(block, Text):
            _run(book.add_paragraph(), block.text, href=block.href)
        elif isinstance(block, Table):
            _table(book, block)
        else:
            _chart(book, paper, block)


def _chart(book: Any, paper: Paper, chart: Chart) -> None:
    _run(book.add_paragraph(), f"{chart.title} ({chart.unit})", bold=True, href=chart.href)
    if fonts.drawing() is not None:
        drawn = book.add_picture(BytesIO(pdf.picture(chart, paper.lang)), width=Cm(16))
        properties = drawn._inline.docPr
        properties.set("descr", chart.title)
        return
    rows = zip(chart.categories, chart.series.values, strict=True)
    cells = tuple((Cell(name), Cell(chart.text(value), value)) for name, value in rows)
    _table(book, Table(("", chart.unit), cells, frozenset({1})))


def _table(book: Any, table: Table) -> None:
    grid = book.add_table(len(table.rows) + 1, len(table.heads))
    grid.style = "Light List Accent 1"
    for index, head in enumerate(table.heads):
        _cell(grid.cell(0, index), Cell(head), index in table.numeric)
    for at, row in enumerate(table.rows, 1):
        for index, cell in enumerate(row):
            _cell(grid.cell(at, index), cell, index in table.numeric)
    properties = grid.rows[0]._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))  # again on each page
    book.add_paragraph()


def _cell(box: Any, cell: Cell, right: bool) -> None:
    paragraph = box.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
    _run(paragraph, cell.text, size=10.5, href=cell.href, color="")


def _run(
    paragraph: Any,
    text: str,
    *,
    size: float | None = None,
    bold: bool = False,
    color: str = "",
    face: str = BODY,
    href: str = "",
) -> Any:
    """A run with both faces in itself; a link where it tells of something that can be opened."""
    run = paragraph.add_run(text)
    run.font.name = LATIN
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
    run.font.bold = bold or None
    if size:
        run.font.size = Pt(size)
    shade = ACCENT if href else color
    if shade:
        run.font.color.rgb = RGBColor.from_string(shade.lstrip("#"))
    if href:
        inner = OxmlElement("w:hyperlink")
        key = paragraph.part.relate_to(href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        inner.set(qn("r:id"), key)
        paragraph._p.append(inner)
        inner.append(run._r)
    return run
