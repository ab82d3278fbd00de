"""What a sheet holds: so many rows, so long a text, and nothing that is taken for a formula."""

from __future__ import annotations

import pytest

from store.harmless import BEGINS, harmless
from views.parts.workbook import plain_text


def test_no_sheet_is_asked_to_hold_more_rows_than_it_can(monkeypatch: pytest.MonkeyPatch) -> None:
    from store.settings import BadSetting, setting

    monkeypatch.setenv("TAIZHANG_EXPORT_ROWS", "1048577")
    with pytest.raises(BadSetting):
        setting("TAIZHANG_EXPORT_ROWS")


@pytest.mark.parametrize("length", [10, 32_767, 32_768, 100_000])
def test_a_text_longer_than_a_cell_is_cut_and_says_so(length: int) -> None:
    text = plain_text("户" * length)
    assert len(text) <= 32_767
    assert text == "户" * length if length <= 32_767 else text.endswith(f"…[32,700/{length:,}]")


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_a_text_that_a_spreadsheet_might_run_is_quoted(first: str) -> None:
    assert first in BEGINS
    assert harmless(f"{first}cmd|' /C calc'!A0") == f"'{first}cmd|' /C calc'!A0"
    assert harmless(f"户{first}1") == f"户{first}1"
