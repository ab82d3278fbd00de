"""Names as they are typed without an input method."""

from __future__ import annotations

import pytest

from store.romanised import initials, spelt


@pytest.mark.parametrize(
    ("name", "letters", "whole"),
    [
        ("镇安县", {"zax"}, {"zhenanxian"}),
        ("长沟", {"cg", "zg"}, {"changgou", "zhanggou"}),  # read in two ways
        ("绿水村", {"lsc"}, {"lvshuicun", "lushuicun"}),
        ("GDP 增长", {"gdpzz", "gdpzc"}, {"gdpzengzhang", "gdpzengchang"}),
    ],
)
def test_letters_of_every_reading(name: str, letters: set[str], whole: set[str]) -> None:
    assert letters <= set(initials(name)) and whole <= set(spelt(name))


def test_a_long_name_of_many_readings_ends() -> None:
    assert len(spelt("长" * 40)) <= 16
