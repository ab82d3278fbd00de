"""The small county with books of funds, written by hand: five lines, each with its trouble."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from store import schema
from store.snapshots import Snapshot
from tests import small_county
from tests.small_county import BROOK, COUNTY, EAST, HILL, MILL, WEST

Row = dict[str, Any]
_STOOD = {"source_file": "资金下达明细表.xlsx"}


def source(fund: str, level: str, year: int, yuan: str) -> Row:
    """A document of money."""
    return {
        "fund_id": fund, "region_code": COUNTY, "year": year, "name": f"{level}资金",
        "fund_level": level, "document_number": f"模财农〔{year}〕{fund[1:]}号",
        "document_on": date(year, 1, 5), "amount_yuan": Decimal(yuan),
    }  # fmt: skip


def line(number: str, fund: str, region: str, yuan: str, **more: Any) -> Row:
    """A line of a fund, of 2025 and allotted in March unless said."""
    return {
        "line_id": number, "fund_id": fund, "region_code": region, "year": 2025,
        "purpose": "construction", "use_form": "works", "allotted_on": date(2025, 3, 1),
        "amount_yuan": Decimal(yuan), "budget_yuan": Decimal(yuan), "content": f"{number}项目",
        "unit_in_charge": "县农业农村局", **_STOOD, "source_row": int(number[1:]) + 3, **more,
    }  # fmt: skip


def payment(number: str, of: str, region: str, yuan: str, kind: str = "unit", **more: Any) -> Row:
    """A payment out of a line, in June 2025 unless said."""
    return {
        "payment_id": number, "line_id": of, "region_code": region, "payee_kind": kind,
        "paid_on": date(2025, 6, 1), "amount_yuan": Decimal(yuan), **more,
    }  # fmt: skip


def receipt(number: str, of: str, household: str, village: str, yuan: str, **more: Any) -> Row:
    """What a household got of a line, in June 2025 unless said."""
    return {
        "receipt_id": number, "line_id": of, "household_id": household, "village_code": village,
        "received_on": date(2025, 6, 1), "amount_yuan": Decimal(yuan),
        "source_file": "资金到户花名册.txt", "source_row": 3, **more,
    }  # fmt: skip


def _book(level: str, of: str, region: str, yuan: str, purpose: str = "construction") -> Row:
    return {
        "book_level": level, "line_id": of, "region_code": region, "purpose": purpose,
        "received_yuan": Decimal(yuan), "spent_yuan": Decimal(0),
    }  # fmt: skip


def _notice(of: str, region: str, begun: date, ended: date) -> Row:
    return {
        "publication_id": f"N{of}", "line_id": of, "region_code": region,
        "published_at": "村务公开栏", "published_on": begun, "withdrawn_on": ended,
    }  # fmt: skip


OWN_NOTICE, OTHER_NOTICE = "试验县2025年资金安排表", "邻县2025年资金安排表"


def _item(notice: str, sequence: int, region: str, yuan: str, **more: Any) -> Row:
    return {
        "region_code": region, "notice": notice, "sequence": sequence, "place": "某地",
        "amount_yuan": Decimal(yuan), "source_file": f"{notice}.xlsx",
        "source_row": sequence + 3, **more,
    }  # fmt: skip


ROWS: Mapping[str, Sequence[Row]] = {
    "fund_source": [
        source("F1", "central", 2025, "120000"),
        source("F2", "province", 2025, "9000"),
        source("F3", "county", 2025, "5000"),
        source("F4", "central", 2022, "8000"),
    ],
    "allotment": [
        line("L1", "F1", HILL, "100000.01", project_code="P1"),
        line("L2", "F2", EAST, "9000", purpose="subsidy", use_form="grant"),
        line("L3", "F3", COUNTY, "5000", purpose="livelihood"),
        line("L4", "F4", MILL, "8000", year=2022, allotted_on=date(2022, 3, 1)),
        line("L5", "FX", WEST, "700"),
    ],
    "payment": [
        payment("P1", "L1", HILL, "60000.01"),
        payment("P2", "L2", EAST, "6000", "households"),
        payment("P4", "L4", MILL, "2000", paid_on=date(2022, 6, 1)),
        payment("P5", "L5", WEST, "900"),
        payment("P9", "L9", WEST, "1"),
    ],
    "fund_receipt": [
        receipt("R1", "L2", "H01", HILL, "3000"),
        receipt("R2", "L2", "H03", BROOK, "1000"),
        receipt("R3", "L2", "H03", BROOK, "1000"),
    ],
    "fund_book": [
        _book("township", "L1", HILL, "100000.01"),
        _book("township", "L2", EAST, "9000", "subsidy"),
        _book("township", "L4", MILL, "8000"),
        _book("village", "L1", HILL, "90000"),
        _book("village", "L4", MILL, "8000"),
    ],
    "list_entry": [
        {"list_entry_id": "E1", "department_list": "vehicle", "region_code": HILL,
         "person_name": "张试三", "identity_number": "619925197001010000",
         "birth_date": date(1970, 1, 1), "entry_kind": "motorcycle"},
    ],
    "publication": [
        _notice("L1", HILL, date(2025, 3, 5), date(2025, 3, 16)),
        _notice("L2", EAST, date(2025, 5, 5), date(2025, 5, 8)),
    ],
    "complaint": [
        {"complaint_id": "C1", "region_code": HILL, "line_id": "L1", "report_channel": "hotline",
         "content": "工程款未付", "received_on": date(2025, 7, 1)},
        {"complaint_id": "C2", "region_code": MILL, "report_channel": "visit",
         "content": "公示过短", "received_on": date(2025, 7, 1),
         "answered_on": date(2025, 7, 9), "answer_text": "已整改"},
        {"complaint_id": "C3", "region_code": MILL, "report_channel": "visit",
         "content": "苗木未到户", "received_on": date(2025, 7, 2), "answer_text": "已补发"},
    ],
    "fund_item": [
        _item(OWN_NOTICE, 1, HILL, "300000", project="水厂", note="含前期费1万元"),
        _item(OWN_NOTICE, 2, MILL, "200000.5", project="茶园"),
        _item(OTHER_NOTICE, 1, "", "77"),
    ],
    "declared_total": [
        {"file": f"{OWN_NOTICE}.xlsx", "row": 9, "layout": "fund_notice", "header": "金额",
         "declared": 500000.5, "added": 500000.5},
        {"file": f"{OTHER_NOTICE}.xlsx", "row": 9, "layout": "fund_notice", "header": "金额",
         "declared": 78.0, "added": 77.0},
    ],
    "inquiry": [
        {"inquiry_id": "Q1", "region_code": MILL, "content": "补贴何时到账",
         "received_on": date(2025, 8, 1), "answered_on": date(2025, 8, 2)},
    ],
}  # fmt: skip


def _table(name: str, rows: Sequence[Row]) -> pa.Table:
    arrow = schema.BY_NAME[name].arrow
    return pa.Table.from_pylist([{c: row.get(c) for c in arrow.names} for row in rows], arrow)


def publish(home: Path, rows: Mapping[str, Sequence[Row]] = ROWS) -> Snapshot:
    """Publish the small county with these books into a home folder."""
    other = {name: _table(name, some) for name, some in rows.items()}
    return small_county.publish(home, other=other)
