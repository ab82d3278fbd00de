"""What goes wrong in real exports, planned beforehand so that a test knows what to expect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loaders.demo.model.member_details import with_check_digit
from loaders.demo.model.sampling import Rng, take

if TYPE_CHECKING:
    from loaders.demo.model.simulate import Simulation

OLD_NAME_SHARE = 0.03
DUPLICATE_SHARE = 0.002
EMPTY_SHARE = 0.015
UNKNOWN_VILLAGE = "龙王庙新村"
_FULL_WIDTH = {ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"}


def plan(rng: Rng, done: Simulation) -> dict[str, list[str]]:
    """Which rows are broken and how: lists of household or member ids by kind of mess.

    unknown_village, duplicate_household: households of 户信息. duplicate_member, orphan_member,
    cut_identity (a float with lost digits), wrong_check_digit, lowercase_x: members of the lists.
    headless, two_heads: households whose members say so. full_width, stray_space: households
    whose own row has such cells. wrong_head_name: households named otherwise in a ledger.
    float_phone: members whose phone a spreadsheet made a float, without losing a digit.
    two_households: members who are listed again, each in the household of the next.
    unmet_exit: households that left poverty though a standard was missed.
    """
    home = done.household
    # Households that no exact figure hangs on: what is lost with them changes no rate.
    quiet = home["exit_year"].le(2018) & ~home["relocated"] & home["monitor_kind"].isna()
    ids = home["household_id"].to_numpy()
    member = done.member[done.member["household_id"].isin(ids[quiet])]
    certificate = member["identity_number"].str.len().gt(18).to_numpy()
    ends_in_x = member["identity_number"].str.endswith("X").to_numpy()
    number = take(rng, (~certificate & ~ends_in_x) * 1.0, 20)
    lower = take(rng, (ends_in_x & ~certificate) * 1.0, 30)
    # Nor a post, of which as many are published as there are.
    of_posts = done.measure.loc[done.measure["kind"].eq("public_post"), "household_id"]
    some = rng.permutation(np.flatnonzero(quiet & ~home["household_id"].isin(of_posts)))
    large = np.flatnonzero(quiet & home["member_count"].ge(3))
    odd = rng.choice(large, 60, replace=False)
    member_id = member["member_id"].to_numpy()
    all_members = done.member["member_id"].to_numpy()
    calls = member["phone"].notna().to_numpy()
    in_register = member["household_id"].isin(ids[quiet & home["registered"].to_numpy()])
    grown_up = in_register.to_numpy() & member["relation"].isin(["daughter", "spouse"]).to_numpy()
    found = {
        "unknown_village": sorted(ids[some[:5]]),
        "full_width": sorted(ids[some[5:45]]),
        "stray_space": sorted(ids[some[45:85]]),
        "duplicate_household": _share(rng, ids[quiet]),
        "duplicate_member": _share(rng, all_members),
        "orphan_member": [f"{done.county.code}99{i:06d}01" for i in range(1, 7)],
        "cut_identity": sorted(member_id[number[:10]]),
        "wrong_check_digit": sorted(member_id[number[10:]]),
        "lowercase_x": sorted(member_id[lower]),
        "headless": sorted(ids[odd[:40]]),
        "two_heads": sorted(ids[odd[40:]]),
        "wrong_head_name": _ledger_households(rng, done),
    }
    found["float_phone"] = sorted(member_id[take(rng, calls * 1.0, 25)])
    found["two_households"] = sorted(member_id[take(rng, (grown_up & ~certificate) * 1.0, 6)])
    left = quiet & home["registered"] & home["exit_year"].between(2015, 2018)
    found["unmet_exit"] = sorted(rng.choice(ids[left], 14, replace=False))
    return found


def confuse_heads(member: pd.DataFrame, expected: dict[str, list[str]]) -> pd.DataFrame:
    """The members where a household's head died and none was named, or another calls itself so."""
    relation = member["relation"].to_numpy(copy=True)
    order = member.groupby("household_id").cumcount()
    headless = member["household_id"].isin(expected["headless"]) & order.eq(0)
    second = member["household_id"].isin(expected["two_heads"]) & order.eq(1)
    relation[headless], relation[second] = "other", "head"
    return member.assign(relation=relation)


def orphans(rows: pd.DataFrame, ids: list[str]) -> pd.DataFrame:
    """Rows of a person list made into those of people whose household is not in the register."""
    # The same birth dates and sexes with other serial numbers.
    bodies = [
        f"{number[:14]}{(int(number[14:17]) + 498) % 998 + 2:03d}"
        for number in rows["identity_number"]
    ]
    return rows.assign(
        member_id=ids,
        household_id=[each[:-2] for each in ids],
        identity_number=with_check_digit(bodies),
    )


def listed_again(member: pd.DataFrame, ids: list[str]) -> pd.DataFrame:
    """Further rows for these people, each as a member of the next one's household."""
    rows = member[member["member_id"].isin(ids)]
    homes = np.roll(rows["household_id"].to_numpy(), -1)
    rows = rows.assign(household_id=homes, member_id=[f"{home}99" for home in homes])
    return rows if len(rows) > 1 else rows.head(0)


def float_phones(phones: np.ndarray, ids: np.ndarray, expected: list[str]) -> None:
    """Phones as a spreadsheet shows a long number, in place, by member id."""
    where = np.isin(ids, expected) & (phones != "")
    phones[where] = [f"{int(phone):.10E}" for phone in phones[where]]


def _share(rng: Rng, ids: np.ndarray) -> list[str]:
    return sorted(rng.choice(ids, round(DUPLICATE_SHARE * len(ids)), replace=False))


def _ledger_households(rng: Rng, done: Simulation) -> list[str]:
    open_ones = done.ledger_entry[done.ledger_entry["group_key"].eq("exited_2014_2015")]
    return sorted(rng.choice(open_ones["household_id"].to_numpy(), 6, replace=False))


def village_texts(rng: Rng, village: pd.DataFrame, codes: np.ndarray) -> np.ndarray:
    """How rows write a village: mostly short, some with its committee, some by an old name."""
    at = pd.Index(village["village_code"]).get_indexer(codes)
    short, full, older = (village[c].to_numpy()[at] for c in ("short", "name", "old_names"))
    texts = np.where(rng.random(len(codes)) < 0.25, full, short)
    renamed = village["old_names"].map(len).gt(0).to_numpy()[at]
    if renamed.any():
        share = min(0.6, OLD_NAME_SHARE / renamed.mean())
        where = np.flatnonzero(renamed & (rng.random(len(codes)) < share))
        which = rng.integers(0, 4, len(where))
        texts[where] = [older[i][k % len(older[i])] for i, k in zip(where, which, strict=True)]
    return texts


def break_identities(numbers: np.ndarray, ids: np.ndarray, expected: dict[str, list[str]]):
    """The identity numbers as the list has them, in place, by member id."""
    for kind, change in _IDENTITY_CHANGES.items():
        where = np.isin(ids, expected[kind])
        numbers[where] = [change(number) for number in numbers[where]]


_IDENTITY_CHANGES = {
    "cut_identity": lambda number: f"{float(number):.5E}",
    "wrong_check_digit": lambda number: number[:-1] + str((int(number[-1]) + 1) % 10),
    "lowercase_x": lambda number: number.lower(),
}


def full_width(texts: np.ndarray) -> list[str]:
    """Digits as the other input method types them."""
    return [text.translate(_FULL_WIDTH) for text in texts]


def empty_some(rng: Rng, columns: dict[str, np.ndarray], names: list[str]) -> None:
    """Blank a small share of the cells of these columns, in place."""
    for name in names:
        cells = columns[name]
        cells[rng.random(len(cells)) < EMPTY_SHARE] = ""


def repeat_rows(
    columns: dict[str, np.ndarray], ids: np.ndarray, repeated: list[str]
) -> dict[str, np.ndarray]:
    """The columns with the rows of these ids standing twice, one below the other."""
    times = 1 + np.isin(ids, repeated)
    return {name: np.repeat(cells, times) for name, cells in columns.items()}
