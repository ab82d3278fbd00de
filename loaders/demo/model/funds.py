"""The books of funds: documents, lines, payments, lists of households, books of three levels, what
was published, reported and asked; and, planned among them, what the checks have to find."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loaders.demo.model import fund_lines, fund_oversight
from loaders.demo.model.config import LAST_YEAR
from loaders.demo.model.fund_irregularities import FOLLOWED, RETAINED, plant
from loaders.demo.model.fund_lines import FEN
from loaders.demo.model.sampling import Rng

if TYPE_CHECKING:
    from loaders.demo.model.simulate import Simulation

_END = np.datetime64("2025-12-31")
_PAID_WHOLE = LAST_YEAR - 1  # the last year of which every list is paid whole

Planned = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Funds:
    """Frames with the columns of the store, amounts as whole fen (``fen``, ``budget`` and so on).

    ``expected`` are the subjects that are planned to be found, by check.
    """

    fund_source: pd.DataFrame = field(default_factory=pd.DataFrame)
    allotment: pd.DataFrame = field(default_factory=pd.DataFrame)
    payment: pd.DataFrame = field(default_factory=pd.DataFrame)
    fund_receipt: pd.DataFrame = field(default_factory=pd.DataFrame)
    fund_book: pd.DataFrame = field(default_factory=pd.DataFrame)
    publication: pd.DataFrame = field(default_factory=pd.DataFrame)
    complaint: pd.DataFrame = field(default_factory=pd.DataFrame)
    inquiry: pd.DataFrame = field(default_factory=pd.DataFrame)
    expected: Planned = field(default_factory=dict)


def keep_books(rng: Rng, done: Simulation, spared: Iterable[str]) -> Funds:
    """All books of the county's funds up to the end of the last year."""
    expected: Planned = {}
    receipt = _receipts(rng, done, set(spared), expected)
    lines = pd.concat([fund_lines.lines(rng, done), _lines_of(rng, receipt)], ignore_index=True)
    lines, receipt = _numbered(done, lines, receipt)
    source = fund_lines.sources(done.county, lines)
    lines = lines.merge(source[["year", "fund_level", "name", "fund_id"]])
    payment, receipt = _payments(rng, done, lines, receipt)
    lines = _followed(rng, lines, payment).assign(budget=lines["fen"])
    books = Funds(source, lines, payment, receipt, expected=expected)
    books = plant(rng, books)
    books = replace(
        books,
        fund_book=fund_oversight.books(rng, books),
        publication=fund_oversight.publications(rng, books),
        complaint=fund_oversight.complaints(rng, books),
        inquiry=fund_oversight.inquiries(rng, done),
    )
    return _as_expected(books)


def _receipts(rng: Rng, done: Simulation, spared: set[str], expected: Planned) -> pd.DataFrame:
    """What households got, those among it who should not have."""
    rows = fund_lines.to_households(rng, done, spared)
    which = zip(rows["fund_level"], rows["year"], strict=True)
    rows = rows.assign(name=[fund_lines.fund_name(*pair) for pair in which], planned=None)
    last = rows[rows["year"].eq(_PAID_WHOLE)]
    industry = last[last["content"].eq("产业发展奖补")]
    twice = industry.iloc[rng.choice(len(industry), 9, replace=False)].assign(planned="twice")
    parts = [rows, twice, *_of_the_dead(rng, done, last), _outside(rng, done, industry)]
    rows = pd.concat(parts, ignore_index=True)
    order = rows.groupby(["year", "content", "region_code"], sort=True).ngroup()
    rows = rows.assign(of_line=order).sort_values("of_line", kind="stable", ignore_index=True)
    rows["receipt_id"] = [f"{done.county.code}R{n:07d}" for n in range(1, len(rows) + 1)]
    first = rows[rows["planned"].eq("twice")]
    same = ["of_line", "household_id", "fen"]
    twins = rows.merge(first[same].drop_duplicates(), on=same)
    expected["receipt_twice"] = twins["receipt_id"].to_list()
    for planned, check in (("dead", "receipt_dead"), ("outside", "receipt_unregistered")):
        expected[check] = rows.loc[rows["planned"].eq(planned), "receipt_id"].to_list()
    return rows


def _of_the_dead(rng: Rng, done: Simulation, last: pd.DataFrame) -> list[pd.DataFrame]:
    """Rows of people of whose death the changes of the register told years before."""
    dead = done.change_event
    dead = dead[dead["change_kind"].eq("died") & dead["member_id"].notna()]
    rows = []
    for one in dead.itertuples():
        place = last[last["content"].eq("跨省务工交通补贴")]
        mine = place[place["region_code"].eq(one.village_code[:9])]
        if len(mine):
            row = mine.iloc[[int(rng.integers(len(mine)))]]
            rows.append(
                row.assign(
                    household_id=one.household_id,
                    village_code=one.village_code,
                    member_id=one.member_id,
                    planned="dead",
                )
            )
    return rows


def name_the_dead(rng: Rng, done: Simulation, spared: set[str]) -> pd.DataFrame:
    """The change_event table with the numbers of a few who died, whom no list names any more."""
    events = done.change_event.copy()
    registered = done.household["household_id"][done.household["registered"]]
    one = events["change_kind"].eq("died") & events["people"].eq(1)
    one &= pd.to_datetime(events["changed_on"]).dt.year.isin([_PAID_WHOLE - 2, _PAID_WHOLE - 1])
    one &= events["household_id"].isin(registered) & ~events["household_id"].isin(spared)
    chosen = rng.choice(np.flatnonzero(one), 8, replace=False)
    events.loc[chosen, "member_id"] = events.loc[chosen, "household_id"] + "98"
    return events


def _outside(rng: Rng, done: Simulation, industry: pd.DataFrame) -> pd.DataFrame:
    """Rows of households that are in no register any more: watched once, and released."""
    watched = done.monitored_household
    released = watched[watched["cleared_on"].notna()]
    released = released[pd.to_datetime(released["cleared_on"]).dt.year < _PAID_WHOLE]
    never = done.household[~done.household["registered"]].set_index("household_id")["village_code"]
    released = released[released["household_id"].isin(never.index)]
    places = set(industry["region_code"])
    released = released[released["village_code"].isin(places)]
    chosen = released.iloc[rng.choice(len(released), 8, replace=False)]
    rows = industry.drop_duplicates("region_code").set_index("region_code", drop=False)
    rows = rows.loc[chosen["village_code"]].reset_index(drop=True)
    return rows.assign(
        household_id=chosen["household_id"].to_numpy(), planned="outside",
        village_code=chosen["village_code"].to_numpy(),
    )  # fmt: skip


def _lines_of(rng: Rng, receipt: pd.DataFrame) -> pd.DataFrame:
    """The lines that the lists of households add up to; of the last year a part is not paid."""
    keys = ["of_line", "year", "content", "region_code", "fund_level", "purpose", "use_form",
            "unit_in_charge", "name"]  # fmt: skip
    found = receipt.groupby(keys, as_index=False)["fen"].sum()
    township = found["region_code"].str[:9].factorize(sort=True)[0]
    pace = np.linspace(1.0, 0.55, township.max() + 1)[rng.permutation(township.max() + 1)]
    share = np.where(found["year"].eq(LAST_YEAR), pace[township], 1.0)
    return found.assign(
        share=share, payee_kind="households", project_code=None,
        allotted_on=fund_lines.days_of(rng, found["year"].to_numpy(), 60, 200),
    )  # fmt: skip


def _numbered(
    done: Simulation, lines: pd.DataFrame, receipt: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Lines by year and place with their numbers, and the rows of households with their line's."""
    order = ["year", "region_code", "content", "fund_level"]
    lines = lines.sort_values(order, kind="stable", ignore_index=True)
    lines["line_id"] = [
        f"{done.county.code}L{year}{n:05d}" for n, year in enumerate(lines["year"], start=1)
    ]
    numbers = lines.dropna(subset=["of_line"]).set_index("of_line")["line_id"]
    return lines, receipt.assign(line_id=receipt["of_line"].map(numbers))


def _payments(
    rng: Rng, done: Simulation, lines: pd.DataFrame, receipt: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Payments by the end of the last year, and the rows of households that they paid."""
    to_units = lines[lines["payee_kind"].eq("unit")]
    paid = pd.concat([_to_units(rng, to_units), _to_lists(rng, lines, receipt)], ignore_index=True)
    listed = paid.dropna(subset=["batch"])
    receipt = receipt.assign(batch=_batch(lines, receipt)).merge(
        listed[["line_id", "batch", "paid_on"]], on=["line_id", "batch"]
    )
    paid = paid.sort_values(["paid_on", "line_id"], kind="stable", ignore_index=True)
    paid["payment_id"] = [f"{done.county.code}P{n:06d}" for n in range(1, len(paid) + 1)]
    receipt = receipt.rename(columns={"paid_on": "received_on"})
    return paid, receipt.sort_values("receipt_id", ignore_index=True)


def _to_units(rng: Rng, lines: pd.DataFrame) -> pd.DataFrame:
    """One to three payments of each line, of which the last came in the last year at latest."""
    due = np.rint(lines["fen"].to_numpy() * lines["share"].to_numpy() / (100 * FEN)) * 100 * FEN
    due = np.where(lines["share"] >= 1, lines["fen"], np.minimum(due, lines["fen"])).astype(
        np.int64
    )
    first = lines["allotted_on"].to_numpy().astype("datetime64[D]") + 20
    parts = []
    left = due
    for wait, share in ((0, 0.3), (70, 0.4), (220, 1.0)):
        amount = (
            left if share == 1.0 else (left * share // (100 * FEN)).astype(np.int64) * 100 * FEN
        )
        on = np.minimum(first + wait + rng.integers(0, 60, len(lines)), _END - 1)
        part = lines[["line_id", "region_code", "payee_kind"]].assign(fen=amount, paid_on=on)
        parts.append(part.assign(payee=lines["content"].str.slice(0, 16) + "实施单位"))
        left = left - amount
    found = pd.concat(parts, ignore_index=True)
    return found[found["fen"] > 0].assign(batch=np.nan)


def _batch(lines: pd.DataFrame, receipt: pd.DataFrame) -> np.ndarray:
    """Which batch paid each row of the lists: 0, 1 or, of the not yet paid, -1."""
    share = receipt["line_id"].map(lines.set_index("line_id")["share"]).to_numpy()
    at = receipt.groupby("line_id").cumcount().to_numpy()
    size = receipt.groupby("line_id")["fen"].transform("size").to_numpy()
    part = (at + 1) / size
    return np.select([part <= 0.5 * share, part <= share + 1e-9], [0, 1], -1)


def _to_lists(rng: Rng, lines: pd.DataFrame, receipt: pd.DataFrame) -> pd.DataFrame:
    """A payment a batch of each line's list, of exactly what its rows add up to."""
    rows = receipt.assign(batch=_batch(lines, receipt))
    rows = rows[rows["batch"] >= 0].groupby(["line_id", "batch"], as_index=False)["fen"].sum()
    line = lines.set_index("line_id").loc[rows["line_id"]]
    wait = 25 + 45 * rows["batch"].to_numpy() + rng.integers(0, 20, len(rows))
    on = np.minimum(line["allotted_on"].to_numpy().astype("datetime64[D]") + wait, _END - 1)
    return rows.assign(
        region_code=line["region_code"].to_numpy(), paid_on=on, payee_kind="households",
        payee="一卡通代发专户",
    )  # fmt: skip


def _followed(rng: Rng, lines: pd.DataFrame, payment: pd.DataFrame) -> pd.DataFrame:
    """The lines with the day on which somebody saw what became of the money, and its yield."""
    last = lines["line_id"].map(payment.groupby("line_id")["paid_on"].max())
    day = last + pd.to_timedelta(rng.integers(40, 120, len(lines)), unit="D")
    asked = lines["use_form"].isin(list(FOLLOWED)) & day.le(pd.Timestamp(_END))
    yields = lines["use_form"].eq("shares") & (last <= pd.Timestamp("2025-06-30"))
    back = (lines["fen"] * rng.uniform(0.04, 0.08, len(lines))).round().astype(np.int64)
    return lines.assign(
        last_paid=last, follow_up_on=day.where(asked), returned=back.where(yields, 0)
    )


def _as_expected(books: Funds) -> Funds:
    """What follows from the amounts themselves: money that has lain too long."""
    lines = books.allotment
    paid = lines["line_id"].map(books.payment.groupby("line_id")["fen"].sum()).fillna(0)
    idle = (lines["fen"] - paid) > lines["fen"] * (1 - RETAINED)
    day = pd.to_datetime(lines["allotted_on"])
    two = idle & day.le("2023-12-31")
    one = idle & day.le("2024-12-31") & ~two
    books.expected["allotment_idle_two_years"] = lines.loc[two, "line_id"].to_list()
    books.expected["allotment_idle_one_year"] = lines.loc[one, "line_id"].to_list()
    return books


def until(books: Funds, day: np.datetime64) -> Funds:
    """The books as they stood on a day."""

    def kept(frame: pd.DataFrame, dated: str) -> pd.DataFrame:
        return frame[frame[dated].to_numpy().astype("datetime64[D]") <= day].reset_index(drop=True)

    def known(frame: pd.DataFrame, *dated: str) -> pd.DataFrame:
        for name in dated:
            frame = frame.assign(**{name: frame[name].mask(pd.to_datetime(frame[name]) > day)})
        return frame

    lines = known(kept(books.allotment, "allotted_on"), "follow_up_on")
    ids = set(lines["line_id"])
    open_yet = pd.to_datetime(books.complaint["answered_on"]) > day
    told = books.complaint.assign(answer=books.complaint["answer"].mask(open_yet, None))
    payment = kept(books.payment, "paid_on")
    spent = books.fund_book["line_id"].map(payment.groupby("line_id")["fen"].sum()).fillna(0)
    book = books.fund_book.assign(spent=spent.astype(np.int64))
    return replace(
        books,
        allotment=lines,
        payment=payment,
        fund_receipt=kept(books.fund_receipt, "received_on"),
        fund_book=book[book["line_id"].isin(ids)].reset_index(drop=True),
        publication=known(kept(books.publication, "published_on"), "withdrawn_on"),
        complaint=known(kept(told, "received_on"), "answered_on"),
        inquiry=known(kept(books.inquiry, "received_on"), "answered_on"),
    )
