"""What is marked beside a county's figures comes from published sources, or not at all."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from glossary import term
from metrics.national import delisted_in
from views.sections.overview import long_view


def _stage(county: str) -> Any:
    return SimpleNamespace(county=SimpleNamespace(code=county), t=lambda key: term(key, "zh"))


@pytest.mark.parametrize(("county", "year"), [("611025", 2019), ("433125", None)])
def test_the_year_a_county_left_the_list(county: str, year: int | None) -> None:
    assert delisted_in(county) == year


def test_a_county_without_a_source_has_the_nations_marks_only() -> None:
    assert [year for year, _ in long_view._events(_stage("611025"))] == [2014, 2019, 2020]
    assert [year for year, _ in long_view._events(_stage("433125"))] == [2014, 2020]
