"""Names of every edition of the real code lists, led to today's codes."""

from __future__ import annotations

import csv

import pytest

from loaders.reference import REFERENCE
from loaders.regions.divisions import Divisions
from loaders.regions.place_names import no_region, plain, short
from store import schema

EDITIONS = (2023, 2021, 2020, 2018)  # of both shipped counties


@pytest.fixture(scope="module")
def zhenan() -> Divisions:
    return Divisions.load("611025")


@pytest.fixture(scope="module")
def baojing() -> Divisions:
    return Divisions.load("433125")


@pytest.mark.parametrize(
    ("code", "name", "towns", "villages"),
    [("611025", "镇安县", 15, 156), ("433125", "保靖县", 12, 172)],
)
def test_the_region_table(code: str, name: str, towns: int, villages: int) -> None:
    regions = Divisions.load(code).regions()
    assert regions.schema == schema.BY_NAME["region"].arrow
    rows = regions.to_pylist()
    levels = [row["level"] for row in rows]
    assert [levels.count(x) for x in ("county", "township", "village")] == [1, towns, villages]
    assert rows[0]["name"] == name and rows[0]["short_name"] == name[:-1]
    codes = {row["region_code"] for row in rows}
    assert all(row["parent_code"] in codes for row in rows[1:])
    assert not any(no_region(row["name"]) for row in rows)


def test_short_names_fit_a_map(zhenan: Divisions, baojing: Divisions) -> None:
    for divisions in (zhenan, baojing):
        for row in divisions.regions().to_pylist():
            assert 1 < len(row["short_name"]) <= 4
            assert row["name"].startswith(row["short_name"])


@pytest.mark.parametrize(
    ("name", "folded", "label"),
    [
        ("安山村委会", "安山村", "安山"),
        ("安山村民委员会", "安山村", "安山"),
        ("新城社区居委会", "新城社区", "新城"),
        ("新城居委会", "新城社区", "新城"),
        ("花井社区居民委员会", "花井社区", "花井"),
        ("永乐街道办事处", "永乐街道", "永乐"),
        ("永乐街办", "永乐街道", "永乐"),
        ("茅坪回族镇", "茅坪回族镇", "茅坪"),
        ("阳朝乡", "阳朝乡", "阳朝"),
        ("太坪", "太坪", "太坪"),
    ],
)
def test_the_kind_of_a_place_is_folded(name: str, folded: str, label: str) -> None:
    assert (plain(name), short(name)) == (folded, label)


@pytest.mark.parametrize(
    ("town", "village", "code", "edition"),
    [
        ("永乐街道办事处", "太平村", "611025001007", 2018),  # renamed, then a community
        ("永乐街道", "太坪村", "611025001007", 2021),
        ("永乐街道", "太坪社区", "611025001007", 2023),
        ("永乐镇", "太坪", "611025001007", 2023),
        ("高峰镇", "鱼坪村委会", "611025107204", 2018),  # one character rewritten, code kept
        ("高峰镇", "渔坪村", "611025107204", 2023),
        ("茅坪镇", "茅坪村", "611025105001", 2021),  # a village that is now a community
        ("云盖寺镇", "岩湾村", "611025113003", 2021),
        ("", "太平村", "611025001007", 2018),
        ("柴坪镇", "柴坪镇柴坪村", "611025109200", 2023),
        ("柴坪", "柴坪村", "611025109200", 2023),
        ("永乐街道", "611025001209", "611025001007", 2021),  # an old code in place of a name
    ],
)
def test_zhenan(zhenan: Divisions, town: str, village: str, code: str, edition: int) -> None:
    found = zhenan.village(town, village)
    assert (found.code, found.edition, found.reason) == (code, edition, None)


@pytest.mark.parametrize(
    ("town", "village", "code", "edition"),
    [
        ("迁陵镇", "花井村", "433125109010", 2020),  # code changed twice over
        ("迁陵镇", "扁朝社区居民委员会", "433125109235", 2020),  # merged into the village
        ("碗米坡镇", "白云山社区", "433125115223", 2020),
        ("普戎镇", "糯梯村", "433125104209", 2021),
        ("迁陵镇", "新码头村", "433125109227", 2021),
        ("清水坪镇", "清水坪村", "433125110213", 2023),
        ("清水坪镇", "清水坪社区", "433125110001", 2023),
        ("复兴镇", "马王村", "433125108219", 2023),
        ("清水坪镇", "马王村", "433125110211", 2023),
    ],
)
def test_baojing(baojing: Divisions, town: str, village: str, code: str, edition: int) -> None:
    found = baojing.village(town, village)
    assert (found.code, found.edition, found.reason) == (code, edition, None)


@pytest.mark.parametrize(
    ("town", "village", "reason"),
    [
        ("清水坪镇", "清水坪", "ambiguous_village"),  # the village or the community?
        ("", "马王村", "ambiguous_village"),  # one in each of two townships
        ("迁陵镇", "马王村", "unknown_village"),
        ("无名镇", "马王村", "unknown_township"),
        ("扁朝牧场", "虚拟牧场村", "unknown_township"),
        ("", "", "unknown_village"),
    ],
)
def test_what_cannot_be_told_is_not_guessed(
    baojing: Divisions, town: str, village: str, reason: str
) -> None:
    found = baojing.village(town, village)
    assert (found.code, found.reason) == (None, reason)


@pytest.mark.parametrize("county", ["611025", "433125"])
@pytest.mark.parametrize("edition", EDITIONS)
def test_every_official_name_comes_to_a_living_village(county: str, edition: int) -> None:
    divisions = Divisions.load(county)
    towns, villages = (_listed(county, kind, edition) for kind in ("towns", "villages"))
    for code, name in villages.items():
        if code[:9] in divisions.towns and not no_region(name):
            found = divisions.village(towns[code[:9]], name)
            assert found.code in divisions.villages, (edition, name)
            assert found.code[:9] == code[:9]
            if edition == EDITIONS[0]:
                assert found.code == code


def _listed(county: str, kind: str, edition: int) -> dict[str, str]:
    path = REFERENCE / "divisions" / f"{county}_{kind}_{edition}.csv"
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return {row["code"]: row["name"] for row in csv.DictReader(handle)}


@pytest.mark.parametrize(
    ("town", "village", "code", "zero_lost"),
    [
        ("611025001", "安山村", "611025001200", False),
        ("001", "安山村", "611025001200", False),
        ("1", "安山村", "611025001200", True),
        ("", "611025001200", "611025001200", False),
        ("", "001200", "611025001200", False),
        ("", "1200", "611025001200", True),
        ("永乐街道", "1209", "611025001007", True),  # of the edition of 2021
    ],
)
def test_codes_whole_or_behind_the_countys_with_and_without_zeros(
    zhenan: Divisions, town: str, village: str, code: str, zero_lost: bool
) -> None:
    found = zhenan.village(town, village)
    assert (found.code, found.zero_lost) == (code, zero_lost)
    assert (found.mended == "leading_zero") == zero_lost


@pytest.mark.parametrize(
    ("town", "village", "reason"),
    [
        ("", "9999", "unknown_village"),
        ("", "433125109010", "unknown_village"),
        ("999", "安山村", "unknown_township"),
    ],
)
def test_codes_that_there_are_not(zhenan: Divisions, town: str, village: str, reason: str) -> None:
    found = zhenan.village(town, village)
    assert (found.code, found.reason, found.mended) == (None, reason, None)


def test_the_county_by_its_names(zhenan: Divisions) -> None:
    assert all(map(zhenan.is_county, ["镇安县", "镇安", "商洛市镇安县"]))
    assert not any(map(zhenan.is_county, ["保靖县", "镇", "安县"]))


def test_a_place_is_a_township_before_it_is_a_village(zhenan: Divisions) -> None:
    assert zhenan.place("柴坪镇").code == "611025109"
    assert zhenan.place("安山村").code == "611025001200"
    assert zhenan.place("全县").code is None


def test_a_county_without_reference_data_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        Divisions.load("110101")
