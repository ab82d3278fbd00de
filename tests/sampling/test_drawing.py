"""Who is drawn: the first by SHA-256 in each stratum, whoever else comes, on either engine."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sampling import drawing
from sampling.designs import KINDS, SHARES, Design
from tests.rules import spark
from tests.sampling.households import All, Rows, rows

SIZES = {
    "611025001001": (60, 9), "611025001002": (35, 1), "611025001003": (5, 0),
    "611025002001": (120, 30), "611025002002": (80, 4), "611025003001": (44, 12),
}  # fmt: skip
GROUPS = ("old", "ill")
SEED = 304958671234


@pytest.fixture(scope="module")
def reader() -> Rows:
    return Rows(rows(SIZES))


def stratum(kind: str, row: dict) -> str:
    """A household's stratum, said anew."""
    if kind == "township":
        return row["village_code"][:9]
    if kind == "labour_class":
        return row["labour_class"] or "none"
    if kind == "group":
        return "old" if row["in_old"] else "ill" if row["in_ill"] else "none"
    if kind == "villages":
        return f"{row['village_code']}.{'registered' if row['registered'] else 'unregistered'}"
    return "all"


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_clerk_with_a_hash_tool_draws_the_same(reader: Rows, kind: str, share: str) -> None:
    drawn = drawing.draw(reader, All(), Design(kind, 40, share, 4), SEED, GROUPS)
    by: dict[str, list[str]] = {}
    for row in rows(SIZES):
        by.setdefault(stratum(kind, row), []).append(row["household_id"])
    expected = set()
    for part in drawn.strata:
        assert part.population == len(by[part.key])
        by[part.key].sort(key=lambda one: hashlib.sha256(f"{SEED}|{one}".encode()).hexdigest())
        expected |= {(one, part.key, n) for n, one in enumerate(by[part.key][: part.drawn], 1)}
    assert {(one.household_id, one.stratum, one.place) for one in drawn.households} == expected
    assert len(drawn.households) == 40


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_strata_stand_for_is_everybody(reader: Rows, kind: str) -> None:
    drawn = drawing.draw(reader, All(), Design(kind, 50, villages=5), SEED, GROUPS)
    assert sum(part.represents for part in drawn.strata) == pytest.approx(drawn.population)
    assert drawn.population == sum(map(sum, SIZES.values()))


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(["simple", "township", "labour_class", "group"]), st.integers(1, 60),
       st.integers(1, 40), st.integers(0, 10**12 - 1))  # fmt: skip
def test_late_households_change_nobody_elses_place(kind, size, late, seed) -> None:
    """Of the same strata the order of all others stays, so that who was first and is not drawn any
    more is pushed out by late ones alone, one by each."""
    first = rows(SIZES)
    more = rows({"611025002001": (late, 0)}, start=900_000)
    design = Design(kind, size, "even")
    before = drawing.draw(Rows(first), All(), design, seed, GROUPS)
    after = drawing.draw(Rows([*first, *more]), All(), design, seed, GROUPS)
    strangers = {row["household_id"] for row in more}
    for part in {one.stratum for one in before.households}:
        old = [one.household_id for one in before.households if one.stratum == part]
        new = [one.household_id for one in after.households if one.stratum == part]
        places = {one.household_id: one.place for one in before.households}
        old.sort(key=places.__getitem__)
        kept = {one.household_id: one.place for one in after.households}
        new.sort(key=kept.__getitem__)
        known = [one for one in new if one not in strangers]
        assert known == old[: len(known)] or old == known[: len(old)]


def test_the_filter_is_asked_with_its_parameters(reader: Rows) -> None:
    wanted = All("f.village_code LIKE $region AND f.registered", region="611025002%")
    drawn = drawing.draw(reader, wanted, Design("simple", 30), SEED)
    assert drawn.population == 200
    assert all(one.village_code.startswith("611025002") for one in drawn.households)
    assert all(one.registered and one.exited for one in drawn.households)


def test_of_fewer_than_asked_for_all_are_drawn_and_of_none_nobody(reader: Rows) -> None:
    few = drawing.draw(reader, All("f.village_code = '611025001003'"), Design("simple", 30), SEED)
    assert len(few.households) == 5
    for kind in KINDS:
        none = drawing.draw(reader, All("FALSE"), Design(kind, 30), SEED, GROUPS)
        assert not none.households and none.population == 0


def test_households_of_drawn_villages_alone_come_in_two_stages(reader: Rows) -> None:
    drawn = drawing.draw(reader, All(), Design("villages", 40, villages=4), SEED)
    villages = {part.village for part in drawn.strata}
    assert {one.village_code for one in drawn.households} == villages
    assert sum({part.village: part.hits for part in drawn.strata}.values()) == 4


@pytest.mark.spark
@pytest.mark.torture
@pytest.mark.skipif(spark.JAVA is None or find_spec("pyspark") is None, reason="needs Java")
def test_spark_draws_the_same(tmp_path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    households = rows(SIZES)
    pq.write_table(pa.Table.from_pylist(households), tmp_path / "household_fact.parquet")
    with spark.session(tmp_path) as session:
        session.read.parquet(str(tmp_path / "household_fact.parquet")).createOrReplaceTempView(
            "household_fact"
        )
        # Spark's own name of it; the query stays as it is.
        session.sql("CREATE TEMPORARY FUNCTION sha256(t STRING) RETURNS STRING RETURN sha2(t, 256)")
        for kind in KINDS:
            sql = drawing.drawn_sql(kind, GROUPS, "f.village_code LIKE '611025%'")
            plain = sql.replace("{household_fact}", "household_fact")
            plain = plain.replace("$seed", f"'{SEED}'").replace("$most", "12")
            theirs = {tuple(row.asDict().values()) for row in session.sql(plain).collect()}
            ours = Rows(households).rows(sql, seed=str(SEED), most=12)
            assert theirs == {tuple(row.values()) for row in ours}, kind
