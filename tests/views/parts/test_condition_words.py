"""A condition in words: both languages, no two fields alike, and read back from its sentence."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from glossary import LANGUAGES, Lang, term
from metrics.conditions import MODES, UNKNOWN, Condition
from metrics.county import County
from metrics.fields import Field, Fields
from tests.metrics.asking import asked
from tests.metrics.test_fields import FIELDS
from views.context import filtering
from views.parts.condition_words import Words


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("in_income_drop.met", "收入下降户:符合", "Income fell: met"),
        ("groups.none-of.income_drop.borderline", "类别:不是收入下降户或边缘户",
         "Group: none of Income fell or Borderline"),
        ("measures.all-of.industry.health", "帮扶措施:产业帮扶且健康帮扶",
         "Measures: Industry and Health"),
        ("per_capita_net_income_yuan.from.3000.under.6000", "人均纯收入:3,000元至不足6,000元",
         "Net income per person: 3,000 yuan to under 6,000 yuan"),
        ("exit_year.to.2018", "脱贫年度:不高于2018年", "Year of exit: up to 2018"),
        ("member-age.from.60", "家庭成员年龄:不低于60岁", "Members: Age: 60 years or more"),
        ("monitored_on.unknown", "纳入监测时间:无记录", "Monitored since: not on record"),
        ("place.619925101.619925102201", "地区:东岭镇或西川镇磨坊村",
         "Place: 东岭镇 or 西川镇磨坊村"),
        ("household.H1.H2.H3.H4.H5.H6", "户编号:H1或H2或H3或H4或H5等6户",
         "Household number: H1 or H2 or H3 or H4 or H5 and others, 6 in all"),
        ("problems.overdue", "跟踪的问题:逾期", "Problems followed: Overdue"),
    ],
)  # fmt: skip
def test_a_condition_says_what_it_asks(small: County, text: str, zh: str, en: str) -> None:
    fields = filtering.fields(small)
    condition = fields.read_one(text)
    assert Words(small, fields, "zh").condition(condition) == zh
    assert Words(small, fields, "en").condition(condition) == en


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_two_fields_and_no_two_values_are_called_alike(small: County, lang: Lang) -> None:
    words = Words(small, FIELDS, lang)
    names = [words.name(key) for key in FIELDS]
    assert all(names) and len({*names}) == len(names)
    for of in FIELDS.values():
        values = [words.value(of, value) for value in of.values]
        assert all(values) and len({*values}) == len(values), of.key


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked(FIELDS), st.sampled_from(LANGUAGES))
def test_a_sentence_reads_back_to_its_condition(
    small: County, condition: Condition, lang: Lang
) -> None:
    words = Words(small, FIELDS, lang)
    if condition.mode == "all" and len(condition.values) == 1:
        condition = replace(condition, mode="any")  # the same, and said alike
    assert _read(words, FIELDS, words.condition(condition), lang) == [condition]


def _read(words: Words, fields: Fields, sentence: str, lang: Lang) -> list[Condition]:
    """Every condition that a sentence could stand for."""
    found = []
    for key, of in fields.items():
        begins = term("where_said", lang, name=words.name(key), said="")
        if sentence.startswith(begins):
            said = sentence.removeprefix(begins)
            found += _range(words, of, said, lang) if of.kind == "range" else _choice(
                words, of, said, lang
            )  # fmt: skip
    return found


def _choice(words: Words, of: Field, said: str, lang: Lang) -> list[Condition]:
    values = {words.value(of, value): value for value in of.values}
    if of.kind == "named":
        values = {name: name for name in re.findall(r"H\d+", said)}
    found = set()
    for mode in (mode for mode in MODES if mode in of.modes):
        text = said
        if mode == "none":
            before, after = term("where_none", lang, names="\0").split("\0")
            if not (text.startswith(before) and text.endswith(after)):
                continue
            text = text[len(before) : len(text) - len(after)]
        joint = term("where_and" if mode == "all" else "where_or", lang)
        parts = _parts(text, joint, values)
        if parts:
            one = of.read(".".join((f"{mode}-of", *(values[part] for part in parts))))
            found.add(replace(one, mode="any") if len(parts) == 1 and mode == "all" else one)
    return list(found)


def _parts(text: str, joint: str, values: dict[str, str]) -> list[str]:
    """The values that a text joins; none where some part is no value."""
    if text in values:
        return [text]
    for name in values:
        if text.startswith(name + joint):
            rest = _parts(text[len(name) + len(joint) :], joint, values)
            if rest:
                return [name, *rest]
    return []


def _range(words: Words, of: Field, said: str, lang: Lang) -> list[Condition]:
    if said == term("where_unrecorded", lang):
        return [Condition(of.key, (UNKNOWN,))]
    found = []
    for key, ends in (
        ("where_between_under", ("low", "high")),
        ("where_between_to", ("low", "high")),
        ("where_under", ("high",)),
        ("where_to", ("high",)),
        ("where_from", ("low",)),
    ):
        blanks = {end: f"\0{end}\0" for end in ends}
        pattern = re.escape(term(key, lang, **blanks))
        for end in ends:
            pattern = pattern.replace(re.escape(f"\0{end}\0"), f"(?P<{end}>.+?)")
        match = re.fullmatch(pattern, said)
        if match is None:
            continue
        held = {end: _bound(words, of, match[end]) for end in ends}
        if None not in held.values():
            found.append(Condition(of.key, low=held.get("low"), high=held.get("high"),
                                   under=key.endswith("under")))  # fmt: skip
    return found


def _bound(words: Words, of: Field, text: str) -> float | date | None:
    """The end of a range that reads so; None for no end of one."""
    number = re.match(r"-?[\d,]+(?:\.\d+)?", text)
    if number is None:
        return None
    try:
        bound = date.fromisoformat(text) if of.day else float(number[0].replace(",", ""))
    except ValueError:
        return None
    return bound if words.bound(of, bound) == text else None
