"""What may be taken out: rows at a time, files a minute; else words in the place of a file."""

from __future__ import annotations

from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from access.limits import Meter
from glossary import term
from metrics.county import County
from tests.views.parts.test_pieces import _stage
from views.parts import download
from views.parts.workbook import plain_text


@pytest.fixture
def clicked(small: County, monkeypatch: pytest.MonkeyPatch) -> list:
    """The buttons drawn, each as what a click gives; and the markup in the place of one."""
    drawn: list = []
    monkeypatch.setattr(download, "METER", Meter())
    monkeypatch.setattr(download.limited, "who", lambda _stage: "tester")
    monkeypatch.setattr(
        download.st, "download_button", lambda _label, data, **_: drawn.append(data)
    )
    monkeypatch.setattr(download.components, "paper", lambda html, key: drawn.append(str(html)))
    return drawn


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_too_many_rows_are_refused_in_words_not_lost(
    small: County, clicked: list, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setenv("TAIZHANG_EXPORT_ROWS", "1000")
    download.button(_stage(small, lang=lang), "", lambda: b"all", "a.xlsx", 1001)
    download.button(_stage(small, lang=lang), "", lambda: b"all", "a.xlsx", 1000)
    told, file = clicked
    assert term("export_too_many", lang, rows="1,001", most="1,000") in told
    assert file() == b"all"


def test_more_files_a_minute_than_may_be_hold_the_reason(
    small: County, clicked: list, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAIZHANG_EXPORTS_A_MINUTE", "2")
    download.button(_stage(small), "", lambda: b"all", "a.xlsx", 5)
    [file] = clicked
    assert [file(), file()] == [b"all", b"all"]
    book = CalamineWorkbook.from_filelike(BytesIO(file()))
    assert book.get_sheet_by_index(0).to_python() == [[term("exported_too_often", "zh", most=2)]]


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
