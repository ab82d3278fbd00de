"""The data date of a snapshot is read once, and again where another is published in its place."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from store.published_dates import data_date
from store.snapshots import MANIFEST, Home, NoSnapshot, SnapshotDamaged


def written(home: Home, number: int, text: str) -> None:
    folder = home.snapshots / f"{number:06d}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).write_text(text, "utf8")


def manifest(day: str, **more: str) -> str:
    return json.dumps({"data_date": day, "county_code": "611025", **more})


def test_a_date_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(tmp_path)
    written(home, 1, manifest("2025-11-30"))
    assert data_date(home, 1) == date(2025, 11, 30)
    monkeypatch.setattr(Home, "open", lambda *_, **__: pytest.fail("read again"))
    assert data_date(Home(tmp_path), 1) == date(2025, 11, 30)


def test_what_is_written_anew_is_read_anew(tmp_path: Path) -> None:
    home = Home(tmp_path)
    written(home, 1, manifest("2025-11-30"))
    assert data_date(home, 1) == date(2025, 11, 30)
    written(home, 1, manifest("2025-12-31", note="another"))
    assert data_date(home, 1) == date(2025, 12, 31)


def test_one_that_is_not_there_or_not_readable_is_said(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with pytest.raises(NoSnapshot):
        data_date(home, 1)
    written(home, 1, "{")
    for _ in range(2):
        with pytest.raises(SnapshotDamaged):
            data_date(home, 1)
