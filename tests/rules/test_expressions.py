"""Thresholds that come of others, and those that a kind of counties has for itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from rules.expressions import ExpressionError, in_words, parsed, unit_of, value_of
from rules.parameters import Parameter, load, of_home
from rules.region_kinds import kinds_of, region_kinds

_HELD = {"a_yuan": 100.0, "b_yuan": 40.0, "c_percent": 10.0, "d_months": None}
_UNITS = {"a_yuan": "yuan", "b_yuan": "yuan", "c_percent": "percent", "d_months": "months"}


@pytest.mark.parametrize(
    ("text", "value", "unit", "words"),
    [
        ("1.5 * a_yuan", 150, "yuan", "1.5 × A"),
        ("a_yuan * 2", 200, "yuan", "A × 2"),
        ("(a_yuan + b_yuan) / 2", 70, "yuan", "(A + B) ÷ 2"),
        ("a_yuan - (b_yuan - 5 * b_yuan)", 260, "yuan", "A − (B − 5 × B)"),
        ("a_yuan * (100 - c_percent) / 100", None, None, ""),
        ("a_yuan * c_percent / 100", 10, "yuan", "A × C ÷ 100"),
        ("a_yuan / b_yuan", 2.5, "", "A ÷ B"),
        ("12 * d_months", None, "months", "12 × D"),
        ("a_yuan / (b_yuan - b_yuan)", None, "", "A ÷ (B − B)"),
    ],
)
def test_what_an_expression_comes_to(
    text: str, value: float | None, unit: str | None, words: str
) -> None:
    found = parsed(text)
    if unit is None:
        with pytest.raises(ExpressionError, match="单位不同"):
            unit_of(found, _UNITS)
        return
    assert value_of(found, _HELD) == value
    assert unit_of(found, _UNITS) == unit
    assert in_words(found, lambda key: key[0].upper(), "{:g}".format) == words


@pytest.mark.parametrize(
    "text", ["", "1.5", "2 * 3", "a_yuan ** 2", "max(a_yuan, 3)", "a_yuan if 1 else 2", "a_yuan *",
             "a_yuan and b_yuan", "-a_yuan", "a_yuan.real", "'x' * 2", "True * a_yuan"]
)  # fmt: skip
def test_what_is_no_expression(text: str) -> None:
    with pytest.raises(ExpressionError):
        parsed(text)


def test_yuan_times_yuan_is_nothing() -> None:
    with pytest.raises(ExpressionError, match="不能相乘除"):
        unit_of(parsed("a_yuan * b_yuan"), _UNITS)


def _home(folder: Path, declared: object, county: str = "611025") -> Path:
    (folder / "county").mkdir(exist_ok=True)
    (folder / "county" / "county.yaml").write_text(f"code: '{county}'\n", "utf8")
    text = yaml.safe_dump(declared, allow_unicode=True)
    (folder / "county" / "parameters.yaml").write_text(text, "utf8")
    return folder


def _dated(start: str, value: object, **more: object) -> dict[str, object]:
    return {"from": date.fromisoformat(start), "value": value, "source": "县文件", **more}


def _values(parameter: Parameter) -> list[tuple[str, str, float]]:
    return [(v.start.isoformat(), v.end.isoformat(), v.value) for v in parameter.values]


def test_a_line_of_one_and_a_half_times_another(tmp_path: Path) -> None:
    home = _home(
        tmp_path, {"monitoring_line_yuan": [_dated("2019-07-01", "1.5 * poverty_line_yuan")]}
    )
    found, faults = of_home(home)
    assert not faults
    line = found["monitoring_line_yuan"]
    # The program's value of 2021 stays; of 2021 on there is no national line to take 1.5 times of.
    assert _values(line) == [
        ("2019-07-01", "2019-12-31", 4827),
        ("2020-01-01", "2020-12-31", 6000),
        ("2021-01-01", "2021-12-31", 6000),
    ]
    assert [v.weak for v in line.values] == [True, False, False], "as weak as what it comes of"
    assert line.in_year(2022) is None


def test_a_change_of_a_part_is_a_new_value_from_its_day(tmp_path: Path) -> None:
    home = _home(
        tmp_path,
        {
            "minimum_allowance_yuan": [_dated("2022-01-01", 5000), _dated("2023-04-01", 6000)],
            "monitoring_line_yuan": [_dated("2022-01-01", "2 * minimum_allowance_yuan")],
            "own_payment_limit_yuan": [_dated("2022-01-01", "monitoring_line_yuan / 2 + 1 * "
                                              "minimum_allowance_yuan")],
        },
    )  # fmt: skip
    found = load(home)
    assert _values(found["monitoring_line_yuan"])[1:] == [
        ("2022-01-01", "2023-03-31", 10_000),
        ("2023-04-01", "9999-12-31", 12_000),
    ]
    assert [v.value for v in found["own_payment_limit_yuan"].values] == [10_000, 12_000]
    assert found["monitoring_line_yuan"].at(date(2023, 3, 31)).value == 10_000


@pytest.mark.parametrize(
    ("declared", "says"),
    [
        ({"monitoring_line_yuan": "1.5 * luck_yuan"}, "没有这个标准"),
        ({"monitoring_line_yuan": "2 * monitoring_line_yuan"}, "绕回自己"),
        ({"monitoring_line_yuan": "2 * minimum_allowance_yuan",
          "minimum_allowance_yuan": "monitoring_line_yuan / 2"},
         "绕回自己"),
        ({"monitoring_line_yuan": "2 * release_months"}, "单位"),
        ({"monitoring_line_yuan": "1.5 x"}, "不是算式"),
    ],
)  # fmt: skip
def test_an_impossible_expression_is_named_and_the_programs_value_stands(
    tmp_path: Path, declared: dict[str, str], says: str
) -> None:
    home = _home(tmp_path, {key: [_dated("2020-01-01", text)] for key, text in declared.items()})
    found, faults = of_home(home)
    assert says in faults[0].why
    assert found["monitoring_line_yuan"].in_year(2021).value == 6000


@pytest.mark.parametrize(
    ("county", "rate", "kinds"),
    [("611025", 3, {"west"}), ("433125", 2, set()), ("410326", 2, {"henan"})],
)
def test_the_rate_of_exit_is_that_of_the_kind_of_county(
    tmp_path: Path, county: str, rate: float, kinds: set[str]
) -> None:
    """Shaanxi is west; Baojing's own document of 2017 says 2 %, Luanchuan is in Henan."""
    home = _home(tmp_path, {}, county)
    found = load(home)
    assert kinds_of(home) == kinds
    for key in ("county_poverty_rate_percent", "village_poverty_rate_percent"):
        assert [value.value for value in found[key].values] == [rate]
        assert {v.value for v in found[key].elsewhere} == {5 - rate}
    line = found["poverty_line_yuan"].in_year(2017)
    assert (line.value if line else None) == (3208 if "henan" in kinds else None)


def test_a_countys_own_rate_wins_over_its_kinds(tmp_path: Path) -> None:
    home = _home(tmp_path, {"county_poverty_rate_percent": [_dated("2016-04-28", 2.5)]})
    assert load(home)["county_poverty_rate_percent"].in_year(2019).value == 2.5


def test_a_program_without_a_county_takes_no_kind() -> None:
    assert kinds_of(None) == frozenset()
    assert load()["county_poverty_rate_percent"].in_year(2019).value == 2
    codes = [code for kind in region_kinds().values() for code in kind.codes]
    assert len(codes) == len(set(codes)) and all(kind.source for kind in region_kinds().values())


@pytest.mark.parametrize(
    ("key", "value"),
    [("wrongly_exited_percent", 2), ("wrongly_left_out_percent", 2), ("approval_percent", 90)],
)
def test_what_the_special_assessment_of_2017_asks(key: str, value: float) -> None:
    parameter = load()[key]
    assert parameter.in_year(2016) is None
    assert parameter.in_year(2018).value == value
