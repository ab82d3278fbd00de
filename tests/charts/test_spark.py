"""Spark lines: where the points lie, gaps that stay gaps, and lines that are none."""

from __future__ import annotations

import pytest

from charts.spark import spark


def _points(line: str) -> list[tuple[float, float]]:
    return [tuple(map(float, point.split(","))) for point in line.split()]  # type: ignore[misc]


def test_more_is_higher_and_the_last_stands_at_the_right() -> None:
    drawn = spark([1, 3, 2], 60, 20)
    assert drawn is not None
    [line] = map(_points, drawn.lines)
    assert [x for x, _ in line] == [3.0, 30.0, 57.0]
    assert [y for _, y in line] == [17.0, 3.0, 10.0], "pixels are counted from the top"
    assert drawn.end == line[-1]


def test_what_is_not_known_is_a_gap() -> None:
    drawn = spark([1, 2, None, 3, 4])
    assert drawn is not None and len(drawn.lines) == 2


def test_an_unknown_last_value_has_no_dot() -> None:
    drawn = spark([1, 2, None])
    assert drawn is not None and drawn.end is None


def test_a_level_course_lies_in_the_middle() -> None:
    drawn = spark([5, 5], 60, 20)
    assert drawn is not None and {y for _, y in _points(drawn.lines[0])} == {10.0}


@pytest.mark.parametrize("values", [[], [1], [None, 1], [None, None]])
def test_a_line_needs_two_values(values: list[float | None]) -> None:
    assert spark(values) is None
