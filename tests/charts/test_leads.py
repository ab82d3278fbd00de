"""The sentence that a page opens with is as long as can be read at a glance."""

from __future__ import annotations

from charts.leads import LONGEST, lead

_LONG = "台账逾期由1,642升至1,681条"


def test_parts_are_added_while_they_fit() -> None:
    assert lead("11月30日以来", ["环节逾期由12升至28户", _LONG], "zh") == (
        f"11月30日以来环节逾期由12升至28户,{_LONG}"
    )


def test_what_does_not_fit_is_left_out() -> None:
    text = lead("11月30日以来", [_LONG, _LONG, _LONG], "zh")
    assert text == f"11月30日以来{_LONG}"
    assert len(text) <= LONGEST["zh"]


def test_the_first_part_stands_in_any_case() -> None:
    assert lead("", ["x" * 90, "y"], "en") == "x" * 90
