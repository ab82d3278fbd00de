"""督办 over the small county: an entry, a screening and an inspection are late, and a problem."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from access.viewer import Viewer
from findings import writing
from findings.writing import Given, Measure, Problem
from state.database import kept_open
from store.snapshots import Home
from tests import viewers
from tests.pages import taking
from tests.pages.conftest import Open, shown
from tests.pages.tables import Cell, read
from tests.small_county import HILL, MILL, WEST


def _problem(home: Home, kind: str, due: date) -> int:
    """One of H05, in the mill's village, given to a unit until a day."""
    who, state = viewers.role("inspector", subject="du.cha"), kept_open(home.path)
    number = writing.open_finding(
        state,
        who,
        Problem("check", kind, "household", "H05", MILL, "收入没有核实", "H05"),
    )
    given = Given("", measures=(Measure("重新核算收入", ("民政局", "乡村振兴局")),), due=due)
    writing.take(state, who, number, "assign", given)
    return number


def test_it_says_how_many_are_late_and_each_system_opens_its_list(open_page: Open) -> None:
    app = open_page("overdue")
    assert "试验县逾期或未整改4件,最久579天" in shown(app)
    facets = {facet.text: facet for facet in read(app).facets}
    counts = {"全部": 4, "台账": 1, "防返贫监测": 1, "过筛子": 1, "六项排查": 1}
    assert {name: facet.number for name, facet in facets.items()} == counts
    for name, count in counts.items():
        assert len(listed(open_page, **facets[name].query)) == count, name


def listed(open_page: Open, **query: str) -> list[dict[str, str]]:
    """The rows of the list that an address opens, by head."""
    app = open_page("overdue", **query)
    assert not app.exception
    [table] = [t for t in read(app).tables if "逾期或未整改天数" in t.head]
    return [{h: c.text for h, c in zip(table.head, row, strict=True)} for row in table.rows]


def test_places_are_ranked_and_each_number_is_its_list(open_page: Open) -> None:
    table = read(open_page("overdue")).tables[0]
    told = {row[0].text: [cell.text for cell in row[1:]] for row in table.rows}
    assert told == {
        "东岭": ["1", "1", "0", "0", "0", "2", "579"],
        "西川": ["0", "0", "1", "1", "0", "2", "213"],
    }
    for row in table.rows:
        for cell in row[1:-1]:
            if cell.text != "0":
                assert len(listed(open_page, **cell.query)) == int(cell.text)


def test_the_list_says_what_whom_by_whom_and_for_how_long(open_page: Open) -> None:
    rows = listed(open_page, part="all")
    days = ["579", "213", "184", "183"]
    assert [row["逾期或未整改天数"] for row in rows] == days, "the longest first"
    assert [row["事项"] for row in rows] == [
        "待落实措施",
        "家庭收入",
        "独居老人户",
        "住房安全",
    ]
    assert [row["户编号"] for row in rows] == ["H04", "H05", "H02", "H06"]
    assert [row["责任"] for row in rows] == ["—", "—", "吴*十", "社会事务中心"]
    assert [row["时限"] for row in rows] == ["2024-05-31", "—", "2025-06-30", "2025-07-01"]
    by_place = listed(open_page, part="all", sort="village_code")
    assert [row["地区"] for row in by_place] == ["高坡", "溪口", "磨坊", "磨坊"]
    turned = listed(open_page, part="all", sort="-days")
    assert [row["逾期或未整改天数"] for row in turned] == days[::-1]


def test_problems_stand_among_the_others_with_all_their_units(
    home: Home, open_own: Open, look: Callable[[Viewer], None]
) -> None:
    look(viewers.role("inspector"))
    today = datetime.now().astimezone().date()
    number = _problem(home, "rule.exit_income", today - timedelta(days=400))
    _problem(home, "rule.exit_housing", today + timedelta(days=1))  # in time yet
    rows = listed(open_own, part="all")
    assert [row["逾期或未整改天数"] for row in rows] == ["579", "400", "213", "184", "183"]
    problem = rows[1]
    assert (problem["系统"], problem["责任"]) == ("问题台账", "乡村振兴局、民政局")
    page = read(open_own("overdue", region=WEST))
    assert page.tables[0].row("磨坊")["问题台账"].text == "1"
    units = page.table("件数")
    assert {row[0].text: row[1].text for row in units.rows} == {
        "乡村振兴局": "1", "民政局": "1", "社会事务中心": "1"
    }  # fmt: skip
    assert any(f"finding={number}" in link.href for link in _links(open_own))


def _links(open_own: Open) -> list[Cell]:
    return read(open_own("overdue", part="problems")).links


def test_of_another_township_nothing_is_told(open_page: Open, only_west: None) -> None:
    app = open_page("overdue")
    assert "逾期或未整改2件" in shown(app) and "东岭" not in shown(app)
    assert {row["户编号"] for row in listed(open_page, part="all")} == {"H05", "H06"}


def test_the_workbook_holds_the_rows_of_the_list(
    open_own: Open, look: Callable[[Viewer], None]
) -> None:
    look(viewers.role("inspector"))
    book = taking.read(taking.click(open_own("overdue", part="all")))
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    held = [row for row in rows if row[0] in ("台账", "防返贫监测", "过筛子", "六项排查")]
    assert [(row[3], row[8]) for row in held] == [
        ("H04", 579), ("H05", 213), ("H02", 184), ("H06", 183)
    ]  # fmt: skip


def test_a_place_without_anything_late_says_so(open_page: Open) -> None:
    app = open_page("overdue", region=HILL, lang="en")
    assert "1 overdue" in shown(app)


def test_it_is_of_the_data_date(open_page: Open) -> None:
    """A month before, everything was late for 31 days less."""
    rows = listed(open_page, part="all", snapshot="1")
    assert [row["逾期或未整改天数"] for row in rows] == ["548", "182", "153", "152"]
