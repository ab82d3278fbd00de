"""The words of a selection."""

from __future__ import annotations

import pytest

from metrics.selections import KINDS, selection
from views.parts.selection_words import WORDS, words


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("rule.exit_income.met", "收入超过标准", "Income above the line"),
        ("rule.exit_income.missed", "收入超过标准:不符合", "Income above the line: not met"),
        ("rule.exit_water.unknown", "饮水安全:情况不明", "Water safe: unknown"),
        ("rule.exit_lacks_one.exit_water", "只缺一项:饮水安全", "Exactly one missed: Water safe"),
        ("class.labour_subclass.sunk", "沉底户", "Weak, cannot exit yet"),
        (
            "what.income_drop.out.income_drop_percent.12.5",
            "推演:收入下降认定幅度改为12.5%时退出“收入下降户”",
            "What if Fall in income that counts were 12.5 %: leaving “Income fell”",
        ),
        ("class.labour_class.unknown", "类别不明", "Class unknown"),
        (
            "class.labour_class.weak.2016.absent",
            "2016年为未建档、本年为弱劳动能力户",
            "Not registered in 2016, Weak labour this year",
        ),
        (
            "today.exit_income.missed",
            "收入超过标准:不符合(按现行标准重判)",
            "Income above the line: not met (by today's thresholds)",
        ),
        ("nine.all.open", "九核没有全部完成", "Some of the nine verifications not done"),
        ("nine.income.pending", "核家庭收入:待核实", "Income: To be checked"),
        ("nine.income.open", "核家庭收入:未完成", "Income: Not all done"),
        ("inspection.housing.mended", "住房安全保障排查:已整改", "Housing, as inspected: Mended"),
        ("left.poor.any", "未脱贫对象", "Still poor"),
        ("left.monitored.elderly", "监测对象:老年人", "Monitored: Elderly"),
        (
            "left.all.cause_labour",
            "剩余贫困和监测对象:缺劳动力",
            "Still poor or monitored: Too little labour",
        ),
        (
            "left.poor.causes.illness.unsafe_water",
            "未脱贫对象:因病+因安全饮水",
            "Still poor: Illness+Unsafe water",
        ),
        ("left.poor.causes", "未脱贫对象:原因未登记", "Still poor: Cause not on record"),
        (
            "unsecured.no_labour",
            "无劳动能力户(含未建档户)",
            "No labour, those never registered among them",
        ),
        ("paid.living", "正在享受困难残疾人生活补贴", "Living subsidy: received"),
        (
            "sieve.water.found",
            "过筛子(安全饮水):发现问题",
            "Screening (Drinking water): with findings",
        ),
    ],
)
def test_a_selection_says_what_it_selects(text: str, zh: str, en: str) -> None:
    chosen = selection(text)
    assert (words(chosen, "zh"), words(chosen, "en")) == (zh, en)


def test_every_kind_has_words() -> None:
    assert WORDS.keys() == KINDS.keys()
