"""Rolls of who is paid what and the list of changes, from rows to tables."""

from __future__ import annotations

import datetime as dt

from tests.loaders.assembly.test_assemble import assembled, balanced, column, reasons
from tests.loaders.sheets import HOUSEHOLD, PERSON, cleaned, household, person

HOME = "611025000001"
ALLOWANCE = [
    "乡镇",
    "行政村",
    "户编号",
    "户主姓名",
    "保障人口",
    "月保障金额(元)",
    "保障起始年月",
    "停保日期",
]
SUPPORT = ["村", "户编码", "人编码", "姓名", "供养方式", "月供养标准(元)", "供养起始时间"]
SUBSIDY = [
    "行政村",
    "户编号",
    "人编号",
    "姓名",
    "补贴类别",
    "补贴标准(元/月)",
    "补贴起始年月",
    "停发年月",
]
AID = ["行政村", "户编号", "救助时间", "救助金额(元)", "有效期至"]
PENSION = ["行政村", "户编号", "人编号", "姓名", "月养老金(元)", "领取起始年月"]
CHANGE = ["变更编号", "变更日期", "行政村", "户编号", "人编号", "变更类型", "变更人数", "备注"]


def test_the_allowance_is_a_households_and_may_have_ended() -> None:
    lines = [
        ["永乐街道", "安山村", HOME, "赵某某", "3", "1,234.50", "201906", ""],
        ["永乐街道", "安山村", HOME, "赵某某", "3", "300", "201501", "2018.12.31"],
        ["合计", "", "", "", "6", "", "", ""],
    ]
    tables, audit = assembled([HOUSEHOLD, household(1)], [ALLOWANCE, *lines])
    assert set(column(tables, "benefit.benefit_kind")) == {"minimum_allowance"}
    assert column(tables, "benefit.member_id") == [None, None]
    assert sorted(column(tables, "benefit.month_yuan")) == [300, 1234.5]
    ended = dict(
        zip(column(tables, "benefit.started_on"), column(tables, "benefit.ended_on"), strict=True)
    )
    assert ended == {dt.date(2019, 6, 1): None, dt.date(2015, 1, 1): dt.date(2018, 12, 31)}
    assert balanced(audit)


def test_the_same_spell_of_an_allowance_is_taken_once() -> None:
    line = ["永乐街道", "安山村", HOME, "赵某某", "3", "300", "201501", ""]
    tables, _ = assembled([HOUSEHOLD, household(1)], [ALLOWANCE, line, line])
    assert len(column(tables, "benefit.benefit_id")) == 1


def test_support_and_subsidies_are_a_persons() -> None:
    member = f"{HOME}01"
    support = ["安山村", HOME, member, "赵某", "分散供养", "780", "2016-05-01"]
    subsidy = ["安山村", HOME, member, "赵某", "重度残疾人护理补贴", "120", "201601", ""]
    tables, _ = assembled(
        [HOUSEHOLD, household(1)],
        [PERSON, person(1, 1)],
        [SUPPORT, support],
        [SUBSIDY, subsidy, [*subsidy[:4], "困难残疾人生活补贴", "100", "201601", "202401"]],
    )
    kinds = ["disability_care", "disability_living", "extreme_poverty"]
    assert sorted(column(tables, "benefit.benefit_kind")) == kinds
    assert set(column(tables, "benefit.member_id")) == {member}


def test_a_subsidy_of_an_unknown_kind_is_refused() -> None:
    line = ["安山村", HOME, f"{HOME}01", "赵某", "取暖补贴", "120", "201601", ""]
    batch, audit = cleaned([SUBSIDY, line])
    assert batch.rows.num_rows == 0
    assert sum(audit.sheets[0].quarantined.values()) == 1


def test_aid_paid_once_is_no_monthly_payment() -> None:
    lines = [["安山村", HOME, "2025年3月5日", "3000", "2026年3月5日"]]
    tables, _ = assembled([HOUSEHOLD, household(1)], [AID, *lines])
    assert column(tables, "benefit.benefit_kind") == ["temporary_aid"]
    assert column(tables, "benefit.month_yuan") == [None]
    assert column(tables, "benefit.ended_on") == [dt.date(2026, 3, 5)]


def test_a_pension_may_have_no_amount_but_not_no_household() -> None:
    rows = [
        PENSION,
        ["安山村", HOME, f"{HOME}01", "赵某", "", "202001"],
        ["安山村", "611025009999", "61102500999901", "钱某", "200", "202001"],
    ]
    tables, audit = assembled([HOUSEHOLD, household(1)], rows)
    assert column(tables, "benefit.month_yuan") == [None]
    assert reasons(tables) == [("unknown_household", 3)]
    assert balanced(audit)


def test_a_change_is_of_a_household_or_of_a_member() -> None:
    lines = [
        ["BG1", "20141220", "安山村", HOME, "", "脱贫退出", "3", ""],
        ["BG2", "20200309", "安山村", HOME, f"{HOME}02", "新生儿", "1", ""],
        ["BG3", "20200310", "安山村", HOME, "", "不详", "1", ""],
    ]
    tables, audit = assembled([HOUSEHOLD, household(1)], [CHANGE, *lines])
    assert column(tables, "change_event.change_kind") == ["exited", "born"]
    assert column(tables, "change_event.member_id") == [None, f"{HOME}02"]
    assert column(tables, "change_event.changed_on")[0] == dt.date(2014, 12, 20)
    assert len(reasons(tables)) == 1
    assert balanced(audit)
