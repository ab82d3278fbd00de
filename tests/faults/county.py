"""A small county's files in two versions, and what a home may look like after a fault."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from loaders import importing
from loaders.accounts.report import Report
from store.snapshots import Home
from tests.loaders import sheets
from tests.loaders.sheets import HOUSEHOLD, PERSON, household, identity, person

DAY = datetime.date(2025, 12, 31)
INCOME = ["年度", "户编号", "家庭人口", "脱贫状态", "家庭纯收入", "家庭人均纯收入"]
# Left by an import that was killed, and taken away by the next.
REMAINS = (".staging-*", "snapshots/.*", ".CURRENT-*", ".LAST-*", "shapes/.*")


def write(folder: Path, households: int) -> Path:
    """Register, person list and income of so many households: the first bytes of two formats."""
    numbers = range(1, households + 1)
    register = [HOUSEHOLD, *(household(number) for number in numbers)]
    born = [identity(f"{1950 + number // 900}0101", 1 + number % 900) for number in numbers]
    people = [PERSON, *(person(n, n, 证件号码=born[n - 1]) for n in numbers)]
    sheets.workbook(folder / "户信息.xlsx", {"户信息": register})
    sheets.workbook(folder / "人口.xlsx", {"人口": people})
    rows = [[2025, f"61102500{n:04d}", 3, "03", 9000 + n, 3000 + n / 3] for n in numbers]
    lines = ["\t".join(map(str, row)) for row in [INCOME, *rows]]
    (folder / "收入.txt").write_text("\n".join(lines), "utf-8")
    return folder


def load(raw: Path, home: Path, who: str = "试验员") -> Report:
    """An import of the folder, as the command does it."""
    return importing.run([raw], Home(home), DAY, loaded_by=who, county_code="611025")


def state(home: Path) -> dict[str, Any]:
    """The current snapshot as its own hashes tell it; raises what a damaged home raises."""
    snapshot = Home(home).current()
    tables = snapshot.manifest["tables"]
    return {name: (entry["rows"], entry["sha256"]) for name, entry in tables.items()}


def remains(home: Path) -> list[str]:
    """What a finished import must not leave behind."""
    found = [path for pattern in REMAINS for path in home.glob(pattern)]
    return sorted(str(path.relative_to(home)) for path in found)
