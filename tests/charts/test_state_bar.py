"""The states of a ledger: every state named, overdue never lost."""

import pytest

from charts.number_format import Measure
from charts.state_bar import Segment, states
from charts.theme import ALERT, MUTED, PAGE, PHONE
from tests.charts.pixels import Screen, words
from tests.charts.samples import LEDGER, ledger, quiet_ledger
from tests.charts.samples import words as given_words


def draw(segments, frame=PAGE):
    items = Measure("count", "件")
    return states(segments, measure=items, words=given_words("状态", "件", "%"), frame=frame)


def test_parts_are_as_long_as_their_counts():
    data = ledger(PAGE).figure["data"]
    assert [trace["x"] for trace in data] == [[812], [143], [21], [9]]
    assert ledger(PAGE).figure["layout"]["xaxis"]["range"] == [0, 985]


def test_each_part_opens_its_entries():
    assert [t["customdata"] for t in ledger(PAGE).figure["data"]] == [[s.href] for s in LEDGER]


def test_each_state_is_named_with_its_count():
    texts = [words(n["text"]) for n in ledger(PAGE).figure["layout"]["annotations"]]
    assert texts == [["已销号", "812件"], ["办理中", "143件"], ["临期", "21件"], ["逾期", "9件"]]


def test_a_state_without_entries_is_said_in_grey_and_has_no_bar():
    chart = quiet_ledger(PAGE)
    overdue = chart.figure["layout"]["annotations"][-1]
    assert words(overdue["text"]) == ["逾期", "0件"]
    assert overdue["font"]["color"] == MUTED
    assert len(chart.figure["data"]) == 1


def test_overdue_is_hatched_unless_a_sliver():
    wide = draw([Segment("已销号", 1, "closed"), Segment("逾期", 1, "overdue")]).figure["data"]
    assert "pattern" in wide[1]["marker"] and "pattern" not in wide[0]["marker"]
    sliver = ledger(PHONE).figure["data"][-1]["marker"]
    assert "pattern" not in sliver and sliver["color"] == ALERT


@pytest.mark.parametrize("frame", [PHONE, PAGE])
@pytest.mark.parametrize(
    "counts", [(1, 0, 0, 0), (0, 0, 0, 5), (1, 1, 1, 1), (9999, 1, 1, 1), (1, 1, 1, 99999)]
)
def test_labels_keep_apart_whatever_the_counts(counts, frame):
    chart = draw([Segment(s.name, n, s.tone) for s, n in zip(LEDGER, counts, strict=True)], frame)
    screen = Screen(chart.figure, frame.width)
    assert screen.collisions() == [] and screen.outside() == []


def test_the_table_has_shares():
    assert draw([Segment("甲", 1, "open"), Segment("乙", 3, "closed")]).table == [
        ["状态", "件", "%"],
        ["甲", 1, 25],
        ["乙", 3, 75],
    ]


def test_an_empty_ledger_is_drawn_and_a_wrong_one_refused():
    assert draw([Segment("甲", 0, "open")]).table[1] == ["甲", 0, None]
    with pytest.raises(ValueError, match="zero or more"):
        draw([])
    with pytest.raises(ValueError, match="zero or more"):
        draw([Segment("甲", -1, "open")])
