"""Small imports as text files, and what they come to: for tests of how files are merged."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet as pq
import pytest

from loaders import __main__ as command
from loaders import importing
from loaders.accounts.report import Report
from store.snapshots import Home
from tests.loaders.sheets import HOUSEHOLD, PERSON, Rows, household, person

DAY = datetime.date(2025, 12, 31)
INCOME = ["年度", "户编号", "家庭人口", "家庭纯收入", "家庭人均纯收入"]
VILLAGES = {"安山村": "611025001200", "青槐社区": "611025001003", "庙沟村": "611025103201"}
TOWNSHIPS = {"安山村": "永乐街道", "青槐社区": "永乐街道", "庙沟村": "大坪镇"}
YEARS = (2024, 2025)


def derived_by(monkeypatch: pytest.MonkeyPatch, derive: Callable[[Path, int], str | None]) -> None:
    """Let a function, given home and number, stand in for the process that derives."""

    class Derives:
        def __init__(self, home: Path):
            self.home = home

        def derive(self, number: int) -> str | None:
            return derive(self.home, number)

        def close(self) -> None:
            pass

    monkeypatch.setattr(command, "Deriving", Derives)


def home_id(home: int) -> str:
    """Number of the household that ``household(home)`` is."""
    return str(household(home)[0])


def register(homes: dict[int, str], **cells: object) -> Rows:
    """A register of households by number, each in the village that it names."""
    rows = [
        household(home, 乡镇=TOWNSHIPS[place], 行政村=place, **cells)
        for home, place in sorted(homes.items())
    ]
    return [HOUSEHOLD, *rows]


def people(pairs: Sequence[tuple[int, int]]) -> Rows:
    """A person list of (household, order) pairs that leaves the village to the register."""
    rows = [
        person(home * 10 + order, home, 人编号=f"{home_id(home)}{order:02d}")
        for home, order in pairs
    ]
    return [PERSON, *[[*row[:1], "", *row[2:]] for row in rows]]


def incomes(homes: Sequence[int], amount: float) -> Rows:
    """A list of incomes of two years."""
    rows = [[year, home_id(home), 3, amount, amount / 3] for home in homes for year in YEARS]
    return [INCOME, *rows]


def load(home: Home, *files: Rows, **options: Any) -> Report:
    """Import files, each given as its rows."""
    with TemporaryDirectory() as folder:
        for number, rows in enumerate(files):
            lines = ["\t".join(map(str, row)) for row in rows]
            (Path(folder) / f"{number}.txt").write_text("\n".join(lines), "utf-8")
        return importing.run(
            [Path(folder)], home, DAY, loaded_by="test", county_code="611025", **options
        )


def begun(home: Home, *files: Rows) -> None:
    """A new home's first import of these files: made once, copied for whoever asks again."""
    first = _FIRST.get(repr(files))
    if first is None:
        first = Home(Path(_FOLDER.name) / str(len(_FIRST)))
        load(first, *files)
        _FIRST[repr(files)] = first
    shutil.copytree(first.path, home.path, dirs_exist_ok=True)


_FOLDER = TemporaryDirectory()
_FIRST: dict[str, Home] = {}


def stored(home: Home, name: str) -> list[dict[str, Any]]:
    """Rows of a table of the current snapshot."""
    return pq.read_table(home.current().path(name)).to_pylist()
