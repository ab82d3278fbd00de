"""``python -m metrics`` prints the number as the pages show it."""

from __future__ import annotations

from pathlib import Path

import pytest

from metrics.__main__ import main
from metrics.registry import indicators
from store.snapshots import Home
from tests import small_county
from tests.small_county import COUNTY, EAST


def test_list_names_every_indicator(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    printed = capsys.readouterr().out
    assert all(key in printed and i.zh in printed for key, i in indicators().items())


def test_show_prints_what_the_number_is_made_of(
    small_home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    args = [
        "show",
        "poverty_rate",
        "--year",
        "2024",
        "--households",
        "--home",
        str(small_home.path),
    ]
    assert main(args) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.split() == ["value", "1.75", "%"] for line in lines)
    assert any(line.split() == ["numerator", "7"] for line in lines)
    assert any(line.split() == ["denominator", "400"] for line in lines)
    assert lines[-3:] == ["households   2", "H05", "H06"]


def test_show_for_a_township_and_an_unknown(
    small_home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    home = ["--home", str(small_home.path)]
    assert main(["show", "registered_households", "--region", EAST, *home]) == 0
    assert "value        3 households" in capsys.readouterr().out
    assert main(["show", "below_line_households", "--year", "2025", *home]) == 0
    assert "unknown" in capsys.readouterr().out


def test_bad_questions_are_answered_with_what_to_do(
    small_home: Home, tmp_path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = ["--home", str(small_home.path)]
    assert main(["show", "poor_people", "--region", "999999", *home]) == 2
    assert main(["show", "population", "--households", *home]) == 2
    assert main(["show", "poor_people", "--home", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert "no place 999999" in told and "villages" in told and "make demo" in told
    assert main(["show", "poor_people", "--snapshot", "9", "--region", COUNTY, *home]) == 2


def test_a_mistake_in_the_countys_thresholds_is_told_by_key_and_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small_county.publish(tmp_path)
    own = "monitoring_line_yuan:\n  - {from: 2022-01-01, value: 六千, source: 省文件}\n"
    (tmp_path / "county").mkdir()
    (tmp_path / "county" / "parameters.yaml").write_text(own, encoding="utf8")
    assert main(["derive", "--home", str(tmp_path)]) == 0
    told = capsys.readouterr().err
    assert "county/parameters.yaml 第 1 行: monitoring_line_yuan: 2022-01-01 起的值不是数" in told
