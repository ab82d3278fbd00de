"""A date known by its month alone shows as its month wherever it is listed."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from metrics.county import open_county
from store.simulated import Origin, entry_of
from store.snapshots import Home
from tests import small_county
from tests.pages.conftest import Open, opener
from tests.pages.tables import Table, read
from tests.small_county import COUNTY

_MONTHS = {
    "ledger_entry": ("opened_on", "due_on", "closed_on"),
    "sieve_result": ("screened_on", "due_on", "mended_on"),
    "inspection": ("inspected_on", "mended_on"),
    "benefit": ("started_on", "ended_on"),
}


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The small county, each of these dates known by its month: June 2025, open ends left open."""
    home, tables = Home(tmp_path_factory.mktemp("months")), small_county.tables()
    allowance = {"benefit_kind": "minimum_allowance", "household_id": "H02", "month_yuan": 90.0,
                 "village_code": small_county.HILL, "benefit_id": "B1"}  # fmt: skip
    looked = {"inspection_item": "income", "household_id": "H02", "inspection_result": "met",
              "village_code": small_county.HILL}  # fmt: skip
    rows = {
        "ledger_entry": tables["ledger_entry"].to_pylist(),
        "sieve_result": tables["sieve_result"].to_pylist(),
        "inspection": [looked | {"inspected_on": date(2025, 1, 1), "mended_on": date(2025, 1, 1)}],
        "benefit": [allowance | dict.fromkeys(_MONTHS["benefit"], date(2025, 1, 1))],
    }
    for name, columns in _MONTHS.items():
        for row in rows[name]:
            for column in columns:
                if row[column]:
                    row[column], row[f"{column}_until"] = date(2025, 6, 1), date(2025, 6, 30)
        arrow = tables[name].schema
        full = [{column: row.get(column) for column in arrow.names} for row in rows[name]]
        tables[name] = pa.Table.from_pylist(full, arrow)
    simulated = entry_of([Origin("household", "名单.xlsx", "all")])
    home.publish(tables, data_date=small_county.DATA_DATE, county_code=COUNTY, loaded_by="test",
                 sources=[], report={}, simulated=simulated)  # fmt: skip
    open_county(home)
    return home


@pytest.fixture
def open_months(months: Home, monkeypatch: pytest.MonkeyPatch) -> Open:
    return opener(months, monkeypatch)


def _shown(table: Table, *heads: str) -> set[str]:
    return {cell.text for head in heads for cell in table.column(head)} - {"—"}


def test_entries_screenings_and_benefits_show_the_month(open_months: Open) -> None:
    entries = read(open_months("ledgers", by="entry")).table("建账")
    assert _shown(entries, "建账", "时限") == {"2025-06"}
    findings = read(open_months("sieves", part="list")).table("整改时间")
    assert _shown(findings, "筛查时间", "时限", "整改时间") == {"2025-06"}
    file = read(open_months("household", id="H02"))
    assert _shown(file.table("起"), "起", "止") == {"2025-06"}
    told = _shown(file.table("排查时间"), "排查时间", "整改时间")
    assert told == {"2025-06", "未核"}, "five of the six were not looked at"
