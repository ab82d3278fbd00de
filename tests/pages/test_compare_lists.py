"""部门比对 over the small county: both facts side by side, what came of them, and no verdict."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from access.limits import METER
from findings.writing import Problem, open_finding
from metrics.department_lists import LISTS
from state.database import kept_open
from store.snapshots import Home
from tests import viewers
from tests.pages.conftest import Open, opener, shown
from tests.pages.tables import read
from tests.small_county import BROOK, COUNTY, MILL


@pytest.fixture
def open_lists(listed_home: Home, monkeypatch: pytest.MonkeyPatch) -> Open:
    return opener(listed_home, monkeypatch)


@pytest.mark.parametrize(
    ("lang", "told"),
    [("zh", "试验县册内4人与部门名单对不上,涉及3户"), ("en", "4 people of 3 households")],
)
def test_it_says_how_many_differ(open_lists: Open, lang: str, told: str) -> None:
    app = open_lists("compare_lists", **({"lang": lang} if lang == "en" else {}))
    assert not app.exception
    assert told in shown(app)


def test_it_says_that_it_is_no_verdict_and_which_lists_are_missing(open_lists: Open) -> None:
    text = shown(open_lists("compare_lists"))
    assert "不作为清退、取消待遇的依据" in text
    assert "还缺:" in text and "财政供养名册" in text


@pytest.mark.parametrize("part", ["places", *LISTS])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_part_is_drawn_in_both_languages(open_lists: Open, part: str, lang: str) -> None:
    app = open_lists("compare_lists", part=part, **({"lang": lang} if lang == "en" else {}))
    assert not app.exception and len(shown(app)) > 500


def test_both_facts_stand_side_by_side(open_lists: Open) -> None:
    app = open_lists("compare_lists", part="listed_left_school")
    [table] = [one for one in read(app).tables if "名单所记" in one.head]
    [row] = table.rows
    said = dict(zip(table.head, (cell.text for cell in row), strict=True))
    assert "辍学" in said["名单所记"] and "九年级" in said["册内所记"]
    assert said["成员"] == "孙*红" and "孙试" not in shown(app)


def test_what_is_offered_shows_both_people_and_is_counted_nowhere(open_lists: Open) -> None:
    text = shown(open_lists("compare_lists", part="offered"))
    assert "仅姓名和出生日期相同" in text and 'href="/household?id=H03"' in text
    assert "王试五" not in text
    assert 'href="/household?id=H03"' not in shown(open_lists("compare_lists", part="odd"))


def test_a_finding_is_taken_up_by_a_form_about_the_person(open_lists: Open) -> None:
    text = shown(open_lists("problems", draft="check.listed_left_school.H05.3"))
    assert "册内在读,学籍状态为离校" in text and "孙*红" in text


def test_a_household_shows_what_the_lists_say(open_lists: Open) -> None:
    text = shown(open_lists("household", id="H06"))
    assert "部门名单上有2条" in text and "摩托车" in text
    assert "名下有汽车,又在低保或监测中" in text, "the finding stands among its doubts"


@pytest.mark.usefixtures("only_west")
@pytest.mark.parametrize("part", ["", "places", "odd", "offered"])
def test_a_township_viewer_sees_their_own_only(open_lists: Open, part: str) -> None:
    text = shown(open_lists("compare_lists", **({"part": part} if part else {})))
    assert "H02" not in text and "H03" not in text and BROOK not in text


def test_who_checked_and_what_came_of_it(
    listed_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What somebody took up says its number and who; the others can be taken up."""
    shutil.copytree(listed_home.path, tmp_path / "home", ignore=shutil.ignore_patterns("state.db*"))
    home = Home(tmp_path / "home")
    monkeypatch.setattr(METER, "spend", lambda *_: True)
    problem = Problem(
        "check", "check.listed_car_supported", "member", "H06-9", MILL, "名下有汽车", "H06"
    )
    number = open_finding(kept_open(home.path), viewers.role("county_leader", COUNTY), problem)
    app = opener(home, monkeypatch)("compare_lists", part="odd")
    table = next(one for one in read(app).tables if "核实结果" in one.head)
    said = {
        row[table.head.index("成员")].text + row[table.head.index("户编号")].text: row
        for row in table.rows
    }
    [taken] = [row for key, row in said.items() if key.endswith("H06")]
    assert f"finding={number}" in taken[table.head.index("核实结果")].href
    assert taken[table.head.index("谁核实")].text
    [other] = [row for key, row in said.items() if key.endswith("H02")]
    assert "draft=check.listed_dead_in_register.H02.1" in other[table.head.index("核实结果")].href
    first = opener(home, monkeypatch)("compare_lists")
    assert "3条尚未核实,1条在办" in shown(first)
