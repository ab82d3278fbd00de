"""Targets of the demo: every key explained, and what cannot be met together told at once."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from loaders import __main__ as command
from loaders.demo.model import config
from loaders.demo.model.config import DATA, County, read_county
from store.county_folder import Broken

TEXT = (DATA / "demo" / "611025.yaml").read_text("utf-8")


@pytest.mark.parametrize("code", ["611025", "433125"])
def test_the_shipped_targets_agree_and_explain_each_key(code: str) -> None:
    assert read_county(code).code == code
    text = (DATA / "demo" / f"{code}.yaml").read_text("utf-8")
    for field in fields(County):
        if field.name != "code":
            assert re.search(rf"^# {field.name}: .+\n(#.*\n)*{field.name}:", text, re.M), field.name


def _write(folder: Path, old: str, new: str) -> Path:
    assert old in TEXT
    (folder / "data" / "demo").mkdir(parents=True)
    (folder / "data" / "demo" / "611025.yaml").write_text(TEXT.replace(old, new), "utf-8")
    return folder / "data" / "demo"


@pytest.mark.parametrize(
    ("old", "new", "key", "says"),
    [
        ("2018: 0.38}", "2018: 0.48}", "exit_shares", "各份之和应是 1,现在是 1.1"),
        ("cleared_share: 0.72", "cleared_share: 1.2", "cleared_share", "应在 0 和 1 之间"),
        ("\nsites: 60", "\nsites: 157", "sites", "应在 15 和 156 之间"),
        ("large_sites: 30", "large_sites: 61", "large_sites", "多于安置点"),
        ("\nhouseholds: 25800", "\nhouseholds: 24000", "exited_households", "多于建档立卡户"),
        ("exited_people: 76900", "exited_people: 7690", "exited_people", "户均应在 1 至 8 人"),
        ("poor_people_2018: 2180", "poor_people_2018: 21800", "poor_people_2018", "户均应在"),
        ("people_2025: 77000", "people_2025: 7700000", "people_2025", "户均应在"),
        ("relocated_people: 27423", "relocated_people: 274", "relocated_people", "户均应在"),
        (
            "relocated_households: 8059",
            "relocated_households: 30000",
            "relocated_households",
            "多于",
        ),
        ("rate_2018: 0.89", "rate_2018: 40", "rate_2014", "2018 年低于 2014 年"),
        ("rate_2018: 0.89", "rate_2018: 8.9", "rate_2018", "相差太远"),
        ("{50000: 0.85, 100000: 0.55}", "{50000: 0.5, 100000: 0.55}", "collective_shares", "递减"),
        ("汉族: 0.985", "汉族: 0.5", "ethnicity", "各份之和应是 1"),
        ('seat: "611025001"', 'seat: "611025999"', "seat", "不在本县乡镇代码中"),
        ("fell_back: 260", "fell_back: many", "fell_back", "应是不小于 0 的整数"),
        ("2025: 13450}", "2026: 13450}", "medians", "缺少 2025 年"),
        ("unstable: 562,", "", "monitored", "应有且只有"),
        ('weak: ["611025108",', 'weak: ["611025998",', "characters", "不在本县乡镇代码中"),
        ('weak: ["611025108",', 'weak: ["611025101",', "characters", "写了两次"),
        ("  improving: [", "  improved: [", "characters", "没有 improved 这种乡镇"),
        ('around: "611025110"', 'around: "611025400"', "flood", "不在本县乡镇代码中"),
        ("flood: {year: 2024", "flood: {year: 2042", "flood", "应在 2014 至 2025 年之间"),
        ("villages: 20, around", "villages: 200, around", "flood", "本县有 156 个村"),
    ],
)
def test_a_contradiction_is_told_with_its_key_and_line(
    tmp_path: Path, old: str, new: str, key: str, says: str
) -> None:
    folder = _write(tmp_path, old, new)
    with pytest.raises(Broken) as told:
        read_county("611025", folder)
    line = (folder / "611025.yaml").read_text("utf-8").split(f"\n{key}:")[0].count("\n") + 2
    said = [fault for fault in told.value.faults if fault.why.startswith(f"{key}: ")]
    assert [says in fault.why for fault in said] == [True], told.value
    assert (said[0].file, said[0].line) == ("data/demo/611025.yaml", line)


def test_a_key_that_lacks_or_means_nothing_is_named(tmp_path: Path) -> None:
    with pytest.raises(Broken, match="没有 projekts 这个键"):
        read_county("611025", _write(tmp_path, "\nprojects:", "\nprojekts:"))


def test_the_command_says_so_before_anything_is_simulated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = _write(tmp_path, "2018: 0.38}", "2018: 0.48}")
    monkeypatch.setattr(config.read_county, "__defaults__", (folder,))
    home, raw = tmp_path / "home", tmp_path / "raw"
    assert command.main(["demo", "--home", str(home), "--raw", str(raw)]) == 2
    said = capsys.readouterr().err
    assert "exit_shares: 各份之和应是 1" in said and "Traceback" not in said
    assert not raw.exists()
