"""抽样: what is drawn of a filter is kept, sheeted, answered and told; others see none of it."""

from __future__ import annotations

import re
from io import BytesIO
from urllib.parse import parse_qsl, urlsplit

import pypdf
import pytest
from openpyxl import Workbook
from streamlit.testing.v1 import AppTest

from access.viewer import Viewer
from findings import asking
from findings.asking import Filter
from glossary import term
from metrics import lists
from metrics.county import open_county
from metrics.filters import HouseholdFilter
from papers import fonts
from papers.household_sheets import sheets_pdf
from sampling import chances, keeping, results
from sampling.questions import sample_code
from state import audit
from state.database import kept_open
from store.handouts import Handout
from store.scope import Scope
from store.snapshots import Home
from tests import viewers
from tests.findings.conftest import inspector, leader, township
from tests.pages import taking
from tests.pages.conftest import Open, notices, opener, remarks, shown
from tests.pages.test_problems import TODAY, click, links
from tests.small_county import COUNTY, EAST, MILL, WEST
from views.parts import brought_book
from views.sections.samples import results as section

_CELL = r"<t[hd][^>]*>(.*?)</t[hd]>"
QUERY = {"design": "township", "size": "4", "asks": "exit_housing.exit_water"}


@pytest.fixture
def open_as(home: Home, monkeypatch: pytest.MonkeyPatch):
    opens: Open = opener(home, monkeypatch)

    def open_page(who: Viewer, page: str = "samples", **query: str) -> AppTest:
        viewers.look(monkeypatch, who)
        monkeypatch.setattr("views.context.visitor.viewer_now", lambda *_, **__: who)
        app = opens(page, **query)
        assert not app.exception
        return app

    return open_page


def drawn(open_as, who: Viewer | None = None, **query: str) -> dict[str, str]:
    """Draw by a click; the address that it leads to, as a query."""
    app = click(open_as(who or inspector(), **{**QUERY, **query}), "sample_draw")
    assert not notices(app)
    ways = re.findall(r"/samples\?[^\"\s]*sample=\d+[^\"\s]*", shown(app).replace("&amp;", "&"))
    found = [dict(parse_qsl(urlsplit(way).query)) for way in ways]
    newest = max(int(one["sample"]) for one in found)
    query_, *same = [one for one in found if one["sample"] == str(newest)]
    assert all(one == query_ for one in same), "where it goes and what is listed are one address"
    return query_


def kept(home: Home, number: str):
    with kept_open(home.path).reading() as session:
        found = keeping.one(session, inspector(), int(number))
    assert found is not None
    return found


def rows(text: str) -> list[list[str]]:
    """The cells of every table row, as a person reads them."""
    found = re.findall(r"<tr[^>]*>(.*?)</tr>", text, re.DOTALL)
    return [
        [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(_CELL, row, re.DOTALL)]
        for row in found
    ]


def test_the_population_and_its_strata_are_those_of_the_list(open_as, home: Home) -> None:
    reader = open_county(home).reader(Scope.of([COUNTY]))
    for query in (
        {},
        {"region": EAST},
        {"group": "borderline"},
        {"select": "rule.exit_housing.missed"},
    ):
        cells = rows(shown(open_as(inspector(), design="township", size="3", **query)))
        sums = [int(row[1]) for row in cells if row[0] in ("东岭", "西川")]
        link = {k: v for k, v in query.items() if k != "region"}
        stage_filter = HouseholdFilter(query.get("region", COUNTY), 2025, **_parts(home, link))
        count, _ = lists.counted(reader, stage_filter)
        assert sum(sums) == count, query


def _parts(home: Home, query: dict[str, str]) -> dict[str, object]:
    from metrics.selections import selection

    rules = open_county(home).rules
    found: dict[str, object] = {}
    if "group" in query:
        found["groups"] = (rules[query["group"]],)
    if "select" in query:
        found["select"] = selection(query["select"])
    return found


def test_the_size_that_a_bound_needs_is_said_before_drawing(open_as) -> None:
    text = shown(open_as(inspector(), size="3"))
    most = chances.percent(chances.at_most_of(0, 3, 6), True)
    assert term("sample_would_tell", "zh", most=f"{most:g}%") in text
    cells = {row[0]: row[1:] for row in rows(text)}
    assert cells["10%"] == [str(chances.needed(0.1, 6)), "—", "—"]


def test_what_is_filtered_on_the_ledgers_is_drawn_from(open_as) -> None:
    app = open_as(inspector(), "ledgers", region=EAST, select="rule.exit_income.unknown")
    (way,) = [each for each in links(app) if each.startswith("/samples?") and "select=" in each]
    query = dict(parse_qsl(urlsplit(way).query))
    assert query == {"region": EAST, "select": "rule.exit_income.unknown"}
    text = shown(open_as(inspector(), **query))
    words = re.search(r'<h1 class="sentence">(.*?):', shown(app))
    assert words is not None and words[1] in text
    for who in (viewers.role("data_clerk"), viewers.viewer()):
        assert "/samples" not in shown(open_as(who, "ledgers"))


def test_a_draw_is_kept_with_its_seed_filter_snapshot_and_design(open_as, home: Home) -> None:
    query = drawn(open_as, select="rule.exit_income.unknown")
    found = kept(home, query["sample"])
    assert query | {"part": "list"} == query
    assert query["seed"] == str(found.sample.seed) and query["snapshot"] == "2"
    assert (query["design"], query["size"]) == ("township", "4")
    assert query["select"] == "rule.exit_income.unknown" and query["region"] == COUNTY
    app = open_as(inspector(), **query)
    text = shown(app)
    listed = [row[1] for row in rows(text) if row and row[0].isdigit()]
    assert listed == [one.household_id for one in found.households] and len(listed) == 4
    assert term("sample_same", "zh") in text, "drawn again by the seed of the address"
    with kept_open(home.path).reading() as session:
        entry = next(e for e in audit.entries(session, home.path) if e.kind == "sample")
        assert entry.actor == "du.cha" and entry.about["seed"] == found.sample.seed
    text = shown(open_as(inspector()))
    assert f"sample={query['sample']}" in text.replace("&amp;", "&")


def test_a_seed_in_an_address_is_not_the_one_that_is_drawn_by(open_as, home: Home) -> None:
    query = drawn(open_as, seed="1")
    assert kept(home, query["sample"]).sample.seed != 1


@pytest.mark.parametrize("who", [viewers.role("data_clerk"), viewers.role("administrator"),
                                 viewers.viewer()])  # fmt: skip
def test_others_get_the_one_refusal_page(open_as, who: Viewer) -> None:
    query = drawn(open_as)
    text = shown(open_as(who, **query))
    assert term("refused_hint", "zh") in text and query["seed"] not in text


def test_a_township_leader_sees_samples_of_their_own_place_alone(open_as, home: Home) -> None:
    county = drawn(open_as)
    west = drawn(open_as, inspector(WEST), region=WEST)
    app = open_as(township(WEST))
    assert remarks(app) == [term("samples_no_right", "zh")]
    assert not [b for b in app.button if b.key == "sample_draw"]
    told = shown(app).replace("&amp;", "&")
    assert f"sample={west['sample']}" in told and f"sample={county['sample']}" not in told
    text = shown(open_as(township(WEST), **west))
    assert {row[1] for row in rows(text) if row and row[0].isdigit()} <= {"H05", "H06"}
    app = open_as(township(WEST), sample=county["sample"])
    assert notices(app) == [term("refused_hint", "zh")]
    for other in (township(EAST), inspector(EAST)):
        app = open_as(other, sample=west["sample"])
        assert notices(app) == [term("refused_hint", "zh")]


def test_the_right_to_draw_is_asked_at_the_click(open_as, home: Home, monkeypatch) -> None:
    app = open_as(inspector(), **QUERY)
    monkeypatch.setattr("views.context.visitor.viewer_now", lambda *_, **__: leader())
    monkeypatch.setattr("views.context.visitor.viewer", lambda *_: leader())
    app.button(key="sample_draw").click().run()
    with kept_open(home.path).reading() as session:
        assert keeping.listed(session, inspector(), COUNTY) == []


def test_who_is_searched_for_by_name_is_not_sampled(open_as) -> None:
    app = open_as(inspector(), session={"searches": {"~0123456789ab": "张试三"}}, q="~0123456789ab")
    assert term("samples_no_search", "zh") in remarks(app)
    assert not [b for b in app.button if b.key == "sample_draw"]


# Sheets


def pdf(held: Handout | None) -> list[str]:
    assert held is not None and held.media_type == "application/pdf"
    with held.file as file:
        reader = pypdf.PdfReader(BytesIO(file.read()))
    return [page.extract_text() for page in reader.pages]


@pytest.mark.skipif(fonts.drawing() is None, reason="no Chinese font")
def test_there_is_a_page_a_household_with_what_to_check_masked_and_marked(
    open_as, home: Home
) -> None:
    query = drawn(open_as, size="6")  # all there are: each draw has another seed
    found = kept(home, query["sample"])
    app = open_as(inspector(), **query)
    held = taking.click(app, "sheets_pdf")
    pages = pdf(held)
    assert len(pages) == len(found.households)
    code = sample_code(found.sample.number)
    for one, page in zip(found.households, pages, strict=True):
        plain = re.sub(r"\s", "", page)
        assert one.household_id in plain and code in plain and query["seed"] in plain
        assert "2025-12-31" in plain and "模拟数据" in plain and "李四" in plain
        asked = "是否错退" if one.exited else "是否漏评"
        assert (asked in plain) == (one.exited or not one.registered)
        assert "住房安全有保障" in plain or one.household_id == "H04"
    whole = re.sub(r"\s", "", "".join(pages))
    assert "张*三" in whole and not re.search("张试三|周试八|孙试七", whole)
    with kept_open(home.path).reading() as session:
        exports = [e for e in audit.entries(session, home.path) if e.kind == "export"]
    assert [e.outcome for e in exports] == ["begun", "done"]
    assert exports[0].hash in whole, "the audit's head then"


def test_without_a_chinese_font_it_is_said_and_the_workbook_is_there(open_as, monkeypatch) -> None:
    query = drawn(open_as)
    monkeypatch.setattr(fonts, "drawing", lambda: None)
    app = open_as(inspector(), **query)
    assert notices(app) == [term("no_chinese_font", "zh")]
    keys = {b.key for b in app.button}
    assert "sheets_pdf" not in keys and "sheets_book" in keys
    with pytest.raises(fonts.NoFont):
        sheets_pdf({})


def book(open_as, query: dict[str, str]) -> Workbook:
    return taking.read(taking.click(open_as(inspector(), **query), "sheets_book"))


def test_the_workbook_lets_answers_be_chosen(open_as, home: Home) -> None:
    query = drawn(open_as)
    found = kept(home, query["sample"])
    filled = book(open_as, query)
    households, items = filled.worksheets
    assert households.max_row == 4 + len(found.households)
    count = sum("." in i.question for listed in found.items.values() for i in listed)
    assert items.max_row == 4 + count
    lists_ = {rule.formula1 for rule in households.data_validations.dataValidation}
    assert lists_ == {'"已入户,无人在家,已搬走,不愿接受"', '"是,否,说不清"'}
    assert not re.search("张试三|周试八", "".join(taking.texts(filled)))
    marked = [text for text in taking.texts(filled) if "李四" in text]
    assert marked, "who took it out"


def fill(filled: Workbook, household: str, **answers: str) -> None:
    """Answer as somebody on a phone: questions by name, rules with a dot as ``rule__key``."""
    for sheet in filled.worksheets:
        heads = [cell.value for cell in sheet[4]]
        for row in sheet.iter_rows(min_row=5):
            if row[heads.index("户编号")].value != household:
                continue
            for name, text in answers.items():
                asked = term(f"asked_{name}", "zh") if "__" not in name else None
                if asked in heads:
                    row[heads.index(asked)].value = text
                elif asked is None and "项目代码" in heads:
                    question = row[heads.index("项目代码")].value
                    if question == name.replace("__", "."):
                        row[heads.index("核查结果")].value = text


def returned(filled: Workbook) -> list[results.Returned]:
    held = BytesIO()
    filled.save(held)
    held.seek(0)
    with brought_book.read(held) as reading:
        return list(section.returned(reading))


def test_a_filled_workbook_comes_back_as_answers_findings_and_estimates(
    open_as, home: Home
) -> None:
    query = drawn(open_as, region=WEST, design="simple", size="2")
    number = int(query["sample"])
    filled = book(open_as, query)
    assert returned(filled) == [], "empty cells say nothing, nor those that are not asked"
    fill(filled, "H05", visit="已入户", wrongly_exited="否", satisfied="是",
         rule__exit_housing="否", rule__exit_water="是")  # fmt: skip
    fill(filled, "H06", visit="无人在家")
    state = kept_open(home.path)
    outcome = results.load(state, inspector(), number, returned(filled))
    assert (outcome.answered, outcome.odd, outcome.opened) == (6, 0, 1)
    with state.reading() as session:
        (finding,) = asking.every(session, inspector(), Filter(COUNTY, TODAY))
    assert (finding.source, finding.kind, finding.subject_id, finding.region_code) == (
        "sample", "rule.exit_housing", "H05", MILL,
    )  # fmt: skip
    cells = {
        row[0]: row[1:] for row in rows(shown(open_as(inspector(), **query | {"part": "results"})))
    }
    assert cells["错退率"][:2] == ["0/1户(应问1户)", "0%"]
    assert cells["群众认可度"][:2] == ["1/1户(应问2户)", "100%"]
    assert cells["住房安全有保障未达到的"][:2] == ["1/1户(应问2户)", "100%"]
    again = returned(book(open_as, query))
    assert results.load(state, inspector(), number, again).unchanged == 6


def test_what_is_odd_is_told_in_words_and_settled_on_the_page(open_as, home: Home) -> None:
    query = drawn(open_as, region=WEST, design="simple", size="2")
    number, state = int(query["sample"]), kept_open(home.path)
    filled = book(open_as, query)
    fill(filled, "H05", satisfied="是")
    rows_ = returned(filled)
    fill(filled, "H05", satisfied="否")
    other = results.Returned(9, "S999", "H05", "visit", "visited")
    stranger = results.Returned(9, f"S{number}", "H01", "visit", "visited")
    results.load(state, inspector(), number, [*rows_, *returned(filled), other, stranger])
    page = {**query, "part": "results"}
    text = shown(open_as(inspector(), **page))
    assert "第9行:写的是样本“S999”" in text and "第9行:户H01不在这个样本里" in text
    assert "答了两次,先是“是”,这次是“否”" in text
    assert not [b for b in open_as(leader(), **page).button if str(b.key).startswith("odd_")]
    app = open_as(inspector(), **page)
    (take,) = [b for b in app.button if str(b.key).startswith("odd_take_")]
    app = take.click().run()
    assert notices(app) == [term("odd_settled", "zh")]
    assert kept(home, query["sample"]).answers["H05", "satisfied"].answer == "no"


def test_read_only_refuses_in_words(open_as, home: Home, monkeypatch) -> None:
    query = drawn(open_as)
    monkeypatch.setenv("TAIZHANG_READ_ONLY", "1")
    app = open_as(inspector())
    assert term("samples_read_only", "zh") in remarks(app)
    assert not [b for b in app.button if b.key == "sample_draw"]
    app = open_as(inspector(), **query | {"part": "results"})
    assert term("samples_read_only", "zh") in remarks(app) and not app.get("file_uploader")


def test_english_is_whole(open_as) -> None:
    query = drawn(open_as)
    for part in ("draw", "list", "results"):
        assert not open_as(inspector(), **query | {"part": part, "lang": "en"}).exception
    assert "6 households" in shown(open_as(inspector(), lang="en"))
