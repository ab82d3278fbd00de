"""What the security review makes of licences and of an advisory service that does not answer."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tools import audit


@pytest.mark.parametrize(
    "licence",
    ["MIT", "BSD-3-Clause", "Apache Software License", "GNU Lesser General Public License v3"],
)
def test_a_licence_that_fits(licence: str) -> None:
    assert audit.unfit([{"Name": "one", "License": licence}]) == []


@pytest.mark.parametrize("licence", ["UNKNOWN", "GNU General Public License v3", "Commercial"])
def test_one_that_does_not_fit_is_named(licence: str) -> None:
    listed = [{"Name": "one", "License": licence}, {"Name": "two", "License": "MIT"}]
    assert audit.unfit(listed) == [f"one ({licence})"]


def test_every_pinned_package_is_asked() -> None:
    text = (audit.ROOT / "requirements.txt").read_text(encoding="utf8")
    names = audit.pinned(text)
    assert {"streamlit", "duckdb", "sqlalchemy"} <= set(names)
    assert len(names) == text.count("==")


def service(said: str | None) -> Any:
    """A pip-audit that writes an answer, or none."""

    def run(command: list[Any], **_: Any) -> subprocess.CompletedProcess[str]:
        if said is not None:
            Path(command[command.index("-o") + 1]).write_text(said, encoding="utf8")
        return subprocess.CompletedProcess(command, 1, "", "ERROR: no route")

    return run


@pytest.mark.parametrize(
    ("said", "ends"),
    [
        (None, audit.NOT_ASKED),
        ('{"dependencies": [{"name": "one", "version": "1", "vulns": []}]}', 0),
        ('{"dependencies": [{"name": "one", "vulns": [{"id": "CVE-1"}]}]}', audit.FOUND),
    ],
)
def test_no_answer_is_not_taken_for_a_good_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: str | None, ends: int
) -> None:
    monkeypatch.setattr(audit, "OUT", tmp_path)
    (tmp_path / "advisories.json").write_text('{"dependencies": []}')  # of an earlier run
    monkeypatch.setattr(audit.subprocess, "run", service(said))
    assert audit.holes() == ends
