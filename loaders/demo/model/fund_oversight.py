"""What stands beside the money: books of townships and villages, notices, reports, questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loaders.demo.model.fund_lines import FEN
from loaders.demo.model.sampling import Rng, pick

if TYPE_CHECKING:
    from loaders.demo.model.funds import Funds
    from loaders.demo.model.simulate import Simulation

_PLANNED = 6
_UNDATED = 2  # answers without a date
_NOTICED_SINCE = 2019
_PLACES = ("村务公开栏", "镇政府公示栏", "县政府网站")
_CHANNELS = {"hotline": 0.45, "letter": 0.1, "visit": 0.25, "online": 0.2}
_REPORTED = ("反映补助资金未按时到户", "反映项目完工后工程款未支付", "反映分红未兑现",
             "反映公示时间短、内容不全", "反映发放的种苗成活率低")  # fmt: skip
_ANSWERS = ("已核实,资金已拨付到位", "已核实,责成限期整改", "经核查不属实,已向反映人说明")
_ASKED = ("产业奖补的申报条件和标准", "跨省务工交通补贴如何领取", "雨露计划补助何时到账",
          "小额信贷贴息期限", "公益岗位补贴标准", "一卡通账户如何变更")  # fmt: skip


def _planned(
    rng: Rng, books: Funds, which: pd.Series, check: str, count: int = _PLANNED
) -> pd.Index:
    """Lines that nothing else is planned of, noted under the check."""
    lines = books.allotment
    taken = {each for some in books.expected.values() for each in some}
    at = lines.index[which & ~lines["line_id"].isin(taken)]
    chosen = pd.Index(np.sort(rng.choice(at, min(count, len(at)), replace=False)))
    books.expected[check] = lines.loc[chosen, "line_id"].to_list()
    return chosen


def books(rng: Rng, funds: Funds) -> pd.DataFrame:
    """The fund_book table: each line as the book of its township and of its village has it."""
    lines = funds.allotment
    below = lines["region_code"].str.len() > 6
    in_village = lines["region_code"].str.len().eq(12)
    recent = lines["year"].ge(2020)
    parts = []
    for level, mine in (("township", below), ("village", in_village)):
        differs = _planned(rng, funds, mine & recent, f"allotment_{level}_book_differs", 8)
        missing, wrong = differs[::2], differs[1::2]
        rows = lines.loc[mine & ~lines.index.isin(missing)]
        off = np.where(rows.index.isin(wrong), 1_000 * FEN, 0)
        parts.append(
            pd.DataFrame(
                {
                    "book_level": level,
                    "line_id": rows["line_id"].to_numpy(),
                    "region_code": rows["region_code"].to_numpy(),
                    "purpose": rows["purpose"].to_numpy(),
                    "received": rows["fen"].to_numpy() - off,
                    "booked_on": pd.to_datetime(rows["allotted_on"]).to_numpy()
                    + np.timedelta64(5, "D"),
                }
            )
        )
    found = pd.concat(parts, ignore_index=True)
    # A village's book is held against its township's: where that is wrong, the two differ.
    of_township = found[found["book_level"].eq("township")].set_index("line_id")["received"]
    amount = lines.set_index("line_id")["fen"]
    wrong = of_township.index[of_township.ne(amount.reindex(of_township.index))]
    deep = lines.set_index("line_id")["region_code"].str.len().eq(12)
    funds.expected["allotment_village_book_differs"] += [one for one in wrong if deep[one]]
    return found


def publications(rng: Rng, funds: Funds) -> pd.DataFrame:
    """The publication table: one notice a line since the rules ask for it."""
    lines = funds.allotment
    asked = lines["year"].ge(_NOTICED_SINCE) & pd.to_datetime(lines["allotted_on"]).lt("2025-10-01")
    never = _planned(rng, funds, asked, "allotment_unpublished")
    late = _planned(rng, funds, asked, "allotment_published_late")
    short = _planned(rng, funds, asked, "allotment_published_short")
    rows = lines[lines["year"].ge(_NOTICED_SINCE) & ~lines.index.isin(never)]
    wait = rng.integers(1, 12, len(rows)) + np.where(rows.index.isin(late), 60, 0)
    days = np.where(rows.index.isin(short), 5, rng.integers(10, 16, len(rows)))
    on = pd.to_datetime(rows["allotted_on"]).to_numpy() + wait * np.timedelta64(1, "D")
    place = np.select(
        [rows["region_code"].str.len().eq(12), rows["region_code"].str.len().eq(9)],
        _PLACES[:2], _PLACES[2],
    )  # fmt: skip
    return pd.DataFrame(
        {
            "line_id": rows["line_id"].to_numpy(),
            "region_code": rows["region_code"].to_numpy(),
            "published_at": place,
            "published_on": on,
            "withdrawn_on": on + days * np.timedelta64(1, "D"),
        }
    )


def complaints(rng: Rng, funds: Funds) -> pd.DataFrame:
    """The complaint table: reports of the last three years, a few of them never answered, or with
    an answer that says no date."""
    lines = funds.allotment[funds.allotment["year"].ge(2023)]
    rows = lines.iloc[np.sort(rng.choice(len(lines), 48, replace=False))].reset_index(drop=True)
    on = pd.to_datetime("2025-12-20") - pd.to_timedelta(rng.integers(0, 900, len(rows)), unit="D")
    on = pd.Series(on).sort_values(ignore_index=True)
    answered = on + pd.to_timedelta(rng.integers(5, 50, len(rows)), unit="D")
    answered = answered.where(answered <= pd.Timestamp("2025-12-31"))
    ids = [f"{code[:6]}C{n:04d}" for n, code in enumerate(rows["region_code"], start=1)]
    silent = rng.choice(np.flatnonzero(on <= pd.Timestamp("2025-09-01")), 5, replace=False)
    answered[silent] = pd.NaT
    funds.expected["complaint_unanswered"] = [ids[i] for i in np.sort(silent)]
    said = pd.Series(pick(rng, _ANSWERS, len(rows))).where(answered.notna(), None)
    undated = np.flatnonzero(answered.notna())[:_UNDATED]
    answered[undated] = pd.NaT
    funds.expected["complaint_answer_undated"] = [ids[i] for i in undated]
    return pd.DataFrame(
        {
            "complaint_id": ids,
            "region_code": rows["region_code"],
            "line_id": rows["line_id"],
            "channel": pick(rng, _CHANNELS, len(rows)),
            "content": pick(rng, _REPORTED, len(rows)),
            "unit_in_charge": rows["unit_in_charge"],
            "received_on": on,
            "answered_on": answered,
            "answer": said,
        }
    )


def inquiries(rng: Rng, done: Simulation) -> pd.DataFrame:
    """The inquiry table: questions of the last two years."""
    count = 120
    on = pd.Timestamp("2024-01-02") + pd.to_timedelta(
        np.sort(rng.integers(0, 725, count)), unit="D"
    )
    answered = pd.Series(on + pd.to_timedelta(rng.integers(0, 6, count), unit="D"))
    answered = answered.where(answered <= pd.Timestamp("2025-12-31"))
    codes = done.village["village_code"].to_numpy()
    return pd.DataFrame(
        {
            "inquiry_id": [f"{done.county.code}Q{n:04d}" for n in range(1, count + 1)],
            "region_code": codes[rng.integers(0, len(codes), count)],
            "channel": pick(rng, _CHANNELS, count),
            "content": pick(rng, _ASKED, count),
            "received_on": pd.Series(on),
            "answered_on": answered,
        }
    )
