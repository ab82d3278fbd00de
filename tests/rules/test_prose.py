"""A threshold stands in no second place: not in words, and not in a condition."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from glossary import codes, reasons, terms
from metrics import deprivation
from metrics.registry import indicators
from rules.checks import checks
from rules.parameters import Parameter, defaults, in_force
from rules.registry import rules, systems

ROOT = Path(__file__).parents[2]
# How a value of each unit reads in words; what a threshold's prose must not hold.
_UNITS = {
    "yuan": "元|万元|yuan",
    "percent": "%|个百分点| percent| points",
    "days": "天|日|days?",
    "months": "个月|months?",
    "years": "岁|周岁|years",
    "people": "人|people",
    "grade": "级",
    "m2": "平方米|m²",
    "km": "公里|km",
    "mu": "亩|mu",
    "kw": "千瓦|kW",
    "households": "户|households?",
    "entries": "个投标人|家投标|bidders?",
    "nights_a_week": "夜|nights?",
    "days_a_week": "天/周|days a week",
    "weight": "份|parts?",
}
_DIGITS = "零一二三四五六七八九十"
# Places where the number of a threshold stands and is another thing, each with the reason.
_ALLOWED = {
    ("check cadre_two_places.zh", "county_cadre_nights"): "one and the same night",
    **{
        (place, f"{key}_months"): "the months of a year"
        for place in ("term months_note", "term brief_part_trend")
        for key in ("demolition", "fund_idle", "fund_dividend")
    },
    **{
        (place, f"{key}_notice_days"): "the days of a week"
        for place in ("term problems_sub", "term mon_soon")
        for key in ("register", "exit", "allowance")
    },
    **{
        ("term sample_other_data", key): "one and the same sample" for key in deprivation.THRESHOLDS
    },
    **{
        (f"collective_{amount}_share.{name}", f"collective_{line}_yuan"): "what the share is of"
        for amount, line in (("50k", "base"), ("100k", "strong"))
        for name in ("zh", "en", "definition_zh", "definition_en")
    },
    **{
        (f"term {name}", "collective_source_percent"): "a prediction interval"
        for name in ("band", "forecast_closed", "forecast_open", "pace_sub")
    },
    ("reason ambiguous_day", "fund_notice_days"): "an example of a day of a month",
    ("rules/phrases.py", "fund_publish_days"): "an example in a docstring",
    ("rules/phrases.py", "notice_within_days"): "an example in a docstring",
    ("reason year_only", "visit_month_days"): "the last day of a year",
    ("reason year_only", "patrol_month_days"): "the last day of a year",
    ("charts/number_format.py", "poverty_line_yuan"): "an example in a docstring",
    ("charts/number_format.py", "village_poverty_rate_percent"): "an example in a docstring",
    ("charts/number_format.py", "county_poverty_rate_percent"): "an example in a docstring",
    ("charts/number_format.py", "wrongly_exited_percent"): "an example in a docstring",
    ("charts/number_format.py", "wrongly_left_out_percent"): "an example in a docstring",
    ("reason no_such_day", "due_soon_days"): "an example of a day of a month",
    ("reason no_such_day", "monitor_measures_days"): "an example of a day of a month",
    ("reason no_such_day", "post_vacant_days"): "an example of a day of a month",
    ("reason no_such_day", "death_report_days"): "an example of a day of a month",
    ("reason ambiguous_day", "payment_grace_days"): "a date",
    ("check project_built_unpaid.zh", "payment_months_running"): "payments of projects",
    ("check facility_unpatrolled.zh", "payment_months_running"): "patrols of facilities",
    ("term distance_finding", "payment_months_running"): "any months",
    ("term shops_sub", "payment_months_running"): "points of shops",
    ("term few_rate", "home_households_most"): "so few that a rate says little",
    ("term standing_rule_share", "home_households_most"): "so few that a rate says little",
    ("reason identity_elsewhere", "members_at_home_max"): "one and the same person",
    ("check member_posts_three.zh", "members_at_home_max"): "one and the same person",
    ("check member_posts_three.says_zh", "members_at_home_max"): "one and the same person",
    ("code zone_level.grid_2", "severe_disability_grade"): "the level of a grid",
    ("check household_heads.says_zh", "members_at_home_max"): "a household has one head",
    ("major_illness_disability.definition_zh", "members_at_home_max"): "anybody at all",
    ("major_illness_disability_households.definition_zh", "members_at_home_max"): "anybody at all",
    ("major_illness_disability_share.definition_zh", "members_at_home_max"): "anybody at all",
}


def _chinese(value: float) -> str:
    """A small whole number in Chinese characters: 二, 十五, 六十."""
    tens, ones = divmod(int(value), 10)
    lead = "" if tens < 2 else _DIGITS[tens]
    return (lead + "十" if tens else "") + (_DIGITS[ones] if ones else "")


def _forms(value: float) -> Iterator[str]:
    yield f"{value:g}"
    yield f"{value:,.10g}"
    if value >= 10_000:
        yield f"{value / 10_000:g}万"
    if 10_000 <= value < 1_000_000:
        yield f"{_chinese(value / 10_000)}万"
    if value < 100:
        yield _chinese(value)


def _pattern(parameter: Parameter, value: float) -> re.Pattern[str]:
    forms = "|".join(re.escape(form) for form in {*_forms(value)} if form)
    unit = "" if value >= 1000 else rf"\s?(?:{_UNITS[parameter.unit]})"
    found = rf"(?<![\d.,百千{_DIGITS}])(?:{forms}){unit}(?!\d)"
    if parameter.unit == "percent":
        found += f"|百分之{_chinese(value)}(?![{_DIGITS}])"
    if parameter.unit == "months" and value == 6:
        found += "|半年|half a year"
    return re.compile(found)


def _declared() -> Iterator[tuple[str, object, tuple[str, ...]]]:
    defined = ("zh", "en", "definition_zh", "definition_en")
    for declared in [*rules().values(), *systems().values(), *indicators().values()]:
        yield declared.key, declared, defined
    for check in checks().values():
        yield f"check {check.key}", check, ("zh", "en", "says_zh", "says_en")
    for key, parameter in defaults().items():
        yield f"parameter {key}", parameter, ("zh", "en")


@cache
def _texts() -> dict[str, str]:
    """Everything that is shown and written by hand, by where it stands."""
    found = {
        f"{key}.{name}": getattr(declared, name)
        for key, declared, names in _declared()
        for name in names
    }
    found |= {f"term {key}": f"{t['zh']} {t['en']}" for key, t in terms().items()}
    found |= {f"reason {key}": " ".join(words.values()) for key, words in reasons().items()}
    for name, entries in codes().items():
        found |= {f"code {name}.{c}": f"{e['zh']} {e['en']}" for c, e in entries.items()}
    for folder in ("views", "pages", "charts", "metrics", "rules"):
        for path in (ROOT / folder).glob("*.py"):
            strings = re.findall(r"\"([^\"\n]*)\"", path.read_text("utf8"))
            found[f"{folder}/{path.name}"] = " ".join(strings)
    return found


@pytest.mark.parametrize("key", defaults())
def test_no_prose_repeats_a_threshold(key: str) -> None:
    parameter = defaults()[key]
    for held in parameter.values:
        pattern = _pattern(parameter, held.value)
        found = {place for place, words in _texts().items() if pattern.search(words)}
        found -= {place for place, allowed in _ALLOWED if allowed == key}
        assert not found, f"{held.value:g} {parameter.unit} stands in {found}"


def test_nothing_is_allowed_that_does_not_stand_there() -> None:
    for place, key in _ALLOWED:
        patterns = [_pattern(defaults()[key], held.value) for held in defaults()[key].values]
        assert any(pattern.search(_texts()[place]) for pattern in patterns), (place, key)


# Targets that have the number of a threshold and are another thing, each with the reason.
_TARGETS = {
    "collective_50k_share": "a share of villages",
    "collective_100k_share": "a share of villages",
}


def test_no_indicator_declares_a_threshold_as_its_target() -> None:
    found = yaml.safe_load((ROOT / "metrics" / "indicators.yaml").read_text(encoding="utf8"))
    shares = {v.value for p in defaults().values() if p.unit == "percent" for v in p.values}
    targets = {key: e["target"].get("value") for key, e in found["indicators"].items()
               if "target" in e and e["unit"] == "percent"}  # fmt: skip
    assert {key for key, value in targets.items() if value in shares} == set(_TARGETS)
    [held] = in_force()["county_poverty_rate_percent"].values
    assert indicators()["poverty_rate"].target.value == held.value


def test_the_pattern_finds_what_it_should() -> None:
    line, drop = defaults()["monitoring_line_yuan"], defaults()["income_drop_percent"]
    for words in ("人均6000元", "under 6,000 yuan"):
        assert _pattern(line, 6000).search(words)
    assert _pattern(drop, 10).search("下降10%以上")
    assert not _pattern(drop, 10).search("第10项")
    assert not _pattern(line, 6000).search("16000元")


@pytest.mark.parametrize(
    ("key", "value", "words", "there"),
    [
        ("elderly_age_years", 60, "六十周岁以上", True),
        ("elderly_age_years", 60, "二百六十岁", False),
        ("monitor_decision_days", 15, "十五天内", True),
        ("monitor_decision_days", 15, "二十五天内", False),
        ("village_poverty_rate_percent", 2, "降到百分之二以下", True),
        ("village_poverty_rate_percent", 2, "百分之二十", False),
        ("village_collective_income_yuan", 40000, "超过4万元", True),
        ("village_collective_income_yuan", 40000, "超过四万元", True),
        ("release_months", 6, "收入稳定半年", True),
    ],
)
def test_numbers_in_chinese_characters_are_found_too(
    key: str, value: float, words: str, there: bool
) -> None:
    assert bool(_pattern(defaults()[key], value).search(words)) is there


# Numbers that a condition may hold itself: none, all, and the years that name a group.
_PLAIN = {"0", "1", "100", "2014", "2015"}


@pytest.mark.parametrize("key", rules())
def test_no_condition_holds_a_threshold_itself(key: str) -> None:
    rule = rules()[key]
    without_codes = re.sub(r"'[^']*'", "", rule.where)
    assert set(re.findall(r"(?<![\w.])\d+(?:\.\d+)?", without_codes)) <= _PLAIN
