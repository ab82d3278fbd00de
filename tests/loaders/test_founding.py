"""`python -m loaders county`: what it takes, and what it refuses in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import LineString, shape

from loaders import __main__ as command
from loaders.regions.divisions import Divisions
from store.county_folder import NoCounty, county_of
from store.shapes import current_version, shapes_folder
from tests import made_county, small_county
from tests.loaders.sheets import workbook

CODE = made_county.CODE


def run(brought: Path, home: Path, *options: str, code: str = CODE) -> int:
    return command.main(["county", code, "--from", str(brought), "--home", str(home), *options])


@pytest.fixture
def brought(tmp_path: Path) -> Path:
    return made_county.bring(tmp_path / "brought")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def _outline(brought: Path) -> gpd.GeoDataFrame:
    made = made_county.OUTLINE["features"][0]
    (brought / "县界.geojson").unlink()
    return gpd.GeoDataFrame({"name": ["清溪县"]}, geometry=[shape(made["geometry"])])


def test_one_workbook_with_both_levels_and_titles(brought: Path, home: Path) -> None:
    (brought / "区划代码2023.csv").unlink()
    places = {**made_county.TOWNS, **made_county.VILLAGES}
    rows = [["清溪县区划代码"], ["序号", "统计用区划代码", "城乡分类代码", "名称"]]
    rows += [
        [str(n), code.ljust(12, "0"), "220", name] for n, (code, name) in enumerate(places.items())
    ]
    workbook(brought / "代码.xlsx", {"2022年": rows})
    assert run(brought, home) == 0
    divisions = Divisions.load(CODE, home)
    assert (divisions.towns, divisions.villages) == (made_county.TOWNS, made_county.VILLAGES)
    assert divisions.editions == (2022,)


@pytest.mark.parametrize(("name", "crs"), [("a.shp", "EPSG:4490"), ("b.gpkg", "EPSG:32649")])
def test_an_outline_and_rivers_of_other_formats(
    brought: Path, home: Path, name: str, crs: str, capsys: pytest.CaptureFixture[str]
) -> None:
    frame = _outline(brought).set_crs("EPSG:4490").to_crs(crs)
    frame.to_file(brought / name)
    river = gpd.GeoDataFrame(
        geometry=[LineString([(110.05, 33.1), (110.4, 33.2)])], crs="EPSG:4326"
    )
    river.to_file(brought / "河.geojson")
    assert run(brought, home) == 0
    said = capsys.readouterr().out
    assert "县界" in said and "河流 河.geojson" in said and "缺 河流" not in said
    version = current_version(home, CODE)
    rivers = json.loads((shapes_folder(home) / str(version) / "rivers.geojson").read_text("utf-8"))
    assert rivers["features"]


def _without_outline(brought: Path) -> None:
    (brought / "县界.geojson").unlink()


def _without_crs(brought: Path) -> None:
    _outline(brought).to_file(brought / "县界.shp")


def _elsewhere(brought: Path) -> None:
    frame = _outline(brought).set_crs("EPSG:4326")
    frame.geometry = frame.geometry.translate(-100, 0)
    frame.to_file(brought / "县界.geojson")


def _turned(brought: Path) -> None:
    frame = _outline(brought).set_crs("EPSG:4326")
    frame.geometry = frame.geometry.map(lambda s: shape({
        "type": "Polygon", "coordinates": [[(y, x) for x, y in s.exterior.coords]]}))  # fmt: skip
    frame.to_file(brought / "县界.geojson")


def _twice(brought: Path) -> None:
    (brought / "又一个.geojson").write_text((brought / "县界.geojson").read_text("utf-8"), "utf-8")


def _codes(**changed: str) -> Callable[[Path], None]:
    def write(brought: Path) -> None:
        places = {**made_county.TOWNS, **made_county.VILLAGES, **changed}
        kept = {code: name for code, name in places.items() if name != "-"}
        made_county.write_codes(brought / "区划代码2023.csv", kept)

    return write


def _successor(line: str) -> Callable[[Path], None]:
    def write(brought: Path) -> None:
        (brought / "s.csv").write_text(f"old,new,from,document\n{line}\n", "utf-8")

    return write


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (_without_outline, "没有县界"),
        (_without_crs, "没有声明坐标系"),
        (_elsewhere, "不在本县境内"),
        (_turned, "颠倒"),
        (_twice, "请只留一个"),
        (_codes(**{"611025101201": "外县村"}), "代码 611025101201 不属于本县"),
        (_codes(**{"990101101299": ""}), "990101101299 没有名称"),
        (_codes(**{"99010110120": "短村"}), "“99010110120”应是九位"),
        (_codes(**{"990101103201": "孤村"}), "有村而没有其乡镇 990101103"),
        (_codes(**dict.fromkeys(made_county.VILLAGES, "-")), "没有村的代码"),
        (lambda brought: (brought / "区划代码2023.csv").unlink(), "没有代码表"),
        (_successor("990101101201,990101101999,2020-01-01,文件"), "不在任何一版代码中"),
        (_successor("990101101201,990101101202,今年,文件"), "日期“今年”"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_in_words_and_changes_nothing(
    brought: Path,
    home: Path,
    spoil: Callable[[Path], object],
    says: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(brought, home) == 0
    before = {
        p: p.read_bytes() for p in sorted(home.rglob("*")) if p.is_file() and p.name != "LOCK"
    }
    fresh = home.with_name("fresh")
    spoil(brought)
    assert run(brought, fresh) == 2
    told = capsys.readouterr().err
    assert says in told and "原有内容未动" in told
    with pytest.raises(NoCounty):
        county_of(fresh)
    assert not (fresh / "county").exists() and not list(fresh.glob("shapes/*"))
    run(brought, home)
    after = {p: p.read_bytes() for p in sorted(home.rglob("*")) if p.is_file() and p.name != "LOCK"}
    if says not in ("没有县界", "没有代码表"):  # these the home has from before
        assert after == before


def test_more_files_later_replace_their_like_and_keep_the_rest(brought: Path, home: Path) -> None:
    assert run(brought, home) == 0
    (home / "county" / "parameters.yaml").write_text("{}\n", "utf-8")
    later = home.with_name("later")
    made_county.write_codes(
        later / "代码2018.csv", {"990101100": "青石镇", "990101100201": "甲家村"}
    )
    assert run(later, home) == 0
    divisions = Divisions.load(CODE, home)
    assert divisions.editions == (2023, 2018)
    assert divisions.village("青石镇", "甲家村").code == "990101001201"
    assert (home / "county" / "parameters.yaml").read_text("utf-8") == "{}\n"
    assert (home / "county" / "outline.geojson").is_file()


def test_a_home_of_another_county_is_left_alone(
    brought: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small_county.publish(home)
    assert run(brought, home) == 2
    assert "TAIZHANG_HOME" in capsys.readouterr().err
    assert not (home / "county").exists()


def test_the_shipped_outline_serves_a_shipped_county(brought: Path, home: Path) -> None:
    _without_outline(brought)
    places = {"611025101": "回龙镇", "611025101201": "甲家村", "611025101202": "乙家村委会"}
    made_county.write_codes(brought / "区划代码2023.csv", places)
    assert run(brought, home, "--name", "镇安县", code="611025") == 0
    assert set(Divisions.load("611025", home).villages) == {"611025101201", "611025101202"}
    assert len(Divisions.load("611025").villages) == 156


@pytest.mark.parametrize("code", ["99010", "abcdef"])
def test_a_code_that_is_none(brought: Path, home: Path, code: str) -> None:
    assert run(brought, home, code=code) == 2
