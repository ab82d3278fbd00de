"""The conditions of the ledgers page: counts, sentence, columns, and what is done at once."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from access.viewer import Viewer
from findings import asking, writing
from findings.asking import Filter
from glossary import term
from metrics.paging import PAGE_ROWS
from state import audit
from state.database import StateError, kept_open
from store.snapshots import Home
from tests import viewers
from tests.findings.conftest import inspector, problem, township
from tests.pages import taking
from tests.pages.conftest import Open, notices, opener, remarks
from tests.pages.tables import Page, read
from tests.small_county import COUNTY, WEST


def _households(page: Page) -> int:
    said = next(text for text in page.headings if re.search(r"共[\d,]+户|households?,", text))
    found = re.search(r"共([\d,]+)户|· ([\d,]+) households?", said)
    assert found, page.headings
    return int((found[1] or found[2]).replace(",", ""))


@pytest.mark.parametrize(
    ("facet", "start"),
    [
        ("groups", {}),
        ("groups", {"where": "groups.borderline"}),
        ("groups", {"where": "groups.all-of.major_illness_disability"}),
        ("groups", {"where": "groups.none-of.borderline", "lang": "en"}),
        ("in_exit_income", {"year": "2024"}),
        ("per_capita_net_income_yuan", {"where": "registered.yes"}),
        ("member-age", {}),
        ("doubt_severity", {"lang": "en"}),
        ("place", {"region": COUNTY}),
        ("problems", {}),
        ("member_count", {"where": "member_count.from.2~in_income_drop.none-of.met"}),
    ],
)
def test_each_value_opens_what_it_counts(
    open_page: Open, facet: str, start: dict[str, str]
) -> None:
    page = read(open_page("ledgers", facet=facet, **start))
    offered = [chip for chip in page.facets if chip.href]
    assert offered or facet == "problems"
    before = start.get("where", "")
    asked = next((one for one in before.split("~") if one.startswith(f"{facet}.")), "")
    for chip in offered:
        there = read(open_page("ledgers", **chip.query))
        adds = "any" if not asked or "-of" not in asked else asked.split(".")[1]
        if not asked or adds != "any" or chip.query.get("where") is None:
            assert chip.query.get("where") is None or _households(there) == chip.number, chip


def test_the_sentence_says_the_conditions_and_each_is_taken_off_by_a_click(
    open_page: Open,
) -> None:
    where = "in_income_drop.met~per_capita_net_income_yuan.under.9000"
    page = read(open_page("ledgers", where=where))
    assert page.headings[0] == (
        "试验县 · 2025年 · 收入下降户:符合 · 人均纯收入:低于9,000元 · 共1户1人"
    )
    off = [link for link in page.links if link.text == "×"]
    assert [link.query.get("where") for link in off[:2]] == [
        "per_capita_net_income_yuan.under.9000", "in_income_drop.met",
    ]  # fmt: skip
    assert page.link("收入下降户:符合").query["facet"] == "in_income_drop"


def test_what_the_chips_of_groups_and_states_count_keeps_the_conditions(open_page: Open) -> None:
    page = read(open_page("ledgers", where="registered.yes"))
    for chip in page.facets:
        assert chip.query["where"] == "registered.yes" or not chip.href
        if chip.href:
            assert _households(read(open_page("ledgers", **chip.query))) == chip.number


def test_a_condition_that_means_nothing_shows_nothing(open_page: Open) -> None:
    app = open_page("ledgers", where="registered.yes~goats.many")
    page = read(app)
    assert not page.tables and any("有一项现在无法识别" in said for said in notices(app))
    assert page.link("不带这些条件").query == {}


def test_no_place_beyond_ones_own_is_asked_for(open_page: Open, only_west: None) -> None:
    for where in ("place.619925101", "place.619925101201"):
        assert not read(open_page("ledgers", where=where)).tables, where
    page = read(open_page("ledgers", where="registered.yes", facet="place"))
    assert _households(page) == 2


def test_a_typed_end_changes_the_address(open_page: Open) -> None:
    app = open_page("ledgers", facet="per_capita_net_income_yuan")
    for typed, where in (
        ("4,100", "per_capita_net_income_yuan.from.4100"),
        ("4１00", "per_capita_net_income_yuan.from.4100"),
        ("多少", None),
    ):
        app = open_page("ledgers", facet="per_capita_net_income_yuan")
        low = next(each for each in app.text_input if "bar_low_" in str(each.key))
        app = low.set_value(typed).run()
        assert dict(app.query_params).get("where") in (where, [where] if where else None), typed
        if where is None:
            assert any("多少" in said for said in notices(app))


def test_a_field_is_chosen_by_its_name(open_page: Open) -> None:
    app = open_page("ledgers")
    choice = next(each for each in app.selectbox if "bar_facet" in str(each.key))
    app = choice.set_value("member-age").run()
    assert dict(app.query_params)["facet"] in ("member-age", ["member-age"])
    assert any("家庭成员年龄" in text for text in read(app).headings)


def test_columns_are_shown_in_the_order_of_the_address_and_sorted_by_any(open_page: Open) -> None:
    cols = "in_exit_income.member_count.to_poverty_line_yuan.labour_class"
    page = read(open_page("ledgers", cols=cols, sort="member_count"))
    table = page.table("收入超过标准")
    assert [head.rstrip(" ▲▼") for head in table.head[1:]] == [
        "户编号", "收入超过标准", "人口", "人均纯收入减国家农村贫困标准", "户分三类",
    ]  # fmt: skip
    members = [row[3].text for row in table.rows]
    assert members == sorted(members)
    assert {row[2].text for row in table.rows} <= {"符合", "不符合", "情况不明"}
    left = next(link for link in page.links if link.text == "‹" and "member_count" in link.href)
    assert left.query["cols"].startswith("household_id.")


def test_an_export_holds_the_columns_that_were_chosen(open_page: Open) -> None:
    app = open_page("ledgers", cols="member_count.in_income_drop", where="in_income_drop.met")
    book = taking.read(taking.click(app))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert "收入下降户:符合" in rows[1][0]
    assert [rows[3][:3], rows[4][:3]] == [
        ("户编号", "人口(人)", "收入下降户"), ("H02", 1, "符合"),
    ]  # fmt: skip
    assert len(rows) == 5


def test_a_box_picks_its_row_and_the_first_one_all_of_the_page(open_page: Open) -> None:
    page = read(open_page("ledgers", sort="household_id"))
    boxes = [link for link in page.links if link.text == "☐"]
    assert len(boxes) == 7 <= PAGE_ROWS
    assert boxes[0].query["pick"] == "H01.H02.H03.H04.H05.H06"
    assert boxes[2].query["pick"] == "H02"
    picked = read(open_page("ledgers", pick="H02.H05"))
    assert sum(link.text == "☑" for link in picked.links) == 2
    only = picked.link("只看所选")
    assert only.query == {"where": "household.H02.H05"}
    assert _households(read(open_page("ledgers", **only.query))) == 2
    # Another filter is another list.
    assert "pick" not in picked.link("大病残疾户").query


def test_an_export_of_what_is_picked_holds_just_that(open_page: Open) -> None:
    app = open_page("ledgers", pick="H02.H05.H99")
    book = taking.read(taking.click(app))
    rows = list(book.worksheets[0].iter_rows(min_row=5, values_only=True))
    assert [row[0] for row in rows] == ["H02", "H05"]


# Problems, many at once


def _as(home: Home, monkeypatch: pytest.MonkeyPatch, who: Viewer, **query: str) -> AppTest:
    viewers.look(monkeypatch, who)
    monkeypatch.setattr("views.context.visitor.viewer_now", lambda *_, **__: who)
    app = opener(home, monkeypatch)("ledgers", **query)
    assert not app.exception
    return app


def _open(app: AppTest) -> AppTest:
    app = next(b for b in app.button if b.key == "do_open_many").click().run()
    assert not app.exception
    return app


def test_each_household_gets_its_problem_once(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    state, who = kept_open(home.path), inspector()
    writing.open_finding(state, who, problem("H06", kind="rule.exit_income"))
    app = _open(_as(home, monkeypatch, who, where="in_exit_income.unknown"))
    # Who was never registered is not asked.
    assert "新立4条;已在办、没有重复立的1条。" in notices(app)
    app = _open(_as(home, monkeypatch, who, where="in_exit_income.unknown", pick="H01.H02"))
    assert "新立0条;已在办、没有重复立的2条。" in notices(app)
    with state.reading() as session:
        found = asking.every(session, who, Filter(COUNTY, asking.today()))
        assert {str(each.household_id) for each in found} == {"H01", "H02", "H03", "H05", "H06"}
        assert {each.kind for each in found} == {"rule.exit_income"}
        fresh = [each for each in found if each.household_id != "H06"]
        assert {(each.title, each.source) for each in fresh} == {
            ("收入超过标准:情况不明", "screening")
        }
        assert audit.check(session, home.path)[0] is None
        entries = [e for e in audit.entries(session, home.path) if e.kind == "finding"]
        assert len(entries) == len(found) == 5
    # What is followed can be asked for.
    page = read(_as(home, monkeypatch, who, where="problems.open"))
    assert _households(page) == 5


def test_who_sees_one_township_opens_there_alone(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = _as(home, monkeypatch, inspector(WEST), where="registered.yes")
    title = next(t for t in app.text_area if str(t.key).startswith("many_title"))
    title.set_value("抽查中发现资料不全")
    app = _open(app)
    assert "新立2条;已在办、没有重复立的0条。" in notices(app)


def test_who_may_not_open_problems_is_offered_none(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = township()
    app = _as(home, monkeypatch, who)
    offers = any(b.key == "do_open_many" for b in app.button)
    assert offers == bool(who.where("open_findings").codes)


def test_more_than_may_be_opened_at_once_are_not(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("findings.texts.AT_ONCE", 3)
    app = _as(home, monkeypatch, inspector())
    assert not [b for b in app.button if b.key == "do_open_many"]
    assert any("一次最多立3条" in said for said in remarks(app))


def test_where_problems_cannot_be_read_no_list_is_shown(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise StateError("locked")

    monkeypatch.setattr("findings.of_households.households", broken)
    app = open_page("ledgers", where="problems.none-of.open")
    assert not app.exception and not read(app).tables
    assert term("state_unread", "zh") in notices(app)
