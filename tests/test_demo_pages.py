"""Pages over the demo county, read by cell: what leaders were misled by once, as it is now."""

from __future__ import annotations

import pytest

from store.snapshots import Home
from tests.pages.conftest import Open, opener
from tests.pages.conftest import shown as shown_text
from tests.pages.tables import read


@pytest.fixture
def page(demo: Home, monkeypatch: pytest.MonkeyPatch) -> Open:
    return opener(demo, monkeypatch)


def test_the_trend_of_a_group_begins_when_the_group_did(page: Open) -> None:
    shown = read(page("trends", indicator="income_drop_households"))
    assert shown.headings[0] == "收入下降户2024年最高(3,693户),2025年为1,856户,比2024年下降1,837户"
    places = read(page("trends", indicator="income_drop_households", part="places"))
    assert places.headings[0] == "2025年收入下降户合计1,856户,15个地区都有"


def test_a_trend_speaks_of_its_peak_and_the_fall_since(page: Open) -> None:
    shown = read(page("trends", indicator="monitored_households"))
    assert shown.headings[0] == "监测户2022年见顶(421户),连降3年至2025年的346户"


def test_before_the_groups_existed_the_map_has_no_number(page: Open) -> None:
    shown = read(page("map", indicator="income_drop_households", year="2016"))
    assert shown.headings == ["2016年收入下降户暂无数据"]
    assert {cell.text for cell in shown.tables[0].column("户")} == {"—"}


def test_nobody_is_said_to_lack_exactly_one_standard_of_2018_or_not_to(page: Open) -> None:
    shown = read(page("exit", year="2018"))
    assert "无法判定谁只差一项:25,768户情况不明" in shown.headings
    table = read(page("exit", year="2018", part="places")).table("各地的户退出判定")
    assert {cell.text for cell in table.column("全部达标")} == {"—"}
    assert {cell.text for cell in table.column("只缺一项")} == {"—"}


def test_without_a_line_no_subclass_is_empty(page: Open) -> None:
    whole = read(page("classes", year="2025")).table("放心户").row("合计")
    assert whole["放心户"].text == "—", "without a line of income nobody is known to meet all five"
    # Every household left poverty before: of the weak it is known that none is of the other two.
    names = ("弱劳动能力户", "弱劳动能力已脱贫户", "可脱户", "沉底户")
    assert [whole[name].text for name in names] == ["2,526", "2,526", "0", "0"]
    assert whole["小类不明"].number == 20_233, "the able that are not known to lack a standard"


@pytest.mark.parametrize(
    ("start", "chip", "count"),
    [
        ({"indicator": "income_drop_households"}, "2014年和2015年脱贫户", 554),
        ({"group": "income_drop"}, "逾期", 157),
        ({"group": "exited_2014_2015"}, "收入下降户", 554),
        ({"state": "overdue"}, "大病残疾户", 646),
    ],
    ids=str,
)
def test_a_chip_opens_its_count(page: Open, start: dict[str, str], chip: str, count: int) -> None:
    [offered] = [one for one in read(page("ledgers", **start)).facets if one.text == chip]
    assert offered.number == count
    assert f"共{count}户" in read(page("ledgers", **offered.query)).headings[0]


def test_the_what_if_of_exit_counts_whom_the_page_counts(page: Open) -> None:
    shown = read(page("exit", what="poverty_line_yuan.5000"))
    moved = shown.table("推演").row("收入超过标准")
    places = read(page("exit", part="places")).table("各地的户退出判定")
    registered = sum(c.number or 0 for c in places.column("建档立卡户"))
    assert moved["现行"].number == registered == 25_794, "all of the registered, and nobody else"
    assert (moved["推演"].number, moved["退出"].number) == (25_035, 759)
    assert "共759户" in read(page("ledgers", **moved["退出"].query)).headings[0]


def test_closed_entries_whose_condition_stands_are_not_counted_as_done(page: Open) -> None:
    table = read(page("risk_groups", part="ledgers")).table("已销号仍符合")
    borderline = table.row("边缘户")
    assert (borderline["已销号仍符合"].number, borderline["已销号"].number) == (43, 3)
    assert table.row("2014年和2015年脱贫户")["已销号仍符合"].number == 0
    standing = sum(cell.number or 0 for cell in table.column("已销号仍符合"))
    cards = read(page("overview")).links
    [card] = [link for link in cards if link.text.startswith("已销号仍符合条目")]
    assert f"{standing:,.0f}" in card.text
    [rate] = [link for link in cards if link.text.startswith("台账净销号率")]
    assert "33.2" in rate.text


def test_overdue_entries_open_as_many_entries_the_longest_overdue_first(page: Open) -> None:
    shown = read(page("ledgers", state="overdue", by="entry"))
    assert shown.headings[0].endswith("台账逾期 · 共1,225条(1,199户)")
    late = [cell.number for cell in shown.table("逾期天数").column("逾期天数")]
    assert late == sorted(late, reverse=True) and late[-1]


def test_the_elderly_left_are_listed_by_name_of_their_own(page: Open) -> None:
    row = read(page("remaining")).table("逐项对照").row("老年人")
    cell = next(cell for head, cell in row.items() if head.endswith("(人)"))
    assert cell.number == 365
    listed = read(page("ledgers", **cell.query))
    assert "共365人(251户)" in listed.headings[0]
    assert all(cell.number >= 60 for cell in listed.table("年龄").column("年龄"))


@pytest.mark.parametrize(("key", "part"), [("trends", "flows"), ("dynamics", "records")])
def test_exits_by_record_and_by_register_are_reconciled_year_by_year(
    page: Open, key: str, part: str
) -> None:
    table = read(page(key, part=part)).table("变更记录脱贫(人次)")
    row = table.row("2015")
    assert [cell.number for cell in row.values()] == [2015, 12_685, 408, 12_277, 0, 22_461]
    assert table.row("2014")["年末脱贫户现有人口"].text == "—", "the register as set up"
    for gross, again, last, rest in zip(
        *(table.column(head) for head in table.head[1:5]), strict=True
    ):
        assert (gross.number or 0) - (again.number or 0) == (last.number or 0) + (rest.number or 0)
    assert table.row("2015")["最终脱贫(登记的脱贫年度)"].href


def test_who_lives_in_exited_households_is_not_called_a_running_total(page: Open) -> None:
    shown = read(page("trends", indicator="exited_people"))
    assert any("脱贫户现有人口" in heading for heading in shown.headings)
    assert not any("累计脱贫" in heading for heading in shown.headings)


def test_the_six_inspections_cover_borderline_households_too(page: Open) -> None:
    shown = read(page("exit", part="inspections"))
    assert any(h.startswith("六项排查还有946项次不达标未整改") for h in shown.headings)
    table = shown.table("排查面")
    unmet = [cell.number for cell in table.column("不达标")]
    assert sum(filter(None, unmet)) == 946, "of registered households and of the others"
    opened = table.row("家庭收入")["不达标"]
    assert f"共{opened.number:.0f}户" in read(page("ledgers", **opened.query)).headings[0]


def test_from_the_register_as_set_up_records_and_moves_agree(page: Open) -> None:
    shown = read(page("dynamics", since="2014", year="2015"))
    assert shown.headings[0].startswith("镇安县2014年建档立卡时至2015年末:正常退出7,853户")
    there = read(page("dynamics", since="2014", year="2015", part="records"))
    table = there.table("有记录的户")
    for kind in ("新识别", "正常退出", "返贫", "识别不精准剔除"):
        row = table.row(kind)
        assert row["有记录的户"].number == row["变了状态的户"].number, kind
        assert row["其中无记录"].number == 0
    opened = table.row("正常退出")["有记录的户"]
    assert any("7,853条" in one for one in read(page("dynamics", **opened.query)).headings)
    usual = read(page("dynamics", since="2015", year="2016"))
    assert usual.headings[0].startswith("镇安县2015年末至2016年末")


@pytest.mark.parametrize("key", ["overview", "data", "quality", "village"])
def test_totals_of_the_register_say_who_was_not_taken_in(page: Open, key: str) -> None:
    markup = shown_text(page(key))
    assert "户表合计79,251人,人口名单列到79,231人" in markup
    assert "名单少于家庭人口的20户,少20人" in markup
    assert "导入时没有收入:户信息5行、人口名单47行、其他表211行" in markup


def test_of_a_past_year_the_elderly_have_bounds_and_no_share(page: Open) -> None:
    shown = read(page("remaining", year="2015"))
    cells = shown.table("逐项对照").rows[1]
    assert [cell.text for cell in cells[:4]] == ["老年人", "7,109", "12.7–28.9", "9,109"]
    assert "老年人" not in shown.headings[1], "no share by age is held against another"


def test_beside_the_means_of_villages_stand_those_who_lost(page: Open) -> None:
    shown = read(page("trends", indicator="per_capita_income", part="places"))
    assert (
        "按村平均,14个村下滑,142个村改善;但有23.0%的户收入比上年减少(5,942/25,794)"
        in shown.headings
    )
    first = shown.table("收入减少户").rows[0]
    opened = read(page("ledgers", **first[2].query))
    assert f"共{first[2].number:.0f}户" in opened.headings[0]


def test_the_benefits_table_adds_up(page: Open) -> None:
    shown = read(page("safety_net"))
    assert shown.headings[0].startswith("镇安县应享未享:低保99户、特困396人")
    assert "兜底低保户1,636户,其中257户既无低保也无特困供养" in shown.headings
    for row in shown.table("应享未享(漏)").rows:
        entitled, due, elsewhere, leak, unclear, having, beyond, rest, _ = (
            cell.number or 0 for cell in row[2:]
        )
        assert entitled == due + elsewhere + leak + unclear, row[0].text
        assert having == due + beyond + rest, row[0].text


def test_a_screening_is_measured_by_those_it_is_about(page: Open) -> None:
    row = read(page("sieves")).table("占应筛").row("易地扶贫搬迁")
    assert (row["应筛"].number, row["占应筛"].text) == (8_059, "100.0%")


def test_the_monitored_with_a_closed_entry_are_said_and_opened(page: Open) -> None:
    text = shown_text(page("monitoring"))
    assert "在监测的346户中,168户有已销号的台账条目," in text
    link = read(page("monitoring")).link("其中140户的条件仍符合 →")
    assert "共140户" in read(page("ledgers", **link.query)).headings[0]
