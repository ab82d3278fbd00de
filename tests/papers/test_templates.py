"""What briefings say, as declared: the program's own, and a county's in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from papers import templates
from papers.templates import FIELDS, KINDS
from store import county_folder

OWN = """briefings:
  view:
    zh: 专题
    en: Special
    title_zh: "{place}{view}专题"
    title_en: "{view}"
    sections:
      - {show: views, zh: "{title}", en: "{title}"}
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "county").mkdir()
    yield tmp_path
    county_folder.use(None)


def declare(home: Path, text: str) -> list[str]:
    (home / "county" / templates.OWN).write_text(text, "utf8")
    county_folder.use(home, anew=True)
    return [str(fault) for fault in templates.faults(county_folder.in_use())]


def test_every_kind_is_declared_and_says_only_what_can_be_filled_in() -> None:
    found = templates.templates()
    assert set(found) == set(KINDS)
    values = dict.fromkeys(FIELDS, "7")
    for one in found.values():
        for part in one.parts:
            for text in (one.title_zh, one.title_en, part.zh, part.en, part.text_zh, part.text_en):
                assert "{" not in text.format(**values)


def test_a_countys_own_takes_the_place_of_the_programs(home: Path) -> None:
    assert declare(home, OWN) == []
    assert templates.templates()["view"].title_zh == "{place}{view}专题"
    assert templates.templates()["monthly"].parts, "the others stay"
    county_folder.use(None)
    assert templates.templates()["view"].title_zh != "{place}{view}专题"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("  view:", "  weekly:", "没有这种简报"),
        ("{place}{view}", "{nobody}", "nobody"),
        ("{place}{view}", "{place.__class__}", "__class__"),
        ("{place}{view}", "{place!r}", "place"),
        ("{place}{view}", "{place", "花括号"),
        ("show: views", "show: weather", "weather"),
        ("zh: 专题", "cn: 专题", "cn"),
        ("sections:", "sections: {}\n    parts:", "parts"),
    ],
)
def test_a_broken_one_is_left_out_and_told_with_its_line(
    home: Path, before: str, after: str, said: str
) -> None:
    assert before in OWN
    faults = declare(home, OWN.replace(before, after))
    assert len(faults) == 1 and said in faults[0] and "briefings.yaml" in faults[0]
    assert templates.templates()["view"].zh == "视图简报"


def test_slides_of_an_office_are_looked_for_in_its_home(home: Path) -> None:
    county_folder.use(home, anew=True)
    assert templates.own_slides() is None
    (home / "county" / templates.OWN_SLIDES).write_bytes(b"PK")
    assert templates.own_slides() == (home / "county" / templates.OWN_SLIDES).resolve()
