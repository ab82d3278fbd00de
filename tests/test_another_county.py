"""Another county is configuration: its codes, its outline and its targets, and no code."""

from __future__ import annotations

import ast
import datetime
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from loaders import importing
from metrics.county import open_county
from store.scope import Scope
from store.shapes import current_version, read_index, shapes_folder
from store.snapshots import Home, Snapshot
from tests.loaders import sheets
from tests.loaders.sheets import HOUSEHOLD, household
from tests.test_walls import ROOMS, ROOT

COUNTY = "433125"
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
    assert named == [("loaders/importing.py", importing.COUNTY)]


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
    day = datetime.date(2025, 12, 31)
    importing.run([folder / "raw"], home, day, loaded_by="test", county_code=COUNTY)
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
