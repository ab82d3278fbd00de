"""The stress page, run in process over the small county."""

from __future__ import annotations

from tests.pages.conftest import Open, shown
from tests.pages.tables import read
from tests.small_county import EAST, WEST


def test_the_shock_and_the_line_of_the_address_are_followed(open_page: Open) -> None:
    app = open_page("stress", what="monitoring_line_yuan.6500", shock="household_yuan.3000")
    text = shown(app)
    assert "每户一次损失3,000元,会有2户跌到监测线以下" in text
    assert "已在线下3户" in text and "这条线不是本年现行的监测线" in text
    text = shown(
        open_page(
            "stress", what="monitoring_line_yuan.6500", shock="household_yuan.3000", part="falls"
        )
    )
    assert 'href="/household?id=H02"' in text and 'href="/household?id=H03"' in text
    assert 'href="/household?id=H06"' not in text


def test_those_already_under_are_listed_on_request(open_page: Open) -> None:
    app = open_page("stress", what="monitoring_line_yuan.6500", part="under")
    text = shown(app)
    assert 'href="/household?id=H06"' in text and 'href="/household?id=H02"' not in text


def test_the_sliders_write_the_address(open_page: Open) -> None:
    app = open_page("stress", what="monitoring_line_yuan.6500")
    app.segmented_control(key="shock_kind").set_value("percent").run()
    app.slider(key="shock_percent").set_value(36).run()
    assert app.query_params["shock"] == "percent.36"
    assert app.query_params["what"] == "monitoring_line_yuan.6500"
    assert "收入下降36%,会有3户跌到监测线以下" in shown(app)


def test_a_places_share_is_of_its_households(open_page: Open) -> None:
    """Two of the four in the east fall, of two in the west one, which is not under already."""
    app = open_page("stress", what="monitoring_line_yuan.6500", shock="percent.36", part="places")
    table = read(app).table("占本地户数(%)")
    shares = {row[0].text: (row[1].text, row[2].text, row[3].text) for row in table.rows}
    assert shares == {"东岭": ("3", "75.0", "1"), "西川": ("0", "0", "2")}


def test_a_township_viewer_sees_nobody_else(open_page: Open, only_west: None) -> None:
    text = shown(open_page("stress", what="monitoring_line_yuan.6500", part="all"))
    assert EAST not in text and "H02" not in text
    assert WEST in text or "H05" in text
