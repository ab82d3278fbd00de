"""补漏洞: which gap a finding and a followed problem is of, and that all are counted once."""

from __future__ import annotations

from collections import Counter

import pytest

from glossary import codes
from metrics import gaps, sieves
from metrics.county import County
from metrics.sieves import SIEVES, STATES, Clock, FindingFilter
from store.reader import Reader
from store.scope import Scope
from tests.small_county import COUNTY, DATA_DATE, WEST


def _reader(county: County, *places: str) -> Reader:
    return county.reader(Scope.of(places or [COUNTY]))


def _clock() -> Clock:
    return Clock(DATA_DATE, DATA_DATE)


def test_there_are_fourteen_as_the_codes_have_them() -> None:
    assert tuple(gaps.gaps()) == tuple(codes()["gap"]) and len(gaps.gaps()) == 14
    assert all(gap.zh and gap.en for gap in gaps.gaps().values())


def test_every_screening_is_of_one_gap_but_income() -> None:
    of = Counter(sieve for gap in gaps.gaps().values() for sieve in gap.sieves)
    assert set(SIEVES) - set(of) == {"income"} and set(of.values()) == {1}


@pytest.mark.parametrize(
    ("sieve", "finding", "gap"),
    [
        ("housing", "屋面漏雨", "housing"),
        ("minimum_allowance", "低保档次偏低", "safety_net"),
        ("policy_knowledge", "村干部户情不熟", "helpers"),
        ("responsibility", "一户一策未调整", "helpers"),
        ("income", "务工收入中断", "employment"),
        ("income", "产业收入减少", "industry"),
        ("income", "收入账与实际不符", None),
        ("relocation", "后续产业未覆盖", "relocation"),
        ("fund_use", "产业资金一发了之", "fund_use"),
    ],
)
def test_a_finding_is_of_the_gap_of_its_matter(
    small: County, sieve: str, finding: str, gap: str | None
) -> None:
    row = _reader(small).one(
        f"SELECT {gaps.gap_sql()} AS gap FROM (SELECT $sieve AS sieve, $finding AS finding) AS s",
        sieve=sieve,
        finding=finding,
    )
    assert row is not None and row["gap"] == gap


@pytest.mark.parametrize(
    ("kind", "gap"),
    [
        ("gap.paired_aid", "paired_aid"),
        ("sieve.housing", "housing"),
        ("sieve.responsibility", "helpers"),
        ("sieve.income", None),
        ("check.notice_never", None),
        ("other", None),
    ],
)
def test_a_problem_is_of_the_gap_of_its_kind(kind: str, gap: str | None) -> None:
    assert gaps.gap_of(kind) == gap


def test_every_cell_is_counted_as_its_list_is(small: County) -> None:
    reader = _reader(small)
    found = gaps.matrix(reader, COUNTY)
    every = sieves.count_findings(reader, _clock(), FindingFilter(COUNTY))
    assert sum(found.values()) == every > 0
    for (sieve, gap), count in found.items():
        wanted = FindingFilter(COUNTY, sieve, None, gap or gaps.NONE)
        assert sieves.count_findings(reader, _clock(), wanted) == count
        assert sieves.findings(reader, _clock(), wanted).num_rows == count
    by_gap = [
        sieves.count_findings(reader, _clock(), FindingFilter(COUNTY, gap=key))
        for key in gaps.every()
    ]
    assert sum(by_gap) == every
    for key in gaps.every():
        states = [
            sieves.count_findings(reader, _clock(), FindingFilter(COUNTY, None, state, key))
            for state in STATES
        ]
        assert sum(states) == by_gap[gaps.every().index(key)]


def test_a_scope_is_kept(small: County) -> None:
    west, every = gaps.matrix(_reader(small, WEST), COUNTY), gaps.matrix(_reader(small), COUNTY)
    assert sum(west.values()) < sum(every.values())
    assert west == gaps.matrix(_reader(small), WEST)
