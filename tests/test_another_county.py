"""Another county is configuration: a folder of its own in its home, and no code."""

from __future__ import annotations

import ast
import csv
import datetime
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pyarrow.parquet as pq
import pytest
import shapely

from loaders import demo, founding, importing
from loaders.regions.divisions import Divisions
from metrics.county import open_county
from papers import templates
from store.county_folder import use
from store.scope import Scope
from store.shapes import current_version, read_index, shapes_folder
from store.snapshots import Home, Snapshot
from tests import made_county
from tests.loaders import sheets
from tests.loaders.sheets import HOUSEHOLD, household
from tests.test_walls import ROOMS, ROOT

COUNTY = "433125"
DAY = datetime.date(2025, 12, 31)
NAMES = ("611025", "433125", "镇安", "保靖", "Zhen'an", "Baojing")
SHARED = {"复兴镇": "433125108219", "清水坪镇": "433125110211"}  # 马王村 is in both


def _constants(path: Path) -> Iterator[str]:
    """The values in a program file, without the text that explains it."""
    tree = ast.parse(path.read_text("utf8"))
    explained = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in explained:
            yield str(node.value)


def test_no_code_names_a_county_but_the_default_setting() -> None:
    files = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    files += [ROOT / "dashboard.py", ROOT / "server.py"]
    named = [
        (str(path.relative_to(ROOT)), constant)
        for path in files
        for constant in _constants(path)
        if any(name in constant for name in NAMES)
    ]
    assert named == [("loaders/demo/__init__.py", demo.COUNTY)]


def test_no_query_script_or_style_names_a_county() -> None:
    files = [
        path
        for room in ROOMS
        for kind in ("sql", "js", "css", "html")
        for path in (ROOT / room).rglob(f"*.{kind}")
    ]
    assert files
    for path in files:
        found = [name for name in NAMES if name in path.read_text("utf8")]
        assert not found, path.relative_to(ROOT)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Households of the village name that two townships share, one of them without a township."""
    folder = tmp_path_factory.mktemp("county")
    rows = [
        household(number, 县="保靖县", 乡镇=town, 行政村="马王村")
        for number, town in enumerate([*SHARED, ""], start=1)
    ]
    rows.append(household(4, 县="镇安县"))
    sheets.workbook(folder / "raw" / "户信息.xlsx", {"户信息": [["户信息"], HOUSEHOLD, *rows]})
    home = Home(folder / "home")
    importing.run([folder / "raw"], home, DAY, loaded_by="test", county_code=COUNTY)
    return home.current()


def test_one_village_name_in_two_townships_is_told_apart(snapshot: Snapshot) -> None:
    held = pq.read_table(snapshot.path("household")).to_pylist()
    assert {row["household_id"][-1]: row["village_code"] for row in held} == dict(
        zip("12", SHARED.values(), strict=True)
    )


def test_what_cannot_be_told_is_refused(snapshot: Snapshot) -> None:
    refused = pq.read_table(snapshot.path("quarantine")).to_pylist()
    assert {row["row"]: row["reason"] for row in refused} == {
        5: "ambiguous_village",
        6: "other_county",
    }


def test_it_opens_with_its_own_places_and_map(snapshot: Snapshot) -> None:
    home = Home(snapshot.folder.parents[1])
    county = open_county(home)
    assert county.code == COUNTY
    everywhere = Scope.of([COUNTY])
    levels = {level: len(county.level(level, everywhere)) for level in ("township", "village")}
    assert levels == {"township": 12, "village": 172}
    version = current_version(home.path, COUNTY)
    drawn = read_index(shapes_folder(home.path), version or "")
    assert {level: len(drawn[level]) for level in levels} == levels


# A county that is in no file here, by the commands of the documentation alone

_TEXT = (ROOT / "docs" / "another-county.md").read_text("utf-8")
_COMMANDS = re.findall(r"```sh\n(.*?)```", _TEXT, flags=re.DOTALL)
_BLOCKS = re.findall(r"```(?:csv|yaml)\n(.*?)```", _TEXT, re.DOTALL)
_CSV, _BRIEFINGS, _CHECKS, _CASES, _LAYOUT_CASES = _BLOCKS


@dataclass(frozen=True)
class Walked:
    """What came of the walk: where it was, and what each block of commands printed."""

    folder: Path
    said: list[str]

    @property
    def home(self) -> Home:
        return Home(self.folder / "home")


def _sh(commands: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run commands as the documentation has them, its places put in place of its examples."""
    script = commands.replace("/srv/qingxi", str(folder))
    script = script.replace(".venv/bin/python", sys.executable)
    script = f"export TAIZHANG_HOME={folder / 'home'}\n{script}"
    return subprocess.run(
        ["sh", "-e", "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walked]:
    folder = tmp_path_factory.mktemp("qingxi")
    brought = made_county.bring(folder / "brought")
    made_county.write_exports(folder / "exports")
    for path, text in (
        ("briefings.yaml", _BRIEFINGS),
        ("checks.yaml", _CHECKS),
        ("cases/checks.yaml", _CASES),
        ("cases/layouts.yaml", _LAYOUT_CASES),
        ("layouts/help_form.yaml", made_county.LAYOUT),
    ):
        (brought / path).parent.mkdir(exist_ok=True)
        (brought / path).write_text(text, "utf-8")
    said = []
    for commands in _COMMANDS:
        done = _sh(commands, folder)
        assert done.returncode == 0, (commands, done.stdout, done.stderr)
        said.append(done.stdout)
    yield Walked(folder, said)
    use(None)


def test_it_is_set_up_and_says_what_it_lacks(walked: Walked) -> None:
    said = walked.said[0]
    assert "清溪县 990101: 乡镇 3 个,村(社区) 30 个,代码年版 2023" in said
    assert "内有 1 处不属本县" in said
    for lack in ("较早的年版", "继任表", "河流", "本县标准"):
        assert f"缺 {lack}" in said
    assert "示意" in said
    assert "都能用" in walked.said[1]


def test_every_row_of_its_exports_is_taken(walked: Walked) -> None:
    snapshot = walked.home.current()
    report = snapshot.manifest["report"]
    assert snapshot.county_code == made_county.CODE
    assert sum(sheet["rows"] for sheet in report["sheets"]) == 3 * len(made_county.VILLAGES)
    assert not any(sheet["quarantined"] or sheet["mended"] for sheet in report["sheets"])
    held = pq.read_table(snapshot.path("household")).to_pylist()
    assert sorted(row["village_code"] for row in held) == sorted(made_county.VILLAGES)


def test_its_places_are_shown_as_people_say_them(walked: Walked) -> None:
    county = open_county(walked.home)
    shown = {place.code: place.name for place in county.level("village", Scope.of([county.code]))}
    assert shown == made_county.SHOWN
    officially = {code: county.places[code].official_name for code in made_county.VILLAGES}
    assert officially == made_county.VILLAGES
    assert not [name for name in shown.values() if name.endswith(("村村", "社区社区"))]
    cell = county.cube.cell("registered_households", county.code, 2025, Scope.of([county.code]))
    assert cell.value == len(made_county.VILLAGES)
    assert "member_very_old_works" in county.checks


def test_its_briefings_say_what_its_office_wrote(walked: Walked) -> None:
    use(walked.home.path)
    told = templates.templates()["monthly"]
    assert [part.show for part in told.parts] == ["figures"]
    assert not templates.faults(walked.home.path)
    assert templates.templates()["meeting"].parts, "of the others the program's own"


def test_its_map_leaves_the_hole_to_the_others(walked: Walked) -> None:
    version = current_version(walked.home.path, made_county.CODE)
    drawn = read_index(shapes_folder(walked.home.path), version or "")
    assert {level: len(codes) for level, codes in drawn.items()} == {
        "county": 1,
        "township": 3,
        "village": 30,
    }
    county = gpd.read_file(shapes_folder(walked.home.path) / str(version) / "county.geojson")
    assert not county.geometry.contains(shapely.Point(110.225, 33.225)).any()
    assert county.geometry.contains(shapely.Point(110.1, 33.1)).all()


def test_its_numbers_are_handed_on(walked: Walked) -> None:
    with (walked.folder / "registered.csv").open(encoding="utf-8-sig", newline="") as handle:
        rows = {row["code"]: row for row in csv.DictReader(handle)}
    assert rows[made_county.CODE]["value"] == "30"
    assert {code: rows[code]["official_name"] for code in made_county.VILLAGES} == (
        made_county.VILLAGES
    )
    assert {row["value"] for code, row in rows.items() if len(code) == 12} == {"1"}


def test_the_home_knows_its_county(walked: Walked) -> None:
    before = walked.home.numbers()
    exports = walked.folder / "exports"
    done = _sh(f".venv/bin/python -m loaders import {exports} --county 611025", walked.folder)
    assert done.returncode == 2
    assert "990101 县的,不能办 611025 县的事" in done.stderr and "TAIZHANG_HOME" in done.stderr
    again = _sh(
        ".venv/bin/python -m loaders county 611025 --from /srv/qingxi/brought", walked.folder
    )
    assert again.returncode == 2 and "990101" in again.stderr
    assert walked.home.numbers() == before


def test_a_form_nobody_has_seen_is_read_by_the_countys_layout(
    walked: Walked, tmp_path: Path
) -> None:
    shutil.copytree(walked.home.path, tmp_path / "home")
    row = ["990101900001", "钱某某", "柳坪镇", "甲家村", "2"]
    sheets.workbook(tmp_path / "帮扶.xlsx", {"表": [made_county.FORM, row]})
    home = Home(tmp_path / "home")
    report = importing.run([tmp_path / "帮扶.xlsx"], home, DAY, loaded_by="test", fresh=True)
    assert report.exit_code == 0, report.sheets
    [held] = pq.read_table(home.current().path("household")).to_pylist()
    assert (held["village_code"], held["member_count"]) == ("990101101201", 2)


def test_the_successors_shown_are_read(walked: Walked, tmp_path: Path) -> None:
    brought = made_county.bring(tmp_path / "brought")
    (brought / "successors.csv").write_text(_CSV, "utf-8")
    command = ".venv/bin/python -m loaders county 990101 --from /srv/qingxi/brought"
    done = _sh(command, tmp_path)
    assert done.returncode == 0, done.stderr
    divisions = Divisions.load(made_county.CODE, tmp_path / "home")
    assert divisions.township_code("990101100").code == "990101001"
    assert divisions.village("柳坪镇", "老鹰村").code == "990101101202"
    assert divisions.village("柳坪镇", "丙家村").code == "990101101201"
    assert divisions.village("柳坪镇", "丁家村委会").code == "990101101204"
    assert divisions.villages["990101101204"] == "新桥村"
    assert "990101101203" not in divisions.villages


def test_every_file_of_the_folder_is_in_the_documentation() -> None:
    for name in (*founding.OWN, *(f"{folder}/" for folder in founding.OWN_FOLDERS)):
        assert f"`{name}" in _TEXT, name
