"""Where a threshold is weakly sourced or missing, it is said, by a shape's class and a word."""

from __future__ import annotations

from datetime import date

from metrics.county import County
from rules.registry import rules
from tests.views.parts.test_pieces import _stage
from views.parts import threshold_sources


def test_a_mark_says_weak_or_missing_and_is_silent_otherwise(small: County) -> None:
    stage = _stage(small)
    line = small.parameters["poverty_line_yuan"]
    assert threshold_sources.mark(stage, line.in_year(2016)) == ""
    assert (
        threshold_sources.mark(stage, line.in_year(2019))
        == '<span class="mark weak">来源待核</span>'
    )
    assert (
        threshold_sources.mark(stage, line.in_year(2018))
        == '<span class="mark unfilled">未填</span>'
    )


def test_a_threshold_is_told_as_it_holds_in_a_year_or_on_a_day(small: County) -> None:
    stage = _stage(small)
    line = small.parameters["poverty_line_yuan"]
    told = threshold_sources.threshold(stage, line, 2016)
    assert "国家农村贫困标准 2,952元" in told and "云南调查年鉴2017" in told
    assert "mark" not in told
    assert "2,855元" in threshold_sources.threshold(stage, line, date(2015, 5, 1))
    assert "mark unfilled" in threshold_sources.threshold(stage, line, 2018)


def test_a_note_names_what_is_missing_and_what_is_weak(small: County) -> None:
    stage = _stage(small)
    chosen = [rules()["income_drop"], rules()["borderline"]]
    told = threshold_sources.note(stage, chosen, 2025)
    assert "防返贫监测收入参考线:2025年没有填写" in told
    assert "收入下降认定幅度 10%(县内掌握的口径,未见公开文件)" in told
    assert 'href="/definitions"' in told
    assert "没有填写" not in threshold_sources.note(stage, chosen, 2021)


def test_a_note_reaches_the_rules_asked_and_the_rules_own_weakness(small: County) -> None:
    stage = _stage(small)
    assert "劳动力相对充足的比例 25%" in threshold_sources.note(stage, [rules()["reliable"]], 2016)
    assert "没有公开文件可据:户脱贫五条标准" in threshold_sources.note(
        stage, [rules()["five_standards"]], 2016
    )


def test_a_note_is_empty_where_all_can_be_trusted_or_no_rule_is_in_force(small: County) -> None:
    stage = _stage(small)
    assert threshold_sources.note(stage, [rules()["exit_income"]], 2016) == ""
    assert threshold_sources.note(stage, [rules()["borderline"]], 2018) == ""


def test_an_indicator_and_a_check_are_told_of_by_their_conditions(small: County) -> None:
    stage = _stage(small)
    told = threshold_sources.of_indicator(stage, small.indicators["below_line_households"], 2018)
    assert "国家农村贫困标准:2018年没有填写" in told
    group = threshold_sources.of_indicator(stage, small.indicators["income_drop_households"], 2025)
    assert "收入下降认定幅度 10%" in group and "rule=income_drop" in group
    assert threshold_sources.of_indicator(stage, small.indicators["population"], 2018) == ""
    check = small.checks["monitored_measure_late"]
    assert "从识别到落实措施的时限 30天" in threshold_sources.note_on(
        stage, check.where, date(2025, 12, 31)
    )
    assert threshold_sources.note_on(stage, "age > 3", 2025) == ""


def test_a_note_reads_in_english(small: County) -> None:
    told = threshold_sources.note(_stage(small, lang="en"), [rules()["borderline"]], 2025)
    assert 'href="/definitions?rule=borderline&amp;lang=en"' in told
    assert "Income line for monitoring against falling back: no value for 2025" in told
