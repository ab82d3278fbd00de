"""A county's own file of successors goes before what codes and names say by themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders.reference import Reference
from loaders.regions import successors
from loaders.regions.divisions import Divisions
from loaders.regions.successors import SuccessorError

TOWNS = {"990101101": "柳坪镇", "990101102": "石门乡"}
VILLAGES = {
    "990101101201": "甲家村委会",
    "990101101202": "乙家村委会",
    "990101102201": "甲家村委会",
    "990101102202": "丙家村委会",
}
HEAD = "old,new,from,document,name\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "codes").mkdir()
    for kind, names in (("towns", TOWNS), ("villages", VILLAGES)):
        lines = [f"{code},{name}" for code, name in names.items()]
        (tmp_path / "codes" / f"{kind}_2023.csv").write_text("\n".join(["code,name", *lines]))
    return tmp_path


def _with(folder: Path, *lines: str, head: str = HEAD) -> Divisions:
    (folder / "successors.csv").write_text(head + "\n".join(lines), "utf-8")
    return Divisions(Reference.in_folder("990101", folder))


def test_a_merged_village_is_its_heir_by_code_and_by_name(folder: Path) -> None:
    divisions = _with(folder, "990101101202,990101101201,2021-03-01,县文件3号")
    assert set(divisions.villages) == set(VILLAGES) - {"990101101202"}
    for found in (divisions.village("柳坪镇", "乙家村"), divisions.village("", "990101101202")):
        assert (found.code, found.mended) == ("990101101201", "old_name")
        assert (found.edition, found.document) == (2021, "县文件3号")


def test_an_heirs_heir_is_followed(folder: Path) -> None:
    divisions = _with(
        folder,
        "990101101202,990101101201,2019-01-01,一",
        "990101101201,990101102202,2021-01-01,二",
    )
    assert divisions.village("", "990101101202").code == "990101102202"
    assert divisions.village("柳坪镇", "乙家村").code == "990101102202"


def test_a_declared_name_goes_before_the_name_of_another_place(folder: Path) -> None:
    divisions = _with(folder, "石门乡/甲家村,990101102202,2020-01-01,县文件")
    assert divisions.village("石门乡", "甲家村委会").code == "990101102202"
    assert divisions.village("柳坪镇", "甲家村").code == "990101101201"


def test_a_new_name_and_a_new_place(folder: Path) -> None:
    divisions = _with(
        folder,
        "990101101201,990101101201,2022-01-01,改名,新桥村",
        "990101102202,990101102205,2023-01-01,新设,丁家村",
    )
    assert divisions.villages["990101101201"] == "新桥村"
    assert divisions.village("柳坪镇", "甲家村").code == "990101101201"
    assert divisions.village("柳坪镇", "新桥村").mended is None
    assert divisions.village("石门乡", "丁家").code == "990101102205"
    assert divisions.village("石门乡", "丙家村").code == "990101102205"
    names = {row["region_code"]: row["name"] for row in divisions.regions().to_pylist()}
    assert names["990101102205"] == "丁家村" and "990101102202" not in names


def test_a_township_by_an_old_name(folder: Path) -> None:
    divisions = _with(folder, "老石门镇,990101102,2015-01-01,省文件")
    assert divisions.township("老石门镇").code == "990101102"
    assert divisions.village("老石门镇", "丙家村").code == "990101102202"


def test_what_is_not_in_force_yet_changes_nothing(folder: Path) -> None:
    divisions = _with(folder, "990101101202,990101101201,2999-01-01,将来")
    assert set(divisions.villages) == set(VILLAGES)
    assert divisions.village("柳坪镇", "乙家村").code == "990101101202"


def test_chinese_headers_and_gb18030(folder: Path) -> None:
    text = "原代码,新代码,自何日起,依据\n990101101202,990101101201,2021-03-01,县文件\n"
    (folder / "successors.csv").write_text(text, "gb18030")
    assert [each.document for each in successors.read(folder / "successors.csv")] == ["县文件"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("990101101202,9901,2021-03-01,文件", "第 2 行: 新代码“9901”"),
        ("990101101202,990101101201,去年,文件", "第 2 行: 日期“去年”"),
        ("990101101202,990101101201,2021-03-01,", "document 是空的"),
        ("990101101202,611025101201,2021-03-01,文件", "不属于本县"),
        ("990101101202,990101101299,2021-03-01,文件", "name 列"),
        ("990101102,990101101201,2021-03-01,文件", "同为九位或同为十二位"),
        ("990101102,990101101,2021-03-01,文件", "村也要各写一行"),
        (
            "990101101201,990101101202,2021-03-01,一\n990101101202,990101101201,2022-03-01,二",
            "转来转去",
        ),
    ],
)
def test_a_line_that_cannot_be_used_is_told(folder: Path, line: str, says: str) -> None:
    with pytest.raises(SuccessorError, match=says):
        _with(folder, line)


def test_columns_that_lack_are_named(folder: Path) -> None:
    with pytest.raises(SuccessorError, match="缺少列 from、document"):
        _with(folder, "990101101202,990101101201", head="old,new\n")
