"""docs/layouts.md has every key of a layout and no other, each with an example that works."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from loaders.layouts import matching
from loaders.layouts.declarations import Column, Layout, Unpivot
from loaders.layouts.declared_keys import ALSO_FILLS, GUIDE, UNITS
from loaders.layouts.name_checks import FINDERS, SOURCES

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / GUIDE).read_text("utf-8")
SECTIONS = {part[: part.index("`")]: part for part in TEXT.split("\n### `")[1:]}
EXAMPLES = {name: re.findall(r"```yaml\n(.*?)```", part, re.S) for name, part in SECTIONS.items()}
BASE = yaml.safe_load(re.findall(r"```yaml\n(.*?)```", TEXT, re.S)[0])


def keys() -> set[str]:
    """Every key that a declaration may have, with the key that it stands below."""
    whole = set(Layout.__dataclass_fields__) - {"wan"} | {"units"}
    below = {
        "columns": Column.__dataclass_fields__,
        "unpivot": Unpivot.__dataclass_fields__,
        "units": UNITS,
        "also_fills": ALSO_FILLS,
    }
    return whole | {f"{key}.{name}" for key, names in below.items() for name in names}


def test_every_key_stands_in_the_guide_and_no_other() -> None:
    assert set(SECTIONS) == keys()


@pytest.mark.parametrize("name", sorted(SECTIONS))
def test_every_key_has_an_example_that_has_it_and_can_be_used(name: str) -> None:
    (example,) = EXAMPLES[name]
    declared: dict[str, Any] = yaml.safe_load(example)
    above, _, key = name.rpartition(".")
    parts = declared[above] if above else declared
    assert any(key in part for part in (parts if isinstance(parts, list) else [parts]))
    fixed = {} if declared.get("table", "household") != "household" else {"fixed": BASE["fixed"]}
    base = {k: v for k, v in BASE.items() if k != "fixed"} | fixed
    assert matching.parse(base | declared).key == base["key"]


def test_the_words_that_a_key_may_be_are_named() -> None:
    assert all(f"`{word}`" in SECTIONS["place_from"] for word in SOURCES)
    assert all(f"`{word}`" in SECTIONS["household_by"] for word in FINDERS)
    assert "{year}" in SECTIONS["columns.header"]


def test_messages_and_reasons_point_to_the_guide() -> None:
    reasons = (ROOT / "data" / "reference" / "reasons.yaml").read_text("utf-8")
    said = {name: words for name, words in yaml.safe_load(reasons).items() if GUIDE in str(words)}
    assert set(said) == {
        "blank_below",
        "household_not_numbered",
        "place_not_a_column",
        "register_in_rows",
        "unknown_layout",
        "years_in_headers",
    }
    assert all(GUIDE in words["todo_zh"] and GUIDE in words["todo_en"] for words in said.values())
    named = {"blank_below": "fill_down", "household_not_numbered": "household_by"}
    named |= {"place_not_a_column": "place_from", "register_in_rows": "also_fills"}
    assert all(key in said[name]["todo_zh"] for name, key in named.items())
    assert set(named.values()) <= keys() | {"fill_down"}
