"""The monitoring page: open cases by step, place and cause, releases, what-if, who sees what."""

from __future__ import annotations

import pytest

from tests.pages.conftest import Open, shown
from tests.small_county import BROOK, EAST


def test_open_cases_are_counted_with_what_is_late(open_page: Open) -> None:
    text = shown(open_page("monitoring"))
    assert "试验县2025-12-31在办1户,其中已确定监测1户、待确定0户;当前环节逾期1户" in text
    assert "当前环节逾期1户" in text
    assert 'href="/monitoring?part=overdue"' in text
    places = shown(open_page("monitoring", part="places"))
    assert f'href="/monitoring?region={EAST}&amp;part=overdue"' in places


def test_the_clock_of_the_step_is_told(open_page: Open) -> None:
    text = shown(open_page("monitoring", part="overdue"))
    assert "当前环节逾期:1户" in text
    assert "2024-05-01起已609天,限30天" in text and "−579" in text
    assert 'id=H04"' in text


def test_the_limits_say_that_their_source_is_weak(open_page: Open) -> None:
    text = shown(open_page("monitoring"))
    assert "从线索到县级确定的时限 15天" in text and "来源待核" in text


def test_who_should_be_monitored_is_unknown_without_the_line(open_page: Open) -> None:
    text = shown(open_page("monitoring"))
    assert 'select=rule.monitor_unstable.unknown"' in text
    assert "防返贫监测收入参考线" in text and "未填" in text


def test_before_there_were_kinds_nobody_meets_one(open_page: Open) -> None:
    assert "2025年没有消除风险的户" in shown(open_page("monitoring", part="releases"))


@pytest.mark.parametrize(
    ("part", "says"),
    [
        ("kind_borderline", "边缘易致贫户:1户"),
        ("cause_disability", "因残:1户"),
        ("stage_county", "待落实措施:1户"),
        ("late_county", "待落实措施,环节已逾期:1户"),
        ("released", "消除:0户"),
        ("release_income_missed", "收入达到监测线:不符合:0户"),
    ],
)
def test_every_number_opens_its_list(open_page: Open, part: str, says: str) -> None:
    text = shown(open_page("monitoring", part=part))
    assert says in text and 'href="/monitoring"' in text


def test_releases_are_judged_by_todays_thresholds_on_request(open_page: Open) -> None:
    app = open_page("monitoring", part="releases")
    app.segmented_control(key="bar_asof").select("today").run()
    assert not app.exception and app.query_params["asof"] == "today"


def test_the_what_if_and_the_shocks_are_a_step_away(open_page: Open) -> None:
    text = shown(open_page("monitoring", what="monitoring_line_yuan.8000"))
    assert "推演" in text and 'href="/stress"' in text
    assert "what.monitor_missed.in.monitoring_line_yuan.8000" in text


def test_a_township_viewer_sees_no_case_of_another(open_page: Open, only_west: None) -> None:
    text = shown(open_page("monitoring"))
    assert "没有在办的户" in text
    text += shown(open_page("monitoring", part="places"))
    assert "H04" not in text and BROOK not in text
    assert "H04" not in shown(open_page("monitoring", part="open", region=BROOK))


def test_a_page_in_english_says_the_same(open_page: Open) -> None:
    text = shown(open_page("monitoring", lang="en"))
    assert "1 case open, 1 decided and 0 not yet; 1 overdue in their step" in text
