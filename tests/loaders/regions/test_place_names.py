"""Official endings of names, and every name of every shipped edition found both ways."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.reference import REFERENCE, Reference, counties
from loaders.regions.divisions import Divisions, Found
from loaders.regions.place_names import _endings, plain, short
from tests import made_county

_STEM = st.text("安山新村城关坪河大中", min_size=1, max_size=3)


@pytest.mark.parametrize(
    ("official", "folded", "label"),
    [
        ("安山村村民委员会", "安山村", "安山"),
        ("安山村村委会", "安山村", "安山"),
        ("安山村民委员会", "安山村", "安山"),
        ("新村村民委员会", "新村", "新村"),  # its name is 新村
        ("中村村村民委员会", "中村村", "中村"),  # its name is 中村村
        ("花井社区居民委员会", "花井社区", "花井"),
        ("花井社区村民委员会", "花井社区", "花井"),
        ("花井居民委员会", "花井社区", "花井"),
        ("园区虚拟社区", "园区社区", "园区"),
        ("巴彦嘎查村民委员会", "巴彦嘎查", "巴彦"),
        ("永乐街道办事处", "永乐街道", "永乐"),
        ("回龙镇人民政府", "回龙镇", "回龙"),
        ("茅坪回族镇", "茅坪回族镇", "茅坪"),
        ("村委会", "村委会", "村委会"),  # no name is left
    ],
)
def test_official_endings_are_folded(official: str, folded: str, label: str) -> None:
    assert (plain(official), short(official)) == (folded, label)


@given(_STEM, st.sampled_from([ending for ending, _ in _endings()]))
def test_folding_twice_is_folding_once(stem: str, ending: str) -> None:
    folded = plain(stem + ending)
    assert plain(folded) == folded
    assert folded.endswith(dict(_endings())[ending]) or folded == stem + ending


@given(_STEM.filter(lambda stem: not stem.endswith("村")))
def test_no_village_is_shown_with_its_kind_twice(stem: str) -> None:
    for ending in ("村村民委员会", "村村委会", "村民委员会", "村委会"):
        assert plain(stem + ending) == f"{stem}村"
    for ending in ("社区居民委员会", "社区居委会", "居民委员会", "居委会"):
        assert plain(stem + ending) == f"{stem}社区"


def _same(found: Found, code: str, divisions: Divisions, forms: set[str]) -> bool:
    """Led to the code, or told as ambiguous where several of today's places read so."""
    if found.code is None:
        return str(found.reason).startswith("ambiguous") and len(forms) > 1
    return found.code == code


@pytest.mark.parametrize("county", counties())
def test_every_name_of_every_edition_is_found_officially_and_in_short(county: str) -> None:
    """Official form, folded form and the name alone lead to today's code, or are ambiguous."""
    divisions = Divisions.load(county)
    for edition in divisions.editions:
        towns = divisions.reference.listed("towns", edition)
        for code, name in divisions.reference.listed("villages", edition).items():
            town = divisions.township_code(code[:9])
            if town.code is None or code in divisions.no_regions:
                continue
            today = divisions.village(code, code).code
            assert today in divisions.villages, (edition, code, name)
            for written in (name, plain(name), short(name)):
                alike = {
                    c for c, n in divisions.villages.items()
                    if c[:9] == town.code and short(n) == short(written)
                }  # fmt: skip
                found = divisions.village(towns[code[:9]], written)
                assert _same(found, today, divisions, alike), (edition, code, written, found)


@pytest.mark.parametrize("county", counties())
def test_what_two_places_are_called_is_ambiguous_in_the_county(county: str) -> None:
    divisions = Divisions.load(county)
    named: dict[str, set[str]] = {}
    for code, name in divisions.villages.items():
        named.setdefault(plain(name), set()).add(code)
    twice = {name: codes for name, codes in named.items() if len(codes) > 1}
    for name in twice:
        assert divisions.village("", name).reason == "ambiguous_village"
    assert twice or county != "433125"


@pytest.fixture
def qingxi(tmp_path: Path) -> Path:
    folder = tmp_path / "county"
    (folder / "codes").mkdir(parents=True)
    (folder / "county.yaml").write_text("code: '990101'\nname: 清溪县\n", "utf-8")
    return folder


def _edition(folder: Path, year: int, towns: dict[str, str], villages: dict[str, str]) -> None:
    for kind, names in (("towns", towns), ("villages", villages)):
        lines = [f"{code},{name}" for code, name in names.items()]
        text = "\n".join(["code,name", *lines])
        (folder / "codes" / f"{kind}_{year}.csv").write_text(text, "utf-8")


def _divisions(folder: Path) -> Divisions:
    return Divisions(Reference.in_folder("990101", folder))


def test_one_edition_is_enough(qingxi: Path) -> None:
    _edition(qingxi, 2023, made_county.TOWNS, made_county.VILLAGES)
    divisions = _divisions(qingxi)
    assert divisions.editions == (2023,)
    for code, official in made_county.VILLAGES.items():
        town = made_county.TOWNS[code[:9]]
        for name in (official, made_county.SHOWN[code]):
            assert divisions.village(town, name).code == code
            assert divisions.village(town, name).mended is None


def test_a_seat_that_became_a_subdistrict_is_followed_with_its_villages(qingxi: Path) -> None:
    _edition(qingxi, 2018, {"990101100": "青石镇"}, {"990101100201": "甲家村村委会"})
    _edition(
        qingxi, 2023, {"990101001": "青石街道办事处"}, {"990101001201": "甲家村村民委员会"}
    )  # fmt: skip
    divisions = _divisions(qingxi)
    assert divisions.township("青石镇").code == "990101001"
    assert divisions.township_code("990101100").code == "990101001"
    assert divisions.village("青石镇", "甲家村").code == "990101001201"
    old = divisions.village("", "990101100201")
    assert (old.code, old.mended) == ("990101001201", "old_name")


def test_two_names_that_fold_alike_are_told_apart_officially_and_ambiguous_in_short(
    qingxi: Path,
) -> None:
    villages = {"990101101201": "甲家村委会", "990101101202": "甲家村村委会"}
    _edition(qingxi, 2023, {"990101101": "柳坪镇"}, villages)
    divisions = _divisions(qingxi)
    for code, name in villages.items():
        assert divisions.village("柳坪镇", name).code == code
    assert divisions.village("柳坪镇", "甲家村").reason == "ambiguous_village"


def test_a_village_that_became_a_community_is_found_by_its_old_kind(qingxi: Path) -> None:
    _edition(qingxi, 2023, {"990101101": "柳坪镇"}, {"990101101001": "大新村社区居委会"})
    divisions = _divisions(qingxi)
    for name in ("大新村社区", "大新村", "大新"):
        assert divisions.village("柳坪镇", name).code == "990101101001"


def test_shipped_reference_holds_more_than_one_edition() -> None:
    assert {len(Reference.of(code).editions) for code in counties()} == {4}
    assert REFERENCE.is_dir()
