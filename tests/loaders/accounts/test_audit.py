"""What a report may say of a cell, and that every reason has a name."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from loaders.accounts import audit
from loaders.cells import values
from tests.loaders.cells.test_values import identities

LOADERS = Path(audit.__file__).parents[1]


@pytest.mark.parametrize(
    ("value", "mask", "shown"),
    [
        ("赵某某", "name", "赵*某"),
        ("赵某", "name", "赵*"),
        ("619925198001010010", "identity", "6*****************"),
        ("12", "identity", "***"),
        ("13800001234", "phone", "138****1234"),
        ("1234", "phone", "***"),
        ("龙王庙新村", None, "龙王庙新村"),
        ("61102500000045", None, "61102500000045"),
        ("  ", None, None),
        (None, "name", None),
    ],
)
def test_masks(value: str | None, mask: str | None, shown: str | None) -> None:
    assert audit.masked(value, mask) == shown  # type: ignore[arg-type]


@given(number=identities(), before=st.text(max_size=5), after=st.text(max_size=5))
def test_no_identity_number_stays_whole_wherever_it_stands(
    number: str, before: str, after: str
) -> None:
    for mask in (None, "name", "identity", "phone"):
        assert number not in (audit.masked(before + number + after, mask) or "")  # type: ignore[arg-type]


def test_certificates_old_numbers_and_phones_in_other_columns() -> None:
    number = "61992519800101001"
    number += values.check_digit(number)
    for whole in (number + "43", number.lower(), "619925800101001", "13912345678"):
        assert whole not in (audit.masked(f"某某{whole}") or "")


@pytest.mark.parametrize("between", ["", " ", "-", "\u200b", " - "])
@pytest.mark.parametrize("wide", [False, True])
def test_numbers_with_something_between_their_digits(between: str, wide: bool) -> None:
    number = f"619925{between}19800101{between}0010"
    phone = f"139{between}1234{between}5678"
    for written in (number, phone):
        text = "".join(chr(ord(c) + 0xFEE0) if wide and c.isdigit() else c for c in written)
        shown = audit.masked(f"某某 {text} 某") or ""
        folded = shown.translate({ord("０") + n: str(n) for n in range(10)})
        digits = re.sub(r"[^\d*]", "", folded)
        assert "*" in digits and written.replace(between, "") not in digits


def test_a_column_is_masked_as_its_cells_are() -> None:
    cells = ["赵某某", "赵某", "", "赵某某", "13912345678"]
    for mask in (None, "name", "identity", "phone"):
        done = audit.mask_column(pa.array(cells), mask)  # type: ignore[arg-type]
        assert done.to_pylist() == [audit.masked(cell, mask) for cell in cells]  # type: ignore[arg-type]


def test_every_reason_that_the_code_gives_has_a_name() -> None:
    declared = yaml.safe_load(audit.REASONS.read_text("utf-8"))
    lines = {name for name in declared if name.endswith(("_row", "_header"))} - {"ragged_row"}
    for name, words in declared.items():
        todo = {"todo_zh", "todo_en"} if name not in {*lines, "repeated_household"} else set()
        assert todo | {"zh", "en"} <= set(words) <= {"zh", "en", "todo_zh", "todo_en"}, name
    source = "".join(
        p.read_text("utf-8")
        for p in LOADERS.rglob("*.py")
        if not {"demo", "boundaries"} & {*p.parts}
    )
    places = {
        f"{kind}_{level}" for kind in ("unknown", "ambiguous") for level in ("township", "village")
    }
    written = set(re.findall(r'"([a-z_]+)"|([a-z_]+)=(?:self.match|len)', source))
    assert set(declared) - {word for pair in written for word in pair} <= places
    given = set(re.findall(r'(?:reason=|Refused\(|refuse\([^"\n]*|None, )"([a-z_]+)"', source))
    assert given <= set(declared)
    assert {*audit.MENDS, *values.FATAL} <= set(declared)
    assert audit.labels()["missing"] == "缺必填项"


def test_every_note_on_a_cell_is_a_mend_or_refuses_its_row() -> None:
    modules = ("values", "converters", "amounts", "dates", "person_names")
    sources = [(LOADERS / "cells" / f"{name}.py").read_text("utf-8") for name in modules]
    found = set(
        re.findall(r'(?:None, |else |beyond.append\(\(|, |\()"([a-z]+_[a-z_]+)"', "".join(sources))
    )
    found |= {"unreadable"}
    assert {"below_minimum", "serial_date", "error_cell", "other_unit", "year_only"} <= found
    assert found <= {*audit.MENDS, *values.FATAL}
