"""The household's file and the village page over the small county, section by section."""

from __future__ import annotations

import re

import pytest

from glossary import codes, term
from metrics.county import County
from tests.pages.conftest import Open, notices, shown
from tests.small_county import BROOK, HILL, MILL
from views.sections.household import inspections


def _section(html: str, title: str) -> str:
    """The text of the section with this title, its marks of elements left out."""
    found = re.search(rf"<section>(?:(?!</section>).)*<h2>{title}(?:(?!</section>).)*", html, re.S)
    assert found, title
    return re.sub(r"<[^>]+>", " ", found[0])


def test_the_file_explains_each_rule_by_its_values(open_page: Open) -> None:
    text = shown(open_page("household", id="H02"))
    assert "李*" in text and "李试" not in text
    assert "收入下降" in text
    assert "实际7,000元,低1,100元" in text
    assert "收入增减 −22.22%" in text
    assert "收入下降认定幅度 10%(" in text
    assert term("weak_source", "zh") in text
    assert term("value_missing", "zh") in text, "the monitoring line of 2025 is not known"


def test_what_concerns_the_household_is_open_and_comes_first(open_page: Open) -> None:
    html = shown(open_page("household", id="H06"))
    concerns, rest = html.split(term("file_all_rules", "zh"), 1)
    assert concerns.count('<details class="judged" open>') >= 2
    assert "住房安全有保障" in concerns and "饮水安全" not in concerns
    assert " open>" not in rest.split("<section>")[0], "the rest is folded"
    assert "饮水安全" in rest


def test_each_system_that_asks_about_the_household_is_there(open_page: Open) -> None:
    registered = shown(open_page("household", id="H01"))
    assert registered.count('<details class="system">') == 11
    never = shown(open_page("household", id="H04"))
    assert never.count('<details class="system">') == 6, (
        "groups, deprivation, six inspections, safety net, monitoring, visits; nobody can work"
    )


def test_a_past_year_and_todays_thresholds_come_from_the_address(open_page: Open) -> None:
    past = shown(open_page("household", id="H02", year="2024"))
    assert term("file_by_year", "zh", year=2024) in past
    today = open_page("household", id="H02", year="2024", asof="today")
    assert term("file_by_today", "zh", year=2024, date="2025-12-31") in shown(today)
    assert today.segmented_control(key="bar_asof").value == "today"


def test_the_switches_write_the_address(open_page: Open) -> None:
    app = open_page("household", id="H02")
    app.segmented_control(key="bar_asof").set_value("today").run()
    assert app.query_params["asof"] == "today"
    app.segmented_control(key="bar_year").set_value(2023).run()
    assert app.query_params["year"] == "2023" and app.query_params["asof"] == "today"
    assert app.query_params["id"] == "H02"


def test_nine_verifications_with_date_masked_verifier_and_result(open_page: Open) -> None:
    told = _section(shown(open_page("household", id="H02")), "九核核查")
    assert "2025-05-01" in told and "吴*十" in told and "吴试十" not in told
    assert "待核实" in told and told.count("一致") == len(codes()["nine_item"]) - 1


def test_inspections_not_made_are_said(open_page: Open) -> None:
    told = _section(shown(open_page("household", id="H05")), "六项排查")
    assert "还缺4项" in told and told.count("未核") == 4
    assert "不达标" in told and "2025-08-01" in told
    assert term("no_rows", "zh") in _section(shown(open_page("household", id="H06")), "六项排查")


def test_benefits_beside_the_rules_that_entitle_to_them(open_page: Open) -> None:
    rightly = _section(shown(open_page("household", id="H02")), "享受待遇")
    assert "李*" in rightly and "有依据" in rightly and "150元" in rightly
    amiss = _section(shown(open_page("household", id="H05")), "享受待遇")
    assert "养老待遇应停未停" in amiss
    assert "已停发" in _section(shown(open_page("household", id="H01")), "享受待遇")
    without = _section(shown(open_page("household", id="H06")), "享受待遇")
    assert "养老待遇应发未发" in without and "周*八" in without


def test_screenings_say_how_their_findings_stand(open_page: Open) -> None:
    states = {"H06": "逾期未整改", "H03": "2025-06-01已整改", "H01": "没有问题", "H02": "未核"}
    for household, state in states.items():
        assert state in _section(shown(open_page("household", id=household)), "过筛子"), household


def test_changes_are_a_chronicle(open_page: Open) -> None:
    told = _section(shown(open_page("household", id="H04")), "动态管理变更")
    assert told.index("2022-03-01") < told.index("2024-06-01")
    assert "新识别" in told and "识别不精准剔除" in told and "2人" in told
    assert "张*小" in _section(shown(open_page("household", id="H01")), "动态管理变更")


def test_the_monitoring_case_shows_its_steps(open_page: Open) -> None:
    told = _section(shown(open_page("household", id="H04")), "防返贫监测")
    assert "当前环节:县级确定" in told and "2024-05-01" in told
    assert "按时落实措施:不符合" in told, "no measure since, and the clock runs"
    assert "<h2>防返贫监测" not in shown(open_page("household", id="H01"))


def test_a_table_never_loaded_has_no_section_and_is_named(
    open_page: Open, small: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "没有导入过" not in shown(open_page("household", id="H02"))
    tables = ("nine_check", "sieve_result")
    here = inspections.loaded
    monkeypatch.setattr(
        inspections, "loaded", lambda county, name: name not in tables and here(county, name)
    )
    text = shown(open_page("household", id="H02"))
    assert "本县没有导入过:九核核查、过筛子。" in text
    assert "<h2>九核核查" not in text and "<h2>六项排查" in text


def test_another_township_sees_nothing_of_it(open_page: Open, only_west: None) -> None:
    text = shown(open_page("household", id="H02"))
    assert term("refused_hint", "zh") in text
    for hidden in ("李*", "吴*十", "2025-05-01", '<details class="system'):
        assert hidden not in text, hidden


def test_the_village_shows_its_standards_with_value_threshold_and_date(open_page: Open) -> None:
    text = shown(open_page("village", region=MILL, part="standards"))
    told = _section(text, "村退出标准")
    assert "未达标:通村路硬化;村集体收入超过标准" in told
    row = told[told.rindex("村集体收入超过标准") :]
    assert "不符合" in row and " 0元 " in row
    assert "村退出集体收入标准 4万元(2016年4月28日起" in row


def test_the_villages_numbers_open_their_households(open_page: Open) -> None:
    text = shown(open_page("village", region=MILL, part="standards"))
    selected = f'href="/ledgers?region={MILL}&amp;select=rule.exit_housing.missed"'
    assert selected in text
    text = shown(open_page("village", region=MILL))
    assert f"region={MILL}&amp;select=class.labour_class." in text


def test_a_place_of_several_villages_has_no_standards_of_one(open_page: Open) -> None:
    text = shown(open_page("village", part="standards"))
    assert "<h2>村退出标准" not in text and "<h2>户退出标准" in text


@pytest.mark.parametrize("village", [HILL, BROOK])
def test_a_village_out_of_sight_is_not_shown(
    open_page: Open, only_west: None, village: str
) -> None:
    app = open_page("village", region=village)
    assert notices(app) == [term("refused_hint", "zh")]
    assert village not in shown(app)


def test_a_file_opens_what_is_amiss_and_says_the_rest_in_a_line(open_page: Open) -> None:
    app = open_page("household", id="H06")
    lines = {one.label.split(" · ")[0]: one for one in app.expander}
    watched = lines[term("concern_watch", "zh")]
    changes = lines[term("concern_changes", "zh")]
    assert watched.proto.expanded and "需关注" in watched.label, "a screening is overdue"
    assert not changes.proto.expanded and "需关注" not in changes.label


def test_the_address_names_the_concern_to_open(open_page: Open) -> None:
    app = open_page("household", id="H06", part="changes")
    opened = [one.label.split(" · ")[0] for one in app.expander if one.proto.expanded]
    assert opened == [term("concern_changes", "zh")]
    assert not notices(app)


def test_a_file_with_a_part_is_still_one_household(open_page: Open) -> None:
    app = open_page("household", id="H99", part="changes")
    assert notices(app) == [term("refused_hint", "zh")]
