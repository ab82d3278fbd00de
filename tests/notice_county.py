"""The small county with books of funds and of notices, each with its trouble."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from store.snapshots import Snapshot
from tests import fund_county
from tests.small_county import BROOK, EAST, HILL, MILL, WEST

Row = dict[str, Any]


def sheet(number: str, of: str, year: int, region: str, **more: Any) -> Row:
    """A sheet on the village's board, from 1 to 11 June of its year unless said."""
    return {
        "notice_id": number, "notice_list": of, "year": year, "region_code": region,
        "posted_at": "village_board", "posted_on": date(year, 6, 1),
        "withdrawn_on": date(year, 6, 11), "sheet_entries": 1, "photo_reference": f"IMG{number}",
        "unit_in_charge": "东岭镇人民政府", **more,
    }  # fmt: skip


def objection(number: str, of: str, region: str, on: date, **more: Any) -> Row:
    """An objection to a list that is not answered unless said."""
    return {
        "objection_id": number, "notice_list": of, "region_code": region, "objected_on": on,
        "content": "反映一户条件相近未列入", "unit_in_charge": "东岭镇人民政府", **more,
    }  # fmt: skip


# Of 2014: HILL's list of two hung three days, MILL's of two names one, BROOK's of one never hung.
# Of 2025: MILL's exits were shown by the township alone, its project hangs yet, BROOK's roll hung.
# Monitoring has a sheet of BROOK, of whose case no day of a notice is known.
ROWS = {
    **fund_county.ROWS,
    "public_notice": [
        sheet("G1", "register", 2014, HILL, sheet_entries=2, posted_on=date(2014, 5, 1),
              withdrawn_on=date(2014, 5, 4)),
        sheet("G2", "register", 2014, MILL, posted_on=date(2014, 5, 1),
              withdrawn_on=date(2014, 5, 12)),
        sheet("G3", "exits", 2025, WEST, posted_at="township_board"),
        sheet("G4", "projects", 2025, MILL, withdrawn_on=None, photo_reference=None),
        sheet("G5", "benefits", 2025, BROOK),
        sheet("G6", "benefits", 2025, BROOK, posted_at="website", withdrawn_on=date(2025, 7, 30)),
        sheet("G7", "monitoring", 2025, BROOK),
        sheet("G8", "exits", 2025, HILL, withdrawn_on=date(2025, 5, 28)),
    ],
    "notice_objection": [
        objection("Y1", "benefits", BROOK, date(2025, 6, 3), notice_id="G5"),
        objection("Y2", "projects", MILL, date(2025, 12, 20), notice_id="G4"),
        objection("Y3", "benefits", BROOK, date(2025, 6, 3), notice_id="G5",
                  answered_on=date(2025, 6, 9), answer_text="经核查不属实", objection_upheld=False),
        objection("Y4", "exits", EAST, date(2025, 5, 1), notice_id="G8",
                  answered_on=date(2025, 8, 9), answer_text="已调整", objection_upheld=True),
        objection("Y6", "projects", HILL, date(2025, 2, 3), notice_id=None,
                  answer_text="已答复,未写日期"),
        objection("Y5", "register", HILL, date(2025, 6, 3), notice_id="没有"),
    ],
}  # fmt: skip


def publish(home: Path) -> Snapshot:
    """Publish it into a home folder."""
    return fund_county.publish(home, ROWS)
