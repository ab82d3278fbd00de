"""The exit page: standards for households, villages and the county, by either year's thresholds."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from metrics import exit as standards
from rules.tally import Tally
from store.reader import Reader
from tests.pages.conftest import Open, notices, shown
from tests.pages.tables import read
from tests.small_county import BROOK, EAST, HILL, MILL, WEST
from views.context.stage import Stage
from views.parts import paged_list as listed
from views.parts.paged_list import Column, Wanted, workbook


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_opens_in_both_languages(open_page: Open, lang: str) -> None:
    app = open_page("exit", lang=lang)
    assert not app.exception and not notices(app)
    text = shown(app)
    villages = shown(open_page("exit", lang=lang, part="villages"))
    assert ("村集体收入超过标准" if lang == "zh" else "Collective income above") in villages
    assert ("推演" if lang == "zh" else "What if") in text


def test_each_answer_opens_its_households(open_page: Open) -> None:
    text = shown(open_page("exit"))
    assert "/ledgers?select=rule.exit_housing.missed" in text
    assert "/ledgers?select=rule.exit_food.unknown" in text
    places = shown(open_page("exit", part="places"))
    assert f"/ledgers?region={EAST}&amp;select=rule.exit_met.unknown" in places
    assert "select=rule.exit_food.missed" not in text, "nobody misses it, so nothing opens"


def test_each_column_of_places_counts_and_opens_what_its_head_says(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = {"exit_met": Tally(5, 3, 2), "exit_lacks_one": Tally(1, 8, 1)}
    real = standards.by_place

    def by_place(*given: Any, **more: Any) -> dict[str, Any]:
        found = dict(real(*given, **more))
        return found | ({EAST: counts} if EAST in found else {})

    monkeypatch.setattr(standards, "by_place", by_place)
    row = read(open_page("exit", part="places")).table("各地的户退出判定").row("东岭")
    told = {head: (cell.text, cell.query.get("select")) for head, cell in row.items()}
    assert told == {
        "地区": ("东岭", None),
        "建档立卡户": ("10", None),
        "全部达标": ("5", "rule.exit_met.met"),
        "有不达标": ("3", "rule.exit_met.missed"),
        "只缺一项": ("1", "rule.exit_lacks_one.met"),
        "未知": ("2", "rule.exit_met.unknown"),
    }


def test_a_missing_threshold_is_said(open_page: Open) -> None:
    text = shown(open_page("exit"))
    assert "国家农村贫困标准" in text and "没有填写" in text


def test_todays_thresholds_judge_and_the_lists_follow(open_page: Open) -> None:
    app = open_page("exit", year="2024")
    app.segmented_control(key="bar_asof").set_value("today").run()
    assert app.query_params["asof"] == "today"
    text = shown(app)
    assert "2024年的情况按2025年的阈值重新判定" in text
    assert "/ledgers?year=2024&select=today.exit_food.unknown" in text
    assert "select=rule.exit_food" not in text
    listed = shown(open_page("ledgers", year="2024", select="today.exit_food.unknown"))
    assert "按现行标准重判" in listed and "H01" in listed


def test_inspections_by_item_and_their_coverage(open_page: Open) -> None:
    text = shown(open_page("exit", part="inspections"))
    assert "六项排查还有1项次不达标未整改" in text
    assert 'href="/ledgers?select=inspection.housing.mended"' in text
    assert "16.7%的户六项都已排查" in text
    assert f'href="/ledgers?region={WEST}&amp;select=rule.inspection_complete.missed"' in text


def test_the_headline_counts_what_is_not_mended_and_names_what_most_miss(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = standards.inspected

    def found(reader: Reader, region: str) -> dict[str, dict[str, int]]:
        counts = {item: dict(of) for item, of in real(reader, region).items()}
        counts["housing"] |= {"unmet": 70, "met": 3}
        counts["water"] |= {"unmet": 40, "met": 900}
        return {item: counts[item] for item in ("housing", "water")}

    monkeypatch.setattr(standards, "inspected", found)
    [title] = [
        t.title for t in read(open_page("exit", part="inspections")).tables if "未整改" in t.title
    ]
    assert "110项次" in title
    assert "住房" in title and "饮水" not in title


def test_villages_stand_with_value_threshold_and_date(open_page: Open) -> None:
    text = shown(open_page("exit", part="villages"))
    for village in (HILL, BROOK, MILL):
        assert f'href="/village?region={village}"' in text
    assert "&gt; 4万元(2016年4月28日起)" in text and "12万元" in text
    assert '<span class="light bad"' in text and "0元" in text


def test_the_list_of_villages_follows_the_standard_chosen(open_page: Open) -> None:
    text = shown(open_page("exit", part="village_road"))
    assert "下表1个村" in text and 'aria-current="true"' in text
    assert "下表3个村" in shown(open_page("exit", part="villages"))
    assert "下表0个村" in shown(open_page("exit", part="village_party"))


def test_the_villages_listed_can_be_taken_along(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[tuple[Stage, Wanted, list[Column]]] = []
    monkeypatch.setattr(listed, "export", lambda *given: taken.append(given))
    open_page("exit", part="village_road")
    [(stage, wanted, columns)] = taken
    sheet = CalamineWorkbook.from_filelike(BytesIO(workbook(stage, wanted, columns, "")))
    rows = sheet.get_sheet_by_index(0).to_python()
    head, row = rows[-2:]
    assert "贫困发生率低于标准" in head and "村集体收入超过标准" in head
    assert row[0] == MILL and row[-1].startswith("不符合 实际0元 低4万元")


def test_the_county_stands_with_its_growth(open_page: Open) -> None:
    text = shown(open_page("exit", part="county"))
    assert "2025年县退出标准:达标1项,不达标0项,不明2项" in text
    assert "没有可比较的年度" in text


def test_a_village_in_an_earlier_year_opens(open_page: Open) -> None:
    app = open_page("exit", year="2023", region=HILL)
    assert not app.exception


def test_a_township_viewer_sees_their_own_only(open_page: Open, only_west: None) -> None:
    parts = ("places", "inspections", "villages", "county", "what")
    text = shown(open_page("exit")) + "".join(shown(open_page("exit", part=p)) for p in parts)
    assert f'href="/village?region={MILL}"' in text
    assert HILL not in text and EAST not in text and "县退出标准" not in text
