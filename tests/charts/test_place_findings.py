"""Sentences over places: counts add up, rates are ranked with their base, unknown is said."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts import place_findings
from charts.foremost import Placed
from charts.number_format import Measure
from charts.place_findings import over_places

ZH, EN = Measure("rate", "%"), Measure("rate", "%", "en")
HOMES, HOMES_EN = Measure("count", "户"), Measure("count", "households", "en")


def rates(**values):
    return [
        Placed(name, None if v is None else 100 * v[0] / v[1], *(v or ()))
        for name, v in values.items()
    ]


@pytest.mark.parametrize(
    ("placed", "zh", "en"),
    [
        (
            rates(甲镇=(32, 1000), 乙镇=(4, 1000), 丙镇=(1, 100), 丁镇=None),
            "贫困发生率最高的是甲镇(3.2%,32/1,000),最低的是乙镇(0.4%,4/1,000);另有1个乡镇无法判定",
            "The poverty rate is highest in 甲镇 (3.2 %, 32 of 1,000) and lowest in 乙镇 "
            "(0.4 %, 4 of 1,000); unknown in 1 more townships",
        ),
        (
            rates(甲镇=(16, 500), 乙镇=(32, 1000), 丙镇=(0, 900)),
            "贫困发生率并列最高的是甲镇、乙镇(3.2%),1个乡镇为0",
            "The poverty rate is highest, tied, in 甲镇, 乙镇 (3.2 %); zero in 1 of 3 townships",
        ),
        (
            rates(甲镇=(9, 12), 乙镇=(5, 500)),
            "贫困发生率最高的是甲镇(75.0%,9/12,基数小),最低的是乙镇(1.0%,5/500)",
            "The poverty rate is highest in 甲镇 (75.0 %, 9 of 12, few cases) and lowest in 乙镇 "
            "(1.0 %, 5 of 500)",
        ),
        (
            rates(甲镇=(0, 10), 乙镇=(0, 10)),
            "2个乡镇贫困发生率均为0",
            "The poverty rate stands at zero in all 2 townships",
        ),
        (
            rates(甲镇=(1, 10), 乙镇=None, 丙镇=None),
            "3个乡镇中只有1个能判定贫困发生率",
            "The poverty rate can be told in only 1 of 3 townships",
        ),
        (rates(甲镇=(3, 200)), "甲镇贫困发生率为1.5%", "甲镇: the poverty rate 1.5 %"),
        (
            rates(甲镇=(1, 20)),
            "甲镇贫困发生率为5.0%(1/20,基数小)",
            "甲镇: the poverty rate 5.0 % (1 of 20, few cases)",
        ),
        (rates(甲镇=None, 乙镇=None), "贫困发生率暂无数据", "The poverty rate: no data yet"),
    ],
)
def test_a_rate_is_ranked_with_what_it_is_a_share_of(placed, zh, en):
    assert over_places("贫困发生率", placed, "乡镇", ZH, additive=False) == zh
    assert over_places("the poverty rate", placed, "townships", EN, additive=False) == en


@pytest.mark.parametrize(
    ("values", "zh", "en"),
    [
        (
            (300, 49, 0, None),
            "监测户合计349户,3个乡镇中2个有;另有1个乡镇无法判定",
            "Monitored: 349 households in all, in 2 of 3 townships; unknown in 1 more townships",
        ),
        (
            (300, 49),
            "监测户合计349户,2个乡镇都有",
            "Monitored: 349 households in all, in every one of 2 townships",
        ),
        ((0, 0), "2个乡镇监测户均为0", "Monitored stands at zero in all 2 townships"),
    ],
)
def test_counts_of_places_that_differ_in_size_are_not_ranked(values, zh, en):
    placed = [Placed(f"镇{i}", value) for i, value in enumerate(values)]
    assert over_places("监测户", placed, "乡镇", HOMES, additive=True) == zh
    assert over_places("monitored", placed, "townships", HOMES_EN, additive=True) == en


@given(st.lists(st.none() | st.tuples(st.integers(0, 40), st.integers(40, 60)), min_size=2))
def test_nobody_is_best_by_a_zero_and_no_unknown_goes_unsaid(values):
    placed = [
        Placed(f"镇{i}", 100 * v[0] / v[1], *v) if v else Placed(f"镇{i}", None)
        for i, v in enumerate(values)
    ]
    text = over_places("率", placed, "镇", ZH, additive=False)
    known = {one.name: one.value for one in placed if one.value is not None}
    unknown = len(placed) - len(known)
    if 0 < unknown <= len(known):
        assert f"另有{unknown}个镇无法判定" in text
    if len(known) < unknown or not known:
        assert "最" not in text and "均" not in text
        return
    for word, extreme in (("最高", max), ("最低", min)):
        if named := re.search(rf"{word}的是(镇\d+)\(", text):
            shown = ZH.text(extreme(known.values()))
            assert ZH.text(known[named[1]]) == shown != "0%"
            assert [ZH.text(v) for v in known.values()].count(shown) == 1 or "并列" in text
    if len(set(map(ZH.text, known.values()))) > 1 and 0 in known.values():
        zeros = sum(1 for v in known.values() if not v)
        assert f"{zeros}个镇为0" in text and "最低" not in text


@given(st.lists(st.none() | st.integers(0, 500), min_size=2))
def test_what_adds_up_is_added_and_never_ranked(values):
    placed = [Placed(f"镇{i}", value) for i, value in enumerate(values)]
    text = over_places("户数", placed, "镇", HOMES, additive=True)
    known = [value for value in values if value is not None]
    assert "最" not in text
    if known and 2 * len(known) >= len(values) and sum(known):
        assert f"合计{HOMES.say(sum(known))}" in text


def test_every_sentence_exists_in_both_languages_with_the_same_facts():
    for key, texts in place_findings._WORDS.items():
        fields = [{part.split("}")[0] for part in t.split("{")[1:]} for t in texts.values()]
        assert fields[0] <= fields[1], key
