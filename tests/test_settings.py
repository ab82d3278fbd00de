"""Settings: what the documents say of each is what the program does, and nothing else is read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from store.settings import DECLARED

ROOT = Path(__file__).parents[1]
ROOMS = (
    "access",
    "charts",
    "findings",
    "gate",
    "glossary",
    "loaders",
    "metrics",
    "rules",
    "sampling",
    "store",
    "views",
)
_ROW = re.compile(r"^\| `([A-Z_]+)` \| (?:`([^`]*)`)? ?\| (.+) \| (.+) \|$", re.MULTILINE)
_PAGE = (ROOT / "docs" / "settings.md").read_text("utf-8")


def test_every_setting_stands_in_the_documents_with_its_default() -> None:
    told = {name: default for name, default, _, _ in _ROW.findall(_PAGE)}
    assert list(told) == list(DECLARED)
    for name, default in told.items():
        assert DECLARED[name].default.removeprefix(f"{ROOT}/") == default, name


def test_every_setting_is_described_in_both_languages() -> None:
    for name, _, english, chinese in _ROW.findall(_PAGE):
        assert re.search(r"[a-z]{3}", english), name
        assert re.search(r"[\u4e00-\u9fff]{2}", chinese), name


def _sources() -> list[Path]:
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    return [*files, *(ROOT / "pages").glob("*.py"), ROOT / "server.py", ROOT / "dashboard.py"]


def test_nothing_is_read_that_is_not_declared() -> None:
    named = {
        name
        for path in _sources()
        for name in re.findall(r"\bTAIZHANG_[A-Z_]+\b", path.read_text("utf-8"))
    }
    assert not named - set(DECLARED)
    assert {name for name in DECLARED if name.startswith("TAIZHANG_")} <= named


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_both_readmes_lead_to_the_settings(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    assert "docs/settings.md" in text
    assert not set(re.findall(r"\bTAIZHANG_[A-Z_]+\b", text)) - set(DECLARED)
