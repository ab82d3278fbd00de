"""Single conditions in words: signs and gaps that fit the unit, dates, sums, thresholds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

import glossary
from rules.explain import Atom, Compared, Explanation, Number, explain
from rules.parameters import DatedValue, Parameter, defaults
from rules.phrases import Phrases, number
from rules.registry import rules

ZH = Phrases("zh", glossary)
EN = Phrases("en", glossary)


def _explained(key: str, **row: Any) -> Explanation:
    return explain(rules()[key], {"year": 2021, **row}, defaults())


def _said(key: str, at: int = 0, **row: Any) -> tuple[str, str, str]:
    atom = list(_explained(key, **row).atoms())[at]
    return ZH.demand(atom), ZH.actual(atom), ZH.gap(atom)


@pytest.mark.parametrize(
    ("key", "at", "row", "said"),
    [
        (
            "release_income", 0, {"release_per_capita_yuan": 5000},
            ("消除时人均纯收入应不低于防返贫监测收入参考线6,000元", "实际5,000元",
             "低1,000元,即16.67%"),
        ),
        (
            "village_income", 0, {"collective_income_yuan": 60000},
            ("集体经济收入应高于村退出集体收入标准4万元", "实际6万元", "高出2万元,即50%"),
        ),
        (
            "village_rate", 0, {"poverty_rate_percent": 5},
            ("贫困发生率应低于村退出贫困发生率标准2%", "实际5%", "高出3个百分点"),
        ),
        (
            "county_growth", 0, {"income_growth_percent": 10, "national_growth_percent": 8.8},
            ("农村居民收入增幅应高于全国农村居民收入增幅8.8%", "实际10%", "高出1.2个百分点"),
        ),
        (
            "decided_in_time", 0, {"decision_days": 18},
            ("从线索到确定的天数应不超过从线索到县级确定的时限15天", "实际18天", "多3天"),
        ),
        (
            "release_held", 0, {"monitored_months": 6},
            ("监测月数应不少于风险消除前的监测月数6个月", "实际6个月", "恰好相等"),
        ),
        (
            "pension_entitled", 0, {"age": 59},
            ("年龄应不低于领取城乡居民养老待遇的年龄60岁", "实际59岁", "小1岁"),
        ),
        (
            "care_entitled", 1, {"disability_grade": 3},
            ("残疾等级应达到重度残疾的等级2级", "实际3级", "轻1级"),
        ),
        (
            "exited_2014_2015", 2, {"first_exit_year": 2016},
            ("首次脱贫年度应不晚于2015年", "实际2016年", ""),
        ),
        ("release_labour", 0, {"able_members": 0}, ("普通以上劳动力应不少于1人", "实际0人", "")),
        (
            "inspection_complete", 0, {"uninspected_items": 2},
            ("未排查的项数应为0项", "实际2项", ""),
        ),
        (
            "borderline", 1, {"monitor_kind": "unstable"},
            ("监测类别应为“边缘易致贫户”", "实际“脱贫不稳定户”", ""),
        ),
        ("borderline", 2, {"registered": True}, ("建档立卡应为“否”", "", "")),
        ("borderline", 2, {}, ("建档立卡应为“否”", "没有登记", "")),
        ("exited_2014_2015", 1, {}, ("首次脱贫年度应有记录", "", "")),
    ],
)  # fmt: skip
def test_a_condition_in_words(
    key: str, at: int, row: dict[str, Any], said: tuple[str, str, str]
) -> None:
    assert _said(key, at, **row) == said


def test_a_share_less_than_last_year_says_what_it_comes_to() -> None:
    income = {"per_capita_net_income_yuan": 8500, "previous_per_capita_yuan": 10000}
    assert _said("income_drop", **income) == (
        "人均纯收入应低于上年人均纯收入1万元减去收入下降认定幅度10%(即9,000元)",
        "实际8,500元",
        "低500元,即5.56%",
    )


def test_a_threshold_not_filled_in_says_so() -> None:
    assert _said("allowance_entitled", income_before_allowance_yuan=4000) == (
        "扣除低保金的人均纯收入应低于农村最低生活保障标准(年)(未填)",
        "实际4,000元",
        "",
    )


def test_the_basis_has_days_document_where_it_was_read_and_the_weak_mark() -> None:
    [line] = _explained("release_income").thresholds()
    assert ZH.basis(line).startswith("2021年适用,陕农组发〔2021〕3号")
    assert ZH.basis(line).endswith("延安市县级实施方案引述")
    [limit] = _explained("decided_in_time").thresholds()
    assert ZH.basis(limit).startswith("2021年1月1日起,")
    assert ZH.basis(limit).endswith(",来源待核")
    [unfilled] = _explained("allowance_entitled").thresholds()
    assert ZH.basis(unfilled) == ""
    atom = next(_explained("release_income").atoms())
    assert f"6,000元({ZH.basis(line)})" in ZH.demand(atom, basis=True)


@pytest.mark.parametrize(
    ("start", "end", "zh", "en"),
    [
        (date(2016, 1, 1), date(2016, 12, 31), "2016年适用", "for 2016"),
        (date(2025, 1, 1), date.max, "2025年1月1日起", "from 2025-01-01"),
        (
            date(2016, 2, 10), date(2021, 6, 30),
            "2016年2月10日至2021年6月30日", "2016-02-10 to 2021-06-30",
        ),
    ],
)  # fmt: skip
def test_periods(start: date, end: date, zh: str, en: str) -> None:
    held = DatedValue(start, end, 1, "文件")
    assert (ZH.period(held), EN.period(held)) == (zh, en)


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (2952, "yuan", "2,952元", "2,952 yuan"),
        (40000, "yuan", "4万元", "40,000 yuan"),
        (12300, "yuan", "1.23万元", "12,300 yuan"),
        (12345, "yuan", "12,345元", "12,345 yuan"),
        (-20000, "yuan", "−2万元", "−20,000 yuan"),
        (25, "percent", "25%", "25%"),
        (12000, "people", "12,000人", "12,000 people"),
        (2015, "calendar_year", "2015年", "2015"),
        (3, None, "3", "3"),
    ],
)
def test_amounts(value: float, unit: str | None, zh: str, en: str) -> None:
    assert (ZH.amount(value, unit), EN.amount(value, unit)) == (zh, en)


@pytest.mark.parametrize(
    ("value", "said"), [(2952, "2,952"), (8.5366, "8.54"), (0, "0"), (-1.5, "−1.5"), (100, "100")]
)
def test_numbers_read_in_full(value: float, said: str) -> None:
    assert number(value) == said


def test_a_book_of_rules_leaves_the_subject_out() -> None:
    book = Phrases("zh", glossary, general=True)
    found = _explained("income_drop", previous_per_capita_yuan=10000)
    assert book.demand(next(found.atoms())) == "人均纯收入低于上年人均纯收入减去收入下降认定幅度10%"


def _every_atom() -> Iterator[Atom]:
    for key in rules():
        yield from _explained(key).atoms()


def test_no_condition_of_any_rule_reads_as_code() -> None:
    for atom in _every_atom():
        for say in (ZH, EN):
            said = say.demand(atom, basis=True)
            assert not any(sign in said for sign in ("None", "{", "_")), said


def test_only_thresholds_and_facts_are_told_apart_by_a_gap() -> None:
    constants = [
        a for a in _every_atom() if isinstance(a, Compared) and isinstance(a.right, Number)
    ]
    assert constants and all(ZH.gap(atom) == "" for atom in constants)


def test_every_unit_of_a_threshold_has_a_word() -> None:
    def said(parameter: Parameter) -> str:
        return ZH.amount(1, parameter.unit)

    assert {said(p)[1:] for p in defaults().values()} >= {"元", "%", "岁", "人", "天", "个月", "级"}
