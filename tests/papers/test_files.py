"""Each file is opened again: whole, its faces set, its numbers those that it was given."""

from __future__ import annotations

import zipfile
from io import BytesIO
from itertools import chain

import pypdfium2
import pytest
from docx import Document
from docx.oxml.ns import qn as word
from lxml import etree
from openpyxl import load_workbook
from PIL import Image
from pptx import Presentation
from pptx.oxml.ns import qn

from papers import document, fonts, pdf, sheets, slides
from papers.content import Cell, Chart, Paper, Series, Table
from papers.fonts import EAST_ASIAN, LATIN, NoFont
from tests.papers.conftest import BAR, LINE, OPENS, TABLE

DRAWS = pytest.mark.skipif(fonts.drawing() is None, reason="no Chinese font on this machine")
DARK = 128  # of 255: what is ink


def whole(content: bytes) -> zipfile.ZipFile:
    """A package: each part is well-formed, and each relation leads to a part that there is."""
    book = zipfile.ZipFile(BytesIO(content))
    assert book.testzip() is None
    names = set(book.namelist())
    assert len(names) == len(book.namelist())
    types = etree.fromstring(book.read("[Content_Types].xml"))
    said = {one.get("PartName", "").lstrip("/") for one in types}
    endings = {one.get("Extension") for one in types}
    for name in names - {"[Content_Types].xml"}:
        assert name in said or name.rpartition(".")[2] in endings, name
        if name.endswith((".xml", ".rels")):
            root = etree.fromstring(book.read(name))
            if name.endswith(".rels"):
                _leads(root, name, names)
    return book


def _leads(root: etree._Element, name: str, names: set[str]) -> None:
    folder = name.replace("_rels/", "").rpartition("/")[0]
    for one in root:
        if one.get("TargetMode") != "External":
            target = one.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
            parts: list[str] = []
            for part in path.split("/"):
                parts = parts[:-1] if part == ".." else [*parts, part] if part else parts
            assert "/".join(parts) in names, (name, target)


@pytest.fixture(scope="module")
def shown(paper: Paper) -> bytes:
    return slides.write(paper)


@pytest.fixture(scope="module")
def written(paper: Paper) -> bytes:
    return document.write(paper)


def test_every_run_of_the_slides_has_both_faces_and_the_theme_too(shown: bytes) -> None:
    book = whole(shown)
    asked = [
        name
        for name in book.namelist()
        if name.startswith(("ppt/slides/slide", "ppt/charts/chart"))
    ]
    runs = 0
    for name in asked:
        root = etree.fromstring(book.read(name))
        for text in root.iter(qn("a:r")):
            face = text.find(f"{qn('a:rPr')}/{qn('a:ea')}")
            assert face is not None and face.get("typeface") == EAST_ASIAN, etree.tostring(text)
            runs += 1
        if "charts/" in name:
            faces = root.findall(f".//{qn('c:txPr')}//{qn('a:ea')}")
            assert faces and {one.get("typeface") for one in faces} == {EAST_ASIAN}
    assert runs > 20
    theme = etree.fromstring(book.read("ppt/theme/theme1.xml"))
    for kind in ("a:majorFont", "a:minorFont"):
        (fonts_,) = theme.iter(qn(kind))
        assert fonts_.find(qn("a:ea")).get("typeface") == EAST_ASIAN
        assert fonts_.find(qn("a:latin")).get("typeface") == LATIN


def test_charts_of_the_slides_hold_their_numbers_to_be_edited(shown: bytes) -> None:
    show = Presentation(BytesIO(shown))
    drawn = [shape.chart for slide in show.slides for shape in slide.shapes if shape.has_chart]
    assert len(drawn) == 2
    for chart, given in zip(drawn, (BAR, LINE), strict=True):
        assert tuple(chart.plots[0].series[0].values) == given.series.values
        inside = load_workbook(BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active
        assert [row[1] for row in inside.iter_rows(2, values_only=True)] == list(
            given.series.values
        )
        assert (
            next(inside.iter_rows(1, 1, values_only=True))[1]
            == f"{given.series.name} ({given.unit})"
        )
    names = list(drawn[0].plots[0].categories)
    assert names == ["永乐", "西口", "'=SUM(1)"], "a name is no formula once the chart is edited"


def test_each_slide_says_what_it_stands_on_and_nothing_leaves_it(
    shown: bytes, paper: Paper
) -> None:
    show = Presentation(BytesIO(shown))
    for number, slide in enumerate(show.slides):
        texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        assert paper.foot in texts and paper.watermark in texts, number
        for shape in slide.shapes:
            assert 0 <= shape.left <= shape.left + shape.width <= show.slide_width, shape.name
            assert 0 <= shape.top <= shape.top + shape.height <= show.slide_height, shape.name
    links = {
        run.hyperlink.address
        for slide in show.slides
        for shape in slide.shapes
        if shape.has_text_frame
        for paragraph in shape.text_frame.paragraphs
        for run in paragraph.runs
    }
    assert OPENS in links


def test_a_long_table_goes_on_on_the_next_slide_with_its_heads(paper: Paper) -> None:
    rows = tuple((Cell(f"村{n}"), Cell(str(n), float(n))) for n in range(30))
    long = Table(("村", "户"), rows)
    section = type(paper.sections[0])("名单", (long,))
    told = type(paper)(**{name: getattr(paper, name) for name in paper.__slots__}
                       | {"sections": (section,)})  # fmt: skip
    show = Presentation(BytesIO(slides.write(told)))
    grids = [shape.table for slide in show.slides for shape in slide.shapes if shape.has_table]
    assert all(grid.cell(0, 0).text == "村" for grid in grids) and len(grids) == 3
    found = [grid.cell(at, 1).text for grid in grids for at in range(1, len(grid.rows))]
    assert found == [str(n) for n in range(30)]


def test_an_office_may_have_slides_of_its_own(paper: Paper, tmp_path) -> None:
    own = Presentation(str(slides.TEMPLATE))
    own.core_properties.author = "县乡村振兴局"
    own.save(tmp_path / "own.pptx")
    made = Presentation(BytesIO(slides.write(paper, tmp_path / "own.pptx")))
    assert made.core_properties.author == "县乡村振兴局"


def test_the_document_has_contents_tables_faces_and_what_it_stands_on(
    written: bytes, paper: Paper
) -> None:
    whole(written)
    book = Document(BytesIO(written))
    headings = [one.text for one in book.paragraphs if one.style.name == "Heading 1"]
    assert headings == [one.title for one in paper.sections]
    anchors = [one.get(word("w:anchor")) for one in book.element.iter(word("w:hyperlink"))]
    marks = [one.get(word("w:name")) for one in book.element.iter(word("w:bookmarkStart"))]
    assert [one for one in anchors if one] == marks == ["section1", "section2"]
    grid = book.tables[0]
    assert [[cell.text for cell in row.cells] for row in grid.rows] == [
        list(TABLE.heads), *([cell.text for cell in row] for row in TABLE.rows),
    ]  # fmt: skip
    part = book.sections[0]
    assert paper.foot in part.footer.paragraphs[0].text
    head = part.header.paragraphs[0]
    assert paper.simulated in head.text
    shapes = head._p.xpath(".//*[local-name()='textpath'][@string]")
    assert [one.get("string") for one in shapes] == [paper.watermark]
    runs = chain(book.element.iter(word("w:r")), part.header._element.iter(word("w:r")),
                 part.footer._element.iter(word("w:r")))  # fmt: skip
    for run in runs:
        if "".join(one.text or "" for one in run.iter(word("w:t"))).strip():
            face = run.find(f"{word('w:rPr')}/{word('w:rFonts')}")
            assert face is not None and face.get(word("w:eastAsia")), etree.tostring(run)
    outward = [rel.target_ref for rel in book.part.rels.values() if rel.is_external]
    assert OPENS in outward


@DRAWS
def test_pictures_of_the_document_show_something(written: bytes) -> None:
    book = zipfile.ZipFile(BytesIO(written))
    names = [name for name in book.namelist() if name.startswith("word/media/")]
    assert len(names) == 2
    for name in names:
        drawn = Image.open(BytesIO(book.read(name))).convert("L")
        ink = sum(drawn.histogram()[:DARK])
        assert drawn.width > 1000 and ink > 2000, name


@DRAWS
def test_a_longer_bar_is_drawn_longer() -> None:
    def width(values: tuple[float, ...]) -> int:
        chart = Chart("bar", "x", "户", ("甲", "乙"), Series("x", values))
        drawn = Image.open(BytesIO(pdf.picture(chart, "zh"))).convert("RGB")
        quiet = [x for x in range(drawn.width) for y in range(0, drawn.height, 4)
                 if drawn.getpixel((x, y)) == (0xB9, 0xC6, 0xCF)]  # fmt: skip
        return max(quiet) - min(quiet)

    half, tenth = width((100.0, 50.0)), width((100.0, 10.0))
    assert half / tenth == pytest.approx(5, rel=0.1)


def test_where_nothing_can_be_drawn_charts_stand_as_tables(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "drawing", lambda: None)
    content = document.write(paper)
    assert not [name for name in whole(content).namelist() if name.startswith("word/media/")]
    grids = Document(BytesIO(content)).tables
    assert [cell.text for cell in grids[1].columns[1].cells] == ["户", "88", "64", "—"]
    with pytest.raises(NoFont):
        pdf.write(paper)


def test_numbers_of_the_workbook_are_numbers_and_texts_are_no_formulas(paper: Paper) -> None:
    content = sheets.write(paper)
    whole(content)
    book = load_workbook(BytesIO(content))
    assert book.sheetnames == ["1 一、情况", "2 二、走势"]
    first = book.worksheets[0]
    cells = [cell for row in first.iter_rows() for cell in row if cell.value is not None]
    numbers = [cell.value for cell in cells if isinstance(cell.value, int | float)]
    assert numbers == [349, 22.14, 88, 64]
    assert not [cell for cell in cells if cell.data_type == "f"]
    linked = {cell.value: cell.hyperlink.target for cell in cells if cell.hyperlink}
    assert linked[349] == OPENS
    for sheet in book:
        assert len(sheet._charts) == 1
        assert paper.foot in [cell.value for cell in sheet["A"]]
        assert paper.mark in (sheet.oddHeader.right.text or "")
    names = {cell.font.name for cell in cells}
    assert names == {EAST_ASIAN}


@DRAWS
def test_pages_of_the_pdf_hold_what_they_should(paper: Paper) -> None:
    book = pypdfium2.PdfDocument(pdf.write(paper))
    for page in book:
        text = page.get_textpage().get_text_range().replace("\r\n", "").replace(" ", "")
        for said in (paper.about, paper.mark, paper.simulated, paper.watermark):
            assert said.replace(" ", "") in text, said
        drawn = page.render(scale=1).to_pil().convert("L")
        assert sum(drawn.histogram()[:DARK]) > 1000
    every = "".join(page.get_textpage().get_text_range() for page in book).replace(" ", "")
    for said in ("349户", "22.1%", "88", "64", "11.3", "22.1", "#<b>不是标记</b>", "目录"):
        assert said in every, said
    assert OPENS.encode() in pdf.write(paper)
