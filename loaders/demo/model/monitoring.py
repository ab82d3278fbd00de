"""Households watched after 2020 so that nobody falls back: kinds, risks, clearing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loaders.demo.model import characters
from loaders.demo.model.config import LAST_YEAR, County
from loaders.demo.model.sampling import Rng, as_days, only, pick
from loaders.demo.model.shocks import FIRST_YEAR, sudden

# Identified in December 2025: the later of the two data dates has them, the earlier one not.
LATE = {"unstable": 10, "borderline": 1, "stricken": 1}
_STAY = (7, 25)  # months until a household is cleared


def monitor_register(
    rngs: tuple[Rng, Rng],
    homes: pd.DataFrame,
    facts: pd.DataFrame,
    wet: np.ndarray,
    county: County,
):
    """The monitored_household table and who of the households is in it.

    Unstable ones are registered households, likelier frail ones; borderline and stricken ones are
    the never registered. One in three of those identified lately is still watched. ``wet`` are the
    households of the flooded villages; the second of ``rngs`` draws seasons and the flood alone.
    """
    rng, uneven = rngs
    registered = homes["registered"].to_numpy()
    weight = registered * (homes["vulnerable"].to_numpy() ** 2 + 0.02)
    weight = weight * (homes["exit_year"].fillna(0) > 0)
    weight = weight * np.where(wet, characters.declared()["flood"]["watched"], 1.0)
    unstable = np.argsort(-(np.log(weight + 1e-9) + rng.gumbel(size=len(homes))), kind="stable")
    unstable = np.sort(unstable[: county.monitored["unstable"]])
    general = rng.permutation(np.flatnonzero(~registered))
    borderline = np.sort(general[: county.monitored["borderline"]])
    stricken = np.sort(general[county.monitored["borderline"] :])
    where = np.concatenate([unstable, borderline, stricken])
    kinds = np.repeat(["unstable", "borderline", "stricken"], list(county.monitored.values()))
    frame = homes.iloc[where][["household_id", "village_code"]].reset_index(drop=True)
    frame["monitor_kind"] = kinds.astype(object)
    frame["identified_on"] = _watched_since(rng, uneven, kinds)
    found = risks(rng, facts.iloc[where].reset_index(drop=True))
    frame, found = _flooded(uneven, frame, found, wet[where], county)
    found["risk_1"] = sudden(found["risk_1"], kinds)
    found["risk_2"] = found["risk_2"].mask(found["risk_2"].eq(found["risk_1"]), None)
    frame = pd.concat([frame, found], axis=1)
    no_labour = (facts["able"] + facts["weak"] == 0).to_numpy()[where]
    frame["no_labour_safety_net"] = no_labour & (kinds != "stricken")
    return _lately_stricken(_clear(rng, frame, no_labour, county)), where


def _lately_stricken(frame: pd.DataFrame) -> pd.DataFrame:
    """Stricken households still watched were struck this year: such cases last about a year."""
    stricken = frame["monitor_kind"].eq("stricken").to_numpy()
    cleared = frame["cleared"].to_numpy(bool)
    since = frame["identified_on"].to_numpy().astype("datetime64[M]")
    old = stricken & ~cleared & (since < np.datetime64(f"{LAST_YEAR}-04"))
    before = since[old].astype("datetime64[Y]")
    since[old] = np.datetime64(f"{LAST_YEAR}-04") + np.arange(old.sum()) % 8
    until = _stay_longer(frame["cleared_on"], since, stricken & cleared, before)
    return frame.assign(identified_on=as_days(since), cleared_on=until)


def _stay_longer(
    cleared_on: pd.Series, since: np.ndarray, cases: np.ndarray, gone: np.ndarray
) -> pd.Series:
    """Some of the cleared ``cases`` stay into the next year, within two years in all.

    ``gone`` are the years since which others would have been watched until the last one. At each
    year's end one stays for each of these, as far as there are any: the county's number of watched
    households must not grow in the last year for the sake of when its stricken were struck.
    """
    until = cleared_on.to_numpy().astype("datetime64[M]")
    usual = cases & (until - since >= np.timedelta64(_STAY[0], "M"))
    for year in np.arange(np.datetime64(str(FIRST_YEAR)), np.datetime64(str(LAST_YEAR))):
        month = (until - until.astype("datetime64[Y]")).astype(int)
        later = (year + 1).astype("datetime64[M]") + month % 6
        fits = usual & (until.astype("datetime64[Y]") == year)
        fits &= later - since < np.timedelta64(_STAY[1], "M")
        stay = np.flatnonzero(fits)[: (gone <= year).sum()]
        until[stay] = later[stay]
    return cleared_on.mask(cases, pd.Series(as_days(until), cleared_on.index))


def _flooded(
    rng: Rng, frame: pd.DataFrame, found: pd.DataFrame, wet: np.ndarray, county: County
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Those of the flood's villages watched since its year were found after it, for it."""
    said, month = characters.declared()["flood"], characters.flood_month(county)
    since = frame["identified_on"].to_numpy().astype("datetime64[M]")
    mine = wet & (since.astype("datetime64[Y]") == month.astype("datetime64[Y]"))
    since[mine] = month + rng.integers(0, said["months"], mine.sum())
    unsafe = mine & (rng.random(len(frame)) < said["unsafe"])
    found = found.assign(
        risk_1=found["risk_1"].mask(mine, "disaster"),
        risk_2=found["risk_2"].mask(mine, None).mask(unsafe, "unsafe_housing"),
    )
    return frame.assign(identified_on=as_days(since)), found


def _watched_since(rng: Rng, uneven: Rng, kinds: np.ndarray) -> np.ndarray:
    """Months from 2019 to 2025; the stricken kind exists since 2021, twelve came in December."""
    n = len(kinds)
    year = rng.choice(range(2019, 2026), n, p=[0.1, 0.17, 0.2, 0.19, 0.13, 0.12, 0.09])
    year = np.where((kinds == "stricken") & (year < 2021), 2021 + year % 3, year)
    month = np.array(year - 1970).astype("datetime64[Y]").astype("datetime64[M]")
    month = characters.in_season(uneven, month, "watched")
    # The first of the stricken were decided upon in May 2021.
    early = (kinds == "stricken") & (month < np.datetime64("2021-05"))
    month[early] += 4
    for kind, count in LATE.items():
        month[rng.permutation(np.flatnonzero(kinds == kind))[:count]] = np.datetime64("2025-12")
    return as_days(month)


def risks(rng: Rng, facts: pd.DataFrame) -> pd.DataFrame:
    """One risk or two a household, risk_1 to risk_5, that fit who lives in it."""
    n = len(facts)
    luck = rng.random(n)
    ill = ((facts["major"] + facts["chronic"]) > 0).to_numpy()
    first = pick(rng, {"unstable_work": 4, "industry_failed": 2, "accident": 1.5, "disaster": 1}, n)
    first = np.where((facts["able"] == 0) & (luck < 0.7), "labour_shortage", first)
    first = np.where(facts["students"].gt(0) & (luck > 0.5), "schooling", first)
    first = np.where(ill & (luck > 0.15), "illness", first)
    first = np.where(facts["disabled"].gt(0) & (luck < 0.85), "disability", first).astype(object)
    hands = (facts["able"] + facts["weak"]).to_numpy()
    short = hands <= facts["size"].to_numpy() / 4
    works = (hands > 0) & facts["workers"].gt(0).to_numpy()
    # Too little labour is at most a quarter of the members; unstable work is somebody's.
    first = np.where((first == "labour_shortage") & ~short, "accident", first)
    first = np.where((first == "unstable_work") & ~works, "industry_failed", first)
    more = {"unstable_work": 3, "illness": 2, "labour_shortage": 2, "industry_failed": 1}
    second = pick(rng, more | {"unsafe_housing": 0.3, "unsafe_water": 0.2, "other": 0.2}, n)
    # An illness needs somebody ill.
    fits = np.where(second == "illness", ill, True) & (second != first)
    fits &= np.where(second == "labour_shortage", short, True)
    fits &= np.where(second == "unstable_work", works, True)
    found = pd.DataFrame({"risk_1": first})
    found["risk_2"] = only(fits & (rng.random(n) < 0.45), second)
    return found.assign(risk_3=None, risk_4=None, risk_5=None)


def _clear(rng: Rng, frame: pd.DataFrame, no_labour: np.ndarray, county: County) -> pd.DataFrame:
    """Cleared after seven months to two years, a few against the rule within three months."""
    n = len(frame)
    since = frame["identified_on"].to_numpy().astype("datetime64[M]")
    after = since + rng.integers(*_STAY, n)
    possible = (after <= np.datetime64("2025-12")) & ~(no_labour & (rng.random(n) < 0.97))
    released = characters.each(frame["village_code"], county, "released")
    chance = characters.chances(possible * released, county.cleared_share * n)
    cleared = possible & (rng.random(n) < chance)
    hasty = np.flatnonzero(cleared)[:: max(1, int(cleared.sum() // 12))][:12]
    after[hasty] = since[hasty] + rng.integers(1, 4, len(hasty))
    methods = pick(rng, {"development": 0.93, "natural": 0.07}, n)
    return frame.assign(
        cleared=cleared,
        cleared_on=np.where(cleared, as_days(after), np.datetime64("NaT")),
        clear_method=only(cleared, methods),
    )
