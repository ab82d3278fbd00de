"""The import bench itself: the larger county is a real one, and both sides read the same rows."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import openpyxl
import pyarrow as pa
import pytest

from loaders import demo
from loaders.cells.values import check_digit
from store.snapshots import Home
from tests.bench import crowd, delta, imports

_PERSON = "619925198001010010"


def _write(path: Path, headers: list[str], rows: list[list[str]]) -> None:
    lines = [",".join(row) for row in (headers, *rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """A register of two households as a demo's export file."""
    folder = tmp_path / "raw"
    folder.mkdir()
    headers = ["户编号", "县", "乡镇", "行政村", "户主姓名", "户类型", "家庭人口"]
    home = ["镇安县", "永乐街道", "王家坪", "张试三", "脱贫户", "3"]
    _write(folder / "户信息_20251231.csv", headers, [[f"6110250000000{n}", *home] for n in (1, 2)])
    return folder


def test_a_copy_has_numbers_of_its_own_and_the_same_mistakes() -> None:
    given = pa.array(["61102500000001", "61102500000001" + "02", "unknown"])
    assert crowd.moved(given, 3).to_pylist() == ["61102500300001", "6110250030000102", "unknown"]
    right = _PERSON[:17] + check_digit(_PERSON)
    wrong = _PERSON[:17] + ("2" if right[17] == "1" else "1")
    first, second, none = crowd.reborn(pa.array([right, wrong, "3.5E+17"]), 7).to_pylist()
    assert first.startswith("619907") and first[17] == check_digit(first)
    assert second[:17] == first[:17] and second[17] != check_digit(second)
    assert none == "3.5E+17"
    digits = np.frombuffer(right.encode(), np.uint8).reshape(1, 18)
    assert chr(crowd.check(digits)[0]) == right[17]


def test_both_sides_read_the_copied_files(raw: Path, tmp_path: Path) -> None:
    big = tmp_path / "big"
    big.mkdir()
    written = crowd.write(raw, big, [crowd.Kind("户信息", 5, 2)])
    assert [path.name for path in written] == ["户信息_1.csv", "户信息_2.csv"]
    assert imports.bare(written) == 10
    assert imports.load(big, tmp_path / "home") == 0
    snapshot = Home(tmp_path / "home").current()
    report = snapshot.manifest["report"]["totals"]
    assert Counter(report)["rows"] == snapshot.manifest["tables"]["household"]["rows"] == 10


def test_text_of_another_encoding_is_read_from_a_copy(raw: Path, tmp_path: Path) -> None:
    (path,) = raw.iterdir()
    old = raw / "旧.txt"
    old.write_bytes(path.read_text("utf-8").encode("gb18030"))
    first, second = imports.in_utf8([path, old], tmp_path)
    assert (first, second.parent) == (path, tmp_path)
    assert imports.bare([second]) == imports.bare([first]) == 2


@pytest.mark.torture
def test_a_delta_is_a_part_of_the_register_and_is_counted_beside_the_whole(
    raw: Path, tmp_path: Path
) -> None:
    headers = ["户编号", "县", "乡镇", "行政村", "户主姓名", "户类型", "家庭人口", "耕地面积(亩)"]
    home = ["镇安县", "永乐街道", "王家坪", "张试三", "脱贫户", "3", "99.5"]
    rows = [[f"61102500000{n:03d}", *home] for n in range(1, 202)]
    (path,) = raw.iterdir()
    path.unlink()
    book = openpyxl.Workbook()
    for row in (headers, *rows):
        book.worksheets[0].append(row)
    book.save(raw / "户信息_20251231.xlsx")
    found = delta.measure(raw, imports.COUNTY, imports.DATA_DATE, tmp_path)
    assert found.households == 3 and "3 households" in found.line()
    assert found.delta_seconds > 0 and found.share == found.delta_seconds / found.whole_seconds
    current = Home(tmp_path / "home").current()
    changes = current.manifest["report"]["changes"]["household"]
    assert (current.number, changes["changed"], changes["after"]) == (2, 3, 201)


def test_a_result_says_its_rate_and_a_failed_import_is_told(tmp_path: Path) -> None:
    result = imports.Result("demo", 1000, 5.0, 2.0, 1 << 30)
    assert result.rate == pytest.approx(0.4)
    assert "200 rows/s" in result.line() and "1.00 GiB" in result.line()
    (tmp_path / "empty.csv").write_text("a,b\n1,2\n")
    assert imports.load(tmp_path, tmp_path / "home") == 1
    with pytest.raises(RuntimeError, match="nothing was imported"):
        imports.measure("none", tmp_path, 1)


def test_the_default_county_is_the_demos() -> None:
    assert imports.COUNTY == demo.COUNTY
