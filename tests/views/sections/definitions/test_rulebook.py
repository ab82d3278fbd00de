"""The book of rules: every rule and threshold is in it, in words, with what is weak or missing."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from metrics.county import County
from rules.parameters import defaults
from rules.registry import rules, systems
from tests.views.parts.test_pieces import _stage
from views.browser import components
from views.context.stage import Stage
from views.sections.definitions import registries, rulebook
from views.sections.definitions.rulebook import Book


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """What a page would show, by the key of each paper."""
    found: dict[str, str] = {}
    monkeypatch.setattr(components, "paper", lambda html, *, key: found.update({key: html}))
    yield found


def _book(small: County, lang: str = "zh") -> Stage:
    return _stage(small, on="definitions", lang=lang)


def _whole(small: County, shown: dict[str, str], lang: str = "zh") -> str:
    """The whole book: each system by itself, as the address names it."""
    parts = []
    for key in systems():
        rulebook.rules(_stage(small, on="definitions", lang=lang, part=key))
        parts.append(shown["rules"])
    return "".join(parts)


def _plain(html: str) -> str:
    return re.sub(r"<[^>]*>", " ", html)


def test_every_rule_stands_once_under_its_system(small: County, shown: dict[str, str]) -> None:
    rulebook.rules(_book(small))
    assert not shown, "without a system there is the index alone"
    text = _whole(small, shown)
    assert text.count("<article") == len(rules())
    for rule in rules().values():
        assert rule.definition_zh in text and rule.source in text, rule.key


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_conditions_are_in_words_and_never_in_code(
    small: County, shown: dict[str, str], lang: str
) -> None:
    said = _plain(_whole(small, shown, lang))
    assert not re.search(r"\bin_|\bAND\b|_yuan|\bNOT\b|None|\{", said)


def test_a_rule_names_its_thresholds_and_marks_them(small: County) -> None:
    book = Book(_book(small))
    line = book.rule(rules()["monitor_unstable"])
    assert "人均纯收入低于防返贫监测收入参考线 " in line
    assert line.count('class="mark unfilled"') == 1
    drop = book.rule(rules()["income_drop"])
    assert "减去收入下降认定幅度10%" in drop and 'class="mark weak"' in drop
    assert "mark" not in book.rule(rules()["pension_entitled"])


def test_a_rule_leads_to_the_rules_it_asks(small: County) -> None:
    html = Book(_book(small)).rule(rules()["able"])
    assert 'href="/definitions?rule=no_labour"' in html
    assert "</a>不成立" in html
    assert "以下各项都要符合" in html


def test_classes_are_told_in_their_order(small: County) -> None:
    said = _plain(Book(_book(small)).system(systems()["labour_classes"]))
    _, first, *_ = said.split("归入下列第一个成立的:")
    assert first.split("、")[0].strip() == "无劳动能力户"
    assert [name.strip() for name in first.split("、")][1:] == ["有劳动能力户", "弱劳动能力户"]


def test_a_threshold_tells_its_history_and_the_days_without_a_value(small: County) -> None:
    html = Book(_book(small)).thresholds([defaults()["poverty_line_yuan"]])
    said = _plain(html)
    for part in ("2,952元", "2016年适用", "云南调查年鉴2017 表4-2", "2021年1月1日起"):
        assert part in said
    assert re.search(r"2017年1月1日至2018年12月31日[\s—]*未填", said)
    assert html.count("mark weak") == 1 and html.count("mark unfilled") == 2
    assert 'href="/definitions?rule=exit_income"' in html


def test_a_threshold_without_any_value_is_for_the_county_to_fill_in(small: County) -> None:
    html = Book(_book(small)).thresholds([defaults()["minimum_allowance_yuan"]])
    assert "由县里填写" in html and "mark unfilled" in html
    assert "符合低保收入条件" in html


def test_every_threshold_and_its_documents_are_in_the_book(
    small: County, shown: dict[str, str]
) -> None:
    rulebook.parameters(_book(small))
    for key, parameter in defaults().items():
        assert key in shown["parameters"]
        for value in parameter.values:
            assert value.source in shown["parameters"] and value.via in shown["parameters"]


def test_a_rule_of_the_address_stands_at_the_head_with_all_it_needs(
    small: County, shown: dict[str, str]
) -> None:
    rulebook.chosen(_book(small))
    assert shown == {}
    rulebook.chosen(_stage(small, on="definitions", rule="can_exit"))
    said = _plain(shown["chosen"])
    for part in ("可脱户", "弱劳动能力户", "劳动力相对充足的比例", "25%", "回到整本手册"):
        assert part in said
    assert 'href="/definitions"' in shown["chosen"]


def test_the_index_leads_to_every_system(small: County, shown: dict[str, str]) -> None:
    registries.index(_stage(small, on="definitions", part="monitored"))
    links = re.findall(r'href="/definitions\?part=(\w+)"', shown["index"])
    assert links == list(systems())
    marked = re.findall(r'part=(\w+)" data-go aria-current', shown["index"])
    assert marked == ["monitored"]


def test_a_weak_threshold_leads_to_the_rule_with_its_history(
    small: County, shown: dict[str, str]
) -> None:
    assert 'href="/definitions?rule=income_drop"' in Book(_book(small)).rule(rules()["income_drop"])
    rulebook.chosen(_stage(small, on="definitions", rule="income_drop"))
    assert "history" in shown["chosen"]
