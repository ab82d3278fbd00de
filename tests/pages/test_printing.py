"""打印户情表: files of the households picked or filtered, on paper, as their viewer sees them."""

from __future__ import annotations

import re
from io import BytesIO

import pypdf
import pytest
from streamlit.testing.v1 import AppTest

from access.viewer import Viewer
from findings import writing
from papers import fonts
from state.database import kept_open
from store.handouts import Handout
from store.snapshots import Home
from tests import viewers
from tests.findings.conftest import inspector, problem, township
from tests.pages import taking
from tests.pages.conftest import opener, remarks
from tests.small_county import EAST

pytestmark = pytest.mark.skipif(fonts.drawing() is None, reason="no Chinese font")


@pytest.fixture
def open_as(home: Home, monkeypatch: pytest.MonkeyPatch):
    def open_page(who: Viewer, **query: str) -> AppTest:
        viewers.look(monkeypatch, who)
        monkeypatch.setattr("views.context.visitor.viewer_now", lambda *_, **__: who)
        app = opener(home, monkeypatch)("ledgers", **query)
        assert not app.exception
        return app

    return open_page


def _pages(held: Handout | None) -> list[str]:
    assert held is not None and held.media_type == "application/pdf"
    with held.file as file:
        pages = pypdf.PdfReader(BytesIO(file.read())).pages
        return [re.sub(r"\s", "", page.extract_text()) for page in pages]


def test_a_file_begins_a_page_for_each_household_picked_in_the_lists_order(
    open_as, home: Home
) -> None:
    number = writing.open_finding(kept_open(home.path), inspector(), problem("H06"))
    app = open_as(inspector(), pick="H01.H06.H99", sort="-household_id")
    told = _pages(taking.click(app, "files_pdf"))
    whose = [next(h for h in ("H06", "H01") if h in page) for page in told]
    assert list(dict.fromkeys(whose)) == ["H06", "H01"] and whose == sorted(whose, reverse=True)
    first, second = ("".join(p for p, w in zip(told, whose, strict=True) if w == one)
                     for one in ("H06", "H01"))  # fmt: skip
    assert "周*八户" in first and "周试八" not in "".join(told)
    assert "在办问题" in first and "在办问题" not in second and str(number) in first
    assert "住房安全有保障" in second and "台账记录" in second and "李*梅" in second
    assert all("李四" in page and "模拟数据" in page and "2025-12-31" in page for page in told)


def test_whole_files_want_the_right_and_a_reason(open_as) -> None:
    app = open_as(inspector(EAST), pick="H01")
    assert taking.click(app, "files_pdf_whole") is None
    app.text_input(key="files_pdf_reason").set_value("省里抽查").run()
    assert "张试三" in "".join(_pages(taking.click(app, "files_pdf_whole")))


def test_more_than_a_file_may_have_is_said_and_nothing_offered(open_as, monkeypatch) -> None:
    monkeypatch.setattr("views.parts.file_sheets.MOST", 3)
    app = open_as(inspector())
    assert any("每个文件最多3户,现有6户" in said for said in remarks(app))
    assert not [b for b in app.button if b.key == "files_pdf"]
    assert [b for b in open_as(inspector(), pick="H01.H02.H03").button if b.key == "files_pdf"]


def test_a_township_prints_all_that_it_sees_in_either_language(open_as) -> None:
    told = "".join(_pages(taking.click(open_as(township(), lang="en"), "files_pdf")))
    assert "Householdof" in told and "H05" in told and "H06" in told
    assert not {"H01", "H02", "H03", "H04"} & set(re.findall(r"H0\d", told))
