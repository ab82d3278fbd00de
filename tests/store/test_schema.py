"""The schema is read from its declaration, and a slip in it is said."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
import yaml

from loaders.cells.converters import CODES
from store import schema

_PLACE: dict[str, Any] = {
    "place": {
        "key": ["place_code"],
        "region": "place_code",
        "columns": {
            "place_code": "text required",
            "head": "text mask=name",
            "kind": "text codes=sex",
            "area": "number unit=mu",
            "paid": "yuan",
            "source": None,
        },
    }
}


def test_a_declaration_becomes_a_table() -> None:
    (table,) = schema.read(_PLACE)
    assert (table.key, table.region, table.public, table.secret) == (
        ("place_code",),
        "place_code",
        False,
        False,
    )
    assert table.column("place_code") == schema.Column("place_code", pa.string(), nullable=False)
    assert table.column("head").mask == "name"
    assert table.column("kind").codes == "sex"
    assert (table.column("area").unit, table.column("paid").unit) == ("mu", "yuan")
    assert table.arrow.names[-2:] == ["source_file", "source_row"]
    with pytest.raises(KeyError, match=r"place\.none"):
        table.column("none")


def test_a_word_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="no such word as requird"):
        schema.read({"place": {"columns": {"place_code": "text requird"}}})
    with pytest.raises(KeyError):
        schema.read({"place": {"columns": {"place_code": "txt"}}})


@pytest.mark.parametrize("table", schema.TABLES, ids=lambda table: table.name)
def test_keys_regions_and_code_lists_exist(table: schema.Table) -> None:
    lists = yaml.load(CODES.read_text("utf-8"), yaml.BaseLoader)
    for name in (*table.key, *filter(None, [table.region])):
        table.column(name)
    assert {c.codes for c in table.columns if c.codes} <= lists.keys()
    assert not any(c.mask for c in table.columns) or table.region, "personal, but nowhere"
