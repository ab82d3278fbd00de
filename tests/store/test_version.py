"""One version, told by the program: the newest heading of CHANGELOG.md."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from store.version import of, version
from tests.test_walls import ROOT

HEADINGS = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf8"), re.MULTILINE)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# Changelog\n\n## 1.10.0\n\n## 1.9.0\n", "1.10.0"),
        ("# Changelog\n\n## Unreleased\n\n## 1.9.0\n", "1.9.0+"),
    ],
)
def test_the_newest_heading_is_the_version(text: str, told: str) -> None:
    assert of(text) == told


def test_without_a_version_it_is_said() -> None:
    with pytest.raises(ValueError, match="no version"):
        of("## Unreleased\n")


def test_headings_count_down() -> None:
    numbers = [tuple(map(int, name.split("."))) for name in HEADINGS if name != "Unreleased"]
    assert numbers == sorted(set(numbers), reverse=True)
    assert "Unreleased" not in HEADINGS[1:]


@pytest.mark.parametrize("command", [["-m", "loaders"], ["-m", "store"], ["server.py"]])
def test_commands_tell_it(command: list[str]) -> None:
    said = subprocess.run(
        [sys.executable, *command, "--version"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert said.split() == ["taizhang", version()]
