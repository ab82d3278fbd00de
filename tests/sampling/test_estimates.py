"""Shares with their intervals: those of svy, and of the definition where it has none."""

from __future__ import annotations

import random
from importlib.util import find_spec

import pytest

from sampling import chances, drawing, estimates
from sampling.designs import Design
from sampling.drawing import Stratum
from sampling.estimates import Answer, estimate
from tests.sampling.households import All, Rows, rows


def some(seed: int, staged: bool) -> tuple[dict[str, Stratum], list[Answer]]:
    """Strata of unlike weight, some asked of whom a third are so, some without an answer."""
    chance = random.Random(seed)
    strata, answers = {}, []
    for number in range(7):
        key, all_, count = f"s{number}", chance.randint(40, 400), chance.randint(2, 14)
        village = key if staged else ""
        strata[key] = Stratum(key, all_, count, float(all_), village, int(staged))
        for _ in range(count):
            asked = chance.random() < 0.8
            told = asked and chance.random() < 0.9
            answers.append(Answer(key, asked, chance.random() < 0.3 if told else None))
    return strata, answers


@pytest.mark.skipif(find_spec("svy") is None, reason="svy is not installed")
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("staged", [False, True])
def test_shares_intervals_and_bounds_are_those_of_svy(staged: bool, seed: int) -> None:
    import polars as pl
    import svy

    strata, answers = some(seed, staged)
    kept = [one for one in answers if not one.asked or one.found is not None]
    counts = {key: sum(one.stratum == key for one in kept) for key in strata}
    table = pl.DataFrame(
        {
            "part": [one.stratum for one in kept],
            "weight": [strata[one.stratum].represents / counts[one.stratum] for one in kept],
            "all": [strata[one.stratum].population for one in kept],
            "asked": [one.asked for one in kept],
            "so": [int(bool(one.found)) for one in kept],
        }
    )
    design = (
        svy.Design(psu="part", wgt="weight")
        if staged
        else svy.Design(stratum="part", wgt="weight", pop_size="all")
    )
    asked = svy.Sample(table, design).estimation
    ours = estimate(strata, answers)
    for method in ("wilson", "korn-graubard"):
        result = asked.prop("so", where=svy.col("asked") == True, ci_method=method)  # noqa: E712
        (theirs,) = [one for one in result.estimates if one.y_level == 1]
        assert ours.share == pytest.approx(theirs.est)
        if method == "wilson":
            assert (ours.low, ours.high) == pytest.approx((theirs.lci, theirs.uci))
        spread = ours.share * (1 - ours.share) / ours.effective
        assert spread**0.5 == pytest.approx(theirs.se)
        if method == "korn-graubard":
            told = [one for one in kept if one.asked]
            free = estimates._free(strata, told, staged)
            plain = min(estimates._plain(ours.effective, ours.answered, free), ours.answered)
            so = ours.share * plain
            assert chances.at_least(so, plain, 0.975) == pytest.approx(theirs.lci)
            assert chances.at_most(so, plain, 0.975) == pytest.approx(theirs.uci)
            assert chances.at_most(so, plain) == ours.at_most


def test_a_simple_sample_has_the_exact_bound_of_its_population() -> None:
    strata = {"all": Stratum("all", 400, 50, 400.0)}
    none = estimate(strata, [Answer("all", True, False)] * 50)
    assert (none.share, none.low) == (0, 0)
    assert none.at_most == chances.at_most_of(0, 50, 400) == 0.0525
    some_ = estimate(strata, [Answer("all", True, n < 2) for n in range(50)])
    assert some_.share == 0.04 and some_.at_most == chances.at_most_of(2, 50, 400)
    # The finite population narrows the interval: as 50 * 399 / 350 would from an endless one.
    assert (some_.low, some_.high) == chances.wilson(0.04, 57)


def test_a_census_leaves_nothing_open() -> None:
    strata = {"all": Stratum("all", 20, 20, 20.0)}
    found = estimate(strata, [Answer("all", True, n < 3) for n in range(20)])
    assert (found.share, found.low, found.high) == (0.15, 0.15, 0.15)
    assert found.at_most == pytest.approx(0.15) and found.at_least == pytest.approx(0.15)


def test_who_has_not_answered_counts_as_the_others_of_the_stratum() -> None:
    strata = {key: Stratum(key, 100, 10, 100.0) for key in "ab"}
    answers = [Answer("a", True, n < 5) for n in range(10)]
    answers += [Answer("b", True, False)] * 2 + [Answer("b", True)] * 8
    found = estimate(strata, answers)
    assert (found.asked, found.answered, found.found) == (20, 12, 5)
    assert found.share == pytest.approx(0.25), "half of a, none of b, each half of all"


def test_without_an_answer_nothing_is_said() -> None:
    found = estimate({"a": Stratum("a", 9, 2, 9.0)}, [Answer("a", True), Answer("a", False)])
    assert (found.asked, found.answered, found.share, found.at_most) == (1, 0, None, None)


def test_of_one_village_alone_no_spread_is_known_and_none_is_said() -> None:
    strata = {"v": Stratum("v", 90, 4, 900.0, "v", 1)}
    found = estimate(strata, [Answer("v", True, n < 1) for n in range(4)])
    assert found.share == 0.25 and found.low is None and found.at_most is None


def test_none_found_in_strata_of_unlike_weight_bounds_less_than_plain_ones() -> None:
    strata = {"a": Stratum("a", 1000, 20, 1000.0), "b": Stratum("b", 40, 20, 40.0)}
    found = estimate(strata, [Answer(key, True, False) for key in "ab" for _ in range(20)])
    assert found.share == 0
    assert chances.at_most(0, 40) < found.at_most < chances.at_most(0, 15)


def test_what_none_found_would_show_is_what_it_shows() -> None:
    parts = [Stratum("a", 1000, 20, 1000.0), Stratum("b", 40, 20, 40.0), Stratum("c", 9, 0, 9.0)]
    answers = [Answer(key, True, False) for key in "ab" for _ in range(20)]
    shown = estimate({part.key: part for part in parts[:2]}, answers)
    assert estimates.none_found(parts) == shown.at_most
    assert estimates.none_found([Stratum("all", 400, 50, 400.0)]) == 0.0525
    assert estimates.none_found([]) == 1.0


@pytest.mark.parametrize("kind", ["simple", "township", "villages"])
def test_over_many_seeds_the_share_is_the_one_of_all(kind: str) -> None:
    """Wrong weights would put it off: villages and strata differ by much in what is so."""
    sizes = {"611025001001": (90, 10), "611025001002": (20, 20), "611025002001": (150, 40),
             "611025002002": (12, 60), "611025003001": (40, 30)}  # fmt: skip
    households = rows(sizes)
    so = {one["household_id"] for one in households if not one["registered"]}
    so |= {one["household_id"] for one in households if one["village_code"].endswith("1002")}
    truth, reader, found = len(so) / len(households), Rows(households), []
    for seed in range(150):
        drawn = drawing.draw(reader, All(), Design(kind, 40, "even", 3), seed)
        answers = [Answer(o.stratum, True, o.household_id in so) for o in drawn.households]
        strata = {part.key: part for part in drawn.strata if part.drawn}
        found.append(estimate(strata, answers))
    mean = sum(one.share for one in found) / len(found)
    assert mean == pytest.approx(truth, abs=0.03)
    over = sum(one.at_most is not None and one.at_most < truth for one in found)
    assert over / len(found) < 0.12, "a bound of 95 % is missed about one time in twenty"
