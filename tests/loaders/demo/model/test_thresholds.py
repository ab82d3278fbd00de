"""The simulated county's own thresholds: marked as invented, and never over a county's own file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from loaders.demo.model.config import read_county
from loaders.demo.model.thresholds import write_parameters
from rules.parameters import defaults, load

END = date(2025, 12, 31)


@pytest.mark.parametrize("code", ["611025", "433125"])
def test_a_home_gets_what_the_program_leaves_to_the_county(tmp_path: Path, code: str) -> None:
    home = tmp_path / "home"
    assert write_parameters(code, home) == home / "county" / "parameters.yaml"
    county, known = read_county(code), load(home)
    for key in county.own_parameters:
        assert defaults()[key].at(END) is None, key
        held = known[key].at(END)
        assert held is not None and held.weak and held.source.startswith("模拟县"), key
    standard = known["minimum_allowance_yuan"]
    assert standard.at(END).value == county.allowance_standard  # type: ignore[union-attr]
    assert standard.at(date(2022, 12, 31)) is None
    assert known["own_payment_limit_yuan"].at(END).value == county.own_payment_limit  # type: ignore[union-attr]


def test_the_programs_own_values_stay(tmp_path: Path) -> None:
    write_parameters("611025", tmp_path)
    line = load(tmp_path)["monitoring_line_yuan"]
    assert line.at(date(2021, 12, 31)) == defaults()["monitoring_line_yuan"].at(date(2021, 12, 31))


def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "county" / "parameters.yaml"
    path.parent.mkdir()
    path.write_text("{}\n", "utf-8")
    write_parameters("611025", tmp_path)
    assert path.read_text("utf-8") == "{}\n"


def test_a_county_without_targets_has_no_thresholds(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_parameters("110101", tmp_path)
    assert not (tmp_path / "county" / "parameters.yaml").exists()
