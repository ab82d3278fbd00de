"""Which county a home is of, where its declarations stand, and what is said of broken ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules.region_kinds import kinds_of
from store.county_folder import (
    Broken,
    NoCounty,
    OtherCounty,
    county_of,
    declared_code,
    in_use,
    misfit,
    path_in,
    read,
    use,
)
from tests import small_county


def _declare(home: Path, text: str) -> None:
    (home / "county").mkdir(exist_ok=True)
    (home / "county" / "county.yaml").write_text(text, "utf-8")


def test_the_home_says_its_county(tmp_path: Path) -> None:
    with pytest.raises(NoCounty):
        county_of(tmp_path)
    assert county_of(tmp_path, "611025") == "611025"
    small_county.publish(tmp_path)
    assert county_of(tmp_path) == small_county.COUNTY
    with pytest.raises(OtherCounty):
        county_of(tmp_path, "611025")
    _declare(tmp_path, "code: '990101'\nname: 清溪县\n")
    assert county_of(tmp_path) == county_of(tmp_path, "990101") == "990101"


def test_a_first_snapshot_says_its_county_before_it_is_current(tmp_path: Path) -> None:
    """It is derived then, and by other thresholds all would be derived again when it is opened."""
    small_county.publish(tmp_path)
    kinds = kinds_of(tmp_path)
    (tmp_path / "CURRENT").unlink()
    assert county_of(tmp_path) == small_county.COUNTY
    assert kinds_of(tmp_path) == kinds != frozenset()


@pytest.mark.parametrize("text", ["code: 99\n", "name: x\n", "- 1\n", "code: [\n"])
def test_a_declaration_that_names_no_county_is_told(tmp_path: Path, text: str) -> None:
    _declare(tmp_path, text)
    with pytest.raises(Broken, match=r"county/county\.yaml 第 \d 行"):
        declared_code(tmp_path)


def test_a_number_is_a_code_too(tmp_path: Path) -> None:
    _declare(tmp_path, "code: 990101\n")
    assert declared_code(tmp_path) == "990101"


def test_the_old_places_are_read_until_the_new_ones_are_there(tmp_path: Path) -> None:
    (tmp_path / "layouts").mkdir()
    (tmp_path / "checks.yaml").touch()
    assert path_in(tmp_path, "layouts") == tmp_path / "layouts"
    assert path_in(tmp_path, "checks.yaml") == tmp_path / "county" / "checks.yaml"
    (tmp_path / "county" / "layouts").mkdir(parents=True)
    assert path_in(tmp_path, "layouts") == tmp_path / "county" / "layouts"


def test_entries_know_their_lines_and_a_key_written_twice_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("# head\ninner:\n  a: 1\n\n  b: 2\n", "utf-8")
    entries, faults = read(tmp_path, path, "inner")
    assert dict(entries) == {"a": 1, "b": 2} and not faults
    assert str(entries.fault("b", "x")) == "x.yaml 第 5 行: b: x"
    path.write_text("inner:\n  a: 1\n  b: 2\n  a: 3\n", "utf-8")
    entries, [fault] = read(tmp_path, path, "inner")
    assert not entries and str(fault).startswith("x.yaml 第 4 行: 同一个键写了两次")


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"a: \xff", "UTF-8"), (b"a: [", "YAML"), (b"- a", "键: 值"), (b"a: \x00", "不允许")],
)
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(content)
    entries, [fault] = read(tmp_path, path)
    assert not entries and says in str(fault)


def test_what_an_entry_must_and_may_hold() -> None:
    assert misfit({"a": 1}, ("a",)) == "" == misfit({"a": 1, "b": 2}, ("a",), ("b",))
    assert "缺少 a" in misfit({"a": ""}, ("a",))
    assert "没有 c 这个键" in misfit({"a": 1, "c": 1}, ("a",))
    assert "清单" in misfit(5, ())


def test_the_home_in_use(tmp_path: Path) -> None:
    use(tmp_path / ".." / tmp_path.name)
    try:
        assert in_use() == tmp_path
    finally:
        use(None)
    assert in_use() is None
