"""Who stands out among kinds: nobody by a zero, an unknown, a tie of all or a single case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts import foremost as module
from charts.foremost import SMALL, Placed, foremost, rated
from charts.number_format import Measure

ZH, EN = Measure("rate", "%"), Measure("rate", "%", "en")
HOMES, HOMES_EN = Measure("count", "户"), Measure("count", "households", "en")


def counts(*values, base=None):
    return [Placed(f"因{i}", value, base=base) for i, value in enumerate(values)]


@pytest.mark.parametrize(
    ("kinds", "zh", "en"),
    [
        (counts(140, 12, 0), "因0(140户)", "因0 (140 households)"),
        (counts(11, 9, base=27), "因0(11户,共27,基数小)", "因0 (11 households of 27, few cases)"),
        (counts(11, 9, base=SMALL), "因0(11户)", "因0 (11 households)"),
        (counts(9, 9, 2), "因0、因1(并列,各9户)", "因0, 因1 (tied, 9 households each)"),
        (counts(9, 9, 9, 9, 2), "4个类别(并列,各9户)", "4 kinds (tied, 9 households each)"),
        (
            counts(7, 2, None),
            "因0(7户)(另有1个类别无法判定)",
            "因0 (7 households) (1 more cannot be told)",
        ),
        (counts(0, 0, 0), None, None),
        (counts(5, 5, 5), None, None),
        (counts(1, 0, 0), None, None),
        (counts(5), None, None),
        (counts(5, 3, None, None, None), None, None),
        (counts(None, None), None, None),
        ([], None, None),
    ],
)
def test_of_kinds_one_stands_out_or_nobody(kinds, zh, en):
    for measure, told in ((HOMES, zh), (HOMES_EN, en)):
        top = foremost(kinds, measure)
        assert (top and top.text) == told


def test_classes_of_different_size_are_compared_by_their_shares():
    kinds = [rated("有劳动能力户", 300, 20_000), rated("弱劳动能力户", 150, 3_000)]
    top = foremost(kinds, ZH)
    assert top and (top.text, top.only) == ("弱劳动能力户(5.0%,150/3,000)", "弱劳动能力户")
    assert foremost([rated("甲", 1, 1000), rated("乙", None, 10)], EN) is None
    few = foremost([rated("甲", 5, 12), rated("乙", 1, 40)], EN)
    assert few and few.text == "甲 (41.7 %, 5 of 12, few cases)"


def test_nothing_to_be_a_share_of_is_not_known():
    assert rated("甲", 0, 0).value is None and rated("甲", None, 5).value is None
    assert rated("甲", 0, 5).value == 0


_VALUES = st.lists(st.none() | st.integers(0, 12), max_size=8)


@given(_VALUES, st.none() | st.integers(1, 60))
def test_no_superlative_of_zeros_unknowns_or_ties(values, base):
    top = foremost(counts(*values, base=base), HOMES)
    known = [value for value in values if value is not None]
    if len(known) < 2 or 2 * len(known) < len(values) or len(set(known)) == 1 or max(known) < 2:
        assert top is None
        return
    assert top is not None
    first = [f"因{i}" for i, value in enumerate(values) if value == max(known)]
    assert list(top.names) == first
    assert ("并列" in top.text) == (len(first) > 1) == (top.only is None)
    assert ("基数小" in top.text) == (base is not None and base < SMALL)
    if base is not None and base < SMALL and len(first) == 1:
        assert f"共{base}" in top.text, "n stands beside few cases"
    assert ("无法判定" in top.text) == (len(known) < len(values))


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 60)), max_size=8))
def test_rates_name_their_base_and_are_never_of_nothing(pairs):
    top = foremost([rated(f"类{i}", min(p, b), b) for i, (p, b) in enumerate(pairs)], ZH)
    if top is None:
        return
    for name in top.names:
        part, base = pairs[int(name[1:])]
        assert base and min(part, base)
    if top.only:
        part, base = pairs[int(top.only[1:])]
        assert f"{min(part, base)}/{base}" in top.text
        assert ("基数小" in top.text) == (base < SMALL)


def test_every_word_exists_in_both_languages():
    for name in ("_BRACKETS", "_OF", "_OF_FEW", "_EACH", "_SMALL", "_SEVERAL", "_TIED", "_UNKNOWN"):
        assert set(getattr(module, name)) == {"zh", "en"}
