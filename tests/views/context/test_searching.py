"""What is searched for: what may stand in an address, and how it folds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.views.context import test_address
from views.context import address, searching

BOUNDS = replace(test_address.BOUNDS, searches={})


@pytest.mark.parametrize(
    "text",
    ["61102519900101123X", "61102519900101123x", "６１１０２５１９９００１０１１２３Ｘ",
     "6110 2519 9001 0112 3X", "611025900101123", "61102519", "611025199001", "13812345678",
     "张三", "李 四", "阿依古丽·买买提", "WANG", "50%", "_", "，", "6110250000%"],
)  # fmt: skip
def test_names_identity_numbers_and_telephones_never_enter_an_address(text: str) -> None:
    assert searching.is_private(text)
    view, fallen = address.parse({"q": text}, BOUNDS)
    assert view.q == "" and [(one.key, one.why) for one in fallen] == [("q", "left_out")]
    assert fallen[0].given == "" and fallen[0].stops
    typed = address.parse({}, BOUNDS)[0].but(q=searching.folded(text))
    assert address.query(typed, BOUNDS, address.KEYS) == {}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("61102500000001", "61102500000001"),
        ("h0", "h0"),
        ("６１１０２５", "611025"),
        (" 61 10 25 ", "611025"),
    ],
)
def test_the_beginning_of_a_household_number_is_part_of_the_address(given: str, kept: str) -> None:
    view, fallen = address.parse({"q": given}, BOUNDS)
    assert (view.q, fallen) == (kept, [])
    assert address.query(view, BOUNDS, address.KEYS) == {"q": kept}


@pytest.mark.parametrize("text", [" ", "\u200b", "1" * 41])
def test_a_search_by_which_nobody_can_be_found_stops_the_view(text: str) -> None:
    _, fallen = address.parse({"q": text}, BOUNDS)
    assert [(one.key, one.stops) for one in fallen] == [("q", True)]


def test_a_handle_means_its_text_in_its_own_session_only() -> None:
    handle = "~0123456789ab"
    mine = replace(BOUNDS, searches={handle: "张三"})
    view, fallen = address.parse({"q": handle}, mine)
    assert (view.q, fallen) == ("张三", [])
    assert address.query(view, mine, address.KEYS) == {"q": handle}
    view, (told,) = address.parse({"q": handle}, BOUNDS)
    assert (view.q, told.why) == ("", "left_out")
