"""Whatever stands in a cell: the import goes on, and the cell is taken, mended or refused."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.cells import quantities, values
from loaders.cells.spellings import EMPTY
from loaders.layouts.matching import Layout, load
from loaders.proposals import propose
from store import schema
from tests.loaders import sheets
from tests.loaders.samples import sample

LAYOUTS = {layout.key: layout for layout in load()}
WORDS = [
    *(
        "3",
        "10",
        "2019",
        "0",
        "1234567",
        ".",
        ",",
        "-",
        "+",
        "/",
        ":",
        "E",
        " ",
        "\u3000",
        "\u200b",
    ),
    *(
        "年",
        "月",
        "日",
        "底",
        "初",
        "上旬",
        "份",
        "号",
        "T16:00:00.000Z",
        "T00:00:00+08:00",
        "00:00:00",
    ),
    *(
        "万",
        "亿",
        "元",
        "亩",
        "平方米",
        "㎡",
        "公顷",
        "公里",
        "米",
        "人",
        "户",
        "个月",
        "分",
        "¥",
        "整",
        "%",
    ),
    *(
        "赵",
        "六",
        "(亡)",
        "（",
        "）",
        "户主",
        "无",
        "·",
        "•",
        "⾼",
        "\uf9d1",
        "\ue000",
        "\ufffd",
        "某",
    ),
    *(
        "=",
        "=A2",
        "_xlfn.",
        "VLOOKUP(",
        "#NAME?",
        "#FORMULA!",
        "#DIV/0!",
        "'",
        '"',
        "是",
        "否",
        "01",
    ),
    *("一、", "(一)", "合计", "二〇一九年十月", "安山村", "3人", "X", "١", "²", "½"),
]
CELLS = st.lists(st.sampled_from(WORDS), max_size=5).map("".join) | st.text(max_size=20)
MONEY = re.compile("[¥￥元万亿整正]|RMB|CNY|人民币")


def declared(layout: Layout) -> dict[str, tuple[str, schema.Column]]:
    """Header and schema column of what a layout loads, by field."""
    table = schema.BY_NAME[layout.table]
    notes = {column.note_to for column in layout.columns}
    found = {}
    for column in layout.columns:
        if column.check or column.note_to or column.field in notes or column.values:
            continue
        if column.field:
            # As the sample has the years that stand in headers.
            header = column.header.replace("{year}", "2026")
            found[column.field] = header, table.column(column.field)
    return found


@pytest.mark.parametrize("key", sorted(LAYOUTS))
@given(data=st.data())
@settings(max_examples=12)
def test_every_cell_is_taken_mended_or_refused(key: str, data: st.DataObject) -> None:
    """Of every layout: a row whose every cell may be anything, or one cell of it."""
    layout = LAYOUTS[key]
    header, *body = _sample(key)
    usual = body[0]
    at = data.draw(st.integers(0, len(header) - 1) | st.none())
    row = [data.draw(CELLS) if at in (None, i) else cell for i, cell in enumerate(usual)]
    batch, audit = sheets.cleaned(
        [header, row, body[1]], name="大病残疾户", data_date=datetime.date(2025, 12, 31)
    )
    account = audit.sheets[0]
    assert account.rows == batch.rows.num_rows + sum(account.quarantined.values())
    for line in batch.rows.to_pylist():
        if line["source_row"] == 2:
            listed = {m["header"] for m in audit.mends().to_pylist() if m["row"] == 2}
            for field, (name, column) in declared(layout).items():
                cell = row[header.index(name)]
                _judge(column, cell, line[field], told=name.strip() in listed)


def _judge(column: schema.Column, cell: str, value: Any, *, told: bool) -> None:
    """A cell of a row that was taken says what became of it."""
    word = values.compact(cell)
    if told or (value is None and word.upper() in EMPTY):
        return
    if column.name in ("birth_date", "sex", "disability_kind", "disability_grade"):
        return  # the identity number says it too
    assert value is not None, (column.name, cell)
    if isinstance(value, str) and not column.codes:
        # A name is running text too: its full-width marks stay.
        running = column.mask in (None, "name") and not column.name.endswith("_id")
        kept = values.tidy(cell) if running else word
        assert re.sub(r"\s|(?<=\d)\.0$", "", kept).startswith(re.sub(r"\s", "", value))
    elif isinstance(value, float | Decimal):
        figures = re.sub("m2|[^\\d.eE+-]", "", word.replace(",", ""))
        size = type(value)(figures)
        assert value in (size, size * 10_000)
        if column.unit != "yuan":
            assert not MONEY.search(word), (column.name, cell)


def _sample(key: str) -> list[list[str]]:
    (found,) = (d for d in propose.declared(propose.FOLDER) if d["key"] == key)
    return sample(found)[0]


@given(
    number=st.integers(0, 10**6),
    word=st.sampled_from(sorted(quantities.WORDS)),
    field=st.sampled_from(["farmland_mu", "floor_area_m2", "road_distance_km"]),
)
def test_a_cell_with_a_unit_is_converted_or_emptied_and_listed(
    number: int, word: str, field: str
) -> None:
    """Through the whole cleaning: never the number as if the unit were not there."""
    headers = {"farmland_mu": "耕地面积(亩)", "floor_area_m2": "住房面积"}
    header = headers.get(field, "与村主干路距离")
    rows = [[*sheets.HOUSEHOLD, header], [*sheets.household(1), f"{number}{word}"]]
    batch, audit = sheets.cleaned(rows)
    (value,) = batch.rows[field].to_pylist()
    worth = quantities.worth(word, schema.BY_NAME["household"].column(field).unit)
    reasons = audit.mends()["reason"].to_pylist()
    if worth is None:
        assert (value, reasons) == (None, ["other_quantity"])
    else:
        assert value == float(number * worth)
        assert reasons == ([] if worth == 1 else ["other_unit"])
