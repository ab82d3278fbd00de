"""/projects over the small county: each number beside the list that it opens, by cell."""

from __future__ import annotations

import pytest

from tests.pages.conftest import Open, notices, shown
from tests.pages.tables import Table, read
from tests.small_county import BROOK, EAST, MILL, WEST

PARTS = ("schedule", "list", "assets", "upkeep", "points")


def _table(app: object, head: str) -> Table:
    [found] = [table for table in read(app).tables if head in table.head]  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("part", [None, *PARTS])
def test_every_part_opens_in_both_languages(open_page: Open, part: str | None, lang: str) -> None:
    given = {"part": part} if part else {}
    app = open_page("projects", **given, **({"lang": lang} if lang == "en" else {}))
    assert not app.exception and "<h1>" in shown(app)


def test_it_opens_with_how_many_are_finished_and_late(open_page: Open) -> None:
    page = read(open_page("projects"))
    assert page.headings[0] == "试验县1个项目办结0%,0个环节逾期"
    assert "没有逾期的环节" in shown(open_page("projects"))


def test_a_bar_of_the_pipeline_opens_as_many_as_it_counts(open_page: Open) -> None:
    opened = [cell for cell in read(open_page("projects")).marks if "state=" in cell.href]
    [bar] = [cell for cell in opened if "state=rest_started" in cell.href]
    assert bar.text == "1个项目"
    rows = _table(open_page("projects", part="list", state="rest_started"), "下一步").rows
    assert len(rows) == 1


def test_a_point_of_work_beside_payment_opens_its_project(open_page: Open) -> None:
    [point] = [cell for cell in read(open_page("projects")).marks if "project=" in cell.href]
    assert point.query == {"project": "P1"}


@pytest.mark.parametrize(("state", "rows"), [("unfinished", 1), ("started", 1), ("late", 0)])
def test_a_filter_leaves_as_many_as_it_says(open_page: Open, state: str, rows: int) -> None:
    facets = {f.query.get("state"): f for f in read(open_page("projects", part="list")).facets}
    if rows:
        assert facets[state].number == rows
    app = open_page("projects", part="list", state=state)
    listed = [table for table in read(app).tables if "下一步" in table.head]
    assert sum(len(table.rows) for table in listed) == rows
    assert f"{rows}个项目" in shown(app)


def test_a_line_of_the_list_says_how_far_it_is_and_opens_its_file(open_page: Open) -> None:
    row = _table(open_page("projects", part="list"), "下一步").row("磨坊产业路")
    assert row["项目名称"].query == {"part": "list", "project": "P1"}
    assert (row["停在"].text, row["下一步"].text) == ("开工", "完工")
    assert (row["工程进度(%)"].number, row["支付比例(%)"].number) == (85, 80)
    assert row["应完成"].text == "2026-02-28"


def test_what_moved_is_counted_as_it_is_listed(open_page: Open) -> None:
    app = open_page("projects", part="schedule")
    assert read(app).headings[0] == "2025-12-31调度1个项目:1个有进展,0个没动,新拨付5万元"
    row = _table(app, "新拨付(元)").row("磨坊产业路")
    assert (row["上期进度(%)"].number, row["工程进度(%)"].number) == (70, 85)
    assert (row["变化(个百分点)"].number, row["新拨付(元)"].number) == (15, 50_000)
    assert row["来源文件"].text == "据 西川镇调度表.xlsx 第4行"
    assert "还没有半月调度表" in shown(open_page("projects", part="schedule", region=EAST))


def test_assets_say_what_they_yield_beside_what_was_agreed(open_page: Open) -> None:
    app = open_page("projects", part="assets")
    assert read(app).headings[0] == "试验县1项资产,原值10万元,2025年收益达约定的105.0%"
    row = _table(app, "约定年收益(元)").row("高坡车间")
    assert (row["年收益(元)"].number, row["约定年收益(元)"].number) == (6_300, 6_000)
    assert row["达到约定(%)"].number == 105


def test_upkeep_says_its_routes_and_opens_what_was_raised(open_page: Open) -> None:
    app = open_page("projects", part="upkeep")
    page = read(app)
    assert page.headings[0] == "试验县1处公共设施,完好100.0%"
    facets = {facet.query.get("state"): facet for facet in page.facets}
    assert facets["market"].number == 1
    row = _table(app, "年度").row("2025")
    assert [cell.number for cell in row.values()][1] == 3_500
    raised = _table(open_page("projects", part="upkeep", state="raised"), "财政预算(元)")
    assert raised.column("筹集资金(元)")[0].number == 3_500
    assert "郑*一" in shown(open_page("projects", part="upkeep", state="market"))


def test_shops_say_what_is_redeemed_and_left(open_page: Open) -> None:
    app = open_page("projects", part="points")
    assert read(app).headings[0] == "试验县1个爱心超市,积分兑换50.0%,0个停摆"
    row = _table(app, "结余积分(分)").row("溪口")
    assert (row["发放积分(分)"].number, row["结余积分(分)"].number) == (300, 150)
    assert row["村"].query == {"region": BROOK}


def test_a_file_has_steps_sheets_and_households(open_page: Open) -> None:
    app = open_page("projects", project="P1")
    page = read(app)
    assert page.headings[0] == "磨坊产业路"
    steps = [table for table in page.tables if table.title == "各步的时间"]
    assert steps[0].row("开工")["逾期天数"].text == "逾10天"
    assert steps[0].row("验收")["完成"].text == "未完成"
    [sheets] = [table for table in page.tables if table.title == "半月调度"]
    assert [cell.number for cell in sheets.column("工程进度(%)")] == [85, 70]
    [effect] = [table for table in page.tables if table.title == "效果和承诺"]
    assert (effect.row("实现增收")["承诺"].text, effect.row("实现增收")["实现"].text) == (
        "2,000元",
        "2,100元",
    )
    homes = _table(app, "比承诺少")
    assert [row[0].text for row in homes.rows] == ["H06", "H05"]
    assert homes.rows[0][0].query == {"id": "H06"}


def test_a_project_of_another_place_is_refused_like_none(open_page: Open, only_west: None) -> None:
    assert "磨坊产业路" in shown(open_page("projects", project="P1"))
    [told] = notices(open_page("projects", project="P2"))
    assert told.startswith("这里没有内容")


def test_a_place_shows_its_own(open_page: Open) -> None:
    assert "溪口供水点" not in shown(open_page("projects", part="upkeep", region=WEST))
    assert "磨坊产业路" in shown(open_page("projects", part="list", region=MILL))
    assert "磨坊产业路" not in shown(open_page("projects", part="list", region=EAST))


def test_a_state_of_another_part_narrows_nothing(open_page: Open) -> None:
    app = open_page("projects", part="assets", state="started")
    assert "高坡车间" in shown(app)


def test_a_household_shows_its_projects_and_dividends(open_page: Open) -> None:
    [mine] = [t for t in read(open_page("household", id="H05")).tables if t.title == "受益项目"]
    assert mine.row("磨坊产业路")["实现增收"].number == 1_200
    assert mine.rows[0][0].query["project"] == "P1"
    [paid] = [t for t in read(open_page("household", id="H01")).tables if t.title == "资产分红"]
    assert paid.row("2025")["资金"].number == 3_000
    assert "受益项目" not in shown(open_page("household", id="H01"))


def test_the_form_of_a_problem_of_a_project_names_it(open_page: Open) -> None:
    app = open_page("problems", draft="check.project_split.project.P1")
    assert not app.exception
    text = shown(app)
    assert "磨坊产业路" in text and "疑似拆分项目规避招标" in text
    assert app.text_area(key="title_check.project_split.project.P1").value == "疑似拆分项目规避招标"
    [told] = notices(open_page("problems", draft="check.project_split.project.P9"))
    assert told.startswith("这里没有内容")
