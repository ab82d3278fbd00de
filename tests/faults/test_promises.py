"""Each promise of docs/reliability.md and docs/compliance.md names a test that is there."""

from __future__ import annotations

import ast
import re

import pytest

from tests.test_walls import ROOT

TEXT = (ROOT / "docs" / "reliability.md").read_text("utf8")
_NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
NAMED = _NAMED.findall(TEXT)
COMPLIANCE = (ROOT / "docs" / "compliance.md").read_text("utf8")
ROWS = [line for line in TEXT.splitlines() if re.match(r"\|(?! ?fault|-)", line)]


def test_every_row_of_the_table_names_one_test() -> None:
    assert len(ROWS) == len(NAMED) > 20
    assert all(re.search(r"`tests/[\w/]+\.py::test_\w+` \|$", row) for row in ROWS)


@pytest.mark.parametrize(("path", "name"), NAMED + _NAMED.findall(COMPLIANCE))
def test_the_test_is_there(path: str, name: str) -> None:
    tree = ast.parse((ROOT / path).read_text("utf8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_fault_that_is_tested_is_promised() -> None:
    """Tests of this folder that the table does not name are owed to it."""
    tested = {
        (str(path.relative_to(ROOT)), node.name)
        for path in (ROOT / "tests" / "faults").glob("test_*.py")
        for node in ast.parse(path.read_text("utf8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }
    here = "tests/faults/test_promises.py"
    assert {pair for pair in tested if pair[0] != here} <= set(NAMED)
