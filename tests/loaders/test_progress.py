"""Progress as bars for who waits and as lines for a page."""

from __future__ import annotations

import io
import json
from pathlib import Path

from loaders.progress import Bars, Lines, together


def lines(path: Path) -> list[tuple[str, str, int, int]]:
    read = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    return [(s["stage"], s["file"], s["done"], s["of"]) for s in read]


def test_every_beginning_and_end_is_a_line_and_few_of_the_steps_between(tmp_path: Path) -> None:
    progress = Lines(tmp_path / "p.jsonl")
    for done in range(101):
        progress("clean", "户信息.xlsx", done, 100)
    progress("publish", "", 1, 1)
    progress.close()
    told = lines(tmp_path / "p.jsonl")
    assert told[0] == ("clean", "户信息.xlsx", 0, 100)
    assert told[-2:] == [("clean", "户信息.xlsx", 100, 100), ("publish", "", 1, 1)]
    assert len(told) < 20


def test_lines_are_added_to_what_stands_there(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    for stage in ("read", "clean"):
        progress = Lines(path)
        progress(stage, "", 1, 1)
        progress.close()
    assert [stage for stage, *_ in lines(path)] == ["read", "clean"]


def test_a_bar_for_each_file_and_stage() -> None:
    out = io.StringIO()
    bars = Bars(out)
    bars("read", "甲.xlsx", 1, 1)
    bars("clean", "甲.xlsx", 5, 10)
    bars("clean", "甲.xlsx", 10, 10)
    bars("assemble", "", 3, 3)
    shown = out.getvalue()
    assert "10/10" in shown and "3/3" in shown and "1/1" not in shown
    assert shown.count("甲.xlsx:") >= 1 and "汇总:" in shown


def test_several_are_told_the_same() -> None:
    first: list[object] = []
    second: list[object] = []
    tell = together([lambda *step: first.append(step), lambda *step: second.append(step)])
    tell("publish", "", 0, 1)
    assert first == second == [("publish", "", 0, 1)]
