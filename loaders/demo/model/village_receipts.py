"""村集体经济收入明细账: the lines that a village's kinds of income add up from, by who paid."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from loaders.demo.model.config import LAST_YEAR, County
from loaders.demo.model.sampling import Rng

_FIRST = 2021  # the first year of which lines are kept
_NOT_BOOKED = 5  # contracts of which the village booked half
_BUYERS = ("商贸有限公司", "农产品批发市场", "供销合作社", "食品有限公司", "连锁超市")
_TAKERS = ("种植大户", "家庭农场", "养殖专业合作社")
_FIRMS = ("农业开发有限公司", "光伏发电有限公司", "文化旅游有限公司")
_KINDS = {"operating": _BUYERS, "contracting": _TAKERS, "investment": _FIRMS}
_BOUNTY = "财政局(一次性奖补)"
Planned = dict[str, list[str]]
Line = tuple[str, str | None, bool, str | None, float]  # kind, payer, one-off, contract, yuan


def lines(
    rng: Rng,
    account: pd.DataFrame,
    contract: pd.DataFrame,
    paid: pd.DataFrame,
    chosen: Planned,
    planned: Planned,
    county: County,
) -> pd.DataFrame:
    """The village_receipt table: lines of an account's kinds to the yuan, but where planned."""
    who = contract.set_index("entrust_id")["operator"]
    whole = paid[paid["year"].eq(LAST_YEAR) & paid["entrust_paid_yuan"].gt(1000)]
    free = whole[~whole["entrust_id"].isin({one for ids in planned.values() for one in ids})]
    half = set(rng.choice(free["entrust_id"].to_numpy(dtype=str), _NOT_BOOKED, replace=False))
    planned["entrusted_not_booked"] = sorted(half)
    got = {key: list(rows.itertuples()) for key, rows in paid.groupby(["village_code", "year"])}
    rows = []
    for one in account[account["year"].ge(_FIRST)].itertuples():
        by = [
            (row.entrust_id, who[row.entrust_id],
             row.entrust_paid_yuan / (2 if row.year == LAST_YEAR and row.entrust_id in half else 1))
            for row in got.get((one.village_code, one.year), [])
        ]  # fmt: skip
        made = list(_of(rng, one, by, county.name))
        if one.year == LAST_YEAR:
            made = _planned(one.village_code, made, chosen, county.name)
        rows += [(one.village_code, one.year, *line) for line in made]
    for key in ("income_lines_differ", "income_counted_twice", "income_one_off_as_own"):
        planned[key] = chosen[key]
    names = ["village_code", "year", "collective_source", "payer", "one_off", "entrust_id",
             "amount_yuan"]  # fmt: skip
    return _dated(rng, pd.DataFrame(rows, columns=names), county)


def _of(rng: Rng, one: Any, by: list[tuple[str, str, float]], name: str) -> Iterator[Line]:
    """The lines of one village and year."""
    for kind, payers in _KINDS.items():
        left = float(getattr(one, f"{kind}_income_yuan"))
        if kind == "investment":
            for entrust_id, operator, yuan in by:
                if yuan > 0:
                    yield kind, operator, False, entrust_id, yuan
                    left -= yuan
        if left <= 0:
            continue
        count = 1 if left < 5000 else int(rng.integers(1, 4))
        parts = np.floor(left * rng.dirichlet(np.full(count, 12.0)))
        parts[0] += left - parts.sum()
        names = rng.choice(len(payers), count, replace=False)
        for yuan, at in zip(parts, names, strict=True):
            yield kind, f"{name}{payers[at]}", False, None, float(yuan)
    if one.grant_income_yuan > 0:
        yield "grant", f"{name}财政局", bool(rng.random() < 0.3), None, one.grant_income_yuan
    if one.other_collective_yuan > 0:
        yield "other", None, False, None, one.other_collective_yuan


def _planned(code: str, made: list[Line], chosen: Planned, name: str) -> list[Line]:
    """The lines of a village where one is lost, stands there twice, or is no earned one."""
    most = max(range(len(made)), key=lambda i: (made[i][3] is None, made[i][4]))
    kind, payer, once, entrust_id, yuan = made[most]
    if code in chosen["income_lines_differ"]:
        return made[:most] + made[most + 1 :]
    if code in chosen["income_counted_twice"]:
        first = np.floor(yuan / 2)
        rest: list[Line] = [(kind, "其他", once, entrust_id, yuan - 2 * first)]
        same: Line = (kind, payer or "其他", once, entrust_id, first)
        return [*made[:most], same, same, *(rest if yuan > 2 * first else []), *made[most + 1 :]]
    if code in chosen["income_one_off_as_own"]:
        own = [i for i, line in enumerate(made) if line[0] in _KINDS and line[3] is None]
        at = max(own, key=lambda i: made[i][4])
        kind, _, _, entrust_id, yuan = made[at]
        return [*made[:at], (kind, f"{name}{_BOUNTY}", True, entrust_id, yuan), *made[at + 1 :]]
    return made


def _dated(rng: Rng, frame: pd.DataFrame, county: County) -> pd.DataFrame:
    """The lines with their numbers and days; like lines of one payer have the same day."""
    day = pd.to_datetime(frame["year"].astype(str) + "-01-10")
    # What one pays of a kind comes on one day, in the order of the lines.
    turn = frame.groupby(["village_code", "year", "collective_source", "payer"], dropna=False)
    first = turn.ngroup().to_numpy()
    off = rng.integers(0, 350, int(first.max()) + 1)[first]
    number = frame.groupby("year").cumcount() + 1
    made = f"SK{county.code}" + frame["year"].astype(str) + number.astype(str).str.zfill(5)
    return frame.assign(village_receipt_id=made, booked_on=day + pd.to_timedelta(off, unit="D"))
