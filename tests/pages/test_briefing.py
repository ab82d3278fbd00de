"""Briefings as they are handed out: their numbers are those of the metrics, by their links."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pypdfium2
import pytest
from docx import Document
from openpyxl import load_workbook
from pptx import Presentation

from access.roles import MAY
from glossary import term
from metrics.board import COLUMNS
from metrics.county import County, open_county
from metrics.figures import SHOWN
from papers import fonts
from state import audit, meetings, saved_views
from state.audit import Filter
from state.database import opened
from state.meetings import Called, Decided
from state.saved_views import Words
from store.handouts import Handout
from store.scope import Scope
from store.snapshots import Home
from tests import viewers
from tests.pages.conftest import Open, shown
from tests.pages.taking import click
from tests.pages.test_meeting import begin
from tests.small_county import COUNTY, WEST
from views.parts import share

FORMATS = ("pptx", "docx", "xlsx", "pdf")
DRAWS = pytest.mark.skipif(fonts.drawing() is None, reason="no Chinese font on this machine")


@pytest.fixture(autouse=True)
def site(monkeypatch: pytest.MonkeyPatch) -> None:
    """The address that the browser would have open."""
    monkeypatch.setattr(share, "site", lambda: "https://tz.example")


def taken(held: Handout | None) -> bytes:
    assert held is not None
    with held.file as file:
        return file.read()


def county_of(home: Home) -> County:
    return open_county(home)


def first_sheet(content: bytes) -> dict[str, tuple[float | None, str]]:
    """The figures' names to their number and the address behind it."""
    sheet = load_workbook(BytesIO(content)).worksheets[0]
    found = {}
    for row in sheet.iter_rows(min_row=5):
        if isinstance(row[1].value, int | float):
            target = row[1].hyperlink.target if row[1].hyperlink else ""
            found[str(row[0].value)] = (float(row[1].value), target)
    return found


def test_figures_of_the_workbook_are_those_of_the_cube(open_own: Open, home: Home) -> None:
    found = first_sheet(taken(click(open_own("briefing"), "briefing_xlsx")))
    county = county_of(home)
    for key in SHOWN:
        indicator = county.indicators[key]
        value = county.cube.cell(key, COUNTY, county.data_date.year, Scope.of([COUNTY])).value
        if value is None:
            assert indicator.zh not in found
            continue
        shown_value, href = found[indicator.zh]
        assert shown_value == pytest.approx(value)
        query = parse_qs(urlsplit(href).query)
        if value:
            assert query["snapshot"] == [str(home.current_number())], "it opens what it showed"
            assert (query["region"], query["indicator"]) == ([COUNTY], [key])
    assert any(value for value, _ in found.values())


def test_all_four_files_say_the_same_figures(open_own: Open, home: Home) -> None:
    """As they read, in text of the slides, the document and the PDF: of one place."""
    app = open_own("briefing", region=WEST)
    county = county_of(home)
    year, scope = county.data_date.year, Scope.of([COUNTY])
    texts = {
        "pptx": _slides(taken(click(app, "briefing_pptx"))),
        "docx": _document(taken(click(app, "briefing_docx"))),
    }
    if fonts.drawing() is not None:
        texts["pdf"] = _pdf(taken(click(app, "briefing_pdf")))
    for name, text in texts.items():
        assert f"{county.data_date}" in text and term("simulated", "zh") in text, name
        for key in SHOWN:
            value = county.cube.cell(key, WEST, year, scope).value
            if value is not None and county.indicators[key].unit == "households":
                assert f"{value:,.0f}户" in text, (name, key)


def _slides(content: bytes) -> str:
    found = []
    for slide in Presentation(BytesIO(content)).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                found.append(shape.text_frame.text)
            if shape.has_table:
                found += [cell.text for row in shape.table.rows for cell in row.cells]
    return "\n".join(found)


def _document(content: bytes) -> str:
    book = Document(BytesIO(content))
    found = [one.text for one in book.paragraphs]
    found += [cell.text for grid in book.tables for row in grid.rows for cell in row.cells]
    found += [one.text for one in (*book.sections[0].header.paragraphs,
                                   *book.sections[0].footer.paragraphs)]  # fmt: skip
    return "\n".join(found)


def _pdf(content: bytes) -> str:
    pages = pypdfium2.PdfDocument(content)
    return "".join(page.get_textpage().get_text_range() for page in pages).replace(" ", "")


def test_the_chart_of_places_holds_the_boards_rates(open_own: Open, home: Home) -> None:
    show = Presentation(BytesIO(taken(click(open_own("briefing"), "briefing_pptx"))))
    charts = [shape.chart for slide in show.slides for shape in slide.shapes if shape.has_chart]
    county = county_of(home)
    places = [place.code for place in county.children(COUNTY, Scope.of([COUNTY]))]
    wanted = {
        county.places[code].short_name: county.cube.cell(
            COLUMNS[0], code, county.data_date.year, Scope.of([COUNTY])
        ).value
        for code in places
    }
    bars = [one for one in charts if set(one.plots[0].categories) == set(wanted)]
    assert bars, "the ranking is drawn"
    drawn = dict(zip(bars[0].plots[0].categories, bars[0].plots[0].series[0].values, strict=True))
    assert drawn == wanted


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_is_in_the_audit_and_its_head_on_the_paper(
    open_own: Open, home: Home, form: str
) -> None:
    if form == "pdf" and fonts.drawing() is None:
        pytest.skip("no Chinese font on this machine")
    content = taken(click(open_own("briefing"), f"briefing_{form}"))
    with opened(home.path) as state, state.reading() as session:
        entries = list(audit.entries(session, home.path, Filter(kinds=("export",))))
    begun = next(one for one in entries if one.outcome == "begun")
    assert begun.about["file"].endswith(f".{form}")
    text = {"pptx": _slides, "docx": _document, "pdf": _pdf,
            "xlsx": lambda one: str([cell.value for row in load_workbook(BytesIO(one)).active
                                     for cell in row])}[form](content)  # fmt: skip
    assert f"{begun.number}:{begun.hash}"[:40] in re.sub(r"\s", "", text)


def test_a_saved_view_and_a_meeting_have_papers_of_their_own(open_own: Open, home: Home) -> None:
    with opened(home.path) as state:
        view = saved_views.save(state, "map", f"region={WEST}&indicator=monitored_households&v=1",
                                Words("西片监测", "看看"), owner="demo").number  # fmt: skip
    app = open_own("briefing")
    app.selectbox(key="briefing_of").select(view).run()
    text = _document(taken(click(app, "briefing_docx")))
    county = county_of(home)
    value = county.cube.cell("monitored_households", WEST, 2025, Scope.of([COUNTY])).value
    assert "西片监测" in text and "看看" in text and f"{value:,.0f}户" in text
    number = begin(open_own, home)
    with opened(home.path) as state:
        meetings.decide(state, number, Decided("修路", "县交通局", date(2026, 2, 1)), by="demo")
    app = open_own("briefing", meeting=str(number))
    text = _slides(taken(click(app, "briefing_pptx")))
    for said in ("一月调度会", "监测户名单", "监测户分布", "修路", "县交通局", "/s/"):
        assert said in text, said


def test_a_paper_says_nothing_that_its_taker_may_not_see(
    open_own: Open, home: Home, look: Callable[..., None]
) -> None:
    number = begin(open_own, home)
    with opened(home.path) as state:
        meetings.change(
            state, number, Called("共享会", date(2026, 1, 5), shared=True), owner="demo"
        )
    look(viewers.role("township_leader", WEST))
    text = _slides(taken(click(open_own("briefing", meeting=str(number)), "briefing_pptx")))
    assert term("view_unseen", "zh") in text and "/s/" not in text
    monthly = _document(taken(click(open_own("briefing"), "briefing_docx")))
    county = county_of(home)
    for place in county.places.values():
        if place.level == "township" and place.code != WEST:
            assert place.short_name not in monthly, place.code


def test_who_may_not_export_has_no_button(
    open_own: Open, home: Home, look: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    less = MAY["county_leader"] - {"export"}
    monkeypatch.setitem(MAY, "county_leader", less)
    look(viewers.role("county_leader", COUNTY))
    app = open_own("briefing")
    assert not [one for one in app.button if (one.key or "").startswith("briefing_")]
    assert term("refused", "zh") in shown(app)


def test_english_pages_make_english_papers(open_own: Open, home: Home) -> None:
    text = _document(taken(click(open_own("briefing", lang="en"), "briefing_docx")))
    assert ("1. Where we stand" in text and "Data date" in text) or "data date" in text.lower()
    assert not re.search(r"[一二三四五六七]、", text)
