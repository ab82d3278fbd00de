"""A threshold stands in no second place: not in words, and not in a condition."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from glossary import terms
from metrics.registry import indicators
from rules.parameters import Parameter, defaults
from rules.registry import rules, systems

ROOT = Path(__file__).parents[2]
# How a value of each unit reads in words; what a threshold's prose must not hold.
_UNITS = {
    "yuan": "元|万元|yuan",
    "percent": "%|个百分点| percent| points",
    "days": "天|日|days?",
    "months": "个月|months?",
    "years": "岁|周岁|years old",
    "people": "人|people",
    "grade": "级",
}


def _forms(value: float) -> Iterator[str]:
    yield f"{value:g}"
    yield f"{value:,.10g}"
    if value >= 10_000:
        yield f"{value / 10_000:g}万"


def _pattern(parameter: Parameter, value: float) -> re.Pattern[str]:
    forms = "|".join(re.escape(form) for form in {*_forms(value)})
    unit = "" if value >= 1000 else rf"\s?(?:{_UNITS[parameter.unit]})"
    return re.compile(rf"(?<![\d.,])(?:{forms}){unit}(?!\d)")


@cache
def _texts() -> dict[str, str]:
    """Everything that is shown and written by hand, by where it stands."""
    found = {key: f"{p.zh} {p.en}" for key, p in defaults().items()}
    for declared in [*rules().values(), *systems().values(), *indicators().values()]:
        for name in ("zh", "en", "definition_zh", "definition_en"):
            found[f"{declared.key}.{name}"] = getattr(declared, name)
    found |= {f"term {key}": f"{t['zh']} {t['en']}" for key, t in terms().items()}
    for folder in ("views", "pages"):
        for path in (ROOT / folder).glob("*.py"):
            found[path.name] = " ".join(re.findall(r"\"([^\"]*)\"", path.read_text("utf8")))
    return found


@pytest.mark.parametrize("key", defaults())
def test_no_prose_repeats_a_threshold(key: str) -> None:
    parameter = defaults()[key]
    for held in parameter.values:
        pattern = _pattern(parameter, held.value)
        found = [place for place, words in _texts().items() if pattern.search(words)]
        assert not found, f"{held.value:g} {parameter.unit} stands in {found}"


def test_the_pattern_finds_what_it_should() -> None:
    line, drop = defaults()["monitoring_line_yuan"], defaults()["income_drop_percent"]
    for words in ("人均6000元", "under 6,000 yuan"):
        assert _pattern(line, 6000).search(words)
    assert _pattern(drop, 10).search("下降10%以上")
    assert not _pattern(drop, 10).search("第10项")
    assert not _pattern(line, 6000).search("16000元")


# Numbers that a condition may hold itself: none, all, and the years that name a group.
_PLAIN = {"0", "1", "100", "2014", "2015"}


@pytest.mark.parametrize("key", rules())
def test_no_condition_holds_a_threshold_itself(key: str) -> None:
    rule = rules()[key]
    without_codes = re.sub(r"'[^']*'", "", rule.where)
    assert set(re.findall(r"(?<![\w.])\d+(?:\.\d+)?", without_codes)) <= _PLAIN
