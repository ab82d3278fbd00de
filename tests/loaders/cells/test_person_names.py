"""Names of people: look-alikes folded, notes behind them listed, what names nobody told."""

from __future__ import annotations

import pyarrow as pa
import pytest

from loaders.cells import person_names
from loaders.cells.converters import converter
from loaders.cells.masks import masked
from store import schema
from tests.loaders.sheets import HOUSEHOLD, cleaned, household


@pytest.mark.parametrize(
    ("cell", "name", "note"),
    [
        ("赵六", "赵六", None),
        ("赵六(亡)", "赵六", "name_note"),
        ("赵六（已故）", "赵六", "name_note"),
        ("赵六【亡", "赵六", "name_note"),
        ("⾼⽴⼈", "高立人", "lookalike_characters"),
        ("\ue000三", "\ue000三", "private_characters"),
        ("\ue000", "\ue000", "private_characters"),
        ("阿依古丽•买买提", "阿依古丽·买买提", "lookalike_characters"),
        ("阿依古丽·买买提", "阿依古丽·买买提", None),
        ("John", "John", None),
        ("", None, None),
        ("  ", None, None),
    ],
)
def test_a_name_and_what_is_said_of_it(cell: str, name: str | None, note: str | None) -> None:
    assert person_names.name(cell) == (name, note)


@pytest.mark.parametrize(
    "cell",
    ["·", "无", "-", "/", "——", "户主", "户主姓名", "本人", "...", "？", "123", "XXX", "(亡)"],
)
def test_what_names_nobody_is_told_and_not_taken(cell: str) -> None:
    assert person_names.name(cell) == (None, "placeholder_name")


@pytest.mark.parametrize("cell", ["=_xlfn.XLOOKUP(A2,B:B,C:C)", "=VLOOKUP(A2,B:C,2,0)", "=A2"])
def test_a_formula_is_no_name(cell: str) -> None:
    assert person_names.name(cell) == (None, "formula_without_value")


def test_the_quick_way_over_a_column_finds_what_the_careful_one_finds() -> None:
    """Names of Han alone are not looked at one by one; words for nobody among them are seen."""
    cells = [
        "赵六",
        "户主",
        "欧阳某某某",
        "无",
        "户主姓名",
        "赵六(亡)",
        "=A2",
        "",
        "⾼⽴⼈",
        "x",
        "空",
    ]
    done = converter(schema.BY_NAME["household"].column("head_name"))(pa.array(cells))
    expected = [person_names.name(cell) for cell in cells]
    assert done.values.to_pylist() == [value for value, _ in expected]
    found = {row: reason for reason, rows in done.notes for row in rows.tolist()}
    assert found == {row: note for row, (_, note) in enumerate(expected) if note}


def test_what_is_listed_of_a_name_with_a_note_shows_the_note_and_not_the_name() -> None:
    rows = [HOUSEHOLD, household(1, 户主姓名="赵小六(亡)"), household(2, 户主姓名="户主")]
    batch, audit = cleaned(rows)
    assert batch.rows["head_name"].to_pylist() == ["赵小六", None]
    listed = [(m["reason"], m["before"], m["after"]) for m in audit.mends().to_pylist()]
    assert listed == [("name_note", "赵*六(亡)", "赵*六"), ("placeholder_name", "户*", None)]


def test_a_note_that_may_hold_another_name_stays_masked() -> None:
    assert masked("赵小六(李某某之妻)", "name") == "赵*)"


def test_a_formula_of_an_unknown_function_is_never_loaded_as_text() -> None:
    """Also where it is plain enough for the quick way over a column of text."""
    headers = [*HOUSEHOLD, "自然村"]
    rows = [headers, [*household(1), "=_xlfn.XLOOKUP(A2,B:B,C:C)"], [*household(2), "#NAME?"]]
    batch, audit = cleaned(rows)
    assert batch.rows["village_group"].to_pylist() == [None]
    assert audit.entries()["reason"].to_pylist() == ["formula_without_value"]
    assert audit.mends()["reason"].to_pylist() == ["error_cell"]
