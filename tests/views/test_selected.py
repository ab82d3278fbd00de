"""The words of a selection."""

from __future__ import annotations

import pytest

from metrics.selections import KINDS, selection
from views.selected import WORDS, words


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
            "What if Fall in income that counts were 12.5%: leaving “Income fell”",
        ),
        ("class.labour_class.unknown", "类别不明", "Class unknown"),
    ],
)
def test_a_selection_says_what_it_selects(text: str, zh: str, en: str) -> None:
    chosen = selection(text)
    assert (words(chosen, "zh"), words(chosen, "en")) == (zh, en)


def test_every_kind_has_words() -> None:
    assert WORDS.keys() == KINDS.keys()
