"""The list as a formatted workbook: title, filter and data date above, one row a household."""

from __future__ import annotations

from io import BytesIO

import pyarrow as pa
import xlsxwriter

from metrics.groups import household_groups
from metrics.lists import COLUMNS
from views.stage import Stage
from views.words import say, unit_of

_WIDTHS = {"household_id": 20, "village_code": 14, "poverty_state": 14, "monitor_kind": 16}
_AMOUNTS = ("per_capita_net_income_yuan", "own_payment_yuan")


def households_workbook(stage: Stage, rows: pa.Table, words: str) -> bytes:
    """An xlsx of the filtered rows as shown: masked as on the page, amounts as numbers."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "constant_memory": False})
    bold = book.add_format({"bold": True, "font_size": 14})
    quiet = book.add_format({"font_color": "#5c6167"})
    head = book.add_format(
        {"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter", "bg_color": "#eef2f5"}
    )
    amount = book.add_format({"num_format": "#,##0"})
    rate = book.add_format({"num_format": "0.0"})
    sheet = book.add_worksheet(stage.t("export_sheet"))
    county = stage.county.places[stage.county.code].name
    sheet.write_string(0, 0, f"{county} {stage.t('export_sheet')}({stage.t('simulated')})", bold)
    sheet.write_string(1, 0, f"{stage.t('export_filter')}:{words}", quiet)
    sheet.write_string(2, 0, f"{stage.t('data_date')}:{stage.county.data_date}", quiet)
    names = [_head(stage, column) for column in COLUMNS] + [stage.t("groups_in")]
    for index, name in enumerate(names):
        sheet.write_string(3, index, name, head)
        column = COLUMNS[index] if index < len(COLUMNS) else ""
        sheet.set_column(index, index, _WIDTHS.get(column, 36 if not column else 12))
    rules = stage.county.rules
    for offset, row in enumerate(rows.to_pylist(), start=4):
        for index, column in enumerate(COLUMNS):
            value = row[column]
            if isinstance(value, float) and value is not None:
                sheet.write_number(offset, index, value, amount if column in _AMOUNTS else rate)
            elif isinstance(value, int) and not isinstance(value, bool):
                sheet.write_number(offset, index, value)
            else:
                sheet.write_string(
                    offset, index, "" if value is None else say(stage, column, value)
                )
        joined = "、".join(rules[k].zh if stage.lang == "zh" else rules[k].en
                          for k in household_groups(row, rules))  # fmt: skip
        sheet.write_string(offset, len(COLUMNS), joined)
    sheet.freeze_panes(4, 1)
    sheet.autofilter(3, 0, 3 + rows.num_rows, len(COLUMNS))
    book.close()
    return target.getvalue()


def _head(stage: Stage, column: str) -> str:
    unit = unit_of(column)
    name = stage.t(column)
    return f"{name}({stage.measure(unit).unit})" if unit else name
