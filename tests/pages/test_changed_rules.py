"""A shared link opened after a county changed its thresholds says what changed and what with it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from glossary import term
from metrics.county import open_county
from metrics.rulebook import read
from store.county_folder import path_in, use
from store.snapshots import Home
from tests import small_county
from tests.pages.conftest import copied, opener, shown

_LINE = """monitoring_line_yuan:
  - {{from: 2025-01-01, value: {line}, source: 县文件}}
"""
_LATER = _LINE + "  - {{from: 2024-01-01, value: 6600, source: 县文件}}\n"


def _declare(home: Path, text: str) -> None:
    path = path_in(home, "parameters.yaml")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf8")


@pytest.fixture
def before(tmp_path: Path) -> Iterator[Home]:
    """A home whose county set the monitoring line of 2025 to 6,000 yuan."""
    home = tmp_path / "before"
    small_county.publish(home)
    _declare(home, _LINE.format(line=6000))
    yield Home(home)
    use(None)


def _moved(home: Home, text: str) -> Home:
    """The same home after its thresholds were written anew, as a process started later sees it."""
    after = home.path.with_name("after")
    shutil.copytree(home.path, after)
    _declare(after, text)
    return Home(after)


def _query(link: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(link).query))


def test_a_link_opened_under_the_same_thresholds_says_nothing(
    before: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_page = opener(before, monkeypatch)
    link = copied(open_page("monitoring"))
    assert _query(link)["rules"] == open_county(before).rulebook.fingerprint
    again = open_page("monitoring", **_query(link))
    assert term("rules_changed", "zh") not in shown(again)
    assert "rules" not in again.query_params or again.query_params["rules"]
    assert not again.warning


def test_a_changed_threshold_is_named_with_both_values_and_what_moves(
    before: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = _query(copied(opener(before, monkeypatch)("monitoring")))
    open_page = opener(_moved(before, _LINE.format(line=7000)), monkeypatch)
    text = shown(open_page("monitoring", **link))
    assert term("rules_changed", "zh") in text
    assert "防返贫监测收入参考线(2025年):由6,000元改为7,000元" in text
    touched = text.split("本页随之改变的:", 1)[1].split("<", 1)[0]
    assert "符合边缘易致贫户条件" in touched and "按时确定" not in touched
    english = shown(open_page("monitoring", **link, lang="en"))
    assert "now 7,000" in english and "Meets borderline" in english
    groups = shown(open_page("risk_groups", **link))
    assert "边缘户" in groups.split("本页随之改变的:", 1)[1].split("<", 1)[0]
    classes = shown(open_page("classes", **link))
    assert term("rules_touch_none", "zh") in classes


def test_the_link_shared_onward_carries_todays_rules(
    before: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = _query(copied(opener(before, monkeypatch)("monitoring")))
    after = _moved(before, _LINE.format(line=7000))
    open_page = opener(after, monkeypatch)
    onward = _query(copied(open_page("monitoring", **link)))
    assert onward["rules"] != link["rules"]
    assert term("rules_changed", "zh") not in shown(open_page("monitoring", **onward))


def test_a_value_of_another_year_is_said_to_be_of_another_year(
    before: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = _query(copied(opener(before, monkeypatch)("monitoring")))
    open_page = opener(_moved(before, _LATER.format(line=6000)), monkeypatch)
    text = shown(open_page("monitoring", **link))
    assert "其他年度的值有改变,2025年不变" in text


def test_rules_that_are_not_on_record_are_told_and_old_links_stay(
    before: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_page = opener(before, monkeypatch)
    assert term("rules_unrecorded", "zh") in shown(open_page("monitoring", rules="0123456789ab"))
    old = open_page("monitoring", year="2025", snapshot="1")
    assert not old.warning and term("rules_changed", "zh") not in shown(old)
    bad = shown(open_page("monitoring", rules="../../etc"))
    assert "rules" in bad and "../../etc" in bad and term("rules_changed", "zh") not in bad


def test_what_a_fingerprint_stood_for_is_kept(before: Home) -> None:
    county = open_county(before)
    record = read(before.path, county.rulebook.fingerprint)
    assert record is not None
    assert ["2025-01-01", "9999-12-31", 6000] in record["thresholds"]["monitoring_line_yuan"]
    assert record["rules"]["income_drop"] == county.rulebook.record["rules"]["income_drop"]
    moved = open_county(_moved(before, _LINE.format(line=7000)))
    assert moved.rulebook.fingerprint != county.rulebook.fingerprint
    assert read(moved.home.path, county.rulebook.fingerprint) == record
