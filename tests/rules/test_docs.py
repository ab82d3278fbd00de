"""What docs/rules.md shows is true: its file loads, its rule is the rule, its cases are right."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from rules.judge import judge
from rules.parameters import defaults, load
from rules.registry import SYSTEMS, rules

_TEXT = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf8")
_COUNTY, _RULE, _CASES = re.findall(r"```yaml\n(.*?)```", _TEXT, flags=re.DOTALL)


def test_the_countys_own_file_loads(tmp_path: Path) -> None:
    (tmp_path / "county").mkdir()
    (tmp_path / "county" / "parameters.yaml").write_text(_COUNTY, encoding="utf8")
    filled = load(tmp_path)
    line = filled["monitoring_line_yuan"]
    assert [line.in_year(year).value for year in (2021, 2022)] == [6000, 6500]
    allowance = filled["minimum_allowance_yuan"].in_year(2025)
    assert (allowance.value, allowance.source) == (5520, "县民政局文件,第三条")


def test_the_rule_shown_is_the_rule() -> None:
    [(key, shown)] = yaml.safe_load(_RULE).items()
    rule = rules()[key]
    shown["evidence"] = tuple(shown["evidence"])
    assert {name: getattr(rule, name) for name in shown} == shown


def _cases() -> list[Any]:
    written = yaml.safe_load(_CASES)
    year = written.pop("year")
    [(key, entry)] = written.items()
    return [
        pytest.param(key, case.get("year", year), entry["start"] | case["given"], case["expect"],
                     id=case["case"])
        for case in entry["cases"]
    ]  # fmt: skip


@pytest.mark.parametrize(("key", "year", "given", "expect"), _cases())
def test_a_case_shown_is_right(
    key: str, year: int, given: dict[str, Any], expect: bool | None
) -> None:
    assert judge(rules()[key], given, year, defaults()) is expect


def test_every_file_named_is_there() -> None:
    root = Path(__file__).parents[2]
    for system in SYSTEMS:
        assert (root / "rules" / f"{system}.yaml").is_file()
        assert (root / "tests" / "cases" / f"{system}.yaml").is_file()
    for path in re.findall(r"`((?:rules|glossary)/[\w/.]+)`", _TEXT):
        assert (root / path).exists(), path
