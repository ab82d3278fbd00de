"""台历 over the small county: H02 waited from July to September."""

from __future__ import annotations

import re
from io import BytesIO

import pypdf
import pytest

from papers import fonts
from tests.pages import taking
from tests.pages.conftest import Open, shown
from tests.small_county import EAST


@pytest.mark.parametrize(
    ("lang", "told"),
    [("zh", "户有月份分文未到"), ("en", "households with a month of nothing: 1")],
)
def test_it_says_how_much_came_and_who_waited(open_page: Open, lang: str, told: str) -> None:
    app = open_page("calendar", **({"lang": lang} if lang == "en" else {}))
    assert not app.exception
    assert told in shown(app)


def test_each_cell_opens_its_households(open_page: Open) -> None:
    text = shown(open_page("calendar"))
    assert 'href="/ledgers?select=calendar.pv_yield.202507.lacking"' in text
    assert 'href="/ledgers?select=calendar.pv_yield.202503.late"' in text
    assert 'href="/ledgers?select=calendar.home_income.202505.unknown"' in text
    assert 'href="/calendar?part=calendar_missed_running"' in text


def test_by_kind_what_was_due_and_came(open_page: Open) -> None:
    text = shown(open_page("calendar", part="kinds"))
    assert "到户率最低的是光伏收益" in text
    assert 'href="/ledgers?select=calendar.home_income.any.whole"' in text
    assert 'href="/ledgers?select=calendar.pv_yield.any.missed"' in text


def test_the_headline_is_the_sum_of_the_kinds(open_page: Open) -> None:
    """Due 880, 2,400 and 23,000 yuan, of which 600, 2,400 and 22,000 came."""
    due, came = (880, 2_400, 23_000), (600, 2_400, 22_000)
    told = f"应发{sum(due):,}元,到户{100 * sum(came) / sum(due):.1f}%"
    text = shown(open_page("calendar", part="kinds"))
    assert told in text
    for amount in (*due, *came):
        assert f'<td class="num">{amount:,}</td>' in text


def test_homes_month_by_month(open_page: Open) -> None:
    text = shown(open_page("calendar", part="homes"))
    assert "磨坊幸福院" in text and "高坡幸福院" in text
    assert "住进1户" in text and 'href="/ledgers?select=home.X2"' in text


def test_what_the_data_do_not_tell_is_said_with_what_to_do(open_page: Open) -> None:
    text = shown(open_page("calendar", part="untold"))
    assert "有光伏容量,登记表没有收益" in text and "请电站补登该户" in text
    assert "没有登记不等于没有发" in text


@pytest.mark.parametrize(
    ("part", "home"),
    [
        ("calendar_month_missed", "H02"),
        ("calendar_missed_running", "H02"),
        ("calendar_short", "H02"),
        ("calendar_late", "H02"),
    ],
)
def test_a_list_has_the_household_that_its_number_counts(
    open_page: Open, part: str, home: str
) -> None:
    assert f'href="/household?id={home}"' in shown(open_page("calendar", part=part))


@pytest.mark.parametrize("part", ["calendar_waiting", "home_month_came"])
def test_a_list_of_nobody_opens(open_page: Open, part: str) -> None:
    assert not open_page("calendar", part=part).exception


@pytest.mark.usefixtures("only_west")
def test_a_township_viewer_sees_their_own_only(open_page: Open) -> None:
    text = shown(open_page("calendar", part="homes"))
    assert "磨坊幸福院" in text and "高坡幸福院" not in text
    assert EAST not in text and "H02" not in text


def test_a_household_shows_its_twelve_months(open_page: Open) -> None:
    text = shown(open_page("household", id="H02", lang="en"))
    assert "Calendar of a year" in text and "payments missed: 3, short: 3" in text
    assert "40 yuan of 80 yuan" in text and "80 yuan, late" in text and "not yet" in text


def test_a_household_with_a_month_not_recorded_says_so(open_page: Open) -> None:
    text = shown(open_page("household", id="H06", lang="en"))
    assert "not recorded: 1" in text


@pytest.mark.skipif(fonts.drawing() is None, reason="no Chinese font")
def test_the_sheet_for_the_wall_is_a_page_a_household_masked_and_marked(open_page: Open) -> None:
    held = taking.click(open_page("household", id="H02"), "calendar_pdf")
    assert held is not None and held.media_type == "application/pdf"
    with held.file as file:
        [page] = pypdf.PdfReader(BytesIO(file.read())).pages
    assert page.mediabox.width > page.mediabox.height
    text = re.sub(r"\s", "", page.extract_text())
    assert "12月" in text and "未发" in text and "2025年台历" in text and "模拟数据" in text
    assert "李*四" in text or "李*" in text or "*" in text


@pytest.mark.skipif(fonts.drawing() is None, reason="no Chinese font")
def test_a_list_has_sheets_of_the_households_on_its_page(open_page: Open) -> None:
    held = taking.click(open_page("calendar", part="calendar_late"), "calendar_pdf")
    assert held is not None
    with held.file as file:
        assert len(pypdf.PdfReader(BytesIO(file.read())).pages) == 1
