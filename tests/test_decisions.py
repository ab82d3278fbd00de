"""Records of decisions: numbered, dated, and all in the list."""

from __future__ import annotations

import re
from datetime import date

from tests.test_walls import ROOT

FOLDER = ROOT / "docs" / "decisions"
RECORDS = sorted(FOLDER.glob("[0-9]*.md"))


def test_the_list_names_every_record_with_its_title_and_date() -> None:
    listed = re.findall(
        r"^\| (\d{4}) \| ([\d-]+) \| \[(.+)\]\((.+)\) \|$", (FOLDER / "README.md").read_text(), re.M
    )
    told = []
    for path in RECORDS:
        title, day, *body = path.read_text(encoding="utf8").split("\n\n")
        assert date.fromisoformat(day) and "".join(body).strip(), path.name
        told.append((path.name[:4], day, title.removeprefix("# "), path.name))
    assert listed == told


def test_their_numbers_have_no_gap() -> None:
    assert [int(path.name[:4]) for path in RECORDS] == list(range(1, len(RECORDS) + 1))
