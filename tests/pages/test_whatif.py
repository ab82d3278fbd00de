"""The what-if section, run in process: it says 推演, follows the address and writes only that."""

from __future__ import annotations

from store.snapshots import Home
from tests.pages.conftest import Open, notices, shown
from tests.small_county import EAST, WEST


def test_a_page_without_a_what_if_moves_nobody(open_page: Open) -> None:
    text = shown(open_page("risk_groups", part="what"))
    assert "推演" in text and "没有户进出" in text
    assert "select=what" not in text


def test_the_address_moves_the_threshold_and_every_number_opens_its_list(open_page: Open) -> None:
    app = open_page("risk_groups", what="income_drop_percent.60")
    text = shown(app)
    assert app.slider(key="what_income_drop_percent").value == 60
    assert "收入下降认定幅度改为60%,“收入下降户”进入0户、退出1户" in text
    link = "select=what.income_drop.out.income_drop_percent.60"
    assert link in text
    listed = shown(open_page("ledgers", select=link.removeprefix("select=")))
    assert "共1户" in listed and "H02" in listed and "推演:" in listed


def test_a_threshold_that_is_not_filled_in_moves_nobody_until_one_is_assumed(
    open_page: Open,
) -> None:
    text = shown(open_page("monitoring", part="what"))
    assert "这一年没有填写这个标准" in text and "select=what" not in text


def test_the_slider_writes_the_address_and_no_data(open_page: Open, two_dates: Home) -> None:
    before = {p: p.stat().st_mtime_ns for p in sorted(two_dates.path.rglob("*")) if p.is_file()}
    app = open_page("risk_groups", part="what")
    app.slider(key="what_income_drop_percent").set_value(25).run()
    assert app.query_params["what"] == "income_drop_percent.25"
    app.slider(key="what_income_drop_percent").set_value(10).run()
    assert "what" not in app.query_params
    after = {p: p.stat().st_mtime_ns for p in sorted(two_dates.path.rglob("*")) if p.is_file()}
    assert after == before


def test_another_threshold_is_chosen_beside_the_slider(open_page: Open) -> None:
    app = open_page("risk_groups", part="what")
    app.segmented_control(key="what_threshold").set_value("monitoring_line_yuan").run()
    assert app.query_params["what"] == "monitoring_line_yuan.6000"
    assert "“边缘户”" in shown(app)


def test_a_size_that_means_nothing_falls_back_and_is_told(open_page: Open) -> None:
    app = open_page("risk_groups", part="what", what="income_drop_percent.lots")
    assert "what" in notices(app)[0]
    assert "没有户进出" in shown(app)


def test_a_township_viewer_sees_nobody_elses_moves(open_page: Open, only_west: None) -> None:
    text = shown(open_page("risk_groups", what="income_drop_percent.1"))
    assert f"region={EAST}" not in text and EAST not in text
    assert WEST in text
