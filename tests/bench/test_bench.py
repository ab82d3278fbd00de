"""The bench's own arithmetic; its timings are not tested."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from tests.bench.__main__ import change_lines, key_of, load_lines, script_lines
from tests.bench.browser import SCENES, Change, Load, walk
from tests.bench.report import TARGETS, Measure, Target, judge, number, percentile, spread, table
from tests.bench.wire import Round

PAINT = Measure("paint", "paint", "ms", {"a": 100.0, "b": 400.0, "c": 50.0})


def changed(milliseconds: float, size: int) -> Change:
    return Change(milliseconds, 1.0, 2.0, 3.0, size, 7)


@pytest.mark.parametrize(
    ("share", "value"), [(0, 1.0), (0.5, 2.5), (0.95, 3.85), (1, 4.0), (1 / 3, 2.0)]
)
def test_percentiles_are_interpolated_between_the_sorted_values(share: float, value: float) -> None:
    assert percentile([4.0, 1.0, 3.0, 2.0], share) == pytest.approx(value)


def test_a_single_value_is_every_percentile_and_none_has_no_percentile() -> None:
    assert percentile([7.0], 0.95) == 7.0
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


def test_a_spread_is_the_median_and_the_95th_of_each_program() -> None:
    middle, high = spread("x", "X", "ms", {"a": [1.0, 3.0], "b": [10.0] * 5})
    assert (middle.key, high.key) == ("x_p50", "x_p95")
    assert middle.values == {"a": 2.0, "b": 10.0}
    assert high.values["a"] == pytest.approx(2.9)


def test_ratios_are_of_the_dashboard_to_another() -> None:
    assert PAINT.ratio("b") == 0.25
    assert PAINT.ratio("c") == 2.0
    assert Measure("x", "X", "ms", {"a": 1.0, "b": 0.0}).ratio("b") is None
    assert Measure("x", "X", "ms", {"a": 1.0, "b": 2.0}).ratio("c") is None


@pytest.mark.parametrize(
    ("target", "reached", "words"),
    [
        (Target("paint", 1 / 3, "b"), True, "at most 0.333 times (b): 0.25, reached"),
        (Target("paint", 0.25, "b"), True, "0.25, reached"),
        (Target("paint", 1 / 8, "b"), False, "0.25, NOT reached, 2.00 times the target"),
        (Target("paint", 2.5, "c"), True, "at most 2.5 times (c): 2, reached"),
        (Target("paint", 80.0), False, "at most 80 ms: 100, NOT reached, 1.25 times the target"),
        (Target("login", 1.1, "a", "d"), True, "login (d): at most 1.1 times (a): 1.05, reached"),
        (Target("login", 1.0, "a", "d"), False, "1.05, NOT reached, 1.05 times the target"),
        (Target("other", 1.0), False, "other: at most 1: not measured"),
    ],
)
def test_a_target_is_reached_up_to_its_limit(target: Target, reached: bool, words: str) -> None:
    login = Measure("login", "login", "ms", {"a": 100.0, "d": 105.0})
    verdict = judge(target, {"paint": PAINT, "login": login})
    assert verdict.reached is reached
    assert verdict.words.endswith(words)


@pytest.mark.parametrize(
    ("value", "text"), [(None, "–"), (0.125, "0.125"), (3.14159, "3.14"), (12345.6, "12,346")]
)
def test_numbers_show_three_digits(value: float | None, text: str) -> None:
    assert number(value) == text


def test_the_table_has_a_line_a_measure_all_of_one_width() -> None:
    without = Measure("map", "map", "ms", {"a": 5.0, "b": 10.0})
    head, rule, first, second = table([PAINT, without]).splitlines()
    assert len({len(head), len(rule), len(first), len(second)}) == 1
    assert [cell.strip() for cell in first.strip("|").split("|")] == [
        *("paint", "ms", "100", "400", "50", "–", "0.25", "2", "–")
    ]
    assert [cell.strip() for cell in second.strip("|").split("|")][4:] == [
        *("–", "–", "0.5", "–", "–")
    ]


@pytest.mark.parametrize(("size", "start"), [(16, 0), (12, 11), (2, 0)])
def test_a_walk_goes_through_the_options_and_turns_at_the_ends(size: int, start: int) -> None:
    at, seen = start, [start]
    for step in walk(size, start, 40):
        at += step
        seen.append(at)
    assert set(seen) == set(range(size))
    assert all(abs(b - a) == 1 for a, b in pairwise(seen))


def test_the_lines_of_changes_join_both_widgets() -> None:
    found = {
        "乡镇": {"a": [changed(10, 1000)], "b": [changed(100, 3000)]},
        "年度": {"a": [changed(30, 2000)], "b": [changed(300, 5000)]},
    }
    lines = {line.key: line.values for line in change_lines("/", found)}
    assert lines["overview_township_p50"] == {"a": 10, "b": 100}
    assert lines["overview_year_p95"] == {"a": 30, "b": 300}
    assert lines["overview_key_to_paint_p50"] == {"a": 20, "b": 200}
    assert lines["overview_bytes_p50"] == {"a": 1.5, "b": 4.0}
    assert lines["overview_messages_p50"] == {"a": 7, "b": 7}
    assert {line.key for line in change_lines("/map", found)} >= {"map_key_to_paint_p50"}


def test_the_lines_of_loads_take_the_middle_one() -> None:
    loads = {"a": [Load(50, 2_000_000, 90), Load(70, 3_000_000, 91), Load(900, 4_000_000, 99)]}
    lines = {line.key: line.values["a"] for line in load_lines(loads)}
    assert lines["load_p50"] == 70
    assert lines["load_bytes"] == 3.0
    assert lines["load_requests"] == 91


def test_every_target_is_of_a_line_that_is_measured() -> None:
    taken = {"乡镇": {"a": [changed(1, 1)]}, "年度": {"a": [changed(1, 1)]}}
    keys = {line.key for line in change_lines("/", taken)}
    keys |= {line.key for path in SCENES for line in change_lines(path, taken, " ready")}
    keys |= {line.key for line in load_lines({"a": [Load(1, 1, 1)]})}
    taken = {"a": [Round(0.1, 1000, 0.05)]}
    keys |= {line.key for line in script_lines("/", taken)}
    keys |= {line.key for line in change_lines("/ledgers", {"乡镇": {"a": [changed(1, 1)]}})}
    keys |= {f"{key_of(path)}_playing_p95" for path in SCENES}
    keys |= {"crowd_p95", "audit_ledgers", "audit_household"}
    assert {target.key for target in TARGETS} <= keys
    assert all(math.isfinite(target.limit) for target in TARGETS)


def test_a_script_has_its_time_and_its_processor_time() -> None:
    rounds = {"a": [Round(0.1, 1, 0.04), Round(0.3, 1, 0.06)], "d": [Round(0.2, 1, 0.06)]}
    lines = {line.key: line for line in script_lines("/", rounds)}
    assert lines["overview_script_p50"].values == {"a": 200, "d": 200}
    assert lines["overview_processor"].ratio("a", "d") == pytest.approx(1.2)
