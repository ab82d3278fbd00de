"""Labels: their width, their lines, and how they keep apart."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts.labels import Box, best, cuts, rows, spread, text_width, wrap


def test_a_chinese_character_is_one_em_and_latin_is_narrower():
    assert text_width("镇安县", 16) == 48
    assert 0 < text_width("abc", 16) < 30
    assert text_width("abc", 16, bold=True) > text_width("abc", 16)
    assert text_width("", 16) == 0


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("镇安县", 60, ["镇安县"]),
        ("茅坪回族镇", 50, ["茅坪回", "族镇"]),
        ("Maoping Hui Township", 110, ["Maoping Hui", "Township"]),
        ("Borderline", 20, ["Borderline"]),
        ("2014年和2015年", 60, ["2014年", "和2015", "年"]),
        ("搬迁“两头跑”户", 80, ["搬迁“两头", "跑”户"]),
    ],
)
def test_wrap_breaks_where_a_reader_would(text, width, lines):
    assert wrap(text, 16, width) == lines


@given(st.text("镇安县户人 abc12。", max_size=30), st.integers(40, 200))
def test_wrap_loses_nothing_but_spaces(text, width):
    assert "".join(wrap(text, 14, width)).replace(" ", "") == text.replace(" ", "")


def test_spread_leaves_what_does_not_touch():
    assert spread([10, 50, 90], [20, 20, 20], 0, 100) == [10, 50, 90]


def test_spread_parts_what_touches_evenly():
    assert spread([50, 50], [20, 20], 0, 100) == [40, 60]
    assert spread([50, 40], [20, 20], 0, 100) == [55, 35]


def test_spread_stays_within_its_bounds():
    assert spread([0, 0, 0], [20, 20, 20], 0, 100) == [10, 30, 50]
    assert spread([100, 100], [20, 20], 0, 100) == [70, 90]
    assert spread([], [], 0, 100) == []


def test_spread_without_room_starts_at_the_top():
    assert spread([50, 50], [80, 80], 0, 100) == [40, 120]


@given(st.lists(st.tuples(st.floats(0, 400), st.floats(5, 30)), max_size=12))
def test_spread_never_overlaps_and_keeps_order(items):
    centres, heights = [c for c, _ in items], [h for _, h in items]
    placed = spread(centres, heights, 0, 400)
    spans = sorted((p - h / 2, p + h / 2) for p, h in zip(placed, heights, strict=True))
    assert all(a[1] <= b[0] + 1e-6 for a, b in pairwise(spans))
    assert all(low >= -1e-6 and high <= 400 + 1e-6 for low, high in spans)
    order = sorted(range(len(items)), key=lambda i: centres[i])
    assert all(placed[a] < placed[b] for a, b in pairwise(order))


BOX = Box(10, 10, 20, 20)


def test_boxes_meet_only_if_they_share_room():
    assert BOX.meets(Box(15, 15, 30, 30))
    assert not BOX.meets(Box(20, 10, 30, 20))
    assert BOX.within(Box(0, 0, 20, 20))
    assert not BOX.within(Box(0, 0, 19, 30))


@pytest.mark.parametrize(
    ("a", "b", "cut"),
    [
        ((0, 0), (30, 30), True),
        ((0, 15), (30, 15), True),
        ((15, 0), (15, 30), True),
        ((12, 12), (14, 14), True),
        ((0, 0), (30, 5), False),
        ((0, 0), (5, 30), False),
        ((0, 25), (30, 25), False),
        ((25, 0), (25, 30), False),
        ((0, 25), (5, 15), False),
    ],
)
def test_a_line_cuts_a_box(a, b, cut):
    assert BOX.cut_by(a, b) is cut
    assert BOX.cut_by(b, a) is cut


points = st.tuples(st.floats(0, 30), st.floats(0, 30))


@given(points, points)
def test_cutting_agrees_with_walking_along_the_line(a, b):
    steps = [(a[0] + (b[0] - a[0]) * t / 300, a[1] + (b[1] - a[1]) * t / 300) for t in range(301)]
    if any(10.2 < x < 19.8 and 10.2 < y < 19.8 for x, y in steps):
        assert BOX.cut_by(a, b)
    if not any(9.8 < x < 20.2 and 9.8 < y < 20.2 for x, y in steps):
        assert not BOX.cut_by(a, b)


def test_cuts_counts_pieces():
    assert cuts(BOX, [[(0, 15), (15, 15), (30, 15)], [(0, 0), (5, 5)]]) == 2


ROOM = Box(0, 0, 100, 100)
FREE, AWAY = (Box(40, 40, 50, 50), 0), (Box(60, 60, 70, 70), 3)


def test_best_takes_the_first_that_is_free():
    assert best([FREE, AWAY], [], [], ROOM) == 0
    assert best([AWAY, FREE], [], [], ROOM) == 1


def test_best_gives_way_to_labels_lines_and_the_edge():
    assert best([FREE, AWAY], [Box(45, 45, 46, 46)], [], ROOM) == 1
    assert best([FREE, AWAY], [], [[(0, 45), (100, 45)]], ROOM) == 1
    assert best([(Box(-5, 0, 5, 10), 0), AWAY], [], [], ROOM) == 1


def test_best_would_rather_cross_a_line_than_cover_a_label_or_leave():
    lined, covered, outside = FREE, AWAY, (Box(95, 0, 105, 5), 0)
    paths, taken = [[(0, 45), (100, 45)]], [Box(60, 60, 61, 61)]
    assert best([outside, covered, lined], taken, paths, ROOM) == 2
    assert best([outside, covered], taken, paths, ROOM) == 1


def test_rows_part_spans_that_touch():
    assert rows([(0, 50), (60, 100), (40, 80)], gap=5) == [0, 0, 1]
    assert rows([(0, 50), (50, 90)], gap=5) == [0, 1]
    assert rows([]) == []
