"""资金: every number of the page against the list that it opens, by cell."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from access.viewer import Viewer
from metrics.funds import BOOK_PARTS, PARTS
from store.snapshots import Home
from tests import viewers
from tests.pages.conftest import Open, notices, opener, shown
from tests.pages.tables import Page, Table, read
from tests.small_county import COUNTY, EAST


@pytest.fixture
def open_funds(funded_home: Home, monkeypatch: pytest.MonkeyPatch) -> Open:
    return opener(funded_home, monkeypatch)


def _lines(app: AppTest) -> Table:
    [found] = [table for table in read(app).tables if "来源行" in table.head]
    return found


def _sum(table: Table, head: str) -> float:
    return sum(cell.number or 0 for cell in table.column(head))


def test_the_sentence_says_what_came_was_allotted_and_paid(open_funds: Open) -> None:
    app = open_funds("funds")
    assert not app.exception
    said = "试验县2025年资金13.5万元,已下达11.5万元,已支付6.67万元,占下达的58.2%;全年时间已过100%"
    assert said in shown(app)
    assert "另有200元超过下达支付" in shown(app)


@pytest.mark.parametrize("part", [None, *PARTS])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_part_is_drawn_in_both_languages(
    open_funds: Open, part: str | None, lang: str
) -> None:
    keys = {"lang": lang} if lang == "en" else {}
    app = open_funds("funds", **keys, **({"part": part} if part else {}))
    assert not app.exception and len(shown(app)) > 500


def _amounts(page: Page) -> dict[str, str]:
    """Bands of the flow by what they open."""
    found = {cell.query["fund"]: cell.text for cell in page.marks if "fund" in cell.query}
    return {fund: text for fund, text in found.items() if fund != "own"}


_HEADS = {"left": "未支付金额", "idle": "未支付金额"}


def test_each_band_opens_lines_that_add_up_to_it(open_funds: Open) -> None:
    """The sum stands over the list; of what has a column of its own the rows add up to it too."""
    bands = _amounts(read(open_funds("funds")))
    assert len(bands) == 9
    for fund, said in bands.items():
        app = open_funds("funds", part="lines", fund=fund)
        [title] = [one for one in read(app).headings if "资金明细" in one]
        amount = float(said.removesuffix("元").replace(",", ""))
        over = float(title.rpartition("共")[2].removesuffix("元").replace(",", ""))
        assert over == pytest.approx(amount, abs=0.5), fund
        use = fund.rpartition(".")[2]
        if use not in ("units", "households"):
            assert _sum(_lines(app), _HEADS.get(use, "资金")) == pytest.approx(over), fund


def test_the_bar_of_each_place_opens_its_lines(open_funds: Open) -> None:
    """That of the place itself too, whose lines are of none inside it."""
    bars = {
        one.query.get("fund", one.query.get("region", "")): one.query
        for one in read(open_funds("funds")).marks
        if one.query.get("part") == "lines" and {"fund", "region"} & one.query.keys()
    }
    own = _lines(open_funds("funds", **bars["own"]))
    assert [row[0].text for row in own.rows] == ["L3"]
    assert [row[0].text for row in _lines(open_funds("funds", **bars[EAST])).rows] == ["L1", "L2"]


def test_each_act_opens_as_many_lines_as_it_says(open_funds: Open) -> None:
    [acts] = [t for t in read(open_funds("funds")).tables if "程度" in t.head]
    assert 0 < len(acts.rows) <= 7
    for row in acts.rows:
        cell = row[2]
        if "part" in cell.query:
            table = _lines(open_funds("funds", **cell.query))
            assert len(table.rows) == cell.number
        else:
            assert cell.href.startswith("/quality?")


def test_each_ledger_opens_its_lines(open_funds: Open) -> None:
    [books] = [t for t in read(open_funds("funds", part="books")).tables if "台账" in t.head]
    assert len(books.rows) == 6
    parts = []
    for row in books.rows:
        opened = open_funds("funds", **row[0].query)
        table = _lines(opened)
        parts.append(row[0].query["part"])
        assert len(table.rows) == row[1].number
        head = "收到金额" if "收到金额" in table.head else "资金"
        assert _sum(table, head) == row[2].number
        if row[5].text.isdigit():
            assert [c.text for c in table.column("与上级账不符")].count("是") == row[5].number
        if row[5].query:
            differing = _lines(open_funds("funds", **row[5].query)).column("与上级账不符")
            assert [c.text for c in differing] == ["是"] * int(row[5].number or 0)
    assert set(parts) <= set(BOOK_PARTS)


def test_a_line_has_its_file_and_row_and_its_households(open_funds: Open) -> None:
    app = open_funds("funds", id="L2")
    text = shown(app)
    assert "东岭·province资金:下达9,000元,已支付6,000元,剩余3,000元" in text
    assert "资金下达明细表.xlsx" in text and "模财农〔2025〕2号" in text
    assert "支付到户6,000.00元,花名册合计5,000.00元" in text.replace(
        "6,000元", "6,000.00元"
    ).replace("5,000元", "5,000.00元")
    [lists] = [t for t in read(app).tables if "发放流水号" in t.head]
    assert _sum(lists, "资金") == 5000
    assert lists.rows[0][2].query["id"] == "H01"


def test_no_line_of_another_township_is_shown(open_funds: Open, only_west: None) -> None:
    text = shown(open_funds("funds", id="L2"))
    assert "没有这条指标或无权查看" in text and "9,000" not in text
    table = _lines(open_funds("funds", part="lines"))
    assert [row[0].text for row in table.rows] == ["L5"]


def test_notices_of_the_year_narrow_the_list(open_funds: Open) -> None:
    app = open_funds("funds", part="publication")
    page, text = read(app), shown(app)
    assert "2025年下达4条,已公示2条" in page.headings[0]
    # Each check says its document; what is weak of their thresholds is one mark that opens.
    assert text.count("国开办发〔2018〕11号") >= 2 and "政府信息公开条例" in text
    assert text.count('<summary><span class="mark weak">') == 1
    for facet in page.facets:
        if facet.href:
            table = _lines(open_funds("funds", **facet.query))
            assert len(table.rows) == facet.number


def test_reports_without_an_answer_come_first(open_funds: Open) -> None:
    app = open_funds("funds", part="complaints")
    assert "群众反映3件,未答复1件" in shown(app)
    [table] = [t for t in read(app).tables if "投诉编号" in t.head]
    assert [row[0].text for row in table.rows] == ["C1", "C2", "C3"]
    assert table.rows[0][-1].query["draft"] == "check.complaint_unanswered.subject.C1"


@pytest.mark.parametrize("part", ["complaints", "inquiries"])
def test_each_state_of_answers_opens_its_entries(open_funds: Open, part: str) -> None:
    """An answer without a date is neither unanswered nor in time, and opens as what it is."""
    facets = [f for f in read(open_funds("funds", part=part)).facets if "state" in f.query]
    assert {f.query["state"]: f.number for f in facets} == (
        {"overdue": 1, "answered": 1, "undated": 1} if part == "complaints" else {"answered": 1}
    )
    for facet in facets:
        [table] = [
            t for t in read(open_funds("funds", **facet.query)).tables if "答复日期" in t.head
        ]
        assert len(table.rows) == facet.number


def test_a_notice_of_elsewhere_is_no_money_of_the_county(open_funds: Open) -> None:
    page = read(open_funds("funds", part="notices"))
    assert "资金安排表:本县1份,外地和上级1份" in page.headings[0]
    [notices] = [t for t in page.tables if "文件标题" in t.head]
    assert [row[1].text for row in notices.rows] == ["本县", "外地或上级,仅供参考"]
    assert [row[5].text for row in notices.rows] == ["1处合计均相符", "1处合计有1处不符"]
    for row in notices.rows:
        opened = open_funds("funds", **row[0].query)
        [table] = [t for t in read(opened).tables if "备注" in t.head]
        [totals] = [t for t in read(opened).tables if "各行相加" in t.head]
        assert _sum(totals, "各行相加") == row[3].number
        assert len(table.rows) == row[2].number and _sum(table, "资金") == row[3].number
        assert sum(bool(c.text.strip("—")) for c in table.column("备注")) == row[4].number
        assert ("不是本县的资金" in shown(opened)) == (row is notices.rows[1])


def test_a_place_without_a_line_says_so(open_funds: Open) -> None:
    app = open_funds("funds", year="2023")
    assert "2023年没有资金下达" in shown(app) and not read(app).marks


def test_the_household_file_has_every_yuan_with_its_line(open_funds: Open) -> None:
    app = open_funds("household", id="H03")
    assert "钱到户:2笔,共2,000元" in shown(app)
    [table] = [t for t in read(app).tables if "到账日期" in t.head]
    assert _sum_yuan(table) == 2000
    assert table.rows[0][3].query["id"] == "L2"
    assert "没有资金到户的记录" in shown(open_funds("household", id="H06"))


def _sum_yuan(table: Table) -> float:
    return sum(float(c.text.removesuffix("元").replace(",", "")) for c in table.column("资金"))


def test_an_indicator_of_funds_opens_its_lines(open_funds: Open) -> None:
    text = shown(open_funds("trends", indicator="fund_idle"))
    assert "/funds?" in text and "fund=idle" in text


def test_what_a_check_found_of_a_line_is_taken_up_as_a_problem(
    funded_home: Home,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    look: Callable[[Viewer], None],
) -> None:
    """By whoever may; the board of supervision and the line say so then."""
    ignored = shutil.ignore_patterns("state.db*")
    shutil.copytree(funded_home.path, tmp_path / "home", ignore=ignored)
    look(viewers.role("inspector", COUNTY))
    open_own = opener(Home(tmp_path / "home"), monkeypatch)
    [href] = [
        cell.href
        for cell in read(open_own("funds", id="L4")).links
        if "draft=check.allotment_idle_two_years" in cell.href
    ]
    app = open_own("problems", draft=href.partition("draft=")[2])
    assert "资金闲置满两年应收回" in shown(app)
    [button] = [one for one in app.button if one.key.startswith("do_open_")]
    button.click().run()
    assert not app.exception
    assert "问题" in shown(open_own("funds", id="L4"))
    board = open_own("funds", part="supervision")
    assert "资金问题未办结1项" in shown(board) and "都还没有交办" in shown(board)
    opens = next(one for one in read(board).facets if one.query.get("state") == "open")
    listed = open_own("problems", **opens.query)
    assert opens.number == 1 and "资金闲置满两年应收回" in shown(listed)
    assert "资金问题" in shown(listed)


def test_a_problem_of_a_line_that_is_not_theirs_cannot_be_begun(
    open_funds: Open, only_west: None
) -> None:
    app = open_funds("problems", draft="check.allotment_unpublished.L3")
    assert "5,000" not in shown(app) and notices(app)
