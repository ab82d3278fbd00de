"""公示 over the small county with its books of funds and of notices."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from metrics.county import open_county
from metrics.disclosure import LISTS
from papers import notices
from store.snapshots import Home
from tests.pages.conftest import Open, opener, shown
from tests.pages.tables import read
from tests.small_county import EAST, MILL, WEST


@pytest.fixture
def page(noticed_home: Home, monkeypatch: pytest.MonkeyPatch) -> Open:
    open_county(noticed_home)
    return opener(noticed_home, monkeypatch)


@pytest.mark.parametrize(("lang", "told"), [("zh", "公示天数不足"), ("en", "notices due")])
def test_it_says_what_is_due_and_what_was_not_kept(page: Open, lang: str, told: str) -> None:
    app = page("publish", **({"lang": lang} if lang == "en" else {}))
    assert not app.exception
    assert told in read(app).headings[0]


def test_every_list_says_where_and_how_long_and_opens_its_sheet(page: Open) -> None:
    table = read(page("publish")).table("至少(天)")
    assert len(table.rows) == len(LISTS)
    assert [cell.number for cell in table.column("至少(天)")] == [7, 7, 5, 7, 10, 10]
    funds = table.row("资金")
    assert funds["公示表(条)"].query["part"] == "funds"
    assert funds["天数不足"].number == 1
    listed = read(page("funds", **funds["天数不足"].query))
    assert any("L2" in cell.text for found in listed.tables for row in found.rows for cell in row)
    assert table.row("项目")["正在公示"].number == 1
    assert table.row("监测对象")["没上村公示栏"].text == "—", "its own source says of no board"
    assert table.row("退出户")["没上村公示栏"].number == 1
    silent = table.row("新识别建档立卡户")
    assert silent["没有公示"].text == "—", "no book of that year: not told, which is not zero"


def test_a_number_of_monitoring_opens_its_households(page: Open) -> None:
    row = read(page("publish")).table("至少(天)").row("监测对象")
    opened = [cell for name, cell in row.items() if cell.href and name != "公示表(条)"]
    assert opened
    for cell in opened:
        assert f"共{cell.number:.0f}户" in read(page("ledgers", **cell.query)).headings[0]


@pytest.mark.parametrize("part", LISTS)
def test_a_sheet_has_masked_names_alone(page: Open, part: str) -> None:
    app = page("publish", part=part)
    assert not app.exception
    text = shown(app)
    for whole in ("赵试一", "孙试七", "619925199001010011"):
        assert whole not in text


def test_a_number_of_notices_opens_its_lines(page: Open) -> None:
    table = read(page("publish")).table("至少(天)")
    seen = 0
    for row in table.rows:
        for cell in row:
            if cell.href and cell.query.get("part", "").startswith("made_"):
                seen += 1
                assert f":{cell.number:.0f}条" in read(page("publish", **cell.query)).headings[-1]
    assert seen >= 4


def test_the_notices_of_a_list_say_what_hung_and_what_failed(page: Open) -> None:
    table = read(page("publish", part="made_benefits")).table("公示起始")
    row = table.row("溪口")
    assert row["公示情况"].text == "天数足够" and row["公示天数"].number == 10
    assert row["问题"].text == "—", "nothing failed"
    row = read(page("publish", part="made_projects")).table("公示起始").row("磨坊")
    assert (row["公示情况"].text, row["公示天数"].text) == ("正在公示", "—")
    row = read(page("publish", part="made_exits")).table("公示起始").row("磨坊")
    assert (row["公示情况"].text, row["公示地点"].text) == ("没上村公示栏", "乡镇公示栏")


def test_a_problem_is_opened_from_what_failed(
    noticed_home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ignored = shutil.ignore_patterns("state.db*")
    shutil.copytree(noticed_home.path, tmp_path / "home", ignore=ignored)
    page = opener(Home(tmp_path / "home"), monkeypatch)
    cell = read(page("publish", part="made_exits")).table("公示起始").row("磨坊")["问题"]
    assert cell.query["draft"] == f"check.notice_elsewhere.N2025exits{MILL}"
    form = page("problems", **cell.query)
    assert not form.exception
    assert "没有在村公示栏公示" in shown(form) and "退出户 2025" in shown(form)
    next(each for each in form.button if str(each.key).startswith("do_open")).click().run()
    assert not form.exception
    cell = read(page("publish", part="made_exits")).table("公示起始").row("磨坊")["问题"]
    assert "finding" in cell.query, "the problem that follows it, not a second form"
    listed = read(page("problems"))
    assert any("N2025exits" in one.text for table in listed.tables for r in table.rows for one in r)


def test_a_notice_that_failed_in_no_such_way_has_no_form(page: Open) -> None:
    said = shown(page("problems", draft=f"check.notice_never.N2025exits{MILL}"))
    assert "名单没有公示" not in said


def test_places_show_failed_beside_owed(page: Open) -> None:
    table = read(page("publish", part="places")).table("退出户")
    assert table.row("西川")["退出户"].text == "1 / 1"
    assert table.row("东岭")["退出户"].text == "0", "nothing is owed"
    assert table.row("西川")["新识别建档立卡户"].text == "—", "not told"


def test_what_a_place_owes_itself_stands_below_those_inside_it(page: Open) -> None:
    """And with it a column adds up to the list's number."""
    for region, line in (("", "L3"), (EAST, "L2")):
        keys = {"region": region} if region else {}
        table = read(page("publish", part="places", **keys)).table("资金")
        own = table.row("本级")["资金"]
        assert own.query["part"] == "own_funds"
        listed = read(page("publish", **own.query)).table("下达日期")
        assert [row[0].query["id"] for row in listed.rows] == [line]
        owed = [cell.text.rpartition("/")[2] for cell in table.column("资金")]
        funds = read(page("publish", **keys)).table("至少(天)").row("资金")
        assert sum(int(text) for text in owed) == funds["应公示"].number


def test_objections_have_their_answers_and_days(page: Open) -> None:
    table = read(page("publish", part="objections")).table("异议编号")
    assert table.row("Y1")["办理情况"].text == "逾期未答复"
    assert table.row("Y3")["受理以来天数"].number == 6
    assert table.row("C1")["公示名单"].text == "资金", "what another file says is not asked again"
    late = read(page("publish", part="objections", state="answered_late")).table("异议编号")
    assert [cell.text for cell in late.column("异议编号")] == ["Y4"]


def test_a_sheet_ends_with_what_was_objected_to(page: Open) -> None:
    text = shown(page("publish", part="funds"))
    assert "工程款未付 答复:尚未答复" in text
    assert "经核查不属实" in shown(page("publish", part="benefits"))


def test_totals_hide_small_counts_of_people(page: Open) -> None:
    app = page("publish", part="exits")
    assert "不足5户的数不单独公布" in shown(app)
    table = read(app).table("公示表(条)")
    assert {cell.text for cell in table.column("公示表(条)")} == {"不单独公布"}


def test_a_township_viewer_sees_no_other_place(page: Open, only_west: None) -> None:
    for part in ("monitoring", "benefits", "funds", "made_register", "objections", "places"):
        assert EAST not in shown(page("publish", part=part))
    assert WEST in shown(page("publish"))


def test_the_notice_is_a_pdf_and_no_text_is_markup() -> None:
    made = notices.notice_pdf({
        "lang": "zh", "title": "#panic() 公示", "mark": "", "tag": "模拟数据",
        "preface": ["现将 *名单* 公示"],
        "heads": ["", "户主"], "rows": [["1", "张*三"], ["2", "$x"]],
        "blocks": [{"title": "异议", "lines": ["没有 #x"]}], "signs": ["公示单位"],
    })  # fmt: skip
    assert made.startswith(b"%PDF")
