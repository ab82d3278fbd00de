"""The quality page: what it counts, lists and compares, and who sees which findings."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
import yaml

from glossary import term
from rules import checks as declared
from rules import own
from store.simulated import Origin, entry_of
from store.snapshots import Home
from tests import small_county
from tests.pages.conftest import Open, shown
from tests.small_county import COUNTY, EAST, MILL, WEST


def test_findings_are_counted_by_check_and_by_place(open_page: Open) -> None:
    text = shown(open_page("quality"))
    assert "试验县疑点3条,涉及2户" in text
    assert f"{len(declared.checks())}项核查中3项有疑点" in text
    assert 'href="/quality?check=member_posts_three"' in text
    every = shown(open_page("quality", part="checks"))
    assert 'href="/quality?check=member_posts_three"' in every
    places = shown(open_page("quality", part="places"))
    assert f'href="/quality?region={WEST}&amp;check=village_road"' in places
    text = shown(open_page("quality", part="list"))
    assert 'href="/household?id=H02"' in text and 'href="/household?id=H05"' in text


def test_the_snapshot_before_is_compared_with(open_page: Open) -> None:
    text = shown(open_page("quality"))
    assert "与第1号快照(2025-11-30)比较" in text
    assert 'href="/quality?change=staying"' in text
    assert 'href="/quality?change=new"' not in text, "nothing is new, so nothing opens"
    first = shown(open_page("quality", snapshot="1"))
    assert "没有可比较的快照" in first and "change=" not in first


def test_a_check_shows_what_it_says_and_lists_its_findings_only(open_page: Open) -> None:
    app = open_page("quality", check="member_post_old")
    text = shown(app)
    assert app.selectbox(key="bar_check").value == "member_post_old"
    assert "年龄…,仍登记有公益性岗位" in text and "年龄75岁,仍登记有公益性岗位" in text
    assert 'id=H02"' in text and 'id=H05"' not in text
    assert "名单:1条,1户" in text


def test_a_check_is_chosen_in_the_bar(open_page: Open) -> None:
    app = open_page("quality")
    app.selectbox(key="bar_check").select("village_road").run()
    assert app.query_params["check"] == "village_road"
    app.selectbox(key="bar_check").select("").run()
    assert "check" not in app.query_params


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"severity": "suspect"}, "名单:3条,2户"),
        ({"severity": "error"}, term("no_findings", "zh")),
        ({"change": "gone"}, "名单:2条,0户"),
        ({"change": "new"}, term("no_findings", "zh")),
        ({"region": EAST, "part": "list"}, "名单:1条,1户"),
        ({"region": MILL, "part": "list"}, "名单:2条,1户"),
    ],
)
def test_the_list_follows_the_address(open_page: Open, query: dict[str, str], says: str) -> None:
    assert says in shown(open_page("quality", **query))


def test_a_page_beyond_the_last_shows_the_last(open_page: Open) -> None:
    app = open_page("quality", page="99")
    assert not app.exception and "id=H02" in shown(app)


def test_a_township_viewer_sees_findings_of_their_own_only(
    open_page: Open, only_west: None
) -> None:
    text = shown(open_page("quality"))
    assert "疑点2条,涉及1户" in text
    text += "".join(shown(open_page("quality", part=part)) for part in ("checks", "places", "list"))
    assert "H02" not in text and EAST not in text
    asked = open_page("quality", region=COUNTY, check="member_post_old")
    assert "H02" not in shown(asked)


def test_the_household_file_lists_its_own_findings(open_page: Open) -> None:
    text = shown(open_page("household", id="H05"))
    assert "一人登记了3个公益性岗位" in text
    assert f'href="/quality?region={MILL}&amp;check=member_posts_three"' in text
    assert term("suspicions_sub", "zh") not in shown(open_page("household", id="H01"))


def test_definitions_name_every_check_with_condition_and_source(open_page: Open) -> None:
    text = shown(open_page("definitions", part="checks"))
    for check in declared.checks().values():
        assert check.zh in text and check.key in text and check.source in text


@pytest.fixture
def one_more_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A temporary copy of the checks with one entry more."""
    entry = {
        "household_large": {
            "level": "household",
            "severity": "hint",
            "zh": "户籍人口过多",
            "en": "Very large household",
            "says_zh": "在世成员{living_members},请核实是否应分户。",
            "says_en": "{living_members} living members.",
            "where": "living_members >= {least}",
            "numbers": {"least": 5},
            "evidence": ["living_members"],
            "source": "试验",
        }
    }
    copy = tmp_path / "checks.yaml"
    text = (Path(declared.__file__).with_name("checks.yaml")).read_text(encoding="utf8")
    copy.write_text(text + yaml.safe_dump(entry, allow_unicode=True), encoding="utf8")
    monkeypatch.setattr(declared, "_FILE", copy)
    caches = (declared.program, own.checks_of)
    for each in caches:
        each.cache_clear()
    yield
    for each in caches:
        each.cache_clear()


def test_one_entry_more_is_found_shown_and_defined(
    open_page: Open, one_more_check: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    small_county.publish(home.path)
    monkeypatch.setenv("TAIZHANG_HOME", str(home.path))
    text = shown(open_page("quality", check="household_large"))
    assert "户籍人口过多" in text and "在世成员5人,请核实是否应分户。" in text
    assert 'id=H05"' in text and "名单:1条,1户" in text
    assert "户籍人口过多" in shown(open_page("definitions", part="checks"))


def test_what_is_gone_is_listed_when_asked_for(
    open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path)
    small_county.publish(home.path)
    tables = small_county.tables()
    kept = [r | {"public_post_count": None} for r in tables["member"].to_pylist()]
    tables["member"] = pa.Table.from_pylist(kept, tables["member"].schema)
    home.publish(
        tables, data_date=date(2026, 1, 31), county_code=COUNTY, loaded_by="t", sources=[],
        report={}, simulated=entry_of([Origin("household", "名单.xlsx", "all")]),
    )  # fmt: skip
    monkeypatch.setenv("TAIZHANG_HOME", str(home.path))
    text = shown(open_page("quality", change="gone"))
    assert "名单:2条,2户" in text and "一人登记了3个公益性岗位" in text
    assert 'href="/household?id=H05"' in text
