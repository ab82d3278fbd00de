"""Explanations as markup: a line a rule with shape and word, conditions, values and documents."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from metrics.county import County
from rules.explain import Explanation, explain
from rules.parameters import DatedValue, Parameter
from rules.registry import rules
from tests.views.parts.test_pieces import _stage
from views.context.stage import Stage
from views.parts.rule_explanation import Explained

_SOUND = {"year": 2016, "member_count": 2, "net_income_yuan": 5000.0}


def _facts(income: float | None) -> dict[str, object]:
    return {**_SOUND, "per_capita_net_income_yuan": income}


def _why(stage: Stage, rule: str, **facts: object) -> Explanation:
    return explain(rules()[rule], {"year": 2016, **facts}, stage.county.parameters)


def _text(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


@pytest.mark.parametrize(
    ("income", "shape", "word"),
    [(3000.0, "yes", "符合"), (2952.0, "no", "不符合"), (None, "open", "无法判定")],
)
def test_each_answer_is_a_shape_and_a_word(
    small: County, income: float | None, shape: str, word: str
) -> None:
    stage = _stage(small)
    html = Explained(stage).line(_why(stage, "exit_income", **_facts(income)))
    assert f'<summary><span class="light {shape}">{word}</span>' in html


def test_a_line_says_value_threshold_gap_days_and_document(small: County) -> None:
    stage = _stage(small)
    said = _text(Explained(stage).line(_why(stage, "exit_income", **_facts(2500.0))))
    assert "收入超过标准" in said
    assert "人均纯收入应高于国家农村贫困标准2,952元,实际2,500元,低452元" in said
    assert "本户数值:家庭纯收入 5,000元;" in said
    assert "国家农村贫困标准 2,952元(2016年适用" in said and "云南调查年鉴2017" in said
    assert rules()["exit_income"].source in said


def test_a_single_condition_is_not_said_twice(small: County) -> None:
    stage = _stage(small)
    html = Explained(stage).line(_why(stage, "exit_income", **_facts(2500.0)))
    assert 'class="why"' not in html
    assert _text(html).count("实际2,500元") == 1


def test_a_line_leads_to_the_book_of_rules(small: County) -> None:
    stage = _stage(small)
    html = Explained(stage).line(_why(stage, "exit_income", **_facts(2500.0)))
    assert 'href="/definitions?rule=exit_income"' in html


def test_a_weak_and_a_missing_threshold_are_marked(small: County) -> None:
    stage = _stage(small)
    line = small.parameters["poverty_line_yuan"]
    doubted = DatedValue(date(2016, 1, 1), date(2016, 12, 31), 2952.0, "甲文", weak=True)

    def marked(values: tuple[DatedValue, ...]) -> str:
        held: dict[str, Parameter] = {
            **small.parameters,
            line.key: replace(line, values=values),
        }
        return Explained(stage).line(explain(rules()["exit_income"], _facts(1.0), held))

    assert '<span class="mark weak">' in marked((doubted,))
    assert '<span class="mark unfilled">' in marked(())
    assert "mark" not in marked((replace(doubted, weak=False),))


def test_whole_opens_and_says_the_rules_asked_below(small: County) -> None:
    stage = _stage(small)
    facts = {"food_ok": True, "clothing_ok": True, "schooling_ok": True, "medical_ok": False}
    why = _why(stage, "exit_met", **_facts(2500.0), **facts, housing_ok=True, water_ok=True)
    whole, folded = (Explained(stage).line(why, whole=whole) for whole in (True, False))
    assert whole.startswith('<details class="judged" open>')
    assert folded.startswith('<details class="judged">')
    assert "人均纯收入应高于" in whole and "人均纯收入应高于" not in folded.split("sources")[0]
    assert "收入超过标准,实际2,500元,低452元" in _text(folded)
    assert "全部达标 收入超过标准;基本医疗有保障" in _text(folded), "the parts missed, in short"


@pytest.mark.parametrize(
    ("rule", "facts", "short"),
    [
        # One of several missed; all met; one of several met; one not known.
        ("weak", {"able_members": 0, "weak_members": 0}, "“无劳动能力户”应不成立"),
        ("no_labour", {"able_members": 0, "weak_members": 0}, ""),
        ("no_labour", {"able_members": 2, "weak_members": 0}, "实际2人"),
        ("major_illness_disability", {"major_illness_members": 1}, "实际1人"),
        ("no_labour", {"able_members": 0, "weak_members": None}, "没有登记"),
        ("exit_food", {"food_ok": True}, ""),
    ],
)
def test_a_folded_line_says_in_short_what_decided(
    small: County, rule: str, facts: dict[str, object], short: str
) -> None:
    stage = _stage(small)
    html = Explained(stage).line(explain(rules()[rule], {"year": 2025, **facts}, small.parameters))
    found = re.search(r'<span class="gist">([^<]*)</span>', html)
    assert found is not None
    assert found[1].endswith(short) if short else found[1] == ""


def test_a_rule_that_should_not_hold_says_so(small: County) -> None:
    stage = _stage(small)
    why = _why(stage, "allowance_without", receives_allowance=False, receives_extreme=False)
    assert "符合低保收入条件" in _text(Explained(stage).line(why, whole=True))
    why = _why(stage, "allowance_beyond", receives_allowance=True)
    assert "应不成立" in _text(Explained(stage).line(why, whole=True))


def test_a_rule_before_its_time_says_since_when(small: County) -> None:
    stage = _stage(small)
    html = Explained(stage).line(_why(stage, "borderline", registered=False))
    assert f"{rules()['borderline'].since}年起" in html


def test_what_is_explained_is_escaped(small: County) -> None:
    stage = _stage(small)
    html = Explained(stage).line(
        _why(stage, "exit_income", **_facts(1.0)), before="<b>", after="<i>"
    )
    assert "&lt;b&gt;" in html and "&lt;i&gt;" in html


def test_it_reads_in_english(small: County) -> None:
    stage = _stage(small, lang="en")
    said = _text(Explained(stage).line(_why(stage, "exit_income", **_facts(2500.0))))
    assert "Does not meet" in said and "452 yuan" in said
