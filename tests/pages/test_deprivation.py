"""多维贫困 over a small county in which six people lack something and two cannot be told."""

from __future__ import annotations

import pytest

from metrics.county import open_county
from store.snapshots import Home
from tests import deprived_county, once
from tests.pages.conftest import Open, opener, shown
from tests.pages.tables import read
from tests.small_county import EAST, HILL, WEST


@pytest.fixture(scope="module")
def deprived(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(once.made(once.folder(tmp_path_factory), "deprived", deprived_county.publish))
    open_county(home)
    return home


@pytest.fixture
def page(deprived: Home, monkeypatch: pytest.MonkeyPatch) -> Open:
    return opener(deprived, monkeypatch)


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("zh", "试验县2025年多维贫困H 40.0% × A 19.4% = M0 7.8%,饮水安全贡献最大,占57.1%"),
        ("en", "H 40.0 % × A 19.4 % = M0 7.8 %; most from Water, 57.1 %"),
    ],
)
def test_it_says_h_a_and_m0_and_what_contributes(page: Open, lang: str, told: str) -> None:
    app = page("deprivation", **({"lang": lang} if lang == "en" else {}))
    assert not app.exception
    assert told in shown(app)


def test_who_cannot_be_told_is_counted_apart(page: Open) -> None:
    found = read(page("deprivation"))
    facets = {one.text: one for one in found.facets}
    assert {name: one.number for name, one in facets.items() if name.endswith("户")} == {
        "多维贫困户": 3, "不是的户": 2, "不明的户": 1,
    }  # fmt: skip
    for name in ("多维贫困户", "不明的户"):
        listed = read(page("ledgers", **facets[name].query)).headings[0]
        assert f"共{facets[name].number:.0f}户" in listed


def test_parts_of_the_places_add_up_to_the_last_row(page: Open) -> None:
    table = read(page("deprivation", part="places")).table("各地的H")
    *places, last = table.column("对M0的贡献(%)")
    assert sum(cell.number or 0 for cell in places) == last.number == 100
    *people, all_people = table.column("六项已知人口")
    assert sum(cell.number or 0 for cell in people) == all_people.number == 15
    whole = table.row("试验")
    dimensions = ("吃", "穿", "义务教育", "基本医疗", "住房安全", "饮水安全")
    assert sum(whole[one].number or 0 for one in dimensions) == pytest.approx(100, abs=0.2)
    assert whole["不明人口"].number == 2
    water = read(page("ledgers", **whole["饮水安全"].query)).headings[0]
    assert "共2户" in water


def test_years_stand_beside_the_poverty_rate(page: Open) -> None:
    table = read(page("deprivation", part="years")).table("历年的H")
    assert [cell.text for cell in table.column("年度")] == ["2025", "2024", "2023"]
    assert table.row("2024")["穿"].number == 100
    assert table.row("2023")["M0(%)"].text == "—", "unknown, which is not zero"
    assert table.row("2023")["不明人口"].number == 17
    assert len(read(page("deprivation", part="years")).figures) == 1


def test_another_cutoff_says_who_leaves(page: Open) -> None:
    found = read(page("deprivation", part="try", what="deprivation_cutoff.2"))
    tried = found.table("推演前后")
    assert (tried.row("现行")["多维贫困人口"].number, tried.row("推演")["多维贫困人口"].number) == (
        6,
        1,
    )
    moved = found.table("改为2份").row("多维贫困户")
    assert (moved["现行"].number, moved["推演"].number, moved["退出"].number) == (3, 1, 2)
    assert "共2户" in read(page("ledgers", **moved["退出"].query)).headings[0]


def test_without_a_what_if_there_is_nothing_beside_what_is_in_force(page: Open) -> None:
    tried = read(page("deprivation", part="try")).table("推演前后")
    assert [row[0].text for row in tried.rows] == ["现行"]


def test_where_nobody_is_known_it_says_so(open_page: Open) -> None:
    app = open_page("deprivation")
    assert not app.exception
    assert "没有六项都已知的户,多维贫困不明" in shown(app)
    for part in ("places", "years", "try"):
        assert not open_page("deprivation", part=part).exception


def test_where_nobody_is_poor_it_says_so(page: Open) -> None:
    assert "没有多维贫困户" in shown(page("deprivation", region=WEST))


def test_the_village_page_has_its_own(page: Open) -> None:
    text = shown(page("village", region=HILL, part="indicators"))
    assert "多维贫困 2025" in text and "贡献最大的维度:饮水安全(80.0%)" in text
    assert f'href="/deprivation?region={HILL}"' in text


def test_a_township_viewer_sees_no_other_place(page: Open, only_west: None) -> None:
    text = shown(page("deprivation", part="places"))
    assert EAST not in text and HILL not in text
