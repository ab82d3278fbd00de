"""A sample is kept whole, by who may draw there, and seen by who sees all of its places."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from access.viewer import Viewer
from findings.writing import NotTaken
from sampling import keeping, seeds
from state import audit
from state.database import State, opened
from store.snapshots import MANIFEST
from tests import viewers
from tests.findings.conftest import inspector, leader, township
from tests.sampling.conftest import RULE, drawn, kept, whole
from tests.small_county import COUNTY, EAST, HILL, WEST


def test_what_was_drawn_is_read_back_whole(state: State) -> None:
    number = kept(state)
    found = whole(state, number)
    assert found.same(drawn("H01", "H04", "H05")) and not found.same(drawn("H01", "H04", "H06"))
    assert [one.household_id for one in found.households] == ["H01", "H04", "H05"]
    assert (found.sample.seed, found.sample.seed_entry, found.asks) == (123456, 7, (RULE,))
    asked = {one.household_id: [i.question for i in found.items[one.household_id]]
             for one in found.households}  # fmt: skip
    assert asked["H01"] == ["visit", "wrongly_exited", "satisfied", f"rule.{RULE}"]
    assert asked["H04"] == ["visit", "missed", "satisfied", f"rule.{RULE}"]
    assert found.strata["all"].represents == 60
    with state.reading() as session:
        (entry,) = [e for e in audit.entries(session, state.home) if e.kind == "sample"]
        assert entry.number == number and entry.about["households"] == 3
        assert audit.check(session, state.home)[0] is None


@pytest.mark.parametrize("who", [township(), leader(), viewers.role("data_clerk"),
                                 inspector(EAST)])  # fmt: skip
def test_nobody_else_draws_there(state: State, who: Viewer) -> None:
    region = COUNTY if who.where("draw_samples").codes else who.root()
    if who.where("draw_samples").codes:  # an inspector of one township draws there, not beyond
        assert kept(state, who, "H01", region=EAST)
        who, region = (
            viewers.viewer(
                viewers.grant("inspector", EAST), viewers.grant("township_leader", WEST)
            ),
            COUNTY,
        )
    with pytest.raises(NotTaken) as raised:
        kept(state, who, region=region)
    assert raised.value.why == "right"


def test_it_is_seen_by_who_sees_all_of_its_places(state: State) -> None:
    county = kept(state)
    east = kept(state, inspector(EAST), "H01", region=EAST)
    west = kept(state, inspector(WEST), "H05", region=WEST)
    two = viewers.viewer(viewers.grant("inspector", EAST), viewers.grant("inspector", WEST))
    both = kept(state, two, "H01", "H05")
    village = viewers.role("township_leader", HILL)
    for who, expected in (
        (inspector(), {county, east, west, both}),
        (leader(), {county, east, west, both}),
        (two, {east, west, both}),
        (township(WEST), {west}),
        (township(EAST), {east}),
        (village, set()),
        (viewers.role("data_clerk"), set()),
        (viewers.viewer(), set()),
    ):
        with state.reading() as session:
            listed = {sample.number for sample, _, _ in keeping.listed(session, who, COUNTY)}
            one = {n for n in (county, east, west, both) if keeping.one(session, who, n)}
        assert listed == one == expected, who
    with state.reading() as session:
        assert keeping.one(session, inspector(), 999_999) is None
        (first, *_) = keeping.listed(session, inspector(), WEST)
        assert first[0].number == west and first[1:] == (1, 0)


def test_a_seed_follows_from_the_data_and_the_last_entry_of_the_audit(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text('{"number": 1}', "utf-8")
    manifest = hashlib.sha256(b'{"number": 1}').hexdigest()
    with opened(tmp_path / "home") as state:
        first = seeds.fresh(state, tmp_path)
        assert first == seeds.fresh(state, tmp_path), "nothing was done meanwhile"
        mixed = hashlib.sha256(f"{manifest}|{first.entry_hash}".encode()).hexdigest()
        assert first.number == int(mixed[:15], 16) % 10**12
        audit.record(state.home, "list", "li.si", {})
        second = seeds.fresh(state, tmp_path)
        assert second.entry == first.entry + 1 and second.number != first.number
